"""Batches: a list is looked up line by line, and what was found waits in a queue until somebody has looked.

The lines come a few at a time from whoever has the list; the list itself is never stored here. Each chunk is one
transaction with the place reached, its journal entries and its entries in the queue: after a kill at any moment the
same list goes on where it was. A chunk that was asked and never shown is asked again, and stands in the journal so.
"""

import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import pairwise

import msgspec
from msgspec import UNSET, UnsetType

from comity.desks.alerting import hit_of
from comity.desks.behalf import require_officer_named
from comity.desks.lookups import Asked, Lookups
from comity.desks.needs import Clock, Store, Transaction
from comity.desks.seen import seen
from comity.domain import limits
from comity.domain.batch import (
    Batch,
    BatchRequest,
    BatchStatus,
    ListLine,
    Queued,
    QueueEntry,
    QueuePage,
    QueueState,
    Silence,
    Tally,
    kind_of,
)
from comity.domain.caller import Caller, Role, require
from comity.domain.circumstances import Circumstances
from comity.domain.errors import Conflict, Invalid, Missing, TooLarge
from comity.domain.hit import Hit, Side
from comity.domain.ids import derived_id
from comity.domain.importing import RefusedRow
from comity.domain.journal import Act, Entry
from comity.domain.lookup import Finding, LookupRequest, Outcome, PersonQuery, Query, Reason, SourceAnswer
from comity.domain.offence import known_offence
from comity.law.decision import Law
from comity.law.duties import erase_after_days
from comity.law.keeping import queue_until
from comity.law.weighed import what_is_stated

ENDED = "Its owner lets us keep it no longer."
SCREEN = frozenset({Role.OFFICER, Role.DUTY_OFFICER, Role.SUPERVISOR, Role.SYSTEM})


