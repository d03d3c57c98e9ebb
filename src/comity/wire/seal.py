"""Sealed letters as bytes: signed inside, sealed to the recipients, signed outside for whoever carries them."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from comity.domain import limits
from comity.domain.errors import Invalid, Replayed, Unauthenticated
from comity.domain.mail import Urgency
from comity.domain.sealed import Manifest, Route, Sealed
from comity.wire import age, padding
from comity.wire.age import Identity, Opened, Recipient
from comity.wire.canonical import decode, encode
from comity.wire.pair import PublicPair, Signer
from comity.wire.signed import MESSAGE, ROUTE, claimed, sign, verified

__all__ = ["Manifest", "Route", "Sealed", "claimed_sender", "open_sealed", "read_route", "seal"]

LETTERS = "letters"  # the class of traffic that most sealed letters are


def seal(
    manifest: Manifest,
    signer: Signer,
    recipients: Mapping[str, Recipient],
    priority: Urgency,
    traffic: str = LETTERS,
) -> Sealed:
    """The letter for exactly those it names, and for its sender where `recipients` has a key of theirs too.

    Raises Invalid, TooLarge for one that no recipient would take.
    """
    if not set(manifest.recipients) <= set(recipients) <= {*manifest.recipients, manifest.sender}:
        raise Invalid("The keys are not those of the letter's recipients.", where="to")
    _check_times(manifest)
    order = [*manifest.recipients, *(name for name in recipients if name not in manifest.recipients)]
    addressed = replace(manifest, rcpt={name: recipients[name].key_id for name in order})
    inner = sign(_canonical(addressed), MESSAGE, signer)
    box = age.encrypt(padding.padded(inner), [recipients[name] for name in order])
    return Sealed(route=sign(encode(route_of(manifest, box, priority, traffic)), ROUTE, signer), box=box)


def route_of(manifest: Manifest, box: bytes, priority: Urgency, traffic: str = LETTERS) -> Route:
    """What stands on the outside of this box."""
    return Route(
        id=manifest.id,
        sender=manifest.sender,
        recipients=manifest.recipients,
        ct_sha256=digest(box),
        ct_bytes=len(box),
        priority=priority,
        traffic=traffic,
        expires=manifest.expires,
    )


def read_route(data: bytes, sender: str, sender_pair: PublicPair) -> Route:
    """The outside of a letter of `sender`, who has this pair: all that a post room can do.

    Raises Unauthenticated, Invalid, TooLarge.
    """
    # 1. Flood: the length is looked at before anything is parsed.
    # 2. Stripped signature: both, of these keys, in this order.
    # 3. Inside shown as outside: the type stands in what both keys signed.
    payload = verified(data, ROUTE, sender_pair)
    # 4. Two readings: one canonical form, no unknown member.
    # 5. Downgrade: one version, and with it one suite; nothing is negotiated.
    # 6. Crowd: at most 64 recipients, none twice.
    route = decode(payload, Route, "route")
    # 7. Borrowed name: the name is that of whoever has the keys.
    if route.sender != sender:
        raise Unauthenticated(f"This letter says that it is from {route.sender!r}, and {sender!r} signed it.")
    return route


def claimed_sender(data: bytes) -> str:
    """Whom a route says that it is from. It proves nothing: take that member's keys, and `read_route` with them."""
    return decode(claimed(data, ROUTE), Route, "route").sender


def open_sealed(
    sealed: Sealed, me: str, sender: str, sender_pair: PublicPair, identities: Sequence[Identity], now: datetime
) -> Manifest:
    """What `sender`, who has this pair, wrote to `me`; whoever applies it looks at its place in the order too.

    Raises Unauthenticated, Invalid, TooLarge, Replayed where it is past its time, Missing where no identity opens it.
    """
    # The steps are numbered as in docs/protocol/envelope.md, and each is taken away once.
    # Falls without any of them: tests/attacks/test_guards_of_sealing.py
    route = read_route(sealed.route, sender, sender_pair)
    _check_for(route, me, now)
    check_box(route, sealed.box)
    return open_box(route, sealed.box, me, sender_pair, identities, now)


