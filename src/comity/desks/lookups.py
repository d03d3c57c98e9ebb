"""One question to all sources, and the answer to another node's question."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime

import msgspec

from comity.desks import lookup_notes as notes
from comity.desks.behalf import require_officer_named
from comity.desks.credible import credible
from comity.desks.here import Here
from comity.desks.hits import named_by
from comity.desks.needs import Clock, Once, Peers, Source, Store, Transaction
from comity.desks.search import Search, Searched, categories, member_categories
from comity.domain.bureau import Directory, Member, NodeRole, Standing
from comity.domain.caller import Asker, Caller, Role
from comity.domain.collection import COLLECTIONS
from comity.domain.country import country, country_of_issuer
from comity.domain.errors import Conflict, NotPermitted, Refusal, Unavailable
from comity.domain.held import Held
from comity.domain.hit import Hit, Side
from comity.domain.ids import new_id
from comity.domain.letter import HitAlert
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
)
from comity.domain.reply import ReplyLevel
from comity.law.decision import Decision, Law
from comity.law.release import show


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
        self.answer_within_seconds = answer_within_seconds
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
        started = time.perf_counter()
        with self.store.transaction() as tx:
            once(tx)
            law = self.law(tx)
            searched = self.search.answer(tx, law, question, member.standing, self.clock().date())
            self._alert(tx, question, searched)
            receipt = tx.journal.record(notes.answered(question, self.clock(), searched.answer, searched.records))
            answer = msgspec.structs.replace(searched.answer, receipt=receipt)
            tx.commit()
        return msgspec.structs.replace(answer, took_ms=_milliseconds_since(started))

    def close(self) -> None:
        """Wait for no one: whoever is silent now stays silent."""
        self.pool.shutdown(wait=False, cancel_futures=True)

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
        )

    def _admit(
        self, question: Question, caller: Caller
    ) -> tuple[list[tuple[Member, Source]], tuple[SourceAnswer, ...]]:
        """Decide by our own law, write the question down; who is to be asked, and who is not, with the reason."""
        with self.store.transaction() as tx:
            law, directory = self.law(tx), tx.members.directory()
            decisions = [
                law.officer(caller.roles, category, question.purpose, ReplyLevel.FULL, caller.on_behalf_of)
                for category in categories(question.query)
            ]
            refusal = None
            if all(decision.level is ReplyLevel.NOTHING for decision in decisions):
                refusal = decisions[0].reason or Reason(clause="default-deny", text="Your roles allow no such lookup.")
            tx.journal.record(notes.asked(question, caller.on_behalf_of, refusal))
            tx.commit()
        if refusal is not None:
            raise NotPermitted(refusal.text, do=refusal.needed, clauses=(refusal.clause,))
        return self._worth_asking(law, directory, question)

    def _worth_asking(
        self, law: Law, directory: Directory | None, question: Question
    ) -> tuple[list[tuple[Member, Source]], tuple[SourceAnswer, ...]]:
        """The hub always; a bureau where it may hold an answer and an agreement lets it give one.

        Whoever might have an answer and cannot be asked is shown as silent: left out, they would look like "no record".
        """
        within_reach = {source.name: source for source in self.peers.sources()}
        asked: list[tuple[Member, Source]] = []
        not_asked: list[SourceAnswer] = []
        for member in directory.members if directory else ():
            if member.id == self.here.node or not _may_hold(member, question.query):
                continue
            source = within_reach.get(member.id)
            decision = self._best_decision(law, member, question)
            if decision is not None and decision.level is ReplyLevel.NOTHING:
                not_asked.append(_without_answer(member.id, question, Outcome.REFUSED, decision.reason))
            elif member.standing is not Standing.ACTIVE:
                not_asked.append(_without_answer(member.id, question, Outcome.SILENT, SUSPENDED))
            elif source is None:
                not_asked.append(_without_answer(member.id, question, Outcome.SILENT, OUT_OF_DATE))
            else:
                asked.append((member, source))
        return asked, tuple(not_asked)

    def _best_decision(self, law: Law, member: Member, question: Question) -> Decision | None:
        """What the agreements let that bureau tell us, by our own copy; None where only the node itself knows."""
        if member.manifest.role is NodeRole.HUB:
            return None
        decisions = [
            law.between(
                self.here.party,
                Standing.ACTIVE,
                member.manifest.country or member.id,
                category,
                question.purpose,
                frozenset(Role(role) for role in question.asker.roles),
                question.asked_at.date(),
            )
            for category in member_categories(question.query)
        ]
        return max(decisions, key=lambda decision: decision.level)

    def _own_answer(self, question: Question) -> SourceAnswer:
        started = time.perf_counter()
        with self.store.reading() as tx:
            today = self.clock().date()
            answer = self.search.answer(tx, self.law(tx), question, Standing.ACTIVE, today).answer
        return msgspec.structs.replace(answer, took_ms=_milliseconds_since(started))

    def _ask_one(self, source: Source, member: Member, question: Question) -> SourceAnswer:
        started = time.perf_counter()
        try:
            answer = credible(source.ask(question, self.answer_within_seconds), member, question)
        except Unavailable as silent:
            answer = _without_answer(source.name, question, Outcome.SILENT, Reason(clause="", text=str(silent)))
        except Refusal as refusal:
            reason = Reason(clause=", ".join(refusal.clauses), text=refusal.what, needed=refusal.do)
            answer = _without_answer(source.name, question, Outcome.REFUSED, reason)
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
            shown = tuple(self._for_officer(law, question, caller, answer) for answer in answers)
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

    def _for_officer(self, law: Law, question: Question, caller: Caller, answer: SourceAnswer) -> SourceAnswer:
        """A box that travelled is shut again: our own law releases it for this officer."""
        seen = []
        for finding in answer.findings:
            decision = law.officer(caller.roles, finding.category, question.purpose, finding.level, caller.on_behalf_of)
            if (visible := show(Held(finding), decision)) is not None:
                seen.append(visible)
        if answer.outcome is Outcome.HIT and not seen:
            return msgspec.structs.replace(answer, findings=(), outcome=Outcome.NO_RECORD, more=False)
        return msgspec.structs.replace(answer, findings=tuple(seen))

    def _keep_hits(self, tx: Transaction, question: Question, answers: Sequence[SourceAnswer]) -> None:
        """Each hit once, as deep as it was told: a bare hit names no record, and so its id cannot be checked."""
        told = [(finding, answer.source) for answer in answers for finding in answer.findings]
        for finding, source in sorted(told, key=lambda one: -one[0].level):
            if tx.hits.get(finding.hit) is None:
                tx.hits.put(_hit(question, finding, Side.ASKER, source, question.asked_at))

    # -- answering ------------------------------------------------------------------------------------------------

    def _alert(self, tx: Transaction, question: Question, searched: Searched) -> None:
        """Every owner learns that its record was found: the register here, a letter to whoever is elsewhere."""
        directory, now = tx.members.directory(), self.clock()
        for finding in searched.answer.findings:
            side = Side.OWNER if finding.owner == self.here.node else Side.ANSWERER
            header = searched.headers[finding.hit]
            held = tx.hits.get(finding.hit)
            if held is not None and held.record:
                self._check_first_time(question, held)
                continue
            found = msgspec.structs.replace(
                _hit(question, finding, side, self.here.node, now),
                record=header.id,
                reference=header.reference,
                collection=header.collection,
            )
            hit = named_by(held, found)
            tx.hits.put(hit)
            owner = directory.member(finding.owner) if directory else None
            if side is Side.ANSWERER and owner is not None and owner.id != question.asker.bureau:
                tx.outbox.send(owner.id, _alert_letter(hit, finding.level), now)
                tx.journal.record(notes.alerted(question, now, hit))

    def _check_first_time(self, question: Question, held: Hit) -> None:
        """Whoever asks again under one question's id, or under another bureau's, would be hidden from the owner.

        Not so where the hub's alert of this very question came first. Falls without it: tests/desks/test_lookups.py
        """
        if held.asker != question.asker.bureau or held.answered_by == self.here.node:
            raise Conflict(f"There was a question {question.id} before.", do="Ask under a new id.")


SUSPENDED = Reason(clause="", text="This member is suspended and was not asked.")
OUT_OF_DATE = Reason(
    clause="",
    text="It was not asked: this node's directory has run out.",
    needed="The hub must be reached first; tell your operator.",
)


def _may_hold(member: Member, query: Query) -> bool:
    """Whether a member's own system is worth asking: the hub's shared databases always.

    Persons lie with their owners alone; a document or a plate is best known to the country that issued it.
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
        case _:
            return False


def _without_answer(
    source: str, question: Question, outcome: Outcome, reason: Reason | None, took_ms: float = 0.0
) -> SourceAnswer:
    return SourceAnswer(source=source, question=question.id, outcome=outcome, reason=reason, took_ms=took_ms)


def _hit(question: Question, finding: Finding, side: Side, answered_by: str, found_at: datetime) -> Hit:
    return Hit(
        id=finding.hit,
        question=question.id,
        side=side,
        asker=question.asker.bureau,
        asker_unit=question.asker.unit,
        owner=finding.owner,
        answered_by=answered_by,
        collection=finding.collection,
        record=finding.record,
        reference=finding.reference,
        purpose=question.purpose,
        case=question.case,
        found_at=found_at,
    )


def _alert_letter(hit: Hit, level: ReplyLevel) -> HitAlert:
    return HitAlert(
        hit=hit.id,
        question=hit.question,
        asker=hit.asker,
        asker_unit=hit.asker_unit,
        collection=hit.collection,
        record=hit.record,
        reference=hit.reference,
        purpose=hit.purpose,
        case=hit.case,
        level=level.word,
        found_at=hit.found_at,
    )


def _milliseconds_since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 2)
