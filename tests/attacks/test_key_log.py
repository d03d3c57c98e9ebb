"""Attacks on the log of keys: gone back, forked, shown in part, shown in two versions, entries of strangers."""

import pytest

from comity.domain.errors import Unauthenticated
from comity.domain.journal import Checkpoint
from comity.peers.key_follower import check_continues
from comity.wire.canonical import b64u
from comity.wire.merkle import consistency_proof, leaf_hash, root_of, subtrees_of

ENTRIES = [f"entry {n}".encode() for n in range(9)]
LEAVES = [leaf_hash(one) for one in ENTRIES]
FORKED = [*LEAVES[:4], leaf_hash(b"another"), *LEAVES[5:]]


def checkpoint(leaves: list[bytes]) -> Checkpoint:
    return Checkpoint(origin="hub/keys", size=len(leaves), root=root_of(leaves).hex(), note="")


def proof(old: int, leaves: list[bytes]) -> list[str]:
    return [b64u(one) for one in consistency_proof(old, len(leaves), subtrees_of(leaves))]


def test_a_log_that_grew_is_taken_whole_or_page_by_page():
    check_continues(LEAVES[:5], ENTRIES[5:], checkpoint(LEAVES), [])
    check_continues(LEAVES[:5], ENTRIES[5:7], checkpoint(LEAVES), proof(7, LEAVES))
    check_continues(LEAVES, [], checkpoint(LEAVES), [])
    check_continues([], ENTRIES, checkpoint(LEAVES), [])


@pytest.mark.parametrize(
    ("held", "entries", "shown", "told"),
    [
        (LEAVES, [], LEAVES[:8], "went back from 9 to 8"),
        (LEAVES, [], FORKED, "another one than is held"),
        (LEAVES[:5], ENTRIES[5:], FORKED, "another one than is held"),
        (LEAVES[:5], [*ENTRIES[5:8], b"another"], LEAVES, "another one than is held"),
        (LEAVES[:5], [], LEAVES, "5 were shown"),
        (LEAVES[:5], [*ENTRIES[5:], b"more"], LEAVES, "10 were shown"),
    ],
    ids=[
        "gone back",
        "forked at one size",
        "forked and grown",
        "entry exchanged",
        "entries kept back",
        "entry unsigned",
    ],
)
def test_a_log_that_does_not_continue_is_refused(held, entries, shown, told):
    with pytest.raises(Unauthenticated, match=told):
        check_continues(held, entries, checkpoint(shown), [])


@pytest.mark.parametrize("given", [[], proof(6, LEAVES), proof(7, FORKED)], ids=["none", "of another size", "forked"])
def test_a_page_that_is_not_the_last_must_be_shown_to_belong_to_the_log(given):
    with pytest.raises(Unauthenticated):
        check_continues(FORKED[:5], ENTRIES[5:7], checkpoint(LEAVES), given)
