"""The official test files of the age format (C2SP/CCTV): every one of them, whole or in its parts."""

import hashlib
import io
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from msgspec import Struct

from comity.domain.errors import Invalid, Missing, Refusal, Unauthenticated
from comity.wire import age, age_header
from comity.wire.age import Identity
from comity.wire.stream import Reader

FOLDER = Path(__file__).parent / "vectors" / "age_cctv"
HYBRID = "AGE-SECRET-KEY-PQ-"


class Case(Struct):
    """One file: what is expected of it, and the age file in it."""

    name: str
    expect: str
    payload: str
    file_key: bytes
    identities: list[str]
    armored: bool
    data: bytes


def read(path: Path) -> Case:
    head, _, data = path.read_bytes().partition(b"\n\n")
    pairs = [line.split(": ", 1) for line in head.decode().splitlines()]
    told = dict(pairs)
    return Case(
        name=path.name,
        expect=told["expect"],
        payload=told.get("payload", ""),
        file_key=bytes.fromhex(told["file key"]),
        identities=[value for key, value in pairs if key == "identity"],
        armored="armored" in told,
        data=zlib.decompress(data) if "compressed" in told else data,
    )


CASES = [read(path) for path in sorted(FOLDER.iterdir())]
ARMORED = [case for case in CASES if case.armored]
SEALED_TO_HYBRID = [
    case for case in CASES if not case.armored and any(one.startswith(HYBRID) for one in case.identities)
]
OTHERS = [case for case in CASES if case not in ARMORED and case not in SEALED_TO_HYBRID]

# age takes these; Comity refuses every recipient beside the hybrid ones.
BESIDE_OTHERS = {"hybrid_and_x25519", "hybrid_grease"}
OF_ANOTHER_TYPE = {"hybrid_uppercase"}
# The header is well formed in itself; what is wrong belongs to a type of recipient that is refused anyway.
WRONG_IN_THEIR_TYPE = ("x25519_", "scrypt_")


def named(case: Case) -> str:
    return case.name


def opened(case: Case) -> bytes:
    return age.decrypt(case.data, [Identity.parse(one) for one in case.identities if one.startswith(HYBRID)])


def test_there_are_as_many_files_as_were_published():
    assert (len(CASES), len(ARMORED), len(SEALED_TO_HYBRID), len(OTHERS)) == (143, 33, 18, 92)


@pytest.mark.parametrize("case", SEALED_TO_HYBRID, ids=named)
def test_a_file_for_a_hybrid_recipient_is_opened_or_refused_as_it_says(case):
    if case.expect == "success" and case.name not in BESIDE_OTHERS:
        assert hashlib.sha256(opened(case)).hexdigest() == case.payload
        return
    with pytest.raises(Refusal) as refused:
        opened(case)
    if case.expect == "no match" and case.name not in OF_ANOTHER_TYPE:
        assert isinstance(refused.value, Missing)
    if case.name in BESIDE_OTHERS:
        assert "Only mlkem768x25519 is taken" in str(refused.value)


@pytest.mark.parametrize("case", ARMORED + OTHERS, ids=named)
def test_a_file_in_armor_or_for_another_type_of_recipient_is_refused(case):
    with pytest.raises(Refusal):
        age.decrypt(case.data, [Identity(bytes(32))])


@pytest.mark.parametrize("case", OTHERS, ids=named)
def test_header_mac_and_payload_are_read_as_the_file_says(case):
    """Whoever the recipients are: the file key stands beside each file."""
    source = io.BytesIO(case.data)
    if case.expect == "header failure":
        with suppress(Invalid) if case.name.startswith(WRONG_IN_THEIR_TYPE) else pytest.raises(Invalid):
            Reader(source, case.file_key if age_header.read(source) else b"")
        return
    header = age_header.read(source)
    if case.expect == "HMAC failure":
        with pytest.raises(Unauthenticated):
            age_header.verified(header, case.file_key)
    if case.expect not in ("success", "payload failure"):
        return
    age_header.verified(header, case.file_key)
    told = hashlib.sha256()
    try:
        for chunk in Reader(source, case.file_key).chunks():
            told.update(chunk)
        ended = "success"
    except Refusal:
        ended = "payload failure"
    assert (ended, told.hexdigest() if case.payload else "") == (case.expect, case.payload)


@pytest.mark.parametrize("case", [case for case in OTHERS if case.expect == "success"], ids=named)
def test_any_part_of_a_file_is_read_alone(case):
    source = io.BytesIO(case.data)
    age_header.read(source)
    start = source.tell()
    whole = Reader(source, case.file_key).read()
    source.seek(start)
    part = Reader(source, case.file_key)
    assert part.size == len(whole)
    for offset in (0, 1, len(whole) // 2, 65_535, 65_536, max(0, len(whole) - 1), len(whole), len(whole) + 1):
        assert part.read_at(offset, 70_000) == whole[offset : offset + 70_000]
