"""A guard is taken away in a copy of the source; the test that is named for it is run there, and must fall."""

import contextlib
import multiprocessing
import os
import re
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.house.source import ROOT

SOURCE = ROOT / "src" / "comity"
BESIDE = ("rulebook", "agreements")  # read from the top of a checkout
FALLEN, PASSED = 1, 0  # how pytest ends
SECONDS_MAX = 300  # a busy machine is not a failing one
# What is not ours is imported once, not for each guard.
OF_OTHERS = ["pytest", "hypothesis", "msgspec", "sqlalchemy", "cedarpy", "cryptography.hazmat.primitives.asymmetric"]
QUIETLY = ["-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(OF_OTHERS)


class Ended(NamedTuple):
    code: int
    told: str


def copy_of_source(folder: Path, changed: Iterable[str]) -> Path:
    """A checkout in which those floors may be changed: all else of it is what is here."""
    package = folder / "src" / "comity"
    package.mkdir(parents=True)
    for path in SOURCE.iterdir():
        if path.name in changed:
            shutil.copytree(path, package / path.name)  # with its byte code: only what is changed is compiled
        else:
            (package / path.name).symlink_to(path)
    for name in BESIDE:
        (folder / name).symlink_to(ROOT / name)
    return folder


def ended(checkout: Path, tests: Iterable[str]) -> Ended:
    """These tests, run on the source of that checkout."""
    told = checkout / "told"
    run = PROCESSES.Process(target=_run, args=(checkout, tuple(tests), told))
    run.start()
    run.join(SECONDS_MAX)
    if run.exitcode is None:
        run.kill()
        run.join()
    assert run.exitcode is not None
    return Ended(run.exitcode, told.read_text("utf-8", "replace"))


def check_that_it_falls(checkout: Path, file: str, stands: str, without: str, test: str) -> None:
    """`file` is under src/comity, and holds the text that stands there once; `test` as pytest names it."""
    path = checkout / "src" / "comity" / file
    text = path.read_text("utf-8")
    assert text.count(stands) == 1, f"{file} does not hold it once: {stands}"
    path.write_text(text.replace(stands, without), "utf-8")
    code, told = ended(checkout, [test])
    assert code == FALLEN, told
    assert "SyntaxError" not in told
    assert "ImportError" not in told
    assert re.search(r"^(FAILED|E  )", told, re.MULTILINE), told


def _run(checkout: Path, tests: tuple[str, ...], told: Path) -> None:
    """In a process that has imported nothing of ours."""
    assert not [name for name in sys.modules if name.partition(".")[0] == "comity"]
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(checkout / "src"))
    os.environ["PYTHONPATH"] = str(checkout / "src")
    os.environ.pop("PYTEST_XDIST_WORKER", None)
    os.chdir(ROOT)
    with told.open("w", encoding="utf-8") as file, contextlib.redirect_stdout(file), contextlib.redirect_stderr(file):
        code = pytest.main([*QUIETLY, *tests])
    os._exit(int(code))
