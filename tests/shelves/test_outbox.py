"""The shelf of letters to be delivered: in order, retried with longer and longer waits, none lost."""

from datetime import timedelta

from msgspec.structs import replace

from comity.domain import limits
from comity.domain.letter import Body, Lane, LetterParked, LetterVoid, RecordsWithdraw
from comity.storage.database import Database
from tests.shelves.samples import NOW

URGENT, BULK = Lane.URGENT, Lane.BULK
SECOND = timedelta(seconds=1)
MONTH = timedelta(days=limits.LETTER_DAYS_MAX)


def bulk(number: int = 1) -> Body:
    return LetterParked(letter=f"letter-{number}", unknown_kind="greeting")


def urgent() -> Body:
    return RecordsWithdraw(share="share-1", withdrawals=())


def test_letters_are_numbered_per_recipient_and_lane(store: Database):
    with store.transaction() as tx:
        for recipient, body in (("hub", bulk()), ("hub", bulk()), ("aldova", bulk()), ("hub", urgent())):
            tx.outbox.send(recipient, body, NOW)
        tx.commit()
    with store.reading() as tx:
        letters = [tx.outbox.next(*queue) for queue in (("hub", BULK), ("aldova", BULK), ("hub", URGENT))]
        assert [one and (one.sender, one.recipient, one.sequence) for one in letters] == [
            ("bergenia", "hub", 1),
            ("bergenia", "aldova", 1),
            ("bergenia", "hub", 1),
        ]
        assert tx.outbox.depths() == {"aldova": 1, "hub": 3}
        assert tx.outbox.next("corvia", BULK) is None


def test_a_number_is_not_given_twice_once_its_letter_has_been_delivered(store: Database):
    with store.transaction() as tx:
        for expected in (1, 2, 3):
            letter_id = tx.outbox.send("hub", bulk(), NOW)
            letter = tx.outbox.next("hub", BULK)
            assert letter is not None
            assert (letter.id, letter.sequence, letter.body) == (letter_id, expected, bulk())
            tx.outbox.delivered([letter_id], NOW)
        assert tx.outbox.depths() == {}


def test_urgent_letters_are_named_before_bulk(store: Database):
    with store.transaction() as tx:
        for recipient in ("hub", "aldova"):
            tx.outbox.send(recipient, bulk(), NOW)
            tx.outbox.send(recipient, urgent(), NOW)
        assert tx.outbox.waiting(NOW) == [("aldova", URGENT), ("aldova", BULK), ("hub", URGENT), ("hub", BULK)]


def test_waits_double_up_to_the_longest_and_nothing_overtakes(store: Database):
    with store.transaction() as tx:
        first = tx.outbox.send("hub", bulk(1), NOW)
        tx.outbox.send("hub", bulk(2), NOW)
        now = NOW
        for expected in (1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300):
            assert tx.outbox.waiting(now) == [("hub", BULK)]
            tx.outbox.failed(first, now, "The hub is silent.")
            wait = timedelta(seconds=expected)
            assert tx.outbox.waiting(now + wait - timedelta(microseconds=1)) == []
            now += wait
        letter = tx.outbox.next("hub", BULK)
        assert letter is not None
        assert letter.id == first


def test_a_recipient_that_was_heard_from_is_tried_at_once(store: Database):
    with store.transaction() as tx:
        for recipient in ("hub", "aldova"):
            tx.outbox.failed(tx.outbox.send(recipient, bulk(), NOW), NOW, "silent")
        tx.outbox.retry_now("hub")
        assert tx.outbox.waiting(NOW) == [("hub", BULK)]


def test_a_failure_of_a_letter_that_has_gone_is_nothing(store: Database):
    with store.transaction() as tx:
        tx.outbox.failed("letter-9", NOW, "silent")
        tx.outbox.delivered(["letter-9"], NOW)
        assert tx.outbox.waiting(NOW) == []


def test_a_void_letter_takes_the_place_of_one_past_its_time(store: Database):
    """Same id, same number: whether or not the recipient got it, it can take the next one."""
    with store.transaction() as tx:
        for number, late in enumerate((0, 1, 2)):
            tx.outbox.send("hub", bulk(number), NOW + late * SECOND)
        tx.outbox.send("hub", urgent(), NOW)
        assert tx.outbox.expire(NOW + MONTH) == []
        now = NOW + MONTH + 2 * SECOND
        given_up = tx.outbox.expire(now)
        assert [(one.lane, one.sequence, one.body) for one in given_up] == [
            (BULK, 1, bulk(0)),
            (BULK, 2, bulk(1)),
            (URGENT, 1, urgent()),
        ]
        assert tx.outbox.expire(now) == [], "once"
        first = tx.outbox.next("hub", BULK)
        assert first == replace(
            given_up[0], body=LetterVoid(was="letter-parked"), written_at=now, expires_at=now + MONTH
        )
        assert tx.outbox.depths() == {"hub": 4}


def test_a_void_letter_waits_as_long_as_its_recipient_is_silent(store: Database):
    with store.transaction() as tx:
        tx.outbox.send("hub", bulk(), NOW)
        later = NOW + MONTH + SECOND
        assert len(tx.outbox.expire(later)) == 1
        assert tx.outbox.expire(later + MONTH + SECOND) == []
        letter = tx.outbox.next("hub", BULK)
        assert letter is not None
        assert letter.expires_at == later + 2 * MONTH + SECOND


def test_the_content_of_a_letter_given_up_is_gone(store: Database):
    with store.transaction() as tx:
        tx.outbox.send("hub", bulk(4711), NOW)
        tx.outbox.expire(NOW + MONTH + SECOND)
        letter = tx.outbox.next("hub", BULK)
        assert "4711" not in repr(letter)