class Batches:
    def __init__(self, store: Store, lookups: Lookups, law: Callable[[Transaction], Law], clock: Clock) -> None:
        self.store = store
        self.lookups = lookups
        self.law = law
        self.clock = clock

    # -- looking up ---------------------------------------------------------------------------------------------------

    def begin(self, request: BatchRequest, caller: Caller) -> Batch:
        """Start a batch, or find how far the same list came before; anew where that was asked for and it was done."""
        require(caller, SCREEN, "look a list up")
        caller = _named(caller, request.on_behalf_of)
        if request.offence:
            known_offence(request.offence.code)
        with self.store.transaction() as tx:
            latest, run = self._latest(tx, request, caller)
            if latest is not None and not (request.again and latest.finished_at):
                return latest
            now = self.clock()
            begun = Batch(
                id=_batch_id(request, caller, run),
                file_digest=request.file_digest,
                file_name=request.file_name,
                purpose=request.purpose,
                case=request.case,
                account=caller.account,
                unit=caller.unit,
                on_behalf_of=caller.on_behalf_of,
                started_at=now,
                keep_until=queue_until(request.purpose, now.date(), self.law(tx).book),
                offence=request.offence,
                stated=request.stated,
            )
            tx.batches.put(begun)
            tx.journal.record(self._entry(Act.BATCH_SCREENED, begun, caller, "begun", **_counts(begun)))
            tx.commit()
        return begun

    def screen(self, batch_id: str, lines: Sequence[ListLine], last: bool, caller: Caller) -> Batch:
        """Look up the next lines of a list, as many as fit in time; those before `next_line` are passed over.

        `last` says that no more lines follow.
        """
        started = time.perf_counter()
        batch, caller = self._mine(batch_id, caller)
        _check_order(lines)
        rest = [line for line in lines if line.line >= batch.next_line]
        room = _room(rest)
        while rest:
            if (begun := time.perf_counter()) - started > limits.BATCH_WORKS_SECONDS_MAX:
                return batch
            chunk = _first(rest, room)
            batch = self._looked_up(batch, chunk, caller)
            rest = rest[len(chunk) :]
            room = _room_after(room, time.perf_counter() - begun)
        return self._finished(batch, caller) if last and batch.finished_at is None else batch

    def ask_again(self, batch_id: str, lines: Sequence[ListLine], caller: Caller) -> Batch:
        """Ask the sources that kept silent on these lines once more, and no others; those that rest are left alone."""
        batch, caller = self._mine(batch_id, caller)
        with self.store.reading() as tx:
            silences = tx.batches.silences(batch.id)
        if (questions := len(_open(silences, lines))) > limits.QUESTIONS_PER_BATCH_MAX:
            raise TooLarge(f"{questions} questions at once; the most is {limits.QUESTIONS_PER_BATCH_MAX}.")
        asked = _open([one for one in silences if not self.lookups.elsewhere.rests(one.source)], lines)
        if not asked:
            return batch
        heard = [Silence(line.line, kind_of(query), source) for line, query, sources in asked for source in sources]
        filed: list[Batch] = []

        def file(tx: Transaction, answers: Sequence[Asked]) -> None:
            self._check_alone(tx, batch)
            tx.batches.heard(batch.id, heard)
            after = msgspec.structs.replace(batch, sources=_unsilenced(batch.sources, heard))
            told = self._filed(tx, after, [line for line, _, _ in asked], answers)
            filed.append(msgspec.structs.replace(told, questions=batch.questions))  # of the list: these were counted
            tx.batches.put(filed[0])

        requests = [_request(batch, query) for _, query, _ in asked]
        self.lookups.ask_many(requests, caller, file, {place: one[2] for place, one in enumerate(asked)})
        return filed[0]

    def _looked_up(self, batch: Batch, chunk: Sequence[ListLine], caller: Caller) -> Batch:
        of = [line for line in chunk for _ in line.queries]
        filed: list[Batch] = []

        def file(tx: Transaction, asked: Sequence[Asked]) -> None:
            self._check_alone(tx, batch)
            unread = [RefusedRow(line=line.line, reason=line.refused) for line in chunk if line.refused]
            tx.batches.refuse(batch.id, unread)
            progress = msgspec.structs.replace(
                batch,
                next_line=chunk[-1].line + 1,
                lines=batch.lines + len(chunk),
                refused=batch.refused + len(unread),
            )
            filed.append(self._filed(tx, progress, of, asked))
            tx.batches.put(filed[0])

        requests = [_request(batch, query) for line in chunk for query in line.queries]
        self.lookups.ask_many(requests, caller, file)
        return filed[0]

    def _filed(self, tx: Transaction, batch: Batch, of: Sequence[ListLine], asked: Sequence[Asked]) -> Batch:
        """What was found goes into the queue, who kept silent is noted, all is counted."""
        sources, found = dict(batch.sources), 0
        silences: list[Silence] = []
        refused: list[RefusedRow] = []
        for line, one in zip(of, asked, strict=True):
            if one.refused is not None:
                refused.append(RefusedRow(line=line.line, reason=_refusal(one.refused)))
                continue
            for answer in one.answers:
                why = answer.reason.text if answer.reason else ""
                sources[answer.source] = sources.get(answer.source, Tally()).plus(answer.outcome, why=why)
                if answer.outcome is Outcome.SILENT:
                    silences.append(Silence(line.line, kind_of(one.question.query), answer.source))
            found += self._queue(tx, batch, line, one)
        tx.batches.refuse(batch.id, refused)
        tx.batches.silent(batch.id, silences)
        return msgspec.structs.replace(
            batch,
            questions=batch.questions + len(asked) - len(refused),
            refused=batch.refused + len({row.line for row in refused}),
            found=batch.found + found,
            sources=sources,
        )

    def _queue(self, tx: Transaction, batch: Batch, line: ListLine, one: Asked) -> int:
        """Each hit once, as deep as it was told; a record that waits for this line already is not queued again."""
        entered, told = 0, dict[str, list[tuple[Finding, SourceAnswer]]]()
        for answer in one.answers:
            for finding in answer.findings:
                told.setdefault(finding.hit, []).append((finding, answer))
        for hit, all_ in told.items():
            finding, answer = max(all_, key=lambda pair: pair[0].level)
            # A source that was silent and is asked again tells what others told under another question.
            # Falls without it: tests/desks/test_batches.py
            waiting = tx.batches.of_record(finding.record) if finding.record else []
            if any((one.batch, one.line) == (batch.id, line.line) for one in waiting):
                continue
            queued = Queued(
                id=hit,
                batch=batch.id,
                line=line.line,
                label=line.label,
                query=one.question.query,
                category=finding.category,
                probability=finding.match.probability if finding.match else None,
                told_by=tuple(dict.fromkeys(other.source for _, other in all_)),
                hit=hit_of(one.question, finding, Side.ASKER, answer.source, one.question.asked_at),
                last_day=self._last_day(finding, batch),
            )
            tx.batches.queue(queued, finding)
            entered += 1
        return entered

    def _last_day(self, finding: Finding, batch: Batch) -> date | UnsetType:
        """No longer than its owner lets us keep it. Falls without it: tests/desks/test_batch_deadlines.py"""
        days = erase_after_days(finding.obligations)
        ends = None if days is None else self.clock().date() + timedelta(days=days)
        return ends if ends is not None and ends < batch.keep_until else UNSET

    def _finished(self, batch: Batch, caller: Caller) -> Batch:
        with self.store.transaction() as tx:
            self._check_alone(tx, batch)
            done = msgspec.structs.replace(batch, finished_at=self.clock())
            tx.batches.put(done)
            tx.journal.record(self._entry(Act.BATCH_SCREENED, done, caller, "finished", **_counts(done)))
            tx.commit()
        return done

    def _check_alone(self, tx: Transaction, batch: Batch) -> None:
        """Two who look one list up would each set the place back that the other has reached.

        Falls without it: tests/desks/test_batches.py
        """
        if tx.batches.get(batch.id) != batch:
            raise Conflict(f"Batch {batch.id} is going on elsewhere.", do="Let it finish, or end it; then go on.")

    def _latest(self, tx: Transaction, request: BatchRequest, caller: Caller) -> tuple[Batch | None, int]:
        """The last run of the same list, and the number of the next."""
        latest, run = None, 1
        while (known := tx.batches.get(_batch_id(request, caller, run))) is not None:
            latest, run = known, run + 1
        return latest, run

    # -- the queue ----------------------------------------------------------------------------------------------------

    def every(self, caller: Caller) -> list[Batch]:
        """Those of the caller's unit, newest first."""
        require(caller, SCREEN, "see batches")
        with self.store.reading() as tx:
            return tx.batches.of_unit(caller.unit, self.clock().date(), limits.BATCHES_SHOWN_MAX)

    def status(self, batch_id: str, caller: Caller) -> BatchStatus:
        with self.store.reading() as tx:
            batch = self._of_unit(tx, batch_id, caller)
            return BatchStatus(batch=batch, queue={state.value: n for state, n in tx.batches.count(batch_id).items()})

    def refused(self, batch_id: str, caller: Caller) -> list[RefusedRow]:
        """Every line of which nothing, or not all, could be asked."""
        with self.store.reading() as tx:
            self._of_unit(tx, batch_id, caller)
            return tx.batches.refused(batch_id)

    def silences(self, batch_id: str, caller: Caller) -> list[Silence]:
        """Who did not answer on which line. Nothing is known from there."""
        with self.store.reading() as tx:
            self._of_unit(tx, batch_id, caller)
            return tx.batches.silences(batch_id)

    def queue(self, batch_id: str, state: QueueState | None, after: int, caller: Caller) -> QueuePage:
        """The most probable first. What our own rules do not let this caller see is left out."""
        with self.store.reading() as tx:
            batch = self._of_unit(tx, batch_id, caller)
            law, size = self.law(tx), limits.QUEUE_ENTRIES_PER_PAGE_MAX
            rows = tx.batches.queued(batch_id, state, after, size)
            stated, today = self._stated(tx, batch), self.clock().date()
        entries = []
        for queued, held in rows:
            named = _named(caller, batch.on_behalf_of)
            held = None if queued.has_ended(today) else held
            finding = seen(law, held, queued.category, batch.purpose, named, stated) if held else None
            if finding is not None or held is None:
                entries.append(QueueEntry(queued=queued, finding=finding))
        return QueuePage(entries=tuple(entries), after=after + size if len(rows) == size else None)

    def export(self, batch_id: str, after: int, caller: Caller) -> QueuePage:
        """As `queue`, of every state; written down before the first page leaves."""
        if after == 0:
            with self.store.transaction() as tx:
                batch = self._of_unit(tx, batch_id, caller)
                tx.journal.record(self._entry(Act.BATCH_EXPORTED, batch, caller, "", found=batch.found))
                tx.commit()
        return self.queue(batch_id, None, after, caller)

    def dismiss(self, hit_id: str, reason: str, caller: Caller) -> Queued:
        """Somebody looked: it is not the one. The reason stands in the journal."""
        if not reason.strip():
            raise Invalid("A reason is needed.", where="reason", do="Say why; it is journalled.")
        return self._decide(hit_id, QueueState.DISMISSED, reason, caller)

    def take_up(self, hit_id: str, caller: Caller) -> Hit:
        """It becomes an ordinary hit, and its owner may be asked to confirm it."""
        return self._decide(hit_id, QueueState.TAKEN_UP, "", caller).hit

    def _stated(self, tx: Transaction, batch: Batch) -> Circumstances:
        """With each of its lines."""
        return what_is_stated(
            self.lookups.here.party, batch.offence or None, batch.stated or None, tx.units.kind(batch.unit)
        )

    def _decide(self, hit_id: str, state: QueueState, reason: str, caller: Caller) -> Queued:
        require(caller, SCREEN, "work on the queue of a batch")
        with self.store.transaction() as tx:
            found = tx.batches.entry(hit_id)
            if found is None:
                raise _no_entry(hit_id)
            queued, held = found
            batch = self._of_unit(tx, queued.batch, caller)
            if queued.has_ended(self.clock().date()):
                raise _no_entry(hit_id)
            named = _named(caller, batch.on_behalf_of)
            law, stated = self.law(tx), self._stated(tx, batch)
            if held is not None and seen(law, held, queued.category, batch.purpose, named, stated) is None:
                raise _no_entry(hit_id)
            decided = queued.decided(state, reason, caller.account, self.clock())
            tx.batches.decide(decided)
            if state is QueueState.TAKEN_UP and tx.hits.get(hit_id) is None:
                tx.hits.put(queued.hit)
            entry = Entry(
                act=Act.BATCH_DECIDED,
                at=self.clock(),
                actor=caller.account,
                unit=caller.unit,
                subject=hit_id,
                purpose=batch.purpose,
                case=batch.case,
                outcome=state,
                records=(queued.hit.record,) if queued.hit.record else (),
                details={"batch": batch.id, "line": queued.line, "question": queued.hit.question, "reason": reason},
            )
            tx.journal.record(entry)
            tx.commit()
        return decided

    # -- the end ------------------------------------------------------------------------------------------------------

    def erase(self, batch_id: str, caller: Caller) -> Batch:
        """Erase a batch with its queue before its last day. What was taken up stays as a hit."""
        with self.store.transaction() as tx:
            batch = self._of_unit(tx, batch_id, caller)
            tx.batches.erase(batch_id)
            tx.journal.record(self._entry(Act.BATCH_ERASED, batch, caller, "", **_counts(batch)))
            tx.commit()
        return batch

    def expire(self) -> int:
        """Erase batches whose last day is over, and what owners let us keep no longer; how many batches."""
        with self.store.transaction() as tx:
            ended = self._ended(tx)
            past = tx.batches.past(self.clock().date())
            for batch in past:
                tx.batches.erase(batch.id)
                entry = Entry(
                    act=Act.BATCH_ERASED,
                    at=self.clock(),
                    actor=batch.account,
                    unit=batch.unit,
                    subject=batch.id,
                    outcome="expired",
                    details={**_counts(batch)},
                )
                tx.journal.record(entry)
            if past or ended:
                tx.commit()
        return len(past)

    def _ended(self, tx: Transaction) -> int:
        """Empty what owners let us keep no longer; its entry stays, as of a record that is gone."""
        now, by_batch = self.clock(), dict[str, int]()
        for queued in tx.batches.ended(now.date()):
            gone = queued
            if queued.state is QueueState.OPEN:
                gone = queued.decided(QueueState.GONE, ENDED, queued.hit.owner, now)
            tx.batches.empty(gone)
            by_batch[queued.batch] = by_batch.get(queued.batch, 0) + 1
        for batch_id, count in by_batch.items():
            if (batch := tx.batches.get(batch_id)) is not None:
                entry = Entry(
                    act=Act.BATCH_ERASED,
                    at=now,
                    actor=batch.account,
                    unit=batch.unit,
                    subject=batch.id,
                    outcome="owners' deadline",
                    details={"entries": count},
                )
                tx.journal.record(entry)
        return len(by_batch)

    # -- whose --------------------------------------------------------------------------------------------------------

    def _mine(self, batch_id: str, caller: Caller) -> tuple[Batch, Caller]:
        """Only whoever began it goes on with it: it is their name that all journals have."""
        require(caller, SCREEN, "look a list up")
        with self.store.reading() as tx:
            batch = tx.batches.get(batch_id)
        if batch is None or batch.account != caller.account:
            raise _no_batch(batch_id)
        if caller.on_behalf_of and caller.on_behalf_of != batch.on_behalf_of:
            raise Conflict(f"Batch {batch_id} was begun for another officer.", do="Begin it for this one.")
        return batch, _named(caller, batch.on_behalf_of)

    def _of_unit(self, tx: Transaction, batch_id: str, caller: Caller) -> Batch:
        """Team-mates may look too, each as far as their own roles let them see."""
        require(caller, SCREEN, "see batches")
        batch = tx.batches.get(batch_id)
        # Falls without either: tests/desks/test_batches.py
        if batch is None or batch.unit != caller.unit or batch.keep_until < self.clock().date():
            raise _no_batch(batch_id)
        return batch

    def _entry(self, act: Act, batch: Batch, caller: Caller, outcome: str, **details: str | int) -> Entry:
        behalf = {"on_behalf_of": batch.on_behalf_of} if batch.on_behalf_of else {}
        return Entry(
            act=act,
            at=self.clock(),
            actor=caller.account,
            unit=caller.unit,
            subject=batch.id,
            purpose=batch.purpose,
            case=batch.case,
            outcome=outcome,
            details={"file_sha256": batch.file_digest, **details, **behalf},
        )


