"""May this be told, and how much of it? Standing, agreements, the organisation's own rules: every layer must permit."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from msgspec import Struct

from comity.domain import limits
from comity.domain.agreement import Agreement
from comity.domain.bureau import Standing
from comity.domain.caller import Role
from comity.domain.errors import Invalid
from comity.domain.lookup import Reason
from comity.domain.reply import ReplyLevel
from comity.law import reasons
from comity.law.cedar import Request
from comity.law.instrument import Instrument, Outcome
from comity.law.reasons import Candidate
from comity.law.rulebook import Rulebook, shipped_rulebook
from comity.law.soundness import complaints

# The one party of an organisation's own rules.
_ITSELF = "own"


class Decision(Struct, frozen=True):
    """How much may be told, by which clauses, and what the receiver owes; or the reason why nothing may.

    `clauses` are written "agreement-id clause-id". `digests` (SHA-256, hex) name every text that was consulted, so
    that the decision can be made again from the same texts.
    """

    level: ReplyLevel
    clauses: tuple[str, ...] = ()
    obligations: tuple[str, ...] = ()
    reason: Reason | None = None
    digests: tuple[str, ...] = ()


# Whoever entered a record may see it: no agreement is needed with oneself.
OWN_RECORD = Decision(level=ReplyLevel.FULL, clauses=("organisation own-record",))


def narrowest(*decisions: Decision) -> Decision:
    """What several layers permit together: the least of the levels, and all that any of them asks for."""
    level = min(decision.level for decision in decisions)
    refused = [decision.reason for decision in decisions if decision.reason and decision.level is ReplyLevel.NOTHING]
    return Decision(
        level=level,
        clauses=_each_once(name for decision in decisions for name in decision.clauses) if level else (),
        obligations=_each_once(code for decision in decisions for code in decision.obligations) if level else (),
        reason=refused[0] if refused else None,
        digests=tuple(sorted({digest for decision in decisions for digest in decision.digests})),
    )


@dataclass(frozen=True)
class _Bound:
    """One agreement that binds both sides, with the digest of its text and its program."""

    agreement: Agreement
    digest: str
    program: Instrument


class Law:
    """The agreements adopted here and the organisation's own rules, compiled once; it never changes.

    Each agreement comes with the SHA-256 (hex) of its text. Raises Invalid for an agreement that does not validate.
    """

    def __init__(self, agreements: Sequence[tuple[Agreement, str]], book: Rulebook | None = None) -> None:
        self.book = book or shipped_rulebook()
        self._bound = sorted(
            (_compiled(agreement, digest, self.book) for agreement, digest in agreements),
            key=lambda one: one.agreement.id,
        )
        names = [one.agreement.id for one in self._bound]
        if twice := {name for name in names if names.count(name) > 1}:
            raise Invalid(f"There are two texts of {', '.join(sorted(twice))}.", do="Keep the newest one alone.")
        self._own_rules = _own_rules(self.book)
        # Nothing that a decision rests on changes while this object lives, so the same question has the same answer.
        self._between = lru_cache(limits.DECISIONS_KEPT_MAX)(self._decide_between)
        self._officer = lru_cache(limits.DECISIONS_KEPT_MAX)(self._decide_officer)

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
        """What the owner may tell the asker, both parties: two-letter countries, or names of organisations.

        Each agreement decides alone, and the deepest reply wins with the clauses and obligations of that one agreement.
        `on` is the answering side's own day, never the asker's.
        """
        return self._between(asker, asker_standing, owner, category, purpose, frozenset(roles), on)

    def officer(
        self,
        roles: Collection[Role],
        category: str,
        purpose: str,
        level: ReplyLevel,
        on_behalf_of: str = "",
    ) -> Decision:
        """How much of `level` the organisation's own rules let this caller see. A system names whom it asks for."""
        found = self._officer(frozenset(roles), category, purpose, _officer_named(roles, on_behalf_of))
        return narrowest(found, Decision(level)) if found.level > level else found

    def _decide_between(
        self,
        asker: str,
        standing: Standing,
        owner: str,
        category: str,
        purpose: str,
        roles: frozenset[Role],
        on: date,
    ) -> Decision:
        bound = [one for one in self._bound if {asker, owner} <= set(one.agreement.parties)]
        digests = tuple(sorted([self.book.digest, *(one.digest for one in bound)]))
        # A member that was suspended gets nothing, whatever it has signed. Anything but active counts as suspended.
        # Falls without it: tests/law/test_decision.py
        if standing is not Standing.ACTIVE:
            return _refused(reasons.suspended(asker), digests)
        if asker and asker == owner:
            return OWN_RECORD
        request = Request(asker, owner, category, purpose, frozenset(roles))
        in_force = [one for one in bound if not reasons.not_in_force(one.agreement, on)]
        outcomes = [(one.agreement.id, one.program.outcome(request)) for one in in_force]
        # One text that cannot be evaluated shuts the whole layer: what it might have said is not known.
        # Falls without it: tests/law/test_decision.py
        for name, outcome in outcomes:
            if outcome.errors:
                return _refused(reasons.broken(name, outcome.errors), digests)
        name, best = min(outcomes, key=_depth, default=("", _NOTHING))
        if best.level > ReplyLevel.NOTHING:
            return _permitted(name, best, digests)
        return _refused(_why(bound, outcomes, request, on), digests)

    def _decide_officer(self, roles: frozenset[Role], category: str, purpose: str, named: bool) -> Decision:
        name, digests = self._own_rules.name, (self.book.digest,)
        request = Request(_ITSELF, _ITSELF, category, purpose, frozenset(roles), officer_named=named)
        outcome = self._own_rules.outcome(request)
        if outcome.errors:
            return _refused(reasons.broken(name, outcome.errors), digests)
        if outcome.level > ReplyLevel.NOTHING:
            return _permitted(name, outcome, digests)
        if outcome.clauses:
            return _refused(reasons.forbidden(name, outcome.clauses[0]), digests)
        near = self._own_rules.nearest(request)
        told = reasons.closest([Candidate(name, near)] if near else [], request)
        return _refused(told or reasons.nothing_permits(name), digests)


