"""One question of an officer to all sources, and what they are shown of the answers."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence

import msgspec
from msgspec import Struct

from comity.desks import lookup_notes as notes
from comity.desks.alerting import hit_of
from comity.desks.behalf import require_officer_named
from comity.desks.elsewhere import Elsewhere
from comity.desks.here import Here
from comity.desks.kept_questions import keep
from comity.desks.needs import Clock, Source, Store, Transaction
from comity.desks.promised import believed, keep_promises
from comity.desks.search import Search, categories, own_overrides
from comity.desks.stopwatch import milliseconds_since
from comity.domain.bureau import Directory, Member
from comity.domain.caller import Asker, Caller
from comity.domain.circumstances import EntityKind
from comity.domain.decision import Taken
from comity.domain.errors import NotPermitted
from comity.domain.held import Held
from comity.domain.hit import Side
from comity.domain.ids import new_id
from comity.domain.lookup import (
    Answer,
    Finding,
    LookupRequest,
    Outcome,
    Query,
    Question,
    Reason,
    SourceAnswer,
    exactly,
)
from comity.domain.offence import known_offence
from comity.domain.promise import Unproved
from comity.domain.reply import ReplyLevel
from comity.domain.stated import Stated
from comity.law.decision import Law, of_officer
from comity.law.release import show
from comity.law.weighed import own_rules_on, stated_with
from comity.matching.compare import worded
from comity.matching.doubts import doubts


class Asked(Struct, frozen=True):
    """One question of many, with how every source stood to it; or why our own law does not let it be asked."""

    question: Question
    answers: tuple[SourceAnswer, ...] = ()
    refused: Reason | None = None


class _Admitted(Struct, frozen=True):
    """Questions that were written down, with what it takes to choose whom to ask."""

    questions: list[Question]
    law: Law
    directory: Directory | None
    refusals: dict[int, Reason]  # by place


class Lookups:
    """The desk that every lookup of an officer here goes through.

    A question is journalled before it leaves, its answers before they are shown.
    """

    def __init__(
        self,
        here: Here,
        store: Store,
        search: Search,
        law: Callable[[Transaction], Law],
        elsewhere: Elsewhere,
        clock: Clock,
        entropy: Callable[[int], bytes],
        unpromised: Unproved,
    ) -> None:
        """`unpromised` is what becomes of an answer whose source promises nothing of its log."""
        self.unpromised = unpromised
        self.here = here
        self.store = store
        self.search = search
        self.law = law
        self.elsewhere = elsewhere
        self.clock = clock
        self.entropy = entropy

    def ask(self, request: LookupRequest, caller: Caller) -> Answer:
        """Ask every source that is worth asking, each within its time limit, and show what this officer may see.

        Raises NotPermitted where the caller's own organisation does not let them ask at all.
        """
        started = time.perf_counter()
        caller = msgspec.structs.replace(caller, on_behalf_of=request.on_behalf_of or caller.on_behalf_of)
        require_officer_named(caller)
        come = self._admit([request], caller)
        if refusal := come.refusals.get(0):
            raise NotPermitted(refusal.text, do=refusal.do, clauses=(refusal.clause,))
        [question] = come.questions
        sources, not_asked = self._worth_asking(come, question, self.elsewhere.within_reach())
        pending = self.elsewhere.ask(question, sources)
        own = self._own_answer(question)
        gathered = self.elsewhere.gathered(question, pending, started)
        answers = (own, *not_asked, *(believed(one, question, self.unpromised) for one in gathered))
        return self._shown(question, caller, answers, started)

    def owed(self, codes: Sequence[str]) -> tuple[str, ...]:
        """What obligations ask of whoever received a finding, in the words of the rulebook in force."""
        with self.store.reading() as tx:
            book = self.law(tx).book
        return tuple(book.obligation(code) for code in codes)

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
        come = self._admit(requests, caller)
        admitted = {place: question for place, question in enumerate(come.questions) if place not in come.refusals}
        wanted = {place: None if only is None else only.get(place, ()) for place in admitted}
        gathered: dict[int, list[SourceAnswer]] = {place: [] for place in admitted}
        to_ask: dict[str, tuple[Member, Source, list[int]]] = {}
        within_reach = self.elsewhere.within_reach()
        for place, question in admitted.items():
            sources, not_asked = self._worth_asking(come, question, within_reach)
            gathered[place] += [one for one in not_asked if _among(one.source, wanted[place])]
            for member, source in sources:
                if _among(member.id, wanted[place]):
                    to_ask.setdefault(member.id, (member, source, []))[2].append(place)
        pending = {
            name: self.elsewhere.ask_many(source, member, [admitted[place] for place in places])
            for name, (member, source, places) in to_ask.items()
        }
        here = [place for place in admitted if _among(self.here.node, wanted[place])]
        for place, answer in zip(here, self._own_answers([admitted[place] for place in here]), strict=True):
            gathered[place].insert(0, answer)
        for name, (_, _, places) in to_ask.items():
            for place, answer in zip(places, pending[name].result(), strict=True):
                gathered[place].append(believed(answer, admitted[place], self.unpromised))
        return self._shown_many(come.questions, caller, gathered, come.refusals, also)

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
            tx.journal.record_all(
                [
                    notes.shown(
                        one.question, now, one.answers, self._own_rules(law, one.question, caller, gathered[place])
                    )
                    for place, one in enumerate(asked)
                    if one.refused is None
                ]
            )
            keep_promises(tx, [answer for one in asked for answer in one.answers])
            also(tx, asked)
            tx.commit()
        return asked

    def _question(self, tx: Transaction, request: LookupRequest, caller: Caller, entity: EntityKind) -> Question:
        """Which kind of body asks follows from the unit, as the bureau has it; nobody states it."""
        if request.offence is not None:
            known_offence(request.offence.code)
        now = self.clock()
        asker = Asker(
            bureau=self.here.node,
            country=self.here.country,
            unit=caller.unit,
            officer=caller.account,
            roles=tuple(sorted(caller.roles)),
            entity=entity,
        )
        question = Question(
            id=new_id(now, self.entropy(10)),
            query=request.query,
            purpose=request.purpose,
            case=request.case,
            asker=asker,
            asked_at=now,
            offence=request.offence,
            stated=request.stated if request.stated != Stated() else None,
        )
        return msgspec.structs.replace(question, overrides=own_overrides(tx, question, now.date()))

    def _admit(self, requests: Sequence[LookupRequest], caller: Caller) -> _Admitted:
        """Make questions of them, decide by our own law who may be asked, write them down."""
        # A list is not small: whoever waits with it would wait for all of it.
        begun = self.store.together() if len(requests) == 1 else self.store.transaction()
        with begun as tx:
            law, directory = self.law(tx), tx.members.directory()
            entity = tx.units.kind(caller.unit)
            questions = [self._question(tx, request, caller, entity) for request in requests]
            refusals = self._written_down(tx, law, questions, caller)
            tx.commit()
        return _Admitted(questions, law, directory, refusals)

    def _worth_asking(
        self, come: _Admitted, question: Question, within_reach: Mapping[str, Source]
    ) -> tuple[list[tuple[Member, Source]], tuple[SourceAnswer, ...]]:
        """Who is to be asked, and who is not, with the reason."""
        return self.elsewhere.worth_asking(come.law, come.directory, question, within_reach)

    def _written_down(
        self, tx: Transaction, law: Law, questions: Sequence[Question], caller: Caller
    ) -> dict[int, Reason]:
        """Journal questions and keep them; by place, why our own law does not let one be asked, which is journalled."""
        refusals = {
            place: refusal
            for place, question in enumerate(questions)
            if (refusal := self.why_not(law, question, caller)) is not None
        }
        today = self.clock().date()
        taken = {
            place: own_rules_on(
                law,
                caller,
                questions[place],
                [(category, ReplyLevel.FULL) for category in categories(questions[place].query)],
                today,
            )
            for place in refusals
        }
        asked = [
            notes.asked(one, caller.on_behalf_of, refusals.get(place), taken.get(place, ()), caller.site)
            for place, one in enumerate(questions)
        ]
        tx.journal.record_all(asked)
        admitted = [one for place, one in enumerate(questions) if place not in refusals]
        keep(tx, admitted, caller.on_behalf_of, today, law.book)
        return refusals

    def why_not(self, law: Law, question: Question, caller: Caller) -> Reason | None:
        """Why our own rules do not let this caller ask that; None where they do."""
        stated = stated_with(question)
        decisions = [
            law.officer(caller.roles, category, question.purpose, ReplyLevel.FULL, caller.on_behalf_of, stated)
            for category in categories(question.query)
        ]
        if any(decision.level > ReplyLevel.NOTHING for decision in decisions):
            return None
        return decisions[0].reason or Reason(clause="default-deny", text="Your roles allow no such lookup.")

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
                answers.append(msgspec.structs.replace(answer, took_ms=milliseconds_since(started)))
        return answers

    def _shown(self, question: Question, caller: Caller, answers: Sequence[SourceAnswer], started: float) -> Answer:
        """Let our own law decide what this officer sees of it, keep the hits, write it down, show it."""
        with self.store.together() as tx:
            law = self.law(tx)
            shown = tuple(self.for_officer(law, question, caller, answer) for answer in answers)
            self._keep_hits(tx, question, shown)
            keep_promises(tx, shown)
            taken = self._own_rules(law, question, caller, answers)
            receipt = tx.journal.record(notes.shown(question, self.clock(), shown, taken))
            tx.commit()
        return Answer(
            question=question.id,
            asked_at=question.asked_at,
            sources=shown,
            receipt=receipt,
            took_ms=milliseconds_since(started),
        )

    def for_officer(self, law: Law, question: Question, caller: Caller, answer: SourceAnswer) -> SourceAnswer:
        """A box that travelled is shut again: our own law releases it for this officer."""
        seen, stated = [], stated_with(question)
        for finding in answer.findings:
            asked = of_officer(caller.roles, finding.category, question.purpose, caller.on_behalf_of, stated)
            decision = law.own_rules(asked, finding.level)
            if (visible := show(Held(finding), decision, law.book)) is not None:
                seen.append(_worded(question, visible))
        if answer.outcome is Outcome.HIT and not seen:
            return msgspec.structs.replace(answer, findings=(), outcome=Outcome.NO_RECORD, more=False)
        return msgspec.structs.replace(answer, findings=tuple(seen))

    def _own_rules(
        self, law: Law, question: Question, caller: Caller, answers: Sequence[SourceAnswer]
    ) -> tuple[Taken, ...]:
        """The decisions by which `for_officer` cuts what was told, so that the journal can have them made again."""
        told = ((finding.category, finding.level) for answer in answers for finding in answer.findings)
        return own_rules_on(law, caller, question, told, self.clock().date())

    def _keep_hits(self, tx: Transaction, question: Question, answers: Sequence[SourceAnswer]) -> None:
        """Each hit once, as deep as it was told: a bare hit names no record, and so its id cannot be checked."""
        told = [(finding, answer.source) for answer in answers for finding in answer.findings]
        for finding, source in sorted(told, key=lambda one: -one[0].level):
            if tx.hits.get(finding.hit) is None:
                tx.hits.put(hit_of(question, finding, Side.ASKER, source, question.asked_at))


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


def _among(source: str, wanted: Collection[str] | None) -> bool:
    return wanted is None or source in wanted
