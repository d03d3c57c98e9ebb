"""The shelf of letters under seal: the same bytes until the recipient has them, in order; where each lane stands."""

from datetime import timedelta

from comity.domain.letter import Lane
from comity.domain.mail import Urgency
from comity.domain.sealed import Place
from comity.storage.database import Database
from tests.shelves.post_samples import in_post, open_letter
from tests.shelves.samples import NOW

URGENT = Urgency.URGENT


def test_a_lane_stands_at_the_last_letter_sealed(store: Database):
    with store.transaction() as tx:
        assert tx.sealed.sent("bergenia", Lane.BULK) == Place()
        tx.sealed.put([(open_letter(1), in_post(1))], NOW)
        tx.sealed.put([(open_letter(2), in_post(2))], NOW)
        assert tx.sealed.sent("bergenia", Lane.BULK) == Place(seq=2, ct_sha256=in_post(2).route.ct_sha256)
        assert tx.sealed.sent("bergenia", Lane.URGENT) == tx.sealed.taken("bergenia", Lane.BULK) == Place()
        tx.sealed.took("bergenia", Lane.BULK, Place(seq=7, ct_sha256="a" * 64))
        assert tx.sealed.taken("bergenia", Lane.BULK) == Place(seq=7, ct_sha256="a" * 64)


def test_what_the_hub_has_not_is_brought_higher_lanes_first(store: Database):
    with store.transaction() as tx:
        tx.sealed.put([(open_letter(1), in_post(1))], NOW)
        tx.sealed.put([(open_letter(2), in_post(2))], NOW)
        tx.sealed.put([(open_letter(3, Lane.URGENT), in_post(3, URGENT))], NOW)
        assert tx.sealed.to_submit(NOW, 10, 10_000) == [in_post(3, URGENT), in_post(1), in_post(2)]
        assert tx.sealed.to_submit(NOW, 2, 10_000) == [in_post(3, URGENT), in_post(1)]
        assert tx.sealed.to_submit(NOW, 10, 1) == [in_post(3, URGENT)]
        tx.sealed.relayed(["letter-3", "letter-1"], NOW)
        assert tx.sealed.to_submit(NOW, 10, 10_000) == [in_post(2)]
        assert tx.sealed.depths() == {"bergenia": 3}


def test_none_overtakes_one_that_the_hub_refused(store: Database):
    with store.transaction() as tx:
        tx.sealed.put([(open_letter(1), in_post(1))], NOW)
        tx.sealed.put([(open_letter(2), in_post(2))], NOW)
        tx.sealed.put([(open_letter(3, Lane.URGENT), in_post(3, URGENT))], NOW)
        tx.sealed.failed("letter-1", NOW + timedelta(seconds=30), "too many wait")
        assert tx.sealed.to_submit(NOW, 10, 10_000) == [in_post(3, URGENT)]
        assert tx.sealed.to_submit(NOW + timedelta(seconds=30), 10, 10_000)[1:] == [in_post(1), in_post(2)]


def test_it_is_kept_until_its_recipient_has_it(store: Database):
    with store.transaction() as tx:
        tx.sealed.put([(open_letter(1), in_post(1))], NOW)
        tx.sealed.relayed(["letter-1"], NOW)
        assert tx.sealed.get("letter-1") == (open_letter(1), in_post(1))
        assert tx.sealed.undelivered() == tx.sealed.undelivered("bergenia") == [in_post(1)]
        assert tx.sealed.undelivered("corvia") == []
        assert tx.sealed.routes(["letter-1", "letter-2"]) == {"letter-1": in_post(1).route}
        assert tx.sealed.delivered(["letter-1", "letter-2"]) == 1
        assert tx.sealed.delivered(["letter-1"]) == 0
        assert tx.sealed.get("letter-1") is None


def test_letters_past_their_time_are_given_up_once_the_hub_has_their_outside(store: Database):
    late = NOW + timedelta(days=11)
    with store.transaction() as tx:
        tx.sealed.put([(open_letter(1), in_post(1))], NOW)
        tx.sealed.put([(open_letter(2), in_post(2))], NOW)
        tx.sealed.relayed(["letter-1"], NOW)
        assert tx.sealed.expire(late) == [open_letter(1)]
        assert tx.sealed.expire(late) == []
        assert tx.sealed.undelivered() == [in_post(2)]


def test_letters_that_wait_for_long_are_told_by_lane(store: Database):
    with store.transaction() as tx:
        tx.sealed.put([(open_letter(1), in_post(1))], NOW)
        tx.sealed.put([(open_letter(2), in_post(2))], NOW + timedelta(hours=1))
        assert tx.sealed.sealed_before(Lane.BULK, NOW + timedelta(minutes=1)) == [open_letter(1)]
        assert tx.sealed.sealed_before(Lane.URGENT, NOW + timedelta(minutes=1)) == []
