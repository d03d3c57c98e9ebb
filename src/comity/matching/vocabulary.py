"""Every word that occurs in a name of the index, found again by anything that is spelt or sounds nearly like it."""

import re
import struct
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from comity.matching import entries, spelling
from comity.matching.compiled import compiled, compiled_making_arrays
from comity.matching.entries import byte, four_bytes, two_bytes
from comity.matching.key_value import KeyValue
from comity.matching.variants import variants

Floats = NDArray[Any]  # of 32 bits
Numbers = NDArray[np.uint32]
Bytes = NDArray[np.uint8]
Whole = NDArray[Any]  # of 64 bits, with a sign

LETTERS_MAX = 30  # of one word; what follows is not compared
BLOCK = entries.BLOCK
ASTERISK, QUESTION_MARK = ord("*"), ord("?")
_BLOCKS_AT_ONCE = 1024
READINGS_KEPT_MAX = 8  # of a recorded word, each under its own sounds
EXACT_EDITS_TIMES = 0.15  # of the usual edits: the same word, give or take a doubled letter
NEAR_WORDS_MAX = 160  # kept for one word that was asked for
BITS_PER_EDIT = 4.5  # what one full edit takes from the evidence of a word
DOUBLED_DROP = 0.2  # edits: as in spelling.edits
_ROWS, _SOUNDS = b"v", b"s"
_NUMBER = struct.Struct(">I")
_HEAD = struct.Struct("<IBBB")  # of a word under its sounds: its number, script, bits lost × 8, letters


class Spelt(NamedTuple):
    """One word of a name: as it was written, and how it may be read in Latin letters, best first."""

    written: str  # what tells it from other words
    script: int
    readings: tuple[tuple[str, float], ...]  # a-z, bits lost by reading it so


class Near(NamedTuple):
    """Words of the vocabulary that may be meant by one that was asked for."""

    words: Numbers
    lost: Floats  # bits, by word


# Sounds that languages and romanisations write for one another, as one letter each. Vowels only count at the start.
_SOUND = re.compile(
    """
    (?P<s>tsch|tch|sch|dzh|sh|zh|ch|cz|sz|ts|tz|dz|s|z|c(?=[eiy]))
    |(?P<j>dj|j|^y(?=[aeiou]))
    |(?P<k>kh|gh|ck|[kgqc])
    |(?P<x>x)
    |(?P<f>ph|[fvw])
    |(?P<p>[bp])
    |(?P<t>th|dh|[td])
    |(?P<h>^h)
    |(?P<m>m)
    |(?P<n>n)
    |(?P<l>l)
    |(?P<r>r)
    """,
    re.VERBOSE,
)
_LETTERS = "sjkfpthmnlr"


@lru_cache(maxsize=1 << 16)
def sounds(text: str) -> str:
    """The consonants of a Latin word by kind of sound, each run of a kind once; `a` before for a vowel at the start."""
    found, end = ["a"] if text[:1] in "aeiou" else [], -1
    for one in _SOUND.finditer(text):
        kind = "ks" if one.lastgroup == "x" else one.lastgroup or ""
        if one.start() != end or kind != found[-1]:
            found.append(kind)
        end = one.end()
    return "".join(found)


@lru_cache(maxsize=1 << 12)
def near_sounds(here: str) -> tuple[str, ...]:
    """The same sounds, and all that are one edit away."""
    cuts = [(here[:place], here[place:]) for place in range(len(here) + 1)]
    near = {before + after[1:] for before, after in cuts if after}
    near |= {before + after[1] + after[0] + after[2:] for before, after in cuts if len(after) > 1}
    for before, after in cuts:
        near.update(before + sound + after for sound in _LETTERS)
        near.update(before + sound + after[1:] for sound in _LETTERS if after)
    near |= {"a" + here, "a" + here[1:]}
    near.discard(here)
    return (here, *sorted(near))


def sound_key(here: str) -> bytes:
    return _SOUNDS + here.encode()


def row_key(block: int) -> bytes:
    return _ROWS + _NUMBER.pack(block)


