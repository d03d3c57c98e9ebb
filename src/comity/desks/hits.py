"""Hits: the register on both sides, and the confirmation without which nobody acts."""

from datetime import datetime

import msgspec

from comity.desks.here import Here
from comity.desks.needs import Clock, Store, Transaction
from comity.domain.caller import Caller, Role, require
from comity.domain.errors import Conflict, Invalid, Missing
from comity.domain.hit import CLOCK, Hit, HitState, Priority, Side
from comity.domain.journal import Act, Entry
from comity.domain.letter import Body, ConfirmationAnswer, ConfirmationReply, ConfirmationRequest, HitAlert, Letter

SEE = frozenset(Role) - {Role.ADMINISTRATOR, Role.REVIEWER}
ASK = frozenset({Role.OFFICER, Role.DUTY_OFFICER, Role.SUPERVISOR, Role.SYSTEM})
ANSWER = frozenset({Role.DUTY_OFFICER, Role.SUPERVISOR})
LISTED_MAX = 500  # hits in one listing

# step: (reply to the finder, act in the journal)
REPLIES = {
    "confirm": (ConfirmationReply.CONFIRMED, Act.HIT_CONFIRMED),
    "deny": (ConfirmationReply.DENIED, Act.HIT_DENIED),
    "promise": (ConfirmationReply.PROMISED, Act.HIT_PROMISED),
}


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
            return tx.hits.every(LISTED_MAX)

    def one(self, hit_id: str, caller: Caller) -> Hit:
        require(caller, SEE, "see hits")
        with self.store.reading() as tx:
            return _get(tx, hit_id)

    def request(self, hit_id: str, priority: Priority, note: str, caller: Caller) -> Hit:
        """Ask the owner: does the record still stand, and is it this person or thing? The clock starts there."""
        require(caller, ASK, "ask for confirmation")
        with self.store.transaction() as tx:
            hit, now = _get(tx, hit_id), self.clock()
            if hit.side is not Side.ASKER or hit.owner == self.here.node:
                raise Conflict(
                    f"Hit {hit_id} was not found by asking another bureau.", do="Confirm it yourself, if it is yours."
                )
            directory = tx.members.directory()
            if directory is None or directory.member(hit.owner) is None:
                raise Missing(
                    f"{hit.owner} is no member and cannot be written to.", do="Follow the contact given with the hit."
                )
            asked = hit.after(
                "request",
                priority=priority,
                requested_at=now,
                due_at=now + CLOCK[priority],
                escalated_at=None,
                note=note,
            )
            tx.hits.put(asked)
            tx.outbox.send(hit.owner, _request_letter(asked, 0), now)
            tx.journal.record(self._entry(Act.HIT_CONFIRMATION_REQUESTED, asked, caller.account, hit.owner))
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
        if by <= self.clock():
            raise Invalid("That time has passed.", where="by", do="Give a time to come, with its time zone.")
        return self._reply("promise", hit_id, note, by, caller)

    def _reply(self, step: str, hit_id: str, note: str, by: datetime | None, caller: Caller) -> Hit:
        require(caller, ANSWER, f"{step} a hit")
        reply, act = REPLIES[step]
        with self.store.transaction() as tx:
            hit, now = _get(tx, hit_id), self.clock()
            if hit.side is not Side.OWNER:
                raise Conflict(f"Hit {hit_id} is on a record of {hit.owner}.", do=f"Only {hit.owner} can {step} it.")
            changes = {"note": note, "due_at": by} if by else {"note": note, "answered_at": now}
            answered = hit.after(step, **changes)
            if by:
                answered = msgspec.structs.replace(answered, escalated_at=None)
            tx.hits.put(answered)
            tx.outbox.send(hit.asker, ConfirmationAnswer(hit=hit.id, reply=reply, by=by, note=note), now)
            tx.journal.record(self._entry(act, answered, caller.account, hit.asker))
            tx.commit()
        return answered

    # -- by letter, inside the transaction that receives it ---------------------------------------------------------

    def alerted(self, tx: Transaction, letter: Letter, alert: HitAlert) -> None:
        """A node that answered for us tells us that our record was found."""
        held = tx.hits.get(alert.hit)
        if held is not None and (held.record or held.asker != alert.asker):
            return
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
        hit = fresh if held is None else _named_by(held, fresh)
        tx.hits.put(hit)
        tx.journal.record(self._entry(Act.HIT_ALERTED, hit, letter.sender, alert.asker))

    def requested(self, tx: Transaction, letter: Letter, request: ConfirmationRequest) -> None:
        """The finder asks; our clock starts at this moment (Nlets YQ). Only whoever found it may ask.

        The request may overtake the alert of the node that answered for us: then the alert names the record later.
        """
        now = self.clock()
        hit = tx.hits.get(request.hit) or self._not_alerted_yet(letter, request)
        if hit.asker != letter.sender or hit.side is not Side.OWNER:
            unknown = ConfirmationAnswer(
                hit=request.hit, reply=ConfirmationReply.DENIED, note="No such hit is known here."
            )
            tx.outbox.send(letter.sender, unknown, now)
            return
        if hit.state in (HitState.REQUESTED, HitState.PROMISED) and request.reminder:
            hit = msgspec.structs.replace(hit, escalated_at=hit.escalated_at or now)
        elif hit.state is HitState.CONFIRMED:
            tx.outbox.send(
                hit.asker, ConfirmationAnswer(hit=hit.id, reply=ConfirmationReply.CONFIRMED, note=hit.note), now
            )
            return
        elif hit.state in (HitState.OPEN, HitState.DENIED):
            hit = hit.after(
                "request",
                priority=request.priority,
                requested_at=now,
                due_at=now + CLOCK[request.priority],
                escalated_at=None,
                note=request.note,
            )
        tx.hits.put(hit)
        tx.journal.record(self._entry(Act.HIT_CONFIRMATION_REQUESTED, hit, letter.sender, self.here.node))

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
        hit = tx.hits.get(answer.hit)
        if hit is None or hit.owner != letter.sender or hit.side is not Side.ASKER:
            return
        step = {one: step for step, (one, _) in REPLIES.items()}[answer.reply]
        if step != "deny" and hit.state not in (HitState.REQUESTED, HitState.PROMISED):
            return
        if hit.state is HitState.DENIED:
            return
        now = self.clock()
        changes = {"due_at": answer.by} if step == "promise" else {"answered_at": now}
        after = msgspec.structs.replace(hit.after(step, note=answer.note, **changes), escalated_at=None)
        tx.hits.put(after)
        tx.journal.record(self._entry(REPLIES[step][1], after, letter.sender, self.here.node))

    def withdrawn(self, tx: Transaction, record_id: str, actor: str) -> None:
        """The record is gone: everyone who was told of it hears so, at once and unasked."""
        for hit in tx.hits.of_record(record_id):
            if hit.state is HitState.DENIED or hit.side is not Side.OWNER:
                continue
            gone = hit.after("deny", answered_at=self.clock(), note=WITHDRAWN)
            tx.hits.put(gone)
            tx.outbox.send(
                hit.asker, ConfirmationAnswer(hit=hit.id, reply=ConfirmationReply.DENIED, note=WITHDRAWN), self.clock()
            )
            tx.journal.record(self._entry(Act.HIT_DENIED, gone, actor, hit.asker))

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


WITHDRAWN = "The source has withdrawn this record. Do not act on it."


def _get(tx: Transaction, hit_id: str) -> Hit:
    hit = tx.hits.get(hit_id)
    if hit is None:
        raise Missing(f"There is no hit {hit_id} here.", do="See `comity hits list`.")
    return hit


def _named_by(waiting: Hit, alert: Hit) -> Hit:
    """A hit whose confirmation was asked for before the alert came, now with its record."""
    return msgspec.structs.replace(
        waiting, collection=alert.collection, record=alert.record, reference=alert.reference, found_at=alert.found_at
    )


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
