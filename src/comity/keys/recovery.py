"""A package that opens when enough custodians agree: none of them alone, and none of them sees what another gives.

The package is under a key. For each group of as many custodians as must agree, the key is the XOR of one random pad
for each of them; every pad is an age file for its custodian. Who releases pads seals them anew, to whoever recovers.
"""

import secrets
from collections.abc import Mapping, Sequence
from functools import reduce
from itertools import combinations
from typing import Annotated, Literal

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.errors import Conflict, Invalid, NotPermitted, TooLarge
from comity.keys.custody import Card, CustodianKeys
from comity.keys.wrapping import WRAPPING_KEY_BYTES, WrappingKey
from comity.wire.age import Identity, Recipient, decrypt, encrypt
from comity.wire.canonical import b64u, decode, encode, unb64u

_GROUPS_MAX = 10  # three of five


class _Group(Struct, frozen=True, forbid_unknown_fields=True):
    """Those who can open it together, with the pad of each, sealed to them."""

    pads: dict[str, str]  # custodian: age file in base64url


class Package(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    package: Literal["comity.recovery"] = "comity.recovery"
    node: str
    id: str  # of this very package: pads of another do not fit
    threshold: Annotated[int, Meta(ge=1, le=limits.CUSTODIANS_MAX)]
    groups: Annotated[tuple[_Group, ...], Meta(min_length=1, max_length=_GROUPS_MAX)]
    content: str  # base64url, under the key


class RecoveryRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who wants to open which package; its fingerprint is read to the custodians by voice."""

    request: Literal["comity.recovery-request"] = "comity.recovery-request"
    node: str
    id: str
    recipient: str  # age1pq1…, made for this once


class Release(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One custodian's pads, sealed to whoever recovers."""

    release: Literal["comity.recovery-release"] = "comity.recovery-release"
    custodian: str
    id: str
    pads: str  # age file in base64url


def seal_package(node: str, files: Mapping[str, bytes], cards: Sequence[Card], threshold: int) -> bytes:
    """`files` by their path. Any `threshold` of those whose cards these are can open it. Raises Invalid."""
    if not 1 <= threshold <= len(cards):
        raise Invalid(f"{len(cards)} custodians cannot be {threshold}.", where="threshold")
    key, package_id = secrets.token_bytes(WRAPPING_KEY_BYTES), b64u(secrets.token_bytes(16))
    content = encode({path: b64u(data) for path, data in files.items()})
    package = Package(
        node=node,
        id=package_id,
        threshold=threshold,
        groups=tuple(_group(key, package_id, group) for group in combinations(cards, threshold)),
        content=b64u(WrappingKey(key).wrap(content, _about(node, package_id))),
    )
    return _within(encode(package))


def read_package(data: bytes) -> Package:
    """Raises Invalid, TooLarge."""
    return decode(_within(data), Package, "recovery package")


def begin(package: Package) -> tuple[Identity, bytes]:
    """(the key for this once, the request that goes to the custodians)."""
    once = Identity.generate()
    return once, encode(RecoveryRequest(node=package.node, id=package.id, recipient=once.recipient.text))


def read_request(data: bytes) -> RecoveryRequest:
    """Raises Invalid, TooLarge."""
    return decode(_within(data), RecoveryRequest, "recovery request")


def release(package: Package, request: RecoveryRequest, keys: CustodianKeys, key_id: str) -> bytes:
    """What one custodian gives to whoever asks, whose key's id was read to them by voice.

    Raises Conflict, NotPermitted.
    """
    # Whoever changed the request on its way would be given the node. Falls without it: tests/keys/test_recovery.py
    if Recipient.parse(request.recipient).key_id != key_id:
        raise NotPermitted(
            "This is not the key that was read to you.", do="Release nothing. Call the bureau on a number you know."
        )
    if (request.node, request.id) != (package.node, package.id):
        raise Conflict("The request is for another package.", do="Take the package that it was made with.")
    own = {
        number: b64u(_unsealed(group.pads[keys.name], keys.identity, package.id))
        for number, group in enumerate(package.groups)
        if keys.name in group.pads
    }
    if not own:
        raise NotPermitted(f"Nothing in this package is sealed to {keys.name}.")
    pads = encode({str(number): pad for number, pad in own.items()})
    sealed = b64u(encrypt(_bound(pads, package.id), [Recipient.parse(request.recipient)]))
    return encode(Release(custodian=keys.name, id=package.id, pads=sealed))


def recovered(package: Package, once: Identity, releases: Sequence[bytes]) -> dict[str, bytes]:
    """The files, by their path. Raises NotPermitted where too few agree; Conflict, Invalid where something differs."""
    given: dict[str, dict[str, str]] = {}
    for data in releases:
        one = decode(_within(data), Release, "release of a custodian")
        if one.id != package.id:
            raise Conflict(f"{one.custodian} has released another package.", do="Have them release this one.")
        given[one.custodian] = decode(_unsealed(one.pads, once, package.id), dict[str, str], "release of a custodian")
    # Falls without it: tests/keys/test_recovery.py
    for number, group in enumerate(package.groups):
        if group.pads.keys() <= given.keys():
            return _opened(package, [unb64u(given[name][str(number)]) for name in group.pads])
    raise NotPermitted(
        f"{len(given)} of the custodians have agreed; {package.threshold} must.", do="Ask the others too."
    )


def _opened(package: Package, pads: Sequence[bytes]) -> dict[str, bytes]:
    key = WrappingKey(reduce(_xor, pads))
    content = key.unwrap(unb64u(package.content), _about(package.node, package.id))
    return {path: unb64u(data) for path, data in decode(content, dict[str, str], "recovery package").items()}


def _group(key: bytes, package_id: str, cards: Sequence[Card]) -> _Group:
    pads = [secrets.token_bytes(len(key)) for _ in cards[1:]]
    pads.append(reduce(_xor, pads, key))
    sealed = {
        card.custodian.name: b64u(encrypt(_bound(pad, package_id), [Recipient.parse(card.recipient)]))
        for card, pad in zip(cards, pads, strict=True)
    }
    return _Group(sealed)


def _bound(content: bytes, package_id: str) -> bytes:
    return f"comity.recovery.v1 {package_id}\n".encode() + content


def _unsealed(sealed: str, identity: Identity, package_id: str) -> bytes:
    opened = decrypt(unb64u(sealed), [identity])
    head = _bound(b"", package_id)
    # A pad of another package would open nothing, and would tell whoever asked for it something else.
    # Falls without it: tests/keys/test_recovery.py
    if not opened.startswith(head):
        raise Invalid("This was sealed for another package.", do="Take the package and the request that go together.")
    return opened[len(head) :]


def _xor(a: bytes, b: bytes) -> bytes:
    return bytes(x ^ y for x, y in zip(a, b, strict=True))


def _about(node: str, package_id: str) -> str:
    return f"recovery package {package_id} of {node}"


def _within(data: bytes) -> bytes:
    if len(data) > limits.CUSTODY_BYTES_MAX:
        raise TooLarge(f"A file of custodians has {limits.CUSTODY_BYTES_MAX} bytes at most.")
    return data
