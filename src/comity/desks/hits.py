"""Hits: the register on both sides, and the confirmation without which nobody acts."""

from datetime import datetime, timedelta

import msgspec

from comity.desks.behalf import require_officer_named
from comity.desks.here import Here
from comity.desks.needs import Clock, Store, Transaction
from comity.desks.taking_back import take_back
from comity.domain import limits
from comity.domain.batch import QueueState
from comity.domain.bureau import Standing
from comity.domain.caller import Caller, Role, require
from comity.domain.errors import Conflict, Invalid, Missing, TooLarge
from comity.domain.hit import CLOCK, Hit, HitState, Priority, Side, hit_id
from comity.domain.journal import Act, Entry
from comity.domain.letter import Body, ConfirmationAnswer, ConfirmationReply, ConfirmationRequest, HitAlert, Letter
from comity.domain.record import record_id

SEE = frozenset(Role) - {Role.ADMINISTRATOR, Role.REVIEWER, Role.SUPERVISORY_BODY}
ASK = frozenset({Role.OFFICER, Role.DUTY_OFFICER, Role.SUPERVISOR, Role.SYSTEM})
ANSWER = frozenset({Role.DUTY_OFFICER, Role.SUPERVISOR})
RUNNING = frozenset({HitState.REQUESTED, HitState.PROMISED})

# step: (reply to the finder, act in the journal)
REPLIES = {
    "confirm": (ConfirmationReply.CONFIRMED, Act.HIT_CONFIRMED),
    "deny": (ConfirmationReply.DENIED, Act.HIT_DENIED),
    "promise": (ConfirmationReply.PROMISED, Act.HIT_PROMISED),
}
STEPS = {reply: step for step, (reply, _) in REPLIES.items()}

WITHDRAWN = "The source has withdrawn this record, or it has expired. Do not act on it."
UNKNOWN = "No such hit is known here."


