"""A page of the log of keys as it travels: entries in full, the signed checkpoint, and that it continues them."""

from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.errors import TooLarge
from comity.wire.canonical import decode, encode


class KeyPage(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`consistency` shows (RFC 6962) that the log of the checkpoint continues the log that ends with this page."""

    entries: Annotated[tuple[str, ...], Meta(max_length=limits.KEY_ENTRIES_PER_PAGE_MAX)]
    note: str
    consistency: Annotated[tuple[str, ...], Meta(max_length=limits.PROOF_HASHES_MAX)] = ()  # base64url


def write_page(page: KeyPage) -> bytes:
    return encode(page)


def read_page(data: bytes) -> KeyPage:
    """Raises Invalid, TooLarge."""
    if len(data) > limits.KEYS_PAGE_BYTES_MAX:
        raise TooLarge(f"A page of the log of keys has {limits.KEYS_PAGE_BYTES_MAX} bytes at most.")
    return decode(data, KeyPage, "page of the log of keys")
