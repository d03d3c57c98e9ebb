"""What a log brings to a witness (C2SP tlog-witness), and who a witness is by what its custodians signed."""

from collections.abc import Sequence

from msgspec import Struct

from comity.domain import limits
from comity.domain.errors import Invalid, TooLarge
from comity.domain.keys import KeyManifest
from comity.wire.canonical import unb64u
from comity.wire.cosignature import ED25519, Witness
from comity.wire.merkle import HASH_BYTES
from comity.wire.note import VerifierKey, b64, count, read_vkey, unb64

SIZE_TYPE = "text/x.tlog.size"


class Submission(Struct, frozen=True):
    """A checkpoint, and the proof that it continues the log of the size that the witness holds."""

    old: int
    proof: tuple[bytes, ...]
    note: str


def write_submission(old: int, proof: Sequence[bytes], note: str) -> bytes:
    return "".join([f"old {old}\n", *(f"{b64(one)}\n" for one in proof), "\n", note]).encode("utf-8")


def read_submission(data: bytes) -> Submission:
    """Raises Invalid, TooLarge."""
    if len(data) > limits.SUBMISSION_BYTES_MAX:
        raise TooLarge(f"A checkpoint with its proof has {limits.SUBMISSION_BYTES_MAX} bytes at most.")
    try:
        head, separator, note = data.decode("utf-8").partition("\n\n")
    except UnicodeDecodeError:
        raise Invalid("A checkpoint is text in UTF-8.") from None
    first, *lines = head.split("\n")
    if not separator or not first.startswith("old "):
        raise Invalid("This is no checkpoint with a proof.", do="Its first line is `old` with a size.")
    proof = tuple(unb64(line) for line in lines)
    if len(proof) > limits.PROOF_HASHES_MAX or any(len(one) != HASH_BYTES for one in proof):
        raise Invalid(f"A proof has at most {limits.PROOF_HASHES_MAX} hashes of {HASH_BYTES} bytes.")
    return Submission(count(first.removeprefix("old ")), proof, note)


def read_size(data: bytes) -> int:
    """What a witness answers that holds the log at another size. Raises Invalid."""
    text = data[:32].decode("ascii", "replace")
    if not text.endswith("\n"):
        raise Invalid("This is no size.")
    return count(text.removesuffix("\n"))


def witness_of(manifest: KeyManifest) -> Witness | None:
    """The node as a witness: its node key, and the one that its custodians named for this; None where they named none.

    Raises Invalid.
    """
    if not manifest.witness:
        return None
    ed25519 = VerifierKey(manifest.node, ED25519, unb64u(manifest.node_ed25519))
    return Witness(manifest.node, (ed25519, read_vkey(manifest.witness)))
