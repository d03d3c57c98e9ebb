"""What a sender shows of its journal to whoever it wrote to: the entries of letters, each with what opens it."""

from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.dates import Moment
from comity.domain.journal import Act, Entry, Opening
from comity.domain.letter import Lane
from comity.domain.promise import Promise, Unproved
from comity.domain.supervision import HeldLetter

Code = Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX)]
DIGESTS = "digests"


class LettersAsked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of which letters to itself a recipient wants to see the entries."""

    letters: Annotated[tuple[Code, ...], Meta(min_length=1, max_length=limits.DISCLOSURES_PER_REQUEST_MAX)]


class LettersDisclosed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The entries that hold them; one may hold many."""

    openings: Annotated[tuple[Opening, ...], Meta(max_length=limits.DISCLOSURES_PER_REQUEST_MAX)]


def sealed_entry(sender: str, recipient: str, digests: dict[str, str], at: datetime) -> Entry:
    """What a sender writes down as it seals letters to one recipient: `digests` of their boxes, by letter."""
    details: dict[str, str | int | float | bool | list[str]] = {DIGESTS: list(digests.values())}
    return Entry(
        act=Act.LETTERS_SEALED, at=at, actor=sender, for_whom=recipient, records=tuple(digests), details=details
    )


def tells_of(entry: Entry, sender: str, recipient: str, letter: str, digest: str) -> bool:
    """Whether the sender wrote down in this entry that it disclosed that very letter to that recipient."""
    digests = entry.details.get(DIGESTS)
    told = (entry.act, entry.actor, entry.for_whom) == (Act.LETTERS_SEALED, sender, recipient)
    # Another letter's entry proves nothing of this one. Falls without it: tests/federation/test_no_proof_no_read.py
    return told and isinstance(digests, list) and (letter, digest) in zip(entry.records, digests, strict=False)


class ProofRules(Struct, frozen=True):
    """What this node does with content that is not proved: see docs/operating.md."""

    grace: timedelta
    after_grace: Unproved
    earlier_releases: Unproved

    @property
    def waits(self) -> bool:
        return bool(self.grace) or self.after_grace is Unproved.HOLD


class Awaited(Struct, frozen=True):
    """What one member has still to show: letters, in the order in which they came, and promises, the oldest first."""

    letters: tuple[HeldLetter, ...]
    promises: tuple[Promise, ...]


class Shown(Struct, frozen=True):
    """What it has shown. `size` and `note` are of the checkpoint it showed, `why` says what was lacking."""

    proved: frozenset[str] = frozenset()  # ids of letters
    kept: frozenset[str] = frozenset()  # questions whose promise was kept
    broken: dict[str, tuple[str, ...]] = {}  # question: the other leaf at its place, and what proves it
    size: int = 0
    note: str = ""
    why: str = ""
    of_earlier_release: bool = False


class Waiting(Struct, frozen=True, kw_only=True):
    """A letter that came and is not shown yet, without anything of what it says."""

    letter: str
    sender: str
    kind: str
    lane: Lane
    came_at: Moment
    says: str
