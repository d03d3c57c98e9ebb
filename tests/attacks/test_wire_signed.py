"""Attacks on signed documents: a signature removed, exchanged, borrowed; a second meaning smuggled in."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from comity.domain.errors import Invalid, Refusal, TooLarge, Unauthenticated
from comity.wire import signed
from comity.wire.canonical import b64u, encode
from tests.wire.cast import root, signer

ALDOVA, BERGENIA = signer("aldova"), signer("bergenia")
PAYLOAD = encode({"hello": "bureau"})
DOCUMENT: dict[str, Any] = json.loads(signed.sign(PAYLOAD, signed.LETTER, ALDOVA))
OTHERS: dict[str, Any] = json.loads(signed.sign(PAYLOAD, signed.LETTER, BERGENIA))
MANIFESTS: dict[str, Any] = json.loads(signed.sign(PAYLOAD, signed.MANIFEST, ALDOVA))
REJECT = Path(__file__).parent / "reject" / "signed"


def changed(change: Callable[[dict[str, Any]], object]) -> bytes:
    document = json.loads(json.dumps(DOCUMENT))
    change(document)
    return encode(document)


def header(which: int, **members: object) -> str:
    label = ("Ed25519", "ML-DSA-65")[which]
    return b64u(encode({"alg": label, "kid": ALDOVA.public.key_ids[which], "typ": signed.LETTER, **members}))


def resigned(which: int, protected: str) -> Callable[[dict[str, Any]], object]:
    """With another header, rightly signed by Aldova's own key."""

    def change(document: dict[str, Any]) -> None:
        sign = (ALDOVA.sign_ed25519, ALDOVA.sign_mldsa)[which]
        signature = sign(f"{protected}.{document['payload']}".encode())
        document["signatures"][which] = {"protected": protected, "signature": b64u(signature)}

    return change


def put(index: int, key: str, value: object) -> Callable[[dict[str, Any]], object]:
    return lambda document: document["signatures"][index].__setitem__(key, value)


ATTACKS: dict[str, Callable[[dict[str, Any]], object]] = {
    "post-quantum signature removed": lambda d: d["signatures"].pop(1),
    "classical signature removed": lambda d: d["signatures"].pop(0),
    "both removed": lambda d: d.__setitem__("signatures", []),
    "one signature twice": lambda d: d["signatures"].__setitem__(1, d["signatures"][0]),
    "a third signature": lambda d: d["signatures"].append(OTHERS["signatures"][0]),
    "the other order": lambda d: d["signatures"].reverse(),
    "another's post-quantum signature": lambda d: d["signatures"].__setitem__(1, OTHERS["signatures"][1]),
    "another's classical signature": lambda d: d["signatures"].__setitem__(0, OTHERS["signatures"][0]),
    "signed as another type": lambda d: d.__setitem__("signatures", MANIFESTS["signatures"]),
    "payload exchanged": lambda d: d.__setitem__("payload", b64u(b'{"hello":"nobody"}')),
    "unprotected header": put(0, "header", {"kid": "x"}),
    "unknown member": lambda d: d.__setitem__("comment", "x"),
    "flattened too": lambda d: d.__setitem__("signature", d["signatures"][0]["signature"]),
    "algorithm none": resigned(1, header(1, alg="none")),
    "algorithm EdDSA": resigned(0, header(0, alg="EdDSA")),
    "embedded key": resigned(0, header(0, jwk={"kty": "OKP"})),
    "critical extension": resigned(0, header(0, crit=["b64"], b64=False)),
    "no type": resigned(0, b64u(encode({"alg": "Ed25519", "kid": ALDOVA.public.key_ids[0]}))),
    "signature empty": put(1, "signature", ""),
    "signature not base64url": put(1, "signature", "=" + DOCUMENT["signatures"][1]["signature"]),
    "signature of zeros": put(1, "signature", b64u(bytes(3309))),
}


def test_what_was_signed_is_read():
    assert signed.verified(encode(DOCUMENT), signed.LETTER, ALDOVA.public) == PAYLOAD


@pytest.mark.parametrize("attack", ATTACKS)
def test_attack_is_refused(attack):
    with pytest.raises(Refusal) as refused:
        signed.verified(changed(ATTACKS[attack]), signed.LETTER, ALDOVA.public)
    assert isinstance(refused.value, Unauthenticated | Invalid)


@pytest.mark.parametrize("file", sorted(REJECT.glob("*.json")), ids=lambda file: file.stem)
def test_a_hostile_file_is_refused(file):
    with pytest.raises(Refusal):
        signed.verified(file.read_bytes(), signed.LETTER, ALDOVA.public)


def test_there_are_hostile_files():
    assert len(list(REJECT.glob("*.json"))) >= 4


@pytest.mark.parametrize("which", [0, 1])
def test_one_flipped_bit_in_either_signature_is_enough(which):
    text = DOCUMENT["signatures"][which]["signature"]
    other = ("B" if text[10] != "B" else "C").join((text[:10], text[11:]))
    with pytest.raises(Unauthenticated):
        signed.verified(changed(put(which, "signature", other)), signed.LETTER, ALDOVA.public)


def test_a_letter_does_not_pass_for_a_manifest():
    with pytest.raises(Unauthenticated):
        signed.verified(encode(DOCUMENT), signed.MANIFEST, ALDOVA.public)


def test_a_document_of_another_does_not_pass():
    with pytest.raises(Unauthenticated):
        signed.verified(encode(OTHERS), signed.LETTER, ALDOVA.public)


def test_a_root_signs_with_ml_dsa_87_and_is_not_read_at_65():
    document = signed.sign(PAYLOAD, signed.MANIFEST, root("aldova"))
    assert signed.verified(document, signed.MANIFEST, root("aldova").public) == PAYLOAD
    with pytest.raises(Unauthenticated):
        signed.verified(document, signed.MANIFEST, ALDOVA.public)


def test_what_is_too_large_is_refused_before_it_is_parsed():
    with pytest.raises(TooLarge):
        signed.verified(b"[" * (signed.BYTES_MAX[signed.MANIFEST] + 1), signed.MANIFEST, ALDOVA.public)
    with pytest.raises(TooLarge):
        signed.sign(b"x" * signed.BYTES_MAX[signed.MANIFEST], signed.MANIFEST, ALDOVA)


def test_a_document_signed_by_keys_it_names_is_not_read_under_others():
    with pytest.raises(Unauthenticated):
        signed.verified_by_itself(encode(DOCUMENT), signed.LETTER, lambda claimed: BERGENIA.public)
    assert signed.verified_by_itself(encode(DOCUMENT), signed.LETTER, lambda claimed: ALDOVA.public) == PAYLOAD
