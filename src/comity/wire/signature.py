"""Who sent this request, and is this response the answer to it? Signatures on both, RFC 9421 with RFC 9530.

One exact profile: these components, these parameters, these two labels, in this order. A message is compared with
what it must be and never interpreted, so nothing is negotiated and nothing can be left out.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import msgspec
from msgspec import Struct

from comity.domain import limits
from comity.domain.errors import Invalid, Replayed, TooLarge, Unauthenticated
from comity.wire.canonical import b64u
from comity.wire.http import COMITY_VERSION, Request, Response, canonical_authority
from comity.wire.pair import PublicPair, Signer

TAG = "comity"
# label, and RFC 9421 `alg`; the second after C2SP httpsig-pq
LABELS = ("ed25519", "ml-dsa-65")
NONCE_BYTES = 16

_LIFETIME = timedelta(seconds=limits.SIGNATURE_LIFETIME_SECONDS)
_SKEW = timedelta(seconds=limits.CLOCK_SKEW_SECONDS_MAX)

_METHOD = re.compile(r"[A-Z]{1,16}")
_TARGET = re.compile(r"/[A-Za-z0-9/?._~!$&'()*+,;=:@%-]*")
_VALUE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")
_PARAMETERS = re.compile(
    r"(?P<covered>\([^()]*\));created=(?P<created>[0-9]{1,11});expires=(?P<expires>[0-9]{1,11})"
    r'(?:;nonce="(?P<nonce>[A-Za-z0-9_-]{22})")?;keyid="(?P<key_id>[A-Za-z0-9_-]{43})";alg="(?P<alg>[a-z0-9-]+)"'
    r';tag="comity"'
)
_INPUTS = re.compile(rf"{LABELS[0]}=(?P<first>\(.*), {LABELS[1]}=(?P<second>\(.*)")
_SIGNATURES = re.compile(rf"{LABELS[0]}=:(?P<first>[A-Za-z0-9+/=]+):, {LABELS[1]}=:(?P<second>[A-Za-z0-9+/=]+):")

Find = Callable[[str], tuple[str, PublicPair] | None]


class VerifiedRequest(Struct, frozen=True, kw_only=True):
    """`nonce` must not be taken again from `key_id` before `until`: after that the signature has run out anyway."""

    sender: str
    key_id: str  # of the sender's Ed25519 key
    nonce: str
    until: datetime
    request: Request


class _Parameters(Struct, frozen=True):
    """What `Signature-Input` says of one signature; `text` is its whole value."""

    text: str
    covered: str
    created: int
    expires: int
    nonce: str | None
    key_id: str
    alg: str


class _Claim(Struct, frozen=True):
    """Both signatures as they stand in the header, not yet believed."""

    inputs: tuple[_Parameters, _Parameters]
    signatures: tuple[bytes, bytes]


def signed_request(request: Request, signer: Signer, now: datetime, nonce: bytes) -> Request:
    """The request with `content-digest`, `comity-version` and both signatures. `nonce`: 16 random bytes.

    Raises Invalid for a request that has no canonical form.
    """
    if len(nonce) != NONCE_BYTES:
        raise Invalid(f"A nonce has {NONCE_BYTES} bytes, not {len(nonce)}.")
    sent = {"content-digest": content_digest(request.body), "comity-version": COMITY_VERSION}
    complete = msgspec.structs.replace(request, headers={**request.headers, **sent})
    fields = _signatures(_request_components(complete, request.authority), signer, now, f';nonce="{b64u(nonce)}"')
    return msgspec.structs.replace(complete, headers={**complete.headers, **fields})


def verified_request(request: Request, authority: str, find: Find, now: datetime) -> VerifiedRequest:
    """Who sent the request, and that it is complete, for us, fresh and unchanged.

    `authority` is this node's own, from its settings. `find` gives the member and its pair by the id of its Ed25519
    key. The caller still notes the nonce. Raises Unauthenticated, Replayed, Invalid, TooLarge.
    """
    claim = _claim(request.headers)
    # A member that we ask could pass our signed question on to another, and read its answer. The authority is ours by
    # our own settings, not by what the request says. Falls without it: tests/attacks/test_wire_signature.py
    if canonical_authority(request.authority) != canonical_authority(authority):
        raise Unauthenticated(
            f"This request is for {request.authority}, not for this node.", do="Ask the node it was signed for."
        )
    key_id, nonce = claim.inputs[0].key_id, claim.inputs[0].nonce
    if nonce is None:
        raise Unauthenticated("The signature has no nonce.")
    found = find(key_id)
    if found is None:
        raise Unauthenticated("No member has the key that signed this.", do="Follow the directory, or join first.")
    sender, pair = found
    _check_body(request.headers, request.body)
    _verified(claim, _request_components(request, authority), pair, now)
    expires = datetime.fromtimestamp(claim.inputs[0].expires, UTC)
    return VerifiedRequest(sender=sender, key_id=key_id, nonce=nonce, until=expires + _SKEW, request=request)


def signed_response(response: Response, request: Request, signer: Signer, now: datetime) -> Response:
    """The response, signed as the answer to this very request, whose own signatures it covers.

    Raises Invalid for a request that carries no signature: there is nothing to bind the answer to.
    """
    # Whoever made the response may know the digest of its body from before, and has put it there.
    digest = response.headers.get("content-digest") or content_digest(response.body)
    sent = {"content-digest": digest, "comity-version": COMITY_VERSION}
    complete = msgspec.structs.replace(response, headers={**response.headers, **sent})
    fields = _signatures(_response_components(complete, request), signer, now, "")
    return msgspec.structs.replace(complete, headers={**complete.headers, **fields})


def verified_response(response: Response, request: Request, pair: PublicPair, now: datetime) -> Response:
    """The response, once it is shown to be `pair`'s answer to the request as it was sent (signed).

    Raises Unauthenticated, Replayed, Invalid, TooLarge.
    """
    claim = _claim(response.headers)
    if claim.inputs[0].nonce is not None:
        raise Unauthenticated("A response has no nonce: it is bound to the request's.")
    _check_body(response.headers, response.body)
    _verified(claim, _response_components(response, request), pair, now)
    return response


def content_digest(body: bytes) -> str:
    """RFC 9530, of an empty body too."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode('ascii')}:"


