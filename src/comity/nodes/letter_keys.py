"""What letters are sealed to and opened with: everybody's keys out of the log, our own out of their files."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from comity.domain import limits
from comity.keys.book import KeyBook
from comity.keys.epochs import EpochKeys
from comity.wire.age import Identity, Recipient
from comity.wire.canonical import unb64u

_GRACE = timedelta(days=limits.EPOCH_GRACE_DAYS)


class LetterKeys:
    def __init__(self, book: KeyBook, own: EpochKeys) -> None:
        self.book = book
        self.own = own

    def has_keys(self, node: str) -> bool:
        """Whether our copy of the log has ever had keys of that node: entries never leave it."""
        chain = self.book.chain_of(node)
        return chain is not None and chain.manifest is not None

    def key_for(self, node: str, now: datetime) -> tuple[Recipient, datetime]:
        """The key of this epoch, and when its owner destroys it. Raises as `KeyBook.recipient_of`."""
        epoch = self.book.epoch_of(node, now)
        return Recipient(unb64u(epoch.xwing)), epoch.ends_at + _GRACE

    def identities(self, now: datetime) -> Sequence[Identity]:
        return self.own.identities(now)
