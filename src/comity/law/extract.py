"""Cuts a subject, and the explanation of a match, to what a reply level lets out."""

from typing import TypeVar

import msgspec
from msgspec import Struct

from comity.domain.match import Match
from comity.domain.person import Person, PersonStatus
from comity.domain.record import Subject
from comity.domain.reply import ReplyLevel
from comity.law.program import LEVELS
from comity.law.rulebook import Protection, Rulebook

S = TypeVar("S", bound=Struct)


def subject_at(subject: Subject | None, level: ReplyLevel, book: Rulebook) -> Subject | None:
    """The subject as far as the level goes; cutting twice changes nothing more."""
    if subject is None or level < ReplyLevel.CORE:
        return None
    if isinstance(subject, Person) and (protection := _protection(subject.status, book)):
        subject = _protected(subject, protection)
    if level < ReplyLevel.FULL:
        return _with_only(subject, book.core[_kind(subject)].fields)
    # What it is sensitive in would itself tell it; and nodes of an earlier release do not know the field.
    # Falls without it: tests/law/test_sensitive.py
    if isinstance(subject, Person) and subject.sensitive:
        return _without(subject, ("sensitive",))
    return subject


def match_at(match: Match | None, subject: Subject | None, level: ReplyLevel, book: Rulebook) -> Match | None:
    """The explanation as far as the level goes.

    Below the core there is none, not even the probability: asked again with one letter changed, it would tell the
    record's content bit by bit.
    """
    if match is None or subject is None or level < ReplyLevel.CORE:
        return None
    if level < ReplyLevel.FULL:
        told = tuple(line for line in match.fields if line.field in book.core[_kind(subject)].match)
        return msgspec.structs.replace(match, fields=told)
    return match


def least(subject: Subject | None, book: Rulebook) -> ReplyLevel:
    """The level below which a subject is not told of at all: its status must stand beside it."""
    protection = _protection(subject.status, book) if isinstance(subject, Person) else None
    return LEVELS[protection.least] if protection else ReplyLevel.HIT


def _protection(status: PersonStatus | None, book: Rulebook) -> Protection | None:
    return book.statuses.get(status) if status else None


def _protected(person: Person, protection: Protection) -> Person:
    shown = _without(person, protection.hides)
    if shown.purpose in protection.hides_purposes:
        shown = _without(shown, ("purpose", "action"))
    return shown


def _without(struct: S, names: tuple[str, ...]) -> S:
    """A copy in which these fields are empty."""
    kept = {name: getattr(struct, name) for name in struct.__struct_fields__ if name not in names}
    return type(struct)(**kept)


def _with_only(struct: S, names: tuple[str, ...]) -> S:
    """A copy in which all but these fields are empty."""
    return type(struct)(**{name: getattr(struct, name) for name in names})


def _kind(subject: Subject) -> str:
    return str(subject.__struct_config__.tag)
