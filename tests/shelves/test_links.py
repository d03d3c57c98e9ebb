"""Links on their shelf: in order of weight, and gone with either of their records."""

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from comity.domain.link import LinkKind, LinkState, ProposedLink, link_id
from comity.domain.match import FieldMatch
from comity.domain.record import Record
from comity.storage import links as shelf
from comity.storage.database import Database
from comity.storage.engines import database_url, file_of
from tests.shelves.samples import NOW, TODAY, person, record, with_version, withdrawal

ONE = record(person("Mira Oleander"), "B-1")
OTHER = record(person("Mira Oleandar"), "B-2")
THIRD = record(person("Myra Oleander"), "B-3", retain_until=TODAY + timedelta(days=1))


def link(one: Record = ONE, other: Record = OTHER, bits: float = 5.0, model: str = "persons-1/0") -> ProposedLink:
    left, right = sorted((one.header.id, other.header.id))
    return ProposedLink(
        id=link_id(left, right),
        kind=LinkKind.DUPLICATE,
        left=left,
        right=right,
        left_version=1,
        right_version=1,
        probability=0.97,
        bits=bits,
        prior_bits=-9.0,
        fields=(FieldMatch(field="family", bits=9.0, how="spelling"),),
        model=model,
        proposed_at=NOW,
    )


@pytest.fixture
def linked(store: Database) -> Database:
    with store.transaction() as tx:
        tx.records.put([ONE, OTHER, THIRD])
        for one in (link(), link(ONE, THIRD, bits=7.5), link(OTHER, THIRD, bits=-1.25)):
            tx.links.put(one)
        tx.commit()
    return store


def ids(store: Database, state: LinkState = LinkState.PROPOSED, day: int = 0) -> list[str]:
    with store.reading() as tx:
        return [one.id for one in tx.links.queue(state, TODAY + timedelta(days=day))]


def test_the_queue_begins_with_the_most_probable(linked: Database):
    assert ids(linked) == [link(ONE, THIRD).id, link().id, link(OTHER, THIRD).id]


def test_a_long_queue_is_read_whole_and_in_order(linked: Database, monkeypatch: pytest.MonkeyPatch):
    whole = ids(linked)
    monkeypatch.setattr(shelf, "READ_AT_ONCE", 1)
    assert ids(linked) == whole


def test_a_link_is_kept_as_it_was_put_last(linked: Database):
    decided = link().decided(LinkState.ACCEPTED, "anna", "same scar", NOW)
    with linked.transaction() as tx:
        tx.links.put(decided)
        tx.commit()
    assert ids(linked, LinkState.ACCEPTED) == [decided.id]
    assert decided.id not in ids(linked)
    with linked.reading() as tx:
        assert tx.links.get(decided.id, TODAY) == decided


def test_past_its_retention_a_record_takes_its_links_out_of_sight(linked: Database):
    assert ids(linked, day=1) == ids(linked)
    assert ids(linked, day=2) == [link().id]
    with linked.reading() as tx:
        assert tx.links.get(link(ONE, THIRD).id, TODAY + timedelta(days=2)) is None


@pytest.mark.parametrize("gone", [ONE, OTHER])
def test_a_withdrawn_record_takes_its_links_with_it(linked: Database, gone: Record):
    with linked.transaction() as tx:
        assert tx.records.withdraw(withdrawal(gone, 1))
        tx.commit()
    with linked.reading() as tx:
        left = list(tx.links.every())
    assert [one.id for one in left if gone.header.id in (one.left, one.right)] == []
    assert len(left) == 1


def test_an_expired_record_takes_its_links_with_it(linked: Database):
    with linked.transaction() as tx:
        assert tx.records.expire(TODAY + timedelta(days=2)) == 1
        tx.commit()
    with linked.reading() as tx:
        assert [one.id for one in tx.links.every()] == [link().id]


def test_an_amendment_leaves_what_was_decided(linked: Database):
    amended = replace(ONE, subject=person("Mira Oleander", "Tor Quast"))
    with linked.transaction() as tx:
        tx.records.put([with_version(amended, 2)])
        tx.commit()
    assert link().id in ids(linked)


def test_what_is_erased_is_gone(linked: Database):
    with linked.transaction() as tx:
        tx.links.erase([link().id])
        tx.links.erase([])
        tx.commit()
    assert link().id not in ids(linked)


class TestOnTheDisk:
    @pytest.fixture
    def backend(self) -> str:
        """SQLite's promise alone; PostgreSQL's is told in storage/records.py."""
        return "sqlite"

    def test_nothing_of_a_link_is_left_when_its_record_is_withdrawn(self, linked: Database, fresh: str):
        marked = link(model="persons-1/oleanderlink")
        with linked.transaction() as tx:
            tx.links.put(marked)
            tx.commit()
        assert b"oleanderlink" in _bytes(fresh)
        with linked.transaction() as tx:
            tx.records.withdraw(withdrawal(ONE, 1))
            tx.commit()
        assert b"oleanderlink" not in _bytes(fresh)


def _bytes(url: str) -> bytes:
    path = file_of(database_url(url))
    assert path is not None
    return b"".join(one.read_bytes() for one in (path, Path(f"{path}-wal")) if one.exists())
