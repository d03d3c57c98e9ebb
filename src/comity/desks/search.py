"""What this node's own shelves hold on a question, as far as the law lets it out."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Protocol

import msgspec
from msgspec import Struct

from comity.desks.here import Here
from comity.desks.needs import Transaction
from comity.desks.published import parties
from comity.desks.quotas import asked_so_far
from comity.domain import limits
from comity.domain.bureau import Member, NodeRole, Standing
from comity.domain.collection import COLLECTIONS, Category, Collection, Entry
from comity.domain.decision import Decision, Taken
from comity.domain.held import Held
from comity.domain.lookup import (
    Finding,
    Outcome,
    PersonQuery,
    Query,
    Question,
    Reason,
    SourceAnswer,
)
from comity.domain.match import Match
from comity.domain.purpose import Purpose
from comity.domain.record import Header, Record, Subject
from comity.domain.reply import ReplyLevel
from comity.domain.stated import StatedOverride
from comity.law.decision import Law
from comity.law.override import NOTHING_LIFTED, Lifting, in_force, stated
from comity.law.release import decoy, header_of, release
from comity.law.retrieval import worth_comparing
from comity.law.standing import refusal
from comity.law.weighed import Weighed
from comity.matching.numbered import number_keys_asked


class Compare(Protocol):
    def __call__(self, query: Query, subject: Subject, purpose: Purpose, persons_held: int) -> Match | None:
        """How alike the two are, for that purpose, where so many persons are held; None where it is not told."""
        ...


Owner = tuple[str, str, str]  # (collection, source, country)


class Searched(Struct, frozen=True):
    """An answer that may leave, and what may not: headers for the alert, decisions for the journal."""

    answer: SourceAnswer
    headers: dict[str, Header]  # by hit id
    taken: tuple[Taken, ...] = ()
    counts: tuple[str, ...] = ()  # the clauses with a quota under which the question counts, as "instrument clause"

    @property
    def records(self) -> tuple[str, ...]:
        """The ids of the records that it rests on."""
        return tuple(header.id for header in self.headers.values())


class Search:
    """Finds candidates by key, lets the law open each box, orders what came out by likeness."""

    def __init__(self, here: Here, compare: Compare, candidates_max: int = limits.CANDIDATES_MAX) -> None:
        self.here = here
        self.compare = compare
        self.candidates_max = candidates_max

    def answer(
        self,
        tx: Transaction,
        law: Law,
        question: Question,
        member: Member | None,
        today: date,
        reviewed: bool = False,
    ) -> Searched:
        """Decide before searching, so that a refusal says nothing of what is held; then search and release.

        `member` asks, None where it is this node itself; what a supervised one asks must be `reviewed`.
        `today` is this node's own day: whoever could choose it would bring expired agreements and records back.
        """
        shut = self._why_not(question.query, member, today, reviewed)
        standings = {category: standing for category, (standing, _) in shut.items()}
        asked = asked_so_far(tx, law, question.asker, today) if member is not None else None
        weighed = Weighed(law, question, today, standings, lifting(tx, self.here, question, today), asked)

        def decide(owner: Owner) -> Decision:
            return weighed.owner(*owner)

        decisions = {owner: decide(owner) for owner in self._owners(tx, question.query)}
        if decisions and all(decision.level is ReplyLevel.NOTHING for decision in decisions.values()):
            refused = self._refusal(question, list(decisions.values()))
            taken = weighed.refused(refused.reason)
            for _, why in list(shut.values())[:1]:  # the directory says more of it than the law does
                refused = msgspec.structs.replace(refused, reason=why)
            return Searched(refused, {}, taken)
        compare = self.comparison(tx, question)
        released: list[tuple[Finding, Header]] = []
        candidates = self._candidates(tx, question, today)
        for held in candidates:
            header = header_of(held)
            decision = decisions.get(_owner(header)) or decide(_owner(header))
            finding = release(held, decision, question.asker, question, compare, law.book, weighed)
            if finding is not None:
                released.append((finding, header))
        if not candidates:
            # Nothing held must take as long as something withheld.
            decoy(question.asker, question, compare, law.book, weighed)
        released.sort(key=lambda pair: -pair[0].match.probability if pair[0].match else -1.0)
        kept = _that_fit(released)
        answer = self._answer(question, [finding for finding, _ in kept], more=len(released) > len(kept))
        told = {finding.hit: header for finding, header in kept}
        taken = weighed.taken(tuple(header.id for header in told.values()))
        return Searched(answer, told, taken, weighed.counted())

    def comparison(self, tx: Transaction, question: Question) -> Callable[[Query, Subject], Match | None]:
        """As the purpose of the question and the size of what is searched ask for."""
        return partial(self.compare, purpose=question.purpose, persons_held=persons_held(tx, question.query))

    def _owners(self, tx: Transaction, query: Query) -> set[Owner]:
        """Everyone whose records this node may answer for, whether or not it holds any at this moment."""
        kind = query.__struct_config__.tag
        owners = set(tx.records.owners(str(kind)))
        for one in collections_of(query):
            if one.entry is Entry.HOST:
                continue
            if not self.here.is_hub:
                owners.add((one.code, self.here.node, self.here.country))
            elif one.shared and (directory := tx.members.directory()):
                owners.update(
                    (one.code, member.id, member.manifest.country)
                    for member in directory.members
                    if member.manifest.role is NodeRole.BUREAU
                )
        return owners

    def _why_not(
        self, query: Query, member: Member | None, today: date, reviewed: bool
    ) -> dict[str, tuple[Standing, Reason]]:
        """By category: how the asker stands where its standing lets it be told nothing, and why."""
        if member is None:
            return {}
        found = {category: refusal(member, category, today, reviewed) for category in categories(query)}
        # Falls without it: tests/desks/test_supervision.py
        return {category: (member.stands(today, category), why) for category, why in found.items() if why}

    def _candidates(self, tx: Transaction, question: Question, today: date) -> Sequence[Held[Record]]:
        query = question.query
        keys = number_keys_asked(query)
        if not isinstance(query, PersonQuery):
            return tx.records.numbered(keys, query.near, today)
        numbered = tx.records.numbered(keys, False, today)
        alike = tx.records.persons(query, self.candidates_max, today)
        found = list({header_of(held).id: held for held in (*numbered, *alike)}.values())
        return worth_comparing(query, question.purpose, found)

    def _answer(self, question: Question, findings: Sequence[Finding], more: bool = False) -> SourceAnswer:
        return SourceAnswer(
            source=self.here.node,
            question=question.id,
            outcome=Outcome.HIT if findings else Outcome.NO_RECORD,
            findings=tuple(findings),
            more=more,
        )

    def _refusal(self, question: Question, decisions: Sequence[Decision]) -> SourceAnswer:
        reasons = sorted(
            (one.reason for one in decisions if one.reason), key=lambda reason: reason.clause, reverse=True
        )
        reason = reasons[0] if reasons else Reason(clause="default-deny", text="Nothing permits this.")
        return SourceAnswer(source=self.here.node, question=question.id, outcome=Outcome.REFUSED, reason=reason)


def persons_held(tx: Transaction, query: Query) -> int:
    """How many may answer the question; 0 where it is not about persons."""
    held = tx.records.count() if isinstance(query, PersonQuery) else {}
    return sum(held.get(one.code, 0) for one in collections_of(query))


def _that_fit(released: Sequence[tuple[Finding, Header]]) -> list[tuple[Finding, Header]]:
    """The first of them, in as many bytes as an answer may have: a larger one would not be taken at all."""
    kept, left = [], limits.FINDINGS_BYTES_PER_SOURCE_MAX
    for finding, header in released[: limits.FINDINGS_PER_SOURCE_MAX]:
        left -= len(msgspec.json.encode(finding))
        if left < 0:
            break
        kept.append((finding, header))
    return kept


def lifting(tx: Transaction, here: Here, question: Question, today: date) -> Lifting:
    """What two persons here answer for, of what its bureau asks in its case, and whose law that lifts."""
    overrides = in_force(tx.overrides.of_case(question.asker.bureau, question.case), today)
    if not overrides:
        return NOTHING_LIFTED
    directory = tx.members.directory()
    members = set(parties(directory).values()) if directory else set()
    return Lifting(overrides, here.is_hub, frozenset(members - {here.party}))


def own_overrides(tx: Transaction, question: Question, today: date) -> tuple[StatedOverride, ...]:
    """What two persons here answer for, of what we ask in that case: it is part of the question."""
    return stated(tx.overrides.of_case(question.asker.bureau, question.case), today)


def collections_of(query: Query) -> list[Collection]:
    """The databases that hold what the query asks for."""
    return [one for one in COLLECTIONS.values() if one.kind == query.__struct_config__.tag]


def categories(query: Query) -> list[Category]:
    """The categories of data that the query touches."""
    return sorted({one.category for one in collections_of(query)})


def member_categories(query: Query) -> list[Category]:
    """Of these, what members hold of their own: not the lists that a hub hosts for outside bodies."""
    return sorted({one.category for one in collections_of(query) if one.entry is not Entry.HOST})


def _owner(header: Header) -> Owner:
    return header.collection, header.source, header.country
