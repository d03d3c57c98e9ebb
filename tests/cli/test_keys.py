"""The ceremony and the recovery drill as they are typed, by three custodians and a node."""

import re
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Where the custodians' files lie in this test; each has their own machine otherwise."""
    (tmp_path / "table").mkdir()
    (tmp_path / "table" / "passphrase").write_text("a passphrase of several words\n")
    return tmp_path / "table"


def custodians(comity: Run, table: Path, *names: str) -> list[Path]:
    for name in names:
        told = comity(
            "keys", "custodian", name, "--out", table / f"{name}.json", "--card", table / f"{name}.card",
            "--passphrase-file", table / "passphrase",
        )  # fmt: skip
        assert told.status == 0, told.err
    return [table / f"{name}.card" for name in names]


def signed(comity: Run, table: Path, request: Path, round_: str, *names: str) -> list[Path]:
    for name in names:
        told = comity(
            "keys", "sign", request, "--custodian", table / f"{name}.json", "--out", table / f"{name}.{round_}",
            "--passphrase-file", table / "passphrase",
        )  # fmt: skip
        assert told.status == 0, told.err
    return [table / f"{name}.{round_}" for name in names]


def handed_over(comity: Run, aldova: Path, table: Path) -> None:
    cards = custodians(comity, table, "anna", "boris", "clara")
    request = table / "root.request"
    told = comity("keys", "ceremony", *cards, "--node", aldova, "--threshold", 2, "--out", request)
    assert "2 of 3: anna, boris, clara" in told.out, told.err
    told = comity("keys", "gather", *signed(comity, table, request, "root", "anna", "clara"), "--node", aldova)
    assert told.status == 0, told.err
    assert "to-sign.json must go to the custodians" in told.out
    waiting = aldova / "keys" / "to-sign.json"
    told = comity("keys", "gather", *signed(comity, table, waiting, "keys", "boris", "clara"), "--node", aldova)
    assert "signed; the running node publishes it" in told.out, told.err


def test_a_new_node_has_a_root_beside_it_and_is_warned(comity: Run, aldova: Path):
    told = comity("keys", "rotate", "--node", aldova)
    assert "signed; the running node publishes it" in told.out, told.err
    told = comity("keys", "show", "--node", aldova)
    assert "1 of 1: founder" in told.out
    assert "keys for 8 of 8 weeks" in told.out
    assert "warning: the root key lies beside the node" in told.out
    assert '"threshold": 1' in comity("keys", "show", "--node", aldova, "--json").out


def test_the_drill_as_it_is_typed(comity: Run, aldova: Path, table: Path, tmp_path: Path):
    handed_over(comity, aldova, table)
    shown = comity("keys", "show", "--node", aldova).out
    assert "2 of 3: anna, boris, clara" in shown
    assert "set keys.recovery_folder" in shown
    assert not (aldova / "keys" / "root.json").exists()
    package = table / "recovery.json"
    shutil.copy(aldova / "keys" / "recovery.json", package)
    shutil.rmtree(aldova)

    told = comity("keys", "ask-recovery", package, "--secret", table / "once", "--out", table / "asked")
    key = re.findall(r"key of this recovery  (\S+)", told.out)[0]
    given = []
    for name in ("anna", "boris"):
        words = ("keys", "release", table / "asked", package, "--custodian", table / f"{name}.json",
                 "--passphrase-file", table / "passphrase", "--out", table / f"{name}.given")  # fmt: skip
        assert comity(*words, "--key", "A" * 43).status == 3
        assert comity(*words, "--key", key).status == 0
        given.append(table / f"{name}.given")
    too_few = comity("keys", "recover", package, given[0], "--secret", table / "once", "--to", aldova)
    assert (too_few.status, aldova.exists()) == (3, False)
    told = comity("keys", "recover", package, *given, "--secret", table / "once", "--to", aldova)
    assert "aldova is back in" in told.out, told.err
    again = comity("keys", "show", "--node", aldova).out
    assert [line for line in again.splitlines() if "week from" in line] == [
        line for line in shown.splitlines() if "week from" in line
    ]


def test_a_key_is_revoked_for_ever_and_only_one_of_ours(comity: Run, aldova: Path):
    comity("keys", "rotate", "--node", aldova)
    first = re.findall(r"week from [^:]+: (\S+)", comity("keys", "show", "--node", aldova).out)[0]
    words = ("--node", aldova, "--reason", "stolen")
    assert comity("keys", "revoke", "--key", "A" * 43, *words, "--since", "2026-01-01T00:00:00Z").status == 4
    assert comity("keys", "revoke", "--key", first, *words, "--since", "yesterday").status == 2
    told = comity("keys", "revoke", "--key", first, *words, "--since", "2026-01-01T00:00:00Z")
    assert f"revoked: {first}" in told.out, told.err
    shown = comity("keys", "show", "--node", aldova, "--member", "aldova").out
    assert "week from" in shown
    assert re.findall(r"week from [^:]+: (\S+)", shown)[0] != first
