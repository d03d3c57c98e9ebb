"""`comity case` and `comity mail`, before the officers' doors of a federation in this process."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from comity.cli import case as case_command
from comity.cli import mail as mail_command
from comity.cli import operation as operation_command
from comity.testing.federation import Federation
from tests.cli.conftest import Run
from tests.client.door_line import connected

OPEN = ("--title", "Robbery at the ferry", "--category", "persons", "--purpose", "criminal-investigation")
BASIS = ("--basis", "section 94")


@pytest.fixture
def federation(furnished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Federation]:
    shutil.copytree(furnished, tmp_path / "federation")
    opened = Federation(tmp_path / "federation")
    for command in (case_command, mail_command, operation_command):
        monkeypatch.setattr(command, "bureau", lambda profile: connected(opened, str(profile)))
    yield opened
    opened.close()


def id_in(text: str) -> str:
    found = re.search(r"[0-9a-f]{8}-[0-9a-f-]{27}", text)
    assert found, text
    return found[0]


def test_a_message_goes_out_is_read_filed_and_answered(comity: Run, federation: Federation):
    ada, ben = ("--profile", "ada"), ("--profile", "ben")
    case = id_in(comity("case", "open", "AL-7", *ada, *OPEN, *BASIS).out)
    wrote = comity(
        "mail",
        "write",
        *ada,
        "--case",
        case,
        "--to",
        "bergenia",
        "--subject",
        "Who is he?",
        "--text",
        "Look.",
        "--urgency",
        "emergency",
        "--asks",
        "--handling",
        "H1",
        "--grade",
        "B2",
    )
    assert "draft to bergenia: Who is he?" in wrote.out
    sent = comity("mail", "send", id_in(wrote.out), *ada)
    assert "bergenia: sent, 7 h 59 min left" in sent.out or "8 h 0 min left" in sent.out
    federation.post()
    listed = comity("mail", "list", *ben)
    assert "from aldova: Who is he? (emergency, not filed)" in listed.out
    mail = id_in(listed.out)
    theirs = id_in(comity("case", "open", "BE-9", *ben, *OPEN, *BASIS).out)
    comity("mail", "file", mail, *ben, "--case", theirs)
    shown = comity("mail", "show", mail, *ben).out
    assert "for-official-use-only, H1, B2" in shown
    assert "case AL-7; persons, criminal-investigation, on section 94" in shown
    answer = comity("mail", "reply", mail, *ben, "--to", "aldova", "--subject", "Re", "--text", "A ferryman.")
    comity("mail", "send", id_in(answer.out), *ben)
    federation.post()
    thread = comity("mail", "thread", mail, *ada).out
    assert "bergenia: answered" in thread
    assert "A ferryman." in thread
    whole = comity("case", "show", case, *ada).out
    assert "bergenia knows it as BE-9" in whole
    assert "all of it together: H1" in whole


def test_a_refusal_names_its_clause_and_has_its_status(comity: Run, federation: Federation, tmp_path: Path):
    ada = ("--profile", "ada")
    case = id_in(comity("case", "open", "AL-7", *ada, *OPEN, *BASIS).out)
    text = tmp_path / "text.txt"
    text.write_text("Kto to?", "utf-8")
    wrote = comity("mail", "write", *ada, "--case", case, "--to", "corvia", "--subject", "?", "--text-file", str(text))
    refused = comity("mail", "send", id_in(wrote.out), *ada)
    assert (refused.status, "by convention-on-police-information art-8" in refused.err) == (3, True)
    assert "gone: " in comity("mail", "discard", id_in(wrote.out), *ada).out
    both = comity(
        "mail",
        "write",
        *ada,
        "--case",
        case,
        "--to",
        "corvia",
        "--subject",
        "?",
        "--text",
        "a",
        "--text-file",
        str(text),
    )
    assert both.status == 2
    text.write_bytes(b"\xff")
    assert (
        comity(
            "mail", "write", *ada, "--case", case, "--to", "corvia", "--subject", "?", "--text-file", str(text)
        ).status
        == 2
    )


def test_a_form_is_told_in_every_language_with_its_translation(comity: Run, federation: Federation, tmp_path: Path):
    ada, ben = ("--profile", "ada"), ("--profile", "ben")
    case = id_in(comity("case", "open", "AL-7", *ada, *OPEN, *BASIS).out)
    form = tmp_path / "form.json"
    form.write_text('{"form": "trace", "thing": "firearm", "number": "MQ1", "sought": ["owner"]}')
    to = ("--case", case, "--to", "bergenia", "--subject", "A pistol")
    wrote = comity("mail", "write", *ada, *to, "--form", str(form), "--text", "Whose?")
    comity("mail", "send", id_in(wrote.out), *ada)
    federation.post()
    mail = id_in(comity("mail", "list", *ben).out)
    assert (
        "translated from en to fr by bergenia"
        in comity("mail", "translate", mail, *ben, "--to", "fr", "--text", "À qui ?").out
    )
    shown = comity("mail", "show", mail, *ben, "--language", "ar").out
    assert "المطلوب: المالك" in shown
    assert "À qui ?" in shown
    form.write_text('{"form": "poem"}')
    refused = comity("mail", "write", *ada, *to, "--form", str(form))
    assert (refused.status, "--form" in refused.err) == (2, True)


def test_what_arrives_is_told_as_it_comes(comity: Run, federation: Federation):
    ada, ben = ("--profile", "ada"), ("--profile", "ben")
    case = id_in(comity("case", "open", "AL-7", *ada, *OPEN, *BASIS).out)
    wrote = comity("mail", "write", *ada, "--case", case, "--to", "bergenia", "--subject", "?", "--text", "Who?")
    comity("mail", "send", id_in(wrote.out), *ada)
    federation.post()
    heard = comity("mail", "follow", *ben, "--after", "0")
    assert f", message {id_in(wrote.out)}" in heard.out


def test_a_case_is_seen_by_whoever_is_let_in(comity: Run, federation: Federation):
    ada, dora = ("--profile", "ada"), ("--profile", "dora")
    case = id_in(comity("case", "open", "AL-7", *ada, *OPEN, *BASIS).out)
    assert comity("case", "list", *dora).out == "You are in no case.\n"
    assert comity("case", "show", case, *dora).status == 4
    assert "2 people" in comity("case", "admit", case, "dora", *ada).out
    assert "AL-7" in comity("case", "list", *dora).out
    assert "1 people" in comity("case", "dismiss", case, "ada", *dora).out
    assert "AL-7" in comity("case", "refer", case, *dora, "--to", "bergenia", "--number", "BE-9").out
    assert "closed: solved" in comity("case", "close", case, *dora, "--because", "solved").out
    assert "(open)" in comity("case", "reopen", case, *dora).out


def test_an_operation_is_led_joined_worked_on_and_closed(comity: Run, federation: Federation):
    ben, dora = ("--profile", "ben"), ("--profile", "dora")
    case = id_in(comity("case", "open", "BE-9", *ben, *OPEN, *BASIS).out)
    operation = id_in(comity("operation", "found", case, "Ferry", *ben).out)
    assert "aldova joined" in comity("operation", "invite", operation, "aldova", *ben, "--shares-from", "1").out
    task = ("--title", "Watch", "--owner", "aldova", "--due", "2031-05-03")
    set_ = comity("operation", "task", operation, "watch", *ben, *task).out
    assert "task watch: Watch (aldova, due 2031-05-03)" in set_
    federation.post()
    assert "Ferry, led by bergenia, with bergenia, aldova" in comity("operation", "list", *dora).out
    theirs = id_in(comity("case", "open", "AL-7", *dora, *OPEN, *BASIS).out)
    assert "founded: Ferry [own]" in comity("operation", "file", operation, *dora, "--case", theirs).out
    waits = comity("operation", "done", operation, "watch", *dora, "--result", "Nobody.").out
    assert "task watch done: Nobody. (on its way to bergenia)" in waits
    federation.post()
    assert "done: Nobody." in comity("operation", "show", operation, *ben).out
    assert "A van." in comity("operation", "note", operation, "A van.", *ben).out
    assert "aldova left" in comity("operation", "leave", operation, "aldova", *ben).out
    assert "report: Found." in comity("operation", "close", operation, *ben, "--report", "Found.").out
    assert comity("operation", "note", operation, "More.", *ben).status == 5
