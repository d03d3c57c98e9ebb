"""Two journals compared: what one side recorded and the other did not is found, and neither learns more than it had."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import delete

from comity.cli.journal import reconcile
from comity.domain.caller import Caller
from comity.domain.errors import Invalid, Missing, NotPermitted, TooLarge, Unavailable
from comity.domain.journal import Act
from comity.domain.witnessing import LogWrong
from comity.nodes.node import Node
from comity.storage.journal import journal_openings
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, Federation
from comity.wire.reconciliation import verified_reconciled, write_reconciliation
from tests.desks.casework import mail_at, opened, sent
from tests.desks.cast import as_
from tests.federation.conftest import STOLEN

QUESTIONS = ("POST", "/federation/v1/questions")


@pytest.fixture(scope="module")
def made(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Federation]:
    folder = tmp_path_factory.mktemp("reconciled") / "federation"
    shutil.copytree(furnished, folder)
    federation = Federation(folder)
    yield federation
    federation.close()


@pytest.fixture
def federation(made: Federation) -> Iterator[Federation]:
    """One for all; each test has an hour of its own."""
    made.time.pass_by(hours=1)
    routes = dict(made[BERGENIA].federation_door.routes)
    yield made
    made[BERGENIA].federation_door.routes = routes
    for node in made.nodes.values():
        for alarm in node.log_alarms.every():
            node.log_alarms.clear(alarm, node.operator("test"))


def reconciled(federation: Federation, by: str = ALDOVA, with_: str = BERGENIA) -> list[str]:
    """Of the last half hour, once it has settled."""
    began = federation.time() - timedelta(minutes=30)
    federation.time.pass_by(minutes=16)
    node = federation[by]
    ends = federation.time() - timedelta(minutes=15)
    return node.reconciling.with_(node.directory().member(with_), began, ends, node.operator("test"))


def forget(federation: Federation, name: str, act: Act, about: str) -> None:
    """Somebody has taken what an entry says out of a journal."""
    with federation[name].store.transaction() as tx:
        found = [one.index for one in tx.journal.about(about) if one.entry.act is act]
        for index in found or [one.index for one in tx.journal.read(-1, 10**6) if one.entry.act is act][-1:]:
            tx.connection.execute(delete(journal_openings).where(journal_openings.c.position == index))
        tx.commit()


def test_what_both_wrote_down_agrees(federation: Federation):
    question = federation.ask("ada", STOLEN).question
    case = opened(federation, number="AL-R-1")
    sent(federation, case)
    asked = federation[ALDOVA].reconciliation
    federation.time.pass_by(minutes=16)
    began, ended = federation.time() - timedelta(minutes=30), federation.time() - timedelta(minutes=15)
    ours = asked.asked(BERGENIA, began, ended, federation[ALDOVA].operator("test"))
    assert sorted(one.kind for one in ours.exchanged) == ["answer", "letter"]
    assert question.encode() not in write_reconciliation(ours)  # ids are what nobody learns by it
    for by, with_ in ((ALDOVA, BERGENIA), (BERGENIA, ALDOVA), (ALDOVA, CORVIA)):
        assert reconciled(federation, by, with_) == []
        federation.time.pass_by(minutes=-16)
    assert not federation[ALDOVA].log_alarms.every()
    acts = [one.act for one in federation.journal(BERGENIA)]
    assert Act.JOURNAL_RECONCILED in acts


def test_an_answer_that_its_source_has_no_trace_of_is_an_alarm_and_evidence(federation: Federation):
    question = federation.ask("ada", STOLEN).question
    forget(federation, BERGENIA, Act.LOOKUP_ANSWERED, question)
    (line,) = reconciled(federation)
    assert line == f"answer of bergenia to question {question}: bergenia has no trace of it."
    (alarm,) = federation[ALDOVA].log_alarms.every().values()
    assert (alarm.wrong, alarm.origin) == (LogWrong.UNMATCHED, "bergenia/disclosures")
    assert question in alarm.what
    asked = federation[ALDOVA].reconciliation.asked(
        BERGENIA,
        federation.time() - timedelta(minutes=46),
        federation.time() - timedelta(minutes=15),
        federation[ALDOVA].operator("test"),
    )
    public = federation[BERGENIA].keys.node.public
    said = verified_reconciled(alarm.about.encode(), asked, BERGENIA, ALDOVA, public)
    assert [one.kind for one in said.missing] == ["answer"]


def test_an_answer_that_we_never_wrote_down_is_found_without_its_question_being_told(federation: Federation):
    question = federation.ask("ada", STOLEN).question
    forget(federation, ALDOVA, Act.LOOKUP_SHOWN, question)
    (line,) = reconciled(federation)
    assert line.startswith("bergenia wrote down what stands nowhere here: answer of bergenia (it knows it by ")
    assert question not in line


def test_another_answer_than_was_written_down(federation: Federation):
    question = federation.ask("ada", STOLEN).question
    with federation[ALDOVA].store.transaction() as tx:
        (shown,) = [one for one in tx.journal.about(question) if one.entry.act is Act.LOOKUP_SHOWN]
        receipts = [f"{text[:-64]}{'0' * 64}" for text in shown.entry.details["receipts"]]
        entry = replace(shown.entry, details=shown.entry.details | {"receipts": receipts})
        row = journal_openings.update().where(journal_openings.c.position == shown.index)
        tx.connection.execute(row.values(entry=entry))
        tx.commit()
    (line,) = reconciled(federation)
    assert line.endswith("bergenia wrote down another than came here.")


def test_an_answer_that_came_too_late_is_explained(federation: Federation):
    routes = federation[BERGENIA].federation_door.routes
    honest = routes[QUESTIONS].serve

    def lost(*request: object) -> None:
        honest(*request)
        raise Unavailable("It did not come back.")

    routes[QUESTIONS] = replace(routes[QUESTIONS], serve=lost)
    federation.ask("ada", STOLEN)
    assert [reconciled(federation, ALDOVA), len(federation[ALDOVA].log_alarms.every())] == [[], 0]


def test_a_letter_that_its_recipient_has_no_trace_of(federation: Federation):
    message = sent(federation, opened(federation, number="AL-R-2"))
    letter = mail_at(federation, ALDOVA, message.id).legs[0].letter
    forget(federation, BERGENIA, Act.LETTER_UNPROVED, letter)
    (line,) = reconciled(federation)
    assert line == f"our letter to bergenia with id {letter}: bergenia has no trace of it."


def test_a_letter_that_its_sender_never_wrote_down(federation: Federation):
    message = sent(federation, opened(federation, number="AL-R-3"))
    letter = mail_at(federation, ALDOVA, message.id).legs[0].letter
    forget(federation, ALDOVA, Act.LETTERS_SEALED, letter)
    (line,) = reconciled(federation, BERGENIA, ALDOVA)
    assert line == f"letter of aldova with id {letter}: aldova has no trace of it."


@pytest.mark.parametrize("by", [ALDOVA, BERGENIA])
def test_a_letter_on_its_way_is_explained(federation: Federation, by: str):
    case = opened(federation, number=f"AL-R-{by}")
    federation.publish_keys()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(federation, "post", lambda: federation[ALDOVA].sealed_courier.seal_waiting())
        sent(federation, case)
    assert federation.waiting() == {ALDOVA: {BERGENIA: 1}}
    other = {ALDOVA: BERGENIA, BERGENIA: ALDOVA}[by]
    assert reconciled(federation, by, other) == []
    federation.post()


def test_the_command_says_it_in_plain_words(
    federation: Federation, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    @contextmanager
    def at(folder: Path) -> Iterator[tuple[Node, Caller]]:
        yield federation[ALDOVA], federation[ALDOVA].operator("test")

    monkeypatch.setattr("comity.cli.journal.opened", at)
    since = federation.time().replace(tzinfo=None) - timedelta(minutes=1)
    question = federation.ask("ada", STOLEN).question
    federation.time.pass_by(minutes=16)
    reconcile(BERGENIA, tmp_path, since)
    assert "agrees" in capsys.readouterr().out
    forget(federation, BERGENIA, Act.LOOKUP_ANSWERED, question)
    reconcile(BERGENIA, tmp_path, since)
    told = " ".join(capsys.readouterr().out.split())
    assert f"answer of bergenia to question {question}: bergenia has no trace of it." in told
    assert "1 do not agree; see `comity journal alarms`." in told
    with pytest.raises(Missing):
        reconcile(ALDOVA, tmp_path, since)


def test_what_may_not_be_compared(federation: Federation):
    aldova, now = federation[ALDOVA], federation.time()
    bergenia, operator = aldova.directory().member(BERGENIA), aldova.operator("test")
    for since, until, refusal in (
        (now - timedelta(hours=1), now, Invalid),
        (now - timedelta(hours=1), now - timedelta(hours=2), Invalid),
        (now - timedelta(days=40), now - timedelta(days=1), TooLarge),
    ):
        with pytest.raises(refusal):
            aldova.reconciling.with_(bergenia, since, until, operator)
    with pytest.raises(NotPermitted):
        began = now - timedelta(hours=1)
        aldova.reconciling.with_(bergenia, began, now - timedelta(minutes=20), as_(set()))
    del federation[BERGENIA].federation_door.routes["POST", "/federation/v1/reconciliations"]
    with pytest.raises(Missing, match="compares no journals"):
        reconciled(federation)
