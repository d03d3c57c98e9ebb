"""A node opens only as the one it was made as; its settings are read whole or refused."""

import shutil
from pathlib import Path

import pytest

from comity.client import Comity
from comity.domain import known_types
from comity.domain.errors import Conflict, Invalid, Missing
from comity.domain.lookup import Answer
from comity.nodes.node import Node
from comity.nodes.settings import FILE_NAME, read_settings
from tests.nodes.conftest import made, settings_of_aldova


@pytest.fixture
def folder(aldova: Path, tmp_path: Path) -> Path:
    shutil.copytree(aldova, tmp_path / "aldova")
    return tmp_path / "aldova"


def edit(folder: Path, before: str, after: str) -> None:
    file = folder / FILE_NAME
    text = file.read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after), "utf-8")


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ('id = "aldova"', 'id = "bergenia"', "node.id"),
        ('role = "bureau"', 'role = "hub"', "node.role"),
        ('country = "XA"', 'country = "XB"', "node.country"),
    ],
)
def test_what_never_changes_cannot_be_changed_in_the_settings(folder: Path, before: str, after: str, what: str):
    """With another's country it would apply another's law."""
    edit(folder, before, after)
    with pytest.raises(Conflict, match=what):
        Node(folder)


def test_keys_of_another_node_are_not_taken_up(folder: Path, tmp_path: Path):
    made(tmp_path / "other")
    shutil.rmtree(folder / "keys")
    shutil.copytree(tmp_path / "other" / "keys", folder / "keys")
    with pytest.raises(Conflict, match="other node keys"):
        Node(folder)


@pytest.mark.parametrize("gone", ["keys/node.json", "keys/tls.key.pem", "manifest.jws", "comity.sqlite3", FILE_NAME])
def test_whatever_is_missing_is_named(folder: Path, gone: str):
    (folder / gone).unlink()
    with pytest.raises(Missing):
        Node(folder)


def test_keys_that_others_may_read_are_not_used(folder: Path):
    (folder / "keys" / "node.json").chmod(0o640)
    with pytest.raises(Invalid, match="chmod 600"):
        Node(folder)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("contact =", "contcat =", "contcat"),
        ("[watch]", "[wacth]", "wacth"),
        ("port = 7701", 'port = "7701"', "federation.port"),
        ("port = 7701", "port = 77010", "federation.port"),
        ('id = "aldova"', 'id = "Aldova!"', "small letters"),
        ('country = "XA"', 'country = "XAL"', "Write XA"),
        ('country = "XA"', 'country = "xa"', "Write XA"),
        ('country = "XA"', 'country = ""', "needs its country"),
        ("[watch]", "[rounds]\nfollow_seconds = 0\n[watch]", "rounds.follow_seconds"),
        ("[watch]", "[rounds]\nfollow_seconds = inf\n[watch]", "rounds.follow_seconds"),
        ("[watch]", "[lookups]\nanswer_within_seconds = 11\n[watch]", "lookups.answer_within_seconds"),
        ("[watch]", '[log]\nlevel = "loud"\n[watch]', "log.level"),
        ("[watch]", "[watch", "comity.toml"),
    ],
)
def test_settings_that_are_wrong_are_refused_by_name(folder: Path, before: str, after: str, told: str):
    edit(folder, before, after)
    with pytest.raises(Invalid) as refused:
        read_settings(folder)
    assert told in str(refused.value)
    assert FILE_NAME in str(refused.value)


def test_settings_that_are_no_text_are_refused(folder: Path):
    (folder / FILE_NAME).write_bytes(b"\xff\xfe")
    with pytest.raises(Invalid, match=FILE_NAME):
        read_settings(folder)


@pytest.mark.parametrize("where", ["nowhere", f"{FILE_NAME}/below"])
def test_where_there_is_no_node_the_command_that_makes_one_is_named(folder: Path, where: str):
    with pytest.raises(Missing, match="comity node init"):
        read_settings(folder / where)


def test_an_operator_is_known_by_name_and_has_the_roles_that_the_docs_name(folder: Path):
    node = Node(folder)
    operator = node.operator("anna")
    node.close()
    assert operator.account == "operator:anna"
    assert sorted(operator.roles) == ["administrator", "auditor", "duty-officer", "supervisor"]
    assert settings_of_aldova().node.country == operator.country


def test_before_it_has_threads_every_type_is_known(folder: Path, monkeypatch: pytest.MonkeyPatch):
    """Worked out by two threads at once, a type kills the process: see domain/known_types.py."""
    monkeypatch.setattr(known_types, "_known", set())
    Node(folder).close()
    assert Answer in known_types._known
    known_types._known.clear()
    Comity("https://comity.aldova.example", "token")
    assert Answer in known_types._known
