"""Which word of one name answers to which word of the other, and what the whole weighs in bits."""

from collections.abc import Sequence
from math import exp, log

from comity.matching.compiled import compiled
from comity.matching.likeness import (
    APART_MAX,
    NOTHING,
    SPELLED,
    Room,
    Tables,
    bits_for,
    bits_of,
    measure,
    measure_romanised,
    per_letter,
)
from comity.matching.packed import (
    FLAG_INITIAL,
    FLAG_NATIVE,
    READING_HEAD,
    TOKENS_MAX,
    byte,
    copy_letters,
    find_tokens,
    first_reading,
)
from comity.matching.spelling import edits
from comity.matching.weights import (
    CONFLICT,
    COUNT,
    CROSSED,
    INTERCEPT_LATIN,
    INTERCEPT_NATIVE,
    JOINED,
    LAPSE_LATIN,
    LAPSE_NATIVE,
    LEFT_UNKNOWN,
    NAME_CAP,
    ONE_WORD,
    WHOLE,
)

_FAMILY = (False, True, False, False, False, True)  # by role
_GIVEN = (False, False, True, True, False, False)
_LOG2 = (0.0, 0.0, 1.0, 1.585, 2.0, 2.322, 2.585, 2.807, 3.0)
_NEVER = -1e9
_SQUARE = TOKENS_MAX * TOKENS_MAX


@compiled
def soft_least(bits: float, least: float) -> float:
    """`bits`, but never below `least`, without a corner: log2(2^bits + 2^least)."""
    high, low = (bits, least) if bits > least else (least, bits)
    return high + log(1.0 + exp((low - high) * 0.6931471805599453)) / 0.6931471805599453


@compiled
def measure_joined(
    packed: Sequence[int], token: int, against: Sequence[int], other: int, more: int, tables: Tables, room: Room
) -> float:
    """How one word compares with two of the other name read as one: Jongun, Jong Un."""
    if (byte(against, other + 1) | byte(against, more + 1)) & (FLAG_NATIVE | FLAG_INITIAL):
        return NOTHING
    native = byte(packed, token + 1) & FLAG_NATIVE
    first, second = first_reading(against, other), first_reading(against, more)
    reading = first_reading(packed, token)
    if not native:
        # Words that begin otherwise or are much longer are not looked at any further.
        longer = byte(packed, reading) - byte(against, first) - byte(against, second)
        begins = byte(packed, reading + READING_HEAD) == byte(against, first + READING_HEAD)
        if longer > 2 or longer < -2 or not begins:
            return NOTHING
    count = copy_letters(against, first, room.other, 0)
    count = copy_letters(against, second, room.other, count)
    if native:
        cost = (byte(against, other + 11) + byte(against, more + 11)) / 2.0
        return measure_romanised(packed, token, count, cost, tables, room)
    length = copy_letters(packed, reading, room.one, 0)
    letters = per_letter(length, count)
    apart = edits(room, length, count, tables, APART_MAX * letters) / letters
    return SPELLED + apart if apart < APART_MAX else NOTHING


@compiled
def fill_measures(
    packed: Sequence[int], count: int, against: Sequence[int], other_count: int, tables: Tables, room: Room
) -> None:
    """How each word, and each two neighbours read as one, compare with each word of the other name."""
    tokens, measures = room.tokens, room.measures
    for i in range(count):
        for j in range(other_count):
            place = i * TOKENS_MAX + j
            one, other = tokens[i], tokens[TOKENS_MAX + j]
            measures[place] = measure(packed, one, against, other, tables, room)
            measures[_SQUARE + place] = NOTHING
            measures[2 * _SQUARE + place] = NOTHING
            if measures[place] < SPELLED:
                continue
            if i + 1 < count:
                measures[_SQUARE + place] = measure_joined(against, other, packed, one, tokens[i + 1], tables, room)
            if j + 1 < other_count:
                more = tokens[TOKENS_MAX + j + 1]
                measures[2 * _SQUARE + place] = measure_joined(packed, one, against, other, more, tables, room)


