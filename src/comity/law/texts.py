"""The texts that a node acts under, compiled once, and which of them bear on a pair of parties."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache

import msgspec

from comity.domain import limits
from comity.domain.bundle import Gap
from comity.domain.errors import Invalid
from comity.domain.instrument import Instrument, Layer
from comity.law.program import Program
from comity.law.published import NOTHING_PUBLISHED, Filed, Published, bears_on
from comity.law.reasons import not_in_force
from comity.law.rulebook import Rulebook, shipped_rulebook
from comity.law.soundness import complaints


@dataclass(frozen=True)
class Bound:
    """One instrument that bears on both sides, with the digests of what carries it and its program."""

    filed: Filed
    program: Program

    @cached_property
    def instrument(self) -> Instrument:
        return self.filed.instrument

    @property
    def digests(self) -> tuple[str, ...]:
        return self.filed.digests

    def out_of_force(self, on: date, *between: str) -> str:
        """Why it does not hold on that day between these, as a sentence's end; '' where it holds.

        Of any layer: a party that is not live yet takes no part. Falls without it: tests/law/test_decision.py
        """
        sides = self.program.sides
        live = [sides[party] for party in between if party in sides] if self.instrument.go_live else ()
        return not_in_force(self.instrument, on, live)


@dataclass(frozen=True)
class Slice:
    """All that bears on what one party may be told by another, in force or not."""

    organisation: tuple[Bound, ...]
    agreements: tuple[Bound, ...]
    asker_law: tuple[Bound, ...]
    owner_law: tuple[Bound, ...]
    digests: tuple[str, ...]  # of these texts and of the rulebook, sorted
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True)
class Counted:
    """A quota as it is counted: whose questions count together, and over how many days, today's included."""

    party: str
    days: int
    questions: int  # so many are allowed in them

    def first_day(self, today: date) -> date:
        return today - timedelta(days=self.days - 1)


class Texts:
    """The instruments adopted here and the rulebook; it never changes.

    Each instrument comes with the SHA-256 (hex) of its text. Raises Invalid for one that does not validate; of the
    `published` ones none is let pass either, and what it bears on is refused.
    """

    def __init__(
        self,
        instruments: Sequence[tuple[Instrument, str]],
        book: Rulebook | None = None,
        remembering: bool = True,
        published: Published = NOTHING_PUBLISHED,
    ) -> None:
        self.book = book or shipped_rulebook()
        by_hand = [_compiled(Filed(one, (digest,)), self.book, remembering) for one, digest in instruments]
        sound, unsound = _sound(published.filed, self.book, remembering)
        # In one order, whatever the order in which they were found: the first of them is the reason.
        self.gaps = sorted((*published.gaps, *unsound), key=lambda gap: (gap.name, gap.why))
        bound = sorted((*by_hand, *sound), key=_name)
        names = [_name(one) for one in bound]
        if twice := {name for name in names if names.count(name) > 1}:
            raise Invalid(f"There are two texts of {', '.join(sorted(twice))}.", do="Keep the newest one alone.")
        self.own_rules = _own_rules(self.book)
        self._organisation = tuple(one for one in bound if one.instrument.layer is Layer.ORGANISATION)
        self._agreements = _by_party(one for one in bound if one.instrument.layer is Layer.AGREEMENT)
        self._national = _by_party(one for one in bound if one.instrument.layer is Layer.NATIONAL_LAW)
        # What bears on a pair is found once; nothing that it rests on changes while this object lives.
        self.slice = lru_cache(limits.DECISIONS_KEPT_MAX)(self._slice)
        self.named = lru_cache(limits.DECISIONS_KEPT_MAX)(self._named)
        self.quotas = lru_cache(limits.DECISIONS_KEPT_MAX)(self._quotas)
        self._with_quotas = tuple(one for one in bound if one.program.quotas)

    def _slice(self, asker: str, owner: str) -> Slice:
        agreements = tuple(one for one in self._agreements.get(asker, ()) if _joins(one, asker, owner))
        organisation = tuple(one for one in self._organisation if _concerns(one, asker, owner))
        asker_law, owner_law = self._national.get(asker, ()), self._national.get(owner, ())
        gaps = tuple(gap for gap in self.gaps if bears_on(gap, asker, owner))
        bound = (*agreements, *organisation, *asker_law, *owner_law)
        named = (*(one.digests for one in bound), *(one.digests for one in gaps))
        digests = {self.book.digest, *(digest for digests in named for digest in digests)}
        return Slice(organisation, agreements, asker_law, owner_law, tuple(sorted(digests)), gaps)

    def _named(self, asker: str, owner: str) -> frozenset[str]:
        """The ids of the texts that bear on both."""
        bound = self.slice(asker, owner)
        every = (*bound.organisation, *bound.agreements, *bound.asker_law, *bound.owner_law)
        return frozenset(_name(one) for one in every)

    def _quotas(self, asker: str) -> dict[str, Counted]:
        """By "instrument clause", each quota that may bind that party. A territory counts as its party."""
        return {
            f"{one.program.name} {clause.id}": Counted(
                one.program.sides.get(asker, asker), clause.quota.days, clause.quota.questions
            )
            for one in self._with_quotas
            for clause in one.instrument.clauses
            if clause.quota and (asker in one.program.sides or one.instrument.layer is not Layer.AGREEMENT)
        }

    @property
    def quota_days_max(self) -> int:
        """Over how many days any of them counts; 0 where there is none."""
        days = (clause.quota.days for one in self._with_quotas for clause in one.instrument.clauses if clause.quota)
        return max(days, default=0)


