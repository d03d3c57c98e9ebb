"""Several pieces of bytes in one body, each behind its length: sealed letters are not text."""

from collections.abc import Iterable

from comity.domain.errors import Invalid, TooLarge

LENGTH_BYTES = 4  # big-endian


def join(pieces: Iterable[bytes]) -> bytes:
    """One body of all of them, in order."""
    return b"".join(part for piece in pieces for part in (len(piece).to_bytes(LENGTH_BYTES, "big"), piece))


def split(data: bytes, count_max: int) -> list[bytes]:
    """The pieces of a body. Raises Invalid where it ends within one, TooLarge for more than `count_max`."""
    pieces: list[bytes] = []
    at = 0
    while at < len(data):
        start = at + LENGTH_BYTES
        at = start + int.from_bytes(data[at:start], "big")
        if start > len(data) or at > len(data):
            raise Invalid("The body ends within a piece.")
        if len(pieces) == count_max:
            raise TooLarge(f"There are more than {count_max} pieces in the body.", do="Send fewer at once.")
        pieces.append(data[start:at])
    return pieces
