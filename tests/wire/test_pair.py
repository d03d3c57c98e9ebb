"""Pairs of keys: the standards' thumbprints, and the fingerprint that people read to each other."""

import re

import pytest
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from comity.domain.errors import Invalid, Unauthenticated
from comity.wire.canonical import b64u
from comity.wire.pair import PublicPair, fingerprint, same_fingerprint, thumbprint
from tests.wire.cast import root, signer

ALDOVA = signer("aldova")
READ_ALOUD = fingerprint(root("aldova").public)


def test_the_thumbprint_of_an_ed25519_key_is_that_of_rfc_8037():
    # Appendix A.3
    key = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
    assert thumbprint(key) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_the_thumbprint_of_an_ml_dsa_key_is_that_of_rfc_9964():
    # The key from a seed of zeros
    public = MLDSA44PrivateKey.from_seed_bytes(bytes(32)).public_key().public_bytes_raw()
    key = {"kty": "AKP", "alg": "ML-DSA-44", "pub": b64u(public)}
    assert thumbprint(key) == "T4xl70S7MT6Zeq6r9V9fPJGVn76wfnXJ21-gyo0Gu6o"


def test_key_ids_differ_between_keys_and_levels():
    ids = [one for name in ("aldova", "bergenia") for who in (signer(name), root(name)) for one in who.public.key_ids]
    assert len(set(ids)) == 8


@pytest.mark.parametrize(
    ("ed25519", "mldsa", "level"), [(31, 1952, 65), (33, 1952, 65), (32, 2592, 65), (32, 1952, 87), (32, 0, 65)]
)
def test_a_key_of_the_wrong_length_is_none(ed25519, mldsa, level):
    with pytest.raises(Invalid):
        PublicPair(b"x" * ed25519, b"x" * mldsa, level)


@pytest.mark.parametrize("who", [signer("aldova"), root("aldova")], ids=["node", "root"])
def test_each_key_verifies_what_it_signed_and_nothing_else(who):
    pair = who.public
    assert pair.verified_ed25519(who.sign_ed25519(b"one"), b"one") == b"one"
    assert pair.verified_mldsa(who.sign_mldsa(b"one"), b"one") == b"one"
    for verify, sign in ((pair.verified_ed25519, who.sign_ed25519), (pair.verified_mldsa, who.sign_mldsa)):
        for signature, data in (
            (sign(b"one"), b"two"),
            (sign(b"one")[:-1], b"one"),
            (b"", b"one"),
            (bytes(64), b"one"),
        ):
            with pytest.raises(Unauthenticated):
                verify(signature, data)


def test_a_fingerprint_is_thirteen_groups_of_four_letters():
    assert re.fullmatch(r"[A-Z2-7]{4}(-[A-Z2-7]{4}){12}", READ_ALOUD)


def test_a_fingerprint_is_of_both_keys():
    pair, other = root("aldova").public, root("bergenia").public
    mixed = (PublicPair(pair.ed25519, other.mldsa, 87), PublicPair(other.ed25519, pair.mldsa, 87))
    assert len({fingerprint(one) for one in (pair, other, *mixed)}) == 4


@pytest.mark.parametrize(
    "typed",
    [READ_ALOUD.lower(), READ_ALOUD.replace("-", ""), READ_ALOUD.replace("-", " "), f"  {READ_ALOUD}\n"],
)
def test_capitals_blanks_and_hyphens_do_not_count(typed):
    assert same_fingerprint(typed, READ_ALOUD)
    assert same_fingerprint(READ_ALOUD, typed)


@pytest.mark.parametrize("typed", ["", "-", READ_ALOUD[:-1], READ_ALOUD[:4], READ_ALOUD + "A", READ_ALOUD[::-1]])
def test_an_incomplete_fingerprint_matches_nothing_not_even_itself(typed):
    assert not same_fingerprint(typed, READ_ALOUD)
    if typed != READ_ALOUD[::-1]:
        assert not same_fingerprint(typed, typed)
