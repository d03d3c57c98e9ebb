"""Questions and answers as they travel, and answers that contradict themselves."""

import msgspec
import pytest

from comity.domain.errors import Invalid, TooLarge
from comity.domain.lookup import Finding, Outcome, Reason
from comity.domain.match import FieldMatch, Match, WordMatch
from comity.domain.reply import ReplyLevel
from comity.wire.canonical import encode
from comity.wire.question import read_answer, read_question, write_answer, write_question
from tests.wire.cast import NOTHING, QUESTION

FINDING = Finding(
    hit="h1", owner="bergenia", contact="duty desk", category="travel-documents", level=next(iter(ReplyLevel))
)
REASON = Reason(clause="aldova-bergenia art-4", text="Not for this purpose.")


def answer(**changes: object):
    return msgspec.structs.replace(NOTHING, **changes)


@pytest.mark.parametrize(
    "right",
    [NOTHING, answer(outcome=Outcome.HIT, findings=(FINDING,)), answer(outcome=Outcome.REFUSED, reason=REASON)],
    ids=["nothing", "hit", "refused"],
)
def test_answers_are_read_as_written(right):
    assert read_answer(write_answer(right)) == right


def test_a_name_is_explained_word_by_word_only_where_it_is_read():
    """A node of the first release knows no such words and would take the answer for silence."""
    words = (WordMatch(asked="vetrogradova", found="vetrogradova", how="exact"),)
    name = FieldMatch(field="name", bits=12.0, how="exact", asked="Vetrogradova", found="Vetrogradova", words=words)
    told = msgspec.structs.replace(FINDING, match=Match(probability=0.9, bits=4.0, fields=(name,)))
    written = write_answer(answer(outcome=Outcome.HIT, findings=(told,)))
    assert b"words" not in written
    assert read_answer(written).findings[0].match.bits == 4.0


def test_a_question_is_read_as_written():
    assert read_question(write_question(QUESTION)) == QUESTION


CONTRADICTIONS = {
    "hit without findings": answer(outcome=Outcome.HIT),
    "no record beside findings": answer(findings=(FINDING,)),
    "refusal without a reason": answer(outcome=Outcome.REFUSED),
    "refusal with findings": answer(outcome=Outcome.REFUSED, reason=REASON, findings=(FINDING,)),
    "reason beside no record": answer(reason=REASON),
    "silence that speaks": answer(outcome=Outcome.SILENT),
}


@pytest.mark.parametrize("contradiction", CONTRADICTIONS)
def test_an_answer_that_contradicts_itself_is_neither_written_nor_read(contradiction):
    with pytest.raises(Invalid):
        write_answer(CONTRADICTIONS[contradiction])
    with pytest.raises(Invalid):
        read_answer(encode(CONTRADICTIONS[contradiction]))


@pytest.mark.parametrize(
    "changes",
    [
        {"also": 1},
        {"purpose": "curiosity"},
        {"case": ""},
        {"asked_at": "2026-03-01T12:00:00"},
        {"query": {"kind": "document", "country": "XBE", "number": ""}},
        {"query": {"kind": "horoscope"}},
        {"query": {"kind": "person"}},
    ],
    ids=str,
)
def test_a_malformed_question_is_refused(changes):
    with pytest.raises(Invalid):
        read_question(encode({**msgspec.to_builtins(QUESTION), **changes}))


def test_what_is_too_large_is_refused_before_it_is_parsed():
    with pytest.raises(TooLarge):
        read_question(b"[" * 70_000)
    with pytest.raises(TooLarge):
        read_answer(b"[" * 5_000_000)
    with pytest.raises(TooLarge):
        write_question(msgspec.structs.replace(QUESTION, case="x" * 70_000))
