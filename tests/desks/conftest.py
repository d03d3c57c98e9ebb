"""A federation for each test, and one that all tests of a file share which change nothing that the others look at."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from comity.testing.federation import Federation
from tests.federation.conftest import federation, founded, furnished

__all__ = ["federation", "founded", "furnished", "standing"]


@pytest.fixture(scope="module")
def standing(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Federation]:
    """For what is refused: it leaves the federation as it was."""
    folder = tmp_path_factory.mktemp("standing") / "federation"
    shutil.copytree(furnished, folder)
    opened = Federation(folder)
    yield opened
    opened.close()
