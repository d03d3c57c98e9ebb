"""The shelf of witnessed logs: it goes forward only, one root for a size, and each alarm once."""

import pytest
from msgspec.structs import replace

from comity.domain.errors import Conflict
from comity.domain.journal import Checkpoint
from comity.domain.witnessing import LogAlarm, LogWrong, SeenLog
from comity.storage.database import Database
from tests.shelves.samples import NOW

SEEN = SeenLog(checkpoint=Checkpoint(origin="corvia/disclosures", size=7, root="aa", note="note"), grown_at=NOW)
ALARM = LogAlarm(
    wrong=LogWrong.FORK, origin="corvia/disclosures", what="two", held="a\n\nx", shown="b\n\nx", noted_at=NOW
)


def see(store: Database, **changes: object) -> None:
    with store.transaction() as tx:
        tx.witnessing.see(replace(SEEN, checkpoint=replace(SEEN.checkpoint, **changes)))
        tx.commit()


def test_what_was_seen_goes_forward_only(store: Database):
    see(store)
    see(store, note="the same, signed again")
    see(store, size=9, root="bb")
    for changes in ({"size": 8, "root": "cc"}, {"size": 9, "root": "cc"}, {"size": 7, "root": "aa"}):
        with pytest.raises(Conflict):
            see(store, **changes)
    see(store, origin="aldova/disclosures")
    with store.reading() as tx:
        assert tx.witnessing.seen("corvia/disclosures").checkpoint.size == 9
        assert tx.witnessing.seen("aldova/disclosures") == replace(
            SEEN, checkpoint=replace(SEEN.checkpoint, origin="aldova/disclosures")
        )
        assert tx.witnessing.seen("bergenia/disclosures") is None


def test_the_newest_checkpoint_with_witnesses_is_kept(store: Database):
    with store.transaction() as tx:
        for size in (7, 9, 8):
            tx.witnessing.keep_cosigned(replace(SEEN.checkpoint, size=size))
        tx.commit()
    with store.reading() as tx:
        assert tx.witnessing.cosigned("corvia/disclosures").size == 9


def test_a_matter_is_noted_once_however_it_is_signed(store: Database):
    with store.transaction() as tx:
        noted = [tx.witnessing.note(one) for one in (ALARM, replace(ALARM, shown="b\n\nother signatures"))]
        other = tx.witnessing.note(replace(ALARM, shown="c\n\nx"))
        tx.commit()
    assert (noted, other) == ([True, False], True)
    with store.transaction() as tx:
        first, *_ = tx.witnessing.alarms()
        assert tx.witnessing.clear(first) is not None
        assert tx.witnessing.clear(first) is None
        tx.commit()