_NOTHING = Outcome(ReplyLevel.NOTHING)


def compiled(agreement: Agreement) -> Instrument:
    """The agreement as a program. Raises Invalid where it does not validate."""
    try:
        return Instrument(agreement.id, agreement.parties, agreement.clauses)
    except ValueError as wrong:
        raise Invalid(
            f"The agreement cannot be executed: {wrong}",
            where=agreement.id,
            do="Correct its text; it is not in use.",
        ) from None


def _compiled(agreement: Agreement, digest: str, book: Rulebook) -> _Bound:
    if complaint := next(complaints(agreement, book.obligations), None):
        raise Invalid(str(complaint), where=agreement.id, do="Correct its text; it is not in use.")
    return _Bound(agreement, digest, compiled(agreement))


def _own_rules(book: Rulebook) -> Instrument:
    rules = book.organisation.rules
    named = [rule.id for rule in rules if rule.officer_named]
    try:
        return Instrument(book.organisation.id, [_ITSELF], [rule.clause() for rule in rules], named)
    except ValueError as wrong:
        raise Invalid(f"The rules cannot be executed: {wrong}", where="roles.toml", do="Correct them.") from None


def _officer_named(roles: Collection[Role], on_behalf_of: str) -> bool:
    """A person stands behind it: the caller is one, or a system that says for whom it asks."""
    return Role.SYSTEM not in roles or bool(on_behalf_of.strip())


def _depth(pair: tuple[str, Outcome]) -> tuple[int, int, str]:
    """Deepest reply first; among equals the one that asks least of the receiver, then by name."""
    name, outcome = pair
    return -outcome.level, len(outcome.obligations), name


def _why(bound: Sequence[_Bound], outcomes: Sequence[tuple[str, Outcome]], request: Request, on: date) -> Reason:
    """A clause that forbids it, or else the clause that came closest to permitting it, in force or not."""
    for name, outcome in outcomes:
        if outcome.clauses:
            return reasons.forbidden(name, outcome.clauses[0])
    near = [(one, one.program.nearest(request)) for one in bound]
    candidates = [
        Candidate(one.agreement.id, found, reasons.not_in_force(one.agreement, on)) for one, found in near if found
    ]
    return reasons.closest(candidates, request) or reasons.no_agreement(request.asker, request.owner)


def _permitted(name: str, outcome: Outcome, digests: tuple[str, ...]) -> Decision:
    clauses = tuple(f"{name} {clause.id}" for clause in outcome.clauses)
    return Decision(outcome.level, clauses, outcome.obligations, None, digests)


def _refused(reason: Reason, digests: tuple[str, ...]) -> Decision:
    return Decision(ReplyLevel.NOTHING, reason=reason, digests=digests)


def _each_once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
