"""Attacks on signed requests and responses: relayed, replayed, exchanged, half signed, signed for less."""

import base64
from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest

from comity.domain.errors import Invalid, Refusal, Replayed, TooLarge, Unauthenticated
from comity.wire import signature
from comity.wire.http import Request, Response, headers_of
from comity.wire.pair import PublicPair
from tests.wire.cast import NOW, root, signer

ALDOVA, BERGENIA, CORVIA = signer("aldova"), signer("bergenia"), signer("corvia")
AT_BERGENIA = "bergenia.example:8443"
NONCE = bytes(range(16))
JSON = {"content-type": "application/json"}
KEYS = {one.public.key_ids[0]: (name, one.public) for name, one in (("aldova", ALDOVA), ("corvia", CORVIA))}

PLAIN = Request(
    method="POST", authority=AT_BERGENIA, target="/federation/v1/questions?x=1", headers=JSON, body=b'{"question":1}'
)
ASKED = signature.signed_request(PLAIN, ALDOVA, NOW, NONCE)
ANSWERED = signature.signed_response(Response(status=200, headers=JSON, body=b'{"answer":1}'), ASKED, BERGENIA, NOW)

LABELLED = dict(zip(signature.LABELS, ASKED.headers["signature"].split(", "), strict=True))
INPUTS = ASKED.headers["signature-input"].replace(", ml-dsa-65=", "\n").split("\n")
ED_INPUT, ML_INPUT = INPUTS[0].removeprefix("ed25519="), INPUTS[1]


def at_bergenia(request: Request, now=NOW) -> signature.VerifiedRequest:
    return signature.verified_request(request, AT_BERGENIA, KEYS.get, now)


