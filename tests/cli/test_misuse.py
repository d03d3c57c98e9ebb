"""`comity misuse` as it is typed: honey, a scan, and a review by two people with tokens of their own."""

import json
import shutil
from pathlib import Path

import pytest

from comity.domain.purpose import Purpose
from comity.nodes.node import utc_now
from comity.testing.federation import BERGENIA, Federation
from tests.cli.conftest import Run
from tests.federation.conftest import STOLEN


@pytest.fixture
def looked_up(furnished: Path, tmp_path: Path, comity: Run) -> Path:
    """Bergenia, where Ben was shown a record that is honey."""
    shutil.copytree(furnished, tmp_path / "federation")
    node = tmp_path / "federation" / BERGENIA
    for login in ("otto", "lea"):
        person = (login, "--name", login, "--unit", "oversight", "--role", "auditor")
        opened = comity("account", "open", *person, "--node", node)
        assert opened.status == 0, opened.err
        comity("account", "token", login, "--node", node, "--save", tmp_path / login)
    federation = Federation(tmp_path / "federation")
    record = federation.record(BERGENIA, "sltd", "D-1").header.id
    assert "Placed" in comity("misuse", "place-honey", record, "--node", node, "--token", tmp_path / "otto").out
    federation.time.now = utc_now()  # the command above has the clock of the machine
    federation.ask("ben", STOLEN, Purpose.CRIMINAL_INVESTIGATION)
    federation.close()
    return node


def test_from_a_scan_to_a_finding_by_two_people(comity: Run, looked_up: Path, tmp_path: Path):
    def typed(verb: str, *words: object, by: str = "otto") -> str:
        said = comity("misuse", verb, *words, "--node", looked_up, "--token", tmp_path / by)
        return said.out + said.err

    said = comity("misuse", "scan", "--node", looked_up).out
    assert "1 alarm raised; 0 reviewed before were learned from" in said
    (alarm,) = json.loads(typed("alarms", "--json"))
    assert "You have not looked at alarm" in typed("propose", alarm["id"], "--why", "no case")
    shown = typed("show", alarm["id"])
    assert "honey: was shown 1 honey records" in shown
    assert "lookup.asked" in shown
    assert "proposed" in typed("propose", alarm["id"], "--why", "no case is known")
    assert "You proposed this finding yourself" in typed("confirm", alarm["id"])
    typed("show", alarm["id"], by="lea")
    assert "found" in typed("confirm", alarm["id"], by="lea")
    assert "No alarms." in typed("alarms")
    assert "is found already" in typed("dismiss", alarm["id"], "--why", "x", by="lea")
