"""Where a correction, block or deletion has come to: each copy elsewhere, and whether its holder has acknowledged."""

from collections.abc import Iterable, Iterator

from comity.desks.needs import Transaction
from comity.domain.journal import Act
from comity.domain.passing import OVER
from comity.domain.rights import Consultation, Propagated


def propagated(tx: Transaction, consulted: Iterable[Consultation], node: str) -> Iterator[Propagated]:
    """By the receipts in the journal and by what was passed on; letters on hits are receipted by the post itself."""
    for one in consulted:
        for share in one.shares:
            receipts = [
                opening.entry.actor
                for opening in tx.journal.about(share)
                if opening.entry.act is Act.RECORDS_SHARED and opening.entry.actor != node
            ]
            hub = tx.members.hub()
            yield Propagated(record=one.record, holder=hub[0] if hub else "", acknowledged=bool(receipts))
        for hit in tx.hits.of_record(one.record):
            for passing in tx.passings.of_hit(hit.id):
                if passing.sender == node:
                    yield Propagated(record=one.record, holder=passing.recipient, acknowledged=passing.state in OVER)
