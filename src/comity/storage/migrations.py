"""Is this database made for this release, and how does it become so?

A step is written by hand as `schema/versions/sNNNN_what.py`; tests/shelves/test_migrations.py says what the steps still
lack against the tables of the shelves. All steps of one upgrade are one transaction: it is done or it is not.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import URL, Connection, Engine, inspect
from sqlalchemy.exc import DBAPIError

from comity.domain.errors import Conflict, Missing, Unavailable
from comity.storage.engines import Engines, database_url, file_of, make_file, open_engines, shown
from comity.storage.unwritten import is_unwritten, unavailable

SCHEMA = files("comity.storage") / "schema"


def create(url: str) -> None:
    """Make a new database at this release's version. Conflict where there is anything in it already.

    A SQLite file is made, readable for this account alone; a PostgreSQL database must exist, empty.
    """
    target = database_url(url)
    if (path := file_of(target)) is not None:
        try:
            make_file(path)
        except FileExistsError:
            raise Conflict(f"{path} exists already.", do="Choose another file; nothing is ever overwritten.") from None
        except FileNotFoundError:
            raise Missing(f"There is no folder {path.parent}.", do="Make it first.") from None
    with _open(target) as connection:
        if inspect(connection).get_table_names():
            raise Conflict(f"{shown(target)} is not empty.", do="Make an empty database for this node.")
        command.upgrade(_steps(connection), "head")


def upgrade(url: str) -> None:
    """Bring a database of an older release to this one; make a backup first. Conflict where it is of a newer one."""
    target = _existing(url)
    with _open(target) as connection:
        if _version(connection, target) != newest():
            command.upgrade(_steps(connection), "head")


def ways_into(url: str) -> Engines:
    """Raises Missing where there is no database of a node, Conflict where it is not of exactly this release."""
    target = _existing(url)
    engines = open_engines(target)
    try:
        with _begun(engines.reader, target) as connection:
            version = _version(connection, target)
        if version != newest():
            raise Conflict(
                f"{shown(target)} was made by an older release (schema {version}; this release needs {newest()}).",
                do="Stop the node, make a backup, then run `comity node upgrade`.",
            )
    except BaseException:
        engines.dispose()
        raise
    return engines


def newest() -> str:
    """The schema that this release needs."""
    return max(known())


@cache
def known() -> frozenset[str]:
    """Every schema there was up to this release, by the names of the steps: to load them all costs a command 0.1 s."""
    names = (step.name for step in (SCHEMA / "versions").iterdir())
    return frozenset(name[1:5] for name in names if name.startswith("s") and name.endswith(".py"))


def _version(connection: Connection, target: URL) -> str:
    """The schema of a database that this release knows."""
    version = MigrationContext.configure(connection).get_current_revision()
    if version is None:
        raise Missing(f"{shown(target)} is no database of a node.", do="Make one with `comity node init`.")
    # An older release would not know what a newer one has promised to keep.
    # Falls without it: tests/shelves/test_migrations.py
    if version not in known():
        raise Conflict(
            f"{shown(target)} was made by a newer release (schema {version}; this release knows {newest()}).",
            do="Install that release again, or restore the backup made before the upgrade.",
        )
    return version


def _existing(url: str) -> URL:
    target = database_url(url)
    if (path := file_of(target)) is not None and not path.is_file():
        raise Missing(f"There is no database {path}.", do="Make one with `comity node init`, or correct the settings.")
    return target


@contextmanager
def _open(target: URL) -> Iterator[Connection]:
    """For writing, once."""
    engines = open_engines(target)
    try:
        with _begun(engines.writer, target) as connection:
            yield connection
    finally:
        engines.dispose()


@contextmanager
def _begun(engine: Engine, target: URL) -> Iterator[Connection]:
    try:
        with engine.begin() as connection:
            yield connection
    except DBAPIError as fault:
        if is_unwritten(fault):
            raise unavailable(fault) from fault
        raise Unavailable(
            f"{shown(target)} cannot be used: {type(fault.orig).__name__}.",
            do="See that the server runs, and that nothing else holds the database.",
        ) from fault


def _steps(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCHEMA).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
