"""A question as the index of persons answers it: strand by strand, then the pool, then the order in bits."""

from collections.abc import Sequence
from itertools import pairwise
from math import log2
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from comity.matching import entries, pool, postings
from comity.matching.candidates import Candidates, birth_key, entry_key, number_key, place_key, word_key
from comity.matching.traits import Traits
from comity.matching.vocabulary import Near, Spelt

POOL = 1_000  # persons whose entries are read and weighed
NEAR_WORDS_MAX = 160  # of the vocabulary, for one word that was asked for
POSTINGS_MAX = 3_000_000  # read for one question; the least telling lists give way
NAMES_MAX, WORDS_MAX = 3, 8  # of a question
STRANDS_MAX = 32
CLOSELY = 2  # readings of a word whose neighbours by sound are looked up too
LOST_MAX_BITS = 14.0
JOINED_LETTERS_MAX = 16
HALF_LETTERS_MIN = 2
DIVISIBLE_LETTERS_MIN = 5
DIVISIONS_MAX = 2
UNKNOWN_WORDS = 1.0  # bearers of a word that is meant and does not stand in the index, as many as one

FOUND = np.dtype([("number", np.uint32), ("bits", np.float32)])

_WEIGHTS = {
    pool.UNMATCHED_AGAINST: -4.0,
    pool.UNMATCHED: -1.5,
    pool.LEFT_OVER: -0.7,
    pool.BIRTH_EXACT: 12.0,
    pool.BIRTH_NEAR: 5.0,
    pool.BIRTH_PART: 6.0,
    pool.BIRTH_YEAR: 3.5,
    pool.BIRTH_OTHER: -4.0,
    pool.SEX_OTHER: -4.0,
    pool.SEX_SAME: 0.8,
    pool.NATIONALITY_SAME: 3.0,
    pool.NATIONALITY_OTHER: -2.0,
    pool.NUMBER_SAME: 20.0,
    pool.PLACE_SAME: 4.0,
    pool.DESCRIPTION_SAME: 1.5,
    pool.DESCRIPTION_OTHER: -1.5,
}
PARTICULARS = np.array([_WEIGHTS[place] for place in range(len(_WEIGHTS))], dtype=np.float32)


class Options(Struct, frozen=True):
    """What an asker may want besides the usual."""

    sounds_like: bool = False  # words that only sound alike count nearly as the same
    pool: int = POOL


USUAL = Options()


class Strand(NamedTuple):
    """One thing asked for: the lists in which those who answer to it stand, and what each is worth in bits."""

    asked: str
    keys: list[bytes]
    bits: NDArray[np.float32]


class NameStrand(NamedTuple):
    asked: str
    near: Near


class Way(NamedTuple):
    """One way to read a name of the question: which of its strands make it up."""

    strands: tuple[int, ...]


def search(
    candidates: Candidates, asked: Traits, limit: int, after: int = 0, options: Options = USUAL
) -> NDArray[np.void]:
    """The best first: an array of (number, bits) from place `after` on. Bits rank, they decide nothing."""
    sought = Sought(candidates, asked, options)
    numbers, bits = sought.ranked()
    found = np.empty(len(numbers[after : after + limit]), FOUND)
    found["number"], found["bits"] = numbers[after : after + limit], bits[after : after + limit]
    return found


