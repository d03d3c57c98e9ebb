"""`comity mail`: messages to officers of other bureaus, and what they write to you."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from comity.cli.case import Codes, Conditions, Grade, Secrecy, marking_of
from comity.cli.common import AsJson, Profile, bureau, print_json, read, tell
from comity.cli.file_lines import attach_all, bring, file_line, save_all
from comity.cli.mail_lines import clocks, heading, translated, whole
from comity.domain.errors import Invalid
from comity.domain.forms import Form
from comity.domain.mail import Draft, Urgency
from comity.domain.marking import Confidentiality
from comity.domain.region import Region
from comity.formats.catalogue import CatalogueLanguage, message_in_words

app = typer.Typer(help="Write to other bureaus, read what they write, answer in time.", no_args_is_help=True)
MailId = Annotated[str, typer.Argument(help="The message's id, as listed.", metavar="MESSAGE")]
CaseOption = Annotated[str, typer.Option("--case", help="The id of your case.", metavar="CASE")]
To = Annotated[list[str] | None, typer.Option("--to", help="A bureau; may be repeated.", metavar="BUREAU")]
Regions = Annotated[list[Region] | None, typer.Option("--region", help="Every bureau there; may be repeated.")]
ToAll = Annotated[bool, typer.Option("--to-all", help="Every bureau.")]
But = Annotated[list[str] | None, typer.Option("--but", help="Not to that one of them.", metavar="BUREAU")]
Subject = Annotated[str, typer.Option(help="In a line.")]
Text = Annotated[str, typer.Option(help="What you want to say.")]
TextFile = Annotated[Path | None, typer.Option("--text-file", help="The same from a file, UTF-8.", metavar="FILE")]
Language = Annotated[str, typer.Option(help="In which it is written: en, fr, es, ar ...")]
FormFile = Annotated[
    Path | None,
    typer.Option(
        "--form",
        help='A form as JSON: {"form": "trace", "thing": "firearm", "number": "A1", "sought": ["owner"]}.',
        metavar="FILE",
    ),
]
InLanguage = Annotated[
    CatalogueLanguage, typer.Option("--language", help="In which what is in codes is told.", show_choices=True)
]
How = Annotated[Urgency, typer.Option("--urgency", help="emergency 8 h, urgent 3 days, routine 7 days.")]
Asks = Annotated[bool, typer.Option("--asks", help="An answer is wanted: the clock runs.")]
Includes = Annotated[
    list[str] | None, typer.Option("--include", help="What of the case it draws on, by id; may be repeated.")
]
Attach = Annotated[
    list[Path] | None, typer.Option("--attach", help="A file that travels with it; may be repeated.", metavar="FILE")
]
KeepUntil = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="Its recipients keep it no longer.", metavar="YYYY-MM-DD"),
]
Openly = Annotated[bool, typer.Option("--openly", help="Each recipient learns who the others are.")]


@app.command(name="list")
def list_mail(profile: Profile, as_json: AsJson = False) -> None:
    """Running clocks first, then the newest."""
    here = bureau(profile)
    found = here.casework.mail()
    if as_json:
        print_json(found)
        return
    for waiting in here.casework.unproved():
        tell(waiting.says)
    now = datetime.now(UTC)
    for mail in found:
        for line in (heading(mail), *clocks(mail, now)):
            tell(line)
    if not found:
        tell("No messages.")


@app.command()
def follow(
    profile: Profile,
    after: Annotated[int | None, typer.Option(help="The number of the last one that you have.", min=0)] = None,
) -> None:
    """What arrives for you, as it comes: messages, entries of operations, hits. Ctrl-C ends it."""
    for event in bureau(profile).casework.events(after):
        tell(f"{event.number}: {event.at:%d %b %Y %H:%M:%S} UTC, {event.arrival} {event.subject}")


@app.command()
def show(
    message: MailId,
    profile: Profile,
    language: InLanguage = CatalogueLanguage.ENGLISH,
    save: Annotated[
        Path | None, typer.Option("--save", help="Write its files into this folder as well.", metavar="DIR")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Read one with its translations and files; its sender learns that it was opened."""
    asked = bureau(profile)
    casework = asked.casework
    found = casework.message(message)
    if as_json:
        print_json(found)
        return
    for line in whole(found):
        tell(line)
    files = asked.files.of(message)
    for one in files:
        tell(file_line(one))
    if save is not None:
        save_all(asked.files, files, save)
    if found.message is None:
        return
    tell("")
    for line in message_in_words(found.message, language):
        tell(line)
    for translation in casework.translations(message):
        tell("")
        for line in translated(translation):
            tell(line)


@app.command()
def translate(
    message: MailId,
    profile: Profile,
    to: Annotated[str, typer.Option("--to", help="The language: fr, ar ...", metavar="LANGUAGE")],
    text: Text = "",
    text_file: TextFile = None,
    by_machine: Annotated[bool, typer.Option("--by-machine", help="Nobody has read it over.")] = False,
) -> None:
    """Say what a message means in another language, beside the original; whoever has it too gets that."""
    made = bureau(profile).casework.translate(message, to, _said(text, text_file), by_machine=by_machine)
    for line in translated(made):
        tell(line)


