"""The inner loops of a search for persons: who shares most with the question, and how much each is worth in bits."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from comity.matching.compiled import compiled, compiled_making_arrays
from comity.matching.entries import byte, four_bytes, three_bytes, two_bytes

Numbers = NDArray[np.uint32]
Places = NDArray[Any]  # of 64 bits, with a sign
Floats = NDArray[Any]  # of 32 bits
Bytes = NDArray[np.uint8]

SPAN = 1 << 16  # persons weighed at a time: their sums stay in the processor's cache


@compiled
def number_at(numbers: Numbers, place: int) -> int:
    return np.int64(numbers[place])  # type: ignore[return-value]


@compiled_making_arrays
def gather(
    postings: Numbers,
    starts: Places,
    ends: Places,
    strands: Places,
    weights: Floats,
    sums: Floats,
    seen: Bytes,
    touched: Places,
    found: Numbers,
    scores: Floats,
    wanted: int,
) -> int:
    """Of everyone in these lists the `wanted` with the highest sums: their numbers and sums, and how many there are.

    Lists of one strand (one thing asked for) stand together, the heaviest first: of each strand only the first counts.
    `sums`, `seen` and `touched` are room for SPAN, all zero; `found` and `scores` for more than `wanted` + SPAN.
    """
    lists = len(starts)
    at = starts.copy()
    count = 0
    least = 0.0
    while True:
        span = -1
        for one in range(lists):
            if at[one] < ends[one]:
                here = number_at(postings, at[one]) >> 16
                if span < 0 or here < span:
                    span = here
        if span < 0:
            break
        reached = 0
        stop = (span + 1) << 16
        for one in range(lists):
            weight, strand = weights[one], strands[one] + 1
            place = at[one]
            end = ends[one]
            while place < end and number_at(postings, place) < stop:
                person = number_at(postings, place) & 0xFFFF
                if seen[person] != strand:
                    if seen[person] == 0:
                        touched[reached] = person
                        reached += 1
                    seen[person] = strand
                    sums[person] += weight
                place += 1
            at[one] = place
        for one in range(reached):
            person = touched[one]
            if sums[person] > least:
                found[count] = (span << 16) | person
                scores[count] = sums[person]
                count += 1
            sums[person] = 0.0
            seen[person] = 0
        if count > wanted:
            count, least = _keep(found, scores, count, wanted)
    return count


@compiled_making_arrays
def _keep(found: Numbers, scores: Floats, count: int, wanted: int) -> tuple[int, float]:
    """The `wanted` highest of them moved to the front, and the least of these."""
    least = float(np.partition(scores[:count], count - wanted)[count - wanted])
    above = 0
    for one in range(count):
        if scores[one] > least:
            above += 1
    equal = wanted - above
    kept = 0
    for one in range(count):
        score = scores[one]
        if score > least or (score == least and equal > 0):
            if score == least:
                equal -= 1
            found[kept] = found[one]
            scores[kept] = score
            kept += 1
    return kept, least


CUTS_STRANDS_MAX = 24  # things asked for by name, all ways of joining and dividing words together
WORDS_MAX = 16  # of one recorded name

# How the particulars that are no names weigh, in bits: places in the array `particulars`.
(
    UNMATCHED_AGAINST,  # a word of the question, where the record has another word instead
    UNMATCHED,  # a word of the question, where the record has none left
    LEFT_OVER,  # a word of the record that was not asked for
    BIRTH_EXACT,
    BIRTH_NEAR,  # day and month exchanged, one digit wrong, a year apart
    BIRTH_PART,  # as far as both are known
    BIRTH_YEAR,
    BIRTH_OTHER,
    SEX_OTHER,
    SEX_SAME,
    NATIONALITY_SAME,
    NATIONALITY_OTHER,
    NUMBER_SAME,
    PLACE_SAME,
    DESCRIPTION_SAME,
    DESCRIPTION_OTHER,
) = range(16)


@compiled_making_arrays
def weigh(
    data: Bytes,
    blocks: Places,
    ends: Places,
    slots: Places,
    words: Numbers,
    word_strands: Places,
    word_bits: Floats,
    cuts: Bytes,
    births: Places,
    sex: int,
    nationality: int,
    places: Numbers,
    numbers: Numbers,
    described: Places,
    particulars: Floats,
    bits: Floats,
) -> None:
    """The bits of each person: `data` from blocks[i] to ends[i] is a block of entries, slots[i] the place in it.

    `words` ascends; word w lends word_bits to word_strands. Each row of `cuts` says which strands make one way of
    reading the question's name. A person who is not in the block gets minus infinity. Layout: entries.packed.
    """
    strands = cuts.shape[1]
    matrix = np.zeros((strands, WORDS_MAX), dtype=np.float32)
    for person in range(len(blocks)):
        at = blocks[person]
        end = ends[person]
        length = 0
        while at < end:
            length = two_bytes(data, at + 1)
            if data[at] == slots[person]:
                break
            at += 3 + length
        if at >= end:
            bits[person] = -np.inf
            continue
        at += 3
        stop = at + length
        flags, counts = byte(data, at), byte(data, at + 1)
        at += 2
        total = _birth_bits(data, at, counts & 15, births, particulars)
        at += 3 * (counts & 15)
        nationalities = counts >> 4
        if nationality and nationalities:
            same = False
            for one in range(nationalities):
                if two_bytes(data, at + 2 * one) == nationality:
                    same = True
            total += particulars[NATIONALITY_SAME] if same else particulars[NATIONALITY_OTHER]
        at += 2 * nationalities
        if sex and flags & 3:
            total += particulars[SEX_SAME] if flags & 3 == sex else particulars[SEX_OTHER]
        if flags & 8:
            several = byte(data, at)
            at += 1
            total += _shared(data, at, several & 15, places, particulars[PLACE_SAME])
            at += 4 * (several & 15)
            total += _shared(data, at, several >> 4, numbers, particulars[NUMBER_SAME])
            at += 4 * (several >> 4)
        if flags & 4:
            total += _described_bits(data, at, described, particulars)
            at += 4
        best = -1e9
        while at < stop:
            count = byte(data, at)
            at += 1
            matrix[:, :] = 0.0
            any_word = False
            for word in range(count):
                number = byte(data, at) & 127
                shift = 7
                while data[at] > 127:
                    at += 1
                    number |= (byte(data, at) & 127) << shift
                    shift += 7
                at += 1
                place = np.searchsorted(words, number)
                while place < len(words) and words[place] == number:
                    if word < WORDS_MAX:
                        any_word = True
                        strand = word_strands[place]
                        matrix[strand, word] = max(matrix[strand, word], word_bits[place])
                    place += 1
            if any_word:
                for cut in range(cuts.shape[0]):
                    best = max(best, _aligned(matrix, cuts[cut], min(count, WORDS_MAX), particulars))
        if strands and best < -1e8:
            best = float(particulars[UNMATCHED_AGAINST]) * 2
        bits[person] = total + (best if strands else 0.0)


@compiled
def _aligned(matrix: Floats, cut: Bytes, words: int, particulars: Floats) -> float:
    """Pairs the words of question and record, the most telling pair first, each word once."""
    strands = matrix.shape[0]
    total = 0.0
    asked = 0
    for strand in range(strands):
        asked += cut[strand]
    used_strands, used_words, pairs = 0, 0, 0
    while pairs < asked and pairs < words:
        best, best_strand, best_word = 0.0, -1, -1
        for strand in range(strands):
            if cut[strand] and not used_strands >> strand & 1:
                for word in range(words):
                    if matrix[strand, word] > best and not used_words >> word & 1:
                        best, best_strand, best_word = matrix[strand, word], strand, word
        if best_strand < 0:
            break
        total += best
        used_strands |= 1 << best_strand
        used_words |= 1 << best_word
        pairs += 1
    against = min(asked - pairs, words - pairs)
    total += against * particulars[UNMATCHED_AGAINST]
    total += (asked - pairs - against) * particulars[UNMATCHED]
    return float(total + (words - pairs - against) * particulars[LEFT_OVER])


@compiled
def _shared(data: Bytes, at: int, count: int, asked: Numbers, bits: float) -> float:
    total = 0.0
    for one in range(count):
        here = four_bytes(data, at + 4 * one)
        for other in range(len(asked)):
            if number_at(asked, other) == here:
                total = max(total, bits) if total == 0.0 else total + 0.25 * bits
    return total


@compiled
def _birth_bits(data: Bytes, at: int, count: int, asked: Places, particulars: Floats) -> float:
    """The best of all pairs of dates; none on either side says nothing."""
    if count == 0 or len(asked) == 0:
        return 0.0
    best = float(particulars[BIRTH_OTHER])
    for one in range(count):
        place = at + 3 * one
        found = three_bytes(data, place)
        for other in range(len(asked)):
            best = max(best, float(particulars[_birth_level(asked[other], found)]))
    return best


@compiled
def _birth_level(asked: int, found: int) -> int:
    year, month, day = asked >> 9, asked >> 5 & 15, asked & 31
    other_year, other_month, other_day = found >> 9, found >> 5 & 15, found & 31
    if asked == found:
        return BIRTH_EXACT if day else BIRTH_PART if month else BIRTH_YEAR
    if year == other_year:
        if month == 0 or other_month == 0:
            return BIRTH_YEAR
        if month == other_month:
            return BIRTH_PART if day == 0 or other_day == 0 else BIRTH_NEAR
        if day == other_day or (month == other_day and day == other_month):
            return BIRTH_NEAR
        return BIRTH_OTHER
    if month == other_month and day == other_day and month:
        apart = abs(year - other_year)
        if apart == 1 or apart == 10 or apart == 100 or (apart < 10 and year // 10 == other_year // 10):
            return BIRTH_NEAR
        if apart % 10 == 0 or apart < 3:
            return BIRTH_NEAR
    if abs(year - other_year) <= 1 and (month == 0 or other_month == 0):
        return BIRTH_YEAR
    return BIRTH_OTHER


@compiled
def _described_bits(data: Bytes, at: int, asked: Places, particulars: Floats) -> float:
    """Height within 5 cm, eyes, hair, as far as both sides have them."""
    total = 0.0
    height = two_bytes(data, at)
    if height and asked[0]:
        total += particulars[DESCRIPTION_SAME] if abs(height - asked[0]) <= 5 else particulars[DESCRIPTION_OTHER]
    for one in range(2):
        found = byte(data, at + 2 + one)
        if found and asked[1 + one]:
            total += particulars[DESCRIPTION_SAME] if found == asked[1 + one] else particulars[DESCRIPTION_OTHER]
    return total