def _request_components(request: Request, authority: str) -> dict[str, str]:
    """What a request's signatures cover: identifier, value; in order."""
    return {
        **_target(request, authority),
        **_fields(request.headers, bool(request.body)),
    }


def _response_components(response: Response, request: Request) -> dict[str, str]:
    asked = {f"{name};req": value for name, value in _target(request, request.authority).items()}
    # Without it, yesterday's "no record" would answer today's question.
    # Falls without it: tests/attacks/test_wire_signature.py
    bound = {'"signature";req': _header(request.headers, "signature")}
    return {'"@status"': str(response.status), **_fields(response.headers, bool(response.body)), **asked, **bound}


def _target(request: Request, authority: str) -> dict[str, str]:
    host = canonical_authority(authority)
    if not (_METHOD.fullmatch(request.method) and _TARGET.fullmatch(request.target) and _VALUE.fullmatch(host)):
        raise Invalid("The method, host or path of the request has no canonical form.")
    return {'"@method"': request.method, '"@authority"': host, '"@target-uri"': f"https://{host}{request.target}"}


def _fields(headers: Mapping[str, str], has_body: bool) -> dict[str, str]:
    names = ["content-digest", "comity-version"]
    if has_body or "content-type" in headers:
        names.insert(0, "content-type")
    return {f'"{name}"': _header(headers, name) for name in names}


def _header(headers: Mapping[str, str], name: str) -> str:
    value = headers.get(name, "")
    if not _VALUE.fullmatch(value):
        raise Invalid("This header field is missing or has no canonical form.", where=name)
    return value


def _check_body(headers: Mapping[str, str], body: bytes) -> None:
    # A body that nobody signed could be swapped on the way. Falls without it: tests/attacks/test_wire_signature.py
    if headers.get("content-digest") != content_digest(body):
        raise Unauthenticated("The body is not the one that was signed (content-digest).")
    if headers.get("comity-version") != COMITY_VERSION:
        raise Invalid(
            f"This node speaks version {COMITY_VERSION} of the protocol.",
            where="comity-version",
            do="Upgrade the older of the two nodes.",
        )