@app.command()
def thread(message: MailId, profile: Profile, as_json: AsJson = False) -> None:
    """The exchange that it belongs to, oldest first."""
    found = bureau(profile).casework.thread(message)
    if as_json:
        print_json(found)
        return
    for mail in found:
        for line in (*whole(mail), ""):
            tell(line)


@app.command()
def write(
    profile: Profile,
    case: CaseOption,
    subject: Subject,
    to: To = None,
    region: Regions = None,
    to_all: ToAll = False,
    but: But = None,
    text: Text = "",
    text_file: TextFile = None,
    language: Language = "en",
    form: FormFile = None,
    urgency: How = Urgency.ROUTINE,
    asks: Asks = False,
    include: Includes = None,
    attach: Attach = None,
    openly: Openly = False,
    keep_until: KeepUntil = None,
    confidentiality: Secrecy = Confidentiality.OFFICIAL,
    handling: Codes = None,
    grade: Grade = "X4",
    condition: Conditions = None,
) -> None:
    """Write a draft in a case, with files or without; nothing leaves."""
    draft = Draft(
        to=tuple(to or ()),
        regions=tuple(region or ()),
        to_all=to_all,
        but=tuple(but or ()),
        subject=subject,
        text=_said(text, text_file),
        language=language,
        form=_form(form),
        urgency=urgency,
        asks=asks,
        marking=marking_of(confidentiality, handling, grade, condition),
        includes=tuple(include or ()),
        shows_recipients=openly,
        keep_until=keep_until.date() if keep_until is not None else None,
    )
    asked = bureau(profile)
    written = asked.casework.write(case, draft)
    tell(heading(written))
    attach_all(asked.files, written.id, attach or ())


@app.command()
def reply(
    message: MailId,
    profile: Profile,
    subject: Subject,
    to: To = None,
    text: Text = "",
    text_file: TextFile = None,
    language: Language = "en",
    form: FormFile = None,
    urgency: How = Urgency.ROUTINE,
    asks: Asks = False,
    include: Includes = None,
    attach: Attach = None,
    confidentiality: Secrecy = Confidentiality.OFFICIAL,
    handling: Codes = None,
    grade: Grade = "X4",
    condition: Conditions = None,
) -> None:
    """Write a draft that answers a message; its marking holds for the answer too."""
    draft = Draft(
        to=tuple(to or ()),
        subject=subject,
        text=_said(text, text_file),
        language=language,
        form=_form(form),
        urgency=urgency,
        asks=asks,
        marking=marking_of(confidentiality, handling, grade, condition),
        includes=tuple(include or ()),
    )
    asked = bureau(profile)
    written = asked.casework.reply(message, draft)
    tell(heading(written))
    attach_all(asked.files, written.id, attach or ())


@app.command()
def attach(message: MailId, file: Annotated[Path, typer.Argument(help="The file.")], profile: Profile) -> None:
    """Attach a file to a draft; one that broke off before is gone on with."""
    tell(file_line(bring(bureau(profile).files, message, file)))


@app.command()
def detach(file: Annotated[str, typer.Argument(help="The file's id, as shown.")], profile: Profile) -> None:
    """Take a file from a draft."""
    bureau(profile).files.discard(file)
    tell(f"gone: {file}")


@app.command()
def send(message: MailId, profile: Profile) -> None:
    """Send a draft to all its recipients, or to none; the law decides for each."""
    sent = bureau(profile).casework.send(message)
    for line in (heading(sent), *clocks(sent, datetime.now(UTC))):
        tell(line)


@app.command()
def discard(message: MailId, profile: Profile) -> None:
    """Throw a draft away."""
    tell(f"gone: {heading(bureau(profile).casework.discard(message))}")


@app.command()
def again(
    message: MailId, profile: Profile, to: Annotated[str, typer.Option("--to", help="The bureau that lost it.")]
) -> None:
    """Send a message once more, as it was, to a bureau that lost it; the law decides anew."""
    tell(f"sent again: {heading(bureau(profile).casework.again(message, to))}")


@app.command()
def recall(
    message: MailId,
    profile: Profile,
    reason: Annotated[str, typer.Option(help="Its recipients read it.")],
    bureau_: Annotated[str, typer.Option("--from", help="From this bureau alone.", metavar="BUREAU")] = "",
) -> None:
    """Take a message back: where nobody has opened it it is destroyed, else people there are asked to delete it."""
    mail = bureau(profile).casework.recall(message, reason, bureau_)
    tell(f"taken back: {heading(mail)}")
    for line in clocks(mail, datetime.now(UTC)):
        tell(line)


@app.command()
def file(message: MailId, profile: Profile, case: CaseOption) -> None:
    """File a message that came into a case."""
    tell(heading(bureau(profile).casework.file(message, case)))


def _form(path: Path | None) -> Form | None:
    if path is None:
        return None
    try:
        form: Form = msgspec.json.decode(read(path), type=Form)
    except msgspec.DecodeError as wrong:
        raise Invalid(f"{wrong}.", where="--form", do="See the forms in docs/protocol/cases.md.") from None
    return form


def _said(text: str, text_file: Path | None) -> str:
    if text_file is None:
        return text
    if text:
        raise Invalid("Text is given twice.", where="--text-file", do="Give it once.")
    try:
        return read(text_file).decode("utf-8")
    except UnicodeDecodeError:
        raise Invalid(f"{text_file} is not UTF-8.", where="--text-file", do="Save it as UTF-8.") from None
