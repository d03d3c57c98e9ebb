"""The Merkle tree against the roots and proofs that RFC 6962 implementations share, and the laws of a log."""

import hashlib
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.domain.errors import Invalid, Refusal, Unauthenticated
from comity.wire import merkle

# The eight leaves of the standard's reference tests, and the roots of the trees over the first 0 to 8 of them.
LEAVES = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
HASHES = [merkle.leaf_hash(leaf) for leaf in LEAVES]
TREE = merkle.subtrees_of(HASHES)

# (leaf, size): proof, with leaves counted from 0
INCLUSION = {
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
}
CONSISTENCY = {
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}

sizes = st.integers(1, 70)


def leaves_of(size: int) -> list[bytes]:
    return [hashlib.sha256(b"%d" % number).digest() for number in range(size)]


@pytest.mark.parametrize("size", range(9))
def test_the_standards_roots_come_out(size):
    assert merkle.root_at(size, TREE).hex() == ROOTS[size]
    assert merkle.root_of(HASHES[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize(("leaf", "size"), INCLUSION)
def test_the_standards_inclusion_proofs_come_out(leaf, size):
    assert [one.hex() for one in merkle.inclusion_proof(leaf, size, TREE)] == INCLUSION[leaf, size]


@pytest.mark.parametrize(("old", "new"), CONSISTENCY)
def test_the_standards_consistency_proofs_come_out(old, new):
    assert [one.hex() for one in merkle.consistency_proof(old, new, TREE)] == CONSISTENCY[old, new]


@given(st.data())
def test_every_inclusion_proof_leads_to_the_root(data):
    size = data.draw(sizes)
    index = data.draw(st.integers(0, size - 1))
    leaves = leaves_of(size)
    proof = merkle.inclusion_proof(index, size, merkle.subtrees_of(leaves))
    assert merkle.root_from_inclusion(leaves[index], index, size, proof) == merkle.root_of(leaves)


@given(st.data())
def test_a_log_only_grows(data):
    new = data.draw(sizes)
    old = data.draw(st.integers(1, new))
    leaves = leaves_of(new)
    old_root, new_root = merkle.root_of(leaves[:old]), merkle.root_of(leaves)
    proof = merkle.consistency_proof(old, new, merkle.subtrees_of(leaves))
    assert merkle.check_consistency(old, old_root, new, new_root, proof) == new_root


@given(st.data())
def test_a_log_whose_past_was_changed_does_not_continue(data):
    new = data.draw(st.integers(2, 70))
    old = data.draw(st.integers(1, new - 1))
    changed = data.draw(st.integers(0, old - 1))
    leaves = leaves_of(new)
    old_root = merkle.root_of(leaves[:old])
    leaves[changed] = merkle.leaf_hash(b"another")
    proof = merkle.consistency_proof(old, new, merkle.subtrees_of(leaves))
    with pytest.raises(Unauthenticated):
        merkle.check_consistency(old, old_root, new, merkle.root_of(leaves), proof)


@given(st.data())
def test_an_inclusion_proof_with_any_byte_flipped_falls(data):
    size = data.draw(st.integers(2, 70))
    index = data.draw(st.integers(0, size - 1))
    leaves = leaves_of(size)
    proof = merkle.inclusion_proof(index, size, merkle.subtrees_of(leaves))
    broken = flipped(data, [leaves[index], *proof])
    assert merkle.root_from_inclusion(broken[0], index, size, broken[1:]) != merkle.root_of(leaves)


@given(st.data())
def test_a_consistency_proof_with_any_byte_flipped_falls(data):
    new = data.draw(st.integers(2, 70))
    old = data.draw(st.integers(1, new - 1))
    leaves = leaves_of(new)
    proof = merkle.consistency_proof(old, new, merkle.subtrees_of(leaves))
    parts = flipped(data, [merkle.root_of(leaves[:old]), merkle.root_of(leaves), *proof])
    with pytest.raises(Unauthenticated):
        merkle.check_consistency(old, parts[0], new, parts[1], parts[2:])


@given(st.data())
def test_a_proof_is_no_proof_for_another_leaf_or_size(data):
    size = data.draw(st.integers(2, 70))
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size - 1).filter(lambda one: one != index))
    leaves = leaves_of(size)
    proof = merkle.inclusion_proof(index, size, merkle.subtrees_of(leaves))
    with suppress(Unauthenticated):  # where the lengths already differ
        assert merkle.root_from_inclusion(leaves[index], other, size, proof) != merkle.root_of(leaves)


