"""Our signatures on requests and responses, read and written by an independent implementation of RFC 9421."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import msgspec
import pytest
from cryptography.exceptions import InvalidSignature as WrongSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PublicKey
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureAlgorithm,
    InvalidSignature,
    algorithms,
)

from comity.wire import signature
from comity.wire.http import Request, Response
from tests.wire.cast import signer

ALDOVA, BERGENIA = signer("aldova"), signer("bergenia")
JSON = {"content-type": "application/json"}
POST = Request(
    method="POST",
    authority="bergenia.example:8443",
    target="/federation/v1/letters?a=1&b=%20",
    headers=JSON,
    body=b"{}",
)
GET = Request(method="GET", authority="bergenia.example", target="/federation/v1/directory")


def now() -> datetime:
    """The library reads the machine's clock, so a signature is made when its test runs."""
    return datetime.now(UTC).replace(microsecond=0)


class MLDSA65(HTTPSignatureAlgorithm):
    """After C2SP httpsig-pq."""

    algorithm_id = "ml-dsa-65"

    def __init__(self, public_key=None, private_key=None):
        self.public_key = public_key

    def verify(self, signature, message):
        try:
            self.public_key.verify(signature, message)
        except WrongSignature as wrong:
            raise InvalidSignature(str(wrong)) from wrong


class Keys:
    def __init__(self, who):
        self.found = {
            who.public.key_ids[0]: Ed25519PublicKey.from_public_bytes(who.public.ed25519),
            who.public.key_ids[1]: MLDSA65PublicKey.from_public_bytes(who.public.mldsa),
        }

    def resolve_public_key(self, key_id):
        return self.found[key_id]


def plain(message: Request | Response, request: Request | None = None) -> SimpleNamespace:
    if isinstance(message, Request):
        url = f"https://{message.authority}{message.target}"
        return SimpleNamespace(method=message.method, url=url, headers=dict(message.headers))
    return SimpleNamespace(status_code=message.status, headers=dict(message.headers), request=plain(request))


def read_by_the_library(message, who, body, components, request=None):
    for label, algorithm in zip(signature.LABELS, (algorithms.ED25519, MLDSA65), strict=True):
        verifier = HTTPMessageVerifier(signature_algorithm=algorithm, key_resolver=Keys(who))
        (result,) = verifier.verify(
            plain(message, request),
            max_age=timedelta(seconds=60),
            expect_tag="comity",
            expect_label=label,
            require_components=components,
            body=body,
        )
        assert result.label == label


@pytest.mark.parametrize("request_", [POST, GET], ids=["post", "get"])
def test_the_library_reads_our_requests(request_):
    sent = signature.signed_request(request_, ALDOVA, now(), bytes(16))
    covered = ["@method", "@authority", "@target-uri", "content-digest", "comity-version"]
    read_by_the_library(sent, ALDOVA, sent.body, covered + ["content-type"] * bool(sent.body))


@pytest.mark.parametrize("body", [b'{"a":1}', b""], ids=["body", "no body"])
def test_the_library_reads_our_responses(body):
    sent = signature.signed_request(POST, ALDOVA, now(), bytes(16))
    response = Response(status=200 if body else 304, headers=JSON if body else {}, body=body)
    answered = signature.signed_response(response, sent, BERGENIA, now())
    covered = ["@status", "content-digest", '"@method";req', '"@target-uri";req', '"signature";req']
    read_by_the_library(answered, BERGENIA, body, covered, sent)


def test_the_library_refuses_our_response_to_another_request():
    sent, other = (signature.signed_request(POST, ALDOVA, now(), bytes([number]) * 16) for number in (1, 2))
    answered = signature.signed_response(Response(status=200, headers=JSON, body=b"{}"), sent, BERGENIA, now())
    with pytest.raises(InvalidSignature):
        read_by_the_library(answered, BERGENIA, b"{}", ["@status"], other)


def test_what_the_library_signs_is_what_we_sign():
    """The signature base is compared through Ed25519, which gives the same signature for the same bytes."""
    sent = signature.signed_request(POST, ALDOVA, now(), bytes(16))
    target = plain(msgspec.structs.replace(sent, headers={**JSON, "comity-version": "1"}))
    library = HTTPMessageSigner(signature_algorithm=algorithms.ED25519)
    prepared = library.prepare(
        target,
        key_id=ALDOVA.public.key_ids[0],
        created=now(),
        expires=now() + timedelta(seconds=60),
        nonce="A" * 22,
        label="ed25519",
        tag="comity",
        covered_component_ids=[
            "@method",
            "@authority",
            "@target-uri",
            "content-type",
            "content-digest",
            "comity-version",
        ],
        body=sent.body,
    )
    ours = sent.headers["signature-input"].split(", ml-dsa-65=")[0].removeprefix("ed25519=")
    components, _, parameters = prepared.signature_base.rpartition(b'\n"@signature-params": ')
    assert sorted(parameters.decode().split(";")) == sorted(ours.split(";"))  # their order is the signer's choice
    expected = components + b'\n"@signature-params": ' + ours.encode()
    assert sent.headers["signature"].startswith(
        "ed25519=:" + signature.base64.b64encode(ALDOVA.sign_ed25519(expected)).decode() + ":,"
    )
