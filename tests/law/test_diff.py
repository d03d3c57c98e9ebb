"""Two texts compared: what changes is found, what does not is not told, and the same seed draws the same."""

from datetime import date
from random import Random

import msgspec
import pytest

from comity.domain import limits
from comity.domain.caller import Role
from comity.domain.circumstances import EntityKind, Harm, Nature, RefusalGround, Tier, Trait
from comity.domain.collection import Category
from comity.domain.hit import Priority
from comity.domain.instrument import AssuranceNeeded, Layer, OffenceScope, Quota, Reply, Special
from comity.domain.purpose import Purpose
from comity.law.diff import Difference, differ, words
from comity.law.facts import facts
from comity.law.grid import fitting, grid
from comity.law.instruments import read_instrument
from comity.law.rulebook import shipped_rulebook
from comity.law.shipped import model_agreements
from comity.law.texts import compiled
from tests.law.cast import agreement, forbid, permit

BOOK = shipped_rulebook()
SHUT = {"in_force_until": date(2030, 12, 31)}


def compared(old, new, samples=300, seed=1) -> Difference:
    return differ(old, new, BOOK, samples, seed)


def turns(found: Difference) -> set[tuple[str, str]]:
    return {(one.turn.before, one.turn.after) for one in found.turns}


def test_a_text_compared_with_itself_decides_nothing_otherwise():
    for path in model_agreements():
        text = read_instrument(path.read_bytes(), path.name)
        assert compared(text, text, samples=100).turns == ()


@pytest.mark.parametrize(
    ("changes", "turn"),
    [
        ({"reply": Reply.CORE}, ("full", "core")),
        ({"categories": (Category.PERSONS,)}, ("full", "refused")),
        ({"purposes": (Purpose.LOCATE,)}, ("full", "refused")),
        ({"roles": (Role.SUPERVISOR,)}, ("full", "refused")),
        ({"askers": ("XA",)}, ("full", "refused")),
        ({"offences": OffenceScope(penalty_min_months=12)}, ("full", "refused")),
        ({"offences": OffenceScope(excluded=(Nature.POLITICAL,))}, ("full", "refused")),
        ({"entities": (EntityKind.CUSTOMS,)}, ("full", "refused")),
        ({"tiers": (Tier.FULL,)}, ("full", "refused")),
        ({"priorities": (Priority.URGENT,)}, ("full", "refused")),
        ({"assurances": (AssuranceNeeded(against=Harm.TORTURE),)}, ("full", "refused")),
        ({"special": Special(traits=(Trait.MINOR,))}, ("full", "refused")),
        ({"obligations": ("stated-purpose-only",)}, ("full", "full")),
    ],
)
def test_whatever_changes_in_a_clause_is_found(changes, turn):
    found = compared(agreement(permit()), agreement(permit(**changes)))
    assert turns(found) == {turn}


def test_the_day_on_which_it_ends_is_asked_on_both_sides():
    found = compared(agreement(permit()), agreement(permit(), **SHUT), samples=0)
    assert turns(found) == {("full", "refused")}
    assert {one.example.on for one in found.turns} == {date(2031, 1, 1)}
    assert {date(2030, 12, 31), date(2019, 12, 31), date(2020, 1, 1)} < set(found.grid.days)


def test_the_same_seed_finds_the_same_and_the_words_name_it():
    old, new = agreement(permit()), agreement(permit(), forbid(grounds=(RefusalGround.SECURITY,)))
    again = [msgspec.json.encode(compared(old, new, seed=7)) for _ in range(2)]
    assert again[0] == again[1]
    told = list(words(old, new, compared(old, new, seed=7), BOOK))
    assert "art-9: is new" in told
    assert any(line.endswith("and 300 drawn with seed 7.") for line in told)
    assert any("now by treaty art-9" in line for line in told)


def test_the_grid_is_asked_whole_and_beyond_the_limit_it_says_so(monkeypatch):
    old, new = agreement(permit()), agreement(permit(reply=Reply.HIT))
    whole = compared(old, new, samples=0)
    assert whole.asked_of_grid == whole.grid.size == len(list(whole.grid.requests()))
    monkeypatch.setattr(limits, "LAW_GRID_MAX", 5)
    part = compared(old, new, samples=0)
    assert part.asked_of_grid < part.grid.size
    assert f" of {part.grid.size:,} requests of the grid" in next(iter(words(old, old, part, BOOK)))


def test_a_national_law_is_asked_by_and_of_strangers_too():
    law = {"layer": Layer.NATIONAL_LAW, "parties": ("XA",)}
    found = compared(agreement(permit(), **law), agreement(permit(reply=Reply.HIT), **law))
    assert turns(found) == {("full", "hit")}
    assert len(grid(agreement(permit(), layer=Layer.ORGANISATION, parties=())).parties) == 2


@pytest.mark.parametrize(
    "clause",
    [
        permit(
            roles=(Role.SUPERVISOR,),
            entities=(EntityKind.CUSTOMS,),
            tiers=(Tier.LIMITED,),
            deny_countries=("XC",),
            offences=OffenceScope(codes=("murder",), sentence_min_months=6, dual_criminality=True),
            priorities=(Priority.URGENT,),
            languages=("fr",),
            quota=Quota(questions=1, days=1),
            assurances=(AssuranceNeeded(against=Harm.DEATH_PENALTY),),
        ),
        forbid(
            traits=(Trait.VICTIM,), grounds=(RefusalGround.SECURITY,), offences=OffenceScope(natures=(Nature.RACIAL,))
        ),
    ],
)
def test_a_request_that_is_drawn_to_fit_a_clause_fits_it(clause):
    text = agreement(clause)
    program, draw = compiled(text), Random(1)
    for _ in range(20):
        asked = fitting(text, clause, draw)
        found = program.outcome(asked.request, facts(asked.request, asked.envelope, asked.on))
        assert [one.id for one in found.clauses] == [clause.id]
