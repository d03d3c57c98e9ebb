"""A sealed letter as it comes out of the hub's hands: opened and verified, or said what is wrong with it."""

from collections.abc import Callable, Sequence
from datetime import datetime

from comity.domain.errors import Missing, Refusal, Replayed, Unauthenticated
from comity.domain.post import LANES, Arrival, Spoiled, Wrong
from comity.domain.sealed import Route, Sealed
from comity.wire import letter as wire_letter
from comity.wire.age import Identity
from comity.wire.pair import PublicPair
from comity.wire.seal import check_box, claimed_sender, open_box, read_route

PairOf = Callable[[str], PublicPair]


def read_arrival(
    sealed: Sealed, me: str, pair_of: PairOf, identities: Sequence[Identity], now: datetime
) -> Arrival | Spoiled:
    """What somebody wrote to this node; nothing that the hub says about it is believed."""
    try:
        sender = claimed_sender(sealed.route)
        route = read_route(sealed.route, sender, pair_of(sender))
    except Refusal as refusal:
        return Spoiled(wrong=Wrong.FORGED, what=refusal.what)
    if me not in route.recipients:
        return Spoiled(wrong=Wrong.MISDIRECTED, what=f"It is for {', '.join(route.recipients)}.", route=route)
    # The hub may leave out the box of an expired letter, and of no other: it could destroy what it likes.
    # Falls without it: tests/federation/test_hostile_hub.py
    if now >= route.expires:
        return Arrival(route=route)
    try:
        check_box(route, sealed.box)
    except Unauthenticated as refusal:
        return Spoiled(wrong=Wrong.ALTERED, what=refusal.what, route=route)
    return _opened(route, sealed.box, me, pair_of(route.sender), identities, now)


def _opened(
    route: Route, box: bytes, me: str, pair: PublicPair, identities: Sequence[Identity], now: datetime
) -> Arrival | Spoiled:
    try:
        manifest = open_box(route, box, me, pair, identities, now)
        letter = wire_letter.read_body(bytes(manifest.body), route.sender, me)
    except Missing as missing:
        return Arrival(route=route, unreadable=missing.what)
    except Replayed:
        return Arrival(route=route)
    except Refusal as refusal:
        return Spoiled(wrong=Wrong.FORGED, what=refusal.what, route=route)
    if letter.id != route.id or letter.lane is not LANES[route.priority]:
        return Spoiled(wrong=Wrong.FORGED, what="Outside and inside do not belong together.", route=route)
    return Arrival(route=route, letter=letter, manifest=manifest)
