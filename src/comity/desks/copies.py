"""Copies: what sources share with this node, and take back. Every copy is only on loan."""

from collections.abc import Callable, Sequence

from comity.desks.here import Here
from comity.desks.needs import Clock, Stored, Transaction
from comity.desks.records import GONE
from comity.domain.collection import collection
from comity.domain.errors import Invalid, NotPermitted, Refusal
from comity.domain.journal import Act, Entry
from comity.domain.letter import Letter, RecordsReceipt, RecordsShare, RecordsWithdraw, RowRefused
from comity.domain.record import Record, check_entry, record_id
from comity.law.retention import Retention

NOT_YOURS = "Only the source may enter, amend or withdraw a record."


class Copies:
    """Every method works inside the transaction that receives the letter."""

    def __init__(self, here: Here, retention: Callable[[str], Retention], clock: Clock) -> None:
        self.here = here
        self.retention = retention
        self.clock = clock

    def shared(self, tx: Transaction, letter: Letter, share: RecordsShare) -> None:
        """A source shares its records: kept if they are its own to share, else refused one by one with the reason."""
        directory = tx.members.directory()
        member = directory.member(letter.sender) if directory else None
        country = member.manifest.country if member else ""
        accepted: list[Record] = []
        refused: list[RowRefused] = []
        for record in share.records:
            try:
                accepted.append(self._acceptable(record, letter.sender, country))
            except Refusal as refusal:
                refused.append(RowRefused(record=record.header.id, reason=str(refusal)))
        outcomes = tx.records.put(accepted)
        for record, outcome in zip(accepted, outcomes, strict=True):
            if outcome in (Stored.WITHDRAWN, Stored.OLDER):
                refused.append(RowRefused(record=record.header.id, reason=GONE))
        self._receipt(tx, letter, share.share, len(accepted), 0, refused)

    def withdrawn(self, tx: Transaction, letter: Letter, share: RecordsWithdraw) -> None:
        """A source takes records back: erased now, with a tombstone even where they have not arrived yet."""
        erased = 0
        refused: list[RowRefused] = []
        for withdrawal in share.withdrawals:
            if withdrawal.source != letter.sender or withdrawal.id != record_id(
                withdrawal.collection, withdrawal.source, withdrawal.reference
            ):
                refused.append(RowRefused(record=withdrawal.id, reason=NOT_YOURS))
                continue
            erased += tx.records.withdraw(withdrawal)
        self._receipt(tx, letter, share.share, 0, erased, refused)

    def acknowledged(self, tx: Transaction, letter: Letter, receipt: RecordsReceipt) -> None:
        """A holder tells what became of what we shared."""
        entry = Entry(
            act=Act.RECORDS_SHARED,
            at=self.clock(),
            actor=letter.sender,
            subject=receipt.share,
            outcome="refused in part" if receipt.refused else "done",
            details={
                "stored": receipt.stored,
                "erased": receipt.erased,
                "refused": [f"{one.record} {one.reason}" for one in receipt.refused],
            },
        )
        tx.journal.record(entry)

    def _acceptable(self, record: Record, sender: str, country: str) -> Record:
        """Only the source may enter or amend, under its own country, an id that follows from its own reference."""
        header = record.header
        if header.source != sender or header.country != country:
            raise NotPermitted(NOT_YOURS)
        if not self.here.is_hub or not collection(header.collection).shared:
            raise NotPermitted("This node keeps no copies of that collection.")
        if header.id != record_id(header.collection, header.source, header.reference) or header.version < 1:
            raise Invalid("The record's id or version is wrong.", where="header.id")
        if header.retain_until > self.retention(header.collection).latest(self.clock().date()):
            raise Invalid("retain_until is later than the law allows.", where="header.retain_until")
        check_entry(record, country, source_is_member=True)
        return record

    def _receipt(
        self, tx: Transaction, letter: Letter, share: str, stored: int, erased: int, refused: Sequence[RowRefused]
    ) -> None:
        receipt = RecordsReceipt(share=share, stored=stored, erased=erased, refused=tuple(refused))
        tx.outbox.send(letter.sender, receipt, self.clock())
        entry = Entry(
            act=Act.RECORDS_SHARED,
            at=self.clock(),
            actor=letter.sender,
            subject=share,
            outcome="refused in part" if refused else "done",
            details={"stored": stored, "erased": erased, "refused": len(refused)},
        )
        tx.journal.record(entry)
