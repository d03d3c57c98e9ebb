"""What a witness puts under another's checkpoint: it saw this log, at this time, grow to exactly this (C2SP).

tlog-cosignature has two types, and a witness here gives both: Ed25519 and ML-DSA-44. Its word counts where both are
right: without the second, whoever breaks Ed25519 speaks for all witnesses.
"""

import struct
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey
from msgspec import Struct

from comity.domain.errors import Invalid, Unauthenticated
from comity.domain.journal import Checkpoint
from comity.wire.checkpoint import read_text
from comity.wire.note import Line, VerifierKey, read_lines, split, written

ED25519, ML_DSA_44 = 0x04, 0x06
KEY_BYTES = {ED25519: 32, ML_DSA_44: 1312}
SIGNATURE_BYTES = {ED25519: 64, ML_DSA_44: 2420}
NAME_BYTES_MAX = 255
_LABEL = b"subtree/v1\n\x00"
_TIME = struct.Struct(">Q")
_TIME_MAX = 2**63 - 1


class Witness(Struct, frozen=True):
    """A witness as others know it: each of its keys has its own line, and all of them count or none."""

    name: str
    keys: tuple[VerifierKey, ...]

    def __post_init__(self) -> None:
        if not self.keys or any(key.name != self.name for key in self.keys):
            raise Invalid(f"These are no keys of the witness {self.name}.")
        for key in self.keys:
            if len(key.key) != KEY_BYTES.get(key.type):
                raise Invalid(f"A key of type {key.type:#04x} with {len(key.key)} bytes signs no checkpoints here.")


class Cosigner(Protocol):
    """Whoever holds the private keys of a witness."""

    @property
    def witness(self) -> Witness: ...

    def sign(self, kind: int, data: bytes) -> bytes:
        """By the key of that type."""
        ...


def cosign(checkpoint: Checkpoint, cosigner: Cosigner, at: datetime) -> str:
    """The lines to put under it. That it continues what was cosigned before is for the caller to have shown."""
    text, _ = split(checkpoint.note)
    seconds = int(at.timestamp())
    return "".join(str(_signed(text, key, cosigner, seconds)) for key in cosigner.witness.keys)


def cosigned_at(text: str, lines: Iterable[Line], witness: Witness) -> datetime | None:
    """When that witness saw the checkpoint of this text; None where it does not say so.

    The earliest of its lines counts. Raises Unauthenticated where a line of its keys is wrong.
    """
    found = []
    for key in witness.keys:
        of_key = [line for line in lines if (line.name, line.key_id) == (key.name, key.key_id)]
        times = [verified_line(text, line, key) for line in of_key]
        # One key alone says nothing. Falls without it: tests/attacks/test_wire_cosignature.py
        if not times:
            return None
        found.append(max(times))
    return min(found)


def cosigned_by(note: str, witnesses: Iterable[Witness]) -> dict[str, datetime]:
    """Which of these witnesses saw a checkpoint, and when. Raises Unauthenticated, Invalid, TooLarge."""
    text, lines = split(note)
    times = {witness.name: cosigned_at(text, lines, witness) for witness in witnesses}
    return {name: at for name, at in times.items() if at is not None}


def with_cosignatures(note: str, answers: Iterable[tuple[str, Witness]]) -> str:
    """The note with what witnesses answered: their own lines, verified; whatever else they sent is left out.

    A newer line of the same key takes the place of the older one. Raises Unauthenticated, Invalid, TooLarge.
    """
    text, held = split(note)
    lines = {(line.name, line.key_id): line for line in held}
    for answer, witness in answers:
        given = read_lines(answer)
        if cosigned_at(text, given, witness) is None:
            raise Unauthenticated(f"{witness.name} did not cosign this checkpoint with each of its keys.")
        of_keys = {(key.name, key.key_id) for key in witness.keys}
        lines |= {(line.name, line.key_id): line for line in given if (line.name, line.key_id) in of_keys}
    return written(text, lines.values())


def verified_line(text: str, line: Line, key: VerifierKey) -> datetime:
    """The time that this line gives. Raises Unauthenticated."""
    seconds = _TIME.unpack_from(line.signature)[0] if len(line.signature) > _TIME.size else _TIME_MAX + 1
    if seconds > _TIME_MAX or len(line.signature) != _TIME.size + SIGNATURE_BYTES.get(key.type, 0):
        raise Unauthenticated(f"The cosignature of {key.name} is no cosignature.")
    try:
        _VERIFIERS[key.type](key.key, line.signature[_TIME.size :], _message(text, key, seconds))
        return datetime.fromtimestamp(seconds, UTC)
    except (InvalidSignature, ValueError, OverflowError):
        raise Unauthenticated(f"The cosignature of {key.name} is wrong.") from None


def _signed(text: str, key: VerifierKey, cosigner: Cosigner, seconds: int) -> Line:
    return Line(key.name, key.key_id, _TIME.pack(seconds) + cosigner.sign(key.type, _message(text, key, seconds)))


def _message(text: str, key: VerifierKey, seconds: int) -> bytes:
    """What is signed: for Ed25519 the whole text; for ML-DSA-44 the name too, and the checkpoint as a structure."""
    if key.type == ED25519:
        return f"cosignature/v1\ntime {seconds}\n{text}".encode()
    origin, size, root = read_text(text)
    return b"".join([_LABEL, _named(key.name), _TIME.pack(seconds), _named(origin), bytes(8), _TIME.pack(size), root])


def _named(name: str) -> bytes:
    data = name.encode("utf-8")
    if not 0 < len(data) <= NAME_BYTES_MAX:
        raise Invalid(f"A name of {len(data)} bytes cannot be cosigned.")
    return bytes([len(data)]) + data


def _verify_ed25519(key: bytes, signature: bytes, message: bytes) -> None:
    Ed25519PublicKey.from_public_bytes(key).verify(signature, message)


def _verify_ml_dsa_44(key: bytes, signature: bytes, message: bytes) -> None:
    MLDSA44PublicKey.from_public_bytes(key).verify(signature, message)


_VERIFIERS: dict[int, Callable[[bytes, bytes, bytes], None]] = {
    ED25519: _verify_ed25519,
    ML_DSA_44: _verify_ml_dsa_44,
}