def open_box(
    route: Route, box: bytes, me: str, sender_pair: PublicPair, identities: Sequence[Identity], now: datetime
) -> Manifest:
    """The second half of `open_sealed`, for whoever has read the outside and checked the box. Raises as it does."""
    opened = _opened(route, box, me, identities)
    # 16. Telling length: padded as everybody pads, and with blanks alone.
    inner = padding.stripped(opened.content)
    # 17. Stolen authorship: whoever signed outside signed inside.
    payload = verified(inner, MESSAGE, sender_pair)
    # 18. Two readings inside: as 4, 5 and 6.
    manifest = decode(payload, Manifest, "sealed letter")
    _check_manifest(manifest, route, opened, me, now)
    return manifest


def digest(data: bytes) -> str:
    """SHA-256 in hexadecimal, as routes and manifests have it."""
    return hashlib.sha256(data).hexdigest()


def check_box(route: Route, box: bytes) -> None:
    """Raises Unauthenticated."""
    # 10. Exchanged box: the very bytes that the sender signed the digest of.
    if len(box) != route.ct_bytes or digest(box) != route.ct_sha256:
        raise Unauthenticated("This is not the box that belongs to this letter.", do="Fetch it again.")


def _check_for(route: Route, me: str, now: datetime) -> None:
    # 8. Wrong recipient: carried to somebody whom the sender did not name.
    if me not in (*route.recipients, route.sender):
        raise Unauthenticated(f"This letter is for {', '.join(route.recipients)}, not for {me!r}.")
    # 9. Stale letter: past its time.
    if now >= route.expires:
        raise Replayed(f"This letter was good until {route.expires.isoformat()}.", do="Ask the sender to write again.")


def _opened(route: Route, box: bytes, me: str, identities: Sequence[Identity]) -> Opened:
    # 11. Endless header: as many bytes and recipients as a letter can have, counted as they are read.
    # 12. Second lock: no recipient of another type, which a quantum computer could open.
    # 13. Wrong key: some key of this node opens it.
    # 14. Changed header: the MAC over all recipients.
    # 15. Cut or shuffled content: every part in its place, the last one marked, nothing behind it.
    likely = route.recipients.index(me) if me in route.recipients else len(route.recipients)
    return age.opened(box, identities, likely)


def _check_manifest(manifest: Manifest, route: Route, opened: Opened, me: str, now: datetime) -> None:
    # 19. Transplanted outside: id, sender, recipients and time are the same outside and inside.
    outside = (route.id, route.sender, route.recipients, route.expires)
    if (manifest.id, manifest.sender, manifest.recipients, manifest.expires) != outside:
        raise Unauthenticated("Outside and inside of this letter do not belong together.")
    # 20. Surreptitious forwarding: it was sealed to me, to the very key that opened it, by whoever signed it.
    if manifest.rcpt.get(me) != opened.key_id:
        raise Unauthenticated(f"This letter was not sealed for {me!r} by its sender, but passed on.")
    # 21. Silent reader: as many keys open it as the letter says.
    if opened.recipients != len(manifest.rcpt) or set(manifest.rcpt) - {manifest.sender} - set(manifest.recipients):
        raise Unauthenticated("More keys open this letter than it says.")
    # 22. Letter of tomorrow: its clock would keep it valid for longer than a letter may be.
    if manifest.created > now + timedelta(seconds=limits.CLOCK_SKEW_SECONDS_MAX):
        raise Invalid("This letter was written in the future.", where="created", do="Compare clocks with its sender.")
    _check_times(manifest)


def _check_times(manifest: Manifest) -> None:
    if not manifest.created < manifest.expires <= manifest.created + timedelta(days=limits.LETTER_DAYS_MAX):
        raise Invalid(f"A letter is good for {limits.LETTER_DAYS_MAX} days at most.", where="expires")


def _canonical(manifest: Manifest) -> bytes:
    """Its bytes, once they were read as every recipient will read them: the body came as it is."""
    data = encode(manifest)
    if decode(data, Manifest, "sealed letter") != manifest:
        raise Invalid("This letter cannot be written so that it is read as the same.", where="body")
    return data
