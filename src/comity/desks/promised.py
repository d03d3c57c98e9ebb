"""Answers that come before their proof: under a promise of their source, which is kept until the proof is there."""

from collections.abc import Iterable

from comity.desks.needs import Transaction
from comity.domain.lookup import Outcome, Question, Reason, SourceAnswer, without_answer
from comity.domain.promise import Promise, Unproved

UNPROMISED = Reason(
    clause="no proof, no read",
    text="It answered without a promise that its log holds the disclosure: its answer is not shown.",
    needed="Its operator must bring its node to a release that promises it.",
)


def believed(answer: SourceAnswer, question: Question, unpromised: Unproved) -> SourceAnswer:
    """The answer of another node; where it tells something and promises nothing, silence, if our settings say so.

    Falls without it: tests/federation/test_no_proof_no_read.py
    """
    if unpromised is Unproved.SHOW or not answer.findings or isinstance(answer.promise, Promise):
        return answer
    return without_answer(answer.source, question, Outcome.SILENT, UNPROMISED, answer.took_ms)


def keep_promises(tx: Transaction, answers: Iterable[SourceAnswer]) -> None:
    """Until each is kept, or was not."""
    for answer in answers:
        if isinstance(answer.promise, Promise):
            tx.promises.keep(answer.promise)
