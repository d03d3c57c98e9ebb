"""Attacks on a signed bundle of law: signatures removed, borrowed, exchanged; fields that nobody signed for."""

from pathlib import Path

import msgspec
import pytest

from comity.domain import limits
from comity.domain.errors import Conflict, Invalid, Refusal, TooLarge, Unauthenticated
from comity.wire import bundle as wire
from comity.wire.bundle import joined_bundle, opened_bundle, verified_bundle
from comity.wire.canonical import encode
from tests.attacks import law_files
from tests.wire.cast import signer
from tests.wire.law_cast import BUNDLE, PAIRS, WITHDRAWAL, changed, signed

HERE = Path(__file__).parent
REJECTED = sorted((HERE / "reject" / "bundle").glob("*.json"))
ACCEPTED = sorted((HERE / "accept" / "bundle").glob("*.json"))


@pytest.mark.parametrize("file", REJECTED, ids=lambda file: file.stem)
def test_a_bundle_with_this_defect_is_refused(file: Path):
    with pytest.raises((Unauthenticated, Invalid)):
        verified_bundle(file.read_bytes(), PAIRS)


@pytest.mark.parametrize("file", ACCEPTED, ids=lambda file: file.stem)
def test_a_bundle_without_defect_is_read(file: Path):
    read = verified_bundle(file.read_bytes(), PAIRS)
    assert read.signed
    assert opened_bundle(file.read_bytes()) == read


def test_each_file_is_named_in_the_list_that_writes_it():
    assert {one.stem for one in REJECTED} == set(law_files.REJECT)
    assert {one.stem for one in ACCEPTED} == set(law_files.ACCEPT)


def test_any_flipped_byte_of_a_bundle_is_noticed():
    document = signed()
    for at in range(10, len(document), 997):
        changed_byte = bytes([document[at] ^ 1])
        with pytest.raises(Refusal):
            verified_bundle(document[:at] + changed_byte + document[at + 1 :], PAIRS)


@pytest.mark.parametrize("which", [0, 1], ids=["Ed25519", "ML-DSA"])
def test_one_good_signature_of_a_signatory_does_not_stand_for_the_other(which: int):
    """Whoever breaks one algorithm has not broken the law of a member."""
    mine, other = (msgspec.json.decode(one) for one in (signed(), signed(changed(valid_from=BUNDLE.valid_until))))
    mine["signatures"][which]["signature"] = other["signatures"][which]["signature"]
    with pytest.raises(Unauthenticated):
        verified_bundle(encode(mine), PAIRS)


def test_a_bundle_over_the_limit_is_not_even_parsed():
    with pytest.raises(TooLarge):
        verified_bundle(b"[" * (limits.BUNDLE_BYTES_MAX + 1), PAIRS)


def test_signatures_of_two_texts_are_never_put_together():
    other = signed(changed(version=2, previous="0" * 64), "bergenia")
    with pytest.raises(Conflict):
        joined_bundle(signed(BUNDLE, "aldova"), other)


def test_signatures_come_together_whoever_signed_first():
    one, other = signed(BUNDLE, "aldova"), signed(BUNDLE, "bergenia")
    assert verified_bundle(joined_bundle(one, other), PAIRS).signed == ("aldova", "bergenia")
    assert verified_bundle(joined_bundle(other, one), PAIRS).signed == ("aldova", "bergenia")
    assert joined_bundle(joined_bundle(one, other), other) == joined_bundle(one, other)


def test_a_renewed_key_does_not_vouch_for_what_the_old_one_signed():
    pairs = {**PAIRS, "bergenia": signer("bergenia 2").public}
    with pytest.raises(Unauthenticated, match="bergenia"):
        verified_bundle(signed(), pairs)


def test_nobody_signs_who_is_no_signatory():
    with pytest.raises(Invalid, match="corvia is no signatory"):
        wire.signed_bundle(BUNDLE, "corvia", signer("corvia"))
    with pytest.raises(Conflict):
        wire.countersigned_bundle(signed(), "aldova", signer("aldova"))


def test_a_withdrawal_is_signed_by_its_signatory_alone():
    document = wire.signed_withdrawal(WITHDRAWAL, signer("bergenia"))
    assert wire.verified_withdrawal(document, PAIRS["bergenia"]).withdrawal == WITHDRAWAL
    with pytest.raises(Unauthenticated):
        wire.verified_withdrawal(wire.signed_withdrawal(WITHDRAWAL, signer("aldova")), PAIRS["bergenia"])
    with pytest.raises(Refusal):
        wire.verified_withdrawal(signed(BUNDLE, "bergenia"), PAIRS["bergenia"])
    with pytest.raises(Invalid):
        wire.opened_withdrawal(encode({"payload": "e30", "signatures": []}))