def _no_batch(batch_id: str) -> Missing:
    return Missing(f"There is no batch {batch_id} of yours.", do="See `comity batch list`.")


def _no_entry(hit_id: str) -> Missing:
    return Missing(f"There is no entry {hit_id} in a queue of yours.", do="See `comity batch queue`.")


def _batch_id(request: BatchRequest, caller: Caller, run: int) -> str:
    stated = (request.file_digest, request.purpose.value, request.case, caller.account, caller.on_behalf_of)
    more = [msgspec.json.encode(one, order="sorted").decode() for one in (request.offence, request.stated) if one]
    return derived_id("batch", *stated, *more, str(run))


def _named(caller: Caller, on_behalf_of: str) -> Caller:
    named = msgspec.structs.replace(caller, on_behalf_of=caller.on_behalf_of or on_behalf_of)
    require_officer_named(named)
    return named


def _request(batch: Batch, query: Query) -> LookupRequest:
    return LookupRequest(
        query=query,
        purpose=batch.purpose,
        case=batch.case,
        on_behalf_of=batch.on_behalf_of,
        offence=batch.offence or None,
        stated=batch.stated or None,
    )


def _check_order(lines: Sequence[ListLine]) -> None:
    numbers = [line.line for line in lines]
    if any(one >= other for one, other in pairwise(numbers)):
        raise Invalid("The lines are not in the order of their numbers.", where="lines", do="Send them as they stand.")


