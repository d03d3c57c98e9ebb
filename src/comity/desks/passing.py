"""Passing on what an owner told us, under its control: with its consent, to whom it named, until it takes it back."""

from collections.abc import Callable
from datetime import date, timedelta

import msgspec

from comity.desks import lookup_notes as notes
from comity.desks.behalf import require_officer_named
from comity.desks.consents import Consents
from comity.desks.here import Here
from comity.desks.needs import Clock, Store, Transaction
from comity.desks.taking_back import passing_entry, take_back
from comity.domain import limits
from comity.domain.bureau import Member
from comity.domain.caller import Asker, Caller, Role, require
from comity.domain.collection import COLLECTIONS
from comity.domain.decision import Taken
from comity.domain.errors import Conflict, Invalid, Missing, NotPermitted
from comity.domain.held import Held
from comity.domain.hit import Hit, HitState, Side
from comity.domain.ids import new_id
from comity.domain.journal import Act, Entry
from comity.domain.letter import Letter, PassedOn, PassingReceipt, PassingWithdrawn, RecordPassed
from comity.domain.lookup import Finding, Reason
from comity.domain.passing import OVER, PassedRecord, Passing, PassingState
from comity.domain.purpose import Purpose
from comity.domain.record import record_id
from comity.domain.reply import ReplyLevel
from comity.law.decision import Law, of_officer
from comity.law.duties import erase_after_days
from comity.law.onward import Passable, Wish, passable
from comity.law.release import show
from comity.law.standing import refusal
from comity.law.weighed import by_own_rules

PASS = frozenset({Role.DUTY_OFFICER, Role.SUPERVISOR})
SEE = PASS | {Role.OFFICER, Role.SYSTEM}
LIST = SEE | {Role.AUDITOR, Role.DATA_PROTECTION_OFFICER}
TAKEN_BACK = "Whoever passed it on has taken it back."


