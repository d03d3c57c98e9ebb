"""`comity batch` and `comity watch`, typed as an officer types them, before a whole federation."""

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from comity.cli import batch, watch
from comity.cli.main import app
from comity.cli.stating import Said
from comity.client.comity import Comity
from comity.domain import limits
from comity.domain.errors import Invalid, Unavailable
from comity.domain.firearm import FirearmType
from comity.domain.lookup import FirearmQuery, PersonQuery, VehicleQuery, VesselQuery
from comity.domain.purpose import Purpose
from comity.formats.list_queries import Reading
from comity.formats.table import TableForm
from comity.testing.federation import ALDOVA, BERGENIA, HUB, Federation
from tests.federation.conftest import federation, founded, furnished, row, stolen_passport
from tests.web.officer.test_batches import sdk

__all__ = ["federation", "founded", "furnished"]

LIST = """\
Seat,Surname,Given names,Date of birth,Passport number,Issuing country
14C,Quast,Otto,1980-04-03,B1234567,XBE
15A,Zabelthau,Quirin,1999-12-31,B7654321,XBE
15B,Vetrova,Mira,31.02.1980,B7654322,XBE
"""


@pytest.fixture
def ada(federation: Federation, monkeypatch: pytest.MonkeyPatch) -> Comity:
    connection = sdk(federation, "ada")
    monkeypatch.setattr(batch, "bureau", lambda _: connection)
    monkeypatch.setattr(watch, "bureau", lambda _: connection)
    return connection


@pytest.fixture
def flight(tmp_path: Path) -> Path:
    file = tmp_path / "flight.csv"
    file.write_text(LIST)
    return file


def comity(*words: object, status: int = 0) -> Result:
    result = CliRunner().invoke(app, [*map(str, words), "--profile", "ada.toml"])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == status, result.output
    return result


def screen(file: Path, *more: object, status: int = 0) -> Result:
    return comity("batch", "screen", file, "--purpose", "border-control", "--case", "XA-101", *more, status=status)


def test_a_list_is_screened_and_told(ada: Comity, flight: Path):
    told = screen(flight).output
    assert "3 lines, 5 questions, 1 lines refused in whole or in part" in told
    assert "hub: 1 hits, 4 no record, 0 silent, 0 refused" in told
    assert "queue: 1 open" in told
    assert "line 4: person: birth: '31.02.1980' is no date" in told
    assert "No record does not mean clear." in told


def test_the_queue_is_worked_through(ada: Comity, flight: Path, tmp_path: Path):
    screen(flight)
    [one] = ada.batches()
    told = comity("batch", "queue", one.id).output
    entry = ada.queue(one.id).entries[0].queued.id
    assert f"entry {entry}: line 2 14C, 100%, open" in told
    assert "passport B1234567" in told
    assert "taken" not in told
    assert f"comity hits request {entry}" in comity("batch", "take-up", entry).output
    assert "Nothing open in this queue. This does not mean" in comity("batch", "queue", one.id).output
    comity("batch", "export", one.id, "--out", tmp_path / "queue.csv")
    exported = (tmp_path / "queue.csv").read_text().splitlines()
    assert exported[0].startswith("entry,line,label")
    assert exported[1].startswith(f"{entry},2,14C,1.0000,taken-up")
    comity("batch", "export", one.id, "--out", tmp_path / "queue.jsonl")
    assert (tmp_path / "queue.jsonl").read_text().count("\n") == 1
    assert "1 taken-up" in comity("batch", "status", one.id).output
    assert "line 4" in comity("batch", "refused", one.id).output
    assert one.id in comity("batch", "list").output
    comity("batch", "erase", one.id)
    assert "No batches." in comity("batch", "list").output


def test_an_entry_is_dismissed(ada: Comity, flight: Path):
    screen(flight)
    [one] = ada.batches()
    entry = ada.queue(one.id).entries[0].queued.id
    assert "dismissed" in comity("batch", "dismiss", entry, "--reason", "born in another year").output


@pytest.mark.parametrize("request_lines", [1, 2])
def test_after_an_interruption_it_goes_on_where_it_was(
    ada: Comity, flight: Path, monkeypatch: pytest.MonkeyPatch, request_lines: int
):
    monkeypatch.setattr(limits, "BATCH_LINES_PER_REQUEST_MAX", request_lines)
    sent, look_up = [], ada.look_up_lines

    def broken_off(batch_id: str, lines: list, *, last: bool = False) -> object:
        if sent:
            raise Unavailable("The line is cut.")
        sent.extend(lines)
        return look_up(batch_id, lines, last=last)

    with monkeypatch.context() as cut:
        cut.setattr(type(ada), "look_up_lines", lambda _, *given, **named: broken_off(*given, **named))
        with pytest.raises(Unavailable):
            screen(flight)
    told = screen(flight).output
    assert f"going on at line {sent[-1].line + 1}" in told
    assert "3 lines, 5 questions" in told
    assert "was screened on" in screen(flight).output


