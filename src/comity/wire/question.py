"""A question and its answer as they travel. Who speaks is proved by the signatures on the request and the response."""

from msgspec.structs import replace

from comity.domain import limits
from comity.domain.errors import Invalid, TooLarge
from comity.domain.lookup import AnswerBatch, Outcome, Question, QuestionBatch, SourceAnswer
from comity.domain.match import Match
from comity.wire.canonical import decode, encode


def write_question(question: Question) -> bytes:
    """Raises TooLarge for one that nobody would take."""
    return _within(encode(question), limits.QUESTION_BYTES_MAX, "question")


def read_question(data: bytes) -> Question:
    """Raises Invalid, TooLarge."""
    return decode(_within(data, limits.QUESTION_BYTES_MAX, "question"), Question, "question")


def write_answer(answer: SourceAnswer) -> bytes:
    """Raises TooLarge for one that nobody would take, Invalid for one that contradicts itself."""
    return _within(encode(_without_words(_checked(answer))), limits.ANSWER_BYTES_MAX, "answer")


def read_answer(data: bytes) -> SourceAnswer:
    """Raises Invalid, TooLarge."""
    return _checked(decode(_within(data, limits.ANSWER_BYTES_MAX, "answer"), SourceAnswer, "answer"))


def write_questions(batch: QuestionBatch) -> bytes:
    """Raises TooLarge for what nobody would take."""
    return _within(encode(batch), limits.QUESTION_BATCH_BYTES_MAX, "batch of questions")


def read_questions(data: bytes) -> QuestionBatch:
    """Raises Invalid, TooLarge."""
    return decode(_within(data, limits.QUESTION_BATCH_BYTES_MAX, "batch of questions"), QuestionBatch, "batch")


def write_answers(batch: AnswerBatch) -> bytes:
    """Raises TooLarge for what nobody would take, Invalid where an answer contradicts itself."""
    for answer in batch.answers:
        _checked(answer)
    return _within(encode(batch), limits.ANSWER_BYTES_MAX, "batch of answers")


def read_answers(data: bytes) -> AnswerBatch:
    """Raises Invalid, TooLarge."""
    batch = decode(_within(data, limits.ANSWER_BYTES_MAX, "batch of answers"), AnswerBatch, "batch")
    for answer in batch.answers:
        _checked(answer)
    return batch


def _checked(answer: SourceAnswer) -> SourceAnswer:
    """A hit without findings, or "no record" beside some, would be read wrongly whichever way it is shown."""
    if answer.outcome is Outcome.SILENT:
        raise Invalid("A source cannot say that it is silent.", where="outcome")
    if (answer.outcome is Outcome.HIT) != bool(answer.findings):
        raise Invalid(
            f"The outcome {answer.outcome} does not go with {len(answer.findings)} findings.", where="outcome"
        )
    if (answer.outcome is Outcome.REFUSED) != (answer.reason is not None):
        raise Invalid("A refusal gives its reason, and nothing else gives one.", where="reason")
    return answer


def _without_words(answer: SourceAnswer) -> SourceAnswer:
    """A node of the first release does not take an answer that explains a name word by word; the asker does so itself.

    Falls without it: tests/wire/test_question.py
    """
    return replace(answer, findings=tuple(replace(one, match=_in_short(one.match)) for one in answer.findings))


def _in_short(match: Match | None) -> Match | None:
    return match and replace(match, fields=tuple(replace(field, words=()) for field in match.fields))


def _within(data: bytes, bytes_max: int, what: str) -> bytes:
    if len(data) > bytes_max:
        raise TooLarge(f"The {what} has {len(data)} bytes; the most is {bytes_max}.")
    return data
