"""Officers' commands, before the real desks of a federation in this process."""

import json
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from comity.cli import hits as hits_command
from comity.cli import lookup as lookup_command
from comity.domain.hit import Hit, Priority
from comity.domain.lookup import Answer, LookupRequest
from comity.testing.federation import BERGENIA, Federation
from tests.cli.conftest import Run

PASSPORT = ("lookup", "document", "--profile", "ada", "--country", "XBE", "--number", "B1234567")
WHY = ("--purpose", "border-control", "--case", "T-1")


class Bureau:
    """What `comity` asks of a running bureau, asked of the desks themselves."""

    def __init__(self, federation: Federation, login: str) -> None:
        self.caller = federation.cast[login]
        self.node = federation[self.caller.bureau]

    def lookup(self, request: LookupRequest) -> Answer:
        return self.node.lookups.ask(request, self.caller)

    def hits(self) -> list[Hit]:
        return self.node.hits.every(self.caller)

    def hit(self, hit: str) -> Hit:
        return self.node.hits.one(hit, self.caller)

    def request_confirmation(self, hit: str, priority: Priority, note: str) -> Hit:
        return self.node.hits.request(hit, priority, note, self.caller)

    def confirm(self, hit: str, note: str) -> Hit:
        return self.node.hits.confirm(hit, note, self.caller)

    def deny(self, hit: str, note: str) -> Hit:
        return self.node.hits.deny(hit, note, self.caller)

    def promise(self, hit: str, by: datetime, note: str) -> Hit:
        return self.node.hits.promise(hit, by, note, self.caller)


@pytest.fixture
def federation(furnished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Federation]:
    shutil.copytree(furnished, tmp_path / "federation")
    opened = Federation(tmp_path / "federation")
    for command in (hits_command, lookup_command):
        monkeypatch.setattr(command, "bureau", lambda profile: Bureau(opened, str(profile)))
    yield opened
    opened.close()


def test_an_answer_is_told_with_every_source_and_never_as_clear(comity: Run, federation: Federation):
    said = comity(*PASSPORT, *WHY)
    assert said.status == 0
    assert said.err == ""
    assert said.out.count("HIT  bergenia") == 1  # told by two, shown once
    assert "told by hub, bergenia, full" in said.out
    assert "aldova: no record. This does not mean" in said.out
    assert "unconfirmed: comity hits request" in said.out


def test_where_a_source_was_silent_the_status_says_that_not_all_was_told(comity: Run, federation: Federation):
    federation.line.out_of_reach = {BERGENIA}
    said = comity(*PASSPORT, *WHY)
    assert said.status == 6
    assert "bergenia: no answer. Nothing is known from there" in said.out
    as_json = comity(*PASSPORT, *WHY, "--json")
    assert (as_json.status, as_json.err) == (6, "")
    assert {one["source"]: one["outcome"] for one in json.loads(as_json.out)["sources"]} == {
        "aldova": "no-record",
        "hub": "hit",
        "bergenia": "silent",
    }


def test_a_doubtful_zone_is_not_asked(comity: Run, federation: Federation):
    first, second = "P<XBEFICTITIOUS<<BELLA".ljust(44, "<"), "B1234567<1XBE8001011F3001011".ljust(42, "<") + "00"
    zone = f"{first} {second}"
    said = comity("lookup", "document", "--profile", "ada", "--mrz", zone, *WHY, "--json")
    assert said.status == 2
    assert "cannot be relied on" in said.err
    assert not said.out
    assert comity("lookup", "document", "--profile", "ada", "--mrz", "nothing", *WHY).status == 2


@pytest.mark.parametrize(
    "words",
    [
        ("person", "--birth", "1971"),
        ("person", "Sorokin", "--nationality", "nowhere"),
        ("vehicle",),
        ("vehicle", "--plate", "BE 1"),
        ("vessel",),
        ("vessel", "--registration", "BE 1"),
        ("firearm", "--serial", ""),
        ("document", "--country", "nowhere", "--number", "1"),
    ],
)
def test_a_question_that_is_none_is_refused_before_it_is_asked(
    comity: Run, federation: Federation, words: tuple[str, ...]
):
    said = comity("lookup", *words, "--profile", "ada", *WHY)
    assert (said.status, said.out) == (2, "")


