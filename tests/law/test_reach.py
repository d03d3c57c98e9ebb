"""A clause that changes nothing is found; one that changes anything at all is not."""

import pytest

from comity.domain.circumstances import Harm, Nature, RefusalGround, Trait
from comity.domain.collection import Category
from comity.domain.instrument import AssuranceNeeded, OffenceScope, Onward, Release, Reply, Special
from comity.domain.purpose import Purpose
from comity.law.instruments import read_instrument
from comity.law.reach import idle
from comity.law.shipped import folder
from tests.law.cast import agreement, forbid, permit
from tests.law.test_render import TEXTS

PERSONS, VEHICLES = (Category.PERSONS,), (Category.VEHICLES,)


def found(*clauses) -> list[str]:
    return [str(one).partition(":")[0] for one in idle(agreement(*clauses))]


@pytest.mark.parametrize("path", [*TEXTS, *sorted(folder("agreements").rglob("*.toml"))], ids=lambda path: path.stem)
def test_every_clause_of_the_texts_that_are_shipped_changes_something(path):
    text = read_instrument(path.read_bytes(), path.name)
    assert not list(idle(text))


@pytest.mark.parametrize(
    ("wide", "shadowed"),
    [
        (permit(), permit("art-2", categories=PERSONS)),
        (permit(), permit("art-2", reply=Reply.HIT)),
        (permit(), permit("art-2", offences=OffenceScope(codes=("murder",)))),
        (permit(obligations=("stated-purpose-only",)), permit("art-2", obligations=("stated-purpose-only",))),
    ],
)
def test_a_clause_in_the_shadow_of_another_is_found(wide, shadowed):
    assert "art-2" in found(wide, shadowed)


def test_a_permit_that_several_forbids_beat_together_is_found():
    some = tuple(Purpose)[:4]
    clauses = (
        permit(categories=VEHICLES),
        permit("art-2", categories=PERSONS),
        forbid("art-3", purposes=some, categories=PERSONS),
    )
    assert found(*clauses) == []
    rest = forbid("art-4", purposes=tuple(Purpose)[4:], categories=PERSONS)
    assert "art-2" in found(*clauses, rest)
    told = next(str(one) for one in idle(agreement(*clauses, rest)) if str(one).startswith("art-2"))
    assert "art-3 or art-4 decided" in told


def test_a_forbid_of_what_nothing_permits_is_found():
    told = [str(one) for one in idle(agreement(permit(categories=PERSONS), forbid(categories=VEHICLES)))]
    assert len(told) == 1
    assert told[0].startswith("art-9: what it forbids is not permitted")


@pytest.mark.parametrize(
    "other",
    [
        permit("art-2", categories=PERSONS, obligations=("stated-purpose-only",)),
        permit("art-2", onward=Onward(rule=Release.ALLOWED, parties=("XC",))),
        permit("art-2", evidence=Release.ALLOWED),
        forbid("art-2", grounds=(RefusalGround.SECURITY,)),
        forbid("art-2", traits=(Trait.MINOR,)),
        forbid("art-2", offences=OffenceScope(natures=(Nature.POLITICAL,))),
    ],
)
def test_a_clause_that_changes_anything_is_left_alone(other):
    assert "art-2" not in found(permit(), other)


@pytest.mark.parametrize(
    "narrow",
    [
        permit(assurances=(AssuranceNeeded(against=Harm.TORTURE),)),
        permit(special=Special(traits=(Trait.MINOR,))),
        permit(officer_named=True),
        permit(offences=OffenceScope(dual_criminality=True)),
    ],
)
def test_a_wider_clause_beside_a_narrow_one_is_left_alone(narrow):
    assert "art-2" not in found(narrow, permit("art-2"))
