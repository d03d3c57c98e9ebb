"""Who is asked, and what counts as the answer."""

import msgspec
import pytest

from comity.domain import limits
from comity.domain.errors import Missing, Unavailable
from comity.domain.lookup import AnswerBatch, Finding, Outcome, SourceAnswer
from comity.domain.person import Person
from comity.domain.problem import Problem
from comity.domain.reply import ReplyLevel
from comity.peers.ask import Ask, MemberSource
from comity.peers.exchange import Exchange
from comity.testing.federation_line import LossyLine
from comity.wire.canonical import encode
from comity.wire.http import Request, Response
from comity.wire.question import read_question, read_questions, write_answer, write_answers
from comity.wire.signature import signed_response
from tests.peers.federation import NOW, Clock, Entropy, directory, question, station

ALDOVA, BERGENIA = station("aldova"), station("bergenia")
NO_RECORD = SourceAnswer(source="bergenia", question=question().id, outcome=Outcome.NO_RECORD)
FINDING = Finding(hit="h", owner="bergenia", contact="desk", category="travel-documents", level=ReplyLevel.HIT)


class Bergenia:
    """Signs whatever the test lets it say."""

    def __init__(self, body: bytes, status: int = 200) -> None:
        self.body, self.status = body, status
        self.asked: list[Request] = []

    def __call__(self, request: Request) -> Response:
        self.asked.append(request)
        response = Response(status=self.status, headers={"content-type": "application/json"}, body=self.body)
        return signed_response(response, request, BERGENIA.signer, NOW)


class Recorded(LossyLine):
    """Also notes the limits it was given."""

    def send(self, member, request, within_seconds, bytes_max):
        self.given = (within_seconds, bytes_max)
        return super().send(member, request, within_seconds, bytes_max)


def source(door: Bergenia) -> MemberSource:
    return MemberSource(BERGENIA.member, Exchange(LossyLine({"bergenia": door}), ALDOVA.signer, Clock(), Entropy()))


def test_the_question_arrives_and_the_answer_comes_back():
    bergenia = Bergenia(write_answer(NO_RECORD))
    assert source(bergenia).ask(question(), 1.0) == NO_RECORD
    assert read_question(bergenia.asked[0].body) == question()


OTHER = question(number="X7654321")
NO_OTHER = msgspec.structs.replace(NO_RECORD, question=OTHER.id)


def answers(*all_: SourceAnswer) -> bytes:
    return write_answers(AnswerBatch(answers=all_))


@pytest.mark.parametrize("told", [(NO_RECORD, NO_OTHER), (NO_RECORD,)], ids=["all", "the first of them"])
def test_many_questions_arrive_and_the_answers_come_back_in_their_order(told):
    bergenia = Bergenia(answers(*told))
    assert source(bergenia).ask_many([question(), OTHER], 1.0) == list(told)
    assert read_questions(bergenia.asked[0].body).questions == (question(), OTHER)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (answers(NO_OTHER, NO_RECORD), "another question"),
        (answers(msgspec.structs.replace(NO_RECORD, source="corvia")), "another question"),
        (answers(NO_RECORD, NO_OTHER, NO_RECORD), "more than was asked"),
        (encode({"answers": []}), "cannot be read"),
        (encode(AnswerBatch(answers=(msgspec.structs.replace(NO_RECORD, outcome=Outcome.HIT),))), "cannot be read"),
        (encode(AnswerBatch(answers=(msgspec.structs.replace(NO_RECORD, outcome=Outcome.SILENT),))), "cannot be read"),
    ],
    ids=["swapped", "of another source", "too many", "none", "hit without findings", "silence that speaks"],
)
def test_answers_that_cannot_be_believed_are_none(body, words):
    with pytest.raises(Unavailable, match=words):
        source(Bergenia(body)).ask_many([question(), OTHER], 1.0)


def test_an_older_node_says_that_it_takes_no_many():
    problem = Problem(type="urn:comity:refusal:unknown-address", title="There is no such address.", status=404)
    with pytest.raises(Missing):
        source(Bergenia(msgspec.json.encode(problem), status=404)).ask_many([question()], 1.0)


def test_an_answer_to_another_question_is_none():
    """Signed by Bergenia for this very request, and yet about something else."""
    other = msgspec.structs.replace(NO_RECORD, question=question(number="X7654321").id)
    with pytest.raises(Unavailable, match="another question"):
        source(Bergenia(write_answer(other))).ask(question(), 1.0)


def test_an_answer_in_another_sources_name_is_none():
    other = msgspec.structs.replace(NO_RECORD, source="corvia")
    with pytest.raises(Unavailable, match="another question"):
        source(Bergenia(write_answer(other))).ask(question(), 1.0)


def test_a_person_that_is_called_a_vehicle_is_no_answer():
    """Our own rules for an officer go by the category: it must be what was asked for."""
    named = msgspec.structs.replace(FINDING, category="vehicles")
    dressed = msgspec.structs.replace(FINDING, level=ReplyLevel.CORE, collection="sltd", subject=Person())
    for finding in (named, dressed):
        answer = msgspec.structs.replace(NO_RECORD, outcome=Outcome.HIT, findings=(finding,))
        with pytest.raises(Unavailable, match="something else"):
            source(Bergenia(write_answer(answer))).ask(question(), 1.0)


@pytest.mark.parametrize(
    "changes",
    [
        {"outcome": Outcome.HIT},
        {"outcome": Outcome.SILENT},
        {"outcome": Outcome.NO_RECORD, "findings": (FINDING,)},
        {"outcome": Outcome.REFUSED, "findings": (FINDING,)},
    ],
    ids=["hit without findings", "silence that speaks", "no record with findings", "refusal with findings"],
)
def test_an_answer_that_contradicts_itself_is_none(changes):
    answer = msgspec.structs.replace(NO_RECORD, **changes)
    with pytest.raises(Unavailable, match="cannot be read"):
        source(Bergenia(encode(answer))).ask(question(), 1.0)


@pytest.mark.parametrize("body", [b"", b"clear", b"{}", b"[" * 3000])
def test_an_answer_that_is_not_well_formed_is_none(body):
    with pytest.raises(Unavailable, match="cannot be read"):
        source(Bergenia(body)).ask(question(), 1.0)


def test_a_status_that_is_no_answer_is_none():
    with pytest.raises(Unavailable, match="status 207"):
        source(Bergenia(write_answer(NO_RECORD), status=207)).ask(question(), 1.0)


def test_a_node_out_of_reach_is_silent():
    line = LossyLine({"bergenia": Bergenia(write_answer(NO_RECORD))})
    line.out_of_reach.add("bergenia")
    with pytest.raises(Unavailable, match="did not answer"):
        MemberSource(BERGENIA.member, Exchange(line, ALDOVA.signer, Clock(), Entropy())).ask(question(), 1.0)


def test_no_source_gets_longer_than_the_limit():
    line = Recorded({"bergenia": Bergenia(write_answer(NO_RECORD))})
    MemberSource(BERGENIA.member, Exchange(line, ALDOVA.signer, Clock(), Entropy())).ask(question(), 3600.0)
    assert line.given == (limits.ANSWER_WITHIN_SECONDS_MAX, limits.ANSWER_BYTES_MAX)


def test_every_active_member_but_ourselves_can_be_asked():
    exchange = Exchange(LossyLine({}), ALDOVA.signer, Clock(), Entropy())
    ask = Ask("aldova", lambda: directory(suspended="corvia"), exchange)
    assert [one.name for one in ask.sources()] == ["hub", "bergenia"]
    assert Ask("aldova", lambda: None, exchange).sources() == []
