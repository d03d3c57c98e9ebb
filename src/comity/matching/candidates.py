"""The index of persons: who is put in, taken out, and under which keys they are found again."""

import struct
from collections.abc import Iterable, Sequence

from comity.matching import entries, postings
from comity.matching.entries import Entry
from comity.matching.key_value import KeyValue
from comity.matching.traits import Traits
from comity.matching.vocabulary import Vocabulary

_META, ENTRIES, WORD, _BIRTH, _NUMBER, _PLACE = b"m", b"e", b"w", b"b", b"n", b"p"
_COUNTS = struct.Struct("<IQQ")  # version of this layout, persons, next word
_LAYOUT = 1
_U32 = struct.Struct(">I")


# Kinds of keys differ by their first byte; `s` and `v` are the vocabulary's, `c` are pieces of long lists.
def entry_key(block: int) -> bytes:
    return ENTRIES + _U32.pack(block)


def word_key(word: int) -> bytes:
    return WORD + _U32.pack(word)


def birth_key(day: int) -> bytes:
    return _BIRTH + _U32.pack(day)


def number_key(hashed: int) -> bytes:
    return _NUMBER + _U32.pack(hashed)


def place_key(hashed: int) -> bytes:
    return _PLACE + _U32.pack(hashed)


class Candidates:
    """Persons by number in one transaction of a store: found by name, birth, document, place, or what else is known."""

    def __init__(self, store: KeyValue) -> None:
        self.store = store
        meta = store.get(_META)
        _, self.persons, next_word = _COUNTS.unpack(meta) if meta else (_LAYOUT, 0, 0)
        self.vocabulary = Vocabulary(store, next_word)

    # --- what changes

    def add(self, number: int, traits: Traits) -> None:
        self.add_many([(number, traits)])

    def add_many(self, persons: Iterable[tuple[int, Traits]]) -> None:
        """Puts persons in; one whose number stands already is replaced. Quickest by the hundred thousand."""
        added: dict[bytes, list[int]] = {}
        blocks: dict[int, list[tuple[int, bytes]]] = {}
        news = dict(persons)
        self._take_out(list(news))
        for number, traits in news.items():
            entry = self._entry(traits)
            block, place = divmod(number, entries.BLOCK)
            blocks.setdefault(block, []).append((place, entries.packed(entry)))
            for key in _keys(entry):
                added.setdefault(key, []).append(number)
        self.vocabulary.write()
        postings.change(self.store, added)
        self._write_entries(blocks)
        self._note(len(news))

    def remove(self, number: int) -> bool:
        """Takes a person out, with every word that nobody else bears; False where there was none."""
        return self._take_out([number]) > 0

    def _take_out(self, numbers: Sequence[int]) -> int:
        held = self.entries(numbers)
        if not held:
            return 0
        removed: dict[bytes, set[int]] = {}
        blocks: dict[int, list[tuple[int, bytes]]] = {}
        for number, entry in held.items():
            for key in _keys(entry):
                removed.setdefault(key, set()).add(number)
            block, place = divmod(number, entries.BLOCK)
            blocks.setdefault(block, []).append((place, b""))
        emptied = postings.change(self.store, {}, removed)
        self.vocabulary.remove([_U32.unpack(key[1:])[0] for key in emptied if key[:1] == WORD])
        self._write_entries(blocks)
        self._note(-len(held))
        return len(held)

    def _write_entries(self, blocks: dict[int, list[tuple[int, bytes]]]) -> None:
        held = self.store.get_many([entry_key(block) for block in blocks])
        written = []
        for block, changed in blocks.items():
            value = entries.with_changes(held.get(entry_key(block), b""), changed)
            if value:
                written.append((entry_key(block), value))
            else:
                self.store.delete(entry_key(block))
        self.store.put_many(sorted(written))

    def _note(self, more: int) -> None:
        self.persons += more
        self.store.put(_META, _COUNTS.pack(_LAYOUT, self.persons, self.vocabulary.next_word))

    def _entry(self, traits: Traits) -> Entry:
        names = dict.fromkeys(
            tuple(self.vocabulary.number(word) for word in name[: entries.WORDS_MAX]) for name in traits.names
        )
        return Entry(
            names=tuple(names)[: entries.NAMES_MAX],
            births=tuple(entries.day(birth) for birth in traits.births[: entries.OTHERS_MAX]),
            sex=entries.SEXES.index(traits.sex),
            nationalities=tuple(entries.code(one) for one in traits.nationalities[: entries.OTHERS_MAX]),
            places=tuple(entries.hashed(one) for one in traits.places[: entries.OTHERS_MAX]),
            numbers=tuple(entries.hashed(one) for one in traits.numbers[: entries.OTHERS_MAX]),
            height_cm=traits.height_cm,
            colours=(entries.hashed(traits.eyes, 1), entries.hashed(traits.hair, 1)),
        )

    def entries(self, numbers: Sequence[int]) -> dict[int, Entry]:
        """What is kept of those that are there."""
        blocks = self.store.get_many([entry_key(block) for block in sorted({one // entries.BLOCK for one in numbers})])
        held = {key: dict(entries.places(value)) for key, value in blocks.items()}
        found = {}
        for number in numbers:
            block, place = divmod(number, entries.BLOCK)
            entry = held.get(entry_key(block), {}).get(place)
            if entry is not None:
                found[number] = entries.unpacked(entry)
        return found


def _keys(entry: Entry) -> list[bytes]:
    """The lists that a person stands in."""
    words = {word for name in entry.names for word in name}
    return [
        *(word_key(word) for word in words),
        *(birth_key(birth) for birth in set(entry.births)),
        *(number_key(number) for number in set(entry.numbers)),
        *(place_key(place) for place in set(entry.places)),
    ]