@pytest.mark.parametrize("change", [lambda proof: proof[:-1], lambda proof: [*proof, proof[0]], lambda proof: []])
def test_a_proof_too_short_or_too_long_is_refused(change):
    with pytest.raises(Unauthenticated):
        merkle.root_from_inclusion(HASHES[5], 5, 8, change(merkle.inclusion_proof(5, 8, TREE)))
    with pytest.raises(Unauthenticated):
        proof = change(merkle.consistency_proof(6, 8, TREE))
        merkle.check_consistency(6, merkle.root_at(6, TREE), 8, merkle.root_at(8, TREE), proof)


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_only_hashes_of_32_bytes_are_taken(length):
    wrong = b"x" * length
    root = merkle.root_at(8, TREE)
    for attempt in (
        lambda: merkle.node_hash(HASHES[0], wrong),
        lambda: merkle.node_hash(wrong, HASHES[0]),
        lambda: merkle.subtrees_after(0, wrong, TREE),
        lambda: merkle.root_of([wrong]),
        lambda: merkle.root_at(1, lambda level, index: wrong),
        lambda: merkle.root_from_inclusion(wrong, 0, 1, []),
        lambda: merkle.root_from_inclusion(HASHES[0], 0, 2, [wrong]),
        lambda: merkle.check_consistency(1, wrong, 1, wrong, []),
        lambda: merkle.check_consistency(1, HASHES[0], 8, root, [wrong]),
    ):
        with pytest.raises(Invalid):
            attempt()


def test_an_empty_log_proves_nothing():
    root = merkle.root_at(8, TREE)
    for attempt in (
        lambda: merkle.consistency_proof(0, 8, TREE),
        lambda: merkle.check_consistency(0, merkle.EMPTY_ROOT, 8, root, []),
        lambda: merkle.check_consistency(0, merkle.EMPTY_ROOT, 0, merkle.EMPTY_ROOT, []),
        lambda: merkle.check_consistency(8, root, 7, root, []),
        lambda: merkle.inclusion_proof(0, 0, TREE),
        lambda: merkle.inclusion_proof(8, 8, TREE),
        lambda: merkle.inclusion_proof(-1, 8, TREE),
        lambda: merkle.root_from_inclusion(HASHES[0], 0, 0, []),
        lambda: merkle.root_from_inclusion(HASHES[0], -1, 8, []),
        lambda: merkle.root_from_inclusion(HASHES[0], 8, 8, []),
    ):
        with pytest.raises(Refusal):
            attempt()


@pytest.mark.parametrize(("index", "size"), [(-1, 8), (8, 8), (9, 8), (0, 0), (2**63, 8)])
def test_there_is_no_proof_for_a_leaf_outside_the_log(index, size):
    for length in range(5):
        with pytest.raises(Unauthenticated, match="no proof for leaf"):
            merkle.root_from_inclusion(HASHES[0], index, size, HASHES[:length])


def test_a_proof_of_more_hashes_than_a_tree_can_have_is_not_even_computed():
    with pytest.raises(Unauthenticated, match="no proof for leaf"):
        merkle.root_from_inclusion(HASHES[0], 0, 1 << 62, [HASHES[0]] * 64)


def test_a_shelf_reads_one_subtree_a_leaf_on_average_and_a_proof_a_few():
    stored, reads = {}, []

    def read(level, index):
        reads.append((level, index))
        return stored[level, index]

    for position, leaf in enumerate(leaves_of(1024)):
        for level, index, value in merkle.subtrees_after(position, leaf, read):
            stored[level, index] = value
    assert len(reads) < 1024
    reads.clear()
    merkle.inclusion_proof(300, 1023, read)
    assert len(reads) < 30


def test_the_roots_of_all_sizes_differ():
    roots = [merkle.root_of(leaves_of(size)) for size in range(40)]
    assert all(a != b for a, b in pairwise(roots))


def flipped(data, parts: list[bytes]) -> list[bytes]:
    at = data.draw(st.integers(0, len(parts) * 32 - 1))
    bit = 1 << data.draw(st.integers(0, 7))
    whole = bytearray(b"".join(parts))
    whole[at] ^= bit
    return [bytes(whole[start : start + 32]) for start in range(0, len(whole), 32)]
