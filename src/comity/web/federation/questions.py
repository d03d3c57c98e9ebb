"""POST /federation/v1/questions and question-batches: another node asks, this one answers."""

from collections.abc import Callable, Sequence
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

from comity.desks.needs import Once
from comity.domain.bureau import Member
from comity.domain.errors import NotPermitted
from comity.domain.lookup import AnswerBatch, Question, SourceAnswer
from comity.wire.http import Request, Response
from comity.wire.question import read_question, read_questions, write_answer, write_answers


class Answering(Protocol):
    def answer(self, question: Question, member: Member, once: Once) -> SourceAnswer:
        """This node's answer, journalled before it is returned."""
        ...

    def answer_many(self, questions: Sequence[Question], member: Member, once: Once) -> list[SourceAnswer]:
        """The answers to the first of them, each journalled before it is returned."""
        ...


class Counter(Protocol):
    def answered(self, kind: str, outcome: str, seconds: float) -> None: ...


Promised = Callable[[SourceAnswer], SourceAnswer]  # the answer with a promise that its entry will stand in the log


class Questions:
    def __init__(self, answering: Answering, counter: Counter, promised: Promised) -> None:
        self.answering = answering
        self.counter = counter
        self.promised = promised

    def __call__(self, request: Request, member: Member, once: Once) -> Response:
        question = read_question(request.body)
        check_asker(question, member)
        answer = self.answering.answer(question, member, once)
        kind = str(question.query.__struct_config__.tag)
        self.counter.answered(kind, answer.outcome, answer.took_ms / 1000)
        if _wants_promise(request):
            answer = self.promised(answer)
        return Response(status=200, headers={"content-type": "application/json"}, body=write_answer(answer))


class QuestionBatches:
    """Many questions in one request: what holds for one holds for each of them."""

    def __init__(self, answering: Answering, counter: Counter, promised: Promised) -> None:
        self.answering = answering
        self.counter = counter
        self.promised = promised

    def __call__(self, request: Request, member: Member, once: Once) -> Response:
        questions = read_questions(request.body).questions
        for question in questions:
            check_asker(question, member)
        answers = self.answering.answer_many(questions, member, once)
        for question, answer in zip(questions, answers, strict=False):
            self.counter.answered(str(question.query.__struct_config__.tag), answer.outcome, answer.took_ms / 1000)
        if _wants_promise(request):
            answers = [self.promised(answer) for answer in answers]
        body = write_answers(AnswerBatch(answers=tuple(answers)))
        return Response(status=200, headers={"content-type": "application/json"}, body=body)


def _wants_promise(request: Request) -> bool:
    """A node of an earlier release does not ask for one, and would not take an answer that has one."""
    return parse_qs(urlsplit(request.target).query).get("promise") == ["yes"]


def check_asker(question: Question, member: Member) -> None:
    """Who asks comes from the key that signed, never from the text. Raises NotPermitted.

    Falls without it: tests/attacks/test_federation_door.py, a question in another bureau's or country's name.
    """
    asker = question.asker
    if (asker.bureau, asker.country) != (member.id, member.manifest.country):
        raise NotPermitted(
            f"{member.id} signed a question that names {asker.bureau} of {asker.country or 'no country'} as asker.",
            do="Ask in your own name.",
        )