def test_a_near_number_is_told_with_the_signs_that_differ(comity: Run, federation: Federation):
    misread = ("lookup", "document", "--country", "XBE", "--number", "B1234S67", "--profile", "ada", *WHY)
    assert "HIT" not in comity(*misread).out
    near = comity(*misread, "--near").out
    assert "look-alike" in near
    assert "recorded" in near


def test_firearms_and_vessels_are_asked_for(comity: Run, federation: Federation):
    firearm = comity("lookup", "firearm", "--serial", "KL 4711", "--make", "Bergwerk", "--profile", "ada", *WHY)
    vessel = comity("lookup", "vessel", "--registration", "BE 1", "--flag", "XB", "--near", "--profile", "ada", *WHY)
    assert "no record" in firearm.out
    assert "no record" in vessel.out


def test_persons_and_vehicles_are_told_too(comity: Run, federation: Federation):
    person = comity("lookup", "person", "Ivan Sorokin", "--birth", "1971-03-09", "--profile", "ada", *WHY)
    assert "likeness" in person.out
    assert "armed" in person.out
    vehicle = comity("lookup", "vehicle", "--plate", "BE 123 XY", "--plate-country", "XBE", "--profile", "ada", *WHY)
    assert "1M8GDM9AXKP042788" in vehicle.out


def test_a_person_is_looked_up_by_whatever_is_known(comity: Run, federation: Federation):
    for words in (
        ("--birth", "1971-03-09", "--sex", "M"),
        ("Iv* Sor*", "--wildcard"),
        (
            "Yvan Sorogin",
            "--sounds-like",
            "--place",
            "Tepkudar",
            "--height",
            "180",
            "--eyes",
            "brown",
            "--hair",
            "grey",
        ),
    ):
        said = comity("lookup", "person", *words, "--profile", "ada", *WHY)
        assert "armed" in said.out, said.err
    wide = comity("lookup", "person", "--nationality", "XB", "--sex", "M", "--profile", "ada", *WHY)
    assert (wide.status, "too wide" in wide.err) == (2, True)


def test_a_hit_goes_through_all_its_steps(comity: Run, federation: Federation):
    out = comity(*PASSPORT, *WHY).out
    hit = out.split("comity hits request ")[1].split()[0]
    assert (
        f"hit {hit}: requested, due" in comity("hits", "request", hit, "--profile", "ada", "--priority", "urgent").out
    )
    assert comity("hits", "request", hit, "--profile", "ada").status == 5
    federation.post()
    listed = comity("hits", "list", "--profile", "ben").out
    assert "requested, urgent, " in listed
    assert "aldova (headquarters) found a record of bergenia (sltd D-1)" in listed
    federation.time.pass_by(minutes=11)
    federation[BERGENIA].hits.escalate()
    promised = comity("hits", "promise", hit, "--profile", "ben", "--minutes", "90", "--note", "archive")
    assert "promised, due" in promised.out
    assert comity("hits", "confirm", hit, "--profile", "ada").status == 3
    assert "confirmed" in comity("hits", "confirm", hit, "--profile", "ben").out
    federation.post()
    assert f"hit {hit}: confirmed, urgent\n" in comity("hits", "show", hit, "--profile", "ada").out
    assert json.loads(comity("hits", "show", hit, "--profile", "ada", "--json").out)["state"] == "confirmed"
    assert json.loads(comity("hits", "list", "--profile", "ada", "--json").out)[0]["id"] == hit
    assert "denied" in comity("hits", "deny", hit, "--profile", "ben", "--note", "\x1b[31mred").out
    federation.post()
    assert "note: �[31mred" in comity("hits", "show", hit, "--profile", "ada").out
    assert comity("hits", "show", "nothing", "--profile", "ada").status == 4
