"""The index of persons: who is put in, taken out, and under which keys they are found again."""

import struct
from collections.abc import Mapping, Sequence

from comity.matching import entries, postings
from comity.matching.entries import Entry
from comity.matching.key_value import KeyValue
from comity.matching.traits import Traits
from comity.matching.vocabulary import Vocabulary

_META, ENTRIES, WORD, _BIRTH, _NUMBER, _PLACE = b"m", b"e", b"w", b"b", b"n", b"p"
_COUNTS = struct.Struct("<IQQ")  # version of this layout, persons, next word
_LAYOUT = 1
_U32 = struct.Struct(">I")  # numbers of persons and words


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
        self.persons: int
        _, self.persons, next_word = _COUNTS.unpack(meta) if meta else (_LAYOUT, 0, 0)
        self.vocabulary = Vocabulary(store, next_word)

    # --- what changes

    def add(self, number: int, traits: Traits) -> None:
        self.set_many({number: traits})

    def remove(self, number: int) -> bool:
        """Takes a person out, with every word that nobody else bears; False where there was none."""
        return self.set_many({number: None})

    def set_many(self, persons: Mapping[int, Traits | None]) -> bool:
        """Let these numbers stand for these persons, None for nobody; True where anybody was taken out.

        Quickest by the hundred thousand. What is taken out is gone from every list when this returns.
        """
        standing = self.entries(list(persons))
        changed: dict[int, Entry | None] = {
            number: self._entry(traits) if traits else None for number, traits in persons.items()
        }
        self.vocabulary.write()
        self._write_lists(standing, changed)
        self._write_entries(changed)
        self.persons += sum(1 for entry in changed.values() if entry) - len(standing)
        self.store.put(_META, _COUNTS.pack(_LAYOUT, self.persons, self.vocabulary.next_word))
        return any(changed[number] != entry for number, entry in standing.items())

    def _write_lists(self, standing: Mapping[int, Entry], changed: Mapping[int, Entry | None]) -> None:
        added: dict[bytes, list[int]] = {}
        removed: dict[bytes, set[int]] = {}
        for number, entry in changed.items():
            before = _keys(standing[number]) if number in standing else set()
            after = _keys(entry) if entry else set()
            for key in after - before:
                added.setdefault(key, []).append(number)
            for key in before - after:
                removed.setdefault(key, set()).add(number)
        emptied = postings.change(self.store, added, removed)
        self.vocabulary.remove([_U32.unpack(key[1:])[0] for key in emptied if key[:1] == WORD])

    def _write_entries(self, changed: Mapping[int, Entry | None]) -> None:
        blocks: dict[int, list[tuple[int, bytes]]] = {}
        for number, entry in changed.items():
            block, place = divmod(number, entries.BLOCK)
            blocks.setdefault(block, []).append((place, entries.packed(entry) if entry else b""))
        held = self.store.get_many([entry_key(block) for block in blocks])
        written = []
        for block, some in blocks.items():
            value = entries.with_changes(held.get(entry_key(block), b""), some)
            if value:
                written.append((entry_key(block), value))
            else:
                self.store.delete(entry_key(block))
        self.store.put_many(sorted(written))

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
        for number in numbers if held else ():
            block, place = divmod(number, entries.BLOCK)
            entry = held.get(entry_key(block), {}).get(place)
            if entry is not None:
                found[number] = entries.unpacked(entry)
        return found

    # --- what stands, for whoever checks the whole

    def expected(self, persons: Mapping[int, Traits]) -> tuple[int, int]:
        """Places where these persons belong (one for each, and one in each of their lists); how many lack them."""
        held = self.entries(list(persons))
        belong = {number: self._entry(traits) for number, traits in persons.items()}
        members: dict[bytes, list[int]] = {}
        for number, entry in belong.items():
            for key in _keys(entry):
                members.setdefault(key, []).append(number)
        places = len(belong) + sum(map(len, members.values()))
        missing = sum(held.get(number) != entry for number, entry in belong.items())
        missing += sum(len(set(numbers).difference(postings.read(self.store, key))) for key, numbers in members.items())
        return places, missing

    def places(self) -> int:
        """All that are taken."""
        lists = (WORD, _BIRTH, _NUMBER, _PLACE)
        return self.persons + sum(postings.length(head) for key, head in self.store.range() if key.startswith(lists))


def _keys(entry: Entry) -> set[bytes]:
    """The lists that a person stands in."""
    words = {word for name in entry.names for word in name}
    return {
        *(word_key(word) for word in words),
        *(birth_key(birth) for birth in set(entry.births)),
        *(number_key(number) for number in set(entry.numbers)),
        *(place_key(place) for place in set(entry.places)),
    }
