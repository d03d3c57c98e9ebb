"""The shelf of accounts: whose token it is, and when it is nobody's."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select

from comity.domain import limits
from comity.domain.caller import Account, Role
from comity.domain.errors import Conflict
from comity.storage.accounts import tokens
from comity.storage.database import Database
from tests.shelves.samples import NOW

BEN = Account(id="account-1", login="ben", name="Ben", unit="Border", roles=frozenset({Role.OFFICER, Role.AUDITOR}))
SARA = Account(id="account-2", login="sara", name="Sara", unit="Border", roles=frozenset({Role.SUPERVISOR}))
HOUR = timedelta(hours=1)


def test_accounts_are_opened_changed_and_listed_by_login(store: Database):
    with store.transaction() as tx:
        assert tx.accounts.get("ben") is None
        for one in (SARA, BEN, replace(SARA, unit="Airport")):
            tx.accounts.put(one)
        assert tx.accounts.every() == [BEN, replace(SARA, unit="Airport")]
        tx.accounts.put(replace(BEN, login="benjamin"))
        assert tx.accounts.get("ben") is None


def test_a_login_belongs_to_one(store: Database):
    with store.transaction() as tx:
        tx.accounts.put(BEN)
        with pytest.raises(Conflict, match="taken"):
            tx.accounts.put(replace(SARA, login="ben"))


def test_a_token_is_good_until_it_expires(store: Database):
    with store.transaction() as tx:
        tx.accounts.put(BEN)
        tx.accounts.issue(BEN.id, "digest", NOW + HOUR)
        assert tx.accounts.by_token("digest", NOW) == BEN
        assert tx.accounts.by_token("digest", NOW + HOUR) is None
        assert tx.accounts.by_token("other", NOW) is None


def test_a_token_of_a_suspended_account_is_nobody_s(store: Database):
    with store.transaction() as tx:
        tx.accounts.put(BEN)
        tx.accounts.issue(BEN.id, "digest", NOW + HOUR)
        tx.accounts.put(replace(BEN, suspended=True))
        assert tx.accounts.by_token("digest", NOW) is None
        tx.accounts.put(BEN)
        assert tx.accounts.by_token("digest", NOW) == BEN


def test_all_tokens_of_an_account_end_at_once(store: Database):
    with store.transaction() as tx:
        for account in (BEN, SARA):
            tx.accounts.put(account)
            for number in (1, 2):
                tx.accounts.issue(account.id, f"{account.login}-{number}", NOW + HOUR)
        assert tx.accounts.revoke(BEN.id) == 2
        assert tx.accounts.revoke(BEN.id) == 0
        assert tx.accounts.by_token("ben-1", NOW) is None
        assert tx.accounts.by_token("sara-1", NOW) == SARA


def test_tokens_that_expired_long_ago_are_forgotten(store: Database):
    with store.transaction() as tx:
        tx.accounts.put(BEN)
        tx.accounts.issue(BEN.id, "old", NOW)
        tx.accounts.issue(BEN.id, "new", NOW + timedelta(days=limits.API_KEY_DAYS_MAX + 1))
        tx.commit()
    with store._engines.reader.begin() as connection:
        assert connection.execute(select(func.count()).select_from(tokens)).scalar() == 1
