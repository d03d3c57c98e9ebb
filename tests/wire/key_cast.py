"""Custodians, roots and key manifests of the usual cast, with keys from fixed seeds."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

import msgspec

from comity.domain.bureau import Manifest
from comity.domain.keys import EpochKey, KeyManifest, Revocation, Root, epoch_number
from comity.keys.own import first_root, next_keys, next_root
from comity.keys.pair import PairSigner
from comity.wire.age import Identity
from comity.wire.canonical import b64u, encode
from comity.wire.keys import Chain, continued, custodian
from comity.wire.pair import fingerprint
from comity.wire.threshold import KEYS, ROOT, gathered, signatures
from tests.wire.cast import ALDOVA, NOW, root, signer

FOUNDER = root("aldova")
FINGERPRINT = fingerprint(FOUNDER.public)
ANNA, BORIS, CLARA, DORIS = (signer(name, 87) for name in ("anna", "boris", "clara", "doris"))
NAMES = {"anna": ANNA, "boris": BORIS, "clara": CLARA, "doris": DORIS}
THREE = tuple(custodian(name, NAMES[name].public) for name in ("anna", "boris", "clara"))
LATER = NOW + timedelta(minutes=1)
EPOCH = epoch_number(NOW)


def identity(node: str, number: int) -> Identity:
    """The same key for the same epoch, every time."""
    return Identity(hashlib.sha256(f"{node} epoch {number}".encode()).digest())


def epoch_key(number: int, node: str = "aldova") -> EpochKey:
    return EpochKey(number=number, xwing=b64u(identity(node, number).recipient.public))


def signed(said: Root | KeyManifest, *by: PairSigner, typ: str = "") -> bytes:
    """Whatever it says, by whoever signs it: as somebody hostile would."""
    typ, payload = typ or (ROOT if isinstance(said, Root) else KEYS), encode(said)
    return gathered(payload, [signatures(payload, typ, one) for one in by])


def taken(data: bytes, held: Chain | None = None, founder: str = FINGERPRINT) -> Chain:
    return continued(data, held, founder)


def keys_after(chain: Chain, now: datetime = NOW, manifest: Manifest = ALDOVA, **changes: Any) -> KeyManifest:
    first = epoch_number(now)
    plain = next_keys(chain, manifest, tuple(epoch_key(first + n) for n in range(8)), now)
    return msgspec.structs.replace(plain, **changes)


FIRST_ROOT = first_root("aldova", FOUNDER.public, NOW)
# The life of Aldova's keys: founded, published, handed over to three custodians, published again.
DOCUMENTS: dict[str, bytes] = {"1_root": signed(FIRST_ROOT, FOUNDER)}
FOUNDED = taken(DOCUMENTS["1_root"])
FIRST_KEYS = keys_after(FOUNDED)
DOCUMENTS["2_keys"] = signed(FIRST_KEYS, FOUNDER)
PUBLISHED = taken(DOCUMENTS["2_keys"], FOUNDED)
SECOND_ROOT = next_root(PUBLISHED, THREE, 2, LATER)
DOCUMENTS["3_root"] = signed(SECOND_ROOT, FOUNDER, ANNA, BORIS)
SHARED = taken(DOCUMENTS["3_root"], PUBLISHED)
SECOND_KEYS = keys_after(SHARED, LATER)
DOCUMENTS["4_keys"] = signed(SECOND_KEYS, ANNA, CLARA)
IN_FORCE = taken(DOCUMENTS["4_keys"], SHARED)


def revocation(kid: str, since: datetime = NOW, reason: str = "stolen from the office") -> Revocation:
    return Revocation(kid=kid, since=since, reason=reason)
