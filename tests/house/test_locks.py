"""What Comity runs on is pinned by hash, from nowhere in particular, and each guest has its reason."""

import re
from itertools import pairwise

import pytest
from packaging.utils import canonicalize_name

from tests.house.locks import HASH, PIN, asked_for, lines, pins, project

LOCKS = ["run.lock", "build.lock", "dev.lock", "spark.lock"]

# A comment that ends with the licence: `# what for (MIT)`
REASON = re.compile(r" *# .{10,}\(.+\)")


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_pins_and_their_hashes_and_nothing_else(lock: str):
    told = [line for line in lines(lock) if not line.lstrip().startswith("#")]
    strange = [line for line in told if not PIN.fullmatch(line) and not HASH.fullmatch(line)]
    assert not strange, "\n".join(strange)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash(lock: str):
    told = [line for line in lines(lock) if not line.lstrip().startswith("#")]
    bare = [
        line for line, after in zip(told, [*told[1:], ""], strict=True) if PIN.match(line) and not HASH.match(after)
    ]
    assert not bare, "\n".join(bare)


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_place(lock: str):
    placed = [line for line in lines(lock) if "://" in line or "@" in line or " /" in line]
    assert not placed, "\n".join(placed)


@pytest.mark.parametrize("lock", LOCKS)
def test_what_the_project_asks_for_is_pinned(lock: str):
    pinned = pins(lock)
    loose = [
        str(asked)
        for asked in asked_for()[lock]
        if (name := canonicalize_name(asked.name)) not in pinned or pinned[name][0] not in asked.specifier
    ]
    assert not loose, "run scripts/lock: " + ", ".join(loose)


def test_developing_happens_on_what_runs():
    assert pins("run.lock").items() <= pins("dev.lock").items() <= pins("spark.lock").items()


def test_every_dependency_has_its_reason_and_licence_above_it():
    told = project().splitlines()
    guests = [(above, line) for above, line in pairwise(told) if re.match(r' {4}"[\w-]+>=', line)]
    assert len(guests) == len(asked_for()["spark.lock"])
    assert [line for above, line in guests if not REASON.fullmatch(above)] == []
