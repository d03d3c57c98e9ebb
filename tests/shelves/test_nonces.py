"""The shelf of nonces: no signed request is taken twice."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from comity.domain.errors import Replayed
from comity.storage.database import Database
from comity.storage.nonces import nonces
from tests.shelves.samples import NOW

SECOND = timedelta(seconds=1)
UNTIL = NOW + 60 * SECOND


def test_a_nonce_is_used_once_per_key(store: Database):
    with store.transaction() as tx:
        tx.nonces.use("key-1", "nonce", UNTIL, NOW)
        tx.nonces.use("key-2", "nonce", UNTIL, NOW)
        tx.nonces.use("key-1", "other", UNTIL, NOW)
        tx.commit()
    for now in (NOW, UNTIL):
        with store.transaction() as tx, pytest.raises(Replayed, match="made before"):
            tx.nonces.use("key-1", "nonce", UNTIL, now)


def test_an_expired_request_is_not_taken_though_its_nonce_is_forgotten(store: Database):
    with store.transaction() as tx:
        tx.nonces.use("key-1", "nonce", UNTIL, NOW)
        tx.nonces.use("key-1", "later", UNTIL + 60 * SECOND, UNTIL + SECOND)
        with pytest.raises(Replayed, match="expired"):
            tx.nonces.use("key-1", "nonce", UNTIL, UNTIL + SECOND)
        tx.commit()
    with store._engines.reader.begin() as connection:
        assert connection.execute(select(func.count()).select_from(nonces)).scalar() == 1
