"""How alike two words of names are: by spelling, by sound, by romanisation, by custom."""

from collections.abc import Sequence
from math import exp2, log2
from typing import NamedTuple

from comity.matching.compiled import compiled
from comity.matching.packed import (
    END_OF_WAY,
    FLAG_INITIAL,
    FLAG_NATIVE,
    READING_HEAD,
    TOKEN_HEAD,
    byte,
    copy_letters,
    first_reading,
    pair_number,
    same_bytes,
)
from comity.matching.romanise import EASILY_PUT_IN, LEFT_OUT, OF_ITS_CLASS, PUT_IN
from comity.matching.spelling import edits
from comity.matching.weights import (
    INITIAL,
    LIKE_10,
    MATCH_BASE,
    MATCH_RARITY,
    MISMATCH,
    NATIVE_LESS_30,
    NICKNAME,
    SOUND,
    VARIANT,
)

# A measure says in one number how two words compare, whatever the weights: 10 × its kind + how far apart they are.
SAME, SPELLED, AN_INITIAL, A_NICKNAME, A_VARIANT, ROMANISED, NOTHING = 0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 90.0
LETTER_CLASSES = 11  # of letters that are written for one another (romanise.CLASS_OF), and 0 for no letter
APART_MAX = 0.6  # edits per letter: from here on two words are two words


class Tables(NamedTuple):
    """What comparisons look up: arrays in batches, tuples without the compiler."""

    weights: Sequence[float]
    substitute: Sequence[float]
    drop: Sequence[float]
    known_pairs: Sequence[int]  # of short forms and variants: the pair's number, then one bit for variants; sorted
    known_pairs_map: Sequence[int]  # a bit for the last 19 bits of each pair's number
    starts: Sequence[int]  # of entries: row × LETTER_CLASSES + the class of the first letter
    codes: Sequence[int]
    class_codes: Sequence[int]
    letter_classes: Sequence[int]
    widths: Sequence[int]
    probabilities: Sequence[float]


class Room(NamedTuple):
    """Where comparisons write down what they are at; made once, used again."""

    tokens: list[int]  # where words begin: the first name's from 0, the second's from TOKENS_MAX
    one: list[int]  # letters of a word
    other: list[int]
    rows: list[float]
    measures: list[float]  # word by word; then two words of the first name by one; then one by two of the second
    values: list[float]  # the same in bits
    states: list[float]
    windows: list[int]  # the letters in `other` from each on, five bits each
    class_windows: list[int]
    put_in: list[float]


@compiled
def measure(packed: Sequence[int], token: int, against: Sequence[int], other: int, tables: Tables, room: Room) -> float:
    """How two words compare."""
    native, other_native = byte(packed, token + 1) & FLAG_NATIVE, byte(against, other + 1) & FLAG_NATIVE
    if native and not other_native:
        return measure_native(packed, token, against, other, tables, room)
    if other_native and not native:
        return measure_native(against, other, packed, token, tables, room)
    initial = (byte(packed, token + 1) | byte(against, other + 1)) & FLAG_INITIAL
    if initial:
        return AN_INITIAL if is_initial_of(packed, token, against, other) else NOTHING
    if same_word(packed, token, against, other):
        return SAME
    apart = readings_apart(packed, token, against, other, tables, room)
    if apart > 0.1 and not native:
        kind = custom(tables, pair_hash(packed, token, against, other))
        if kind:
            return kind + apart
    return SPELLED + apart if apart < APART_MAX else NOTHING


@compiled
def likeness(measured: float, weights: Sequence[float]) -> float:
    """1 to 0, by straight lines between the weights at 0, 10, 20, 30, 45 and 60 hundredths of edits per letter."""
    if measured < SPELLED:
        return 1.0
    if measured < AN_INITIAL:
        return spelling_likeness(measured - SPELLED, weights)
    if measured < A_NICKNAME:
        return weights[INITIAL]
    if measured < A_VARIANT:
        return max(weights[NICKNAME], spelling_likeness(measured - A_NICKNAME, weights))
    if measured < ROMANISED:
        return max(weights[VARIANT], spelling_likeness(measured - A_VARIANT, weights))
    if measured < NOTHING:
        return romanised_likeness(1.0 - (measured - ROMANISED), weights)
    return 0.0


