"""A guard is taken away in a copy of the source; the test that is named for it is run there, and must fall."""

import importlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple, Self

import pytest

from tests.house.source import ROOT

SOURCE = ROOT / "src" / "comity"
BESIDE = ("rulebook", "agreements")  # read from the top of a checkout
FALLEN, PASSED = 1, 0  # how pytest ends
SECONDS_MAX = 300  # a busy machine is not a failing one
# What is not ours is imported once, not for each guard.
OF_OTHERS = ["pytest", "hypothesis", "msgspec", "sqlalchemy", "cedarpy", "cryptography.hazmat.primitives.asymmetric"]
QUIETLY = ["-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", "-W", "ignore::pytest.PytestAssertRewriteWarning"]


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


class Runs:
    """A process that has imported what is not ours, and makes a child of itself for each run."""

    def __enter__(self) -> Self:
        words = [sys.executable, "-m", __name__]
        self._parent = subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(self, *_: object) -> None:
        self._parent.communicate()  # it ends with its input

    def ended(self, checkout: Path, tests: Iterable[str]) -> Ended:
        """These tests, run on the source of that checkout."""
        told = checkout / "told"
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        self._parent.stdin.write(json.dumps([str(checkout), str(told), list(tests)]) + "\n")
        self._parent.stdin.flush()
        return Ended(int(self._parent.stdout.readline()), told.read_text("utf-8", "replace"))


def check_that_it_falls(runs: Runs, checkout: Path, file: str, stands: str, without: str, test: str) -> None:
    """`file` is under src/comity, and holds the text that stands there once; `test` as pytest names it."""
    path = checkout / "src" / "comity" / file
    text = path.read_text("utf-8")
    assert text.count(stands) == 1, f"{file} does not hold it once: {stands}"
    path.write_text(text.replace(stands, without), "utf-8")
    code, told = runs.ended(checkout, [test])
    assert code == FALLEN, told
    assert "SyntaxError" not in told
    assert "ImportError" not in told
    assert re.search(r"^(FAILED|E  )", told, re.MULTILINE), told


def _run(checkout: str, told: str, tests: list[str]) -> None:
    """In a child, which has imported nothing of ours."""
    source = str(Path(checkout) / "src")
    signal.alarm(SECONDS_MAX)
    sys.dont_write_bytecode = True
    sys.path.insert(0, source)
    os.environ["PYTHONPATH"] = source
    os.environ.pop("PYTEST_XDIST_WORKER", None)
    file = os.open(told, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(file, sys.stdout.fileno())
    os.dup2(file, sys.stderr.fileno())
    code = pytest.main([*QUIETLY, *tests])
    sys.stdout.flush()
    os._exit(int(code))


def _serve() -> None:
    for name in OF_OTHERS:
        importlib.import_module(name)
    while line := sys.stdin.readline():
        child = os.fork()
        if not child:
            _run(*json.loads(line))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    _serve()
