"""A question as the index of persons answers it: strand by strand, then the pool, then the order in bits."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import islice, pairwise
from typing import Any, NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from comity.matching import entries, pool, postings
from comity.matching.candidates import ENTRIES, WORD, Candidates, birth_key, number_key, place_key
from comity.matching.entries import Entry
from comity.matching.traits import PATTERN, Traits
from comity.matching.vocabulary import NEAR_WORDS_MAX, Near, Spelt, apart

POOL = 1_000  # persons whose entries are read and weighed
PATTERN_WORDS_MAX = 2_000  # that one pattern may stand for
BLOCKS_AT_ONCE = 4_096  # where everybody is read
POSTINGS_MAX = 3_000_000  # read for one question; the least telling lists give way
NAMES_MAX, WORDS_MAX = 3, 8  # of a question
STRANDS_MAX = 32
CLOSELY = 2  # readings of a word whose neighbours by sound are looked up too
LOST_MAX_BITS = 14.0
JOINED_LETTERS_MAX = 16
HALF_LETTERS_MIN = 2
DIVISIBLE_LETTERS_MIN = 5
DIVISIONS_MAX = 2
ANSWER_BITS_MIN = 0.25
SOUND_ALIKE_EDITS = 2.0  # as many edits as usual are let pass, where likeness of sound was asked for
SOUND_ALIKE_SHARE = 0.3  # of the bits that a spelling loses then
# Who is worth reading and comparing in full, of those whom a question with a name leads to: so many in any case, and
# beyond them whoever has that much in common with it, or nearly as much as the best, and is not far behind it. Of 1,040
# questions in ten scripts and with seven kinds of mistakes over 60,000 persons nobody who was meant lay beyond
# (docs/performance.md).
WORTH_ALWAYS = 20
WORTH_BITS_MIN = 2.0
WORTH_NEAR_BEST_BITS = 3.0
WORTH_BEHIND_BITS_MAX = 25.0
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
    worth: bool = False  # only those who are worth comparing in full
    pool: int = POOL


USUAL = Options()


class Strand(NamedTuple):
    """One word asked for, and what of the vocabulary may be meant by it."""

    asked: str
    read: str  # its best reading
    near: Near


class Answers(NamedTuple):
    """Row by row: a list in which someone stands, for which strand, and what standing there is worth in bits."""

    lists: NDArray[np.int64]
    strands: NDArray[np.int64]
    bits: NDArray[np.float32]


def search(
    candidates: Candidates, asked: Traits, limit: int, after: int = 0, options: Options = USUAL
) -> NDArray[np.void]:
    """The best first: an array of (number, bits) from place `after` on. Bits rank, they decide nothing."""
    sought = Sought(candidates, asked, options)
    numbers, bits = sought.ranked()
    stop = min(after + limit, _worth(bits, options))
    found = np.empty(len(numbers[after:stop]), FOUND)
    found["number"], found["bits"] = numbers[after:stop], bits[after:stop]
    return found


def _worth(bits: NDArray[np.float32], options: Options) -> int:
    """How many of those in order are worth comparing in full."""
    if not options.worth or len(bits) <= WORTH_ALWAYS:
        return len(bits)
    best = float(bits[0])
    least = max(min(WORTH_BITS_MIN, best - WORTH_NEAR_BEST_BITS), best - WORTH_BEHIND_BITS_MAX)
    return max(WORTH_ALWAYS, int(np.count_nonzero(bits >= least)))


class Stage(StrEnum):
    """Where a person was lost."""

    NOT_RECORDED = "not-recorded"  # the index has nobody of that number
    NO_SUCH_WORD = "no-such-word"  # none of the recorded words is near enough to this one
    NOT_IN_POOL = "not-in-pool"  # too many others share more with the question
    OUTRANKED = "outranked"  # weighed, and others weigh more
    TOO_LITTLE = "too-little"  # has too little in common with the question, or far less than the best


class Reason(Struct, frozen=True):
    stage: Stage
    asked: str = ""  # the word of the question
    found: str = ""  # the nearest word of the record
    bits: float = 0.0  # that the words lose to one another; of the person
    bits_needed: float = 0.0  # of the last one who was told
    place: int = 0  # among all who were weighed, from 1


def why_not(
    candidates: Candidates, asked: Traits, number: int, limit: int, options: Options = USUAL
) -> tuple[Reason, ...]:
    """Why a person is not among the first `limit` who are worth it; nothing where they are."""
    entry = candidates.entries([number]).get(number)
    if entry is None:
        return (Reason(Stage.NOT_RECORDED),)
    sought = Sought(candidates, asked, options)
    numbers, bits = sought.ranked()
    places = np.flatnonzero(numbers == number)
    told = min(limit, _worth(bits, options))
    if len(places) and places[0] < told:
        return ()
    needed = float(bits[told - 1]) if len(bits) else 0.0
    reasons = _words_lost(sought, entry)
    if len(places):
        place = int(places[0])
        stage = Stage.OUTRANKED if place >= limit else Stage.TOO_LITTLE
        return (*reasons, Reason(stage, bits=float(bits[place]), bits_needed=needed, place=place + 1))
    own = float(sought.weighed(np.array([number], np.uint32))[0])
    return (*reasons, Reason(Stage.NOT_IN_POOL, bits=own, bits_needed=needed))


def _words_lost(sought: "Sought", entry: Entry) -> tuple[Reason, ...]:
    """For each word of the question that none of the recorded words answers to, the nearest of these."""
    words = sought.candidates.vocabulary.rows({word for name in entry.names for word in name})
    reasons = []
    for place in sought.ways[0] if sought.ways else ():
        strand = sought.strands[place]
        if not words.keys() & set(strand.near.words.tolist()):
            lost, found = min((apart(strand.read, word.readings[0][0]), word.written) for word in words.values())
            reasons.append(Reason(Stage.NO_SUCH_WORD, strand.asked, found, lost))
    return tuple(reasons)


class Sought:
    """One question on its way through the index."""

    def __init__(self, candidates: Candidates, asked: Traits, options: Options) -> None:
        self.store = candidates.store
        self.candidates = candidates
        self.options = options
        self.asked = asked
        self.strands: list[Strand] = []
        self.ways: list[tuple[int, ...]] = []  # to read a name: the strands that make it up
        for name in asked.names[:NAMES_MAX]:
            self._read_name(name[:WORDS_MAX])
        others = _particulars(asked)
        words = _concatenated([strand.near.words for strand in self.strands], np.uint32)
        self.words, places = np.unique(words, return_inverse=True)
        keys = [*_word_keys(self.words), *(key for levels in others for key in levels)]
        self.lists = postings.lists(self.store, keys)
        self.by_name = self._name_answers(places)
        self.by_others = _other_answers(others, len(self.words), len(self.strands))

    # --- what may be meant

    def _read_name(self, name: Sequence[Spelt]) -> None:
        """The name as it stands; with each two neighbours joined; with a word that nobody bears divided."""
        first = len(self.strands)
        for word in name:
            self.strands.append(Strand(word.written, word.readings[0][0], self._near(word, CLOSELY)))
        whole = tuple(range(first, len(self.strands)))
        self.ways.append(whole)
        for place, (one, other) in enumerate(pairwise(name)):
            if joined := _joined(one, other):
                near = self._near(joined, 0)
                if len(near.words):
                    self._another_way(whole, place, 2, [Strand(joined.written, joined.readings[0][0], near)])
        for place, word in enumerate(name):
            for halves in self._divided(word, self.strands[first + place].near):
                self._another_way(whole, place, 1, halves)

    def _another_way(self, whole: tuple[int, ...], place: int, replaced: int, by: list[Strand]) -> None:
        if len(self.strands) + len(by) > STRANDS_MAX:
            return
        new = tuple(range(len(self.strands), len(self.strands) + len(by)))
        self.strands += by
        self.ways.append((*whole[:place], *new, *whole[place + replaced :]))

    def _near(self, word: Spelt, closely: int) -> Near:
        if word.script == PATTERN:
            return self.candidates.vocabulary.like(word.written, PATTERN_WORDS_MAX)
        edits_times = SOUND_ALIKE_EDITS if self.options.sounds_like else 1.0
        near = self.candidates.vocabulary.near(word, closely, LOST_MAX_BITS * edits_times, edits_times)
        words, lost = near.words[:NEAR_WORDS_MAX], near.lost[:NEAR_WORDS_MAX]
        return Near(words, lost * SOUND_ALIKE_SHARE if self.options.sounds_like else lost)

    def _divided(self, word: Spelt, near: Near) -> list[list[Strand]]:
        """The most frequent pairs of words that together are spelt as this one, where it is no word itself."""
        text = word.readings[0][0]
        if word.script == PATTERN or len(text) < DIVISIBLE_LETTERS_MIN or (len(near.lost) and near.lost[0] < 1.0):
            return []
        cuts = range(HALF_LETTERS_MIN, len(text) - HALF_LETTERS_MIN + 1)
        borne = self.candidates.vocabulary.standing({half for at in cuts for half in (text[:at], text[at:])})
        found = []
        for halves in ((text[:at], text[at:]) for at in cuts):
            if borne.issuperset(halves):
                nears = [self._near(Spelt(half, 0, ((half, 0.0),)), 0) for half in halves]
                strands = [Strand(half, half, near) for half, near in zip(halves, nears, strict=True)]
                found.append((min(self._bearers(near) for near in nears), strands))
        found.sort(key=lambda one: -one[0])
        return [strands for _, strands in found[:DIVISIONS_MAX]]

    def _bearers(self, near: Near) -> int:
        exact = near.words[near.lost < 1.0]
        return int(postings.lists(self.store, _word_keys(exact)).counts.sum())

    # --- what it is worth

    def _name_answers(self, places: NDArray[np.int64]) -> Answers:
        """Bits: how rare those are who answer to a word at all, less what each spelling loses."""
        strands = np.repeat(np.arange(len(self.strands)), [len(strand.near.words) for strand in self.strands])
        lost = _concatenated([strand.near.lost for strand in self.strands], np.float32)
        meant = np.full(len(self.strands), UNKNOWN_WORDS)
        np.add.at(meant, strands, self.lists.counts[places] * np.exp2(-lost))
        persons = self.candidates.persons
        rarity = np.log2((persons + 2) / np.minimum(meant, persons + 1))
        return Answers(places, strands, np.maximum(rarity[strands] - lost, ANSWER_BITS_MIN).astype(np.float32))

    # --- who answers

    def ranked(self) -> tuple[NDArray[np.uint32], NDArray[np.float32]]:
        """The pool in the order of its bits."""
        numbers = self.pool()
        bits = self.weighed(numbers)
        order = np.lexsort((numbers, -bits))
        order = order[np.isfinite(bits[order])]
        return numbers[order], bits[order]

    def pool(self) -> NDArray[np.uint32]:
        """Those who share most with the question."""
        if not (self.strands or len(self.by_others.lists)):
            return self._by_reading_all()
        answers = self._affordable()
        if not len(answers.lists):
            return np.empty(0, np.uint32)
        lists = self.lists.whole(self.store, set(answers.lists.tolist()))
        room = self.options.pool + pool.SPAN + 1
        found, scores = np.empty(room, np.uint32), np.empty(room, np.float32)
        count = pool.gather(
            lists.numbers,
            lists.starts[answers.lists],
            lists.starts[answers.lists] + lists.counts[answers.lists],
            answers.strands,
            answers.bits,
            np.zeros(pool.SPAN, np.float32),
            np.zeros(pool.SPAN, np.uint8),
            np.empty(pool.SPAN, np.int64),
            found,
            scores,
            self.options.pool,
        )
        return np.sort(found[:count])

    def _affordable(self) -> Answers:
        """Strand by strand the heaviest lists first, without those for which there is no time."""
        named, others = self.by_name, self.by_others
        both = Answers(
            np.concatenate((named.lists, others.lists)),
            np.concatenate((named.strands, others.strands)),
            np.concatenate((named.bits, others.bits)),
        )
        order = np.argsort(-both.bits, kind="stable")
        counts = self.lists.counts[both.lists[order]]
        order = order[(counts > 0) & (np.cumsum(counts) - counts <= POSTINGS_MAX)]
        order = order[np.argsort(both.strands[order], kind="stable")]
        return Answers(both.lists[order], both.strands[order], both.bits[order])

    def _by_reading_all(self) -> NDArray[np.uint32]:
        """Where neither name nor date, number or place is known: the best of everybody."""
        asked = self.asked
        if not (asked.nationalities or asked.sex != entries.SEXES[0] or asked.height_cm or asked.eyes or asked.hair):
            return np.empty(0, np.uint32)
        best, best_bits = np.empty(0, np.uint32), np.empty(0, np.float32)
        blocks = self.store.range(ENTRIES)
        while some := list(islice(blocks, BLOCKS_AT_ONCE)):
            firsts = np.frombuffer(b"".join([key[1:] for key, _ in some]), ">u4").astype(np.int64) * entries.BLOCK
            numbers = (firsts[:, None] + np.arange(entries.BLOCK)).astype(np.uint32).ravel()
            bits = self._weighed(numbers, [value for _, value in some], np.repeat(np.arange(len(some)), entries.BLOCK))
            kept = np.isfinite(bits)
            best, best_bits = np.concatenate((best, numbers[kept])), np.concatenate((best_bits, bits[kept]))
            if len(best) > self.options.pool:
                first = np.argpartition(-best_bits, self.options.pool - 1)[: self.options.pool]
                best, best_bits = best[first], best_bits[first]
        return np.sort(best)

    def weighed(self, numbers: NDArray[np.uint32]) -> NDArray[np.float32]:
        """The bits of each of these persons; minus infinity for one who is not there."""
        blocks, where = np.unique(numbers // entries.BLOCK, return_inverse=True)
        keys = _packed_keys(ENTRIES, blocks)
        held = self.store.get_many(keys)
        return self._weighed(numbers, [held.get(key, b"") for key in keys], where)

    def _weighed(
        self, numbers: NDArray[np.uint32], blocks: Sequence[bytes], where: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Person n stands in blocks[where[n]], if anywhere."""
        ends = np.cumsum([len(block) for block in blocks], dtype=np.int64)
        starts = np.concatenate((np.zeros(1, np.int64), ends))[:-1]
        order = np.argsort(self.by_name.lists, kind="stable")
        asked = self.asked
        bits = np.empty(len(numbers), np.float32)
        pool.weigh(
            np.frombuffer(b"".join(blocks), np.uint8),
            starts[where],
            ends[where],
            (numbers % entries.BLOCK).astype(np.int64),
            self.words[self.by_name.lists[order]],
            self.by_name.strands[order],
            self.by_name.bits[order],
            self._cuts(),
            np.array([entries.day(birth) for birth in asked.births], np.int64),
            entries.SEXES.index(asked.sex),
            entries.code(asked.nationalities[0]) if asked.nationalities else 0,
            np.array([entries.hashed(place) for place in asked.places], np.uint32),
            np.array([entries.hashed(number) for number in asked.numbers], np.uint32),
            np.array([asked.height_cm, entries.hashed(asked.eyes, 1), entries.hashed(asked.hair, 1)], np.int64),
            PARTICULARS,
            bits,
        )
        return bits

    def _cuts(self) -> NDArray[np.uint8]:
        cuts = np.zeros((len(self.ways), len(self.strands)), np.uint8)
        for place, way in enumerate(self.ways):
            cuts[place, list(way)] = 1
        return cuts