def test_the_same_list_read_in_another_way_is_another_list(ada: Comity, flight: Path):
    screen(flight)
    screen(flight, "--days", "dmy")
    screen(flight, "--ask", "document")
    assert len(ada.batches()) == 3


def test_a_column_that_is_not_known_is_named_or_passed_over(ada: Comity, tmp_path: Path):
    file = tmp_path / "list.csv"
    file.write_text("Familienname,a=b\nQuast,x\n")
    with pytest.raises(Invalid, match="Familienname"):
        screen(file)
    screen(file, "--column", "Familienname=family", "--ignore", "a=b")
    screen(file, "--column", "a=b=label", "--column", "Familienname=family")
    with pytest.raises(Invalid, match="names no field"):
        screen(file, "--column", "Familienname=surname")
    assert [one.lines for one in ada.batches()] == [1, 1]


def test_silent_sources_are_told_by_the_exit_status_and_asked_again(ada: Comity, federation: Federation, flight: Path):
    federation.line.out_of_reach = {HUB}
    told = screen(flight, status=6).output
    assert "--silent" in told
    federation.line.out_of_reach = set()
    federation[ALDOVA].elsewhere.resting.clear()
    assert "hub: 1 hits, 4 no record, 0 silent" in screen(flight, "--silent").output


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_a_spreadsheet_is_given_nothing_that_it_would_run(ada: Comity, tmp_path: Path, sign: str):
    file = tmp_path / "list.csv"
    file.write_text(f"seat,number,country\n{sign}cmd,B1234567,XBE\n")
    screen(file)
    [one] = ada.batches()
    comity("batch", "export", one.id, "--out", tmp_path / "queue.csv")
    assert f",'{sign}cmd," in (tmp_path / "queue.csv").read_text()


def test_a_watch_is_set_and_what_comes_later_is_found(ada: Comity, federation: Federation):
    until = (federation.time().date() + timedelta(days=9)).isoformat()
    stated = ("--purpose", "border-control", "--case", "T-1", "--until", until)
    told = comity("watch", "document", "--country", "XBE", "--number", "B7654321", *stated).output
    [set_] = ada.watches()
    assert f"watch {set_.id} until" in told
    assert "hub" in comity("watch", "list").output
    assert "Nothing was found late" in comity("watch", "found").output
    federation.enter(BERGENIA, "sltd", [row("D-2", stolen_passport("B7654321"))])
    federation[BERGENIA].late.compare()
    federation.post()
    assert "passport B7654321" in comity("watch", "found").output
    assert "is ended" in comity("watch", "cancel", set_.id).output
    assert "No watches." in comity("watch", "list").output


def test_a_watch_for_a_person_or_a_thing(ada: Comity, federation: Federation):
    until = (federation.time().date() + timedelta(days=9)).isoformat()
    stated = ("--purpose", "wanted-persons", "--case", "T-1", "--until", until)
    comity("watch", "person", "Quirin Zabelthau", "--birth", "1999", *stated)
    comity("watch", "vehicle", "--plate", "QZ 1", "--plate-country", "XB", *stated)
    comity("watch", "firearm", "--serial", "AB1234", "--make", "Walther", "--type", "pistol", "--near", *stated)
    comity("watch", "vessel", "--registration", "B 12", "--flag", "XB", "--near", *stated)
    assert [one.query for one in ada.watches()] == [
        VesselQuery(registration="B 12", flag="XB", near=True),
        FirearmQuery(serial="AB1234", make="Walther", type=FirearmType.PISTOL, near=True),
        VehicleQuery(plate="QZ 1", plate_country="XB"),
        PersonQuery(name="Quirin Zabelthau", birth="1999"),
    ]


def test_a_list_that_was_begun_before_near_numbers_could_be_asked_for_is_the_same_list(flight: Path):
    """Its digest is of the file and of how it is read; a choice that was not made adds nothing."""
    stated = b'["csv","",{"columns":{},"days":"iso","ignored":[],"kinds":[]}]'
    request = batch._List(flight, TableForm.CSV, "", Reading()).request(
        Purpose.BORDER_CONTROL, "XA-101", "", False, Said()
    )
    assert request.file_digest == hashlib.sha256(flight.read_bytes() + b"\0" + stated).hexdigest()
    near = batch._List(flight, TableForm.CSV, "", Reading(near=True))
    assert near.request(Purpose.BORDER_CONTROL, "XA-101", "", False, Said()).file_digest != request.file_digest