class Hits:
    def __init__(self, here: Here, store: Store, clock: Clock) -> None:
        self.here = here
        self.store = store
        self.clock = clock

    # -- for people -----------------------------------------------------------------------------------------------

    def every(self, caller: Caller) -> list[Hit]:
        """This node's register: running clocks first, then the newest."""
        require(caller, SEE, "see hits")
        with self.store.reading() as tx:
            return tx.hits.every(limits.HITS_LISTED_MAX)

    def one(self, hit_id: str, caller: Caller) -> Hit:
        require(caller, SEE, "see hits")
        with self.store.reading() as tx:
            return _get(tx, hit_id)

    def request(self, hit_id: str, priority: Priority, note: str, caller: Caller) -> Hit:
        """Ask the owner: does the record still stand, and is it this person or thing? The clock starts there."""
        require(caller, ASK, "ask for confirmation")
        require_officer_named(caller)
        _check_note(note)
        with self.store.transaction() as tx:
            hit, now = _get(tx, hit_id), self.clock()
            self._check_askable(tx, hit)
            asked = hit.after(
                "request",
                priority=priority,
                requested_at=now,
                due_at=now + CLOCK[priority],
                escalated_at=None,
                answered_at=None,
                note=note,
            )
            tx.hits.put(asked)
            tx.outbox.send(hit.owner, _request_letter(asked, 0), now)
            tx.journal.record(self._by(caller, Act.HIT_CONFIRMATION_REQUESTED, asked, hit.owner))
            tx.commit()
        return asked

    def confirm(self, hit_id: str, note: str, caller: Caller) -> Hit:
        """The record stands and fits."""
        return self._reply("confirm", hit_id, note, None, caller)

    def deny(self, hit_id: str, note: str, caller: Caller) -> Hit:
        """It does not stand any more, or is somebody else."""
        return self._reply("deny", hit_id, note, None, caller)

    def promise(self, hit_id: str, by: datetime, note: str, caller: Caller) -> Hit:
        """Give the time by which there will be an answer; the clock runs on to then."""
        if not self._counts(by):
            raise Invalid(
                f"{by:%d %b %Y %H:%M} has passed, or lies more than {limits.PROMISE_DAYS_MAX} days ahead.",
                where="by",
                do="Give a time to come, with its time zone.",
            )
        return self._reply("promise", hit_id, note, by, caller)

    def _reply(self, step: str, hit_id: str, note: str, by: datetime | None, caller: Caller) -> Hit:
        require(caller, ANSWER, f"{step} a hit")
        _check_note(note)
        reply, act = REPLIES[step]
        with self.store.transaction() as tx:
            hit, now = _get(tx, hit_id), self.clock()
            if hit.side is not Side.OWNER:
                raise Conflict(f"Hit {hit_id} is on a record of {hit.owner}.", do=f"Only {hit.owner} can {step} it.")
            if step == "confirm":
                self._check_confirmable(tx, hit)
            changes = {"due_at": by, "escalated_at": None} if by else {"answered_at": now}
            answered = hit.after(step, note=note, **changes)
            tx.hits.put(answered)
            tx.outbox.send(hit.asker, ConfirmationAnswer(hit=hit.id, reply=reply, by=by, note=note), now)
            tx.journal.record(self._by(caller, act, answered, hit.asker))
            tx.commit()
        return answered

    def _check_askable(self, tx: Transaction, hit: Hit) -> None:
        if hit.side is not Side.ASKER:
            raise Conflict(f"Hit {hit.id} was not found by asking from here.", do="Confirm or deny it, if it is yours.")
        if hit.owner == self.here.node:
            raise Conflict(f"Hit {hit.id} is on a record of your own bureau.", do="Look at the record itself.")
        directory = tx.members.directory()
        owner = directory.member(hit.owner) if directory else None
        if owner is None:
            raise Missing(
                f"{hit.owner} is no member and cannot be written to.", do="Follow the contact given with the hit."
            )
        if owner.stands(self.clock().date()) is Standing.SUSPENDED:
            raise Conflict(
                f"{hit.owner} is suspended: letters to it wait.", do="Follow the contact given with the hit."
            )

    def _check_confirmable(self, tx: Transaction, hit: Hit) -> None:
        # Whoever confirms says that a record stands: one that nobody has named, or that is gone, cannot be confirmed.
        # Falls without it: tests/desks/test_hits.py
        if not hit.record:
            raise Conflict(
                f"Hit {hit.id} names no record yet: the alert of {hit.answered_by} has not arrived.",
                do="Wait for it, promise an answer, or deny.",
            )
        if not self._stands(tx, hit):
            raise Conflict(f"The record of hit {hit.id} is withdrawn or expired.", do="Deny the hit.")

    # -- by letter, inside the transaction that receives it ---------------------------------------------------------

    def alerted(self, tx: Transaction, letter: Letter, alert: HitAlert) -> None:
        """The hub, which answered for us from its copy, tells us that our record was found.

        Where the record was withdrawn while the alert was under way, whoever found it hears so at once.
        """
        held = tx.hits.get(alert.hit)
        if why := self._doubt(tx, letter, alert, held):
            self._not_applied(tx, Act.HIT_ALERTED, letter, alert.hit, why)
            return
        if held is not None and held.record:
            return  # we answered the same question ourselves
        fresh = Hit(
            id=alert.hit,
            question=alert.question,
            side=Side.OWNER,
            asker=alert.asker,
            asker_unit=alert.asker_unit,
            owner=self.here.node,
            answered_by=letter.sender,
            collection=alert.collection,
            record=alert.record,
            reference=alert.reference,
            purpose=alert.purpose,
            case=alert.case,
            found_at=alert.found_at,
        )
        hit = named_by(held, fresh)
        tx.hits.put(hit)
        tx.journal.record(self._entry(Act.HIT_ALERTED, hit, letter.sender, alert.asker))
        if not self._stands(tx, hit):
            self._gone(tx, hit, self.here.node)

    def _doubt(self, tx: Transaction, letter: Letter, alert: HitAlert, held: Hit | None) -> str:
        """Why an alert is not believed; '' where it is.

        Only the hub answers for others. A hit's id follows from question and record, a record's from its owner: or
        somebody could name a record that is gone, and have another's true hit denied for it.
        Falls without each: tests/desks/test_hit_letters.py
        """
        directory = tx.members.directory()
        if directory is None or letter.sender != directory.hub:
            return "only the hub answers for others"
        if alert.asker == self.here.node or directory.member(alert.asker) is None:
            return "whoever found it is no other member"
        if alert.record != record_id(alert.collection, self.here.node, alert.reference):
            return "the record is not one of ours"
        if alert.hit != hit_id(alert.question, alert.record):
            return "the hit is not on that record"
        if held is not None and held.side is not Side.OWNER:
            return "it is a hit of our own question"
        return ""

    def requested(self, tx: Transaction, letter: Letter, request: ConfirmationRequest) -> None:
        """The finder asks; our clock starts at this moment (Nlets YQ). Only whoever found it may ask.

        The request may overtake the alert of the node that answered for us: then the alert names the record later.
        """
        held = tx.hits.get(request.hit)
        if held is not None and held.side is Side.OWNER and not held.record and held.asker != letter.sender:
            # One of the two found nothing. The alert will say which; the other's second request is heard then.
            self._not_applied(
                tx, Act.HIT_CONFIRMATION_REQUESTED, letter, request.hit, "another asked before, and no alert has come"
            )
            return
        hit = held or self._not_alerted_yet(letter, request)
        if hit.asker != letter.sender or hit.side is not Side.OWNER:
            self._tell(tx, letter.sender, request.hit, ConfirmationReply.DENIED, UNKNOWN)
            self._not_applied(tx, Act.HIT_CONFIRMATION_REQUESTED, letter, request.hit, "it was not found by its sender")
        elif hit.record and not self._stands(tx, hit):
            self._gone(tx, hit, self.here.node)
        elif hit.state is HitState.CONFIRMED or (hit.state is HitState.DENIED and request.reminder):
            # It crossed our answer on the way: the answer stands, and is told again.
            self._tell(tx, hit.asker, hit.id, ConfirmationReply(hit.state), hit.note)
            tx.journal.record(self._entry(Act.HIT_CONFIRMATION_REQUESTED, hit, letter.sender, self.here.node))
        else:
            asked = self._asked(hit, request)
            tx.hits.put(asked)
            tx.journal.record(self._entry(Act.HIT_CONFIRMATION_REQUESTED, asked, letter.sender, self.here.node))

    def _asked(self, hit: Hit, request: ConfirmationRequest) -> Hit:
        """The clock begins; or it runs already, and a second request says that the finder's has run out."""
        now = self.clock()
        if hit.state in RUNNING:
            return msgspec.structs.replace(hit, escalated_at=hit.escalated_at or now) if request.reminder else hit
        return hit.after(
            "request",
            priority=request.priority,
            requested_at=now,
            due_at=now + CLOCK[request.priority],
            escalated_at=None,
            answered_at=None,
            note=request.note,
        )

    def _not_alerted_yet(self, letter: Letter, request: ConfirmationRequest) -> Hit:
        return Hit(
            id=request.hit,
            question=request.question,
            side=Side.OWNER,
            asker=letter.sender,
            asker_unit=request.asker_unit,
            owner=self.here.node,
            answered_by=request.answered_by,
            collection="",
            record="",
            reference="",
            purpose=request.purpose,
            case=request.case,
            found_at=self.clock(),
        )

    def answered(self, tx: Transaction, letter: Letter, answer: ConfirmationAnswer) -> None:
        """The owner answers; nobody else's word counts."""
        step = STEPS[answer.reply]
        act, hit = REPLIES[step][1], tx.hits.get(answer.hit)
        if hit is None and step == "deny" and self._queued(tx, letter, answer.hit):
            self._content_gone(tx, answer.hit, answer.note, letter.sender)
        elif hit is None or hit.side is not Side.ASKER:
            self._not_applied(tx, act, letter, answer.hit, "no such hit was found from here")
        elif letter.sender != self._speaker(tx, hit):
            self._not_applied(tx, act, letter, answer.hit, "only the owner's word counts")
        elif hit.state is HitState.DENIED or (step != "deny" and hit.state not in RUNNING):
            self._not_applied(tx, act, letter, answer.hit, f"nobody waits for it: the hit is {hit.state}")
        elif step == "promise" and not (answer.by and self._counts(answer.by)):
            self._not_applied(tx, act, letter, answer.hit, "the promise names no time that counts")
        else:
            changes = {"due_at": answer.by} if step == "promise" else {"answered_at": self.clock()}
            after = hit.after(step, note=answer.note, escalated_at=None, **changes)
            tx.hits.put(after)
            if step == "deny":
                self._content_gone(tx, hit.id, answer.note, letter.sender)
            tx.journal.record(self._entry(act, after, letter.sender, self.here.node))

    def _queued(self, tx: Transaction, letter: Letter, hit_id: str) -> bool:
        """Whether the hit waits in the queue of a batch, and the letter is its owner's."""
        found = tx.batches.entry(hit_id)
        return found is not None and letter.sender == self._speaker(tx, found[0].hit)

    def _content_gone(self, tx: Transaction, hit_id: str, note: str, by: str) -> None:
        """What officers here, and whoever it was passed to, may still read of what its owner took back or denied."""
        take_back(tx, tx.passings.of_hit(hit_id), self.here.node, note or WITHDRAWN, by, self.clock())
        tx.kept.unfile(hit_id)
        if (found := tx.batches.entry(hit_id)) is not None:
            queued = found[0]
            if queued.state is QueueState.OPEN:
                reason = note[: limits.REASON_CHARS_MAX] or WITHDRAWN
                queued = queued.decided(QueueState.GONE, reason, by, self.clock())
            tx.batches.empty(queued)

    def withdrawn(self, tx: Transaction, record_id: str, actor: str) -> None:
        """The record is gone: everyone who was told of it hears so, at once and unasked."""
        for hit in tx.hits.of_record(record_id):
            if hit.state is not HitState.DENIED:
                self._gone(tx, hit, actor)
        for queued in tx.batches.of_record(record_id):
            self._content_gone(tx, queued.id, WITHDRAWN, actor)

    # -- by the clock -------------------------------------------------------------------------------------------------

    def escalate(self) -> list[Hit]:
        """Mark every hit whose clock ran out: at the owner for its supervisors, at the finder with a second request."""
        with self.store.transaction() as tx:
            now = self.clock()
            late = tx.hits.overdue(now)
            for hit in late:
                escalated = msgspec.structs.replace(hit, escalated_at=now)
                tx.hits.put(escalated)
                if hit.side is Side.ASKER:
                    tx.outbox.send(hit.owner, _request_letter(escalated, 1), now)
                tx.journal.record(self._entry(Act.HIT_ESCALATED, escalated, self.here.node, hit.owner))
            if late:
                tx.commit()
        return late

    # -- what several of these share ---------------------------------------------------------------------------------

    def _stands(self, tx: Transaction, hit: Hit) -> bool:
        """Whether our record is still there: neither withdrawn nor past its retention."""
        record = tx.records.owned(hit.record)
        return record is not None and record.header.retain_until >= self.clock().date()

    def _counts(self, by: datetime) -> bool:
        """Whether a promise may name this time."""
        now = self.clock()
        return now < by <= now + timedelta(days=limits.PROMISE_DAYS_MAX)

    def _speaker(self, tx: Transaction, hit: Hit) -> str:
        """Who answers on the record: its owner, or for an outside body the node that hosts its list."""
        directory = tx.members.directory()
        return hit.owner if directory and directory.member(hit.owner) else hit.answered_by

    def _gone(self, tx: Transaction, hit: Hit, actor: str) -> None:
        """Close a hit whose record is gone; tell whoever found it elsewhere, where that is for us to tell."""
        gone = hit if hit.state is HitState.DENIED else hit.after("deny", answered_at=self.clock(), note=WITHDRAWN)
        tx.hits.put(gone)
        self._content_gone(tx, hit.id, WITHDRAWN, actor)
        if hit.asker != self.here.node and self._speaker(tx, hit) == self.here.node:
            self._tell(tx, hit.asker, hit.id, ConfirmationReply.DENIED, WITHDRAWN)
        tx.journal.record(self._entry(Act.HIT_DENIED, gone, actor, hit.asker))

    def _tell(self, tx: Transaction, asker: str, hit: str, reply: ConfirmationReply, note: str) -> None:
        tx.outbox.send(asker, ConfirmationAnswer(hit=hit, reply=reply, note=note), self.clock())

    def _not_applied(self, tx: Transaction, act: Act, letter: Letter, hit: str, why: str) -> None:
        """A letter that changes nothing is written down too: whoever asks for it must find where it went."""
        entry = Entry(
            act=act,
            at=self.clock(),
            actor=letter.sender,
            subject=hit,
            outcome="not-applied",
            details={"letter": letter.id, "why": why},
        )
        tx.journal.record(entry)

    def _by(self, caller: Caller, act: Act, hit: Hit, for_whom: str) -> Entry:
        """As `_entry`, by a person or a system of this node."""
        entry = self._entry(act, hit, caller.account, for_whom)
        behalf = {"on_behalf_of": caller.on_behalf_of} if caller.on_behalf_of else {}
        return msgspec.structs.replace(entry, unit=caller.unit, details={**entry.details, **behalf})

    def _entry(self, act: Act, hit: Hit, actor: str, for_whom: str) -> Entry:
        return Entry(
            act=act,
            at=self.clock(),
            actor=actor,
            for_whom=for_whom,
            subject=hit.id,
            purpose=hit.purpose,
            case=hit.case,
            outcome=hit.state,
            records=(hit.record,) if hit.record else (),
            details={"question": hit.question},
        )


