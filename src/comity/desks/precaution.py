"""A record is put out of reach while a request about it is pending: proposed by one person, confirmed by another."""

import msgspec

from comity.desks.needs import Clock, Store, Transaction
from comity.desks.records import Records, withdrawal_of
from comity.desks.rights_notes import DECIDE, another_person, consultation_of, note, pending, said
from comity.domain.caller import Caller, require
from comity.domain.errors import Conflict, Missing
from comity.domain.journal import Act
from comity.domain.record import WithdrawalReason
from comity.domain.rights import BlockState, Consultation


class Precaution:
    """At a source its record, with every copy; elsewhere the copy that lies here."""

    def __init__(self, store: Store, records: Records, clock: Clock) -> None:
        self.store = store
        self.records = records
        self.clock = clock

    def propose(self, consultation_id: str, why: str, caller: Caller) -> Consultation:
        require(caller, DECIDE, "propose to block a record")
        reason = said(why, "reason")
        with self.store.transaction() as tx:
            consultation = self._blockable(tx, consultation_id)
            if consultation.block is BlockState.BLOCKED:
                raise Conflict("It is blocked already.", do="See `comity rights show`.")
            proposed = msgspec.structs.replace(
                consultation, block=BlockState.PROPOSED, block_by=caller.account, block_why=reason
            )
            tx.rights.file(proposed)
            note(tx, Act.RIGHTS_BLOCKED, self.clock(), caller, proposed, proposed.block, why=reason)
            tx.commit()
        return proposed

    def confirm(self, consultation_id: str, caller: Caller) -> Consultation:
        """The second person's word: no lookup finds it from now on, here or where a copy of ours lies."""
        require(caller, DECIDE, "confirm to block a record")
        with self.store.transaction() as tx:
            consultation = self._blockable(tx, consultation_id)
            if consultation.block is not BlockState.PROPOSED:
                raise Conflict(f"No block of it is proposed: it is {consultation.block}.", do="Propose one first.")
            another_person(consultation.block_by, caller)
            now = self.clock()
            own = tx.records.owned(consultation.record) is not None
            header = tx.records.set_apart(consultation.record, now.date())
            if header is None:
                raise Missing("The record does not stand here any more.", do="See `comity rights show`.")
            shares: tuple[str, ...] = ()
            if own:
                taken_back = withdrawal_of(header, WithdrawalReason.CONDITIONS_GONE, now)
                shares = self.records.sharing.withdraw(tx, [taken_back])
                self.records.hits.withdrawn(tx, header.id, caller.account)
            blocked = msgspec.structs.replace(
                consultation,
                block=BlockState.BLOCKED,
                blocked_by=caller.account,
                shares=(*consultation.shares, *shares),
            )
            tx.rights.file(blocked)
            note(tx, Act.RIGHTS_BLOCKED, now, caller, blocked, blocked.block)
            tx.commit()
        return blocked

    def release(self, consultation_id: str, why: str, caller: Caller) -> Consultation:
        """The precaution is not needed any more; a decision ends it too."""
        require(caller, DECIDE, "end the block of a record")
        reason = said(why, "reason")
        with self.store.transaction() as tx:
            consultation = consultation_of(tx, consultation_id)
            if consultation.block is not BlockState.BLOCKED:
                raise Conflict(f"It is not blocked: {consultation.block}.", do="See `comity rights show`.")
            released = self.lift(tx, consultation, caller, reason)
            tx.commit()
        return released

    def lift(self, tx: Transaction, consultation: Consultation, caller: Caller, why: str) -> Consultation:
        """The same in the caller's transaction: it is found again, and lies again where it may."""
        record, shares = consultation.record, consultation.shares
        if tx.records.bring_back(record, self.clock().date()) and (back := tx.records.owned(record)) is not None:
            shares = (*shares, *self.records.sharing.share(tx, back.header.collection, [back]))
        released = msgspec.structs.replace(consultation, block=BlockState.RELEASED, shares=shares)
        tx.rights.file(released)
        note(tx, Act.RIGHTS_BLOCKED, self.clock(), caller, released, released.block, why=why)
        return released

    def _blockable(self, tx: Transaction, consultation_id: str) -> Consultation:
        """Of a request that is pending here; or one in which another node asks us as the source."""
        consultation = consultation_of(tx, consultation_id)
        if consultation.request:
            pending(tx, consultation.request)
        return consultation
