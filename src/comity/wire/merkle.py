"""The Merkle tree of a log (RFC 6962): what shows that an entry is in it, and that it only grew.

A tree is read through `read(level, index)`: the hash of the complete subtree over the leaves from `index << level` to
`(index + 1) << level`. A shelf that stores what `subtrees_after` returns can grow and prove in O(log n).
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence

from comity.domain import limits
from comity.domain.errors import Invalid, Unauthenticated

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()

Read = Callable[[int, int], bytes]


def leaf_hash(leaf: bytes) -> bytes:
    """RFC 6962, section 2.1: the 0x00 keeps a leaf from passing for a node."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 6962, section 2.1. Refuses hashes that are not 32 bytes."""
    return hashlib.sha256(b"\x01" + _hash(left) + _hash(right)).digest()


def subtrees_after(index: int, leaf: bytes, read: Read) -> list[tuple[int, int, bytes]]:
    """What is to be stored when the leaf hash at `index` is appended: (level, index, hash), the leaf itself first.

    `read` is asked for subtrees that earlier leaves completed; on average for one.
    """
    complete = [(0, index, _hash(leaf))]
    level, at, top = 0, index, leaf
    while at % 2:
        top = node_hash(read(level, at - 1), top)
        level, at = level + 1, at // 2
        complete.append((level, at, top))
    return complete


def subtrees_of(leaves: Iterable[bytes]) -> Read:
    """`read` over leaf hashes held in memory."""
    stored: dict[tuple[int, int], bytes] = {}

    def read(level: int, index: int) -> bytes:
        return stored[level, index]

    for position, leaf in enumerate(leaves):
        for level, index, value in subtrees_after(position, leaf, read):
            stored[level, index] = value
    return read


def root_at(size: int, read: Read) -> bytes:
    """The Merkle tree hash of the first `size` leaves."""
    if size == 0:
        return EMPTY_ROOT
    return _range_root(0, _checked(size), read)


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The Merkle tree hash over leaf hashes that are read once, in order, keeping O(log n) of them."""
    peaks: list[tuple[int, bytes]] = []
    for leaf in leaves:
        level, top = 0, _hash(leaf)
        while peaks and peaks[-1][0] == level:
            top = node_hash(peaks.pop()[1], top)
            level += 1
        peaks.append((level, top))
    if not peaks:
        return EMPTY_ROOT
    root = peaks.pop()[1]
    while peaks:
        root = node_hash(peaks.pop()[1], root)
    return root


def inclusion_proof(index: int, size: int, read: Read) -> list[bytes]:
    """RFC 6962, section 2.1.1: from the leaf's neighbour up. Raises Invalid for a leaf outside the tree."""
    if not 0 <= index < size:
        raise Invalid(f"There is no leaf {index} in a log of {size}.")
    return _path(index, 0, _checked(size), read)


def consistency_proof(old_size: int, new_size: int, read: Read) -> list[bytes]:
    """RFC 6962, section 2.1.2: that the log of `new_size` continues the one of `old_size`."""
    _sizes(old_size, new_size)
    if old_size == new_size:
        return []
    return _subproof(old_size, 0, new_size, True, read)


def root_from_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """The root that follows from a leaf hash and its proof: compare it with the one that was signed.

    After RFC 9162, section 2.1.3.2. Raises Unauthenticated for a proof that fits no such leaf.
    """
    if not 0 <= index < size or len(proof) > limits.PROOF_HASHES_MAX:
        raise Unauthenticated(f"This is no proof for leaf {index} in a log of {size}.")
    at, last, root = index, size - 1, _hash(leaf)
    for neighbour in proof:
        if last == 0:
            raise Unauthenticated("The inclusion proof is too long.")
        if at % 2 or at == last:
            root = node_hash(neighbour, root)
            at, last = _up_to_right(at, last)
        else:
            root = node_hash(root, neighbour)
        at, last = at >> 1, last >> 1
    if last != 0:
        raise Unauthenticated("The inclusion proof is too short.")
    return root


