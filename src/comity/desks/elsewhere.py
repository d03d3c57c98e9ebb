"""The other nodes that a question is put to: which are worth asking, and how each of them stood to it."""

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait

import msgspec

from comity.desks.credible import credible
from comity.desks.here import Here
from comity.desks.needs import Clock, Peers, Source
from comity.desks.search import categories, member_categories
from comity.desks.stopwatch import milliseconds_since, seconds_since
from comity.domain import limits
from comity.domain.bureau import GRAVITY, Directory, Member, NodeRole, Standing
from comity.domain.circumstances import Harm, Override
from comity.domain.collection import COLLECTIONS
from comity.domain.country import country, country_of_issuer
from comity.domain.earlier_release import Lost, earlier_forms, without_overrides, without_what_is_stated
from comity.domain.errors import Invalid, Missing, Refusal, Unavailable
from comity.domain.lookup import (
    DocumentQuery,
    Outcome,
    Query,
    Question,
    Reason,
    SourceAnswer,
    VehicleQuery,
    VesselQuery,
    without_answer,
)
from comity.domain.reply import ReplyLevel
from comity.law.decision import Decision, Law
from comity.law.override import Lifting
from comity.law.weighed import Weighed


class Elsewhere:
    """Asks all at once, each on a thread and within its time limit. Whoever does not answer in time is silent."""

    def __init__(
        self, here: Here, peers: Peers, clock: Clock, answer_within_seconds: float, asked_at_once_max: int
    ) -> None:
        self.here = here
        self.peers = peers
        self.clock = clock
        self.answer_within_seconds = answer_within_seconds
        self.answer_many_within_seconds = limits.ANSWER_BATCH_WITHIN_SECONDS_MAX
        self.resting: dict[str, float] = {}  # node: until when no list is asked of it, by time.monotonic()
        self.earlier: dict[str, float] = {}  # node: until when it counts as one that does not know what is stated
        self.knows_no_overrides: dict[str, float] = {}  # the same of overrides at the asker
        self.pool = ThreadPoolExecutor(asked_at_once_max, thread_name_prefix="ask")

    def close(self) -> None:
        """Wait for no one: whoever is silent now stays silent."""
        self.pool.shutdown(wait=False, cancel_futures=True)

    def within_reach(self) -> dict[str, Source]:
        return {source.name: source for source in self.peers.sources()}

    def worth_asking(
        self,
        law: Law,
        directory: Directory | None,
        question: Question,
        within_reach: Mapping[str, Source],
    ) -> tuple[list[tuple[Member, Source]], tuple[SourceAnswer, ...]]:
        """The hub always; a bureau where it may hold an answer and an agreement lets it give one.

        Whoever might have an answer and cannot be asked is shown as silent: left out, they would look like "no record".
        """
        asked: list[tuple[Member, Source]] = []
        not_asked: list[SourceAnswer] = []
        for member in directory.members if directory else ():
            if member.id == self.here.node or not _may_hold(member, question.query):
                continue
            source = within_reach.get(member.id)
            decision = self._best_decision(law, member, question)
            if decision is not None and decision.level is ReplyLevel.NOTHING:
                not_asked.append(without_answer(member.id, question, Outcome.REFUSED, decision.reason))
            elif (standing := self._stands(member, question.query)) is not Standing.ACTIVE:
                not_asked.append(without_answer(member.id, question, Outcome.SILENT, NOT_ASKED[standing]))
            elif source is None:
                not_asked.append(without_answer(member.id, question, Outcome.SILENT, OUT_OF_DATE))
            else:
                asked.append((member, source))
        return asked, tuple(not_asked)

    def _stands(self, member: Member, query: Query) -> Standing:
        """Whether it can be asked that: active where it can. It is not asked in what it is restricted in."""
        today = self.clock().date()
        shut = {Standing.RESTRICTED, Standing.SUSPENDED}
        standings = [member.stands(today, category) for category in categories(query)]
        return max(standings, key=GRAVITY.__getitem__) if shut.issuperset(standings) else Standing.ACTIVE

    def _best_decision(self, law: Law, member: Member, question: Question) -> Decision | None:
        """What the agreements let that bureau tell us, by our own copy; None where only the node itself knows."""
        if member.manifest.role is NodeRole.HUB:
            return None
        ours = Weighed(law, question, question.asked_at.date(), {})
        party = member.manifest.country or member.id
        decisions = [_as_they_may(ours, category, party) for category in member_categories(question.query)]
        return max(decisions, key=lambda decision: decision.level)

    def ask(self, question: Question, sources: Sequence[tuple[Member, Source]]) -> dict[str, Future[SourceAnswer]]:
        """Put it to each of them; by name, what is under way."""
        return {member.id: self.pool.submit(self._ask_one, source, member, question) for member, source in sources}

    def gathered(
        self, question: Question, pending: dict[str, Future[SourceAnswer]], started: float
    ) -> list[SourceAnswer]:
        """Every source's answer, or its silence. One that breaks in an unforeseen way is silent, and is not hidden."""
        left = self.answer_within_seconds - (time.perf_counter() - started)
        wait(pending.values(), timeout=max(0.0, left))
        limit = Reason(clause="", text=f"No answer within {self.answer_within_seconds:g} seconds.")
        answers = []
        for name, future in pending.items():
            if not future.done():
                future.cancel()
                answers.append(without_answer(name, question, Outcome.SILENT, limit, milliseconds_since(started)))
            elif (broken := future.exception()) is not None:
                why = Reason(clause="", text=f"Its answer could not be taken ({type(broken).__name__}).")
                answers.append(without_answer(name, question, Outcome.SILENT, why, milliseconds_since(started)))
            else:
                answers.append(future.result())
        return answers

    def ask_many(self, source: Source, member: Member, questions: Sequence[Question]) -> Future[list[SourceAnswer]]:
        """Put a list to one of them; its answers, or its silence, in their order. It never raises."""
        return self.pool.submit(self._ask_one_many, source, member, questions)

    def rests(self, source: str) -> bool:
        """Whether it kept silent so lately that a list goes on without it."""
        return time.monotonic() < self.resting.get(source, 0.0)

    def _ask_one(self, source: Source, member: Member, question: Question) -> SourceAnswer:
        started = time.perf_counter()
        try:
            answer = self._asked(source, member, question)
        except Unavailable as silent:
            answer = without_answer(source.name, question, Outcome.SILENT, Reason(clause="", text=str(silent)))
        except Refusal as refusal:
            answer = without_answer(source.name, question, Outcome.REFUSED, _reason_in(refusal))
        return msgspec.structs.replace(answer, took_ms=milliseconds_since(started))

    def _asked(self, source: Source, member: Member, question: Question) -> SourceAnswer:
        """Its answer. A node of an earlier release refuses later fields: it is asked without them, and that is said."""
        forms: list[tuple[Question, Lost]] = [(question, ()), *earlier_forms(question)]
        if self.is_of_earlier_release(member.id):
            forms = [(asked, lost) for asked, lost in forms if asked.asker.entity is None]
        for asked, lost in forms[:-1]:
            try:
                return self._heard(source, member, asked, lost)
            except Invalid:
                continue
        return self._heard(source, member, *forms[-1])

    def _heard(self, source: Source, member: Member, asked: Question, lost: Lost) -> SourceAnswer:
        """Raises Invalid where it does not know a field of it."""
        answer = credible(source.ask(asked, self.answer_within_seconds), member, asked)
        until = time.monotonic() + limits.EARLIER_RELEASE_REMEMBERED_SECONDS
        if "entity" in lost:
            self.earlier[member.id] = until
        if "overrides" in lost:
            self.knows_no_overrides[member.id] = until
        return _told_without(answer, lost)

    def is_of_earlier_release(self, node: str) -> bool:
        """Whether it refused lately what every question of this release states."""
        return time.monotonic() < self.earlier.get(node, 0.0)

    def known_to(self, node: str, question: Question) -> tuple[Question, Lost]:
        """The question as that node takes it, as far as is known of it, and what it lost."""
        if self.is_of_earlier_release(node):
            return without_what_is_stated(question)
        if time.monotonic() < self.knows_no_overrides.get(node, 0.0):
            return without_overrides(question)
        return question, ()

    def _ask_one_many(self, source: Source, member: Member, questions: Sequence[Question]) -> list[SourceAnswer]:
        """One source's answer to each, in their order. Never raises: what cannot be taken is silence."""
        # Outside of what follows: a source that was not asked must not rest longer for it.
        # Falls without it: tests/scale/test_batch_killed.py
        if self.rests(member.id):
            return [_silence(member, question, RESTS) for question in questions]
        started, answers = time.perf_counter(), list[SourceAnswer]()
        forms = [self.known_to(member.id, question) for question in questions]
        try:
            while len(answers) < len(questions):
                rest = forms[len(answers) :]
                told = source.ask_many([asked for asked, _ in rest], self._left_since(started))
                heard = zip(told, rest, strict=False)
                answers += [_told_without(_believed(one, member, asked), lost) for one, (asked, lost) in heard]
        # An older node takes them one by one; where one of them has a field that it does not know, it refuses them all.
        # Falls without it: tests/desks/test_batches.py
        except (Missing, Invalid):
            for question in questions[len(answers) :]:
                late = seconds_since(started) > self.answer_many_within_seconds
                answers.append(
                    _silence(member, question, TOO_LATE) if late else self._ask_one(source, member, question)
                )
        except Unavailable as silent:
            if not answers:
                self.resting[member.id] = time.monotonic() + limits.SILENT_SOURCE_RESTS_SECONDS
            answers += [_silence(member, question, str(silent)) for question in questions[len(answers) :]]
        except Refusal as refusal:
            why = _reason_in(refusal)
            answers += [without_answer(member.id, one, Outcome.REFUSED, why) for one in questions[len(answers) :]]
        except Exception as broken:
            what = f"Its answer could not be taken ({type(broken).__name__})."
            answers += [_silence(member, question, what) for question in questions[len(answers) :]]
        return answers

    def _left_since(self, started: float) -> float:
        """Seconds that a source still has. Raises Unavailable where it has none."""
        if (left := self.answer_many_within_seconds - seconds_since(started)) <= 0:
            raise Unavailable(TOO_LATE)
        return left


