"""Official examples of the standards that the wire stands on: JCS, JWK, JWS, ML-DSA, ML-KEM, X-Wing, HPKE."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.bindings._rust import openssl
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PublicKey, MLDSA87PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from comity.domain.errors import Unauthenticated
from comity.keys.pair import PairSigner
from comity.wire import age
from comity.wire.age import Identity
from comity.wire.canonical import encode, unb64u
from comity.wire.pair import PublicPair, thumbprint
from tests.wire.cast import signer

FOLDER = Path(__file__).parent / "vectors"
JCS = sorted((FOLDER / "jcs" / "input").glob("*.json"))


def cases(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((FOLDER / name).read_text("utf-8"))
    return found


# -- RFC 8785, canonical JSON ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", JCS, ids=lambda file: file.stem)
def test_json_comes_out_canonical(file):
    expected = (FOLDER / "jcs" / "output" / file.name).read_bytes().rstrip(b"\n")
    assert encode(json.loads(file.read_bytes())) == expected


def test_there_are_all_six_of_them():
    assert len(JCS) == 6


# -- RFC 7638, thumbprints; RFC 8037, Ed25519 --------------------------------------------------------------------------

# RFC 7638, section 3.1
RSA = {
    "e": "AQAB",
    "kty": "RSA",
    "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3o"
    "knjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5"
    "hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
}
# RFC 8037, appendix A.1, A.3 and A.4. Its header still says EdDSA, which RFC 9864 replaced by Ed25519; what is signed
# is the same.
ED25519_SEED = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"
ED25519_PUBLIC = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
ED25519_ID = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
ED25519_SIGNED = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"
ED25519_SIGNATURE = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"


def test_the_thumbprint_of_rfc_7638_comes_out():
    assert thumbprint(RSA) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


def test_the_ed25519_key_of_rfc_8037_has_its_thumbprint_and_makes_its_signature():
    key = PairSigner(unb64u(ED25519_SEED), bytes(32), 65)
    assert key.public.ed25519 == unb64u(ED25519_PUBLIC)
    assert key.public.key_ids[0] == ED25519_ID
    assert key.sign_ed25519(ED25519_SIGNED.encode()) == unb64u(ED25519_SIGNATURE)
    assert key.public.verified_ed25519(unb64u(ED25519_SIGNATURE), ED25519_SIGNED.encode())


# -- RFC 9964, ML-DSA in JOSE; FIPS 204 --------------------------------------------------------------------------------


@pytest.mark.parametrize("case", cases("rfc9964.json"), ids=lambda case: case["jwk"]["alg"])
def test_the_ml_dsa_keys_of_rfc_9964_have_their_thumbprints_and_their_signatures_verify(case):
    level = int(case["jwk"]["alg"][-2:])
    key = PairSigner(bytes(32), unb64u(case["priv"]), level)
    assert key.public.mldsa == unb64u(case["jwk"]["pub"])
    assert key.public.key_ids[1] == case["jwk"]["kid"]
    signed = f"{case['protected']}.{case['payload']}".encode()
    assert key.public.verified_mldsa(unb64u(case["signature"]), signed) == signed
    with pytest.raises(Unauthenticated):
        key.public.verified_mldsa(unb64u(case["signature"]), signed + b"x")


@pytest.mark.parametrize("case", cases("ml_dsa.json"), ids=lambda case: f"{case['level']}-{case['msg'][:8]}")
def test_ml_dsa_keys_come_out_of_their_seeds_and_signatures_verify(case):
    level = case["level"]
    public, signature, message = (bytes.fromhex(case[name]) for name in ("pk", "signature", "msg"))
    assert PairSigner(bytes(32), bytes.fromhex(case["seed"]), level).public.mldsa == public
    loaded = (MLDSA65PublicKey if level == 65 else MLDSA87PublicKey).from_public_bytes(public)
    loaded.verify(signature, message, bytes.fromhex(case["ctx"]))
    # Ours are signed without a context: one made for another use does not pass.
    with pytest.raises(Unauthenticated):
        PublicPair(signer("aldova").public.ed25519, public, level).verified_mldsa(signature, message)


# -- FIPS 203, X-Wing, HPKE --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", cases("ml_kem.json"), ids=lambda case: case["d"][:8])
def test_ml_kem_keys_come_out_of_their_seeds_and_open(case):
    key = MLKEM768PrivateKey.from_seed_bytes(bytes.fromhex(case["d"] + case["z"]))
    assert key.public_key().public_bytes_raw().hex() == case["pk"]
    assert key.decapsulate(bytes.fromhex(case["ct"])).hex() == case["ss"]
    if "ct_n" in case:  # not made for this key: opened to what nobody knows
        assert key.decapsulate(bytes.fromhex(case["ct_n"])).hex() == case["ss_n"]


@pytest.mark.parametrize("case", cases("xwing.json"), ids=lambda case: case["seed"][:8])
def test_x_wing_keys_come_out_of_their_seeds_and_open(case):
    seed, wrapped = bytes.fromhex(case["seed"]), bytes.fromhex(case["ct"])
    assert Identity(seed).recipient.public.hex() == case["pk"]
    # The library opens X-Wing inside HPKE only, so its parts are put together here: draft-connolly-cfrg-xwing-kem, 5.3.
    expanded = hashlib.shake_256(seed).digest(96)
    theirs = X25519PublicKey.from_public_bytes(wrapped[1088:])
    secrets = (
        MLKEM768PrivateKey.from_seed_bytes(expanded[:64]).decapsulate(wrapped[:1088])
        + X25519PrivateKey.from_private_bytes(expanded[64:]).exchange(theirs)
        + wrapped[1088:]
        + bytes.fromhex(case["pk"])[1184:]
    )
    assert hashlib.sha3_256(secrets + b"\\.//^\\").hexdigest() == case["ss"]


@pytest.mark.parametrize("case", cases("hpke.json"), ids=["MLKEM768-X25519, HKDF-SHA256, ChaCha20Poly1305"])
def test_hpke_opens_what_the_draft_sealed_to_an_x_wing_key(case):
    """draft-ietf-hpke-pq, our very suite; the first message of its sequence, for each key seals one."""
    key = Identity(bytes.fromhex(case["skRm"]))
    assert key.recipient.public.hex() == case["pkRm"]
    first = case["encryptions"][0]
    sealed = bytes.fromhex(case["enc"] + first["ct"])
    opened = openssl.hpke._decrypt_with_aad(
        age._SUITE, sealed, key._key, bytes.fromhex(case["info"]), bytes.fromhex(first["aad"])
    )
    assert opened.hex() == first["pt"]
    with pytest.raises(InvalidTag):
        openssl.hpke._decrypt_with_aad(age._SUITE, sealed, key._key, b"", bytes.fromhex(first["aad"]))
