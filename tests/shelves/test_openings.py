"""The index of the journal's openings, and their erasure: found by every term, nothing told at rest, the tree whole."""

from datetime import date, timedelta

import msgspec
import pytest
from msgspec.structs import replace
from sqlalchemy import select, update

from comity.domain.journal import Act, Entry
from comity.domain.lookup import DocumentQuery, PersonQuery, Query
from comity.storage import openings
from comity.storage.database import Database
from comity.storage.erased_openings import erased_openings
from comity.storage.openings import opening_keys
from comity.storage.recomputation import faults
from tests.shelves.samples import NOW, TODAY, entry

PAPER = DocumentQuery(country="XBE", number="B123456")
PERSON = PersonQuery(name="Iwan Petrowitsch Sorokin", birth="1971-03-09")


def asked(query: Query, subject: str = "question-1", **more: object) -> Entry:
    told = Entry(act=Act.LOOKUP_ASKED, at=NOW, actor="ada", subject=subject, purpose="locate", case="XA-1")
    details = {"query": msgspec.json.encode(query).decode()}
    return replace(told, **{"details": details, **more})


def write(store: Database, *entries: Entry) -> None:
    with store.transaction() as tx:
        tx.journal.record_all(entries)
        while tx.openings.follow(3):
            pass
        tx.commit()


def found(store: Database, *terms: str) -> list[int]:
    with store.reading() as tx:
        return tx.openings.having(terms, -1, 1_000, 1_000)


def test_an_entry_is_found_by_each_of_its_terms_and_by_all_together(store: Database):
    one = asked(PAPER, unit="border", for_whom="bergenia", outcome="hit", clauses=("treaty art-1", "role-1"))
    write(store, entry("question-0"), one, asked(PAPER, case="XA-2"))
    for term in ("unit border", "bureau bergenia", "outcome hit", "clause treaty art-1", "clause treaty", "case XA-1"):
        assert found(store, term) == [1], term
    assert found(store, "officer ada", f"act {Act.LOOKUP_ASKED}", "purpose locate") == [1, 2]
    assert found(store, "officer ada", "case XA-2") == [2]
    assert found(store, "case XA-1", "purpose warn") == []
    with store.reading() as tx:
        assert tx.openings.count(["officer ada"], -1, 10) == 2


def test_an_entry_is_found_by_whom_it_was_about_and_by_what_it_comes_from(store: Database):
    alert = entry("hit-1", details={"question": "question-1"})
    write(store, asked(PERSON), asked(PAPER, "question-2"), alert)
    with store.reading() as tx:
        assert tx.openings.concerning(PersonQuery(name="Ivan Sorokin"), 10) == [0]
        assert tx.openings.concerning(PAPER, 10) == [1]
        assert tx.openings.about(["question-1", "question-2"], 10) == [0, 1, 2]


def test_days_lie_between_two_places(store: Database):
    days = (NOW, NOW, NOW + timedelta(days=1), NOW + timedelta(days=3), NOW + timedelta(days=2))
    write(store, *(replace(entry(), at=at) for at in days))
    with store.reading() as tx:
        assert tx.openings.between(TODAY, TODAY) == (-1, 2)
        assert tx.openings.between(TODAY + timedelta(days=2), None) == (2, 6)
        assert tx.openings.between(None, TODAY - timedelta(days=1)) == (-1, 0)
        assert tx.openings.between(TODAY + timedelta(days=9), None) == (4, 6)


def test_the_index_says_nothing_to_whoever_has_no_key(store: Database):
    """No text, and no number that could be computed from one without the storage key."""
    write(store, asked(PERSON))
    with store.reading() as tx:
        rows = set(tx.connection.execute(select(opening_keys.c.key)).scalars())
    assert len(rows) == len(set(openings.terms(asked(PERSON))))
    other = openings.StorageKey(bytes(32))
    assert not rows & {other.sought(term) for term in openings.terms(asked(PERSON))}


def test_an_index_of_another_release_is_made_anew(store: Database, monkeypatch: pytest.MonkeyPatch):
    write(store, asked(PERSON), asked(PAPER))
    with store.transaction() as tx:
        tx.connection.execute(update(opening_keys).values(key=opening_keys.c.key // 2))
        tx.commit()
    monkeypatch.setattr(openings, "TERMS_VERSION", openings.TERMS_VERSION + 1)
    with store.reading() as tx:
        assert tx.openings.behind() == 2
    write(store)
    assert found(store, "officer ada") == [0, 1]


# -- erasure --------------------------------------------------------------------------------------------------------


def erase(store: Database, *indexes: int, on: date = TODAY) -> None:
    with store.transaction() as tx:
        gone = tx.journal.some(indexes)
        tx.openings.forget(gone)
        tx.journal.erase(gone, on, "rulebook openings.lookup, 3 years")
        tx.commit()


def test_what_is_erased_is_gone_and_the_tree_is_whole(store: Database):
    write(store, *(asked(PAPER, f"question-{number}") for number in range(5)))
    with store.reading() as tx:
        before, root = tx.journal.commitments(0, 5), tx.journal.root(5)
    erase(store, 1, 3)
    with store.reading() as tx:
        assert [one.index for one in tx.journal.read(-1, 10)] == [0, 2, 4]
        assert tx.journal.about("question-1") == []
        assert tx.journal.commitments(0, 5) == before
        assert tx.journal.root(5) == root
        assert [(one.index, one.erased_on) for one in tx.journal.erased(0, 5)] == [(1, TODAY), (3, TODAY)]
        assert list(faults(tx.journal)) == []
    assert found(store, "officer ada") == [0, 2, 4]


def test_who_erases_by_hand_is_found_out(store: Database):
    write(store, *(asked(PAPER, f"question-{number}") for number in range(3)))
    erase(store, 1)
    with store.transaction() as tx:
        leaf = tx.journal.commitments(0, 1)[0].decode()
        tx.connection.execute(update(erased_openings).values(leaf=leaf))
        tx.commit()
    with store.reading() as tx:
        assert list(faults(tx.journal)) == ["Entry 1 is not the one that was written down."]