class Vocabulary:
    """The words of one index, over its keys and values; what is added waits for `write`."""

    def __init__(self, store: KeyValue, next_word: int) -> None:
        self.store = store
        self.next_word = next_word
        self._known: dict[tuple[str, int], int] = {}
        self._new_rows: dict[int, list[tuple[int, bytes]]] = {}
        self._new_sounds: dict[str, list[bytes]] = {}

    def number(self, word: Spelt) -> int:
        """The word's number; a word that is new gets the next."""
        key = (word.written, word.script)
        known = self._known.get(key)
        if known is None:
            known = self.find(word)
            if known is None:
                known = self._add(word)
            self._known[key] = known
        return known

    def find(self, word: Spelt) -> int | None:
        """The number of exactly this word, if it stands in the index."""
        text = word.readings[0][0]
        codes = _codes(text)
        bucket = self.store.get(sound_key(sounds(text)))
        if bucket is None or bytes((len(codes),)) + codes not in bucket:  # mostly so, and much quicker seen
            return None
        same = [number for number, script, _, found in _bucket(bucket) if script == word.script and found == codes]
        for number, row in self.rows(same).items():
            if row.written == word.written:
                return number
        return None

    def rows(self, numbers: Iterable[int]) -> dict[int, Spelt]:
        """The words of these numbers, as far as they stand."""
        wanted = set(numbers)
        blocks = self.store.get_many([row_key(block) for block in sorted({one // entries.BLOCK for one in wanted})])
        found = {}
        for key, block in blocks.items():
            first = _NUMBER.unpack(key[1:])[0] * entries.BLOCK
            for place, row in entries.places(block):
                if first + place in wanted:
                    found[first + place] = _row(row)
        return found

    def standing(self, texts: Iterable[str]) -> set[str]:
        """Those of these Latin words, nearly surely, that occur in the index as they are."""
        keys = {text: sound_key(sounds(text)) for text in texts}
        buckets = self.store.get_many(list(set(keys.values())))
        items = {text: bytes((len(codes),)) + codes for text in keys if (codes := _codes(text))}
        return {text for text, item in items.items() if item in buckets.get(keys[text], b"")}

    def like(self, pattern: str, words_max: int) -> Near:
        """Words whose best reading fits a pattern with `*` and `?`; reads the whole vocabulary, `words_max` at most."""
        found = np.empty(words_max, np.uint32)
        signs = np.frombuffer(pattern.encode("ascii"), np.uint8)
        count = 0
        for first in range(0, self.next_word // entries.BLOCK + 1, _BLOCKS_AT_ONCE):
            blocks = range(first, first + _BLOCKS_AT_ONCE)
            held = self.store.get_many([row_key(block) for block in blocks])
            values = [held.get(row_key(block), b"") for block in blocks]
            ends = np.cumsum([len(value) for value in values], dtype=np.int64)
            rows = np.frombuffer(b"".join(values), np.uint8)
            count = fitting(rows, ends, first * entries.BLOCK, signs, found, count)
        return Near(found[:count], np.zeros(count, np.float32))

    def _add(self, word: Spelt) -> int:
        number, self.next_word = self.next_word, self.next_word + 1
        block, place = divmod(number, entries.BLOCK)
        self._new_rows.setdefault(block, []).append((place, _packed_row(word)))
        for sound, item in _under_sounds(number, word):
            self._new_sounds.setdefault(sound, []).append(item)
        return number

    def remove(self, numbers: Sequence[int]) -> None:
        """Forgets words that nobody bears any more."""
        for number, word in self.rows(numbers).items():
            block, place = divmod(number, entries.BLOCK)
            _put_or_delete(
                self.store, row_key(block), entries.with_changes(self.store.get(row_key(block)) or b"", [(place, b"")])
            )
            for sound in {sound for sound, _ in _under_sounds(number, word)}:
                key = sound_key(sound)
                kept = [_item(*one) for one in _bucket(self.store.get(key) or b"") if one[0] != number]
                _put_or_delete(self.store, key, b"".join(kept))
        self._known.clear()

    def write(self) -> None:
        """Puts what was added."""
        held = self.store.get_many([row_key(block) for block in self._new_rows])
        rows = [
            (row_key(block), entries.with_changes(held.get(row_key(block), b""), changed))
            for block, changed in self._new_rows.items()
        ]
        self.store.put_many(sorted(rows))
        buckets = self.store.get_many([sound_key(sound) for sound in self._new_sounds])
        under = [
            (sound_key(sound), buckets.get(sound_key(sound), b"") + b"".join(items))
            for sound, items in self._new_sounds.items()
        ]
        self.store.put_many(sorted(under))
        self._new_rows.clear()
        self._new_sounds.clear()

    def near(self, word: Spelt, closely: int, lost_max: float, edits_times: float = 1.0) -> Near:
        """Words spelt nearly like one of the readings: the first `closely` sounds also with one sound amiss.

        `edits_times` as many edits as usual are let pass.
        """
        by_sound = list(dict.fromkeys(sounds(text) for text, _ in word.readings))
        wanted = dict.fromkeys(by_sound)
        for sound in by_sound[:closely]:
            wanted.update(dict.fromkeys(near_sounds(sound)))
        buckets = self._under(wanted)
        numbers, lost = _compared(b"".join(buckets.values()), word.readings, edits_times, lost_max)
        if forms := variants(word.readings[0][0]):
            more = self._under(sounds(text) for text, _ in forms)
            other_numbers, other_lost = _compared(b"".join(more.values()), forms, EXACT_EDITS_TIMES, lost_max)
            numbers, lost = np.concatenate((numbers, other_numbers)), np.concatenate((lost, other_lost))
        return _each_once(numbers, lost, lost_max)

    def _under(self, wanted: Iterable[str]) -> dict[bytes, bytes]:
        return self.store.get_many([sound_key(sound) for sound in dict.fromkeys(wanted)])


def _each_once(numbers: Numbers, lost: Floats, lost_max: float) -> Near:
    """The best of each word's readings, the nearest word first."""
    order = np.lexsort((lost, numbers))
    numbers, lost = numbers[order], lost[order]
    first = np.ones(len(numbers), dtype=bool)
    first[1:] = numbers[1:] != numbers[:-1]
    first &= lost <= lost_max
    numbers, lost = numbers[first], lost[first]
    order = np.argsort(lost, kind="stable")
    return Near(numbers[order], lost[order])


# Costs of edits as whole numbers, which are compared quicker.
COST = 20  # of one full edit
_SUBSTITUTE = np.array([round(cost * COST) for cost in spelling.substitution_costs()], dtype=np.int64)
_DROP = np.array([round(cost * COST) for cost in spelling.drop_costs()], dtype=np.int64)
CHEAPEST = int(_SUBSTITUTE[_SUBSTITUTE > 0].min())  # edit that brings a letter in or takes one out
_SWAP, _DOUBLED = round(spelling.SWAP * COST), round(DOUBLED_DROP * COST)


def _compared(
    buckets: bytes, readings: Sequence[tuple[str, float]], edits_times: float, lost_max: float
) -> tuple[Numbers, Floats]:
    bits: dict[bytes, float] = {}
    for text, doubt in readings:
        bits.setdefault(_codes(text), doubt)
    letters = np.zeros((len(bits), LETTERS_MAX), dtype=np.int64)
    for place, one in enumerate(bits):
        letters[place, : len(one)] = list(one)
    lengths = np.array([len(one) for one in bits], dtype=np.int64)
    lost = np.array(list(bits.values()), dtype=np.float64)
    room = len(buckets) // (_HEAD.size + 1) + 1
    numbers, found = np.empty(room, dtype=np.uint32), np.empty(room, dtype=np.float32)
    data = np.frombuffer(buckets, np.uint8)
    work = np.empty((5, LETTERS_MAX + 2), dtype=np.int64)
    counts = np.zeros(int(lost_max * 4), dtype=np.int64)
    count = compare_words(
        data, letters, lengths, lost, _SUBSTITUTE, _DROP, work, edits_times, counts, NEAR_WORDS_MAX, numbers, found
    )
    return numbers[:count], found[:count]


def apart(one: str, other: str) -> float:
    """The bits that two Latin words lose to one another, however many."""
    letters = (np.frombuffer(_codes(text), np.uint8).astype(np.int64) for text in (one, other))
    left, right = letters
    work = np.empty((5, LETTERS_MAX + 2), dtype=np.int64)
    work[4, : len(right)] = right
    _note_drops(work, len(right), _DROP)
    return _edits(left, len(left), work, len(right), _SUBSTITUTE, _DROP, 1 << 30) / COST * BITS_PER_EDIT


@compiled
def fitting(rows: Bytes, ends: Whole, number: int, pattern: Bytes, found: Numbers, count: int) -> int:
    """Notes the words that fit from found[count] on, as far as there is room; how many there are then.

    `rows` are blocks of words side by side, block n up to ends[n]; the first holds the words from `number` on.
    """
    at = 0
    for block in range(len(ends)):
        while at < ends[block]:
            place, size = byte(rows, at), two_bytes(rows, at + 1)
            start, stop = at + 5, at + 5 + byte(rows, at + 4)
            at += 3 + size
            if stop < at:  # readings follow: the first is the best
                start, stop = stop + 2, stop + 2 + byte(rows, stop + 1)
            if count < len(found) and fits(rows, start, stop, pattern):
                found[count] = number + block * BLOCK + place
                count += 1
    return count


@compiled
def fits(rows: Bytes, start: int, stop: int, pattern: Bytes) -> bool:
    """Whether these letters fit the pattern: `*` stands for any letters, `?` for one."""
    letter, sign = start, 0
    star, again = -1, start
    while letter < stop:
        if sign < len(pattern) and (pattern[sign] == QUESTION_MARK or pattern[sign] == rows[letter]):
            letter += 1
            sign += 1
        elif sign < len(pattern) and pattern[sign] == ASTERISK:
            star, again = sign, letter
            sign += 1
        elif star >= 0:
            again += 1
            letter, sign = again, star + 1
        else:
            return False
    while sign < len(pattern) and pattern[sign] == ASTERISK:
        sign += 1
    return sign == len(pattern)


@compiled_making_arrays
def compare_words(
    data: Bytes,
    letters: Whole,
    lengths: Whole,
    lost: Floats,
    substitute: Whole,
    drop: Whole,
    work: Whole,
    edits_times: float,
    counts: Whole,
    wanted: int,
    numbers: Numbers,
    bits: Floats,
) -> int:
    """The words of these buckets that are near enough to a reading: their numbers, the bits they lose, how many.

    Once `wanted` are found, only nearer ones count: the likeliest buckets come first. `counts` is room, all zero, for
    how many lose so many quarters of a bit; no word that loses as much as it has places is near.
    """
    at, found, held = 0, 0, 0
    most = len(counts)
    masks = np.zeros(len(lengths), np.int64)
    for reading in range(len(lengths)):
        for place in range(lengths[reading]):
            masks[reading] |= 1 << letters[reading, place]
    while at < len(data):
        length = byte(data, at + 6)
        own = byte(data, at + 5) / 8.0
        best = most / 4.0 - own
        near = False
        mask = 0
        for place in range(length):
            letter = byte(data, at + 7 + place)
            work[4, place] = letter
            mask |= 1 << letter
        _note_drops(work, length, drop)
        for reading in range(len(lengths)):
            asked = lengths[reading]
            longer = max(asked, length)
            enough = min(min(0.35 + 0.27 * longer, 2.6) * edits_times, (best - lost[reading]) / BITS_PER_EDIT)
            limit = int(np.floor(enough * COST))
            # each letter that only one of the two has takes an edit, the cheapest of which is an exchange
            lacking = max(ones(masks[reading] & ~mask), ones(mask & ~masks[reading]))
            if lacking * CHEAPEST <= limit and abs(asked - length) <= 1 + longer // 3:
                edit = _edits(letters[reading], asked, work, length, substitute, drop, limit)
                if edit <= limit and edit * (BITS_PER_EDIT / COST) + lost[reading] < best:
                    best = edit * (BITS_PER_EDIT / COST) + lost[reading]
                    near = True
        if near:
            numbers[found] = four_bytes(data, at)
            bits[found] = best + own
            found += 1
            held += 1
            counts[int((best + own) * 4.0)] += 1
            while held - counts[most - 1] >= wanted:
                most -= 1
                held -= counts[most]
        at += 7 + length
    return found


@compiled
def ones(mask: int) -> int:
    count = 0
    while mask:
        mask &= mask - 1
        count += 1
    return count


@compiled
def _note_drops(work: Whole, length: int, drop: Whole) -> None:
    """What leaving out each letter of work[4] costs, into work[3]: less a doubled one, another price at the start."""
    for place in range(length):
        letter = work[4, place]
        if place == 0:
            work[3, 0] = drop[letter + 26]
        else:
            work[3, place] = _DOUBLED if work[4, place - 1] == letter else drop[letter]


@compiled
def _edits(one: Whole, asked: int, work: Whole, length: int, substitute: Whole, drop: Whole, enough: int) -> int:
    """The weighted Damerau–Levenshtein distance (see spelling.edits) between a reading and the word in work[4]."""
    above, now, before = 0, 1, 2
    work[0, 0] = 0
    for j in range(length):
        work[0, j + 1] = work[0, j] + work[3, j]
    earlier = -1
    for i in range(asked):
        left = one[i]
        left_drop = drop[left + 26] if i == 0 else (_DOUBLED if earlier == left else drop[left])
        last = work[above, 0] + left_drop
        work[now, 0] = last
        lowest = last
        previous = -1
        for j in range(length):
            right = work[4, j]
            best = work[above, j] + substitute[left * 26 + right]
            if left == previous and right == earlier and left != right:
                best = min(best, work[before, j - 1] + _SWAP)
            best = min(best, work[above, j + 1] + left_drop, last + work[3, j])
            work[now, j + 1] = best
            last = best
            lowest = min(lowest, best)
            previous = right
        if lowest > enough:
            return int(lowest)
        above, now, before = now, before, above
        earlier = left
    return int(work[above, length])


def _codes(text: str) -> bytes:
    return spelling.codes(spelling.folded(text)[:LETTERS_MAX])


def _under_sounds(number: int, word: Spelt) -> list[tuple[str, bytes]]:
    """(sounds, item) for each reading that is kept; a reading that folds to one before it adds nothing."""
    found: dict[tuple[str, bytes], float] = {}
    for text, lost in word.readings[:READINGS_KEPT_MAX]:
        found.setdefault((sounds(text), _codes(text)), lost)
    return [
        (sound, _item(number, word.script, min(255, round(lost * 8)), codes)) for (sound, codes), lost in found.items()
    ]


def _item(number: int, script: int, eighths_lost: int, codes: bytes) -> bytes:
    return _HEAD.pack(number, script, eighths_lost, len(codes)) + codes


def _bucket(data: bytes) -> list[tuple[int, int, int, bytes]]:
    found, at = [], 0
    while at < len(data):
        number, script, eighths, length = _HEAD.unpack_from(data, at)
        at += _HEAD.size
        found.append((number, script, eighths, data[at : at + length]))
        at += length
    return found


def _packed_row(word: Spelt) -> bytes:
    """Script, the word as written and its readings; a Latin word is its own reading."""
    written = word.written.encode()[:255]
    row = bytes((word.script, len(written))) + written
    if word.readings == ((word.written, 0.0),):
        return row
    for text, lost in word.readings[:READINGS_KEPT_MAX]:
        row += bytes((min(255, round(lost * 8)), len(text))) + text.encode()
    return row


def _row(row: bytes) -> Spelt:
    at = 2 + row[1]
    written, readings = row[2:at].decode(errors="ignore"), []
    while at < len(row):
        readings.append((row[at + 2 : at + 2 + row[at + 1]].decode(), row[at] / 8))
        at += 2 + row[at + 1]
    return Spelt(written, row[0], tuple(readings) or ((written, 0.0),))


def _put_or_delete(store: KeyValue, key: bytes, value: bytes) -> None:
    if value:
        store.put(key, value)
    else:
        store.delete(key)
