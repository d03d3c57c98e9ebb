"""A Latin word is weighed as the reading of another script's word: the quick way finds what the whole sum finds."""

from itertools import product
from math import log2

import pytest

from comity.matching import engine
from comity.matching.compiled import plainly
from comity.matching.emissions import emissions, letters_of
from comity.matching.likeness import romanised
from comity.matching.names import tokens
from comity.matching.packed import NAME_HEAD, pack_name
from comity.matching.romanise import CLASS_OF, EASILY_PUT_IN, LEFT_OUT, OF_ITS_CLASS, PUT_IN
from comity.matching.spelling import codes

NATIVES = "Зорвимел Щукин محمود زوربيميل Νελιβα לביא 김 太郎 ナカムラ ज़ोरविमेल გიორგი Տիգրան".split()  # noqa: SIM905
LATINS = "zorvimel shchukin mahmud nelivas lavi kim taro nakamura zorbimil giorgi tigran ba o zzzzzz".split()  # noqa: SIM905
PAIRS = list(product(NATIVES, LATINS))


def bits(native: str, latin: str, least: float = 0.0) -> float:
    tables, room = engine.plain_room()
    room.other[: len(latin)] = list(codes(latin))
    packed = pack_name(tokens(native), latin=False)
    return plainly(romanised)(packed, NAME_HEAD, len(latin), least, tables, room)


def summed(native: str, latin: str) -> float:
    """The same, letter by letter from the tables as they were learned."""
    best = 1e-300
    for rows in tokens(native)[0].rows:
        now = put_in([1.0] + [0.0] * len(latin), latin)
        for row in rows:
            now = put_in(after_unit(row, now, latin), latin)
        best = max(best, now[-1])
    return log2(best)


def after_unit(row: int, now: list[float], latin: str) -> list[float]:
    table, then = emissions(), [0.0] * len(now)
    for at, so_far in enumerate(now):
        if so_far < max(now) * 1e-7:
            continue
        then[at] += so_far * LEFT_OUT
        for entry in range(table.starts[row], table.starts[row + 1]):
            letters = letters_of(int(table.codes[entry]))
            written = latin[at : at + len(letters)]
            if classes(written) == classes(letters):
                times = 1.0 if written == letters else OF_ITS_CLASS
                then[at + len(letters)] += so_far * float(table.probabilities[entry]) * times
    return then


def put_in(now: list[float], latin: str) -> list[float]:
    for at, letter in enumerate(latin):
        easily = classes(letter) in ([1], [10]) or (at > 0 and latin[at - 1] == letter)
        now[at + 1] += now[at] * (EASILY_PUT_IN if easily else PUT_IN)
    return now


def classes(letters: str) -> list[int]:
    return [int(CLASS_OF[ord(letter) - 96]) for letter in letters]


@pytest.mark.parametrize(("native", "latin"), PAIRS)
def test_the_bits_of_a_reading_are_summed_over_all_that_the_tables_know(native, latin):
    assert bits(native, latin) == pytest.approx(summed(native, latin), abs=1e-9)


@pytest.mark.parametrize(("native", "latin"), PAIRS)
def test_a_way_is_left_early_only_where_it_could_not_have_reached_the_least(native, latin):
    whole = bits(native, latin)
    for below in (0.001, 0.5, 3.0, 12.0):
        # Falls where a way is left that might still grow into more than the least.
        assert bits(native, latin, 2.0 ** (whole - below)) == whole
    if whole > log2(1e-250):
        assert bits(native, latin, 2.0 ** (whole + 1.0)) <= whole