def compiled(instrument: Instrument, remembering: bool = True) -> Program:
    """The instrument as a program. Raises Invalid where it does not validate."""
    open_to_all = instrument.layer is not Layer.AGREEMENT
    try:
        return Program(
            instrument.id,
            instrument.parties,
            instrument.clauses,
            instrument.territory,
            open_to_all=open_to_all,
            remembering=remembering,
            tiers=instrument.tiers,
        )
    except ValueError as wrong:
        raise Invalid(
            f"It cannot be executed: {wrong}", where=instrument.id, do="Correct its text; it is not in use."
        ) from None


def _compiled(filed: Filed, book: Rulebook, remembering: bool) -> Bound:
    return Bound(filed, _program(msgspec.json.encode(filed.instrument), book, remembering))


@lru_cache(limits.PROGRAMS_KEPT_MAX)
def _program(words: bytes, book: Rulebook, remembering: bool) -> Program:
    """The program of these very words: where one text of two hundred changes, the others are not compiled again."""
    instrument = msgspec.json.decode(words, type=Instrument)
    if complaint := next(complaints(instrument, book.obligations), None):
        raise Invalid(str(complaint), where=instrument.id, do="Correct its text; it is not in use.")
    return compiled(instrument, remembering)


def _sound(published: Sequence[Filed], book: Rulebook, remembering: bool) -> tuple[tuple[Bound, ...], tuple[Gap, ...]]:
    """One text of one member must not stop all others; nor may it be passed over."""
    sound, gaps = [], []
    for one in published:
        try:
            sound.append(_compiled(one, book, remembering))
        except Invalid as refused:
            gaps.append(_unsound(one, refused))
    return tuple(sound), tuple(gaps)


def _unsound(filed: Filed, refused: Invalid) -> Gap:
    one = filed.instrument
    parties = () if one.layer is Layer.ORGANISATION else one.parties
    needed = "Its owner must correct it, and publish the next version."
    return Gap(name=one.id, layer=one.layer, parties=parties, why=str(refused), needed=needed, digests=filed.digests)


@lru_cache(limits.PROGRAMS_KEPT_MAX)
def _own_rules(book: Rulebook) -> Program:
    try:
        return Program(book.organisation.id, (), book.organisation.rules)
    except ValueError as wrong:
        raise Invalid(f"The rules cannot be executed: {wrong}", where="roles.toml", do="Correct them.") from None


def _by_party(instruments: Iterable[Bound]) -> dict[str, tuple[Bound, ...]]:
    """By every code of a party, its territories included."""
    found: dict[str, tuple[Bound, ...]] = {}
    for one in instruments:
        for code in one.program.sides:
            found[code] = (*found.get(code, ()), one)
    return found


def _joins(one: Bound, asker: str, owner: str) -> bool:
    """Both are parties, and not one and the same: a party needs no agreement with its own territory, and has none."""
    sides = one.program.sides
    return owner in sides and sides[asker] != sides[owner] and one.filed.binds(asker, owner)


def _concerns(one: Bound, asker: str, owner: str) -> bool:
    return not one.instrument.parties or asker in one.program.sides or owner in one.program.sides


def _name(one: Bound) -> str:
    return one.instrument.id
