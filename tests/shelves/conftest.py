"""One suite over both databases: every test that asks for `fresh` or `store` runs on SQLite and on PostgreSQL."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from comity.storage import database
from comity.storage.database import Database
from tests.shelves import postgresql
from tests.shelves.samples import STORAGE_KEY

NUMBERS = itertools.count(1)
ON_POSTGRESQL = [pytest.mark.slow]


@pytest.fixture(scope="session")
def postgresql_folder() -> Iterator[Path]:
    """The server, with a made database that others are copied from: far quicker than the migrations each time."""
    with postgresql.running_server() as folder:
        postgresql.run(folder, "CREATE DATABASE made")
        database.create(postgresql.url(folder, "made"))
        yield folder


@pytest.fixture(scope="session")
def sqlite_made(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A made database's bytes; it was closed, so there is no log beside it."""
    path = tmp_path_factory.mktemp("made") / "made.db"
    database.create(f"sqlite:///{path}")
    return path.read_bytes()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=ON_POSTGRESQL)])
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def empty(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database in which there is nothing yet."""
    if backend == "sqlite":
        return f"sqlite:///{tmp_path}/empty.db"
    return _new_database(request.getfixturevalue("postgresql_folder"), "template1")


@pytest.fixture
def fresh(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a made database without content."""
    if backend == "sqlite":
        path = tmp_path / "node.db"
        path.write_bytes(request.getfixturevalue("sqlite_made"))
        return f"sqlite:///{path}"
    return _new_database(request.getfixturevalue("postgresql_folder"), "made")


@pytest.fixture
def index_folder(tmp_path: Path) -> Path:
    """Of the one database that a test has."""
    return tmp_path / "node.index"


@pytest.fixture
def opened(fresh: str, index_folder: Path) -> Iterator[Callable[[str], Database]]:
    """Open the database as the node of that log; closed after the test."""
    stores: list[Database] = []

    def open_as(origin: str) -> Database:
        stores.append(Database(fresh, origin, index_folder, storage_key=STORAGE_KEY))
        return stores[-1]

    yield open_as
    for store in stores:
        store.close()


@pytest.fixture
def store(opened: Callable[[str], Database]) -> Database:
    """The database of Bergenia, who owns records."""
    return opened("bergenia/disclosures")


@pytest.fixture
def hub(opened: Callable[[str], Database]) -> Database:
    """The database of the hub, who holds copies of other nodes' records."""
    return opened("hub/disclosures")


def _new_database(folder: Path, template: str) -> str:
    name = f"test_{next(NUMBERS)}"
    postgresql.run(folder, f"CREATE DATABASE {name} TEMPLATE {template}")
    return postgresql.url(folder, name)
