"""What the law must know of a record to decide on it: whose it is, how it is marked, of what kind of person it is."""

from datetime import date

from comity.domain.circumstances import Trait
from comity.domain.decision import Envelope
from comity.domain.person import Person, PersonStatus, PersonWarning
from comity.domain.record import Record, Subject

MAJORITY_YEARS = 18  # Convention on the Rights of the Child, article 1
_VICTIMS = {PersonStatus.VICTIM, PersonStatus.WITNESS}
_OF_HEALTH = {PersonWarning.CONTAGIOUS, PersonWarning.SUICIDAL}


def envelope_of(record: Record, today: date) -> Envelope:
    header = record.header
    return Envelope(
        record=header.id,
        collection=header.collection,
        source=header.source,
        country=header.country,
        retain_until=header.retain_until,
        marking=header.marking,
        traits=traits(record.subject, today),
    )


def traits(subject: Subject, today: date) -> tuple[Trait, ...]:
    """Whoever may be a minor by any date of birth on file counts as one; a warning may tell of somebody's health."""
    if not isinstance(subject, Person):
        return ()
    found = [Trait.MINOR] if any(_may_be_minor(birth, today) for birth in subject.births) else []
    if subject.status in _VICTIMS:
        found.append(Trait.VICTIM)
    if subject.sensitive or not _OF_HEALTH.isdisjoint(subject.warnings):
        found.append(Trait.SENSITIVE)
    return tuple(found)


def _may_be_minor(birth: str, today: date) -> bool:
    """By the latest day that a partial date may stand for."""
    latest = birth + "-99-99"[len(birth) - len("YYYY") :]
    return latest > f"{today.year - MAJORITY_YEARS:04}-{today.month:02}-{today.day:02}"
