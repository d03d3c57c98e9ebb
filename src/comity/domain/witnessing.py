"""What nodes see of one another's logs: how far each has grown, and where one does not hold what it signed."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.dates import Moment
from comity.domain.errors import Conflict
from comity.domain.journal import Checkpoint


class LogWrong(StrEnum):
    """What a log does that no honest log does, or that nobody can tell from it."""

    FORK = "fork"  # two histories
    ROLLBACK = "rollback"  # it shows less than it has signed for
    FROZEN = "frozen"  # it has not grown for longer than any log that lives
    FALSE_TILE = "false-tile"  # what it gives out is not what it signs: left out, put in, in another order
    WRONG_KEY = "wrong-key"  # not signed by the keys of its node
    MISSED_PROMISE = "missed-promise"  # an entry that was promised is not in it in time
    UNMATCHED = "unmatched"  # what it wrote down of exchanges with us is not what we wrote down
    UNPROVED = "unproved"  # the entry of a letter that came is not shown to be in it in time


Note = Annotated[str, Meta(max_length=limits.NOTE_BYTES_MAX)]


class LogAlarm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One matter, with what proves it: the checkpoint that was held and the one that was shown, as they were signed.

    `proof` is what the log itself gave to show that the one continues the other (hashes, base64). `about` is the
    promise that was missed, as it was signed, or the letter that is not proved.
    """

    wrong: LogWrong
    origin: str
    what: Annotated[str, Meta(max_length=limits.REASON_CHARS_MAX)]
    held: Note = ""
    shown: Note = ""
    proof: tuple[str, ...] = ()
    about: Note = ""
    noted_at: Moment


class SeenLog(Struct, frozen=True, kw_only=True):
    """The largest checkpoint of a log that was proved to continue all before it, and when it last grew."""

    checkpoint: Checkpoint
    grown_at: Moment


class OtherSize(Conflict):
    """A checkpoint was brought with a proof from another size than the one that the witness holds."""

    def __init__(self, size: int) -> None:
        super().__init__(f"This witness holds the log at size {size}.", do="Prove what follows from there.")
        self.size = size
