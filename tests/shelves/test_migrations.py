"""A database made by the migrations is exactly what the shelves describe, and no node runs on another."""

import os
import sqlite3
import stat
from pathlib import Path

import msgspec
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, inspect, text

from comity.domain.errors import Conflict, Invalid, Missing, Unavailable
from comity.domain.record import Record
from comity.storage import database, migrations, shelves
from comity.storage.columns import metadata, ordinal
from comity.storage.database import Database
from comity.storage.engines import database_url, file_of, make_file, open_engines
from comity.storage.index.check import Checked
from tests.shelves.post_samples import in_post, open_letter
from tests.shelves.samples import NOW, STORAGE_KEY, TODAY, document, document_key, record, references, with_version

assert shelves  # importing them describes every table


def writer(url: str) -> Engine:
    return open_engines(database_url(url)).writer


def described(tables: MetaData, engine: Engine) -> list[object]:
    """The tables as the database itself tells of them; in SQLite line by line."""
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE tbl_name NOT LIKE 'alembic%'")
            return sorted((name, _parts(sql or "")) for name, sql in rows)
        told = inspect(connection)
        return [
            (
                name,
                [(one["name"], str(one["type"]), one["nullable"], one["default"]) for one in told.get_columns(name)],
                told.get_pk_constraint(name),
                sorted(told.get_unique_constraints(name), key=str),
                sorted(told.get_foreign_keys(name), key=str),
                sorted(told.get_indexes(name), key=str),
            )
            for name in sorted(tables.tables)
        ]


def _parts(sql: str) -> list[str]:
    """SQLite puts a column that was added later on the line of the one before."""
    return sorted(found for part in sql.replace(",", "\n").splitlines() if (found := part.strip(" \n\t)")))


def test_the_migrations_lead_to_what_the_shelves_describe(fresh: str):
    engine = writer(fresh)
    with engine.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_the_migrations_lead_to_the_same_tables_as_the_description_itself(fresh: str, empty: str):
    migrated, made = writer(fresh), writer(empty)
    with made.begin() as connection:
        metadata.create_all(connection)
    assert described(metadata, migrated) == described(metadata, made)
    migrated.dispose()
    made.dispose()


def test_a_new_database_is_of_this_release(empty: str):
    database.create(empty)
    migrations.ways_into(empty).dispose()
    database.upgrade(empty)
    migrations.ways_into(empty).dispose()


def test_only_this_account_may_read_a_new_file(tmp_path: Path):
    before = os.umask(0)
    try:
        database.create(f"sqlite:///{tmp_path}/node.db")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "node.db").stat().st_mode) == 0o600


def test_nothing_is_made_over_what_stands(fresh: str):
    with pytest.raises(Conflict, match=r"exists already|is not empty"):
        database.create(fresh)


def test_a_node_does_not_run_on_a_database_of_a_newer_release(fresh: str, tmp_path: Path):
    set_version(fresh, "9999")
    for refuse in (
        migrations.ways_into,
        database.upgrade,
        lambda url: Database(url, "aldova/disclosures", tmp_path / "index"),
    ):
        with pytest.raises(Conflict, match="newer release"):
            refuse(fresh)


