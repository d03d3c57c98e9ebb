"""Nodes as processes: doors that are taken, members that come while it runs, and a stop in the middle of a flood."""

import json
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from comity.domain import limits
from comity.formats import files
from comity.law.shipped import model_agreements
from comity.testing import fictitious
from comity.testing.processes import CAST, RunningFederation, RunningNode, enrol, found, make_node, opened, wait_until

pytestmark = pytest.mark.slow

HUB, ALDOVA, BERGENIA, _ = CAST
RECORDS = 30_000
# Two workers, or two runs on one machine, must not take each other's doors: their process ids differ.
FIRST_PORT = 24_000 + os.getpid() % 80 * 100


@pytest.fixture(scope="module")
def federation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningFederation]:
    """The hub and Bergenia; Aldova is not there yet."""
    running = found(tmp_path_factory.mktemp("running"), model_agreements(), (HUB, BERGENIA), (), FIRST_PORT)
    try:
        running.start()
        yield running
    finally:
        running.kill()


def test_a_door_that_is_taken_is_named_and_nothing_is_begun(federation: RunningFederation):
    second = subprocess.run(federation["hub"].command, capture_output=True, text=True, timeout=60)
    assert second.returncode == 5
    assert "The door federation cannot open at 127.0.0.1" in second.stderr
    assert "Traceback" not in second.stderr
    assert federation["hub"].ready()


def test_a_member_that_is_approved_while_the_hub_runs_is_let_in_at_once(federation: RunningFederation):
    folder = federation["hub"].folder.parent
    make_node(folder / "aldova", ALDOVA, FIRST_PORT + 90)
    enrol(folder / "hub", folder / "aldova", folder / "ceremony")
    aldova = RunningNode(folder / "aldova", folder / "aldova.log")
    aldova.start()
    try:
        aldova.wait_until_ready()  # it has the directory, which it got from the hub that was running all the time
    finally:
        aldova.stop()


def test_a_stop_in_the_middle_of_a_flood_keeps_its_limit_and_loses_nothing(federation: RunningFederation):
    folder, file = federation["hub"].folder.parent, federation["hub"].folder.parent / "many.jsonl"
    file.write_bytes(b"".join(fictitious.make("sltd", RECORDS, 7, "XB")))
    with opened(folder / "bergenia") as (bergenia, operator):
        begun = bergenia.records.begin(file.name, "many", "sltd", "", operator)
        rows = files.read(files.Form.JSON_LINES, file, "sltd")
        stored = bergenia.records.enter(begun, rows, operator).stored
    wait_until(lambda: held(folder / "hub") > 0, "the first letter arrived")
    for name in ("hub", "bergenia"):
        began = time.monotonic()
        federation[name].stop(limits.STOP_WITHIN_SECONDS + limits.LETTER_WITHIN_SECONDS)
        assert time.monotonic() - began < limits.STOP_WITHIN_SECONDS + 5
    assert waiting(folder / "bergenia") > 0, "all had arrived before the stop: enter more"
    federation.start()
    wait_until(lambda: held(folder / "hub") == stored, "everything arrived after the restart")


def test_the_logs_are_lines_of_json_without_a_word_of_any_record(federation: RunningFederation):
    numbers = [json.loads(line)["subject"]["number"] for line in fictitious.make("sltd", 500, 7, "XB")]
    for name in ("hub", "bergenia"):
        text = federation[name].log_file.read_text("utf-8")
        for line in text.splitlines():
            if not line.startswith("comity: The door"):
                assert json.loads(line)["event"]
        assert not [number for number in numbers if number in text]


def held(folder: Path) -> int:
    with opened(folder) as (node, _), node.store.reading() as tx:
        return tx.records.count().get("sltd", 0)


def waiting(folder: Path) -> int:
    with opened(folder) as (node, _):
        return sum(node._waiting().values())
