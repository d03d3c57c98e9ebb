"""Each guard of sealed letters is taken away once, in a copy of the source: the test that is named for it must fall."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.attacks.guards_of_sealing import GUARDS, NOTHING_TO_TAKE_AWAY, Guard
from tests.house.source import ROOT

SOURCE = ROOT / "src" / "comity"
CHANGED = ("domain", "wire")
FALLEN, PASSED = 1, 0  # how pytest ends
SECONDS_MAX = 300  # a busy machine is not a failing one


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout in which the floors of sealed letters may be changed; all else is the one that is here."""
    package = tmp_path / "src" / "comity"
    package.mkdir(parents=True)
    for path in SOURCE.iterdir():
        if path.name in CHANGED:
            shutil.copytree(path, package / path.name)  # with its byte code: only what is changed is compiled
        else:
            (package / path.name).symlink_to(path)
    return tmp_path


def ended(checkout: Path, tests: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """These tests, run on the source of that checkout."""
    environment = os.environ | {"PYTHONPATH": str(checkout / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    environment.pop("PYTEST_XDIST_WORKER", None)
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist"]
    return subprocess.run(
        [*command, *tests],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )


@pytest.mark.slow
def test_with_all_its_guards_the_copy_passes(checkout: Path):
    """Else a test could fall for another reason than its guard."""
    told = ended(checkout, sorted({guard.test for guard in GUARDS}))
    assert told.returncode == PASSED, told.stdout


@pytest.mark.slow
@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: f"{guard.step}-{guard.test.rpartition('::')[2]}")
def test_without_its_guard_the_named_test_falls(checkout: Path, guard: Guard):
    file = checkout / "src" / "comity" / guard.file
    text = file.read_text("utf-8")
    assert text.count(guard.stands) == 1, f"{guard.file} does not hold it once: {guard.stands}"
    file.write_text(text.replace(guard.stands, guard.without), "utf-8")
    told = ended(checkout, [guard.test])
    assert told.returncode == FALLEN, told.stdout
    assert "SyntaxError" not in told.stdout
    assert "ImportError" not in told.stdout
    assert re.search(r"^(FAILED|E  )", told.stdout, re.MULTILINE), told.stdout


def test_every_step_of_the_page_has_a_guard():
    page = (ROOT / "docs/protocol/envelope.md").read_text("utf-8")
    steps = {int(number) for number in re.findall(r"^(\d+)\. \*\*", page, re.MULTILINE)}
    assert {guard.step for guard in GUARDS} - {0} == steps - NOTHING_TO_TAKE_AWAY
