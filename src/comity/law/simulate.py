"""Who may learn what of whom: every decision of a whole federation at once, without asking one by one."""

from collections.abc import Iterator, Sequence
from datetime import date

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from comity.domain.circumstances import Circumstances, Trait
from comity.domain.collection import Category
from comity.domain.decision import Envelope, Request
from comity.domain.instrument import Instrument, Layer
from comity.domain.marking import Marking
from comity.domain.purpose import Purpose
from comity.domain.reply import ReplyLevel
from comity.domain.stated import GivenAssurance
from comity.law import layers
from comity.law.decision import Law
from comity.law.facts import Facts, lifted_by
from comity.law.texts import Bound, Slice
from comity.law.tiers import seen_of

Levels = NDArray[np.int8]  # by category, then by purpose: a ReplyLevel
_ERRED = -1


class Scope(Struct, frozen=True, kw_only=True):
    """Of what a simulation tells. `sketch` is the request without parties, category and purpose."""

    askers: tuple[str, ...]
    owners: tuple[str, ...]
    categories: tuple[Category, ...] = tuple(Category)
    purposes: tuple[Purpose, ...] = tuple(Purpose)
    sketch: Request = Request(asker="", owner="", category="", purpose="")
    marking: Marking | None = None  # of one record, if it is one of which it is asked
    traits: tuple[Trait, ...] = ()
    assured: tuple[GivenAssurance, ...] = ()  # the word of whoever asks

    @property
    def pairs(self) -> Iterator[tuple[str, str]]:
        """Who asks, and whom; of one's own records nobody need ask."""
        return ((asker, owner) for asker in self.askers for owner in self.owners if asker != owner)


class Simulation:
    """What `decide` says of every request in the scope, worked out by text and not by request.

    A text says the same of all parties that it does not tell apart: so it is asked once for each category and purpose,
    and what it said is laid over all pairs that it concerns. That the levels are those of `decide` is tested for
    generated laws (tests/law/test_simulate.py).
    """

    def __init__(self, law: Law, scope: Scope, today: date) -> None:
        self.law = law
        self.scope = scope
        self.today = today
        self._shape = (len(scope.categories), len(scope.purposes))
        self._known: dict[object, Levels] = {}

    def levels(self, asker: str, owner: str) -> Levels:
        """How much the owner may tell the asker, by category and purpose."""
        request = msgspec.structs.replace(
            self.scope.sketch,
            asker=asker,
            owner=owner,
            category=self.scope.categories[0],
            purpose=self.scope.purposes[0],
            circumstances=self._circumstances(asker),
        )
        if not layers.standing(request).level:
            return self._all(ReplyLevel.NOTHING)
        if asker == owner:
            return self._all(ReplyLevel.FULL)
        bound, envelope = self.law.texts.slice(asker, owner), self._envelope(owner)
        if any(gap.layer is not Layer.AGREEMENT for gap in bound.gaps):
            return self._all(ReplyLevel.NOTHING)
        seen, stated = seen_of(bound, request, envelope, self.today), request.circumstances
        by_hub = lifted_by(stated.organisation_overrides, seen, self.today)
        found = [
            *(self._in_force(one, request, by_hub) for one in bound.organisation),
            self._agreements(bound, request, seen),
            *self._national(bound.asker_law, request, lifted_by(stated.asker_overrides, seen, self.today)),
            *self._national(bound.owner_law, request, seen),
        ]
        if envelope is not None:
            found.append(self._all(layers.marking(envelope, request, self.law.texts.book, self.today).level))
        least: Levels = np.minimum.reduce(found)
        # A text that errs has said nothing that could be understood. Falls without it: tests/law/test_simulate.py
        return np.maximum(least, ReplyLevel.NOTHING)

    def _circumstances(self, asker: str) -> Circumstances:
        """As the scope states them; a word against a harm is that of whoever asks."""
        stated = self.scope.sketch.circumstances
        given = (one.of(asker) for one in self.scope.assured)
        return msgspec.structs.replace(stated, assurances=(*stated.assurances, *given))

    def _in_force(self, one: Bound, request: Request, seen: Facts) -> Levels:
        """What a text of an organisation says; one that is not in force shuts its layer."""
        lapsed = one.out_of_force(self.today, request.asker, request.owner)
        return self._all(ReplyLevel.NOTHING) if lapsed else self._said(one, request, seen)

    def _agreements(self, bound: Slice, request: Request, seen: Facts) -> Levels:
        """The deepest of what those in force say; one that errs shuts the layer."""
        in_force = [one for one in bound.agreements if not one.out_of_force(self.today, request.asker, request.owner)]
        if not in_force:
            return self._all(ReplyLevel.NOTHING)
        said = [self._said(one, request, seen) for one in in_force]
        deepest: Levels = np.maximum.reduce(said)
        if any(one.min() == _ERRED for one in said):
            deepest = np.where(np.minimum.reduce(said) == _ERRED, _ERRED, deepest)
        return deepest

    def _national(self, bound: Sequence[Bound], request: Request, seen: Facts) -> Iterator[Levels]:
        """Each text in force; of a party whose every text has lapsed nothing is known."""
        in_force = [one for one in bound if not one.out_of_force(self.today, *one.instrument.parties)]
        if not in_force and any(one.instrument.in_force_from <= self.today for one in bound):
            yield self._all(ReplyLevel.NOTHING)
        yield from (self._said(one, request, seen) for one in in_force)

    def _said(self, one: Bound, request: Request, seen: Facts) -> Levels:
        program = one.program
        as_seen = {**seen, "asker": program.side(request.asker), "owner": program.side(request.owner)}
        key = program.name, *as_seen.values()
        if key not in self._known:
            rows = [
                [self._cell(one, request, seen, category, purpose) for purpose in self.scope.purposes]
                for category in self.scope.categories
            ]
            self._known[key] = np.array(rows, np.int8)
        return self._known[key]

    def _cell(self, one: Bound, request: Request, seen: Facts, category: str, purpose: str) -> int:
        outcome = one.program.outcome(request, {**seen, "category": category, "purpose": purpose})
        return _ERRED if outcome.errors else outcome.level

    def _all(self, level: ReplyLevel) -> Levels:
        return np.full(self._shape, level, np.int8)

    def _envelope(self, owner: str) -> Envelope | None:
        """A record of that owner, marked as the scope says."""
        if self.scope.marking is None and not self.scope.traits:
            return None
        return Envelope(
            record="simulated",
            source=owner.lower(),
            country=owner if owner.isupper() else "",
            retain_until=self.today,
            marking=self.scope.marking or Marking(),
            traits=self.scope.traits,
        )


def parties(instruments: Sequence[Instrument]) -> tuple[str, ...]:
    """Everybody who is a party to any of them, territories included."""
    found = {code for one in instruments for code in one.parties}
    found |= {code for one in instruments for codes in one.territory.values() for code in codes}
    return tuple(sorted(found))
