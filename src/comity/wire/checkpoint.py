"""A log at one size, signed by its node, and the proof that an entry stands in it, as plain text.

C2SP signed-note, tlog-checkpoint and tlog-proof. Witnesses may add lines of their own; ours are both mandatory.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence

from msgspec import Struct

from comity.domain import limits
from comity.domain.errors import Invalid, TooLarge, Unauthenticated
from comity.domain.journal import Checkpoint
from comity.wire.merkle import HASH_BYTES, root_from_inclusion
from comity.wire.pair import PublicPair, Signer

_ED25519 = b"\x01"
# No type is assigned to a plain ML-DSA-65 signature on a note, so ours is of the open range, with a name.
_MLDSA65 = b"\xffcomity.ml-dsa-65"
_PROOF = "c2sp.org/tlog-proof@v1"

_NAME = re.compile(r"[^\s+]+")
_COUNT = re.compile(r"0|[1-9][0-9]{0,18}")
_SIGNATURE = re.compile(r"— (?P<name>[^\s+]+) (?P<signature>[A-Za-z0-9+/]+={0,2})")
_NOT_A_NOTE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


class _Line(Struct, frozen=True):
    name: str
    key_id: bytes
    signature: bytes


def write(origin: str, size: int, root: bytes, signer: Signer, name: str) -> str:
    """The signed note of a log. `name` of the key: by custom the origin. Raises Invalid."""
    _named(origin, "origin")
    _named(name, "name")
    if len(root) != HASH_BYTES or size < 0:
        raise Invalid(f"A log of {size} with a root of {len(root)} bytes cannot be signed.")
    text = f"{origin}\n{size}\n{_b64(root)}\n"
    signed = text.encode("utf-8")
    ed25519_id, mldsa_id = _key_ids(name, signer.public)
    lines = (ed25519_id + signer.sign_ed25519(signed), mldsa_id + signer.sign_mldsa(signed))
    return text + "\n" + "".join(f"— {name} {_b64(line)}\n" for line in lines)


def verified(note: str, origin: str, pair: PublicPair) -> Checkpoint:
    """The checkpoint of that log, signed by both keys of `pair`. Raises Unauthenticated, Invalid, TooLarge."""
    if len(note.encode("utf-8", "replace")) > limits.NOTE_BYTES_MAX:
        raise TooLarge(f"A checkpoint has {limits.NOTE_BYTES_MAX} bytes at most.")
    text, lines = _split(note)
    _check_signatures(text, lines, pair)
    found, size, root = _read(text)
    if found != origin:
        raise Unauthenticated(f"This checkpoint is of {found}, not of {origin}.")
    return Checkpoint(origin=origin, size=size, root=root.hex(), note=note)


def write_proof(index: int, hashes: Sequence[bytes], note: str) -> str:
    """The proof, in a file of its own, that leaf `index` stands in the log that `note` signs."""
    return "\n".join([_PROOF, f"index {index}", *(_b64(one) for one in hashes), "", note])


def verified_proof(text: str, leaf_hash: bytes, origin: str, pair: PublicPair) -> Checkpoint:
    """The signed checkpoint of a log in which the leaf is proved to stand.

    Raises Unauthenticated, Invalid, TooLarge.
    """
    if len(text) > limits.NOTE_BYTES_MAX:
        raise TooLarge(f"A proof has {limits.NOTE_BYTES_MAX} bytes at most.")
    head, separator, note = text.partition("\n\n")
    first, *rest = head.split("\n")
    if first != _PROOF or not separator or not rest or not rest[0].startswith("index "):
        raise Invalid("This is no proof of a log.", do=f"Its first line is {_PROOF}, its second the index.")
    index = _count(rest[0].removeprefix("index "))
    checkpoint = verified(note, origin, pair)
    root = root_from_inclusion(leaf_hash, index, checkpoint.size, [_unb64(line) for line in rest[1:]])
    if root.hex() != checkpoint.root:
        raise Unauthenticated(f"This entry does not stand at {index} in {origin}.")
    return checkpoint


def _split(note: str) -> tuple[str, list[_Line]]:
    """The signed text (with its last newline) and the signature lines."""
    text, separator, signatures = note.rpartition("\n\n")
    if not separator or not signatures.endswith("\n") or _NOT_A_NOTE.search(note):
        raise Invalid("This is no signed note.")
    lines = signatures.removesuffix("\n").split("\n")
    if len(lines) > limits.NOTE_SIGNATURES_MAX:
        raise TooLarge(f"A note has {limits.NOTE_SIGNATURES_MAX} signatures at most.")
    return text + "\n", [_line(line) for line in lines]


def _line(text: str) -> _Line:
    found = _SIGNATURE.fullmatch(text)
    if not found:
        raise Invalid("A signature of the note cannot be read.")
    data = _unb64(found["signature"])
    return _Line(found["name"], data[:4], data[4:])


def _check_signatures(text: str, lines: list[_Line], pair: PublicPair) -> None:
    """Lines by keys we do not know are passed over, as the standard has it; ours are there once each, and right."""
    if pair.level != 65:
        raise Invalid("A node signs its log by its node keys.")
    signed = text.encode("utf-8")
    classical = [line for line in lines if line.key_id == _key_ids(line.name, pair)[0]]
    quantum = [line for line in lines if line.key_id == _key_ids(line.name, pair)[1]]
    # Without the second, whoever breaks Ed25519 can rewrite the log.
    # Falls without it: tests/attacks/test_wire_checkpoint.py
    if len(classical) != 1 or len(quantum) != 1 or classical[0].name != quantum[0].name:
        raise Unauthenticated("The checkpoint does not carry both signatures of its node, once each.")
    pair.verified_ed25519(classical[0].signature, signed)
    pair.verified_mldsa(quantum[0].signature, signed)


def _read(text: str) -> tuple[str, int, bytes]:
    """Origin, size, root. Lines beyond would be signed but checked by nobody: refused."""
    lines = text.removesuffix("\n").split("\n")
    if len(lines) != 3 or not _NAME.fullmatch(lines[0]):
        raise Invalid("A checkpoint has three lines: origin, size, root.")
    root = _unb64(lines[2])
    if len(root) != HASH_BYTES:
        raise Invalid(f"The root of a log has {HASH_BYTES} bytes.")
    return lines[0], _count(lines[1]), root


def _key_ids(name: str, pair: PublicPair) -> tuple[bytes, bytes]:
    return _key_id(name, _ED25519 + pair.ed25519), _key_id(name, _MLDSA65 + pair.mldsa)


def _key_id(name: str, typed_key: bytes) -> bytes:
    return hashlib.sha256(name.encode("utf-8") + b"\n" + typed_key).digest()[:4]


def _named(text: str, where: str) -> None:
    if not _NAME.fullmatch(text) or _NOT_A_NOTE.search(text):
        raise Invalid(f"{text!r} cannot name a log or its key.", where=where, do="Leave out blanks and plus signs.")


def _count(text: str) -> int:
    if not _COUNT.fullmatch(text):
        raise Invalid(f"{text[:20]!r} is no count.")
    return int(text)


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _unb64(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if not data or _b64(data) != text:
        raise Invalid("Not base64 (RFC 4648, section 4).")
    return data
