"""What a node says of itself, and what it may not say."""

import pytest

from comity.domain.errors import Invalid, Refusal, TooLarge, Unauthenticated
from comity.wire.canonical import encode
from comity.wire.http import authority_of
from comity.wire.manifest import node_pair, root_pair, signed_manifest, verified_manifest
from comity.wire.pair import fingerprint
from comity.wire.signed import MANIFEST, sign
from tests.wire.cast import ALDOVA, CERTIFICATE, manifest, root, signer


def test_a_manifest_is_read_with_the_fingerprint_of_its_root():
    read, found = verified_manifest(signed_manifest(ALDOVA, root("aldova")))
    assert (read, found) == (ALDOVA, fingerprint(root("aldova").public))
    assert node_pair(read) == signer("aldova").public
    assert root_pair(read) == root("aldova").public


WRONG = {
    "version": 0,
    "name": " ",
    "contact": "line\nbreak",
    "issued_at": "2026-03-01T08:00:00",
    "address": "http://aldova.example:8443",
    "root_ed25519": "AAAA",
    "root_mldsa87": ALDOVA.node_mldsa65,
    "node_mldsa65": ALDOVA.root_mldsa87,
    "node_ed25519": ALDOVA.root_ed25519,
    "tls_certificate": CERTIFICATE * 2,
}


@pytest.mark.parametrize("field", WRONG)
def test_a_manifest_with_a_wrong_field_is_neither_signed_nor_read(field):
    wrong = manifest("aldova", "XA", **{field: WRONG[field]})
    with pytest.raises(Invalid):
        signed_manifest(wrong, root("aldova"))
    with pytest.raises(Refusal):
        verified_manifest(sign(encode(wrong), MANIFEST, root("aldova")).decode())


SHAPED = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"


@pytest.mark.parametrize(
    "pem", [SHAPED, "", "x", CERTIFICATE + "x", CERTIFICATE[:-30], "x\n" + CERTIFICATE, CERTIFICATE + CERTIFICATE]
)
def test_exactly_one_certificate_and_nothing_else(pem):
    with pytest.raises(Invalid) as refused:
        signed_manifest(manifest("aldova", "XA", tls_certificate=pem), root("aldova"))
    assert refused.value.where == "tls_certificate"


def test_only_the_root_in_the_manifest_signs_it():
    with pytest.raises(Invalid):
        signed_manifest(ALDOVA, root("bergenia"))
    with pytest.raises(Unauthenticated):
        verified_manifest(sign(encode(ALDOVA), MANIFEST, root("bergenia")).decode())


@pytest.mark.parametrize(
    ("change", "where"),
    [({"node": "ALDOVA"}, "manifest"), ({"country": "XX1"}, "manifest"), ({"role": "king"}, "role")],
)
def test_a_manifest_that_names_nobody_is_refused(change, where):
    plain = {name: getattr(ALDOVA, name) for name in ALDOVA.__struct_fields__} | change
    with pytest.raises(Invalid) as refused:
        verified_manifest(sign(encode(plain), MANIFEST, root("aldova")).decode())
    assert refused.value.where == where


def test_an_unknown_field_is_refused():
    plain = {name: getattr(ALDOVA, name) for name in ALDOVA.__struct_fields__} | {"also": 1}
    with pytest.raises(Invalid, match="unknown field"):
        verified_manifest(sign(encode(plain), MANIFEST, root("aldova")).decode())


def test_text_that_is_no_manifest_is_refused():
    with pytest.raises(Invalid):
        verified_manifest("é")
    with pytest.raises(TooLarge):
        verified_manifest("x" * 70_000)


@pytest.mark.parametrize(
    ("address", "authority"),
    [
        ("https://hub.example:8443", "hub.example:8443"),
        ("https://hub.example:443", "hub.example"),
        ("https://hub.example/", "hub.example"),
        ("https://127.0.0.1:9000", "127.0.0.1:9000"),
        ("https://[::1]:9000", "[::1]:9000"),
    ],
)
def test_host_and_port_are_read_from_an_address(address, authority):
    assert authority_of(address) == authority


@pytest.mark.parametrize(
    "address",
    ["", "hub.example", "http://hub.example", "https://Hub.example", "https://a@hub.example", "https://hub.example/x",
     "https://hub.example:8443?x", "https://hub.example#x", "https://hub example", "https://:8443", "https://hub:123456"],
)  # fmt: skip
def test_what_is_no_address_is_refused(address):
    with pytest.raises(Invalid):
        authority_of(address)
