"""Each guard of sealed letters is taken away once, in a copy of the source: the test that is named for it must fall."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attacks.guards_of_sealing import GUARDS, NOTHING_TO_TAKE_AWAY, Guard
from tests.attacks.taken_away import PASSED, Runs, check_that_it_falls, copy_of_source
from tests.house.source import ROOT

CHANGED = ("domain", "wire")


@pytest.fixture(scope="module")
def runs() -> Iterator[Runs]:
    with Runs() as begun:
        yield begun


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    return copy_of_source(tmp_path, CHANGED)


@pytest.mark.slow
def test_with_all_its_guards_the_copy_passes(runs: Runs, checkout: Path):
    """Else a test could fall for another reason than its guard."""
    code, told = runs.ended(checkout, sorted({guard.test for guard in GUARDS}))
    assert code == PASSED, told


@pytest.mark.slow
@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: f"{guard.step}-{guard.test.rpartition('::')[2]}")
def test_without_its_guard_the_named_test_falls(runs: Runs, checkout: Path, guard: Guard):
    check_that_it_falls(runs, checkout, guard.file, guard.stands, guard.without, guard.test)


def test_every_step_of_the_page_has_a_guard():
    page = (ROOT / "docs/protocol/envelope.md").read_text("utf-8")
    steps = {int(number) for number in re.findall(r"^(\d+)\. \*\*", page, re.MULTILINE)}
    assert {guard.step for guard in GUARDS} - {0} == steps - NOTHING_TO_TAKE_AWAY
