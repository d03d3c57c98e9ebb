"""How long something is tells what it is: padded with blanks to one of few lengths (Padmé)."""

from comity.domain.errors import Invalid

_BLANK = b" "


def padded_bytes(content_bytes: int) -> int:
    """The length that so many bytes are padded to: at most 12 % more, 6 % above a kilobyte.

    Padmé (Nikitin and others, 2019, "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs").
    """
    if content_bytes < 2:
        return content_bytes
    exponent = content_bytes.bit_length() - 1
    zeros = exponent - exponent.bit_length()
    return (content_bytes + (1 << zeros) - 1) >> zeros << zeros


def padded(document: bytes) -> bytes:
    """A JSON document with blanks behind it, which JSON allows."""
    return document.ljust(padded_bytes(len(document)), _BLANK)


def stripped(data: bytes) -> bytes:
    """The document without its padding. Raises Invalid where that is not what `padded` adds."""
    document = data.rstrip(_BLANK)
    # A sender that pads otherwise tells a listener something by the length of what it sent.
    # Falls without it: tests/attacks/test_wire_seal.py
    if len(data) != padded_bytes(len(document)):
        raise Invalid(f"{len(data)} bytes are not what {len(document)} are padded to.")
    return document
