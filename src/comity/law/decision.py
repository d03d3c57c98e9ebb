"""May this be told, and how much of it? Every layer must permit; the narrowest reply wins; obligations add up."""

from collections.abc import Collection, Sequence
from datetime import date
from functools import lru_cache

from comity.domain import limits
from comity.domain.bundle import Gap
from comity.domain.bureau import Standing
from comity.domain.caller import Role
from comity.domain.circumstances import Circumstances
from comity.domain.decision import Decision as Decision
from comity.domain.decision import Envelope, LayerDecision, Request
from comity.domain.errors import Invalid
from comity.domain.instrument import Instrument
from comity.domain.reply import ReplyLevel
from comity.law import layers, reasons
from comity.law.duties import add_up
from comity.law.facts import ANYONE_ELSE, facts
from comity.law.published import NOTHING_PUBLISHED, Published, refusal
from comity.law.rulebook import Rulebook
from comity.law.texts import Texts
from comity.law.tiers import seen_of

# Whoever entered a record may see it: no agreement is needed with oneself.
NOTHING_STATED = Circumstances()
OWN_RECORD = Decision(level=ReplyLevel.FULL, clauses=("organisation own-record",))


class Law:
    """The instruments adopted here and the rulebook, as programs; it never changes.

    Each instrument comes with the SHA-256 (hex) of its text. One that is not `remembering` asks Cedar anew for every
    request, of each instrument as a whole. Raises Invalid for one that does not validate.
    """

    def __init__(
        self,
        instruments: Sequence[tuple[Instrument, str]],
        book: Rulebook | None = None,
        remembering: bool = True,
        published: Published = NOTHING_PUBLISHED,
    ) -> None:
        self.texts = Texts(instruments, book, remembering, published)
        # Nothing that a decision rests on changes while this object lives, so the same question has the same answer.
        self._officer = lru_cache(limits.DECISIONS_KEPT_MAX)(self._decide_officer)

    @property
    def book(self) -> Rulebook:
        """The rulebook in force: the published one, else the one shipped."""
        return self.texts.book

    def between(
        self,
        asker: str,
        asker_standing: Standing,
        owner: str,
        category: str,
        purpose: str,
        roles: Collection[Role],
        on: date,
    ) -> Decision:
        """What the owner may tell the asker of any record at the most, both parties as instruments write them."""
        request = Request(
            asker=asker,
            owner=owner,
            category=category,
            purpose=purpose,
            roles=tuple(sorted(roles)),
            standing=asker_standing,
        )
        return decide(request, None, self, on)

    def officer(
        self,
        roles: Collection[Role],
        category: str,
        purpose: str,
        level: ReplyLevel,
        on_behalf_of: str = "",
        stated: Circumstances = NOTHING_STATED,
    ) -> Decision:
        """How much of `level` the organisation's own rules let this caller see. A system names whom it asks for."""
        return self.own_rules(of_officer(roles, category, purpose, on_behalf_of, stated), level)

    def own_rules(self, request: Request, level: ReplyLevel) -> Decision:
        """The same of a request as `of_officer` makes it."""
        found = self._officer(request)
        return narrowest(found, Decision(level)) if found.level > level else found

    @property
    def gaps_of_own_rules(self) -> tuple[Gap, ...]:
        """A rulebook that should be in use and may not be: who here sees what is not known."""
        return tuple(gap for gap in self.texts.gaps if gap.rulebook)

    def _decide_officer(self, request: Request) -> Decision:
        # Never the shipped one in its place: it may permit what the other forbids.
        # Falls without it: tests/law/test_bundles.py
        for gap in self.gaps_of_own_rules:
            digests = tuple(sorted({self.texts.book.digest, *gap.digests}))
            return Decision(ReplyLevel.NOTHING, reason=refusal(gap), digests=digests)
        try:
            seen = facts(request, None, date.min)
        except Invalid as unknown:
            return _refused(unknown, (self.texts.book.digest,))
        found = layers.own_rules(self.texts.own_rules, request, seen)
        return _together([found], (self.texts.book.digest,), (found,))


def of_officer(
    roles: Collection[Role],
    category: str,
    purpose: str,
    on_behalf_of: str = "",
    stated: Circumstances = NOTHING_STATED,
) -> Request:
    """What our own rules look at: who an officer is, what for, and what they state, not whom they ask.

    A system names for whom.
    """
    return Request(
        asker=ANYONE_ELSE,
        owner=ANYONE_ELSE,
        category=category,
        purpose=purpose,
        roles=tuple(sorted(roles)),
        officer_named=Role.SYSTEM not in roles or bool(on_behalf_of.strip()),
        circumstances=stated,
    )


def decide(request: Request, envelope: Envelope | None, law: Law, today: date) -> Decision:
    """What the owner may tell the asker: pure, and the same for the same texts, request, record and day.

    Without an envelope it is what may be told of any record of that owner at the most, so that a refusal before a
    search says nothing of what is held. `today` is the answering side's own day (UTC), never the asker's.
    """
    bound = law.texts.slice(request.asker, request.owner)
    standing = layers.standing(request)
    # A member that was suspended gets nothing, whatever it has signed. Falls without it: tests/law/test_decision.py
    if standing.level is ReplyLevel.NOTHING:
        return _together([standing], bound.digests, (standing,))
    if request.asker and request.asker == request.owner:
        return OWN_RECORD
    try:
        seen = seen_of(bound, request, envelope, today)
    except Invalid as unknown:
        return _refused(unknown, bound.digests)
    found = [
        standing,
        *layers.organisation(bound, request, seen, today),
        layers.agreements(bound, request, seen, today),
        *layers.national_laws(bound, request, seen, today),
    ]
    if envelope is not None:
        found.append(layers.marking(envelope, request, law.texts.book, today))
    return _together(found, bound.digests, tuple(found))


def narrowest(*decisions: Decision) -> Decision:
    """What several decisions permit together: the least of the levels, and all that any of them asks for."""
    digests = tuple(sorted({digest for one in decisions for digest in one.digests}))
    return _together(decisions, digests, tuple(layer for one in decisions for layer in one.layers))


def _together(
    parts: Sequence[LayerDecision | Decision], digests: tuple[str, ...], found: tuple[LayerDecision, ...]
) -> Decision:
    level = min([part.level for part in parts])
    if level is ReplyLevel.NOTHING:
        reason = next((part.reason for part in parts if part.reason and part.level is ReplyLevel.NOTHING), None)
        return Decision(level, reason=reason, digests=digests, layers=found)
    deadlines = [part.answer_within_minutes for part in parts if part.answer_within_minutes is not None]
    return Decision(
        level=level,
        clauses=tuple(dict.fromkeys([name for part in parts for name in part.clauses])),
        obligations=add_up([code for part in parts for code in part.obligations]),
        digests=digests,
        answer_within_minutes=min(deadlines, default=None),
        layers=found,
    )


def _refused(unknown: Invalid, digests: tuple[str, ...]) -> Decision:
    return Decision(ReplyLevel.NOTHING, reason=reasons.unknown(unknown), digests=digests)
