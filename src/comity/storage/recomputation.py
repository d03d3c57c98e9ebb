"""Does the journal still say what it said? Everything is computed anew from the entries and compared."""

from collections.abc import Iterator

from comity.desks.shelves.journal import Journal
from comity.domain.errors import Missing
from comity.domain.journal import Opening
from comity.wire.canonical import unb64u
from comity.wire.leaf import leaf_hash_of
from comity.wire.merkle import leaf_hash, root_of

OPENINGS_AT_ONCE = 1_000


def faults(journal: Journal) -> Iterator[str]:
    """What does not fit, one sentence each; nothing where the journal is whole.

    Found are an entry, salt or leaf that was changed, removed or added, and a checkpoint or tree that is not theirs.
    Not found is a journal that was rewritten as a whole since its last checkpoint was shown to others; they find it.
    """
    try:
        yield from _faulty_entries(journal)
        leaves = (leaf for start, stop in _stretches(journal.size()) for leaf in journal.leaves(start, stop))
        root = root_of(leaves)
        if journal.root(journal.size()) != root:
            yield "The stored tree does not follow from its leaves."
        yield from _faulty_checkpoint(journal)
    except Missing as missing:
        yield missing.what


def _faulty_entries(journal: Journal) -> Iterator[str]:
    size = journal.size()
    for start, stop in _stretches(size):
        found = {one.index: _leaf_of(one) for one in journal.read(start - 1, stop - start) if one.index < stop}
        # What is left of an erased one must still be its own. Falls without it: tests/shelves/test_openings.py
        found |= {one.index: leaf_hash(one.leaf.encode()) for one in journal.erased(start, stop)}
        for index, leaf in enumerate(journal.leaves(start, stop), start):
            if index not in found:
                yield f"Entry {index} is missing."
            elif found[index] != leaf:
                yield f"Entry {index} is not the one that was written down."
    for opening in journal.read(size - 1, 1):
        yield f"Entry {opening.index} has no leaf."


def _faulty_checkpoint(journal: Journal) -> Iterator[str]:
    signed = journal.checkpoint()
    if signed is None:
        return
    if signed.size > journal.size():
        yield f"{signed.size} entries were signed for, {journal.size()} are left."
    elif root_of(journal.leaves(0, signed.size)).hex() != signed.root:
        yield f"The first {signed.size} entries are not those that were signed for."


def _leaf_of(opening: Opening) -> bytes:
    return leaf_hash_of(opening.entry, unb64u(opening.salt))


def _stretches(size: int) -> Iterator[tuple[int, int]]:
    return ((start, min(start + OPENINGS_AT_ONCE, size)) for start in range(0, size, OPENINGS_AT_ONCE))
