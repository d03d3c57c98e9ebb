"""A person as bytes, and what two of them weigh, field by field: names, birth, sex, nationality, place, documents.

person: sex · births · nationalities · documents · names · birth (5 each: year, month, day, other calendar) …
· nationality (4 each: letters, rarity, number of the state it came from) …
· document (14 each: number, folded number, country) … · place (places.py) · name (packed.py) …
"""

from collections.abc import Sequence
from enum import IntEnum

from comity.matching.alignment import name_bits
from comity.matching.compiled import compiled
from comity.matching.dates import date_level
from comity.matching.likeness import Room, Tables
from comity.matching.packed import NAME_WEAK, byte, same_bytes
from comity.matching.places import place_size, places_apart
from comity.matching.weights import (
    DATE_OTHER_CALENDAR,
    DATE_SAME,
    DOCUMENT_LOOK_ALIKE,
    DOCUMENT_NO_COUNTRY,
    DOCUMENT_OTHER_COUNTRY,
    DOCUMENT_SAME,
    NATIONALITY_CONFLICT,
    NATIONALITY_RELATED,
    NATIONALITY_SAME,
    PLACE_CONFLICT,
    PLACE_LETTER,
    PLACE_SAME,
    SEX_CONFLICT,
    SEX_SAME,
)

HEAD, BIRTH_SIZE, NATIONALITY_SIZE, DOCUMENT_SIZE, DIGEST_SIZE = 5, 5, 4, 14, 6


class Field(IntEnum):
    """The columns of a batch's bits."""

    NAME = 0
    BIRTH = 1
    SEX = 2
    NATIONALITY = 3
    PLACE = 4
    DOCUMENT = 5


FIELDS = len(Field)
# A second column of each field says how it compared; -1: not known on both sides.
UNKNOWN = -1
CONFLICT, AGREES, RELATED, LOOK_ALIKE, NO_COUNTRY, OTHER_COUNTRY = 0, 1, 2, 3, 4, 5


@compiled
def births_from(packed: Sequence[int], person: int) -> int:
    return person + 5


@compiled
def nationalities_from(packed: Sequence[int], person: int) -> int:
    return person + 5 + 5 * byte(packed, person + 1)


@compiled
def documents_from(packed: Sequence[int], person: int) -> int:
    return nationalities_from(packed, person) + 4 * byte(packed, person + 2)


@compiled
def place_from(packed: Sequence[int], person: int) -> int:
    return documents_from(packed, person) + 14 * byte(packed, person + 3)


@compiled
def names_from(packed: Sequence[int], person: int) -> int:
    place = place_from(packed, person)
    return place + place_size(packed, place)


@compiled
def weigh(
    packed: Sequence[int],
    person: int,
    against: Sequence[int],
    other: int,
    tables: Tables,
    room: Room,
    bits: list[float],
    hows: list[int],
    row: int,
) -> None:
    """Writes what each field weighs to bits[row …], and how it compared to hows[row …], in the order of Field."""
    for field in range(6):
        bits[row + field] = 0.0
        hows[row + field] = -1
    weigh_names(packed, person, against, other, tables, room, bits, hows, row)
    weigh_births(packed, person, against, other, tables.weights, bits, hows, row + 1)
    weigh_sex(byte(packed, person), byte(against, other), tables.weights, bits, hows, row + 2)
    weigh_nationalities(packed, person, against, other, tables.weights, bits, hows, row + 3)
    weigh_places(packed, person, against, other, tables, room, bits, hows, row + 4)
    weigh_documents(packed, person, against, other, tables.weights, bits, hows, row + 5)


@compiled
def weigh_names(
    packed: Sequence[int],
    person: int,
    against: Sequence[int],
    other: int,
    tables: Tables,
    room: Room,
    bits: list[float],
    hows: list[int],
    at: int,
) -> None:
    """The best of all pairs of names; `hows` says which: 256 × the first person's + the second's."""
    name = names_from(packed, person)
    for index in range(byte(packed, person + 4)):
        compared = names_from(against, other)
        for other_index in range(byte(against, other + 4)):
            found = name_bits(packed, name, against, compared, tables, room)
            if found > 0.0 and (byte(packed, name + 3) | byte(against, compared + 3)) & NAME_WEAK:
                found *= 0.8  # the source itself doubts this name
            if hows[at] < 0 or found > bits[at]:
                bits[at] = found
                hows[at] = 256 * index + other_index
            compared += byte(against, compared) + 256 * byte(against, compared + 1)
        name += byte(packed, name) + 256 * byte(packed, name + 1)


@compiled
def weigh_births(
    packed: Sequence[int],
    person: int,
    against: Sequence[int],
    other: int,
    weights: Sequence[float],
    bits: list[float],
    hows: list[int],
    at: int,
) -> None:
    """The best of all pairs of dates; `hows` says which DateLevel."""
    birth = births_from(packed, person)
    for _ in range(byte(packed, person + 1)):
        compared = births_from(against, other)
        for _ in range(byte(against, other + 1)):
            level = date_level(
                byte(packed, birth) + 256 * byte(packed, birth + 1),
                byte(packed, birth + 2),
                byte(packed, birth + 3),
                byte(against, compared) + 256 * byte(against, compared + 1),
                byte(against, compared + 2),
                byte(against, compared + 3),
            )
            found = weights[DATE_SAME + level]
            calendars = byte(packed, birth + 4) | byte(against, compared + 4)
            if calendars and found > 0.0:
                found = max(0.0, found - weights[DATE_OTHER_CALENDAR])
            # What a date would be in another calendar may agree, but cannot conflict.
            if (hows[at] < 0 and not calendars) or (hows[at] >= 0 and found > bits[at]):
                bits[at] = found
                hows[at] = level
            compared += 5
        birth += 5


