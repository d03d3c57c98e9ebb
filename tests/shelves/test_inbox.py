"""The shelf of letters that arrive: each applied once, in order."""

from datetime import timedelta

import pytest

from comity.domain import limits
from comity.domain.errors import Conflict
from comity.domain.letter import Lane, Letter, LetterParked, Parked
from comity.storage.database import Database
from comity.storage.inbox import Inbox
from tests.shelves.samples import NOW


def letter(sequence: int, letter_id: str = "", sender: str = "aldova", lane: Lane = Lane.BULK) -> Letter:
    return Letter(
        id=letter_id or f"letter-{sequence}",
        sender=sender,
        recipient="bergenia",
        lane=lane,
        sequence=sequence,
        written_at=NOW,
        expires_at=NOW + timedelta(days=30),
        body=LetterParked(letter="letter-0", unknown_kind="greeting"),
    )


def parked(sequence: int) -> Parked:
    return Parked(
        id=f"letter-{sequence}",
        sender="aldova",
        recipient="bergenia",
        lane=Lane.BULK,
        sequence=sequence,
        written_at=NOW,
        expires_at=NOW + timedelta(days=30),
        unknown_kind="greeting",
        body=b'{"kind":"greeting","text":"\xc3\xa9"}',
    )


def test_a_letter_is_applied_once(store: Database):
    with store.transaction() as tx:
        assert tx.inbox.expected("aldova", Lane.BULK) == 1
        assert tx.inbox.applied(letter(1), NOW)
        assert not tx.inbox.applied(letter(1), NOW)
        assert tx.inbox.applied(parked(2), NOW)
        assert not tx.inbox.applied(parked(2), NOW)
        assert tx.inbox.expected("aldova", Lane.BULK) == 3


def test_it_is_not_applied_where_its_transaction_is_not_committed(store: Database):
    with store.transaction() as tx:
        assert tx.inbox.applied(letter(1), NOW)
    with store.transaction() as tx:
        assert tx.inbox.applied(letter(1), NOW)


def test_senders_and_lanes_are_numbered_apart(store: Database):
    with store.transaction() as tx:
        for one in (letter(1), letter(1, sender="corvia"), letter(1, "letter-u", lane=Lane.URGENT)):
            assert tx.inbox.applied(one, NOW)


def test_a_letter_that_came_too_early_is_told_which_number_is_expected(store: Database):
    with store.transaction() as tx:
        assert tx.inbox.applied(letter(1), NOW)
        with pytest.raises(Conflict, match=r"Letter 2 is expected .* this is 4"):
            tx.inbox.applied(letter(4), NOW)


def test_another_letter_with_an_old_number_is_not_taken_for_applied(store: Database):
    """Its sender was restored from a backup: to say yes would lose the letter."""
    with store.transaction() as tx:
        assert tx.inbox.applied(letter(1), NOW)
        with pytest.raises(Conflict, match=r"Letter 2 is expected .* this is 1"):
            tx.inbox.applied(letter(1, "letter-other"), NOW)


def test_a_member_cannot_make_another_s_letter_pass_for_applied(store: Database):
    with store.transaction() as tx:
        assert tx.inbox.applied(letter(1, "letter-of-aldova", sender="corvia"), NOW)
        assert tx.inbox.applied(letter(1, "letter-of-aldova", sender="aldova"), NOW)


def test_ids_are_kept_longer_than_any_letter_waits_and_then_forgotten(store: Database):
    kept = timedelta(days=limits.INBOX_DAYS_KEPT)
    assert kept > timedelta(days=limits.LETTER_DAYS_MAX)
    with store.transaction() as tx:
        tx.inbox.applied(letter(1), NOW)
        tx.commit()
    with store.transaction() as tx:
        tx.inbox.applied(letter(2), NOW + kept)
        assert not tx.inbox.applied(letter(1), NOW + kept)
        tx.inbox.applied(letter(3), NOW + kept + timedelta(seconds=1))
        tx.commit()
    with store.transaction() as tx, pytest.raises(Conflict):
        tx.inbox.applied(letter(1), NOW + kept)


def test_what_nobody_here_can_read_is_kept_as_it_came(store: Database):
    with store.transaction() as tx:
        for number in (1, 2):
            tx.inbox.park(parked(number), NOW + timedelta(seconds=number))
        tx.inbox.park(parked(2), NOW + timedelta(seconds=2))
        tx.commit()
    with store.reading() as tx:
        assert isinstance(tx.inbox, Inbox)
        assert tx.inbox.parked() == [parked(1), parked(2)]
