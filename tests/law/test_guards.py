"""Each guard of the law is taken away once, in a copy of the source: the test that is named for it must fall."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attacks.taken_away import PASSED, Runs, check_that_it_falls, copy_of_source
from tests.house.source import ROOT
from tests.law.bundle_guards import BUNDLE_GUARDS
from tests.law.guards import GUARDS, Guard

CHANGED = ("law", "wire")
PAGE, PAGE_OF_BUNDLES = ((ROOT / "docs" / "protocol" / name).read_text("utf-8") for name in ("law.md", "bulletin.md"))
# With the path of each file under src/comity.
EVERY = (*(guard._replace(file=f"law/{guard.file}") for guard in GUARDS), *BUNDLE_GUARDS)


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
    code, told = runs.ended(checkout, sorted({f"tests/law/{guard.test}" for guard in EVERY}))
    assert code == PASSED, told


@pytest.mark.slow
@pytest.mark.parametrize("guard", EVERY, ids=lambda guard: guard.keeps.replace(" ", "-"))
def test_without_its_guard_the_named_test_falls(runs: Runs, checkout: Path, guard: Guard):
    check_that_it_falls(runs, checkout, guard.file, guard.stands, guard.without, f"tests/law/{guard.test}")


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
