"""The shelf of the journal: gapless, provable, and found out when anyone changes it by hand."""

import pytest
from sqlalchemy import delete, insert, update

from comity.domain.errors import Conflict, Invalid, Missing
from comity.domain.journal import Act, Checkpoint, Entry
from comity.storage.database import Database
from comity.storage.journal import Journal, journal_openings, journal_subtrees
from comity.storage.recomputation import faults
from comity.wire.canonical import unb64u
from comity.wire.leaf import leaf_hash_of
from comity.wire.merkle import root_from_inclusion, root_of
from tests.shelves.samples import NOW, entry

ORIGIN = "bergenia/disclosures"


def write(store: Database, *entries: Entry) -> None:
    with store.transaction() as tx:
        for one in entries:
            tx.journal.record(one)
        tx.commit()


def checkpoint(journal: Journal, size: int, root: str = "") -> Checkpoint:
    return Checkpoint(origin=ORIGIN, size=size, root=root or journal.root(size).hex(), note=f"note of {size}")


def test_an_empty_journal_has_the_root_of_nothing(store: Database):
    with store.reading() as tx:
        assert (tx.journal.size(), tx.journal.root(0), tx.journal.checkpoint()) == (0, root_of([]), None)
        assert list(faults(tx.journal)) == []


def test_every_size_has_its_root_and_every_entry_its_proof(store: Database):
    with store.transaction() as tx:
        receipts = [tx.journal.record(entry(f"question-{number}")) for number in range(21)]
        tx.commit()
    assert [(one.origin, one.index) for one in receipts] == [(ORIGIN, index) for index in range(21)]
    with store.reading() as tx:
        leaves = tx.journal.leaves(0, 21)
        assert [leaf.hex() for leaf in leaves] == [one.leaf for one in receipts]
        for size in range(1, 22):
            root = root_of(leaves[:size])
            assert tx.journal.root(size) == root
            for index in range(size):
                assert root_from_inclusion(leaves[index], index, size, tx.journal.proof(index, size)) == root


def test_an_opening_gives_back_the_entry_to_the_last_field(store: Database):
    written = Entry(
        act=Act.RECORDS_IMPORTED,
        at=NOW,
        actor="operator:ben",
        unit="unit Ü, 東京",
        clauses=("art-7", "art-9"),
        records=("r1", "r2"),
        details={"stored": 3, "share": 0.5, "whole": 1.0, "finished": True, "files": ["a", "b"], "big": 2**40},
    )
    write(store, written)
    with store.reading() as tx:
        (opening,) = tx.journal.read(-1, 10)
        assert opening.entry == written
        assert leaf_hash_of(opening.entry, unb64u(opening.salt)) == tx.journal.leaves(0, 1)[0]


def test_equal_entries_cannot_be_told_to_be_equal(store: Database):
    write(store, entry(), entry())
    with store.reading() as tx:
        assert len(set(tx.journal.leaves(0, 2))) == 2


def test_entries_are_read_from_a_place_on(store: Database):
    write(store, *(entry(f"question-{number}") for number in range(5)))
    with store.reading() as tx:
        assert [one.index for one in tx.journal.read(-1, 3)] == [0, 1, 2]
        assert [one.index for one in tx.journal.read(2, 99)] == [3, 4]


def test_everything_about_a_record_is_found_also_where_it_was_one_of_many(store: Database):
    write(
        store, entry("question-1", records=("r1", "r2")), entry("r1", records=("r1",)), entry("question-2"), entry("")
    )
    with store.reading() as tx:
        assert [one.index for one in tx.journal.about("r1")] == [0, 1]
        assert [one.index for one in tx.journal.about("r2")] == [0]
        assert [one.index for one in tx.journal.about("question-1")] == [0]
        assert tx.journal.about("") == []


def test_nothing_is_proved_beyond_the_end(store: Database):
    write(store, entry(), entry())
    with store.reading() as tx:
        with pytest.raises(Invalid):
            tx.journal.proof(2, 2)
        with pytest.raises(Missing):
            tx.journal.root(3)
        with pytest.raises(Missing):
            tx.journal.leaves(0, 3)


# -- checkpoints ------------------------------------------------------------------------------------------------------