@compiled
def fill_values(
    packed: Sequence[int], count: int, against: Sequence[int], other_count: int, tables: Tables, room: Room
) -> None:
    """What the measures weigh in bits."""
    tokens, measures, values, weights = room.tokens, room.measures, room.values, tables.weights
    chances = weights[COUNT] * _LOG2[count if count > other_count else other_count]
    for i in range(count):
        rarity = byte(packed, tokens[i] + 3)
        for j in range(other_count):
            other_rarity = byte(against, tokens[TOKENS_MAX + j] + 3)
            place = i * TOKENS_MAX + j
            values[place] = values[_SQUARE + place] = values[2 * _SQUARE + place] = _NEVER
            if measures[place] < NOTHING:
                values[place] = bits_for(measures[place], min(rarity, other_rarity) / 8.0, weights) - chances
                if crossed(byte(packed, tokens[i] + 2), byte(against, tokens[TOKENS_MAX + j] + 2)):
                    values[place] -= weights[CROSSED]
            if measures[_SQUARE + place] < NOTHING:
                joined = rarity + byte(packed, tokens[i + 1] + 3)
                found = bits_for(measures[_SQUARE + place], min(joined, other_rarity) / 8.0, weights)
                values[_SQUARE + place] = found - chances - weights[JOINED]
            if measures[2 * _SQUARE + place] < NOTHING:
                joined = other_rarity + byte(against, tokens[TOKENS_MAX + j + 1] + 3)
                found = bits_for(measures[2 * _SQUARE + place], min(joined, rarity) / 8.0, weights)
                values[2 * _SQUARE + place] = found - chances - weights[JOINED]


@compiled
def crossed(role: int, other_role: int) -> bool:
    """Whether one is a family name and the other a given name."""
    return (_FAMILY[role] and _GIVEN[other_role]) or (_GIVEN[role] and _FAMILY[other_role])


@compiled
def best_sum(
    packed: Sequence[int], count: int, against: Sequence[int], other_count: int, tables: Tables, room: Room
) -> float:
    """The most that any way of answering word to word weighs, each word used once, in any order.

    `states[layer, used, left]`: the best sum after `layer` words of the first name, with a set of words `used` of the
    second name and so many words `left` without an answer.
    """
    weights, tokens, values, states = tables.weights, room.tokens, room.values, room.states
    sets, lefts = 1 << other_count, count + 1
    layer_size = sets * lefts
    for index in range((count + 1) * layer_size):
        states[index] = _NEVER
    states[0] = 0.0
    for i in range(count):
        cost = weights[LEFT_UNKNOWN + byte(packed, tokens[i] + 2)]
        for used in range(sets):
            for left in range(i + 1):
                so_far = states[i * layer_size + used * lefts + left]
                if so_far <= _NEVER / 2:
                    continue
                place = (i + 1) * layer_size + used * lefts + left
                if so_far - cost > states[place + 1]:
                    states[place + 1] = so_far - cost
                for j in range(other_count):
                    if used >> j & 1:
                        continue
                    at = i * TOKENS_MAX + j
                    after = place + (1 << j) * lefts
                    if so_far + values[at] > states[after]:
                        states[after] = so_far + values[at]
                    if i + 1 < count and so_far + values[_SQUARE + at] > states[after + layer_size]:
                        states[after + layer_size] = so_far + values[_SQUARE + at]
                    if j + 1 < other_count and not used >> (j + 1) & 1:
                        after = place + (3 << j) * lefts
                        if so_far + values[2 * _SQUARE + at] > states[after]:
                            states[after] = so_far + values[2 * _SQUARE + at]
    best = _NEVER
    for used in range(sets):
        more_left = other_count - bits_of(used)
        missing = 0.0
        for j in range(other_count):
            if not used >> j & 1:
                missing += weights[LEFT_UNKNOWN + byte(against, tokens[TOKENS_MAX + j] + 2)]
        for left in range(lefts):
            found = states[count * layer_size + used * lefts + left] - missing
            found -= weights[CONFLICT] * (left if left < more_left else more_left)
            if left == 0 and more_left == 0:
                found += weights[WHOLE]
            if found > best:
                best = found
    return best


@compiled
def name_bits(
    packed: Sequence[int], name: int, against: Sequence[int], other: int, tables: Tables, room: Room
) -> float:
    """What two names weigh for being one person's."""
    count = find_tokens(packed, name, room.tokens, 0)
    other_count = find_tokens(against, other, room.tokens, TOKENS_MAX)
    if count == 0 or other_count == 0:
        return 0.0
    fill_measures(packed, count, against, other_count, tables, room)
    return weighed(packed, name, count, against, other, other_count, tables, room)


@compiled
def weighed(
    packed: Sequence[int],
    name: int,
    count: int,
    against: Sequence[int],
    other: int,
    other_count: int,
    tables: Tables,
    room: Room,
) -> float:
    """The bits of two names whose measures are in the room."""
    weights = tables.weights
    fill_values(packed, count, against, other_count, tables, room)
    found = best_sum(packed, count, against, other_count, tables, room)
    if (count == 1) != (other_count == 1):
        found -= weights[ONE_WORD]
    latin = byte(packed, name + 3) & byte(against, other + 3) & 1
    script = max(byte(packed, name + 3), byte(against, other + 3)) >> 3
    found += weights[INTERCEPT_LATIN] if latin else weights[INTERCEPT_NATIVE + script]
    found = soft_least(found, weights[LAPSE_LATIN] if latin else weights[LAPSE_NATIVE + script])
    return -soft_least(-found, -weights[NAME_CAP])
