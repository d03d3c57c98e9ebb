"""Machine code and Python give the same results, and stale machine code is never used."""

import os
import sys
import threading

import numpy as np
import pytest

from comity.domain.person import Name, Person, Sex
from comity.matching import engine, particulars, persons
from comity.matching.compiled import (
    compiled,
    is_compiled,
    making_ready,
    plainly,
    plainly_until_ready,
    remove_others,
    runs_as_machine_code,
    sources_digest,
)

NAMES = [
    "Zorvimel Tepkuda",
    "TEPKUDA, Zorvimell",
    "Абдурахман Щукин",
    "عبد الرحمن المحمود",
    "Abderrahmane Mahmoud",
    "김정우",
    "Kim Jong Woo",
    "山田 太郎",
    "Yamada Taro",
    "Bill Z. Bruvok",
    "William Zoren Bruvok",
    "יוסף לביא",
    "O'Brien",
]
PLACES = ["Tepkudar", "Tepkudr Nord", ""]
BIRTHS = [("1980-04-05",), ("1980-05-04", "1979"), ()]


def people() -> list[persons.Prepared]:
    return [
        persons.prepare(
            Person(
                names=(Name(full=name), Name(full=NAMES[index - 1])),
                births=BIRTHS[index % 3],
                sex=list(Sex)[index % 3],
                nationalities=("XB", "KZ")[: index % 3],
                birth_place=PLACES[index % 3],
            )
        )
        for index, name in enumerate(NAMES)
    ]


@pytest.mark.slow
@pytest.mark.skipif(not is_compiled(), reason="numba is not here, or COMITY_COMPILED=0")
def test_machine_code_and_python_give_the_same_bits():
    everyone = people()
    lefts = engine.Batch([one.packed for one in everyone for _ in everyone])
    rights = engine.Batch([one.packed for _ in everyone for one in everyone])
    engine.load()
    bits, hows = engine.weigh_pairs(lefts, rights)
    plain_bits, plain_hows = [0.0] * bits.size, [0] * hows.size
    both = lefts.bytes + rights.bytes
    right = (rights.starts + len(lefts.bytes)).tolist()
    plainly(particulars.weigh_pairs)(both, lefts.starts.tolist(), right, *engine.plain_room(), plain_bits, plain_hows)
    assert bits.ravel() == pytest.approx(plain_bits, abs=1e-9)
    assert hows.ravel().tolist() == plain_hows
    assert np.ptp(bits) > 5


def test_comparing_a_few_does_not_load_the_compiler():
    before = "numba" in sys.modules
    one, other = (persons.prepare(Person(names=(Name(full=name),))) for name in NAMES[:2])
    persons.compare(one, other)
    assert ("numba" in sys.modules) == before


@compiled
def inner(number: int) -> int:
    return number + 1


@compiled
def outer(number: int) -> int:
    return inner(number) * 2


def test_python_runs_the_inner_functions_as_python_too():
    assert plainly(outer)(3) == 8
    assert plainly(outer).__globals__["inner"] is plainly(inner)


def test_machine_code_is_made_anew_when_a_changed_inner_function_lies_in_another_file(tmp_path):
    (tmp_path / "outer.py").write_text("@compiled\ndef outer(): ...")
    (tmp_path / "inner.py").write_text("@compiled\ndef inner(): return 1")
    (tmp_path / "words.py").write_text("nothing = 1")
    before = sources_digest(tmp_path)
    (tmp_path / "words.py").write_text("nothing = 2")
    assert sources_digest(tmp_path) == before
    (tmp_path / "inner.py").write_text("@compiled\ndef inner(): return 2")
    assert sources_digest(tmp_path) != before


def test_machine_code_of_other_sources_goes_but_not_code_that_is_being_made(tmp_path):
    now = 1_000_000.0
    ages = {"compiled-ours": 9_999, "compiled-old": 9_999, "compiled-begun": 5, "else": 9_999}
    for name, age in ages.items():
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (now - age, now - age))
    remove_others(tmp_path / "compiled-ours", now)
    assert {one.name for one in tmp_path.iterdir()} == {"compiled-ours", "compiled-begun", "else"}


@pytest.mark.skipif(not is_compiled(), reason="numba is not here, or COMITY_COMPILED=0")
def test_until_it_is_ready_only_the_thread_that_makes_ready_compiles():
    seen: list[bool] = []
    plainly_until_ready()
    with making_ready():
        assert runs_as_machine_code()
        asker = threading.Thread(target=lambda: seen.append(runs_as_machine_code()))
        asker.start()
        asker.join()
    assert seen == [False]
    assert runs_as_machine_code()


@pytest.mark.skipif(not is_compiled(), reason="numba is not here, or COMITY_COMPILED=0")
def test_what_another_thread_has_loaded_is_not_run_before_it_is_ready():
    """Its arrays are for machine code: run as Python on them the same source overflows, and a lookup fails."""
    one = engine.Batch([bytes(particulars.HEAD + 1)])
    failed: list[BaseException] = []

    def ask() -> None:
        try:
            engine.weigh_pairs(one, one)
        except OverflowError as wrong:
            failed.append(wrong)

    plainly_until_ready()
    with making_ready():
        engine.load()
        asker = threading.Thread(target=ask)
        asker.start()
        asker.join()
        assert not failed
        assert not _as_asked_elsewhere()


def _as_asked_elsewhere() -> bool:
    """Whether a thread that only asks would run machine code now."""
    seen: list[bool] = []
    asker = threading.Thread(target=lambda: seen.append(engine._as_machine_code(1)))
    asker.start()
    asker.join()
    return seen[0]
