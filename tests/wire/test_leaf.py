"""The leaf for an entry of the journal: bound to the whole entry, and silent about it."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.domain.errors import Invalid
from comity.domain.journal import Act, Entry
from comity.wire.canonical import decode
from comity.wire.leaf import SORTS, commitment, leaf_hash_of
from comity.wire.merkle import leaf_hash
from tests.wire.cast import ENTRY, SALT


def test_a_leaf_says_its_version_its_sort_and_a_commitment():
    leaf = decode(commitment(ENTRY, SALT), dict, "leaf")
    assert sorted(leaf) == ["c", "t", "v"]
    assert (leaf["v"], leaf["t"], len(leaf["c"])) == (1, "disclosure", 43)
    assert leaf_hash_of(ENTRY, SALT) == leaf_hash(commitment(ENTRY, SALT))


def test_every_act_has_a_sort():
    assert set(SORTS) == set(Act)
    assert set(SORTS.values()) <= {"disclosure", "query", "receipt", "policy", "key", "access"}


CHANGES = {
    "act": Act.LOOKUP_SHOWN,
    "at": ENTRY.at.replace(microsecond=1),
    "actor": "someone",
    "unit": "u",
    "for_whom": "corvia",
    "subject": "s",
    "purpose": "p",
    "case": "c",
    "outcome": "no-record",
    "level": "full",
    "clauses": ("art-1",),
    "records": ("r1",),
    "details": {"a": 1},
}


def test_a_change_of_any_field_changes_the_leaf():
    assert set(CHANGES) == set(Entry.__struct_fields__)
    leaves = {commitment(msgspec.structs.replace(ENTRY, **{field: value}), SALT) for field, value in CHANGES.items()}
    assert len(leaves | {commitment(ENTRY, SALT)}) == len(CHANGES) + 1


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_the_same_entry_twice_cannot_be_told_from_two(a, b):
    assert (commitment(ENTRY, a) == commitment(ENTRY, b)) == (a == b)


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_short_salt_is_refused(length):
    with pytest.raises(Invalid):
        commitment(ENTRY, b"x" * length)


def test_an_entry_read_back_has_the_same_leaf():
    again = msgspec.json.decode(msgspec.json.encode(ENTRY), type=Entry)
    assert commitment(again, SALT) == commitment(ENTRY, SALT)
