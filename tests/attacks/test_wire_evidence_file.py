"""Attacks on a file of evidence: another entry, another number, another log, something else beside it, a zip bomb."""

import io
import zipfile
from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace

from comity.cli.evidence import _said
from comity.domain.errors import Invalid, Refusal, TooLarge, Unauthenticated, Unproved
from comity.domain.journal import Opening
from comity.domain.oversight import ErasedOpening
from comity.wire import evidence_file
from comity.wire.canonical import b64u
from comity.wire.checkpoint import verified, write, write_proof
from comity.wire.cosignature import cosign, with_cosignatures
from comity.wire.evidence_file import LogEvidence, proven, read_evidence_file, write_evidence_file
from comity.wire.leaf import commitment, leaf_hash_of
from comity.wire.log_policy import log_keys, read_policy
from comity.wire.merkle import inclusion_proof, root_at, subtrees_of
from tests.wire.cast import ENTRY, signer
from tests.wire.renew_golden import LEAVES, ORIGIN
from tests.wire.witnesses import witness

BERGENIA, ALDOVA = signer("bergenia"), witness("aldova")
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
OPENING = Opening(index=3, salt=b64u(bytes(range(32))), entry=ENTRY)
TREE = subtrees_of([*LEAVES[:3], leaf_hash_of(ENTRY, bytes(range(32))), *LEAVES[4:]])
CHECKPOINT = verified(write(ORIGIN, 7, root_at(7, TREE), BERGENIA, ORIGIN), ORIGIN, BERGENIA.public)
NOTE = with_cosignatures(CHECKPOINT.note, [(cosign(CHECKPOINT, ALDOVA, NOW), ALDOVA.witness)])
HASHES = inclusion_proof(3, 7, TREE)
POLICY = "".join(
    [
        *(f"log {key}\n" for key in log_keys(ORIGIN, BERGENIA.public)),
        *(f"witness {number} {key}\n" for number, key in enumerate(ALDOVA.witness.keys)),
        "group aldova all 0 1\nquorum aldova\n",
    ]
).encode()
EVIDENCE = LogEvidence(OPENING, write_proof(3, HASHES, NOTE), POLICY)


def test_evidence_is_checked_by_the_file_and_a_policy_alone():
    found = proven(read_evidence_file(write_evidence_file(EVIDENCE)), read_policy(POLICY))
    assert (found.opening, found.checkpoint.size, set(found.seen.values())) == (OPENING, 7, {NOW})


def test_the_same_evidence_is_the_same_bytes():
    assert write_evidence_file(EVIDENCE) == write_evidence_file(read_evidence_file(write_evidence_file(EVIDENCE)))


@pytest.mark.parametrize(
    ("evidence", "refusal"),
    [
        (replace(EVIDENCE, opening=replace(OPENING, entry=replace(ENTRY, actor="corvia"))), Unauthenticated),
        (replace(EVIDENCE, opening=replace(OPENING, salt=b64u(bytes(32)))), Unauthenticated),
        (replace(EVIDENCE, opening=replace(OPENING, index=4)), Unauthenticated),
        (replace(EVIDENCE, proof=write_proof(4, HASHES, NOTE)), Unauthenticated),
        (replace(EVIDENCE, proof=write_proof(3, HASHES, NOTE.replace("\n7\n", "\n8\n", 1))), Unauthenticated),
        (replace(EVIDENCE, proof=write_proof(3, HASHES, CHECKPOINT.note)), Unproved),
        (replace(EVIDENCE, proof=EVIDENCE.proof.replace(ORIGIN, "aldova/disclosures")), Invalid),
    ],
)
def test_evidence_of_something_else_proves_nothing(evidence: LogEvidence, refusal: type[Refusal]):
    with pytest.raises(refusal):
        proven(evidence, read_policy(POLICY))


LEFT = ErasedOpening(
    index=3,
    erased_on=date(2029, 3, 2),
    under="rulebook openings.lookup, 3 years",
    leaf=commitment(ENTRY, bytes(range(32))).decode(),
)


def test_evidence_of_an_erased_entry_proves_that_it_was_there_and_the_earlier_file_still_what_it_said():
    late = write_evidence_file(replace(EVIDENCE, opening=LEFT))
    found = proven(read_evidence_file(late), read_policy(POLICY))
    assert found.opening == LEFT
    said = "\n".join(_said(found))
    assert "bergenia wrote something down in its journal, as entry 3." in said
    assert "opening erased on 2029-03-02 under rulebook openings.lookup, 3 years. bergenia says so." in said
    assert proven(read_evidence_file(write_evidence_file(EVIDENCE)), read_policy(POLICY)).opening == OPENING


@pytest.mark.parametrize("changed", [{"leaf": LEFT.leaf.replace("a", "b")}, {"leaf": ""}, {"index": 4}])
def test_of_an_erased_entry_no_other_leaf_is_taken(changed: dict[str, object]):
    with pytest.raises(Unauthenticated):
        proven(replace(EVIDENCE, opening=replace(LEFT, **changed)), read_policy(POLICY))


def test_the_policy_inside_is_not_the_one_that_counts():
    own = replace(EVIDENCE, proof=write_proof(3, HASHES, CHECKPOINT.note), policy=b"quorum none\n")
    with pytest.raises(Unproved):
        proven(own, read_policy(POLICY))


def zipped(**more: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in {**dict.fromkeys(evidence_file.NAMES, b"{}"), **more}.items():
            archive.writestr(name, content)
    return written.getvalue()


@pytest.mark.parametrize("data", [b"", b"PK", write_evidence_file(EVIDENCE)[:-30], zipped(), zipped(more=b"")])
def test_what_is_no_evidence_is_refused(data: bytes):
    with pytest.raises(Invalid):
        read_evidence_file(data)


@pytest.mark.parametrize(
    ("mark", "behind", "value", "fault"),
    [
        (b"PK\x01\x02", 8, 0x01, "RuntimeError"),  # it says that it is encrypted
        (b"PK\x01\x02", 8, 0x20, "NotImplementedError"),  # it says that it is a patch to another
        (b"PK\x05\x06", 18, 0x7F, "ValueError"),  # its list of contents lies before its beginning
    ],
)
def test_a_file_that_says_odd_things_of_itself_is_refused(mark: bytes, behind: int, value: int, fault: str):
    data = bytearray(write_evidence_file(EVIDENCE))
    data[data.index(mark) + behind] = value
    with pytest.raises(Invalid, match=f"no file of evidence: {fault}"):
        read_evidence_file(bytes(data))


def test_a_small_file_does_not_become_a_large_one():
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in evidence_file.NAMES:
            archive.writestr(name, bytes(1000))
    with pytest.raises(TooLarge):
        read_evidence_file(written.getvalue())
    with pytest.raises(TooLarge):
        read_evidence_file(zipped(**{"opening.json": bytes(1024 * 1024 + 1)}))