def test_the_last_checkpoint_is_the_one_of_the_largest_journal(store: Database):
    write(store, *(entry(str(number)) for number in range(3)))
    with store.transaction() as tx:
        for size in (2, 3, 1):
            tx.journal.keep_checkpoint(checkpoint(tx.journal, size))
        tx.journal.keep_checkpoint(checkpoint(tx.journal, 3))
        tx.commit()
    with store.reading() as tx:
        assert tx.journal.checkpoint() == checkpoint(tx.journal, 3)


def test_a_checkpoint_that_is_not_of_this_journal_is_not_kept(store: Database):
    write(store, entry())
    with store.transaction() as tx:
        root = tx.journal.root(1).hex()
        for wrong in (
            Checkpoint(origin=ORIGIN, size=1, root="00" * 32, note=""),
            Checkpoint(origin="corvia/disclosures", size=1, root=root, note=""),
        ):
            with pytest.raises(Conflict, match="no checkpoint of"):
                tx.journal.keep_checkpoint(wrong)


def test_no_second_root_is_signed_for_a_size(store: Database):
    """Even where the tree was rewritten, so that the second root is the one that follows from it."""
    write(store, entry("question-1"))
    with store.transaction() as tx:
        tx.journal.keep_checkpoint(checkpoint(tx.journal, 1))
        tx.commit()
    rewrite(store, update(journal_subtrees).values(hash=b"\x01" * 32))
    with store.transaction() as tx, pytest.raises(Conflict, match="Another root was signed"):
        tx.journal.keep_checkpoint(checkpoint(tx.journal, 1))


# -- changed by hand --------------------------------------------------------------------------------------------------

openings, subtrees = journal_openings.c, journal_subtrees.c
third = openings.position == 3
LEAF_OF_FIFTH = (subtrees.level == 0) & (subtrees.position == 5)
BY_HAND = {
    "an entry is changed": (update(journal_openings).where(third).values(entry=entry("question-9")), "Entry 3"),
    "a salt is changed": (update(journal_openings).where(third).values(salt=b"\x00" * 32), "Entry 3"),
    "an entry is removed": (delete(journal_openings).where(third), "Entry 3 is missing"),
    "the last entry is removed": (delete(journal_openings).where(openings.position == 6), "Entry 6 is missing"),
    "an entry is added": (
        insert(journal_openings).values(position=7, salt=b"\x00" * 32, entry=entry()),
        "Entry 7 has no leaf",
    ),
    "a leaf is changed": (update(journal_subtrees).where(LEAF_OF_FIFTH).values(hash=b"\x00" * 32), "Entry 5"),
    "a leaf is removed": (delete(journal_subtrees).where(LEAF_OF_FIFTH), "lacks 1 of the leaves"),
    "the last leaf is removed": (
        delete(journal_subtrees).where(subtrees.level == 0, subtrees.position == 6),
        "7 entries were signed for, 6 are left",
    ),
    "a subtree is changed": (
        update(journal_subtrees).where(subtrees.level == 2, subtrees.position == 0).values(hash=b"\x00" * 32),
        "does not follow from its leaves",
    ),
    "a subtree is removed": (delete(journal_subtrees).where(subtrees.level == 2), "holds no subtree 2/0"),
}


@pytest.mark.parametrize("deed", BY_HAND)
def test_what_is_done_by_hand_is_found(store: Database, deed: str):
    with store.transaction() as tx:
        for number in range(7):
            tx.journal.record(entry(f"question-{number}"))
        tx.journal.keep_checkpoint(checkpoint(tx.journal, 7))
        tx.commit()
    assert found(store) == ""
    statement, expected = BY_HAND[deed]
    rewrite(store, statement)
    assert expected in found(store)


def test_an_entry_replaced_with_its_leaf_and_tree_is_found_by_the_checkpoint(store: Database):
    """Someone rebuilds the whole journal without what they did; only the signed root tells."""
    write(store, *(entry(f"question-{number}") for number in range(3)))
    with store.transaction() as tx:
        tx.journal.keep_checkpoint(checkpoint(tx.journal, 3))
        tx.commit()
    rewrite(store, delete(journal_openings), delete(journal_subtrees))
    write(store, *(entry(f"question-{number}") for number in (0, 9, 2)))
    assert found(store) == "The first 3 entries are not those that were signed for."


def found(store: Database) -> str:
    with store.reading() as tx:
        return "\n".join(faults(tx.journal))


def rewrite(store: Database, *statements: object) -> None:
    """As somebody would who can write into the database."""
    with store._engines.writer.begin() as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[call-overload]
