"""One entry of a journal as evidence, in a file that is checked without any network: the entry, its proof, the keys."""

import io
import zipfile
from datetime import datetime

from msgspec import Struct

from comity.domain import limits
from comity.domain.errors import Invalid, Refusal, TooLarge, Unauthenticated
from comity.domain.journal import Checkpoint, Opening
from comity.domain.oversight import ErasedOpening
from comity.wire.canonical import decode, encode, unb64u
from comity.wire.checkpoint import read_proof, read_text, verified_proof
from comity.wire.leaf import leaf_hash_of
from comity.wire.log_policy import Policy, quorum_of
from comity.wire.merkle import leaf_hash
from comity.wire.note import split

OPENING, ERASED, PROOF, POLICY = "opening.json", "erased.json", "entry.tlog-proof", "policy.txt"
NAMES = (OPENING, PROOF, POLICY)
NAMES_ERASED = (ERASED, PROOF, POLICY)  # of an entry whose term has ended
TIMESTAMP = "timestamp.tsr"  # may lie beside them: what an authority says of the proof (RFC 3161)
_BYTES_MAX = {POLICY: limits.LOG_POLICY_BYTES_MAX, TIMESTAMP: limits.TIMESTAMP_BYTES_MAX}
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # that a zip can say: the same evidence is the same bytes whenever it is written


class LogEvidence(Struct, frozen=True):
    """`policy` is whom the node believed that exported it: to be compared, never to be trusted for being there."""

    opening: Opening | ErasedOpening
    proof: str
    policy: bytes
    timestamp: bytes = b""


class Proven(Struct, frozen=True):
    """What follows from a piece of evidence and a policy that is trusted."""

    opening: Opening | ErasedOpening
    checkpoint: Checkpoint
    seen: dict[str, datetime]  # by which keys of witnesses, and when


def write_evidence_file(evidence: LogEvidence) -> bytes:
    """The zip."""
    contents = (encode(evidence.opening), evidence.proof.encode("utf-8"), evidence.policy)
    written = io.BytesIO()
    names = NAMES if isinstance(evidence.opening, Opening) else NAMES_ERASED
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in zip(names, contents, strict=True):
            archive.writestr(zipfile.ZipInfo(name, _EARLIEST), content)
        if evidence.timestamp:
            archive.writestr(zipfile.ZipInfo(TIMESTAMP, _EARLIEST), evidence.timestamp)
    return written.getvalue()


def stamped_part(evidence: LogEvidence) -> bytes:
    """What an authority for time is asked about: the proof, as it lies in the file."""
    return evidence.proof.encode("utf-8")


def read_evidence_file(data: bytes) -> LogEvidence:
    """What the file claims, unverified. Raises Invalid, TooLarge."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = NAMES_ERASED if ERASED in archive.namelist() else NAMES
            opening, proof, policy = (_content(archive, name) for name in names)
            stamped = TIMESTAMP in archive.namelist()
            if sorted(archive.namelist()) != sorted((*names, *([TIMESTAMP] if stamped else []))):
                raise Invalid("This file holds something else than evidence.", do=f"It has {', '.join(NAMES)}.")
            timestamp = _content(archive, TIMESTAMP) if stamped else b""
            said: Opening | ErasedOpening
            said = decode(opening, Opening, OPENING) if names == NAMES else decode(opening, ErasedOpening, ERASED)
            return LogEvidence(said, proof.decode("utf-8"), policy, timestamp)
    except Refusal:
        raise
    # ValueError: where it tells of places before its beginning. Falls without it:
    # tests/attacks/test_wire_evidence_file.py, odd things
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError, OSError) as wrong:
        raise Invalid(f"This is no file of evidence: {type(wrong).__name__}.") from None


def proven(evidence: LogEvidence, trusted: Policy) -> Proven:
    """What is proved of it to whoever trusts that policy.

    Raises Unauthenticated, Unproved, Invalid, TooLarge.
    """
    opening, claimed = evidence.opening, read_proof(evidence.proof)
    # Else the entry would be shown under a number that is not its own. Falls without it:
    # tests/attacks/test_wire_evidence_file.py
    if claimed.index != opening.index:
        raise Unauthenticated(f"The proof is of entry {claimed.index}, the opening of {opening.index}.")
    origin, _, _ = read_text(split(claimed.note)[0])
    leaf = (
        leaf_hash_of(opening.entry, unb64u(opening.salt))
        if isinstance(opening, Opening)
        else leaf_hash(opening.leaf.encode())
    )
    checkpoint = verified_proof(evidence.proof, leaf, origin, trusted.log(origin))
    return Proven(opening, checkpoint, quorum_of(checkpoint.note, trusted))


def _content(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        about = archive.getinfo(name)
    except KeyError:
        raise Invalid(f"The file lacks {name}.") from None
    bytes_max = _BYTES_MAX.get(name, limits.EVIDENCE_FILE_BYTES_MAX)
    # A small file must not become a large one. Falls without it: tests/attacks/test_wire_evidence_file.py
    if about.file_size > bytes_max or about.compress_type != zipfile.ZIP_STORED:
        raise TooLarge(f"{name} has {bytes_max} bytes at most, and is not compressed.")
    return archive.read(about)
