"""`comity rights` and `comity incident`, as they are typed at a bureau."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def sara(comity: Run, bergenia: Path, tmp_path: Path) -> Path:
    """The token of a supervisor: the second person."""
    assert comity("account", "token", "sara", "--save", tmp_path / "sara.toml", "--node", bergenia).status == 0
    return tmp_path / "sara.toml"


def test_a_request_from_receipt_to_its_block_and_word(comity: Run, bergenia: Path, sara: Path):
    at = ("--node", bergenia)
    person = ("--name", "Iwan Petrowitsch Sorokin", "--birth", "1971-03-09")
    request = (
        comity("rights", "receive", "deletion", *person, "--said", "It was not me.", *at).out.split()[2].strip(";")
    )
    assert "admitted, due" in comity("rights", "admit", request, "--identity", "certified-copy", *at).out
    [found] = json.loads(comity("rights", "search", request, "--json", *at).out)
    consulted = comity("rights", "concern", request, found["record"], *at).out.split(":")[0]
    assert "block proposed" in comity("rights", "block", consulted, "--why", "doubt", *at).out
    assert "block blocked" in comity("rights", "confirm-block", consulted, "--token", sara, *at).out
    assert "block released" in comity("rights", "release", consulted, "--why", "it is right", *at).out
    assert "proposed" in comity("rights", "word", consulted, "--note", "secret", *at).out
    assert "answered" in comity("rights", "confirm-word", consulted, "--token", sara, *at).out
    told = comity("rights", "decide", request, "--ground", "still-needed", "--why", "looked into", *at)
    assert "a second person confirms" in told.out
    early = comity("rights", "confirm", request, "--token", sara, *at)
    assert (early.status, "whatever is held" in early.err) == (5, True)
    listed = comity("rights", "list", "--json", *at).out
    assert (request in listed, "Sorokin" in listed) == (True, False)
    assert comity("rights", "reply", request, *at).out == ""


def test_an_incident_and_a_sanction(comity: Run, bergenia: Path, sara: Path):
    at = ("--node", bergenia)
    said = comity("incident", "report", "misuse", "--what", "He looked up his neighbour.", *at)
    incident = said.out.split()[2].strip(";")
    assert comity("incident", "report", "loss", "--what", "x", "--known-at", "yesterday", *at).status == 2
    assessed = comity("incident", "assess", incident, "--severity", "elevated", "--personal", "--because", "so", *at)
    assert "tell authority by" in assessed.out
    named = comity("incident", "sanction", "account", "ben", "--reason", "misuse", "--incident", incident, *at)
    sanction = named.out.split()[2].strip(";")
    assert "confirmed by" in comity("incident", "confirm", sanction, "--token", sara, *at).out
    entries = json.loads(comity("journal", "show", "--json", "--limit", 1000, *at).out)
    entry = next(one["index"] for one in entries if one["entry"]["act"] == "account.suspended")
    assert "1 steps contain it" in comity("incident", "contain", incident, "--entry", entry, *at).out
    told = comity("incident", "tell", incident, "--whom", "authority", "--reference", "XB-DPA-17", *at)
    assert "1 of 1 told" in told.out
    assert "closed" in comity("incident", "close", incident, "--lessons", "look sooner", *at).out
    assert json.loads(comity("incident", "show", incident, *at).out)["incident"]["lessons"] == "look sooner"
