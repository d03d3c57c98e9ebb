"""A device with a passkey, in software: signs what it is asked, or what an attacker would have it sign."""

import hashlib
import json
import re
from html import unescape
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url

from tests.web.console.visitor import ORIGIN

PRESENT, VERIFIED, ATTESTED = 1, 4, 64


def options_on(page: str) -> dict[str, Any]:
    """What a page asks a device for."""
    found = re.search(r'data-options="([^"]*)"', page)
    assert found, page
    return json.loads(unescape(found[1]))


class Device:
    def __init__(self, name: bytes = b"device-1") -> None:
        self.name = name
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.uses = 0

    def registers(self, options: dict[str, Any], **told: Any) -> str:
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        attested = bytes(16) + len(self.name).to_bytes(2) + self.name + cbor2.dumps(cose)
        data = self._data(options["rp"]["id"], PRESENT | VERIFIED | ATTESTED) + attested
        made = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options, told)
        return self._sent({"attestationObject": made, "clientDataJSON": client})

    def signs(self, options: dict[str, Any], flags: int = PRESENT | VERIFIED, **told: Any) -> str:
        self.uses += 1
        data, client = self._data(options["rpId"], flags), self._client("webauthn.get", options, told)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._sent({"authenticatorData": data, "clientDataJSON": client, "signature": signature})

    def _data(self, rp_id: str, flags: int) -> bytes:
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + self.uses.to_bytes(4)

    def _client(self, kind: str, options: dict[str, Any], told: dict[str, Any]) -> bytes:
        client = {"type": kind, "challenge": options["challenge"], "origin": ORIGIN, "crossOrigin": False}
        return json.dumps({**client, **told}).encode()

    def _sent(self, response: dict[str, bytes]) -> str:
        own = bytes_to_base64url(self.name)
        answer = {name: bytes_to_base64url(value) for name, value in response.items()}
        return json.dumps({"id": own, "rawId": own, "type": "public-key", "response": answer})