def _as_they_may(ours: Weighed, category: str, party: str) -> Decision:
    """What they may tell us at the most: that two persons there override, and how much was asked, is theirs to know."""
    found = ours.party(category, party)
    if found.level or any(one.layer == "asker-law" and not one.level for one in found.layers):
        return found
    question, today = ours.question, ours.today
    overrides = tuple(Override(against=harm, persons=THEIR_TWO, reason="theirs", until=today) for harm in Harm)
    none_asked = dict.fromkeys(ours.law.texts.quotas(question.asker.country or question.asker.bureau), 0)
    theirs = Weighed(ours.law, question, today, {}, Lifting(overrides, of_hub=True), none_asked).party(category, party)
    return theirs if theirs.level else found


THEIR_TWO = ("one there", "another there")


def _told_without(answer: SourceAnswer, lost: Lost) -> SourceAnswer:
    """That it was asked without these is said beside whatever it said itself."""
    if not lost:
        return answer
    said = answer.reason or Reason(clause="", text="")
    others = ", ".join(one for one in lost if one != "near")
    without = f"It was asked without {others}: it does not know that yet." if others else ""
    text = " ".join(filter(None, (said.text, EXACT_ONLY if "near" in lost else "", without)))
    return msgspec.structs.replace(answer, reason=msgspec.structs.replace(said, text=text))


