"""The log of keys as it lies: in order, whole, and never signed twice over for one size."""

from datetime import UTC, datetime

import pytest

from comity.desks.shelves.keys import KeyEntry
from comity.domain.errors import Conflict
from comity.domain.journal import Checkpoint
from comity.storage.database import Database
from comity.wire.merkle import leaf_hash, root_of

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ENTRIES = [
    KeyEntry("aldova", "comity.root", 1, b"one"),
    KeyEntry("bergenia", "comity.root", 1, b"two"),
    KeyEntry("aldova", "comity.keys", 1, b"three"),
    KeyEntry("aldova", "comity.keys", 2, b"four"),
    KeyEntry("", "", 0, b"of a later release"),
]


def of_size(size: int, root: str = "") -> Checkpoint:
    whole = root_of([leaf_hash(one.signed) for one in ENTRIES[:size]]).hex()
    return Checkpoint(origin="hub/keys", size=size, root=root or whole, note=f"note {size}")


@pytest.fixture
def kept(store: Database) -> Database:
    with store.transaction() as tx:
        tx.key_log.append(ENTRIES[:2])
        tx.key_log.append(ENTRIES[2:])
        tx.commit()
    return store


def test_entries_come_back_in_their_order(kept: Database):
    with kept.reading() as tx:
        assert tx.key_log.size() == 5
        assert tx.key_log.entries(0, 10) == [one.signed for one in ENTRIES]
        assert tx.key_log.entries(3, 1) == [b"four"]
        assert tx.key_log.leaves() == [leaf_hash(one.signed) for one in ENTRIES]
        assert tx.key_log.of("aldova") == [(n, ENTRIES[n]) for n in (0, 2, 3)]


def test_the_newest_of_a_node_is_by_version(kept: Database):
    with kept.reading() as tx:
        assert tx.key_log.newest("aldova", "comity.keys") == b"four"
        assert tx.key_log.newest("aldova", "comity.root") == b"one"
        assert tx.key_log.newest("corvia", "comity.root") is None


def test_no_size_has_two_roots_and_no_root_is_anothers(kept: Database):
    with kept.transaction() as tx:
        tx.key_log.keep_checkpoint(of_size(3))
        tx.key_log.keep_checkpoint(of_size(5))
        with pytest.raises(Conflict, match="Another root"):
            tx.key_log.keep_checkpoint(of_size(5, "ab" * 32))
        with pytest.raises(Conflict, match="no checkpoint"):
            tx.key_log.keep_checkpoint(of_size(4, "ab" * 32))
        assert tx.key_log.checkpoint() == of_size(5)


def test_when_the_hub_was_heard_is_kept(store: Database):
    with store.transaction() as tx:
        assert tx.key_log.heard_at() is None
        tx.key_log.heard(NOW)
        tx.key_log.heard(NOW.replace(hour=13))
        assert tx.key_log.heard_at() == NOW.replace(hour=13)
        assert tx.key_log.checkpoint() is None