@compiled
def spelling_likeness(apart: float, weights: Sequence[float]) -> float:
    if apart >= APART_MAX:
        return 0.0
    if apart < 0.3:
        place = int(apart * 10.0)
        before = weights[SOUND] if place == 0 else weights[LIKE_10 + place - 1]
        return before + (weights[LIKE_10 + place] - before) * (apart * 10.0 - place)
    if apart < 0.45:
        return weights[LIKE_10 + 2] + (weights[LIKE_10 + 3] - weights[LIKE_10 + 2]) * (apart - 0.3) / 0.15
    return weights[LIKE_10 + 3] * (APART_MAX - apart) / 0.15


@compiled
def romanised_likeness(share: float, weights: Sequence[float]) -> float:
    """By the evidence as a share of what its letters cost a model of no names; weights from -0.3 to 0.5 by 0.2."""
    steps = (share + 0.5) * 5.0
    if steps <= 0.0:
        return 0.0
    if steps < 1.0:
        return weights[NATIVE_LESS_30] * steps
    if steps >= 5.0:
        return weights[NATIVE_LESS_30 + 4]
    place = int(steps)
    before = weights[NATIVE_LESS_30 + place - 1]
    return before + (weights[NATIVE_LESS_30 + place] - before) * (steps - place)


@compiled
def bits_for(measured: float, rarity: float, weights: Sequence[float]) -> float:
    """What two words weigh that answer to one another; grows with likeness."""
    alike = likeness(measured, weights)
    return alike * (weights[MATCH_BASE] + weights[MATCH_RARITY] * rarity) - (1.0 - alike) * weights[MISMATCH]


@compiled
def bits_of(mask: int) -> int:
    count = 0
    while mask:
        mask &= mask - 1
        count += 1
    return count


@compiled
def per_letter(count: int, other_count: int) -> float:
    """By how many letters edits are divided: a short word bears fewer."""
    letters = 0.5 * (count + other_count) - 0.5
    return letters if letters > 1.0 else 1.0


@compiled
def readings_apart(
    packed: Sequence[int], token: int, against: Sequence[int], other: int, tables: Tables, room: Room
) -> float:
    """Edits per letter between the nearest of the readings of two words; APART_MAX where there are more."""
    best = APART_MAX
    reading = first_reading(packed, token)
    for _ in range(byte(packed, token + 5)):
        count = byte(packed, reading)
        compared = first_reading(against, other)
        for _ in range(byte(against, other + 5)):
            other_count = byte(against, compared)
            must = byte(packed, reading + 2) & ~byte(against, compared + 3)
            may = byte(against, compared + 2) & ~byte(packed, reading + 3)
            letters = per_letter(count, other_count)
            doubt = (byte(packed, reading + 1) + byte(against, compared + 1)) / 8.0 * 0.02
            least = max(bits_of(must), bits_of(may))
            if least / letters + doubt < best:
                copy_letters(packed, reading, room.one, 0)
                copy_letters(against, compared, room.other, 0)
                found = edits(room, count, other_count, tables, (best - doubt) * letters)
                best = min(best, found / letters + doubt)
            compared += READING_HEAD + other_count
        reading += READING_HEAD + count
    return best


@compiled
def same_word(packed: Sequence[int], token: int, against: Sequence[int], other: int) -> bool:
    return same_bytes(packed, token + 7, against, other + 7, 4)


@compiled
def is_initial_of(packed: Sequence[int], token: int, against: Sequence[int], other: int) -> bool:
    """Whether one of the two is an initial and the other begins with it (or is the same initial)."""
    if byte(packed, token + 5) == 0 or byte(against, other + 5) == 0:
        return False
    reading, compared = first_reading(packed, token), first_reading(against, other)
    return byte(packed, reading + READING_HEAD) == byte(against, compared + READING_HEAD)


@compiled
def pair_hash(packed: Sequence[int], token: int, against: Sequence[int], other: int) -> int:
    """One number for two words in either order."""
    one, two = 0, 0
    for index in range(4):
        one |= byte(packed, token + 7 + index) << (8 * index)
        two |= byte(against, other + 7 + index) << (8 * index)
    return pair_number(one, two)


@compiled
def custom(tables: Tables, pair: int) -> float:
    """A_NICKNAME or A_VARIANT where the lists say so; 0 where they say nothing."""
    bit = pair & 0x7FFFF
    if not tables.known_pairs_map[bit >> 3] >> (bit & 7) & 1:  # spares the search nearly always
        return 0.0
    low, high = 0, len(tables.known_pairs)
    while low < high:
        middle = (low + high) // 2
        if tables.known_pairs[middle] >> 1 < pair:
            low = middle + 1
        else:
            high = middle
    if low == len(tables.known_pairs) or tables.known_pairs[low] >> 1 != pair:
        return 0.0
    return A_VARIANT if tables.known_pairs[low] & 1 else A_NICKNAME


