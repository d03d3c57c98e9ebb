"""A log at one size, signed by its node, and the proof that an entry stands in it, as plain text.

C2SP tlog-checkpoint and tlog-proof. Witnesses may add lines of their own; ours are both mandatory.
"""

from collections.abc import Sequence

from msgspec import Struct

from comity.domain import limits
from comity.domain.errors import Invalid, TooLarge, Unauthenticated
from comity.domain.journal import Checkpoint
from comity.wire.merkle import HASH_BYTES, root_from_inclusion
from comity.wire.note import NAME, Line, b64, count, key_id, named, split, unb64, written
from comity.wire.pair import PublicPair, Signer

# The type of each signature.
ED25519 = b"\x01"
# No type is assigned to a plain ML-DSA-65 signature on a note, so ours is of the open range, with a name.
ML_DSA_65 = b"\xffcomity.ml-dsa-65"
_PROOF = "c2sp.org/tlog-proof@v1"


class Proof(Struct, frozen=True):
    """At which place an entry stands, the hashes from its leaf up, and the checkpoint to which they lead."""

    index: int
    hashes: tuple[bytes, ...]
    note: str


def write(origin: str, size: int, root: bytes, signer: Signer, name: str) -> str:
    """The signed note of a log. `name` of the key: by custom the origin. Raises Invalid."""
    named(origin, "origin")
    named(name, "name")
    if len(root) != HASH_BYTES or size < 0:
        raise Invalid(f"A log of {size} with a root of {len(root)} bytes cannot be signed.")
    text = f"{origin}\n{size}\n{b64(root)}\n"
    signed = text.encode("utf-8")
    signer = signer.now
    ed25519_id, mldsa_id = _key_ids(name, signer.public)
    lines = Line(name, ed25519_id, signer.sign_ed25519(signed)), Line(name, mldsa_id, signer.sign_mldsa(signed))
    return written(text, lines)


def verified(note: str, origin: str, pair: PublicPair) -> Checkpoint:
    """The checkpoint of that log, signed by both keys of `pair`. Raises Unauthenticated, Invalid, TooLarge."""
    text, lines = split(note)
    _check_signatures(text, lines, pair)
    found, size, root = read_text(text)
    if found != origin:
        raise Unauthenticated(f"This checkpoint is of {found}, not of {origin}.")
    return Checkpoint(origin=origin, size=size, root=root.hex(), note=note)


def write_proof(index: int, hashes: Sequence[bytes], note: str) -> str:
    """The proof, in a file of its own, that leaf `index` stands in the log that `note` signs."""
    return "\n".join([_PROOF, f"index {index}", *(b64(one) for one in hashes), "", note])


def verified_proof(text: str, leaf_hash: bytes, origin: str, pair: PublicPair) -> Checkpoint:
    """The signed checkpoint of a log in which the leaf is proved to stand.

    Raises Unauthenticated, Invalid, TooLarge.
    """
    proof = read_proof(text)
    checkpoint = verified(proof.note, origin, pair)
    root = root_from_inclusion(leaf_hash, proof.index, checkpoint.size, proof.hashes)
    if root.hex() != checkpoint.root:
        raise Unauthenticated(f"This entry does not stand at {proof.index} in {origin}.")
    return checkpoint


def read_proof(text: str) -> Proof:
    """What a proof claims, unverified. Raises Invalid, TooLarge."""
    if len(text) > limits.NOTE_BYTES_MAX:
        raise TooLarge(f"A proof has {limits.NOTE_BYTES_MAX} bytes at most.")
    head, separator, note = text.partition("\n\n")
    first, *rest = head.split("\n")
    if first != _PROOF or not separator or not rest or not rest[0].startswith("index "):
        raise Invalid("This is no proof of a log.", do=f"Its first line is {_PROOF}, its second the index.")
    return Proof(count(rest[0].removeprefix("index ")), tuple(unb64(line) for line in rest[1:]), note)


def _check_signatures(text: str, lines: list[Line], pair: PublicPair) -> None:
    """Lines by keys we do not know are passed over, as the standard has it; ours are there once each, and right."""
    if pair.level != 65:
        raise Invalid("A node signs its log by its node keys.")
    signed, named = text.encode("utf-8"), {line.key_id for line in lines}
    pair = next((one for one in pair.every if any(_key_ids(line.name, one)[0] in named for line in lines)), pair)
    classical = [line for line in lines if line.key_id == _key_ids(line.name, pair)[0]]
    quantum = [line for line in lines if line.key_id == _key_ids(line.name, pair)[1]]
    # Without the second, whoever breaks Ed25519 can rewrite the log.
    # Falls without it: tests/attacks/test_wire_checkpoint.py
    if len(classical) != 1 or len(quantum) != 1 or classical[0].name != quantum[0].name:
        raise Unauthenticated("The checkpoint does not carry both signatures of its node, once each.")
    pair.verified_ed25519(classical[0].signature, signed)
    pair.verified_mldsa(quantum[0].signature, signed)


def read_text(text: str) -> tuple[str, int, bytes]:
    """Origin, size and root of a checkpoint's text, unverified. Lines beyond would be signed but checked by nobody.

    Raises Invalid.
    """
    lines = text.removesuffix("\n").split("\n")
    if len(lines) != 3 or not NAME.fullmatch(lines[0]):
        raise Invalid("A checkpoint has three lines: origin, size, root.")
    root = unb64(lines[2])
    if len(root) != HASH_BYTES:
        raise Invalid(f"The root of a log has {HASH_BYTES} bytes.")
    return lines[0], count(lines[1]), root


def _key_ids(name: str, pair: PublicPair) -> tuple[bytes, bytes]:
    return key_id(name, ED25519 + pair.ed25519), key_id(name, ML_DSA_65 + pair.mldsa)
