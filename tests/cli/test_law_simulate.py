"""`comity law simulate`: a table of who may learn what of whom, and what a change would change."""

import csv
import io
from pathlib import Path

import msgspec

from comity.law.shipped import model_agreements
from tests.cli.conftest import Run

ONE = ("--asker", "XA", "--owner", "XB", "--category", "persons", "--purpose", "border-control", "--on", "2026-03-01")


def test_what_aldova_may_learn_of_bergenia_stands_in_a_table(comity: Run):
    said = comity("law", "simulate", *ONE, *model_agreements())
    assert (said.status, said.err) == (0, "")
    assert said.out.split() == ["Aldova", "of", "Bergenia", "persons", "border-control", "core"]


def test_a_change_shows_before_and_after_and_what_stays(comity: Run):
    said = comity(
        "law", "simulate", *ONE, "--asker", "XC", "--without", "aldova-bergenia-bilateral", *model_agreements()
    )
    assert "core → ·" in said.out
    assert "The change leaves 1 pair as it is." in said.out
    again = comity("law", "simulate", *ONE, "--with", _opened(), *model_agreements())
    assert "core → full" in again.out


def test_before_and_after_one_changed_word_stand_in_one_table(comity: Run, tmp_path: Path):
    old = next(path for path in model_agreements() if path.stem == "aldova-bergenia-bilateral")
    (tmp_path / "new.toml").write_text(old.read_text("utf-8").replace('"full"', '"core"', 1), "utf-8")
    asked = ("--asker", "XA", "--asker", "XC", "--owner", "XB", "--category", "persons", "--category", "vehicles")
    these = ("--purpose", "locate", "--purpose", "warn", "--purpose", "border-control")
    change = ("--with", tmp_path / "new.toml", "--on", "2026-03-01")
    said = comity("law", "simulate", *asked, *these, *change, *model_agreements())
    assert [line for line in said.out.splitlines() if line] == [
        "Aldova of Bergenia",
        "                  persons      vehicles",
        "  locate          full → core  full",
        "  warn            ·            ·",
        "  border-control  core         full",
        "The change leaves 1 pair as it is.",
    ]


def _opened() -> Path:
    return Path(__file__).parent / "accept" / "open-treaty.toml"


def test_csv_and_json_hold_every_cell(comity: Run):
    sheet = comity("law", "simulate", "--format", "csv", "--on", "2026-03-01", *model_agreements()).out
    cells = msgspec.json.decode(
        comity("law", "simulate", "--format", "json", "--on", "2026-03-01", *model_agreements()).out
    )
    assert list(csv.DictReader(io.StringIO(sheet))) == cells
    known = {"asker": "XA", "owner": "XB", "category": "persons", "purpose": "border-control", "level": "core"}
    assert known in cells


def test_who_could_see_a_record_that_is_closed(comity: Run):
    said = comity("law", "simulate", *ONE, "--closed-to", "XAL", *model_agreements())
    assert "core" not in said.out


def test_a_text_that_is_not_there_cannot_be_taken_away(comity: Run):
    said = comity("law", "simulate", "--without", "nothing", *model_agreements())
    assert said.status == 4
    assert "There is no text nothing." in said.err
