"""The end of what the journal says: texts go when their term ends, the log still verifies, and it is said what went."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from comity.domain.journal import Act, Entry, Opening
from comity.domain.oversight import ErasedOpening
from comity.domain.purpose import Purpose
from comity.storage.openings import opening_keys
from comity.testing.federation import ALDOVA, Federation
from tests.desks.cast import as_
from tests.desks.test_oversight import AUDITOR
from tests.federation.conftest import STOLEN, WANTED

YEARS = 3


@pytest.fixture
def three_years_on(federation: Federation) -> Federation:
    federation.ask("ada", WANTED, Purpose.WANTED_PERSONS, case="A-2")
    federation[ALDOVA].oversight.follow()
    federation.time.pass_by(days=365 * YEARS + 2)
    return federation


def texts(federation: Federation, node: str = ALDOVA) -> list[str]:
    return [str(entry.act) for entry in federation.journal(node)]


def test_lookups_go_after_three_years_and_the_log_still_verifies(three_years_on: Federation):
    here = three_years_on[ALDOVA]
    asked = next(one for one in read(three_years_on) if one.entry.act is Act.LOOKUP_ASKED)
    size, gone = here.log.size(), ("lookup.", "account.")
    kept = [act for act in texts(three_years_on) if not act.startswith(gone)]
    here.opening_terms.tend()
    assert [act for act in texts(three_years_on) if act != "openings.expired"] == kept
    assert here.log.verify().erased == size - len(kept)
    left = here.oversight.one(asked.index, as_([AUDITOR]))
    assert isinstance(left, ErasedOpening)
    assert (left.under, left.erased_on) == ("rulebook openings.lookup, 3 years", three_years_on.time().date())
    assert here.opening_terms.tend() == 0


def test_nothing_of_it_is_left_to_be_found(three_years_on: Federation):
    here = three_years_on[ALDOVA]
    here.opening_terms.tend()
    here.late.expire()  # it was kept for an answer that comes late, for days only
    with here.store.reading() as tx:
        positions = {one.index for one in tx.journal.erased(0, tx.journal.size())}
        rows = tx.connection.execute(select(opening_keys.c.position)).scalars().all()  # type: ignore[attr-defined]
        assert len(rows) > len(positions)
        assert not positions & set(rows)
        assert not tx.journal.some(sorted(positions))
    assert not [one for one in here.folder.glob("*.sqlite3*") if b"Iwan Petrowitsch" in one.read_bytes()]


def test_what_every_entry_was_erased_under_is_written_down_and_stays(three_years_on: Federation):
    three_years_on[ALDOVA].opening_terms.tend()
    gone = {entry.subject: entry for entry in three_years_on.journal(ALDOVA) if entry.act is Act.OPENINGS_EXPIRED}
    assert gone["lookup.asked"].details["erased"] == 1
    assert gone["lookup.asked"].clauses == ("rulebook openings.lookup, 3 years",)


def test_tiles_of_entries_are_served_as_before(three_years_on: Federation):
    here = three_years_on[ALDOVA]
    with here.store.reading() as tx:
        before = tx.journal.commitments(0, 10)
    here.opening_terms.tend()
    with here.store.reading() as tx:
        assert tx.journal.commitments(0, 10) == before


def test_what_was_written_before_an_older_entry_stays_until_its_own_day(federation: Federation):
    """Clocks are set back; an entry then stands before one that is older."""
    here, now = federation[ALDOVA], federation.time()
    newer = Entry(act=Act.LOOKUP_ASKED, at=now, actor="ada", subject="newer")
    with here.store.transaction() as tx:
        tx.journal.record_all([newer, replace(newer, at=now - timedelta(days=9), subject="older")])
        tx.commit()
    here.oversight.follow()
    federation.time.pass_by(days=365 * YEARS - 4)
    assert here.opening_terms.tend() == 1
    assert [one.subject for one in federation.journal(ALDOVA) if one.act is Act.LOOKUP_ASKED] == ["newer"]


def test_a_day_too_early_nothing_goes(federation: Federation):
    federation.ask("ada", STOLEN)
    federation[ALDOVA].oversight.follow()
    federation.time.pass_by(days=365 * YEARS - 1)
    assert federation[ALDOVA].opening_terms.tend() == 0


def read(federation: Federation) -> list[Opening]:
    return federation[ALDOVA].oversight.read(as_([AUDITOR]), limit=200)
