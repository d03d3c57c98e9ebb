"""The requests by which texts of law are compared: all values that they name, and requests that fit their clauses."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import product
from math import prod
from random import Random
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from comity.domain.caller import Role
from comity.domain.circumstances import Assurance, Circumstances, EntityKind, Nature, StatedOffence, Tier, Trait
from comity.domain.collection import Category
from comity.domain.decision import Envelope, Request
from comity.domain.hit import Priority
from comity.domain.instrument import Clause, Effect, Instrument, Layer, OffenceScope
from comity.domain.purpose import Purpose
from comity.law.facts import ANYONE_ELSE

_T = TypeVar("_T")
OTHER = "other"  # an offence that no text names
_DAY = timedelta(days=1)


class Asked(Struct, frozen=True, kw_only=True):
    """One request of one record on one day."""

    request: Request
    traits: tuple[Trait, ...] = ()
    on: date

    @property
    def envelope(self) -> Envelope:
        return Envelope(record="asked", source=self.request.owner, retain_until=self.on, traits=self.traits)


class Grid(Struct, frozen=True, kw_only=True):
    """Every value that some texts name, and of each kind one that they do not; all combinations are asked."""

    parties: tuple[str, ...]
    categories: tuple[Category, ...]
    purposes: tuple[Purpose, ...]
    roles: tuple[Role, ...]
    offences: tuple[StatedOffence | None, ...]
    days: tuple[date, ...]

    @property
    def size(self) -> int:
        others = (self.categories, self.purposes, self.roles, self.offences, self.days)
        return len(self.parties) * (len(self.parties) - 1) * prod(map(len, others))

    def requests(self) -> Iterator[Asked]:
        for asker, owner in product(self.parties, self.parties):
            if asker != owner:
                for category, purpose, role, offence, on in product(
                    self.categories, self.purposes, self.roles, self.offences, self.days
                ):
                    request = Request(
                        asker=asker,
                        owner=owner,
                        category=category,
                        purpose=purpose,
                        roles=(role,),
                        circumstances=Circumstances(offence=offence),
                    )
                    yield Asked(request=request, on=on)


def grid(*texts: Instrument) -> Grid:
    """Of all that these texts name."""
    clauses = [clause for text in texts for clause in text.clauses]
    return Grid(
        parties=_parties(texts),
        categories=_named((one for clause in clauses for one in clause.categories), Category),
        purposes=_named((one for clause in clauses for one in clause.purposes), Purpose),
        roles=_named((one for clause in clauses for one in clause.roles), Role),
        offences=_offences([clause.offences for clause in clauses if clause.offences], _parties(texts)),
        days=tuple(sorted({day for text in texts for day in _days(text)})),
    )


def fitting(text: Instrument, clause: Clause, draw: Random) -> Asked:
    """A request that meets every condition of the clause, if any can; what it leaves open is drawn."""
    asker, owner = _pair(text, clause, draw)
    assured = tuple(
        Assurance(against=one.against, given_by=asker, reference="drawn", until=date.max) for one in clause.assurances
    )
    circumstances = Circumstances(
        entity=draw.choice(clause.entities or tuple(EntityKind)),
        tier=draw.choice(clause.tiers or tuple(Tier)),
        offence=_fitting_offence(clause, asker, owner, draw),
        priority=draw.choice(clause.priorities or tuple(Priority)),
        language=draw.choice(clause.languages or ("en",)),
        necessity="It is needed." if clause.special else "",
        grounds=clause.grounds[:1],
        assurances=assured,
        asked={f"{text.id} {one.id}": 0 for one in text.clauses if one.quota},
    )
    roles = clause.roles or (clause.special.roles if clause.special and clause.special.roles else tuple(Role))
    request = Request(
        asker=asker,
        owner=owner,
        category=draw.choice(clause.categories or tuple(Category)),
        purpose=draw.choice(clause.purposes or tuple(Purpose)),
        roles=(draw.choice(roles),),
        circumstances=circumstances,
    )
    return Asked(request=request, traits=clause.traits[:1], on=draw.choice(tuple(_days(text))))


def strayed(asked: Asked, draw: Random) -> Asked:
    """The same but for one thing."""
    stated = asked.request.circumstances
    changes: tuple[dict[str, Any], ...] = (
        {"category": draw.choice(tuple(Category))},
        {"purpose": draw.choice(tuple(Purpose))},
        {"roles": (draw.choice(tuple(Role)),)},
        {"asker": asked.request.owner, "owner": asked.request.asker},
        {"circumstances": msgspec.structs.replace(stated, entity=draw.choice((None, *EntityKind)))},
        {"circumstances": msgspec.structs.replace(stated, tier=draw.choice((None, *Tier)))},
        {"circumstances": msgspec.structs.replace(stated, offence=_strayed_offence(stated.offence, draw))},
        {"circumstances": msgspec.structs.replace(stated, priority=draw.choice((None, *Priority)))},
        {"circumstances": msgspec.structs.replace(stated, language="")},
        {"circumstances": msgspec.structs.replace(stated, necessity="")},
        {"circumstances": msgspec.structs.replace(stated, assurances=())},
        {"circumstances": msgspec.structs.replace(stated, asked=None)},
        {"officer_named": False},
    )
    traits = asked.traits or draw.choice(((), (draw.choice(tuple(Trait)),)))
    return msgspec.structs.replace(
        asked, request=msgspec.structs.replace(asked.request, **draw.choice(changes)), traits=traits
    )


def _strayed_offence(offence: StatedOffence | None, draw: Random) -> StatedOffence | None:
    if offence is None:
        return None
    changes: tuple[dict[str, Any], ...] = (
        {"code": OTHER},
        {"penalty_max_months": 0},
        {"sentence_months": None},
        {"punishable_in": ()},
        {"natures": (draw.choice(tuple(Nature)),)},
    )
    return draw.choice((None, msgspec.structs.replace(offence, **draw.choice(changes))))


# -- the values -------------------------------------------------------------------------------------------------------


def _parties(texts: Sequence[Instrument]) -> tuple[str, ...]:
    found = {
        code for text in texts for code in (*text.parties, *(one for some in text.territory.values() for one in some))
    }
    found |= {
        code for text in texts for one in text.clauses for code in (*one.askers, *one.owners, *one.deny_countries)
    }
    strangers = (
        [ANYONE_ELSE, f"{ANYONE_ELSE}{ANYONE_ELSE}"] if any(one.layer is not Layer.AGREEMENT for one in texts) else []
    )
    return (*sorted(found), *strangers)


def _named(named: Iterable[_T], every: Iterable[_T]) -> tuple[_T, ...]:
    """Those that are named, in their order, and one that is not: all of these are alike to the texts."""
    found = set(named)
    unnamed = [one for one in every if one not in found][:1]
    return (*(one for one in every if one in found), *unnamed)


def _offences(scopes: Sequence[OffenceScope], parties: tuple[str, ...]) -> tuple[StatedOffence | None, ...]:
    """None stated; and each code with each side of each threshold, each nature, on both sides or not."""
    if not scopes:
        return (None,)
    codes = [*dict.fromkeys(code for scope in scopes for code in scope.codes), OTHER]
    penalties = _thresholds(scope.penalty_min_months for scope in scopes)
    sentences = _thresholds(scope.sentence_min_months for scope in scopes)
    named = dict.fromkeys(nature for scope in scopes for nature in (*scope.excluded, *scope.natures))
    natures = [(), *((nature,) for nature in named)]
    where = [parties, ()] if any(scope.dual_criminality for scope in scopes) else [()]
    return (
        None,
        *(
            StatedOffence(
                code=code, penalty_max_months=penalty, sentence_months=sentence, natures=nature, punishable_in=countries
            )
            for code, penalty, sentence, nature, countries in product(codes, penalties, sentences, natures, where)
        ),
    )


def _thresholds(months: Iterable[int | None]) -> list[int | None]:
    found = sorted({side for one in months if one is not None for side in (one - 1, one)})
    return list(found) or [None]


def _days(text: Instrument) -> Iterator[date]:
    """The last day before, and the first of, each time at which something begins or ends."""
    begins = [text.in_force_from, text.suspended_from, *text.go_live.values()]
    ends = [text.in_force_until, text.suspended_until]
    firsts = {day for day in begins if day} | {day + _DAY for day in ends if day and day < date.max}
    yield from sorted(firsts | {day - _DAY for day in firsts if day > date.min})


def _pair(text: Instrument, clause: Clause, draw: Random) -> tuple[str, str]:
    everybody = _parties([text])
    askers = [one for one in clause.askers or everybody if one not in clause.deny_countries]
    if clause.tiers and text.tiers:
        askers = [one for one in askers if text.tiers.get(one) in clause.tiers]
    pairs = [(asker, owner) for asker in askers for owner in clause.owners or everybody if asker != owner]
    return draw.choice(pairs or [(everybody[0], everybody[-1])])


def _fitting_offence(clause: Clause, asker: str, owner: str, draw: Random) -> StatedOffence:
    scope = clause.offences or OffenceScope()
    return StatedOffence(
        code=draw.choice(scope.codes or (OTHER,)),
        penalty_max_months=scope.penalty_min_months or 1_200,
        sentence_months=scope.sentence_min_months,
        punishable_in=(asker, owner),
        natures=scope.natures[:1] if clause.effect is Effect.FORBID else (),
    )
