"""One instrument alone: which clause lets out how much."""

import pytest

from comity.domain.collection import Category
from comity.domain.instrument import Reply
from comity.domain.purpose import Purpose
from tests.law.cast import CORE, FULL, HIT, NOTHING, forbid, nearest, outcome, permit, program, request

REQUEST = request()


@pytest.mark.parametrize(("reply", "level"), [(Reply.HIT, HIT), (Reply.CORE, CORE), (Reply.FULL, FULL)])
def test_a_clause_permits_up_to_its_reply_level(reply, level):
    assert outcome(program(permit(reply=reply)), REQUEST).level is level


def test_the_deepest_permit_decides():
    found = outcome(program(permit("a", Reply.HIT), permit("b", Reply.CORE), permit("c", Reply.CORE)), REQUEST)
    assert (found.level, [clause.id for clause in found.clauses]) == (CORE, ["b", "c"])


def test_a_forbidding_clause_beats_every_permit_at_every_level():
    found = outcome(program(permit(), forbid(categories=(Category.PERSONS,))), REQUEST)
    assert (found.level, [clause.id for clause in found.clauses]) == (NOTHING, ["art-9"])


@pytest.mark.parametrize(
    "condition",
    [
        {"categories": (Category.VEHICLES,)},
        {"purposes": (Purpose.LOCATE,)},
        {"roles": ("supervisor",)},
        {"askers": ("XC",)},
        {"owners": ("XC",)},
    ],
    ids=lambda condition: next(iter(condition)),
)
def test_each_condition_alone_withholds(condition):
    one = program(permit(**condition))
    assert outcome(one, REQUEST).level is NOTHING
    assert nearest(one, REQUEST).failing == tuple(condition)


def test_of_several_clauses_the_one_that_comes_closest_is_told():
    one = program(
        permit("cars", categories=(Category.VEHICLES,)),
        permit("elsewhere", owners=("XC",)),
        permit("other-purpose", purposes=(Purpose.LOCATE,), roles=("officer",)),
        permit("other-purpose-and-role", purposes=(Purpose.LOCATE,), roles=("supervisor",)),
    )
    assert nearest(one, REQUEST).clause.id == "other-purpose"


def test_two_clauses_with_one_id_are_refused():
    """The later would silently replace the earlier, here the one that forbids."""
    with pytest.raises(ValueError, match="same id"):
        program(forbid("art-1"), permit("art-1"))


def test_a_permit_that_does_not_say_how_much_is_refused():
    with pytest.raises(ValueError, match="no reply"):
        program(permit(reply=None))


def test_a_clause_for_strangers_is_refused():
    with pytest.raises(ValueError, match="XZ"):
        program(permit(askers=("XZ",)))
