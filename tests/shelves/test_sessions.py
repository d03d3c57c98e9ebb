"""The shelf of sessions: by the digest of a token, until they end; and what people chose."""

from datetime import timedelta

from msgspec.structs import replace

from comity.domain.session import KeptSession, Language, Screen, SignInBy
from comity.storage.database import Database
from tests.shelves.samples import NOW
from tests.shelves.test_accounts import BEN, SARA

OF_BEN = KeptSession(id="s-1", csrf="c", account=BEN.id, by=SignInBy.PASSKEY, began_at=NOW, seen_at=NOW)
LATER = replace(OF_BEN, id="s-2", began_at=NOW + timedelta(hours=1))
OF_SARA = replace(OF_BEN, id="s-3", account=SARA.id)


def test_sessions_stand_until_they_end(store: Database):
    with store.transaction() as tx:
        for account in (BEN, SARA):
            tx.accounts.put(account)
        for digest, one in (("one", OF_BEN), ("two", LATER), ("three", OF_SARA)):
            tx.sessions.put(digest, one)
        assert (tx.sessions.get("one"), tx.sessions.get("four")) == (OF_BEN, None)
        assert tx.sessions.of(BEN.id) == [("two", LATER), ("one", OF_BEN)]
        tx.sessions.put("one", replace(OF_BEN, case="A-7"))
        assert tx.sessions.of(BEN.id)[1] == ("one", replace(OF_BEN, case="A-7"))
        assert tx.sessions.forget(LATER.began_at) == 2
        assert tx.sessions.end_all(BEN.id) == 1
        tx.sessions.put("three", OF_SARA)
        tx.sessions.end("three")
        assert tx.sessions.get("three") is None


def test_a_screen_is_as_it_was_chosen(store: Database):
    chosen = Screen(language=Language.FRENCH)
    with store.transaction() as tx:
        tx.accounts.put(BEN)
        assert tx.sessions.screen(BEN.id) == Screen()
        tx.sessions.put_screen(BEN.id, chosen)
        assert tx.sessions.screen(BEN.id) == chosen