def _room(lines: Sequence[ListLine]) -> int:
    """How many questions to begin with: documents by the hundred, persons a few, for who knows how long they take."""
    persons = any(isinstance(query, PersonQuery) for line in lines for query in line.queries)
    return limits.QUESTIONS_OF_PERSONS_FIRST if persons else limits.QUESTIONS_PER_BATCH_MAX


def _room_after(room: int, seconds: float) -> int:
    """As many as go in a second: what took longer than a request may would be done, and its asker would not know.

    Falls without it: tests/desks/test_batches.py
    """
    return max(1, min(limits.QUESTIONS_PER_BATCH_MAX, int(room / max(seconds, 0.001))))


def _first(lines: Sequence[ListLine], questions_max: int) -> list[ListLine]:
    """As many as make no more questions than that, and at least one."""
    chunk: list[ListLine] = []
    questions = 0
    for line in lines:
        questions += len(line.queries)
        if chunk and questions > questions_max:
            break
        chunk.append(line)
    return chunk


def _open(silences: Sequence[Silence], lines: Sequence[ListLine]) -> list[tuple[ListLine, Query, tuple[str, ...]]]:
    """Each question of these lines that somebody kept silent on, and who."""
    silent: dict[tuple[int, str], tuple[str, ...]] = {}
    for one in silences:
        silent[one.line, one.kind] = (*silent.get((one.line, one.kind), ()), one.source)
    asked = [(line, query, silent.get((line.line, kind_of(query)), ())) for line in lines for query in line.queries]
    return [one for one in asked if one[2]]


def _unsilenced(sources: dict[str, Tally], heard: Sequence[Silence]) -> dict[str, Tally]:
    after = dict(sources)
    for one in heard:
        after[one.source] = after[one.source].plus(Outcome.SILENT, -1)
    return after


def _refusal(reason: Reason) -> str:
    return f"{reason.clause}: {reason.text}"[: limits.REASON_CHARS_MAX]


def _counts(batch: Batch) -> dict[str, str | int]:
    return {"lines": batch.lines, "questions": batch.questions, "refused": batch.refused, "found": batch.found}