class Passings:
    def __init__(
        self,
        here: Here,
        store: Store,
        law: Callable[[Transaction], Law],
        consents: Consents,
        clock: Clock,
        entropy: Callable[[int], bytes],
    ) -> None:
        self.here = here
        self.store = store
        self.law = law
        self.consents = consents
        self.clock = clock
        self.entropy = entropy

    # -- for people ---------------------------------------------------------------------------------------------------

    def pass_on(self, record: str, recipient: str, purpose: Purpose, case: str, caller: Caller) -> Passing:
        """Give another member what an owner told us of a record. Raises NotPermitted with the clause."""
        require(caller, PASS, "pass records on")
        require_officer_named(caller)
        if not 0 < len(case.strip()) <= limits.CODE_CHARS_MAX:
            raise Invalid("A case is needed.", where="case", do="Give its number.")
        with self.store.transaction() as tx:
            hit, content, keep_until = self._kept(tx, record)
            owner, receiver = self._third_party(tx, hit, recipient)
            today = self.clock().date()
            wish = self._wish(tx, hit, owner, receiver, purpose, caller)
            # Falls without it: tests/desks/test_passing.py
            stands = refusal(receiver, COLLECTIONS[hit.collection].category, today)
            found = stands or passable(content, wish, self.law(tx), today)
            if isinstance(found, Reason):
                self._refused(tx, hit, receiver, purpose, case, found, caller)
                tx.commit()
                raise NotPermitted(found.text, do=found.do, clauses=(found.clause,))
            passing = self._passing(found, hit, receiver, purpose, case.strip(), keep_until, caller)
            self._send(tx, passing, found, caller)
            tx.commit()
        return passing

    def take_back(self, passing_id: str, why: str, caller: Caller) -> Passing:
        """Whoever passed it on wants it erased: an error, a wrong receiver."""
        require(caller, PASS, "take back what was passed on")
        if not 0 < len(why.strip()) <= limits.TEXT_CHARS_MAX:
            raise Invalid("A reason is needed.", where="why", do="Say why; the receiver reads it.")
        with self.store.transaction() as tx:
            passing = tx.passings.get(passing_id)
            if passing is None or passing.sender != self.here.node:
                raise Missing(f"Nothing was passed on from here as {passing_id}.", do="See `comity records passed`.")
            if not take_back(tx, [passing], self.here.node, why.strip(), caller.account, self.clock()):
                raise Conflict(f"Passing {passing_id} is {passing.state}.", do="There is nothing to take back.")
            passing = tx.passings.get(passing_id) or passing
            tx.commit()
        return passing

    def every(self, caller: Caller) -> list[Passing]:
        """From here and to us, the newest first; of their content nothing."""
        require(caller, LIST, "see what was passed on")
        with self.store.reading() as tx:
            return tx.passings.every(limits.HITS_LISTED_MAX)

    def one(self, passing_id: str, caller: Caller) -> PassedRecord:
        """What was passed to us, as far as our own rules let this caller see it; this is written down."""
        require(caller, SEE, "see what was passed to us")
        with self.store.transaction() as tx:
            passing, held, today = tx.passings.get(passing_id), tx.passings.content(passing_id), self.clock().date()
            if passing is None or held is None or passing.until < today:
                raise Missing(f"Nothing of passing {passing_id} is kept here.", do="See `comity records passed`.")
            finding, taken = self._shown(tx, passing, held, caller)
            entry = self._entry(Act.PASSING_SHOWN, passing, caller.account, passing.sender, "shown", (taken,))
            if finding is None:
                tx.journal.record(msgspec.structs.replace(entry, outcome="refused"))
                tx.commit()
                raise Missing(f"Nothing of passing {passing_id} is kept here.", do="See `comity records passed`.")
            tx.journal.record(entry)
            tx.commit()
        return PassedRecord(passing=passing, finding=finding)

    def expire(self) -> int:
        """Erase what was passed to us and has reached its last day; how many."""
        with self.store.transaction() as tx:
            today = self.clock().date()
            past = tx.passings.past(today)
            for one in past:
                self.erase(tx, one, "Its last day is over.", self.here.node)
            forgotten = tx.passings.forget_taken_back(today)
            if past or forgotten:
                tx.commit()
        return len(past)

    # -- by letter, inside the transaction that receives it -----------------------------------------------------------

    def arrived(self, tx: Transaction, letter: Letter, passed: RecordPassed) -> None:
        """Another member passes on what an owner told it: kept for our people until its day, or refused with why."""
        now, finding = self.clock(), passed.finding
        passing = Passing(
            id=passed.passing,
            record=finding.record,
            category=finding.category,
            hit=finding.hit,
            owner=finding.owner,
            sender=letter.sender,
            recipient=self.here.node,
            purpose=passed.purpose,
            case=passed.case,
            consent=passed.consent,
            until=passed.until,
            passed_at=now,
            state=PassingState.STORED,
            settled_at=now,
        )
        why = self._doubt(tx, letter, passed)
        if not why:
            tx.passings.file(passing, finding)
        told = PassingReceipt(passing=passing.id, stored=not why, reason=why)
        tx.outbox.send(letter.sender, told, now)
        outcome = "not-applied" if why else PassingState.STORED
        tx.journal.record(
            passing_entry(Act.RECORD_PASSED, passing, letter.sender, self.here.node, now, outcome, why=why)
        )

    def withdrawn(self, tx: Transaction, letter: Letter, told: PassingWithdrawn) -> None:
        """Whoever passed it on takes it back: erased now, and acknowledged, also where nothing of it is left.

        It may pass what it takes back, which goes in a slower lane or waits for review: noted, so that it stays out.
        """
        passing, now = tx.passings.get(told.passing), self.clock()
        # Falls without it: tests/desks/test_passing.py
        if passing is not None and passing.sender == letter.sender and passing.recipient == self.here.node:
            self.erase(tx, passing, told.reason or TAKEN_BACK, letter.sender)
        elif passing is None:
            self._keep_out(tx, letter.sender, told.passing)
        tx.outbox.send(letter.sender, PassingReceipt(passing=told.passing, stored=False), now)

    def acknowledged(self, tx: Transaction, letter: Letter, receipt: PassingReceipt) -> None:
        """The receiver says what it did."""
        passing, now = tx.passings.get(receipt.passing), self.clock()
        if passing is None or passing.recipient != letter.sender or passing.sender != self.here.node:
            return
        state = _after(passing, receipt)
        tx.passings.put(
            msgspec.structs.replace(passing, state=state, why=receipt.reason or passing.why, settled_at=now)
        )
        act = Act.PASSING_WITHDRAWN if state is PassingState.ERASED else Act.RECORD_PASSED
        tx.journal.record(passing_entry(act, passing, letter.sender, self.here.node, now, state, why=receipt.reason))

    def told(self, tx: Transaction, letter: Letter, passed: PassedOn) -> None:
        """A record of ours was passed on: written down, for whoever watches over it."""
        ours = [one for one in tx.hits.of_record(passed.record) if one.asker == letter.sender and one.id == passed.hit]
        entry = Entry(
            act=Act.RECORD_PASSED,
            at=self.clock(),
            actor=letter.sender,
            for_whom=passed.recipient,
            subject=passed.passing,
            purpose=passed.purpose,
            case=passed.case,
            outcome="told" if ours else "not-applied",
            records=(passed.record,) if ours else (),
            details={"consent": passed.consent, "until": str(passed.until)},
        )
        tx.journal.record(entry)

    # -- steps --------------------------------------------------------------------------------------------------------

    def _kept(self, tx: Transaction, record: str) -> tuple[Hit, Held[Finding], date]:
        """What is kept here of that record, by the hit through which it was told, and until when."""
        today = self.clock().date()
        for hit in (one for one in tx.hits.of_record(record) if one.side is Side.ASKER):
            if hit.state is HitState.DENIED:
                continue
            if (late := tx.kept.late(hit.id, today)) is not None:
                return hit, late[1], late[0].keep_until
        for queued in tx.batches.of_record(record):
            found, batch = tx.batches.entry(queued.id), tx.batches.get(queued.batch)
            if found is None or found[1] is None or batch is None or queued.has_ended(today):
                continue
            if batch.keep_until >= today:
                ends = queued.last_day if isinstance(queued.last_day, date) else batch.keep_until
                return queued.hit, found[1], ends
        raise Missing(
            f"No content of record {record} is kept here.",
            do="Look it up by a list or a watch: what these find is kept for a time.",
        )

    def _third_party(self, tx: Transaction, hit: Hit, recipient: str) -> tuple[Member | None, Member]:
        directory = tx.members.directory()
        receiver = directory.member(recipient) if directory else None
        if directory is None or receiver is None:
            raise Missing(f"{recipient} is no member.", where="to", do="See `comity member list`.")
        if recipient in (self.here.node, hit.owner):
            raise Conflict(f"{recipient} is no third party: it has the record, or is yourself.", where="to", do="")
        return directory.member(hit.owner), receiver

    def _wish(
        self, tx: Transaction, hit: Hit, owner: Member | None, receiver: Member, purpose: Purpose, caller: Caller
    ) -> Wish:
        asker = Asker(
            bureau=self.here.node,
            country=self.here.country,
            unit=caller.unit,
            officer=caller.account,
            roles=tuple(sorted(caller.roles)),
        )
        country = owner.manifest.country if owner else ""
        return Wish(
            asker=asker,
            party=self.here.party,
            owner=country or hit.owner,
            owner_country=country,
            recipient=receiver.manifest.country or receiver.id,
            recipient_node=receiver.id,
            purpose=purpose,
            on_behalf_of=caller.on_behalf_of,
            consents=self.consents.in_force(tx, hit.record),
        )

    def _passing(
        self, found: Passable, hit: Hit, receiver: Member, purpose: Purpose, case: str, keep_until: date, caller: Caller
    ) -> Passing:
        now = self.clock()
        days = erase_after_days(found.finding.obligations)
        ends = [keep_until, now.date() + timedelta(days=limits.CONSENT_DAYS_MAX)]
        ends += [now.date() + timedelta(days=days)] if days is not None else []
        ends += [found.consent.until] if found.consent else []
        return Passing(
            id=new_id(now, self.entropy(10)),
            record=found.finding.record,
            category=found.finding.category,
            hit=hit.id,
            owner=hit.owner,
            sender=self.here.node,
            recipient=receiver.id,
            purpose=purpose,
            case=case,
            consent=found.consent.reference if found.consent else "",
            until=min(ends),
            passed_at=now,
            state=PassingState.SENT,
            passed_by=caller.account,
        )

    def _send(self, tx: Transaction, passing: Passing, found: Passable, caller: Caller) -> None:
        """Written down with the decision, then to the receiver; to the owner where its duties say so."""
        now = self.clock()
        tx.passings.put(passing)
        entry = self._entry(Act.RECORD_PASSED, passing, caller.account, passing.recipient, "sent", found.taken)
        tx.journal.record(msgspec.structs.replace(entry, unit=caller.unit, level=found.finding.level.word))
        letter = RecordPassed(
            passing=passing.id,
            finding=found.finding,
            purpose=passing.purpose,
            case=passing.case,
            consent=passing.consent,
            until=passing.until,
        )
        tx.outbox.send(passing.recipient, letter, now)
        directory = tx.members.directory()
        if found.tell_owner and directory is not None and directory.member(passing.owner) is not None:
            told = PassedOn(
                passing=passing.id,
                record=passing.record,
                hit=passing.hit,
                recipient=passing.recipient,
                purpose=passing.purpose,
                case=passing.case,
                consent=passing.consent,
                until=passing.until,
            )
            tx.outbox.send(passing.owner, told, now)

    def _refused(
        self, tx: Transaction, hit: Hit, receiver: Member, purpose: Purpose, case: str, why: Reason, caller: Caller
    ) -> None:
        entry = Entry(
            act=Act.RECORD_PASSED,
            at=self.clock(),
            actor=caller.account,
            unit=caller.unit,
            for_whom=receiver.id,
            subject=hit.id,
            purpose=purpose,
            case=case,
            outcome="refused",
            clauses=(why.clause,),
            records=(hit.record,),
            details={"why": why.text},
        )
        tx.journal.record(entry)

    def _shown(
        self, tx: Transaction, passing: Passing, held: Held[Finding], caller: Caller
    ) -> tuple[Finding | None, Taken]:
        asked = of_officer(caller.roles, passing.category, passing.purpose, caller.on_behalf_of)
        law = self.law(tx)
        decision = law.own_rules(asked, ReplyLevel.FULL)
        return show(held, decision, law.book), by_own_rules(law, asked, ReplyLevel.FULL, decision, self.clock().date())

    def _doubt(self, tx: Transaction, letter: Letter, passed: RecordPassed) -> str:
        """Why it is not kept; '' where it is. Falls without each: tests/desks/test_passing.py"""
        finding, today = passed.finding, self.clock().date()
        if tx.passings.get(passed.passing) is not None:
            return "something was passed on under that id before"
        if tx.passings.was_taken_back(letter.sender, passed.passing):
            return "it was taken back before it came"
        if finding.owner in (self.here.node, letter.sender):
            return "it is not a third party's"
        if not _is_whole(finding):
            return "it is not a record of the collection that it names"
        if not today <= passed.until <= today + timedelta(days=limits.CONSENT_DAYS_MAX):
            return "its last day has passed, or is too far ahead"
        return ""

    def _keep_out(self, tx: Transaction, sender: str, passing_id: str) -> None:
        """A tombstone, for as long as what it names could still come and be kept; what waits for review goes now.

        Falls without each: tests/desks/test_passing.py, tests/desks/test_letter_review.py
        """
        now = self.clock()
        for held in tx.held_letters.speaking_of(sender, passing_id):
            if isinstance(held.letter.body, RecordPassed):
                tx.held_letters.forget(sender, held.letter.id)
        until = now.date() + timedelta(days=limits.CONSENT_DAYS_MAX)
        noted = tx.passings.note_taken_back(sender, passing_id, until, limits.PASSINGS_TAKEN_BACK_MAX)
        entry = Entry(
            act=Act.PASSING_WITHDRAWN,
            at=now,
            actor=sender,
            for_whom=self.here.node,
            subject=passing_id,
            outcome="before-it-came" if noted else "not-applied",
            details={} if noted else {"why": "it took back too much that never came"},
        )
        tx.journal.record(entry)

    def erase(self, tx: Transaction, passing: Passing, why: str, by: str) -> None:
        """What was passed to us, inside the caller's transaction."""
        if passing.state in OVER:
            return
        now = self.clock()
        tx.passings.empty(passing.id)
        tx.passings.put(msgspec.structs.replace(passing, state=PassingState.ERASED, why=why, settled_at=now))
        tx.journal.record(
            passing_entry(Act.PASSING_WITHDRAWN, passing, by, self.here.node, now, PassingState.ERASED, why=why)
        )

    def _entry(
        self, act: Act, passing: Passing, actor: str, for_whom: str, outcome: str, taken: tuple[Taken, ...]
    ) -> Entry:
        return passing_entry(act, passing, actor, for_whom, self.clock(), outcome, **notes.written(taken))


def _is_whole(finding: Finding) -> bool:
    """A record with its subject, of the kind that it says, under the id that follows from its owner's reference."""
    target = COLLECTIONS.get(finding.collection)
    return (
        target is not None
        and finding.subject is not None
        and finding.subject.__struct_config__.tag == target.kind
        and finding.category == target.category
        and finding.level >= ReplyLevel.CORE
        and finding.record == record_id(target.code, finding.owner, finding.reference)
    )


def _after(passing: Passing, receipt: PassingReceipt) -> PassingState:
    """A receipt that crossed our taking back says nothing of it: the receipt for that follows."""
    if passing.state in OVER:
        return passing.state
    if receipt.stored:
        return PassingState.STORED if passing.state is PassingState.SENT else passing.state
    return PassingState.ERASED if passing.state is PassingState.WITHDRAWN else PassingState.REFUSED