def with_headers(message, **headers):
    return msgspec.structs.replace(
        message, headers={**message.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
    )


def without(message, *names: str):
    return msgspec.structs.replace(
        message, headers={name: value for name, value in message.headers.items() if name not in names}
    )


def half_by(second) -> Request:
    """Aldova's Ed25519 signature beside another's ML-DSA signature over the same."""
    others = signature.signed_request(PLAIN, second, NOW, NONCE)
    return with_headers(
        ASKED,
        signature_input=f"ed25519={ED_INPUT}, {others.headers['signature-input'].split(', ')[1]}",
        signature=f"{LABELLED['ed25519']}, {others.headers['signature'].split(', ')[1]}",
    )


def covering(components: dict[str, str]) -> Request:
    """Rightly signed by both keys of Aldova, but over these components."""
    return with_headers(ASKED, **signature._signatures(components, ALDOVA, NOW, ';nonce="AAECAwQFBgcICQoLDA0ODw"'))


FULL = signature._request_components(ASKED, AT_BERGENIA)


def lasting(seconds: int) -> Request:
    """Rightly signed by both keys of Aldova, for that long."""
    created = int(NOW.timestamp())
    return resigned(lambda which, text: text.replace(f"expires={created + 60}", f"expires={created + seconds}"))


def made_apart() -> Request:
    """Both signatures are right, but the second was made a second later."""
    later = signature.signed_request(PLAIN, ALDOVA, NOW + timedelta(seconds=1), NONCE)
    return with_headers(
        ASKED,
        signature_input=f"ed25519={ED_INPUT}, {later.headers['signature-input'].split(', ')[1]}",
        signature=f"{LABELLED['ed25519']}, {later.headers['signature'].split(', ')[1]}",
    )


def zeros(message, which: int):
    """One of the two signatures is as long as it should be, and empty of meaning."""
    parts = message.headers["signature"].split(", ")
    length = (64, 3309)[which]
    parts[which] = f"{signature.LABELS[which]}=:{base64.b64encode(bytes(length)).decode()}:"
    return with_headers(message, signature=", ".join(parts))


def claiming(which: int, covered: str) -> Request:
    """Signed over everything by both keys of Aldova; one signature claims to cover only this."""
    return resigned(lambda label, text: text.replace(signature._covered(FULL), covered) if label == which else text)


def resigned(change: Callable[[int, str], str]) -> Request:
    """Rightly signed by both keys of Aldova under parameters of our own making; `change` gets 0 or 1, and the text."""
    inputs, made = [], []
    for which, sign in enumerate((ALDOVA.sign_ed25519, ALDOVA.sign_mldsa)):
        text = change(which, (ED_INPUT, ML_INPUT)[which])
        inputs.append(f"{signature.LABELS[which]}={text}")
        made.append(f"{signature.LABELS[which]}=:{base64.b64encode(sign(signature._base(FULL, text))).decode()}:")
    return with_headers(ASKED, signature_input=", ".join(inputs), signature=", ".join(made))


def of_version(version: str) -> Request:
    """Rightly signed by both keys of Aldova, in another version of the protocol."""
    asked = with_headers(ASKED, comity_version=version)
    components = {**FULL, '"comity-version"': version}
    return with_headers(asked, **signature._signatures(components, ALDOVA, NOW, ';nonce="AAECAwQFBgcICQoLDA0ODw"'))


def dropped(name: str) -> Callable[[], Request]:
    return lambda: covering({key: value for key, value in FULL.items() if key != f'"{name}"'})


ATTACKS: dict[str, Callable[[], Request]] = {
    "body exchanged": lambda: msgspec.structs.replace(ASKED, body=b'{"question":2}'),
    "body and digest exchanged": lambda: with_headers(
        msgspec.structs.replace(ASKED, body=b"{}"), content_digest=signature.content_digest(b"{}")
    ),
    "body removed": lambda: msgspec.structs.replace(ASKED, body=b""),
    "digest removed": lambda: without(ASKED, "content-digest"),
    "method exchanged": lambda: msgspec.structs.replace(ASKED, method="PUT"),
    "path exchanged": lambda: msgspec.structs.replace(ASKED, target="/federation/v1/letters"),
    "query exchanged": lambda: msgspec.structs.replace(ASKED, target="/federation/v1/questions?x=2"),
    "query removed": lambda: msgspec.structs.replace(ASKED, target="/federation/v1/questions"),
    "content type exchanged": lambda: with_headers(ASKED, content_type="text/plain"),
    "content type removed": lambda: without(ASKED, "content-type"),
    "version exchanged": lambda: with_headers(ASKED, comity_version="2"),
    "version removed": lambda: without(ASKED, "comity-version"),
    "absolute target": lambda: msgspec.structs.replace(ASKED, target="https://corvia.example/federation/v1/questions"),
    "fragment in the target": lambda: msgspec.structs.replace(ASKED, target="/federation/v1/questions?x=1#y"),
    "no signature": lambda: without(ASKED, "signature"),
    "no signature input": lambda: without(ASKED, "signature-input"),
    "post-quantum signature removed": lambda: with_headers(
        ASKED, signature_input=f"ed25519={ED_INPUT}", signature=LABELLED["ed25519"]
    ),
    "classical signature removed": lambda: with_headers(
        ASKED, signature_input=f"ml-dsa-65={ML_INPUT}", signature=LABELLED["ml-dsa-65"]
    ),
    "classical signature under both labels": lambda: with_headers(
        ASKED,
        signature_input=f"ed25519={ED_INPUT}, ml-dsa-65={ED_INPUT}",
        signature=f"{LABELLED['ed25519']}, {LABELLED['ed25519'].replace('ed25519', 'ml-dsa-65')}",
    ),
    "post-quantum signature of zeros": lambda: zeros(ASKED, 1),
    "classical signature of zeros": lambda: zeros(ASKED, 0),
    "signature not base64": lambda: with_headers(ASKED, signature=ASKED.headers["signature"].replace("=:", "=:=", 1)),
    "signatures made apart": made_apart,
    "labels exchanged": lambda: with_headers(ASKED, signature_input=f"ml-dsa-65={ML_INPUT}, ed25519={ED_INPUT}"),
    "a third signature": lambda: with_headers(
        ASKED,
        signature_input=f"{ASKED.headers['signature-input']}, other={ED_INPUT}",
        signature=f"{ASKED.headers['signature']}, other=:AAAA:",
    ),
    "another's post-quantum signature": lambda: half_by(CORVIA),
    "algorithm of the parameter exchanged": lambda: with_headers(
        ASKED, signature_input=ASKED.headers["signature-input"].replace('alg="ml-dsa-65"', 'alg="ml-dsa-44"')
    ),
    "another's key id": lambda: with_headers(
        ASKED,
        signature_input=ASKED.headers["signature-input"].replace(ALDOVA.public.key_ids[0], CORVIA.public.key_ids[0]),
    ),
    "unknown key id": lambda: with_headers(
        ASKED,
        signature_input=ASKED.headers["signature-input"].replace(ALDOVA.public.key_ids[0], BERGENIA.public.key_ids[0]),
    ),
    "nonce exchanged": lambda: with_headers(
        ASKED, signature_input=ASKED.headers["signature-input"].replace("AAEC", "BBEC")
    ),
    "nonce removed": lambda: with_headers(ASKED, **signature._signatures(FULL, ALDOVA, NOW, "")),
    "tag exchanged": lambda: with_headers(
        ASKED, signature_input=ASKED.headers["signature-input"].replace('tag="comity"', 'tag="comedy"')
    ),
    "unknown parameter": lambda: with_headers(ASKED, signature_input=ASKED.headers["signature-input"] + ";context=1"),
    "expiry pushed back": lambda: with_headers(
        ASKED,
        signature_input=ASKED.headers["signature-input"].replace(
            f"expires={int(NOW.timestamp()) + 60}", f"expires={int(NOW.timestamp()) + 61}"
        ),
    ),
    "a longer life, signed": lambda: lasting(61),
    "no life at all, signed": lambda: lasting(0),
    "signed over the method alone": lambda: covering({'"@method"': "POST"}),
    "signed over nothing": lambda: covering({}),
    "classical signature that claims less": lambda: claiming(0, '("@method")'),
    "post-quantum signature that claims less": lambda: claiming(1, '("@method")'),
    "another algorithm, signed": lambda: resigned(
        lambda which, text: text.replace('alg="ml-dsa-65"', 'alg="ml-dsa-44"')
    ),
    "both under one key id, signed": lambda: resigned(
        lambda which, text: text.replace(ALDOVA.public.key_ids[1], ALDOVA.public.key_ids[0])
    ),
    "another version, signed": lambda: of_version("2"),
    "signed over more": lambda: covering({**FULL, '"host"': AT_BERGENIA}),
    **{f"signed without {name.strip(chr(34))}": dropped(name.strip('"')) for name in FULL},
}


# why each is refused: a guard that stops it by chance would not be noticed when its own guard is gone
REASONS = {
    "body exchanged": "content-digest",
    "body removed": "content-digest",
    "digest removed": "content-digest",
    "content type removed": "content-type",
    "absolute target": "canonical form",
    "fragment in the target": "canonical form",
    "classical signature under both labels": "two keys of this member",
    "signature not base64": "not base64",
    "signatures made apart": "made together",
    "another's post-quantum signature": "two keys of this member",
    "algorithm of the parameter exchanged": "two keys of this member",
    "another algorithm, signed": "two keys of this member",
    "both under one key id, signed": "two keys of this member",
    "another's key id": "two keys of this member",
    "unknown key id": "No member",
    "nonce removed": "no nonce",
    "tag exchanged": "parameters",
    "unknown parameter": "parameters",
    "no signature": "does not carry the two",
    "no signature input": "does not carry the two",
    "post-quantum signature removed": "does not carry the two",
    "classical signature removed": "does not carry the two",
    "labels exchanged": "does not carry the two",
    "a third signature": "does not carry the two",
    "expiry pushed back": "60 seconds",
    "a longer life, signed": "60 seconds",
    "no life at all, signed": "60 seconds",
    "version exchanged": "version 1",
    "version removed": "version 1",
    "another version, signed": "version 1",
    **{name: "do not cover" for name in ATTACKS if name.startswith("signed ") or name.endswith("claims less")},
}


def test_the_request_as_signed_is_taken():
    read = at_bergenia(ASKED)
    assert (read.sender, read.key_id, read.request) == ("aldova", ALDOVA.public.key_ids[0], ASKED)
    assert at_bergenia(lasting(60)).sender == "aldova"
    assert at_bergenia(covering(FULL)).sender == "aldova"


@pytest.mark.parametrize("attack", ATTACKS)
def test_attack_is_refused(attack):
    with pytest.raises(Refusal) as refused:
        at_bergenia(ATTACKS[attack]())
    assert isinstance(refused.value, Unauthenticated | Invalid)
    assert REASONS.get(attack, "signature is wrong") in str(refused.value)


def test_a_request_signed_for_bergenia_cannot_be_relayed_to_corvia():
    """Bergenia passes Aldova's question on to Corvia, to read what Corvia would tell Aldova."""
    with pytest.raises(Unauthenticated, match="not for this node"):
        signature.verified_request(ASKED, "corvia.example:8443", KEYS.get, NOW)
    relayed = msgspec.structs.replace(ASKED, authority="corvia.example:8443")
    with pytest.raises(Unauthenticated, match="signature is wrong"):
        signature.verified_request(relayed, "corvia.example:8443", KEYS.get, NOW)


def test_the_same_host_at_another_port_is_another_node():
    with pytest.raises(Unauthenticated):
        signature.verified_request(ASKED, "bergenia.example:8444", KEYS.get, NOW)


def test_capitals_and_the_default_port_in_the_host_do_not_count():
    asked = signature.signed_request(msgspec.structs.replace(PLAIN, authority="bergenia.example"), ALDOVA, NOW, NONCE)
    for host in ("Bergenia.Example", "bergenia.example:443"):
        read = signature.verified_request(
            msgspec.structs.replace(asked, authority=host), "bergenia.example", KEYS.get, NOW
        )
        assert read.sender == "aldova"


@pytest.mark.parametrize("seconds", [-31, 90, 91, 3600, -86400])
def test_a_request_of_another_time_is_refused(seconds):
    with pytest.raises(Replayed):
        at_bergenia(ASKED, NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [-30, 0, 59, 89])
def test_clocks_may_differ_by_half_a_minute(seconds):
    assert at_bergenia(ASKED, NOW + timedelta(seconds=seconds)).sender == "aldova"


def test_a_nonce_is_kept_for_as_long_as_the_request_could_be_taken_again():
    read = at_bergenia(ASKED)
    assert read.until == NOW + timedelta(seconds=90)
    at_bergenia(ASKED, read.until - timedelta(seconds=1))
    with pytest.raises(Replayed):
        at_bergenia(ASKED, read.until)


def test_keys_of_another_level_do_not_sign_requests():
    by_root = signature.signed_request(PLAIN, root("aldova"), NOW, NONCE)
    with pytest.raises(Unauthenticated):
        signature.verified_request(by_root, AT_BERGENIA, lambda key_id: ("aldova", root("aldova").public), NOW)


def test_huge_signatures_are_refused_before_they_are_read():
    with pytest.raises(TooLarge):
        at_bergenia(with_headers(ASKED, signature="ed25519=:" + "A" * 70_000 + ":"))


def test_a_header_that_came_twice_is_refused():
    for name in (b"Host", b"content-type", b"Content-Digest", b"comity-version", b"signature", b"Signature-Input"):
        with pytest.raises(Invalid):
            headers_of([(name, b"one"), (name.lower(), b"two")])
    assert headers_of([(b"Accept", b"a"), (b"accept", b" b ")]) == {"accept": "a, b"}
    with pytest.raises(TooLarge):
        headers_of([(b"x", b"y" * 70_000)])


@pytest.mark.parametrize(
    "value", ["application/json\r\nx: y", " application/json", "application/json ", "jsön", "\x00"]
)
def test_a_header_that_would_write_a_second_line_is_not_signed(value):
    with pytest.raises(Invalid):
        signature.signed_request(with_headers(PLAIN, content_type=value), ALDOVA, NOW, NONCE)


@pytest.mark.parametrize(
    "changes",
    [
        {"method": "post"},
        {"method": "POST\n"},
        {"target": "federation"},
        {"target": "/a b"},
        {"target": "/a\nb"},
        {"target": "/ä"},
        {"target": "https://corvia.example/"},
        {"target": "/a#b"},
        {"target": ""},
        {"authority": ""},
        {"authority": "bergenia.example\n"},
    ],
    ids=str,
)
def test_a_request_without_a_canonical_form_is_not_signed(changes):
    with pytest.raises(Invalid):
        signature.signed_request(msgspec.structs.replace(PLAIN, **changes), ALDOVA, NOW, NONCE)


def test_a_body_without_its_type_is_not_signed():
    with pytest.raises(Invalid):
        signature.signed_request(msgspec.structs.replace(PLAIN, headers={}), ALDOVA, NOW, NONCE)


@pytest.mark.parametrize("length", [0, 15, 17])
def test_a_nonce_of_another_length_is_not_signed(length):
    with pytest.raises(Invalid):
        signature.signed_request(PLAIN, ALDOVA, NOW, b"x" * length)


# Responses


def taken(response: Response, request: Request = ASKED, pair: PublicPair = BERGENIA.public, now=NOW) -> Response:
    return signature.verified_response(response, request, pair, now)


def test_the_response_as_signed_is_taken():
    assert taken(ANSWERED) == ANSWERED


RESPONSE_ATTACKS: dict[str, Callable[[], Response]] = {
    "status exchanged": lambda: msgspec.structs.replace(ANSWERED, status=404),
    "body exchanged": lambda: msgspec.structs.replace(ANSWERED, body=b'{"answer":2}'),
    "body and digest exchanged": lambda: with_headers(
        msgspec.structs.replace(ANSWERED, body=b"{}"), content_digest=signature.content_digest(b"{}")
    ),
    "type exchanged": lambda: with_headers(ANSWERED, content_type="text/plain"),
    "no signature": lambda: without(ANSWERED, "signature", "signature-input"),
    "post-quantum signature removed": lambda: with_headers(
        ANSWERED,
        signature=ANSWERED.headers["signature"].split(", ")[0],
        signature_input=ANSWERED.headers["signature-input"].split(", ml-dsa")[0],
    ),
    "post-quantum signature of zeros": lambda: zeros(ANSWERED, 1),
    "the request's own signature": lambda: with_headers(
        ANSWERED, signature=ASKED.headers["signature"], signature_input=ASKED.headers["signature-input"]
    ),
    "signed by a third": lambda: signature.signed_response(
        Response(status=200, headers=JSON, body=b"{}"), ASKED, CORVIA, NOW
    ),
    "with a nonce": lambda: with_headers(
        ANSWERED,
        **signature._signatures(
            signature._response_components(ANSWERED, ASKED), BERGENIA, NOW, ';nonce="AAECAwQFBgcICQoLDA0ODw"'
        ),
    ),
    "not bound to the request": lambda: with_headers(
        ANSWERED,
        **signature._signatures(
            {
                key: value
                for key, value in signature._response_components(ANSWERED, ASKED).items()
                if key != '"signature";req'
            },
            BERGENIA,
            NOW,
            "",
        ),
    ),
}


@pytest.mark.parametrize("attack", RESPONSE_ATTACKS)
def test_attack_on_the_response_is_refused(attack):
    with pytest.raises(Refusal) as refused:
        taken(RESPONSE_ATTACKS[attack]())
    assert isinstance(refused.value, Unauthenticated | Invalid)


def test_the_answer_to_yesterdays_question_is_no_answer_to_todays():
    """The same request word for word, at the same second: only its signatures differ."""
    again = signature.signed_request(PLAIN, ALDOVA, NOW, NONCE)
    assert again.headers["signature-input"] == ASKED.headers["signature-input"]
    with pytest.raises(Unauthenticated):
        taken(ANSWERED, again)


def test_an_answer_to_another_path_is_no_answer():
    with pytest.raises(Unauthenticated):
        taken(ANSWERED, msgspec.structs.replace(ASKED, target="/federation/v1/letters"))


@pytest.mark.parametrize("seconds", [-31, 90, 3600])
def test_an_answer_of_another_time_is_refused(seconds):
    with pytest.raises(Replayed):
        taken(ANSWERED, now=NOW + timedelta(seconds=seconds))


def test_nothing_is_signed_in_answer_to_an_unsigned_request():
    with pytest.raises(Invalid):
        signature.signed_response(Response(status=200), PLAIN, BERGENIA, NOW)
