"""The bulletin as it travels: items in a chain of digests, and its head as the hub signs it.

A follower takes over what continues the list it holds: no item is lost, changed or put in between, and a list that is
kept from growing ages until it may not be used.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.bulletin import BulletinHead, BulletinItem
from comity.domain.errors import Conflict, Invalid, TooLarge, Unauthenticated
from comity.wire.canonical import decode, encode
from comity.wire.pair import PublicPair, Signer
from comity.wire.signed import BULLETIN, sign, verified

_SKEW = timedelta(seconds=limits.CLOCK_SKEW_SECONDS_MAX)


class Page(Struct, frozen=True, forbid_unknown_fields=True):
    """The head as signed, and the items that come next for whoever asked: not all of them where there are many."""

    head: str
    items: Annotated[tuple[BulletinItem, ...], Meta(max_length=limits.BULLETIN_ITEMS_PER_PAGE_MAX)]


def chained(before: str, item: BulletinItem) -> str:
    """The digest (hex) of the list up to this item; `before` is that of the list without it, "" for none."""
    return hashlib.sha256(before.encode() + b"\n" + encode(item)).hexdigest()


def signed_head(head: BulletinHead, signer: Signer) -> bytes:
    return sign(encode(head), BULLETIN, signer)


def write_page(head: bytes, items: Sequence[BulletinItem]) -> bytes:
    return encode(Page(head.decode("ascii"), tuple(items)))


def read_page(data: bytes) -> Page:
    """Raises Invalid, TooLarge. Nothing in it is proved yet."""
    if len(data) > limits.BULLETIN_PAGE_BYTES_MAX:
        raise TooLarge("This page of the bulletin is over the limit.")
    return decode(data, Page, "page of the bulletin")


def verified_head(data: bytes, hub: str, pair: PublicPair, held: BulletinHead | None, now: datetime) -> BulletinHead:
    """The head that `hub` signed with `pair`, which may be used now and does not go back behind `held`.

    Raises Unauthenticated, Conflict, Invalid, TooLarge.
    """
    head = decode(verified(data, BULLETIN, pair), BulletinHead, "bulletin")
    if head.hub != hub:
        raise Unauthenticated(f"This is the bulletin of {head.hub}, not of {hub}.")
    if head.issued_at > now + _SKEW:
        raise Invalid("The bulletin is of the future.", where="issued_at", do="Compare the clocks of hub and node.")
    if not head.issued_at < head.expires_at <= head.issued_at + timedelta(days=limits.BULLETIN_DAYS_MAX):
        raise Invalid(f"A bulletin may last {limits.BULLETIN_DAYS_MAX} days at most.", where="expires_at")
    # Each of these keeps withdrawn law alive. Falls without each: tests/attacks/test_wire_bulletin.py
    if now >= head.expires_at:
        raise Unauthenticated(
            f"The bulletin expired at {head.expires_at}.", do="Ask the hub why it signs no newer one."
        )
    if held and head.number < held.number:
        raise Conflict(f"The bulletin has {head.number} items; {held.number} are held here.", do="Ask the hub why.")
    if held and head.number == held.number and head.chain != held.chain:
        raise _forked(head.number)
    return head


def continued(head: BulletinHead, number: int, chain: str, items: Sequence[BulletinItem]) -> list[str]:
    """The chain after each item, which continue the list of `number` items that comes to `chain`.

    Raises Conflict where there is a gap, or the end is not what the head says. Fewer items than up to the head are
    taken on trust until the last of them proves all: keep nothing before.
    """
    found = []
    for expected, item in enumerate(items, start=number + 1):
        if item.number != expected:
            raise Conflict(f"Item {item.number} of the bulletin came where {expected} was expected.", do="Ask the hub.")
        chain = chained(chain, item)
        found.append(chain)
    if number + len(items) > head.number:
        raise Conflict(f"The bulletin has {head.number} items, and more came.", do="Ask the hub.")
    # Falls without it: tests/attacks/test_wire_bulletin.py
    if number + len(items) == head.number and chain != head.chain:
        raise _forked(head.number)
    return found


def _forked(number: int) -> Unauthenticated:
    return Unauthenticated(
        f"The bulletin of {number} items is not the one that continues what is held here.",
        do="Compare it with other members: the hub may show different members different lists.",
    )