def _signatures(components: dict[str, str], signer: Signer, now: datetime, nonce: str) -> dict[str, str]:
    created, signer = int(now.timestamp()), signer.now
    ids = signer.public.key_ids
    times = f";created={created};expires={created + limits.SIGNATURE_LIFETIME_SECONDS}{nonce}"
    inputs = [
        f'{_covered(components)}{times};keyid="{key_id}";alg="{label}";tag="{TAG}"'
        for label, key_id in zip(LABELS, ids, strict=True)
    ]
    made = (
        signer.sign_ed25519(_base(components, inputs[0])),
        signer.sign_mldsa(_base(components, inputs[1])),
    )
    texts = [base64.b64encode(one).decode("ascii") for one in made]
    return {
        "signature-input": ", ".join(f"{label}={text}" for label, text in zip(LABELS, inputs, strict=True)),
        "signature": ", ".join(f"{label}=:{text}:" for label, text in zip(LABELS, texts, strict=True)),
    }


def _verified(claim: _Claim, components: dict[str, str], pair: PublicPair, now: datetime) -> None:
    first, second = claim.inputs
    # Both signatures must cover everything, and say the same: a signature over the method alone is a signature too, and
    # one made at another time is another's. Falls without it: tests/attacks/test_wire_signature.py
    if {first.covered, second.covered} != {_covered(components)}:
        raise Unauthenticated("The signatures do not cover what they must.", do="Sign " + _covered(components) + ".")
    if (first.created, first.expires, first.nonce) != (second.created, second.expires, second.nonce):
        raise Unauthenticated("The two signatures were not made together.")
    pair = next((one for one in pair.every if one.key_ids[0] == first.key_id), pair)
    if (first.key_id, second.key_id) != pair.key_ids or pair.level != 65 or (first.alg, second.alg) != LABELS:
        raise Unauthenticated("The signatures are not by the two keys of this member.")
    _check_time(first, now)
    pair.verified_ed25519(claim.signatures[0], _base(components, first.text))
    pair.verified_mldsa(claim.signatures[1], _base(components, second.text))


def _check_time(parameters: _Parameters, now: datetime) -> None:
    created = datetime.fromtimestamp(parameters.created, UTC)
    expires = datetime.fromtimestamp(parameters.expires, UTC)
    if not created < expires <= created + _LIFETIME:
        raise Unauthenticated(f"A signature may last {limits.SIGNATURE_LIFETIME_SECONDS} seconds at most.")
    if not created - _SKEW <= now < expires + _SKEW:
        raise Replayed(
            "This signature is not of now: it is too old, or a clock is wrong.",
            do="Send the request anew; compare both nodes' clocks.",
        )


def _claim(headers: Mapping[str, str]) -> _Claim:
    """Both signatures out of the header. Raises Unauthenticated, TooLarge."""
    texts = headers.get("signature-input", ""), headers.get("signature", "")
    if sum(map(len, texts)) > limits.HEADER_BYTES_MAX:
        raise TooLarge(f"The signatures exceed {limits.HEADER_BYTES_MAX} bytes.")
    inputs, signatures = _INPUTS.fullmatch(texts[0]), _SIGNATURES.fullmatch(texts[1])
    # Removing the post-quantum signature must not leave a valid message. Falls without it:
    # tests/attacks/test_wire_signature.py
    if not inputs or not signatures:
        raise Unauthenticated(
            f"The message does not carry the two signatures {' and '.join(LABELS)}, in this order, and no other.",
            do="Sign it as docs/protocol/signatures.md says.",
        )
    return _Claim(
        (_parameters(inputs["first"]), _parameters(inputs["second"])),
        (_bytes(signatures["first"]), _bytes(signatures["second"])),
    )


def _parameters(text: str) -> _Parameters:
    found = _PARAMETERS.fullmatch(text)
    if not found:
        raise Unauthenticated("A signature's parameters are not those of this protocol.", where="signature-input")
    return _Parameters(
        text=text,
        covered=found["covered"],
        created=int(found["created"]),
        expires=int(found["expires"]),
        nonce=found["nonce"],
        key_id=found["key_id"],
        alg=found["alg"],
    )


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise Unauthenticated("A signature is not base64.", where="signature") from None


def _covered(components: dict[str, str]) -> str:
    return f"({' '.join(components)})"


def _base(components: dict[str, str], parameters: str) -> bytes:
    """The signature base, RFC 9421, section 2.5."""
    lines = [f"{name}: {value}" for name, value in components.items()]
    return "\n".join([*lines, f'"@signature-params": {parameters}']).encode("ascii")
