"""Entries that a sender shows to a recipient, as they travel."""

from collections.abc import Iterable, Sequence

from comity.domain import limits
from comity.domain.disclosed import LettersAsked, LettersDisclosed
from comity.domain.errors import Invalid
from comity.domain.journal import Opening
from comity.wire.canonical import decode, encode, unb64u
from comity.wire.leaf import SALT_BYTES, leaf_hash_of


def write_asked(letters: Sequence[str]) -> bytes:
    return encode(LettersAsked(letters=tuple(letters)))


def read_asked(data: bytes) -> tuple[str, ...]:
    """Raises Invalid."""
    return decode(data, LettersAsked, "question for entries").letters


def write_disclosed(openings: Iterable[Opening]) -> bytes:
    return encode(LettersDisclosed(openings=tuple(openings)))


def read_disclosed(data: bytes) -> tuple[Opening, ...]:
    """What a sender says that it wrote down: whether it did, its log shows. Raises Invalid."""
    return decode(data[: limits.DISCLOSURES_BYTES_MAX], LettersDisclosed, "entries of letters").openings


def leaf_of(opening: Opening) -> bytes:
    """The hash at which it stands in the log. Raises Invalid."""
    salt = unb64u(opening.salt)
    if len(salt) != SALT_BYTES:
        raise Invalid("The entry has no salt that could open it.")
    return leaf_hash_of(opening.entry, salt)
