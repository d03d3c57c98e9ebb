"""Each guard of the law is taken away once, in a copy of the source: the test that is named for it must fall."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.house.source import ROOT
from tests.law.bundle_guards import BUNDLE_GUARDS
from tests.law.guards import GUARDS, Guard

SOURCE = ROOT / "src" / "comity"
CHANGED = ("law", "wire")
BESIDE = ("rulebook", "agreements")  # read from the top of a checkout
FALLEN, PASSED = 1, 0  # how pytest ends
SECONDS_MAX = 300  # a busy machine is not a failing one
PAGE, PAGE_OF_BUNDLES = ((ROOT / "docs" / "protocol" / name).read_text("utf-8") for name in ("law.md", "bulletin.md"))
# With the path of each file under src/comity.
EVERY = (*(guard._replace(file=f"law/{guard.file}") for guard in GUARDS), *BUNDLE_GUARDS)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose law and wire may be changed: all else of it is what is here."""
    package = tmp_path / "src" / "comity"
    package.mkdir(parents=True)
    for path in SOURCE.iterdir():
        if path.name in CHANGED:
            shutil.copytree(path, package / path.name)  # with its byte code: only what is changed is compiled
        else:
            (package / path.name).symlink_to(path)
    for name in BESIDE:
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


def ended(checkout: Path, tests: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """These tests, run on the source of that checkout."""
    environment = os.environ | {"PYTHONPATH": str(checkout / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    environment.pop("PYTEST_XDIST_WORKER", None)
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist"]
    return subprocess.run(
        [*command, *(f"tests/law/{test}" for test in tests)],
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
    told = ended(checkout, sorted({guard.test for guard in EVERY}))
    assert told.returncode == PASSED, told.stdout


@pytest.mark.slow
@pytest.mark.parametrize("guard", EVERY, ids=lambda guard: guard.keeps.replace(" ", "-"))
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


def test_the_guards_are_those_of_the_page():
    table = PAGE[PAGE.index("| what it keeps |") :].split("\n\n")[0]
    rows = re.findall(r"^\| (.+?) \| `law/(.+?)` \| `(.+?)` \|$", table, re.MULTILINE)
    assert rows == [(guard.keeps, guard.file, guard.test) for guard in GUARDS]


def test_the_guards_of_bundles_are_those_of_their_page():
    table = PAGE_OF_BUNDLES[PAGE_OF_BUNDLES.index("| what it keeps |") :].split("\n\n")[0]
    rows = re.findall(r"^\| (.+?) \| `(.+?)` \| `(.+?)` \|$", table, re.MULTILINE)
    assert rows == [(one.keeps, one.file, _under_tests(one.test)) for one in BUNDLE_GUARDS]


def _under_tests(test: str) -> str:
    return test.removeprefix("../") if test.startswith("../") else f"law/{test}"
