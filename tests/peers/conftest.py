"""An empty database of a node, made once: each test gets copies."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from comity.storage.database import Database, create


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("empty") / "node.db"
    create(f"sqlite:///{file}")
    Database(f"sqlite:///{file}", "empty/disclosures").close()
    return file


@pytest.fixture
def new_store(empty_database: Path, tmp_path: Path) -> Callable[[str], Database]:
    """Opens a new, empty store for a node; again with the same name, another one."""
    made: list[str] = []

    def new(name: str) -> Database:
        made.append(name)
        copy = tmp_path / f"{name}-{len(made)}.db"
        shutil.copy(empty_database, copy)
        return Database(f"sqlite:///{copy}", f"{name}/disclosures", storage_key=bytes(32))

    return new