EXACT_ONLY = "It was asked for the exact number: it does not know near ones yet."
# One that is out of reach would hold every hundred lines of a list up for as long as silence takes.
RESTS = "It kept silent a moment ago and was not asked. Ask for the silent lines again."
NOT_ASKED = {
    Standing.SUSPENDED: Reason(clause="", text="This member is suspended and was not asked."),
    Standing.RESTRICTED: Reason(clause="", text="This member is restricted in what you look for and was not asked."),
}
OUT_OF_DATE = Reason(
    clause="",
    text="It was not asked: this node's directory has run out.",
    needed="The hub must be reached first; tell your operator.",
)


def _may_hold(member: Member, query: Query) -> bool:
    """Whether a member's own system is worth asking: the hub's shared databases always.

    Persons lie with their owners alone; a document, a plate or a vessel is best known to the country of its register.
    """
    if member.manifest.role is NodeRole.HUB:
        return True
    kind = query.__struct_config__.tag
    if any(not one.shared for one in COLLECTIONS.values() if one.kind == kind):
        return True
    match query:
        case DocumentQuery():
            return member.manifest.country == country_of_issuer(query.country)
        case VehicleQuery():
            return bool(query.plate_country) and member.manifest.country == country(query.plate_country)
        case VesselQuery():
            return bool(query.flag) and member.manifest.country == country(query.flag)
        case _:
            return False


TOO_LATE = f"No answer within {limits.ANSWER_BATCH_WITHIN_SECONDS_MAX:g} seconds."


def _silence(member: Member, question: Question, why: str) -> SourceAnswer:
    return without_answer(member.id, question, Outcome.SILENT, Reason(clause="", text=why))


def _believed(answer: SourceAnswer, member: Member, question: Question) -> SourceAnswer:
    """One of many answers; one that cannot be taken is silence, and does not silence the others."""
    try:
        return credible(answer, member, question)
    except Unavailable as silent:
        return _silence(member, question, str(silent))


def _reason_in(refusal: Refusal) -> Reason:
    return Reason(clause=", ".join(refusal.clauses), text=refusal.what, needed=refusal.do)
