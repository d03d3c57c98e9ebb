"""A letter as it is written: what the form holds, and the draft that it makes."""

from enum import StrEnum
from typing import Any

import msgspec
from msgspec import Struct

from comity.domain.bureau import NodeRole
from comity.domain.forms import (
    ArrestFollowUp,
    Custody,
    IdentityCheck,
    IdentityResult,
    InformationRequest,
    Means,
    NextStep,
    Sought,
    Trace,
    TracedThing,
)
from comity.domain.forms import Form as Structured
from comity.domain.mail import Draft, Urgency
from comity.domain.marking import Confidentiality, Handling, InformationGrade, SourceGrade
from comity.domain.region import Region
from comity.web.console.choices import day, number
from comity.web.console.page import Form, Visit
from comity.web.console.refilled import check_filled, lines
from comity.web.officer.bodies import made


class Blank(Struct, frozen=True):
    """One field of a structured form. `words`: the list it chooses from; `many`: several, or one on each line."""

    name: str
    label: str
    words: type[StrEnum] | None = None
    many: bool = False
    kind: str = "text"
    needed: bool = False


_PERSON = (
    Blank("names", "Names as known, one on each line", many=True),
    Blank("births", "Dates of birth, as much as is known", many=True),
    Blank("nationalities", "Nationalities, two letters", many=True),
    Blank("documents", "Numbers of documents", many=True),
)
# kind of a letter: its form, and the fields of it
KINDS: dict[str, tuple[type[Structured], tuple[Blank, ...]]] = {
    "information-request": (
        InformationRequest,
        (Blank("sought", "What you want to know", Sought, many=True, needed=True), *_PERSON),
    ),
    "arrest-follow-up": (
        ArrestFollowUp,
        (
            Blank("hit", "Id of the hit", needed=True),
            Blank("arrested_on", "Arrested on", kind="date", needed=True),
            Blank("place", "Place"),
            Blank("custody", "How they are held", Custody, needed=True),
            Blank("hours_until_release", "Hours for which they can be held without papers", kind="number"),
            Blank("next_steps", "What is wanted", NextStep, many=True),
        ),
    ),
    "identity-check": (
        IdentityCheck,
        (
            *_PERSON,
            Blank("means", "By what it is checked", Means, many=True, needed=True),
            Blank("result", "Result, where this is the answer", IdentityResult),
        ),
    ),
    "trace": (
        Trace,
        (
            Blank("thing", "What is traced", TracedThing, needed=True),
            Blank("number", "Number", needed=True),
            Blank("make", "Make"),
            Blank("found_on", "Found on", kind="date"),
            Blank("place", "Place"),
            Blank("sought", "What you want to know", Sought, many=True, needed=True),
        ),
    ),
}
TEXTS = ("subject", "text", "language", "urgency", "keep_until", "confidentiality", "source_grade", "information_grade")
NAMES = frozenset(
    {*TEXTS, "to", "regions", "but", "conditions", "handling", "includes", "only_for", "closed_to", "kind"}
    | {blank.name for _, blanks in KINDS.values() for blank in blanks}
)


def draft_of(form: Form) -> Draft:
    """Raises Invalid and Wanting with the fields that have to be mended."""
    kind = form.text("kind")
    check_filled(form, "subject", *(() if kind else ("text",)), *_needed(kind))
    keep_until = day(form.text("keep_until"), "keep_until")
    marking = {
        "confidentiality": form.text("confidentiality") or Confidentiality.OFFICIAL.value,
        "handling": [*form.every("handling")] or [Handling.H0.value],
        "source_grade": form.text("source_grade") or SourceGrade.X.value,
        "information_grade": form.text("information_grade") or InformationGrade.FOUR.value,
        "conditions": lines(form, "conditions"),
        "only_for": form.text("only_for").upper().split(),
        "closed_to": form.text("closed_to").upper().split(),
    }
    told: dict[str, Any] = {
        "to": form.every("to"),
        "regions": form.every("regions"),
        "to_all": bool(form.text("to_all")),
        "but": form.every("but"),
        "subject": form.text("subject"),
        "text": form.text("text").replace("\r\n", "\n"),
        "language": form.text("language") or "en",
        "form": structured(form),
        "urgency": form.text("urgency") or Urgency.ROUTINE.value,
        "asks": bool(form.text("asks")),
        "marking": marking,
        "includes": form.every("includes"),
        "shows_recipients": bool(form.text("shows_recipients")),
        "keep_until": keep_until.isoformat() if keep_until else None,
    }
    return made(Draft, told)


def structured(form: Form) -> dict[str, Any] | None:
    """The structured form as its fields were filled in; None for a letter of text alone. Raises Invalid."""
    kind = form.text("kind")
    if kind not in KINDS:
        return None
    told: dict[str, Any] = {"form": kind}
    for blank in KINDS[kind][1]:
        if blank.many:
            told[blank.name] = form.every(blank.name) if blank.words else lines(form, blank.name)
        elif text := form.text(blank.name):
            told[blank.name] = number(text, blank.name) if blank.kind == "number" else text
    made(KINDS[kind][0], told)  # its own refusals name its own fields
    return told


def texts_of(draft: Draft) -> dict[str, Any]:
    """What stands in the form of a draft that is opened again."""
    marking = draft.marking
    texts: dict[str, Any] = {
        "to": draft.to,
        "regions": draft.regions,
        "to_all": "yes" if draft.to_all else "",
        "but": draft.but,
        "subject": draft.subject,
        "text": draft.text,
        "language": draft.language,
        "urgency": draft.urgency,
        "asks": "yes" if draft.asks else "",
        "includes": draft.includes,
        "shows_recipients": "yes" if draft.shows_recipients else "",
        "keep_until": draft.keep_until.isoformat() if draft.keep_until else "",
        "confidentiality": marking.confidentiality,
        "handling": marking.handling,
        "source_grade": marking.source_grade,
        "information_grade": marking.information_grade,
        "conditions": "\n".join(marking.conditions),
        "only_for": " ".join(marking.only_for),
        "closed_to": " ".join(marking.closed_to),
    }
    return texts | (_texts_of_form(draft.form) if draft.form is not None else {})


def lists(visit: Visit, kind: str) -> dict[str, Any]:
    """What the form chooses from."""
    directory = visit.desks.directory()
    members = directory.members if directory is not None else ()
    own = visit.caller.bureau
    return {
        "bureaus": [one.manifest for one in members if one.manifest.role is NodeRole.BUREAU and one.id != own],
        "regions": list(Region),
        "urgencies": list(Urgency),
        "confidentialities": list(Confidentiality),
        "handlings": list(Handling),
        "source_grades": list(SourceGrade),
        "information_grades": list(InformationGrade),
        "kinds": list(KINDS),
        "kind": kind if kind in KINDS else "",
        "blanks": KINDS[kind][1] if kind in KINDS else (),
    }


def _needed(kind: str) -> tuple[str, ...]:
    return tuple(blank.name for blank in KINDS[kind][1] if blank.needed) if kind in KINDS else ()


def _texts_of_form(form: Structured) -> dict[str, Any]:
    told = msgspec.to_builtins(form)
    kind = told.pop("form")
    many = {blank.name for blank in KINDS[kind][1] if blank.many and not blank.words}
    return {"kind": kind} | {
        name: "\n".join(one) if name in many else one if isinstance(one, list | tuple) else str(one)
        for name, one in told.items()
    }
