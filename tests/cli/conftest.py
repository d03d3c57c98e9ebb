"""Commands as they are typed, in this process: what they print, where, and with which status they end."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from comity.cli.main import main
from comity.domain.bureau import NodeRole
from comity.nodes.settings import FederationSettings
from tests.federation.conftest import founded, furnished
from tests.nodes.conftest import made, settings_of_aldova

__all__ = ["founded", "furnished"]


class Said(NamedTuple):
    status: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def comity(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Type a command; it never ends in a traceback."""

    def run(*words: object) -> Said:
        monkeypatch.setattr(sys, "argv", ["comity", *map(str, words)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return Said(int(ended.value.code or 0), said.out, said.err)

    return run


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nodes") / "hub"
    settings = settings_of_aldova(id="hub", name="Hub", role=NodeRole.HUB, country="")
    made(folder, msgspec.structs.replace(settings, federation=FederationSettings(address="https://127.0.0.1:7711")))
    return folder


@pytest.fixture
def aldova(tmp_path: Path) -> Path:
    """A bureau of its own for each test."""
    made(tmp_path / "aldova")
    return tmp_path / "aldova"


@pytest.fixture
def bergenia(furnished: Path, tmp_path: Path) -> Path:
    """A bureau with the usual records and members."""

    shutil.copytree(furnished / "bergenia", tmp_path / "bergenia")
    return tmp_path / "bergenia"