def check_consistency(old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]) -> bytes:
    """The new root, once it is shown to continue the old one. Raises Unauthenticated.

    After RFC 9162, section 2.1.4.2. An empty log says nothing, so nothing can be shown to continue it: Invalid.
    """
    _sizes(old_size, new_size)
    if len(proof) > limits.PROOF_HASHES_MAX:
        raise Unauthenticated("The consistency proof is too long.")
    if (old_size == new_size) == bool(proof):
        raise Unauthenticated("The consistency proof is too long." if proof else "The consistency proof is empty.")
    old, new = _both_roots(old_size, new_size, _hash(old_root), list(proof))
    if old != old_root or new != _hash(new_root):
        raise Unauthenticated(f"The log of {new_size} does not continue the log of {old_size}.")
    return new_root


def _both_roots(old_size: int, new_size: int, old_root: bytes, hashes: list[bytes]) -> tuple[bytes, bytes]:
    """The roots of both sizes, as the proof alone has them."""
    if old_size == new_size:
        return old_root, old_root
    # A complete old tree is itself the first subtree; the proof leaves it out.
    if old_size & (old_size - 1) == 0:
        hashes = [old_root, *hashes]
    at, last = old_size - 1, new_size - 1
    while at % 2:
        at, last = at >> 1, last >> 1
    old = new = _hash(hashes[0])
    for neighbour in hashes[1:]:
        if last == 0:
            raise Unauthenticated("The consistency proof is too long.")
        if at % 2 or at == last:
            old, new = node_hash(neighbour, old), node_hash(neighbour, new)
            at, last = _up_to_right(at, last)
        else:
            new = node_hash(new, neighbour)
        at, last = at >> 1, last >> 1
    if last != 0:
        raise Unauthenticated("The consistency proof is too short.")
    return old, new


def _up_to_right(at: int, last: int) -> tuple[int, int]:
    """Skip the levels at which the rightmost node has no neighbour."""
    while at % 2 == 0 and at != 0:
        at, last = at >> 1, last >> 1
    return at, last


def _path(index: int, start: int, stop: int, read: Read) -> list[bytes]:
    if stop - start == 1:
        return []
    middle = start + _split(stop - start)
    if index < middle:
        return [*_path(index, start, middle, read), _range_root(middle, stop, read)]
    return [*_path(index, middle, stop, read), _range_root(start, middle, read)]


def _subproof(old_size: int, start: int, stop: int, whole: bool, read: Read) -> list[bytes]:
    if old_size == stop:
        return [] if whole else [_range_root(start, stop, read)]
    middle = start + _split(stop - start)
    if old_size <= middle:
        return [*_subproof(old_size, start, middle, whole, read), _range_root(middle, stop, read)]
    return [*_subproof(old_size, middle, stop, False, read), _range_root(start, middle, read)]


def _range_root(start: int, stop: int, read: Read) -> bytes:
    """The hash over leaves from `start` to `stop`, where `start` is where such a subtree can begin."""
    length = stop - start
    if length & (length - 1) == 0:
        level = length.bit_length() - 1
        return _hash(read(level, start >> level))
    middle = start + _split(length)
    return node_hash(_range_root(start, middle, read), _range_root(middle, stop, read))


def _split(length: int) -> int:
    """The largest power of two below `length`."""
    return 1 << ((length - 1).bit_length() - 1)


def _hash(value: bytes) -> bytes:
    # A longer "hash" could carry another split between two neighbours, and so prove what is not there.
    # Falls without it: tests/wire/test_merkle.py
    if len(value) != HASH_BYTES:
        raise Invalid(f"A hash has {HASH_BYTES} bytes, not {len(value)}.")
    return value


def _checked(size: int) -> int:
    if not 0 < size < 1 << limits.PROOF_HASHES_MAX:
        raise Invalid(f"{size} is no size of a log.")
    return size


def _sizes(old_size: int, new_size: int) -> None:
    if not 0 < old_size <= _checked(new_size):
        raise Invalid(f"A log of {new_size} cannot be shown to continue one of {old_size}.")