def named_by(waiting: Hit | None, found: Hit) -> Hit:
    """A hit at its owner, as it was found. A request for confirmation that came before is kept if its sender found it.

    Until then it was only its sender's word: it must not stand in the place of whoever did find it.
    """
    if waiting is None or waiting.asker != found.asker:
        return found
    return msgspec.structs.replace(
        waiting,
        collection=found.collection,
        record=found.record,
        reference=found.reference,
        answered_by=found.answered_by,
        found_at=found.found_at,
    )


def _get(tx: Transaction, hit_id: str) -> Hit:
    hit = tx.hits.get(hit_id)
    if hit is None:
        raise Missing(f"There is no hit {hit_id} here.", do="See `comity hits list`.")
    return hit


def _check_note(note: str) -> None:
    # A longer one would be refused by the other side for ever, and its lane would stand still.
    if len(note) > limits.TEXT_CHARS_MAX:
        raise TooLarge(f"The note is longer than {limits.TEXT_CHARS_MAX} characters.", where="note", do="Shorten it.")


def _request_letter(hit: Hit, reminder: int) -> Body:
    return ConfirmationRequest(
        hit=hit.id,
        question=hit.question,
        asker_unit=hit.asker_unit,
        purpose=hit.purpose,
        case=hit.case,
        answered_by=hit.answered_by,
        priority=hit.priority or Priority.ROUTINE,
        reminder=reminder,
        note=hit.note,
    )
