"""How a command ends: one clear line and a status, never a traceback."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from comity import cli
from comity.cli.common import STATUS
from comity.cli.main import GROUPS
from comity.desks.records import Records
from comity.domain import errors
from tests.cli.conftest import Run
from tests.nodes.conftest import made


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (("journal", "show", "--node", "nowhere"), 4, "comity node init"),
        (("journal", "show"), 2, "COMITY_NODE"),
        (("journal", "prove", "99", "--node", "NODE"), 4, "no entry 99"),
        (("records", "show", "R-1", "--node", "NODE", "--collection", "nothing"), 2, "no collection"),
        (("records", "show", "R-1", "--node", "NODE", "--collection", "sltd"), 4, "no record"),
        (("records", "import", "nowhere.csv", "--node", "NODE", "--collection", "sltd"), 4, "no file"),
        (("records", "withdraw", "x", "--node", "NODE", "--collection", "sltd", "--reason", "bored"), 2, "bored"),
        (("member", "invite", "b", "--node", "NODE", "--country", "XB", "--out", "OUT"), 5, "Run this at the hub"),
        (("member", "invite", "b", "--node", "NODE", "--out", "OUT"), 2, "--country"),
        (("member", "join", "nowhere", "--node", "NODE", "--fingerprint", "x", "--out", "OUT"), 4, "no file"),
        (("agreement", "adopt", "nowhere.toml", "--node", "NODE"), 4, "no file"),
        (("agreement", "check", "."), 4, "no file"),
        (("account", "token", "nobody", "--node", "NODE"), 4, "no account"),
        (("lookup", "person", "--profile", "nowhere", "--purpose", "locate", "--case", "1"), 2, "Give a name"),
        (("lookup", "document", "--profile", "x", "--purpose", "locate", "--case", "1"), 2, "Say which document"),
        (("hits", "list", "--profile", "nowhere.toml"), 4, "no profile"),
        (("node", "init", "NODE", "--role", "hub", "--name", "Hub"), 5, "There is a node"),
        (("node", "init", "NEW", "--role", "bureau", "--name", "Aldova"), 2, "needs its country"),
        (("node", "init", "NEW", "--role", "hub", "--name", "Hub", "--port", "65535"), 2, "port"),
        (("node", "init", "NEW", "--role", "hub", "--name", "Hub", "--host", "0.0.0.0"), 2, "--address"),  # noqa: S104
        (("nothing",), 2, "nothing"),
    ],
)
def test_a_command_that_fails_says_why_and_with_which_status(
    comity: Run, aldova_once: Path, tmp_path: Path, words: tuple[str, ...], status: int, told: str
):
    places = {"NODE": aldova_once, "NEW": tmp_path / "new", "OUT": tmp_path / "out"}
    said = comity(*(places.get(word, word) for word in words))
    assert said.status == status, said.err
    assert told in said.err
    assert said.out == ""
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def aldova_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("main") / "aldova"
    made(folder)
    return folder


@pytest.mark.parametrize("code", STATUS)
def test_every_refusal_has_its_status_and_names_its_clauses(
    comity: Run, aldova_once: Path, monkeypatch: pytest.MonkeyPatch, code: str
):
    (kind,) = [one for one in vars(errors).values() if getattr(one, "code", "") == code]

    def refuses(*_: object) -> None:
        raise kind("Not now.", do="Later.", clauses=("a art-1",))

    monkeypatch.setattr(Records, "show", refuses)
    said = comity("records", "show", "R", "--node", aldova_once, "--collection", "sltd")
    assert said == (STATUS[code], "", "comity: Not now. Later.\ncomity: by a art-1\n")


@pytest.mark.parametrize(
    ("fault", "status", "told"),
    [
        (PermissionError(13, "Permission denied", "file"), 1, "comity: file: Permission denied\n"),
        (OSError(28, "No space left on device"), 1, "comity: No space left on device\n"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_a_full_disk_or_ctrl_c_is_no_traceback(
    comity: Run, aldova_once: Path, monkeypatch: pytest.MonkeyPatch, fault: BaseException, status: int, told: str
):
    def breaks(*_: object) -> None:
        raise fault

    monkeypatch.setattr(Records, "show", breaks)
    said = comity("records", "show", "R", "--node", aldova_once, "--collection", "sltd")
    assert (said.status, said.out) == (status, "")
    assert told in said.err


def test_what_is_missing_or_wrong_when_a_node_is_run_is_named(comity: Run, aldova: Path):
    (aldova / "keys" / "node.json").rename(aldova / "away")
    assert comity("node", "run", aldova)[0] == 4
    (aldova / "away").rename(aldova / "keys" / "node.json")
    shutil.move(aldova / "comity.sqlite3", aldova / "away")
    said = comity("node", "run", aldova)
    assert (said.status, "no database" in said.err) == (4, True)


def test_what_is_printed_as_json_is_json_and_nothing_else(comity: Run, bergenia: Path):
    for words in (
        ("node", "show", bergenia),
        ("member", "list", "--node", bergenia),
        ("account", "list", "--node", bergenia),
        ("agreement", "list", "--node", bergenia),
        ("journal", "show", "--node", bergenia, "--limit", 3),
    ):
        said = comity(*words, "--json")
        assert said.status == 0
        assert json.loads(said.out)


def test_every_group_of_commands_is_a_module_and_every_module_with_commands_is_named():
    parts = {"law_check", "law_diff", "law_explain", "law_render", "law_rulebook", "law_simulate"}  # of law
    parts |= {"passing"}  # of records
    folder = Path(cli.__file__).parent
    with_commands = {path.stem for path in folder.glob("*.py") if "app = typer.Typer(" in path.read_text()}
    assert with_commands - parts - {"main"} == set(GROUPS)


@pytest.mark.parametrize("group", ["lookup", "hits", "batch", "watch", "case", "mail", "operation"])
def test_what_officers_do_does_not_load_a_node(group: str):
    """It took as long to load as a lookup may take."""
    script = (
        "import sys\nfrom comity.cli.main import app\n"
        f"try: app(['{group}', '--help'])\nexcept SystemExit: pass\n"
        "print({'sqlalchemy', 'cedarpy', 'comity.nodes.node'} & sys.modules.keys())"
    )
    told = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout
    assert told.splitlines()[-1] == "set()"


def test_a_word_that_is_no_command_is_answered_with_the_nearest(comity: Run):
    done = comity("lokup")
    assert done.status == 2
    assert "Did you mean 'lookup'?" in done.err
