"""What a member's standing lets it be told: by category, by day, and by whoever reviewed."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from comity.domain.bureau import GRAVITY, Manifest, Measure, Member, NodeRole, Standing
from comity.law.standing import HELD_CLAUSE, refusal

TODAY = date(2031, 7, 9)
DAY = timedelta(days=1)


def member(*measures: Measure, **fields: Any) -> Member:
    empty = dict.fromkeys(Manifest.__struct_fields__, "")
    told = {**empty, "node": "aldova", "name": "Aldova", "role": NodeRole.BUREAU, "country": "XA", "version": 1}
    return Member(manifest=Manifest(**told), signed_manifest="", fingerprint="", measures=measures, **fields)


def measure(standing: Standing, *categories: str, **fields: Any) -> Measure:
    told = {"id": "m-1", "member": "aldova", "reason": "too many questions", "decided_by": "legal office, 7/2031"}
    return Measure(**{**told, "first_day": TODAY, **fields}, standing=standing, categories=categories)


def test_an_active_member_is_told_what_the_law_allows():
    assert refusal(member(), "persons", TODAY) is None


def test_a_suspended_member_is_told_nothing_and_why():
    told = refusal(member(measure(Standing.SUSPENDED)), "persons", TODAY)
    assert told.clause == "directory measure m-1"
    assert told.text == "Aldova is suspended, by decision of legal office, 7/2031: too many questions."
    assert refusal(member(measure(Standing.SUSPENDED)), "persons", TODAY, reviewed=True) == told


def test_a_restriction_holds_in_its_categories_alone():
    restricted = member(measure(Standing.RESTRICTED, "persons", "vehicles"))
    assert "restricted in persons, vehicles" in refusal(restricted, "vehicles", TODAY).text
    assert refusal(restricted, "vessels", TODAY) is None
    assert refusal(member(measure(Standing.RESTRICTED)), "vessels", TODAY).text.startswith(
        "Aldova is restricted in every category"
    )


def test_what_a_supervised_member_asks_is_held_until_it_is_reviewed():
    supervised = member(measure(Standing.SUPERVISED, last_day=TODAY + DAY))
    told = refusal(supervised, "persons", TODAY)
    assert told.clause == HELD_CLAUSE
    assert told.text.startswith(f"Held for review: Aldova is supervised until {TODAY + DAY}")
    assert refusal(supervised, "persons", TODAY, reviewed=True) is None


def test_a_review_does_not_lift_a_restriction():
    both = member(measure(Standing.SUPERVISED), measure(Standing.RESTRICTED, "persons", id="m-2"))
    assert refusal(both, "persons", TODAY, reviewed=True).clause == "directory measure m-2"
    assert refusal(both, "vehicles", TODAY).clause == HELD_CLAUSE


@pytest.mark.parametrize(("days", "stands"), [(-1, False), (0, True), (5, True), (6, False)])
def test_both_days_are_included(days, stands):
    until = member(measure(Standing.SUSPENDED, last_day=TODAY + 5 * DAY), standing=Standing.SUSPENDED, reason="x")
    assert (refusal(until, "persons", TODAY + days * DAY) is not None) is stands


def test_suspended_by_a_hub_of_an_earlier_release():
    told = refusal(member(standing=Standing.SUSPENDED, reason="keys lost"), "persons", TODAY, reviewed=True)
    assert (told.clause, "keys lost" in told.text) == ("directory standing", True)


@pytest.mark.parametrize("standing", [one for one in Standing if one is not Standing.ACTIVE])
def test_no_standing_but_active_permits_by_itself(standing):
    assert refusal(member(measure(standing)), "persons", TODAY) is not None
    assert refusal(member(standing=standing), "persons", TODAY) is not None


def test_the_gravest_measure_speaks():
    every = [measure(one, id=one.value) for one in GRAVITY if one is not Standing.ACTIVE]
    assert member(*every).stands(TODAY) is Standing.SUSPENDED
    assert member(*reversed(every)).measure(TODAY).id == "suspended"
    lighter = member(*(msgspec.structs.replace(one, last_day=TODAY) for one in every[-1:]), *every[:-1])
    assert lighter.stands(TODAY + DAY) is Standing.RESTRICTED
