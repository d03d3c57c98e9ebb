"""One question to all sources, and the answer to another node's question."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait

import msgspec
from msgspec import Struct

from comity.desks import lookup_notes as notes
from comity.desks.alerting import Alerts, hit_of
from comity.desks.behalf import require_officer_named
from comity.desks.credible import credible
from comity.desks.here import Here
from comity.desks.holding import hold
from comity.desks.needs import Clock, Once, Peers, Source, Store, Transaction
from comity.desks.search import Search, Searched, categories, member_categories
from comity.domain import limits
from comity.domain.bureau import GRAVITY, Directory, Member, NodeRole, Standing
from comity.domain.caller import Asker, Caller
from comity.domain.collection import COLLECTIONS
from comity.domain.country import country, country_of_issuer
from comity.domain.errors import Invalid, Missing, NotPermitted, Refusal, Unavailable
from comity.domain.held import Held
from comity.domain.hit import Side
from comity.domain.ids import new_id
from comity.domain.kept import Kept
from comity.domain.lookup import (
    Answer,
    DocumentQuery,
    Finding,
    LookupRequest,
    Outcome,
    Query,
    Question,
    Reason,
    SourceAnswer,
    VehicleQuery,
    VesselQuery,
    exactly,
    in_earlier_fields,
)
from comity.domain.purpose import Purpose
from comity.domain.reply import ReplyLevel
from comity.law.decision import Decision, Law
from comity.law.keeping import kept_until
from comity.law.release import show
from comity.law.standing import HELD_CLAUSE
from comity.law.weighed import Weighed
from comity.matching.compare import worded
from comity.matching.doubts import doubts


class Asked(Struct, frozen=True):
    """One question of many, with how every source stood to it; or why our own law does not let it be asked."""

    question: Question
    answers: tuple[SourceAnswer, ...] = ()
    refused: Reason | None = None


class Lookups:
    """The desk that every lookup goes through, from an officer here or from another node.

    A question that leaves is journalled before it leaves; an answer before it is shown or sent.
    """

    def __init__(
        self,
        here: Here,
        store: Store,
        search: Search,
        law: Callable[[Transaction], Law],
        peers: Peers,
        clock: Clock,
        entropy: Callable[[int], bytes],
        answer_within_seconds: float,
        asked_at_once_max: int,
    ) -> None:
        self.here = here
        self.store = store
        self.search = search
        self.law = law
        self.peers = peers
        self.clock = clock
        self.entropy = entropy
        self.alerts = Alerts(here, clock)
        self.answer_within_seconds = answer_within_seconds
        self.answer_many_within_seconds = limits.ANSWER_BATCH_WITHIN_SECONDS_MAX
        self.resting: dict[str, float] = {}  # node: until when no list is asked of it, by time.monotonic()
        self.pool = ThreadPoolExecutor(asked_at_once_max, thread_name_prefix="ask")

    def ask(self, request: LookupRequest, caller: Caller) -> Answer:
        """Ask every source that is worth asking, each within its time limit, and show what this officer may see.

        Raises NotPermitted where the caller's own organisation does not let them ask at all.
        """
        started = time.perf_counter()
        caller = msgspec.structs.replace(caller, on_behalf_of=request.on_behalf_of or caller.on_behalf_of)
        require_officer_named(caller)
        question = self._question(request, caller)
        elsewhere, not_asked = self._admit(question, caller)
        pending = {member.id: self.pool.submit(self._ask_one, source, member, question) for member, source in elsewhere}
        own = self._own_answer(question)
        answers = (own, *not_asked, *self._gathered(question, pending, started))
        return self._shown(question, caller, answers, started)

    def answer(self, question: Question, member: Member, once: Once) -> SourceAnswer:
        """Answer another node from this node's own shelves, as far as the law between the two allows.

        `once` notes the request that brought the question, in the same transaction.
        """
        with self.store.transaction() as tx:
            once(tx)
            [answer] = self._answered(tx, [question], member, None)
            tx.commit()
        return answer

    def answer_many(self, questions: Sequence[Question], member: Member, once: Once) -> list[SourceAnswer]:
        """Answer the first of many questions of another node: as many as fit in time and size, at least one.

        Each is decided, journalled and kept as if it had come alone. What is left out was not looked at.
        """
        if len({question.id for question in questions}) < len(questions):
            raise Invalid("Two questions have one id.", where="questions", do="Give each an id of its own.")
        started, left = time.perf_counter(), None
        answers: list[SourceAnswer] = []
        while len(answers) < len(questions) and _seconds_since(started) < limits.BATCH_WORKS_SECONDS_MAX:
            with self.store.transaction() as tx:
                if not answers:
                    once(tx)
                more = self._answered(tx, questions[len(answers) :], member, left)
                tx.commit()
            if not more:
                break
            answers += more
            left = limits.FINDINGS_BYTES_PER_SOURCE_MAX - len(msgspec.json.encode(answers))
        return answers

    def _answered(
        self, tx: Transaction, questions: Sequence[Question], member: Member, bytes_left: int | None
    ) -> list[SourceAnswer]:
        """Answer the first of them in the transaction that is open: while they fit and nobody waits for it too long.

        `bytes_left` is None before the very first, which fits always.
        """
        law, locked, today = self.law(tx), time.perf_counter(), self.clock().date()
        found: list[tuple[Question, Searched, float]] = []
        for question in questions:
            started = time.perf_counter()
            searched = self._held(tx, question, member) or self.search.answer(tx, law, question, member, today)
            size = len(msgspec.json.encode(searched.answer))
            if bytes_left is not None and size > bytes_left:
                break
            bytes_left = (limits.FINDINGS_BYTES_PER_SOURCE_MAX if bytes_left is None else bytes_left) - size
            found.append((question, searched, _milliseconds_since(started)))
            if _seconds_since(locked) > limits.LOCK_HELD_SECONDS_MAX:
                break
        return self._disclosed(tx, found)

    def _held(self, tx: Transaction, question: Question, member: Member) -> Searched | None:
        """What a supervised member is told: somebody has to look at it first."""
        reason = hold(tx, question, member, self.clock())
        return Searched(_without_answer(self.here.node, question, Outcome.REFUSED, reason), {}) if reason else None

    def _disclosed(self, tx: Transaction, found: Sequence[tuple[Question, Searched, float]]) -> list[SourceAnswer]:
        """Alert the owners, keep the questions, write down what is told; then it may leave."""
        now = self.clock()
        for question, searched, _ in found:
            self.alerts.tell(tx, question, searched)
        # What is held is kept from its release on: until then a record that comes must not answer it.
        # Falls without it: tests/desks/test_supervision.py
        self._keep(tx, [question for question, told, _ in found if not _is_held(told.answer)], "")
        receipts = tx.journal.record_all(
            [notes.answered(one, now, told.answer, told.records, told.taken) for one, told, _ in found]
        )
        return [
            msgspec.structs.replace(searched.answer, receipt=receipt, took_ms=took_ms)
            for (_, searched, took_ms), receipt in zip(found, receipts, strict=True)
        ]

    def close(self) -> None:
        """Wait for no one: whoever is silent now stays silent."""
        self.pool.shutdown(wait=False, cancel_futures=True)

    def ask_many(
        self,
        requests: Sequence[LookupRequest],
        caller: Caller,
        also: Callable[[Transaction, Sequence[Asked]], None],
        only: Mapping[int, Collection[str]] | None = None,
    ) -> list[Asked]:
        """Ask many questions of one list: each as by itself, but journalled, sent and shown a hundred at a time.

        `also` works in the transaction that journals what was shown; hits are its to keep. `only` names, by a
        question's place, the sources to be asked.
        """
        require_officer_named(caller)
        questions = [self._question(request, caller) for request in requests]
        law, directory, refusals = self._admit_many(questions, caller)
        admitted = {place: question for place, question in enumerate(questions) if place not in refusals}
        wanted = {place: None if only is None else only.get(place, ()) for place in admitted}
        gathered: dict[int, list[SourceAnswer]] = {place: [] for place in admitted}
        to_ask: dict[str, tuple[Member, Source, list[int]]] = {}
        within_reach = self._within_reach()
        for place, question in admitted.items():
            elsewhere, not_asked = self._worth_asking(law, directory, question, within_reach)
            gathered[place] += [one for one in not_asked if _among(one.source, wanted[place])]
            for member, source in elsewhere:
                if _among(member.id, wanted[place]):
                    to_ask.setdefault(member.id, (member, source, []))[2].append(place)
        pending = {
            name: self.pool.submit(self._ask_one_many, source, member, [questions[place] for place in places])
            for name, (member, source, places) in to_ask.items()
        }
        here = [place for place in admitted if _among(self.here.node, wanted[place])]
        for place, answer in zip(here, self._own_answers([questions[place] for place in here]), strict=True):
            gathered[place].insert(0, answer)
        for name, (_, _, places) in to_ask.items():
            for place, answer in zip(places, pending[name].result(), strict=True):
                gathered[place].append(answer)
        return self._shown_many(questions, caller, gathered, refusals, also)

    def _admit_many(
        self, questions: Sequence[Question], caller: Caller
    ) -> tuple[Law, Directory | None, dict[int, Reason]]:
        with self.store.transaction() as tx:
            law, directory = self.law(tx), tx.members.directory()
            refusals = self._written_down(tx, law, questions, caller)
            tx.commit()
        return law, directory, refusals

    def _ask_one_many(self, source: Source, member: Member, questions: Sequence[Question]) -> list[SourceAnswer]:
        """One source's answer to each, in their order. Never raises: what cannot be taken is silence."""
        # Outside of what follows: a source that was not asked must not rest longer for it.
        # Falls without it: tests/scale/test_batch_killed.py
        if self.rests(member.id):
            return [_silence(member, question, RESTS) for question in questions]
        started, answers = time.perf_counter(), list[SourceAnswer]()
        try:
            while len(answers) < len(questions):
                rest = questions[len(answers) :]
                told = source.ask_many(rest, self._left_since(started))
                answers += [_believed(one, member, question) for one, question in zip(told, rest, strict=False)]
        # An older node takes them one by one; where one of them has a field that it does not know, it refuses them all.
        # Falls without it: tests/desks/test_batches.py
        except (Missing, Invalid):
            for question in questions[len(answers) :]:
                late = _seconds_since(started) > self.answer_many_within_seconds
                answers.append(
                    _silence(member, question, TOO_LATE) if late else self._ask_one(source, member, question)
                )
        except Unavailable as silent:
            if not answers:
                self.resting[member.id] = time.monotonic() + limits.SILENT_SOURCE_RESTS_SECONDS
            answers += [_silence(member, question, str(silent)) for question in questions[len(answers) :]]
        except Refusal as refusal:
            why = _reason_in(refusal)
            answers += [_without_answer(member.id, one, Outcome.REFUSED, why) for one in questions[len(answers) :]]
        except Exception as broken:
            what = f"Its answer could not be taken ({type(broken).__name__})."
            answers += [_silence(member, question, what) for question in questions[len(answers) :]]
        return answers

    def rests(self, source: str) -> bool:
        """Whether it kept silent so lately that a list goes on without it."""
        return time.monotonic() < self.resting.get(source, 0.0)

    def _left_since(self, started: float) -> float:
        """Seconds that a source still has. Raises Unavailable where it has none."""
        if (left := self.answer_many_within_seconds - _seconds_since(started)) <= 0:
            raise Unavailable(TOO_LATE)
        return left

    def _shown_many(
        self,
        questions: Sequence[Question],
        caller: Caller,
        gathered: Mapping[int, Sequence[SourceAnswer]],
        refusals: Mapping[int, Reason],
        also: Callable[[Transaction, Sequence[Asked]], None],
    ) -> list[Asked]:
        with self.store.transaction() as tx:
            law, now = self.law(tx), self.clock()
            asked = []
            for place, question in enumerate(questions):
                answers = gathered.get(place, ())
                shown = tuple(self.for_officer(law, question, caller, answer) for answer in answers)
                asked.append(Asked(question, shown, refusals.get(place)))
            tx.journal.record_all([notes.shown(one.question, now, one.answers) for one in asked if one.refused is None])
            also(tx, asked)
            tx.commit()
        return asked

    # -- asking ---------------------------------------------------------------------------------------------------

    def _question(self, request: LookupRequest, caller: Caller) -> Question:
        now = self.clock()
        asker = Asker(
            bureau=self.here.node,
            country=self.here.country,
            unit=caller.unit,
            officer=caller.account,
            roles=tuple(sorted(caller.roles)),
        )
        return Question(
            id=new_id(now, self.entropy(10)),
            query=request.query,
            purpose=request.purpose,
            case=request.case,
            asker=asker,
            asked_at=now,
            offence=request.offence,
        )

    def _admit(
        self, question: Question, caller: Caller
    ) -> tuple[list[tuple[Member, Source]], tuple[SourceAnswer, ...]]:
        """Decide by our own law, write the question down; who is to be asked, and who is not, with the reason."""
        with self.store.transaction() as tx:
            law, directory = self.law(tx), tx.members.directory()
            refusal = self._written_down(tx, law, [question], caller).get(0)
            tx.commit()
        if refusal is not None:
            raise NotPermitted(refusal.text, do=refusal.needed, clauses=(refusal.clause,))
        return self._worth_asking(law, directory, question, self._within_reach())

    def _within_reach(self) -> dict[str, Source]:
        return {source.name: source for source in self.peers.sources()}

    def _written_down(
        self, tx: Transaction, law: Law, questions: Sequence[Question], caller: Caller
    ) -> dict[int, Reason]:
        """Journal questions and keep them; by place, why our own law does not let one be asked, which is journalled."""
        refusals = {
            place: refusal
            for place, question in enumerate(questions)
            if (refusal := self.why_not(law, question.query, question.purpose, caller)) is not None
        }
        asked = [notes.asked(one, caller.on_behalf_of, refusals.get(place)) for place, one in enumerate(questions)]
        tx.journal.record_all(asked)
        self._keep(tx, [one for place, one in enumerate(questions) if place not in refusals], caller.on_behalf_of)
        return refusals

    def why_not(self, law: Law, query: Query, purpose: Purpose, caller: Caller) -> Reason | None:
        """Why our own rules do not let this caller ask that; None where they do."""
        decisions = [
            law.officer(caller.roles, category, purpose, ReplyLevel.FULL, caller.on_behalf_of)
            for category in categories(query)
        ]
        if any(decision.level > ReplyLevel.NOTHING for decision in decisions):
            return None
        return decisions[0].reason or Reason(clause="default-deny", text="Your roles allow no such lookup.")

    def _keep(self, tx: Transaction, questions: Sequence[Question], on_behalf_of: str) -> None:
        """For as long as the purpose allows: what comes later and answers them is told."""
        today = self.clock().date()
        until = [(question, kept_until(question.purpose, today)) for question in questions]
        # Whoever was asked too knows the id, and must not put a question of its own in the place of another's: what
        # stands stays. Falls without it: tests/desks/test_late.py
        kept = [Kept(question=one, until=day, on_behalf_of=on_behalf_of) for one, day in until if day is not None]
        tx.kept.keep_all(kept)

    def _worth_asking(
        self, law: Law, directory: Directory | None, question: Question, within_reach: Mapping[str, Source]
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
                not_asked.append(_without_answer(member.id, question, Outcome.REFUSED, decision.reason))
            elif (standing := self._stands(member, question.query)) is not Standing.ACTIVE:
                not_asked.append(_without_answer(member.id, question, Outcome.SILENT, NOT_ASKED[standing]))
            elif source is None:
                not_asked.append(_without_answer(member.id, question, Outcome.SILENT, OUT_OF_DATE))
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
        weighed = Weighed(law, question, question.asked_at.date(), {})
        party = member.manifest.country or member.id
        decisions = [weighed.party(category, party) for category in member_categories(question.query)]
        return max(decisions, key=lambda decision: decision.level)

    def _own_answer(self, question: Question) -> SourceAnswer:
        return self._own_answers([question])[0]

    def _own_answers(self, questions: Sequence[Question]) -> list[SourceAnswer]:
        answers = []
        with self.store.reading() as tx:
            law, today = self.law(tx), self.clock().date()
            for question in questions:
                started = time.perf_counter()
                answer = self.search.answer(tx, law, question, None, today).answer
                # "No record" of a number that cannot be right must not look as though all were well.
                # Falls without it: tests/desks/test_lookups.py
                answer = msgspec.structs.replace(answer, reason=answer.reason or _doubt(question.query))
                answers.append(msgspec.structs.replace(answer, took_ms=_milliseconds_since(started)))
        return answers

    def _ask_one(self, source: Source, member: Member, question: Question) -> SourceAnswer:
        started = time.perf_counter()
        try:
            answer = _asked(source, member, question, self.answer_within_seconds)
        except Unavailable as silent:
            answer = _without_answer(source.name, question, Outcome.SILENT, Reason(clause="", text=str(silent)))
        except Refusal as refusal:
            answer = _without_answer(source.name, question, Outcome.REFUSED, _reason_in(refusal))
        return msgspec.structs.replace(answer, took_ms=_milliseconds_since(started))

    def _gathered(
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
                answers.append(_without_answer(name, question, Outcome.SILENT, limit, _milliseconds_since(started)))
            elif (broken := future.exception()) is not None:
                why = Reason(clause="", text=f"Its answer could not be taken ({type(broken).__name__}).")
                answers.append(_without_answer(name, question, Outcome.SILENT, why, _milliseconds_since(started)))
            else:
                answers.append(future.result())
        return answers

    def _shown(self, question: Question, caller: Caller, answers: Sequence[SourceAnswer], started: float) -> Answer:
        """Let our own law decide what this officer sees of it, keep the hits, write it down, show it."""
        with self.store.transaction() as tx:
            law = self.law(tx)
            shown = tuple(self.for_officer(law, question, caller, answer) for answer in answers)
            self._keep_hits(tx, question, shown)
            receipt = tx.journal.record(notes.shown(question, self.clock(), shown))
            tx.commit()
        return Answer(
            question=question.id,
            asked_at=question.asked_at,
            sources=shown,
            receipt=receipt,
            took_ms=_milliseconds_since(started),
        )

    def for_officer(self, law: Law, question: Question, caller: Caller, answer: SourceAnswer) -> SourceAnswer:
        """A box that travelled is shut again: our own law releases it for this officer."""
        seen = []
        for finding in answer.findings:
            decision = law.officer(caller.roles, finding.category, question.purpose, finding.level, caller.on_behalf_of)
            if (visible := show(Held(finding), decision)) is not None:
                seen.append(_worded(question, visible))
        if answer.outcome is Outcome.HIT and not seen:
            return msgspec.structs.replace(answer, findings=(), outcome=Outcome.NO_RECORD, more=False)
        return msgspec.structs.replace(answer, findings=tuple(seen))

    def _keep_hits(self, tx: Transaction, question: Question, answers: Sequence[SourceAnswer]) -> None:
        """Each hit once, as deep as it was told: a bare hit names no record, and so its id cannot be checked."""
        told = [(finding, answer.source) for answer in answers for finding in answer.findings]
        for finding, source in sorted(told, key=lambda one: -one[0].level):
            if tx.hits.get(finding.hit) is None:
                tx.hits.put(hit_of(question, finding, Side.ASKER, source, question.asked_at))


def _asked(source: Source, member: Member, question: Question, within_seconds: float) -> SourceAnswer:
    """Its answer. A node of an earlier release refuses later fields: it is asked without them, and that is said."""
    try:
        return credible(source.ask(question, within_seconds), member, question)
    except Invalid:
        earlier = in_earlier_fields(question.query)
        if earlier is None and question.offence is None:
            raise
    query, lost = earlier or (question.query, ())
    if question.offence is not None:
        lost = (*lost, "offence")
    plain = msgspec.structs.replace(question, query=query, offence=None)
    answer = credible(source.ask(plain, within_seconds), member, plain)
    return msgspec.structs.replace(answer, reason=EXACT_ONLY if "near" in lost else _asked_without(lost))


def _asked_without(fields: Sequence[str]) -> Reason:
    return Reason(clause="", text=f"It was asked without {', '.join(fields)}: it does not know that yet.")


def _worded(question: Question, finding: Finding) -> Finding:
    """Explained as far as its reader sees what it is about."""
    if finding.match is None or finding.subject is None:
        return finding
    return msgspec.structs.replace(finding, match=worded(question.query, finding.subject, finding.match))


def _doubt(query: Query) -> Reason | None:
    """What the officer should know of the numbers that they stated; said beside their own node's answer."""
    against = doubts(query)
    if not against:
        return None
    told = ", ".join(f"{field} ({reason})" for field, reason in against)
    return Reason(
        clause="",
        text=f"As stated it cannot be right: {told}.",
        needed="Read it again" + (" or ask for near numbers too." if exactly(query) is None else "."),
    )


EXACT_ONLY = Reason(clause="", text="It was asked for the exact number: it does not know near ones yet.")
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


def _without_answer(
    source: str, question: Question, outcome: Outcome, reason: Reason | None, took_ms: float = 0.0
) -> SourceAnswer:
    return SourceAnswer(source=source, question=question.id, outcome=outcome, reason=reason, took_ms=took_ms)


def _is_held(answer: SourceAnswer) -> bool:
    return answer.reason is not None and answer.reason.clause == HELD_CLAUSE


TOO_LATE = f"No answer within {limits.ANSWER_BATCH_WITHIN_SECONDS_MAX:g} seconds."


def _among(source: str, wanted: Collection[str] | None) -> bool:
    return wanted is None or source in wanted


def _silence(member: Member, question: Question, why: str) -> SourceAnswer:
    return _without_answer(member.id, question, Outcome.SILENT, Reason(clause="", text=why))


def _believed(answer: SourceAnswer, member: Member, question: Question) -> SourceAnswer:
    """One of many answers; one that cannot be taken is silence, and does not silence the others."""
    try:
        return credible(answer, member, question)
    except Unavailable as silent:
        return _silence(member, question, str(silent))


def _reason_in(refusal: Refusal) -> Reason:
    return Reason(clause=", ".join(refusal.clauses), text=refusal.what, needed=refusal.do)


def _seconds_since(started: float) -> float:
    return time.perf_counter() - started


def _milliseconds_since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 2)
