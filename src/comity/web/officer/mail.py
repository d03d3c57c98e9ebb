"""Messages to and from officers of other bureaus."""

from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.errors import Conflict, Missing, NotPermitted
from comity.domain.mail import Draft, Language, Mail, Translation
from comity.formats.catalogue import CatalogueLanguage, message_in_words
from comity.web.officer.needs import Desks
from comity.web.officer.route import Asked, Route
from comity.web.officer.words import Words

CaseId = Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX, description="The id of a case here")]


TextOf = Annotated[str, Meta(min_length=1, max_length=limits.MESSAGE_CHARS_MAX)]


class MailList(Struct, frozen=True, kw_only=True):
    """Those whose clock runs first, then the newest; of an exchange: oldest first."""

    mail: tuple[Mail, ...]


class Written(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A draft as it shall be; nothing leaves before it is sent."""

    draft: Draft


class LostBy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which bureau lost it."""

    bureau: Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX)]


class TakenBack(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why; from one bureau, or from all that it was sent to."""

    reason: Annotated[str, Meta(min_length=1, max_length=limits.REASON_CHARS_MAX)]
    bureau: Annotated[str, Meta(max_length=limits.CODE_CHARS_MAX)] = ""


class Filed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Into which case."""

    case: CaseId


class Translated(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The text in another language, beside the original."""

    language: Language
    text: TextOf
    by_machine: bool = False


class TranslationList(Struct, frozen=True, kw_only=True):
    """Oldest first, each with who answers for it."""

    translations: tuple[Translation, ...]


def every(desks: Desks, asked: Asked[None]) -> MailList:
    return MailList(mail=tuple(desks.mail.every(asked.caller)))


def write(desks: Desks, asked: Asked[Written]) -> Mail:
    return desks.mail.write(asked.id, asked.body.draft, asked.caller)


def show(desks: Desks, asked: Asked[None]) -> Mail:
    return desks.mail.show(asked.id, asked.caller)


def thread(desks: Desks, asked: Asked[None]) -> MailList:
    return MailList(mail=tuple(desks.mail.thread(asked.id, asked.caller)))


def amend(desks: Desks, asked: Asked[Written]) -> Mail:
    return desks.mail.amend(asked.id, asked.body.draft, asked.caller)


def discard(desks: Desks, asked: Asked[None]) -> Mail:
    return desks.mail.discard(asked.id, asked.caller)


def reply(desks: Desks, asked: Asked[Written]) -> Mail:
    return desks.mail.reply(asked.id, asked.body.draft, asked.caller)


def send(desks: Desks, asked: Asked[None]) -> Mail:
    return desks.mail.send(asked.id, asked.caller)


def again(desks: Desks, asked: Asked[LostBy]) -> Mail:
    return desks.mail.again(asked.id, asked.body.bureau, asked.caller)


def recall(desks: Desks, asked: Asked[TakenBack]) -> Mail:
    return desks.message_recalls.recall(asked.id, asked.body.reason, asked.body.bureau, asked.caller)


def words(desks: Desks, asked: Asked[None]) -> Words:
    message = desks.mail.show(asked.id, asked.caller).message
    if message is None:
        raise Conflict("It is a draft.", do="Send it first.")
    return Words(words={one: message_in_words(message, one) for one in CatalogueLanguage})


def translations(desks: Desks, asked: Asked[None]) -> TranslationList:
    return TranslationList(translations=tuple(desks.translations.every(asked.id, asked.caller)))


def translate(desks: Desks, asked: Asked[Translated]) -> Translation:
    body = asked.body
    return desks.translations.translate(asked.id, body.language, body.text, body.by_machine, asked.caller)


def file(desks: Desks, asked: Asked[Filed]) -> Mail:
    return desks.mail.file(asked.id, asked.body.case, asked.caller)


STEP = (NotPermitted, Missing, Conflict)
EXAMPLE = {
    "to": ["bergenia"],
    "subject": "Who is the second man?",
    "text": "Please look at your files.",
    "language": "en",
    "urgency": "urgent",
    "asks": True,
}

ROUTES = (
    Route(
        method="GET",
        template="/v1/mail",
        does="See the messages of your cases, and at the duty desk those that are not filed yet",
        act=every,
        answer=MailList,
        refusals=(NotPermitted,),
    ),
    Route(
        method="POST",
        template="/v1/cases/{id}/mail",
        does="Write a draft in a case",
        act=write,
        body=Written,
        answer=Mail,
        example={"draft": EXAMPLE},
        refusals=STEP,
    ),
    Route(
        method="GET",
        template="/v1/mail/{id}",
        does="Read one message; its sender learns that it was opened",
        act=show,
        answer=Mail,
        refusals=(NotPermitted, Missing),
    ),
    Route(
        method="GET",
        template="/v1/mail/{id}/thread",
        does="Read the exchange that a message belongs to",
        act=thread,
        answer=MailList,
        refusals=(NotPermitted, Missing),
    ),
    Route(
        method="GET",
        template="/v1/mail/{id}/words",
        does="Read what of a message is in codes, in every language",
        act=words,
        answer=Words,
        refusals=STEP,
    ),
    Route(
        method="GET",
        template="/v1/mail/{id}/translations",
        does="Read the translations of a message",
        act=translations,
        answer=TranslationList,
        refusals=(NotPermitted, Missing),
    ),
    Route(
        method="POST",
        template="/v1/mail/{id}/translations",
        does="Say what a message means in another language; whoever has it too gets that",
        act=translate,
        body=Translated,
        answer=Translation,
        example={"language": "fr", "text": "Veuillez consulter vos fichiers."},
        refusals=STEP,
    ),
    Route(
        method="POST",
        template="/v1/mail/{id}/amend",
        does="Write a draft anew",
        act=amend,
        body=Written,
        answer=Mail,
        example={"draft": EXAMPLE},
        refusals=STEP,
    ),
    Route(
        method="POST",
        template="/v1/mail/{id}/discard",
        does="Throw a draft away",
        act=discard,
        answer=Mail,
        refusals=STEP,
    ),
    Route(
        method="POST",
        template="/v1/mail/{id}/reply",
        does="Write a draft that answers a message",
        act=reply,
        body=Written,
        answer=Mail,
        example={"draft": EXAMPLE | {"asks": False}},
        refusals=STEP,
    ),
    Route(
        method="POST",
        template="/v1/mail/{id}/send",
        does="Send a draft to all its recipients, or to none; the law decides for each",
        act=send,
        answer=Mail,
        refusals=STEP,
    ),
    Route(
        method="POST",
        template="/v1/mail/{id}/recall",
        does="Take a message back: unopened it is destroyed there, else people are asked to delete it",
        act=recall,
        body=TakenBack,
        answer=Mail,
        example={"reason": "to the wrong bureau", "bureau": "bergenia"},
        refusals=STEP,
    ),
    Route(
        method="POST",
        template="/v1/mail/{id}/again",
        does="Send a message once more to a bureau that lost it; the law decides anew",
        act=again,
        body=LostBy,
        answer=Mail,
        example={"bureau": "bergenia"},
        refusals=STEP,
    ),
    Route(
        method="POST",
        template="/v1/mail/{id}/file",
        does="File a message that came into a case",
        act=file,
        body=Filed,
        answer=Mail,
        example={"case": "01990000-0000-7000-8000-000000000001"},
        refusals=STEP,
    ),
)