class Sought:
    """One question on its way through the index."""

    def __init__(self, candidates: Candidates, asked: Traits, options: Options) -> None:
        self.store = candidates.store
        self.candidates = candidates
        self.options = options
        self.asked = asked
        self.names: list[NameStrand] = []
        self.ways: list[Way] = []
        for name in asked.names[:NAMES_MAX]:
            self._read_name(name[:WORDS_MAX])
        heads = self.store.get_many([word_key(word) for strand in self.names for word in strand.near.words.tolist()])
        self.heads = heads
        self.strands = [self._weighed_strand(strand) for strand in self.names]
        self.others = [strand for strand in self._particulars() if strand.keys]

    # --- what may be meant

    def _read_name(self, name: Sequence[Spelt]) -> None:
        """The name as it stands; with each two neighbours joined; with a word that nobody bears divided."""
        first = len(self.names)
        for word in name:
            self._strand(word)
        whole = tuple(range(first, len(self.names)))
        self.ways.append(Way(whole))
        for place, (one, other) in enumerate(pairwise(name)):
            if joined := _joined(one, other):
                near = self._near(joined)
                if len(near.words):
                    self._another_way(whole, place, 2, [NameStrand(joined.written, near)])
        for place, word in enumerate(name):
            for halves in self._divided(word, self.names[first + place].near):
                self._another_way(whole, place, 1, halves)

    def _another_way(self, whole: tuple[int, ...], place: int, replaced: int, by: list[NameStrand]) -> None:
        if len(self.names) + len(by) > STRANDS_MAX:
            return
        new = tuple(range(len(self.names), len(self.names) + len(by)))
        self.names += by
        self.ways.append(Way((*whole[:place], *new, *whole[place + replaced :])))

    def _strand(self, word: Spelt) -> None:
        self.names.append(NameStrand(word.written, self._near(word)))

    def _near(self, word: Spelt) -> Near:
        near = self.candidates.vocabulary.near(word, CLOSELY, LOST_MAX_BITS)
        words, lost = near.words[:NEAR_WORDS_MAX], near.lost[:NEAR_WORDS_MAX]
        return Near(words, lost * 0.3 if self.options.sounds_like else lost)

    def _divided(self, word: Spelt, near: Near) -> list[list[NameStrand]]:
        """The most frequent pairs of words that together are spelt as this one, where it is no word itself."""
        text = word.readings[0][0]
        if len(text) < DIVISIBLE_LETTERS_MIN or (len(near.lost) and near.lost[0] < 1.0):
            return []
        found = []
        for at in range(HALF_LETTERS_MIN, len(text) - HALF_LETTERS_MIN + 1):
            halves = [Spelt(half, 0, ((half, 0.0),)) for half in (text[:at], text[at:])]
            pairs = [self.candidates.vocabulary.near(half, 0, 0.5) for half in halves]
            if all(len(pair.words) for pair in pairs):
                bearers = [self._bearers(pair) for pair in pairs]
                strands = [NameStrand(half.written, pair) for half, pair in zip(halves, pairs, strict=True)]
                found.append((min(bearers), strands))
        found.sort(key=lambda one: -one[0])
        return [strands for _, strands in found[:DIVISIONS_MAX]]

    def _bearers(self, near: Near) -> int:
        heads = self.store.get_many([word_key(word) for word in near.words.tolist()])
        return sum(postings.count(head) for head in heads.values())

    # --- what it is worth

    def _weighed_strand(self, strand: NameStrand) -> Strand:
        """Bits: how rare those are who answer to this word at all, less what each spelling loses."""
        keys = [word_key(word) for word in strand.near.words.tolist()]
        bearers = np.array([postings.count(self.heads[key]) if key in self.heads else 0 for key in keys])
        lost = strand.near.lost
        meant = UNKNOWN_WORDS + float((bearers * np.exp2(-lost)).sum())
        bits = (log2((self.candidates.persons + 2) / min(meant, self.candidates.persons + 1)) - lost).astype(np.float32)
        return Strand(strand.asked, keys, np.maximum(bits, 0.25))

    def _particulars(self) -> list[Strand]:
        weights = PARTICULARS
        strands = []
        for birth in self.asked.births:
            levels = _birth_keys(birth)
            keys = list(levels)
            strands.append(Strand(birth, keys, np.array([weights[levels[key]] for key in keys], np.float32)))
        numbers = [number_key(entries.hashed(number)) for number in self.asked.numbers]
        strands.append(Strand("number", numbers, np.full(len(numbers), weights[pool.NUMBER_SAME])))
        strands += [
            Strand(place, [place_key(entries.hashed(place))], weights[[pool.PLACE_SAME]]) for place in self.asked.places
        ]
        return strands

    # --- who answers

    def ranked(self) -> tuple[NDArray[np.uint32], NDArray[np.float32]]:
        """The pool in the order of its bits."""
        numbers = self.pool() if self.strands or self.others else np.empty(0, np.uint32)
        bits = self.weighed(numbers)
        order = np.lexsort((numbers, -bits))
        order = order[np.isfinite(bits[order])]
        return numbers[order], bits[order]

    def pool(self) -> NDArray[np.uint32]:
        """Those who share most with the question."""
        lists, strands, weights = self._lists()
        if not lists:
            return np.empty(0, np.uint32)
        ends = np.cumsum([len(one) for one in lists])
        room = self.options.pool + pool.SPAN + 1
        found, scores = np.empty(room, np.uint32), np.empty(room, np.float32)
        count = pool.gather(
            np.concatenate(lists),
            np.concatenate(([0], ends[:-1])),
            ends,
            strands,
            weights,
            np.zeros(pool.SPAN, np.float32),
            np.zeros(pool.SPAN, np.uint8),
            np.empty(pool.SPAN, np.int64),
            found,
            scores,
            self.options.pool,
        )
        return np.sort(found[:count])

    def _lists(self) -> tuple[list[NDArray[np.uint32]], NDArray[np.int64], NDArray[np.float32]]:
        """Of each strand the lists, the heaviest first, as far as there is time to read them."""
        strands = [*self.strands, *self.others]
        more = self.store.get_many([key for strand in self.others for key in strand.keys])
        heads = {**self.heads, **more}
        items = [
            (float(bits), place, key)
            for place, strand in enumerate(strands)
            for key, bits in zip(strand.keys, strand.bits.tolist(), strict=True)
            if key in heads
        ]
        items.sort(key=lambda item: -item[0])
        kept, read = [], 0
        for item in items:
            read += postings.count(heads[item[2]])
            if read > POSTINGS_MAX and kept:
                break
            kept.append(item)
        whole = postings.whole(self.store, {key: heads[key] for _, _, key in kept})
        kept.sort(key=lambda item: (item[1], -item[0]))
        return (
            [whole[key] for _, _, key in kept],
            np.array([place for _, place, _ in kept], np.int64),
            np.array([bits for bits, _, _ in kept], np.float32),
        )

    def weighed(self, numbers: NDArray[np.uint32]) -> NDArray[np.float32]:
        """The bits of each of these persons; minus infinity for one who is not there."""
        blocks, where = np.unique(numbers // entries.BLOCK, return_inverse=True)
        keys = [entry_key(block) for block in blocks.tolist()]
        held = self.store.get_many(keys)
        values = [held.get(key, b"") for key in keys]
        ends = np.cumsum([len(value) for value in values], dtype=np.int64)
        starts = np.concatenate(([0], ends[:-1])).astype(np.int64) if len(ends) else np.empty(0, np.int64)
        words, strands, bits = self._word_table()
        asked = self.asked
        result = np.empty(len(numbers), np.float32)
        pool.weigh(
            np.frombuffer(b"".join(values), np.uint8),
            starts[where],
            ends[where],
            (numbers % entries.BLOCK).astype(np.int64),
            words,
            strands,
            bits,
            self._cuts(),
            np.array([entries.day(birth) for birth in asked.births], np.int64),
            entries.SEXES.index(asked.sex),
            entries.code(asked.nationalities[0]) if asked.nationalities else 0,
            np.array([entries.hashed(place) for place in asked.places], np.uint32),
            np.array([entries.hashed(number) for number in asked.numbers], np.uint32),
            np.array([asked.height_cm, entries.hashed(asked.eyes, 1), entries.hashed(asked.hair, 1)], np.int64),
            PARTICULARS,
            result,
        )
        return result

    def _word_table(self) -> tuple[NDArray[np.uint32], NDArray[np.int64], NDArray[np.float32]]:
        if not self.names:
            return np.empty(0, np.uint32), np.empty(0, np.int64), np.empty(0, np.float32)
        words = np.concatenate([strand.near.words for strand in self.names])
        strands = np.repeat(np.arange(len(self.names)), [len(strand.near.words) for strand in self.names])
        bits = np.concatenate([strand.bits for strand in self.strands])
        order = np.argsort(words, kind="stable")
        return words[order], strands[order], bits[order]

    def _cuts(self) -> NDArray[np.uint8]:
        cuts = np.zeros((len(self.ways), len(self.names)), np.uint8)
        for place, way in enumerate(self.ways):
            cuts[place, list(way.strands)] = 1
        return cuts


def _joined(one: Spelt, other: Spelt) -> Spelt | None:
    """Two neighbours written as one."""
    readings = [(left + right, lost + more) for left, lost in one.readings[:2] for right, more in other.readings[:2]]
    if len(readings[0][0]) > JOINED_LETTERS_MAX:
        return None
    return Spelt(one.written + other.written, one.script, tuple(sorted(readings, key=lambda reading: reading[1])))


def _birth_keys(birth: str) -> dict[bytes, int]:
    """The lists of dates that a date may be recorded as, and how each agrees with it."""
    day = entries.day(birth)
    year, month, number = day >> 9, day >> 5 & 15, day & 31
    levels: dict[int, int] = {}
    if number:
        levels[day] = pool.BIRTH_EXACT
        if number <= 12:
            levels.setdefault(year << 9 | number << 5 | month, pool.BIRTH_NEAR)
        levels[year << 9 | month << 5] = pool.BIRTH_PART
    elif month:
        levels |= {year << 9 | month << 5 | one: pool.BIRTH_PART for one in range(32)}
    else:
        levels |= {year << 9 | one << 5 | two: pool.BIRTH_YEAR for one in range(1, 13) for two in range(32)}
    levels.setdefault(year << 9, pool.BIRTH_YEAR)
    return {birth_key(one): level for one, level in levels.items()}
