"""Copies: what sources share with this node, and take back. Every copy is only on loan."""

from collections.abc import Callable, Sequence

from comity.desks.here import Here
from comity.desks.hits import Hits
from comity.desks.needs import Clock, Transaction
from comity.desks.records import GONE
from comity.desks.shelves.records import Stored
from comity.domain import limits
from comity.domain.collection import COLLECTIONS, collection
from comity.domain.collection import Entry as EnteredBy
from comity.domain.errors import Invalid, NotPermitted, Refusal
from comity.domain.journal import Act, Entry
from comity.domain.letter import Letter, RecordsReceipt, RecordsShare, RecordsWithdraw, RowRefused
from comity.domain.record import Record, Withdrawal, check_entry, record_id
from comity.law.decision import Law
from comity.law.retention import retention, status_of
from comity.law.rulebook import Rulebook

NOT_YOURS = "Only the source may enter, amend or withdraw a record."


class Copies:
    """Every method works inside the transaction that receives the letter."""

    def __init__(self, here: Here, hits: Hits, law: Callable[[Transaction], Law], clock: Clock) -> None:
        self.here = here
        self.hits = hits
        self.law = law
        self.clock = clock

    def shared(self, tx: Transaction, letter: Letter, share: RecordsShare) -> None:
        """A source shares its records: kept if they are its own to share, else refused one by one with the reason."""
        directory = tx.members.directory()
        member = directory.member(letter.sender) if directory else None
        country = member.manifest.country if member else ""
        book = self.law(tx).book
        accepted: list[Record] = []
        refused: list[RowRefused] = []
        for record in share.records:
            try:
                accepted.append(self._acceptable(record, letter.sender, country, book))
            except Refusal as refusal:
                refused.append(_refused(record.header.id, str(refusal)))
        outcomes = tx.records.put(accepted)
        late = [
            record
            for record, outcome in zip(accepted, outcomes, strict=True)
            if outcome in (Stored.WITHDRAWN, Stored.OLDER)
        ]
        refused += (_refused(record.header.id, GONE) for record in late)
        self._note_for_comparing(tx, accepted, outcomes)
        self._receipt(tx, letter, share.share, len(accepted) - len(late), 0, refused, book)

    def _note_for_comparing(self, tx: Transaction, records: Sequence[Record], outcomes: Sequence[Stored]) -> None:
        """What came or changed may answer a question that is kept."""
        by_kind: dict[str, list[str]] = {}
        for record, outcome in zip(records, outcomes, strict=True):
            if outcome in (Stored.NEW, Stored.AMENDED):
                by_kind.setdefault(collection(record.header.collection).kind, []).append(record.header.id)
        for kind, ids in by_kind.items():
            tx.kept.note(ids, kind)

    def withdrawn(self, tx: Transaction, letter: Letter, share: RecordsWithdraw) -> None:
        """A source takes records back: erased now, with a tombstone even where they have not arrived yet."""
        erased = 0
        refused: list[RowRefused] = []
        for withdrawal in share.withdrawals:
            if not _may_withdraw(letter.sender, withdrawal):
                refused.append(_refused(withdrawal.id, NOT_YOURS))
                continue
            erased += tx.records.withdraw(withdrawal)
            if tx.records.get(withdrawal.id, self.clock().date()) is None:  # a later version stays
                self.hits.withdrawn(tx, withdrawal.id, letter.sender)
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

    def _acceptable(self, record: Record, sender: str, country: str, book: Rulebook) -> Record:
        """Only the source may enter or amend, under its own country, an id that follows from its own reference."""
        header = record.header
        if header.source != sender or header.country != country:
            raise NotPermitted(NOT_YOURS)
        if not self.here.is_hub or not collection(header.collection).shared:
            raise NotPermitted("This node keeps no copies of that collection.")
        right_id = header.id == record_id(header.collection, header.source, header.reference)
        if not right_id or not _is_version(header.version):
            raise Invalid("The record's id or version is wrong.", where="header.id")
        rule = retention(header.collection, status_of(record.subject), book)
        if header.retain_until > rule.latest(self.clock().date()):
            raise Invalid("retain_until is later than the law allows.", where="header.retain_until")
        check_entry(record, country, source_is_member=True)
        return record

    def _receipt(
        self,
        tx: Transaction,
        letter: Letter,
        share: str,
        stored: int,
        erased: int,
        refused: Sequence[RowRefused],
        book: Rulebook | None = None,
    ) -> None:
        receipt = RecordsReceipt(share=share, stored=stored, erased=erased, refused=tuple(refused))
        tx.outbox.send(letter.sender, receipt, self.clock())
        details: dict[str, str | int | float | bool | list[str]] = {"stored": stored, "erased": erased}
        if book is not None:
            details["rulebook"] = book.digest  # by which it may be kept so long
        entry = Entry(
            act=Act.RECORDS_SHARED,
            at=self.clock(),
            actor=letter.sender,
            subject=share,
            outcome="refused in part" if refused else "done",
            details={**details, "refused": len(refused)},
        )
        tx.journal.record(entry)


def _may_withdraw(sender: str, withdrawal: Withdrawal) -> bool:
    """Only the source, what it may have entered itself: a member may be called as an outside body is."""
    entered = COLLECTIONS.get(withdrawal.collection)
    return (
        withdrawal.source == sender
        and entered is not None
        and entered.entry is not EnteredBy.HOST
        and withdrawal.id == record_id(withdrawal.collection, withdrawal.source, withdrawal.reference)
        and _is_version(withdrawal.version)
    )


def _is_version(version: int) -> bool:
    return 1 <= version <= limits.VERSION_MAX


def _refused(record: str, reason: str) -> RowRefused:
    return RowRefused(record=record, reason=reason[: limits.REASON_CHARS_MAX])