def test_a_node_does_not_run_on_a_database_of_an_older_release(fresh: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("comity.storage.migrations.newest", lambda: "9998")
    with pytest.raises(Conflict, match=r"older release.*comity node upgrade"):
        Database(fresh, "aldova/disclosures")


def test_what_is_no_database_of_a_node_is_not_taken_for_one(empty: str, tmp_path: Path):
    if empty.startswith("sqlite"):
        with pytest.raises(Missing, match="There is no database"):
            Database(empty, "aldova/disclosures")
        sqlite3.connect(tmp_path / "empty.db").close()
        (tmp_path / "empty.db").touch()
    with pytest.raises(Missing, match="is no database of a node"):
        Database(empty, "aldova/disclosures")


def test_a_file_that_is_no_database_is_refused(tmp_path: Path):
    (tmp_path / "node.db").write_text("Dear Bergenia, " * 200)
    with pytest.raises(Unavailable, match="cannot be used"):
        migrations.ways_into(f"sqlite:///{tmp_path}/node.db").dispose()


@pytest.mark.parametrize(
    "url", ["", "node.db", "sqlite://", "sqlite:///:memory:", "mysql://hub/comity", "postgresql+psycopg://hub/comity"]
)
def test_only_databases_that_keep_the_promises_are_taken(url: str):
    with pytest.raises(Invalid):
        database.create(url)


def test_a_password_is_not_shown():
    with pytest.raises(Unavailable) as refusal:
        migrations.ways_into("postgresql+pg8000://comity:swordfish@127.0.0.1:1/comity").dispose()
    assert "swordfish" not in str(refusal.value)
    assert "***" in str(refusal.value)


def test_a_database_of_the_first_release_is_brought_to_this_one_with_all_that_is_in_it(empty: str, tmp_path: Path):
    made_by_the_first_release(empty, [with_version(record(document(f"N{n}"), f"B-{n}"), 1) for n in range(7)])
    with pytest.raises(Conflict, match="older release"):
        Database(empty, "bergenia/disclosures", tmp_path / "index")
    database.upgrade(empty)
    store = Database(empty, "bergenia/disclosures", tmp_path / "index")
    with store.transaction() as tx:
        assert tx.records.count() == {"sltd": 7}
        assert references(tx.records.numbered(document_key("N3"), False, TODAY)) == ["B-3"]
        tx.records.put([record(document("C9"), "B-9")])
        tx.commit()
    assert store.index.check() == Checked(records=8, entries=8)
    store.close()


def test_what_was_not_brought_to_the_hub_before_an_upgrade_is_brought_after_it(empty: str, tmp_path: Path):
    if (path := file_of(database_url(empty))) is not None:
        make_file(path)
    engine = writer(empty)
    letter, sealed = open_letter(1), in_post(1)
    with engine.begin() as connection:
        command.upgrade(migrations._steps(connection), "0022")
        row = {"letter": msgspec.json.encode(letter), "route": msgspec.json.encode(sealed.route)}
        row |= {"signed": sealed.sealed.route, "box": sealed.sealed.box}
        connection.execute(
            text(
                "INSERT INTO sealed_letters VALUES"
                " ('letter-1', 'bergenia', 2, 1, 0, 0, NULL, 0, '', :letter, :route, :signed, :box)"
            ),
            row,
        )
    engine.dispose()
    database.upgrade(empty)
    store = Database(empty, "aldova/disclosures", tmp_path / "index", storage_key=STORAGE_KEY)
    with store.reading() as tx:
        assert tx.sealed.to_submit(NOW, 10, 10_000) == [sealed]
    store.close()


def made_by_the_first_release(url: str, these: list[Record]) -> None:
    """A database as the first release left it, with documents of one holding."""
    if (path := file_of(database_url(url))) is not None:
        make_file(path)
    engine = writer(url)
    with engine.begin() as connection:
        command.upgrade(migrations._steps(connection), "0001")
        connection.execute(
            text("INSERT INTO holdings VALUES (1, 'document', 'sltd', 'bergenia', 'XB', :n)"), {"n": len(these)}
        )
        for number, one in enumerate(these, 1):
            row = {"number": number, "id": one.header.id, "reference": one.header.reference}
            row |= {"retain_until": ordinal(one.header.retain_until), "content": msgspec.json.encode(one)}
            row |= {"document": one.subject.number}
            connection.execute(
                text("INSERT INTO records VALUES (:number, :id, 1, :reference, :retain_until, :content)"), row
            )
            connection.execute(text("INSERT INTO document_keys VALUES ('XBE', :document, :number)"), row)
    engine.dispose()


def set_version(url: str, version: str) -> None:
    engine = writer(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})
    engine.dispose()


def test_the_names_of_the_steps_are_their_revisions_one_after_another():
    config = Config()
    config.set_main_option("script_location", str(migrations.SCHEMA))
    steps = [step.revision for step in ScriptDirectory.from_config(config).walk_revisions()]
    assert steps == sorted(migrations.known(), reverse=True)