@compiled
def weigh_sex(sex: int, other_sex: int, weights: Sequence[float], bits: list[float], hows: list[int], at: int) -> None:
    if sex and other_sex:
        bits[at] = weights[SEX_SAME] if sex == other_sex else weights[SEX_CONFLICT]
        hows[at] = AGREES if sex == other_sex else CONFLICT


@compiled
def weigh_nationalities(
    packed: Sequence[int],
    person: int,
    against: Sequence[int],
    other: int,
    weights: Sequence[float],
    bits: list[float],
    hows: list[int],
    at: int,
) -> None:
    """Any of several may agree; the rarer the country, the more it says."""
    count, other_count = byte(packed, person + 2), byte(against, other + 2)
    if count == 0 or other_count == 0:
        return
    bits[at] = weights[NATIONALITY_CONFLICT]
    hows[at] = CONFLICT
    for i in range(count):
        one = nationalities_from(packed, person) + 4 * i
        for j in range(other_count):
            two = nationalities_from(against, other) + 4 * j
            same = same_bytes(packed, one, against, two, 2)
            related = byte(packed, one + 3) == byte(against, two + 3) and byte(packed, one + 3) > 0
            if same or related:
                share = byte(packed, one + 2) / 8.0
                found = share * (weights[NATIONALITY_SAME] if same else weights[NATIONALITY_RELATED])
                if found > bits[at]:
                    bits[at] = found
                    hows[at] = AGREES if same else RELATED


@compiled
def weigh_places(
    packed: Sequence[int],
    person: int,
    against: Sequence[int],
    other: int,
    tables: Tables,
    room: Room,
    bits: list[float],
    hows: list[int],
    at: int,
) -> None:
    place, compared = place_from(packed, person), place_from(against, other)
    if byte(packed, place) == 0 or byte(against, compared) == 0:
        return
    apart = places_apart(packed, place, against, compared, tables, room)
    alike = max(0.0, 1.0 - apart / 0.35)
    letters = min(byte(packed, place + 1), byte(against, compared + 1), 16) - 6
    same = tables.weights[PLACE_SAME] + tables.weights[PLACE_LETTER] * max(0, letters)
    bits[at] = alike * same + (1.0 - alike) * tables.weights[PLACE_CONFLICT]
    hows[at] = AGREES if apart == 0.0 else LOOK_ALIKE if bits[at] > 0.0 else CONFLICT


@compiled
def weigh_documents(
    packed: Sequence[int],
    person: int,
    against: Sequence[int],
    other: int,
    weights: Sequence[float],
    bits: list[float],
    hows: list[int],
    at: int,
) -> None:
    """The best pair; other documents say nothing, for people have several."""
    for i in range(byte(packed, person + 3)):
        one = documents_from(packed, person) + 14 * i
        for j in range(byte(against, other + 3)):
            two = documents_from(against, other) + 14 * j
            how = document_how(packed, one, against, two)
            if how < 0:
                continue
            found = weights[DOCUMENT_SAME]
            if how == LOOK_ALIKE:
                found = weights[DOCUMENT_LOOK_ALIKE]
            elif how == NO_COUNTRY:
                found = weights[DOCUMENT_NO_COUNTRY]
            elif how == OTHER_COUNTRY:
                found = weights[DOCUMENT_OTHER_COUNTRY]
            if found > bits[at]:
                bits[at] = found
                hows[at] = how


@compiled
def document_how(packed: Sequence[int], one: int, against: Sequence[int], two: int) -> int:
    """AGREES, NO_COUNTRY, OTHER_COUNTRY, LOOK_ALIKE (of one country, or of unknown), or -1."""
    exact = same_bytes(packed, one, against, two, 6)
    if not exact and not same_bytes(packed, one + 6, against, two + 6, 6):
        return -1
    unknown = byte(packed, one + 12) == 0 or byte(against, two + 12) == 0
    if not unknown and not same_bytes(packed, one + 12, against, two + 12, 2):
        return OTHER_COUNTRY if exact else -1
    if not exact:
        return LOOK_ALIKE
    return NO_COUNTRY if unknown else AGREES


@compiled
def weigh_batch(
    asked: Sequence[int],
    packed: Sequence[int],
    starts: Sequence[int],
    tables: Tables,
    room: Room,
    bits: list[float],
    hows: list[int],
) -> None:
    """One person against many: persons begin at `starts` in `packed`; six numbers a person in `bits` and in `hows`."""
    for index in range(len(starts)):
        weigh(asked, 0, packed, starts[index], tables, room, bits, hows, 6 * index)


@compiled
def weigh_pairs(
    packed: Sequence[int],
    left: Sequence[int],
    right: Sequence[int],
    tables: Tables,
    room: Room,
    bits: list[float],
    hows: list[int],
) -> None:
    """Pair by pair: the person that begins at left[k] against the one at right[k]."""
    for index in range(len(left)):
        weigh(packed, left[index], packed, right[index], tables, room, bits, hows, 6 * index)
