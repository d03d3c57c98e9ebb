"""`comity case`: what your bureau holds together on a matter, and who may see it."""

from typing import Annotated

import typer

from comity.cli.common import AsJson, Profile, bureau, print_json, tell
from comity.cli.mail_lines import heading
from comity.domain.case import Case, ItemKind, NewCase
from comity.domain.collection import Category
from comity.domain.marking import Confidentiality, Handling, InformationGrade, Marking, SourceGrade
from comity.domain.purpose import Purpose

app = typer.Typer(help="Cases: open them, let colleagues in, put records and hits into them.", no_args_is_help=True)
CaseId = Annotated[str, typer.Argument(help="The case's id, as listed.", metavar="CASE")]
Login = Annotated[str, typer.Argument(help="Of a colleague.", metavar="LOGIN")]
Secrecy = Annotated[Confidentiality, typer.Option("--confidentiality", help="Who may see it.")]
Codes = Annotated[list[Handling] | None, typer.Option("--handling", help="H0 to H3; may be repeated.")]
Grade = Annotated[
    str, typer.Option("--grade", help="Source and information by the 4x4 system: A1 to X4.", metavar="A1")
]
Conditions = Annotated[list[str] | None, typer.Option("--condition", help="With H3: in words; may be repeated.")]


@app.command(name="open")
def open_(
    number: Annotated[str, typer.Argument(help="Your own case number.", metavar="NUMBER")],
    profile: Profile,
    title: Annotated[str, typer.Option(help="What it is about.")],
    category: Annotated[Category, typer.Option(help="What kind of data: agreements speak of it.")],
    purpose: Annotated[Purpose, typer.Option(help="Why.")],
    basis: Annotated[str, typer.Option(help="The law or order on which it rests.")],
) -> None:
    """Open a case; you are the first in it."""
    about = NewCase(number=number, title=title, category=category, purpose=purpose, basis=basis)
    tell(_line(bureau(profile).casework.open_case(about)))


@app.command(name="list")
def list_cases(profile: Profile, as_json: AsJson = False) -> None:
    """Those that you are in: open ones first."""
    found = bureau(profile).casework.cases()
    if as_json:
        print_json(found)
        return
    for case in found:
        tell(_line(case))
    if not found:
        tell("You are in no case.")


@app.command()
def show(case: CaseId, profile: Profile, as_json: AsJson = False) -> None:
    """A case with its people, items and messages; this is written down."""
    whole = bureau(profile).casework.case(case)
    if as_json:
        print_json(whole)
        return
    found = whole.case
    tell(_line(found))
    tell(f"  {found.about.category}, {found.about.purpose}, on {found.about.basis}")
    for one in found.references:
        tell(f"  {one.bureau} knows it as {one.number}")
    tell(f"  {len(found.allowed)} people are in it")
    for item in whole.items:
        tell(f"  {item.kind} {item.id} of {item.owner}: {' '.join(item.marking.handling)}")
    for mail in whole.mail:
        tell(f"  {heading(mail)}")
    codes = " ".join(whole.marking.handling) if whole.marking is not None else "for nobody"
    tell(f"  all of it together: {codes}")


@app.command()
def admit(case: CaseId, login: Login, profile: Profile) -> None:
    """Let a colleague into a case."""
    tell(f"{len(bureau(profile).casework.admit(case, login).allowed)} people are in it now")


@app.command()
def dismiss(case: CaseId, login: Login, profile: Profile) -> None:
    """Let somebody out of a case."""
    tell(f"{len(bureau(profile).casework.dismiss(case, login).allowed)} people are in it now")


@app.command()
def refer(
    case: CaseId,
    profile: Profile,
    to: Annotated[str, typer.Option(help="The other bureau.", metavar="BUREAU")],
    number: Annotated[str, typer.Option(help="The number by which it knows the matter.")],
) -> None:
    """Note under which number another bureau knows the matter."""
    tell(_line(bureau(profile).casework.refer(case, to, number)))


@app.command()
def attach(
    case: CaseId,
    kind: Annotated[ItemKind, typer.Argument(help="record or hit.", metavar="KIND")],
    item: Annotated[str, typer.Argument(help="Its id.", metavar="ID")],
    profile: Profile,
    confidentiality: Secrecy = Confidentiality.OFFICIAL,
    handling: Codes = None,
    grade: Grade = "X4",
    condition: Conditions = None,
) -> None:
    """Put an own record, or a hit, into a case; your marking can only narrow its owner's."""
    marking = marking_of(confidentiality, handling, grade, condition)
    found = bureau(profile).casework.attach(case, kind, item, marking)
    tell(f"{found.kind} {found.id} of {found.owner}: {' '.join(found.marking.handling)}")


@app.command()
def close(case: CaseId, profile: Profile, because: Annotated[str, typer.Option(help="Why; it is journalled.")]) -> None:
    """Close a case: nothing is sent from it any more."""
    tell(_line(bureau(profile).casework.close_case(case, because)))


@app.command()
def reopen(case: CaseId, profile: Profile) -> None:
    """Open a closed case again."""
    tell(_line(bureau(profile).casework.reopen_case(case)))


def marking_of(
    confidentiality: Confidentiality, handling: list[Handling] | None, grade: str, condition: list[str] | None
) -> Marking:
    """As options say it."""
    if len(grade) != 2 or grade[0] not in list(SourceGrade) or grade[1] not in list(InformationGrade):
        raise typer.BadParameter(f"{grade!r} is no grade: write A1 to C4, or X1 to X4.", param_hint="--grade")
    return Marking(
        confidentiality=confidentiality,
        handling=tuple(handling or (Handling.H0,)),
        source_grade=SourceGrade(grade[0]),
        information_grade=InformationGrade(grade[1]),
        conditions=tuple(condition or ()),
    )


def _line(case: Case) -> str:
    closed = f", closed: {case.closed_because}" if case.closed_because else ""
    kept = f", kept until {case.keep_until}" if case.keep_until is not None else ""
    return f"{case.id}: {case.number}, {case.about.title} ({case.state}{closed}{kept})"
