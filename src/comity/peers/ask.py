"""Ask other nodes: the sources of a lookup that lie elsewhere."""

from collections.abc import Callable, Sequence

from comity.domain import limits
from comity.domain.bureau import Directory, Member, Standing
from comity.domain.collection import COLLECTIONS
from comity.domain.errors import Refusal, Unavailable
from comity.domain.lookup import Finding, Question, QuestionBatch, SourceAnswer
from comity.peers.exchange import Exchange
from comity.wire.manifest import member_pair
from comity.wire.promise import checked_promise
from comity.wire.question import read_answer, read_answers, write_question, write_questions

# A node of an earlier release reads nothing behind the question mark, and promises nothing.
QUESTIONS = "/federation/v1/questions?promise=yes"
QUESTION_BATCHES = "/federation/v1/question-batches?promise=yes"


class MemberSource:
    """One other member that can be asked."""

    def __init__(self, member: Member, exchange: Exchange) -> None:
        self.member = member
        self.exchange = exchange

    @property
    def name(self) -> str:
        return self.member.id

    def ask(self, question: Question, within_seconds: float) -> SourceAnswer:
        """Its answer to this question, signed by it. Raises Unavailable where it stays silent, else what it refused."""
        within_seconds = min(within_seconds, limits.ANSWER_WITHIN_SECONDS_MAX)
        body = write_question(question)
        response = self.exchange.post(self.member, QUESTIONS, body, within_seconds, limits.ANSWER_BYTES_MAX)
        try:
            answer = read_answer(response.body)
        except Refusal as refusal:
            # Nothing was refused: the asker must not read its own reader's complaint as the source's decision.
            raise Unavailable(
                f"The answer of {self.name} cannot be read: {refusal.what}", do="Tell its operator."
            ) from refusal
        return self._checked(answer, question)

    def ask_many(self, questions: Sequence[Question], within_seconds: float) -> list[SourceAnswer]:
        """Its answers to the first of them, in their order, at least one. Raises as `ask`, and Missing: see needs."""
        within_seconds = min(within_seconds, limits.ANSWER_BATCH_WITHIN_SECONDS_MAX)
        body = write_questions(QuestionBatch(questions=tuple(questions)))
        response = self.exchange.post(self.member, QUESTION_BATCHES, body, within_seconds, limits.ANSWER_BYTES_MAX)
        try:
            answers = read_answers(response.body).answers
        except Refusal as refusal:
            raise Unavailable(
                f"The answers of {self.name} cannot be read: {refusal.what}", do="Tell its operator."
            ) from refusal
        if len(answers) > len(questions):
            raise Unavailable(f"{self.name} answered more than was asked.", do="Tell its operator.")
        return [self._checked(answer, question) for answer, question in zip(answers, questions, strict=False)]

    def _checked(self, answer: SourceAnswer, question: Question) -> SourceAnswer:
        # An answer that the node gave to another question, or that another node gave, is no answer to this one.
        # Falls without it: tests/peers/test_ask.py, answers swapped between two questions, an answer of another source.
        if (answer.source, answer.question) != (self.name, question.id):
            raise Unavailable(f"{self.name} answered another question.", do="Ask again; tell its operator.")
        # A person sent under the name of a vehicle would be judged by the rules for vehicles.
        # Falls without it: tests/peers/test_ask.py, a person that is called a vehicle.
        if not all(_fits(finding, question) for finding in answer.findings):
            raise Unavailable(f"{self.name} answered with something else than was asked for.", do="Tell its operator.")
        try:
            checked_promise(answer, member_pair(self.member), self.exchange.clock())
        except Refusal as refusal:
            what = f"{self.name} promises what it did not sign: {refusal.what}"
            raise Unavailable(what, do="Tell its operator.") from refusal
        return answer


def _fits(finding: Finding, question: Question) -> bool:
    """Whether a finding is of the kind that was asked for, and calls itself what it is."""
    kind = question.query.__struct_config__.tag
    named = [one for one in COLLECTIONS.values() if one.kind == kind and one.category == finding.category]
    if finding.subject is None:
        return bool(named)
    return finding.subject.__struct_config__.tag == kind and finding.collection in [one.code for one in named]


class Ask:
    """Who can be asked, by the directory as it stands now."""

    def __init__(self, node: str, directory: Callable[[], Directory | None], exchange: Exchange) -> None:
        self.node = node
        self.directory = directory
        self.exchange = exchange

    def sources(self) -> list[MemberSource]:
        """One for each member but this node that may be asked; none where no directory is held that may be used."""
        directory, today = self.directory(), self.exchange.clock().date()
        others = directory.members if directory else ()
        return [
            MemberSource(member, self.exchange)
            for member in others
            if member.id != self.node and member.stands(today) is not Standing.SUSPENDED
        ]
