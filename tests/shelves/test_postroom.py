"""The shelf of the post room: each letter once, higher lanes first, none starved, gone when everybody has it."""

from datetime import datetime, timedelta

from comity.domain import limits
from comity.domain.mail import Urgency
from comity.domain.post import InPost
from comity.storage.database import Database
from comity.storage.shelves import Shelves
from tests.shelves.post_samples import in_post
from tests.shelves.samples import NOW

EMERGENCY, URGENT, ROUTINE = Urgency


def take(tx: Shelves, *letters: InPost, at: datetime = NOW) -> None:
    for one in letters:
        tx.postroom.take(one.route.sender, [one], at)


def ids(letters: list[InPost]) -> list[int]:
    return [int(one.route.id.removeprefix("letter-")) for one in letters]


def test_a_letter_comes_out_as_it_went_in(hub: Database):
    with hub.transaction() as tx:
        take(tx, in_post(1))
        assert tx.postroom.waiting("bergenia", 10, 10_000) == [in_post(1)]
        assert tx.postroom.waiting("corvia", 10, 10_000) == []
        assert tx.postroom.held("aldova") == (1, len(in_post(1).sealed.box))


def test_several_letters_of_a_sender_are_taken_in_their_order(hub: Database):
    letters = [in_post(number, lane) for number, lane in enumerate((ROUTINE, URGENT, ROUTINE), 1)]
    with hub.transaction() as tx:
        tx.postroom.take("aldova", letters, NOW)
        tx.postroom.take("aldova", [in_post(4)], NOW)
        assert ids(tx.postroom.waiting("bergenia", 10, 10_000)) == [2, 1, 3, 4]
        assert tx.postroom.held("aldova") == (4, sum(len(in_post(number).sealed.box) for number in range(1, 5)))


def test_what_was_taken_is_known_by_its_digest_also_after_it_was_delivered(hub: Database):
    with hub.transaction() as tx:
        take(tx, in_post(1))
        tx.postroom.done("aldova", ["letter-1"], "bergenia")
        take(tx, in_post(2))
        known = {f"letter-{number}": in_post(number).route.ct_sha256 for number in (1, 2)}
        assert tx.postroom.digests("aldova", ["letter-1", "letter-2", "letter-3"]) == known
        assert tx.postroom.digests("corvia", ["letter-1"]) == {}  # ids are a sender's own
        assert ids(tx.postroom.waiting("bergenia", 10, 10_000)) == [2]


def test_higher_lanes_go_first_and_each_lane_in_its_order(hub: Database):
    with hub.transaction() as tx:
        for number, priority in enumerate((ROUTINE, URGENT, EMERGENCY, ROUTINE, URGENT, EMERGENCY), 1):
            take(tx, in_post(number, priority))
        assert ids(tx.postroom.waiting("bergenia", 10, 10_000)) == [3, 6, 2, 5, 1, 4]


def test_no_lane_starves_behind_higher_ones(hub: Database):
    share = limits.POST_LOWER_LANES_SHARE
    with hub.transaction() as tx:
        for number in range(1, 101):
            take(tx, in_post(number, EMERGENCY))
        for number in range(101, 131):
            take(tx, in_post(number, URGENT))
        for number in range(131, 161):
            take(tx, in_post(number, ROUTINE))
        found = ids(tx.postroom.waiting("bergenia", 100, 10_000))
    assert len(found) == 100
    assert found[: 100 - 2 * share] == list(range(1, 101 - 2 * share))
    assert [one for one in found if one > 130] == list(range(131, 131 + share))


def test_a_fetch_stays_within_its_bytes_and_brings_at_least_one(hub: Database):
    with hub.transaction() as tx:
        for number in range(1, 5):
            take(tx, in_post(number, box=b"x" * 100 + b"%d" % number))
        assert ids(tx.postroom.waiting("bergenia", 10, 250)) == [1, 2]
        assert ids(tx.postroom.waiting("bergenia", 10, 1)) == [1]


def test_a_lower_lane_has_its_share_of_the_bytes(hub: Database):
    with hub.transaction() as tx:
        for number in range(1, 4):
            take(tx, in_post(number, URGENT, box=b"x" * 100 + b"%d" % number))
        take(tx, in_post(4, ROUTINE, box=b"y" * 90))
        assert ids(tx.postroom.waiting("bergenia", 10, 310)) == [1, 2, 4]


def test_a_lane_that_is_passed_over_holds_nobody_else_up(hub: Database):
    with hub.transaction() as tx:
        take(tx, in_post(1))
        take(tx, in_post(2, URGENT))
        take(tx, in_post(3, sender="corvia"))
        assert ids(tx.postroom.waiting("bergenia", 10, 10_000, [("aldova", ROUTINE)])) == [2, 3]


def test_the_box_goes_with_the_last_recipient(hub: Database):
    letter = in_post(1, recipients=("bergenia", "corvia"))
    with hub.transaction() as tx:
        take(tx, letter)
        assert tx.postroom.depths() == {"bergenia": 1, "corvia": 1}
        assert tx.postroom.routes("aldova", ["letter-1", "letter-2"]) == {"letter-1": letter.route}
        assert tx.postroom.done("aldova", ["letter-1"], "bergenia") == 1
        assert tx.postroom.done("aldova", ["letter-1"], "bergenia") == 0
        assert tx.postroom.waiting("corvia", 10, 10_000) == [letter]
        assert tx.postroom.done("aldova", ["letter-1", "letter-2"], "corvia") == 1
        assert tx.postroom.get("aldova", "letter-1").sealed.box == b""
        assert tx.postroom.held("aldova") == (0, 0)


def test_an_expired_letter_leaves_its_outside_until_its_recipient_has_seen_it(hub: Database):
    late = NOW + timedelta(days=11)
    with hub.transaction() as tx:
        take(tx, in_post(1))
        take(tx, in_post(2, expires=NOW + timedelta(days=20)))
        assert [one.id for one in tx.postroom.expire(late)] == ["letter-1"]
        assert tx.postroom.expire(late) == []
        first, second = tx.postroom.waiting("bergenia", 10, 10_000)
        assert (first.sealed.box, first.sealed.route) == (b"", b"signed 1")
        assert second == in_post(2, expires=NOW + timedelta(days=20))
        assert tx.postroom.held("aldova")[0] == 1
        tx.postroom.done("aldova", ["letter-1"], "bergenia")
        tx.postroom.expire(late)
        assert tx.postroom.get("aldova", "letter-1") is None


def test_lanes_tell_how_many_wait_and_since_when(hub: Database):
    with hub.transaction() as tx:
        take(tx, in_post(1))
        take(tx, in_post(2), at=NOW + timedelta(minutes=1))
        take(tx, in_post(3, URGENT), at=NOW + timedelta(minutes=2))
        assert tx.postroom.lanes() == {
            ("bergenia", ROUTINE): (2, NOW),
            ("bergenia", URGENT): (1, NOW + timedelta(minutes=2)),
        }