@compiled
def measure_native(
    packed: Sequence[int], token: int, against: Sequence[int], other: int, tables: Tables, room: Room
) -> float:
    """A word of another script and a Latin one, by the romanisation tables."""
    count = copy_letters(against, first_reading(against, other), room.other, 0)
    return measure_romanised(packed, token, count, byte(against, other + 11) / 2.0, tables, room)


@compiled
def measure_romanised(packed: Sequence[int], token: int, count: int, cost: float, tables: Tables, room: Room) -> float:
    """A word of another script and the first letters of `room.other`, which cost a model of names so many bits."""
    if count == 0 or cost <= 0.0:
        return NOTHING
    share = min(1.0, romanised(packed, token, count, exp2(-1.5 * cost), tables, room) / cost + 1.0)
    return ROMANISED + 1.0 - share if share > -0.5 else NOTHING


@compiled
def fill_windows(count: int, tables: Tables, room: Room) -> None:
    """The twelve letters that begin at each place, as in the romanisation table; what putting in each would cost."""
    code, class_code = 0, 0
    for j in range(count - 1, -1, -1):
        letter = room.other[j] + 1
        kind = tables.letter_classes[letter]
        code = (letter << 55) | (code >> 5)
        class_code = (kind << 55) | (class_code >> 5)
        room.windows[j] = code
        room.class_windows[j] = class_code
        easily = kind == 1 or kind == 10 or (j > 0 and room.other[j] == room.other[j - 1])
        room.put_in[j] = EASILY_PUT_IN if easily else PUT_IN


@compiled
def romanised(packed: Sequence[int], token: int, count: int, least: float, tables: Tables, room: Room) -> float:
    """log2 P(letters | the native word), over all ways to divide them among its units: romanise.evidence, packed.

    A way that can no longer reach `least` is not followed to its end.
    """
    rows = room.rows
    fill_windows(count, tables, room)
    best = 1e-300
    now, then = 0, count + 1
    begins = True
    hopeless = False
    for unit in range(byte(packed, token + 6)):
        if begins:
            rows[now] = 1.0
            for j in range(count):
                rows[now + j + 1] = rows[now + j] * room.put_in[j]
            begins = False
        place = token + TOKEN_HEAD + 3 * unit
        row = byte(packed, place) | byte(packed, place + 1) << 8 | byte(packed, place + 2) << 16
        if row == END_OF_WAY:
            if not hopeless:
                best = max(best, rows[now + count])
            begins = True
            hopeless = False
        elif not hopeless:
            # What lies in the row grows 1.0304 times with a unit at the most, and there are fewer than 49 of them.
            hopeless = read_unit(row, now, then, count, tables, room) * 5.0 < least
            now, then = then, now
    return log2(best)


@compiled
def read_unit(row: int, now: int, then: int, count: int, tables: Tables, room: Room) -> float:
    """From the probabilities of having written so many letters before a unit to those after it; returns their sum."""
    rows, starts = room.rows, tables.starts
    group = row * LETTER_CLASSES
    top = 0.0
    for j in range(count + 1):
        rows[then + j] = 0.0
        top = max(top, rows[now + j])
    silent = LEFT_OUT
    for entry in range(starts[group], starts[group + 1]):
        silent += tables.probabilities[entry]
    for j in range(count + 1):
        so_far = rows[now + j]
        if so_far < top * 1e-7:
            continue
        rows[then + j] += so_far * silent
        if j == count:
            break
        window, class_window = room.windows[j], room.class_windows[j]
        begins = group + (class_window >> 55)
        for entry in range(starts[begins], starts[begins + 1]):
            width = tables.widths[entry]
            if class_window >> (60 - 5 * width) == tables.class_codes[entry]:
                same = window >> (60 - 5 * width) == tables.codes[entry]
                rows[then + j + width] += so_far * tables.probabilities[entry] * (1.0 if same else OF_ITS_CLASS)
    whole = rows[then]
    for j in range(count):
        rows[then + j + 1] += rows[then + j] * room.put_in[j]
        whole += rows[then + j + 1]
    return whole
