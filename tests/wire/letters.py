"""A sealed letter of the usual cast, with keys from fixed seeds: Aldova writes to Bergenia and Corvia."""

import hashlib
import json
from base64 import b64decode, b64encode
from datetime import timedelta
from pathlib import Path

from msgspec import Raw
from msgspec.structs import replace

from comity.domain.mail import Urgency
from comity.domain.purpose import Purpose
from comity.domain.sealed import Attachment, Manifest, PolicyDigests, Sealed
from comity.wire import seal
from comity.wire.age import Identity, Recipient
from comity.wire.canonical import encode
from tests.wire.cast import NOW, signer

IN_AN_HOUR = NOW + timedelta(hours=1)


def identity(name: str) -> Identity:
    """The same key for the same name, every time."""
    return Identity(hashlib.sha256(f"{name} sealed".encode()).digest())


MESSAGE = Manifest(
    id="0195510c-7a00-7000-8000-000000000011",
    sender="aldova",
    recipients=("bergenia", "corvia"),
    seq={"bergenia": 2, "corvia": 1},
    prev={"bergenia": "ab" * 32, "corvia": ""},
    created=NOW,
    expires=NOW + timedelta(days=7),
    purpose=Purpose.CRIMINAL_INVESTIGATION,
    basis=("xa-xb-2024/art-3",),
    handling=("not-in-court",),
    policy=PolicyDigests(bundle="cd" * 32, decision="ef" * 32),
    body=Raw(encode({"kind": "text", "language": "en", "text": "The white van was seen again. Λευκό φορτηγάκι."})),
)


def keys(*names: str) -> dict[str, Recipient]:
    return {name: identity(name).recipient for name in names}


VIDEO = Attachment(
    name="фургон.mp4",
    media_type="video/mp4",
    size_bytes=100_000,
    sha256="ab" * 32,
    ct_sha256="cd" * 32,
    ct_bytes=100_048,
    key="AAECAwQFBgcICQoLDA0ODw",
)


def addressed() -> Manifest:
    """The letter with the ids of the keys that it is sealed to."""
    names = (*MESSAGE.recipients, "aldova")
    return replace(MESSAGE, rcpt={name: identity(name).recipient.key_id for name in names})


def dumped(letter: Sealed) -> str:
    """A sealed letter as a file of tests."""
    return json.dumps({"route": letter.route.decode(), "box": b64encode(letter.box).decode()}, indent=1) + "\n"


def loaded(path: Path) -> Sealed:
    plain = json.loads(path.read_text("utf-8"))
    return Sealed(route=plain["route"].encode(), box=b64decode(plain["box"]))


def sealed(message: Manifest = MESSAGE) -> Sealed:
    return seal.seal(message, signer("aldova"), keys(*message.recipients, "aldova"), Urgency.URGENT)


def opened(letter: Sealed, me: str = "bergenia") -> Manifest:
    return seal.open_sealed(letter, me, "aldova", signer("aldova").public, [identity(me)], IN_AN_HOUR)
