"""`comity links` as it is typed: a run at the node's folder, the rest through the officers' door."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from comity.analysis import resolve as resolving
from comity.cli import links as links_command
from comity.domain.caller import Caller, Role
from comity.domain.link import LinkLine, LinkState, ProposedLink, WholeLink
from comity.domain.person import Name, Person, PersonStatus, RecordPurpose
from comity.nodes.node import Node
from comity.testing.federation import BERGENIA, Federation
from tests.cli.conftest import Run
from tests.desks.cast import as_
from tests.federation.conftest import row

SECOND = Person(
    names=(Name(full="Ivan Petrovich Sorokin"),),
    births=("1971-03-09",),
    status=PersonStatus.SUSPECT,
    purpose=RecordPurpose.INFORM,
)


class Bureau:
    """What `comity links` asks of a running bureau, asked of the desk itself."""

    def __init__(self, node: Node, caller: Caller) -> None:
        self.desk, self.caller = node.links, caller

    def links(self, state: LinkState) -> list[LinkLine]:
        return self.desk.queue(state, self.caller)

    def link(self, link: str) -> WholeLink:
        return self.desk.show(link, self.caller)

    def accept_link(self, link: str, why: str) -> ProposedLink:
        return self.desk.accept(link, why, self.caller)

    def reject_link(self, link: str, why: str) -> ProposedLink:
        return self.desk.reject(link, why, self.caller)


@pytest.fixture
def bergenia(furnished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """With the wanted person entered twice; profiles are named after roles."""
    shutil.copytree(furnished, tmp_path / "federation")
    federation = Federation(tmp_path / "federation")
    federation.enter(BERGENIA, "nominals", [row("P-2", SECOND)])
    monkeypatch.setattr(
        links_command, "bureau", lambda profile: Bureau(federation[BERGENIA], as_({Role(str(profile))}, BERGENIA))
    )
    yield tmp_path / "federation" / BERGENIA
    federation.close()


@pytest.fixture
def link(comity: Run, bergenia: Path) -> str:
    assert comity("links", "propose", "--node", bergenia).status == 0
    return str(json.loads(comity("links", "list", "--profile", "analyst", "--json").out)[0]["link"]["id"])


def test_a_run_tells_numbers_alone(comity: Run, bergenia: Path):
    said = comity("links", "propose", "--node", bergenia, "--collection", "nominals", "--from", "0.5")
    assert said.status == 0
    assert "2 records of nominals compared, model persons-1/" in said.out
    assert "1 links proposed" in said.out
    assert "too few records to learn from" in said.out
    assert "orokin" not in said.out + said.err


def test_the_queue_names_both_records_and_the_reasons(comity: Run, link: str):
    said = comity("links", "list", "--profile", "analyst")
    first, records, reasons = said.out.splitlines()
    assert first.split()[0] == link
    assert first.endswith("duplicate")
    assert {"P-1", "P-2"} < set(records.split())
    assert "birth exact +12" in reasons
    assert comity("links", "list", "--profile", "analyst", "--state", "accepted").out.startswith(
        "No links are accepted"
    )


def test_a_link_shows_both_records_and_how_the_bits_add_up(comity: Run, link: str):
    said = comity("links", "show", link, "--profile", "analyst")
    assert "Ivan Petrovich Sorokin" in said.out
    assert "Сорокин Иван Петрович" in said.out
    assert "prior" in said.out
    assert "bits, by model persons-1/" in said.out


def test_a_decision_is_told_and_stands_in_its_queue(comity: Run, link: str):
    said = comity("links", "accept", link, "--profile", "analyst", "--why", "the same scar")
    assert said.out == f"{link} accepted; both records stay as they are\n"
    assert comity("links", "accept", link, "--profile", "analyst", "--why", "again").status == 5
    assert comity("links", "reject", link, "--profile", "analyst", "--why", "a cousin").out == f"{link} rejected\n"
    shown = comity("links", "show", link, "--profile", "analyst").out
    assert "a cousin" in shown


@pytest.mark.parametrize("role", ["officer", "supervisor", "administrator"])
def test_others_are_turned_away(comity: Run, link: str, role: str):
    said = comity("links", "show", link, "--profile", role)
    assert said.status == 3
    assert "analyst" in said.err
    assert not said.out


def test_where_splink_is_missing_the_command_says_what_to_install(
    comity: Run, bergenia: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(resolving.importlib.util, "find_spec", lambda name: None)
    said = comity("links", "propose", "--node", bergenia)
    assert said.status == 4
    assert "splink" in said.err
    assert "pip install comity[linkage]" in said.err
