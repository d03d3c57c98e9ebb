"""What a list found is kept no longer than its owner lets us, however long the list itself is kept."""

from datetime import timedelta

import pytest

from comity.domain.batch import QueueState
from comity.domain.errors import Missing
from comity.domain.journal import Act
from comity.domain.purpose import Purpose
from comity.testing.federation import ALDOVA, BERGENIA, Federation
from tests.desks.test_batches import about, desk, queue, screened
from tests.federation.conftest import STOLEN, UNKNOWN

LAW_OF_BERGENIA = b"""
id = "law-of-bergenia"
title = "Police Data Act"
source = "Fictitious"
layer = "national-law"
parties = ["XB"]
in_force_from = 2020-01-01

[[clauses]]
id = "s-1"
title = "For three days"
effect = "permit"
text = "What is told of our records is erased within three days."
reply = "full"
duties = { erase_after_days = 3 }
"""


def test_the_content_goes_on_its_owners_day_and_the_list_on_its_own(federation: Federation):
    federation.publish(("law.toml", LAW_OF_BERGENIA))
    batch = screened(federation, (STOLEN,), (UNKNOWN,), purpose=Purpose.WANTED_PERSONS)
    [entry] = queue(federation, batch)
    assert entry.queued.last_day == federation.time().date() + timedelta(days=3) < batch.keep_until
    federation.time.pass_by(days=3)
    assert desk(federation).expire() == 0
    assert queue(federation, batch)[0].finding is not None
    federation.time.pass_by(days=1)
    assert queue(federation, batch)[0].finding is None, "gone from its day on, also before it is erased"
    for decide in (desk(federation).take_up, lambda hit, caller: desk(federation).dismiss(hit, "no", caller)):
        with pytest.raises(Missing):
            decide(entry.queued.id, federation.cast["ada"])
    assert desk(federation).expire() == 0
    with federation[ALDOVA].store.reading() as tx:
        queued, held = tx.batches.entry(entry.queued.id)
    assert (queued.state, queued.decided_by, held) == (QueueState.GONE, BERGENIA, None)
    erased = [one for one in about(federation, ALDOVA, batch.id) if one.act is Act.BATCH_ERASED]
    assert [(one.outcome, one.details["entries"]) for one in erased] == [("owners' deadline", 1)]
    assert desk(federation).status(batch.id, federation.cast["ada"]).batch.found == 1
    assert desk(federation).expire() == 0
    assert len([one for one in about(federation, ALDOVA, batch.id) if one.act is Act.BATCH_ERASED]) == 1
