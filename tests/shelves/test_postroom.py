"""The shelf of the post room: each letter once, higher lanes first, none starved, gone when everybody has it."""

from datetime import timedelta

import pytest

from comity.domain import limits
from comity.domain.errors import Conflict
from comity.domain.mail import Urgency
from comity.domain.post import InPost
from comity.storage.database import Database
from tests.shelves.post_samples import in_post
from tests.shelves.samples import NOW

EMERGENCY, URGENT, ROUTINE = Urgency


def ids(letters: list[InPost]) -> list[int]:
    return [int(one.route.id.removeprefix("letter-")) for one in letters]


def test_a_letter_is_taken_once_and_comes_out_as_it_went_in(hub: Database):
    with hub.transaction() as tx:
        assert tx.postroom.take(in_post(1), NOW)
        assert not tx.postroom.take(in_post(1), NOW)
        assert tx.postroom.waiting("bergenia", 10, 10_000) == [in_post(1)]
        assert tx.postroom.waiting("corvia", 10, 10_000) == []
        assert tx.postroom.held("aldova") == (1, len(in_post(1).sealed.box))


def test_other_bytes_under_an_id_that_was_used_are_refused(hub: Database):
    with hub.transaction() as tx:
        tx.postroom.take(in_post(1), NOW)
        with pytest.raises(Conflict, match="Other bytes"):
            tx.postroom.take(in_post(1, box=b"other"), NOW)
        assert tx.postroom.take(in_post(1, box=b"other", sender="corvia"), NOW)  # ids are a sender's own


def test_other_bytes_are_refused_also_after_the_letter_was_delivered(hub: Database):
    with hub.transaction() as tx:
        tx.postroom.take(in_post(1), NOW)
        tx.postroom.done("aldova", "letter-1", "bergenia")
        assert not tx.postroom.take(in_post(1), NOW)
        with pytest.raises(Conflict):
            tx.postroom.take(in_post(1, box=b"other"), NOW)
        assert tx.postroom.waiting("bergenia", 10, 10_000) == []


def test_higher_lanes_go_first_and_each_lane_in_its_order(hub: Database):
    with hub.transaction() as tx:
        for number, priority in enumerate((ROUTINE, URGENT, EMERGENCY, ROUTINE, URGENT, EMERGENCY), 1):
            tx.postroom.take(in_post(number, priority), NOW)
        assert ids(tx.postroom.waiting("bergenia", 10, 10_000)) == [3, 6, 2, 5, 1, 4]


def test_no_lane_starves_behind_higher_ones(hub: Database):
    share = limits.POST_LOWER_LANES_SHARE
    with hub.transaction() as tx:
        for number in range(1, 101):
            tx.postroom.take(in_post(number, EMERGENCY), NOW)
        for number in range(101, 131):
            tx.postroom.take(in_post(number, URGENT), NOW)
        for number in range(131, 161):
            tx.postroom.take(in_post(number, ROUTINE), NOW)
        found = ids(tx.postroom.waiting("bergenia", 100, 10_000))
    assert len(found) == 100
    assert found[: 100 - 2 * share] == list(range(1, 101 - 2 * share))
    assert [one for one in found if one > 130] == list(range(131, 131 + share))


def test_a_fetch_stays_within_its_bytes_and_brings_at_least_one(hub: Database):
    with hub.transaction() as tx:
        for number in range(1, 5):
            tx.postroom.take(in_post(number, box=b"x" * 100 + b"%d" % number), NOW)
        assert ids(tx.postroom.waiting("bergenia", 10, 250)) == [1, 2]
        assert ids(tx.postroom.waiting("bergenia", 10, 1)) == [1]


def test_a_lower_lane_has_its_share_of_the_bytes(hub: Database):
    with hub.transaction() as tx:
        for number in range(1, 4):
            tx.postroom.take(in_post(number, URGENT, box=b"x" * 100 + b"%d" % number), NOW)
        tx.postroom.take(in_post(4, ROUTINE, box=b"y" * 90), NOW)
        assert ids(tx.postroom.waiting("bergenia", 10, 310)) == [1, 2, 4]


def test_a_lane_that_is_passed_over_holds_nobody_else_up(hub: Database):
    with hub.transaction() as tx:
        tx.postroom.take(in_post(1), NOW)
        tx.postroom.take(in_post(2, URGENT), NOW)
        tx.postroom.take(in_post(3, sender="corvia"), NOW)
        assert ids(tx.postroom.waiting("bergenia", 10, 10_000, [("aldova", ROUTINE)])) == [2, 3]


def test_the_box_goes_with_the_last_recipient(hub: Database):
    letter = in_post(1, recipients=("bergenia", "corvia"))
    with hub.transaction() as tx:
        tx.postroom.take(letter, NOW)
        assert tx.postroom.depths() == {"bergenia": 1, "corvia": 1}
        assert tx.postroom.done("aldova", "letter-1", "bergenia")
        assert not tx.postroom.done("aldova", "letter-1", "bergenia")
        assert tx.postroom.waiting("corvia", 10, 10_000) == [letter]
        assert tx.postroom.done("aldova", "letter-1", "corvia")
        assert tx.postroom.get("aldova", "letter-1").sealed.box == b""
        assert tx.postroom.held("aldova") == (0, 0)


def test_an_expired_letter_leaves_its_outside_until_its_recipient_has_seen_it(hub: Database):
    late = NOW + timedelta(days=11)
    with hub.transaction() as tx:
        tx.postroom.take(in_post(1), NOW)
        tx.postroom.take(in_post(2, expires=NOW + timedelta(days=20)), NOW)
        assert [one.id for one in tx.postroom.expire(late)] == ["letter-1"]
        assert tx.postroom.expire(late) == []
        first, second = tx.postroom.waiting("bergenia", 10, 10_000)
        assert (first.sealed.box, first.sealed.route) == (b"", b"signed 1")
        assert second == in_post(2, expires=NOW + timedelta(days=20))
        assert tx.postroom.held("aldova")[0] == 1
        tx.postroom.done("aldova", "letter-1", "bergenia")
        tx.postroom.expire(late)
        assert tx.postroom.get("aldova", "letter-1") is None


def test_lanes_tell_how_many_wait_and_since_when(hub: Database):
    with hub.transaction() as tx:
        tx.postroom.take(in_post(1), NOW)
        tx.postroom.take(in_post(2), NOW + timedelta(minutes=1))
        tx.postroom.take(in_post(3, URGENT), NOW + timedelta(minutes=2))
        assert tx.postroom.lanes() == {
            ("bergenia", ROUTINE): (2, NOW),
            ("bergenia", URGENT): (1, NOW + timedelta(minutes=2)),
        }