def _joined(one: Spelt, other: Spelt) -> Spelt | None:
    """Two neighbours written as one."""
    if PATTERN in (one.script, other.script):
        return None
    readings = [(left + right, lost + more) for left, lost in one.readings[:2] for right, more in other.readings[:2]]
    if len(readings[0][0]) > JOINED_LETTERS_MAX:
        return None
    return Spelt(one.written + other.written, one.script, tuple(sorted(readings, key=lambda reading: reading[1])))


def _particulars(asked: Traits) -> list[dict[bytes, int]]:
    """What is known besides names: for each the lists to look in, and how whoever stands there agrees."""
    strands = [_birth_keys(birth) for birth in asked.births]
    strands += [{number_key(entries.hashed(number)): pool.NUMBER_SAME} for number in asked.numbers]
    return strands + [{place_key(entries.hashed(place)): pool.PLACE_SAME} for place in asked.places]


def _other_answers(others: Sequence[Mapping[bytes, int]], first_list: int, first_strand: int) -> Answers:
    levels = [level for one in others for level in one.values()]
    return Answers(
        np.arange(first_list, first_list + len(levels)),
        np.repeat(np.arange(first_strand, first_strand + len(others)), [len(one) for one in others]),
        PARTICULARS[levels] if levels else np.empty(0, np.float32),
    )


def _word_keys(words: NDArray[np.uint32]) -> list[bytes]:
    return _packed_keys(WORD, words)


def _packed_keys(kind: bytes, numbers: NDArray[np.uint32]) -> list[bytes]:
    """As candidates.word_key and its like, for many."""
    raw = numbers.astype(">u4").tobytes()
    return [kind + raw[at : at + 4] for at in range(0, len(raw), 4)]


def _concatenated(arrays: Sequence[NDArray[Any]], kind: type) -> NDArray[Any]:
    return np.concatenate(arrays) if arrays else np.empty(0, kind)


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
