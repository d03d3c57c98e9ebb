"""The shelf of alarms of misuse and of honey records."""

from datetime import timedelta

from msgspec.structs import replace

from comity.domain.misuse import UNDECIDED, AlarmState, MisuseAlarm, Oddity, Sign
from comity.storage.database import Database
from tests.shelves.samples import NOW, TODAY

ALARM = MisuseAlarm(
    id="a-1",
    officer="ada",
    unit="harbour",
    week=TODAY,
    score=4.5,
    threshold=2.0,
    signs=(Sign(oddity=Oddity.KIN, bits=11.0, score=4.5, told="looked up 3 of their own name"),),
    bits={Oddity.KIN: 11.0},
    raised_at=NOW,
)


def test_alarms_are_kept_by_state_the_newest_first(store: Database):
    later = replace(ALARM, id="a-2", raised_at=NOW + timedelta(days=7))
    with store.transaction() as tx:
        for one in (ALARM, later, replace(ALARM, id="a-3", state=AlarmState.DISMISSED)):
            tx.misuse_alarms.put(one)
        tx.commit()
    with store.reading() as tx:
        assert tx.misuse_alarms.every(UNDECIDED) == [later, ALARM]
        assert [one.id for one in tx.misuse_alarms.every([AlarmState.DISMISSED])] == ["a-3"]
        assert tx.misuse_alarms.get("a-1") == ALARM
        assert tx.misuse_alarms.get("a-9") is None


def test_honey_records_are_known_until_they_are_forgotten(store: Database):
    with store.transaction() as tx:
        tx.honey.put("r-1", "otto", NOW)
        tx.honey.put("r-1", "otto", NOW)
        assert tx.honey.every() == {"r-1": NOW}
        assert tx.honey.forget("r-1")
        assert not tx.honey.forget("r-1")
        assert tx.honey.every() == {}
