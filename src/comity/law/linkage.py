"""May this record be compared with others, and how much of it? The one place that opens boxes for linkage."""

from datetime import date

from msgspec import Struct

from comity.domain.caller import Asker, Role
from comity.domain.collection import COLLECTIONS
from comity.domain.decision import Decision, Request
from comity.domain.held import Held
from comity.domain.purpose import Purpose
from comity.domain.record import Record, Subject
from comity.domain.reply import ReplyLevel
from comity.law import extract, marking
from comity.law.decision import Law, decide, narrowest
from comity.law.envelope import envelope_of
from comity.law.rulebook import Rulebook


class Seen(Struct, frozen=True, kw_only=True):
    """As much of one record as the law lets its reader see: never less than its core."""

    record: str
    collection: str
    source: str
    reference: str
    version: int
    subject: Subject


class Analysis(Struct, frozen=True, kw_only=True):
    """Who compares records with one another, by which roles."""

    asker: Asker
    party: str  # as instruments write it
    roles: frozenset[Role]


def decided(held: Held[Record], who: Analysis, law: Law, today: date) -> Decision:
    """What may be compared of this very record: by agreements where it is another's, and always by our own rules."""
    record = held._content
    header = record.header
    category = COLLECTIONS[header.collection].category
    roles = tuple(sorted(who.roles))
    request = Request(
        asker=who.party,
        owner=header.country or header.source,
        category=category,
        purpose=Purpose.ANALYSIS,
        roles=roles,
        officer=who.asker.officer,
        bureau=who.asker.bureau,
    )
    among = decide(request, envelope_of(record, today), law, today)
    return narrowest(among, law.officer(who.roles, category, Purpose.ANALYSIS, ReplyLevel.FULL))


def seen(held: Held[Record], decision: Decision, asker: Asker, book: Rulebook) -> Seen | None:
    """The record cut to what both the decision and its own marking let this asker see; None below the core.

    A record of which only a hit may be told is not compared at all: its links would tell its content.
    Falls without it: tests/law/test_linkage.py
    """
    record = held._content
    header = record.header
    level = min(decision.level, marking.level(header, asker, book))
    if level < max(ReplyLevel.CORE, extract.least(record.subject, book)):
        return None
    subject = extract.subject_at(record.subject, level, book)
    assert subject is not None  # from the core on there is one
    return Seen(
        record=header.id,
        collection=header.collection,
        source=header.source,
        reference=header.reference,
        version=header.version,
        subject=subject,
    )
