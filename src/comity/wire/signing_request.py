"""The files that go round among custodians: what is to be signed, and what one of them contributes."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.errors import Invalid, TooLarge
from comity.domain.keys import KeyManifest, Root
from comity.wire.canonical import b64u, decode, encode, unb64u
from comity.wire.pair import Signer
from comity.wire.threshold import KEYS, ROOT, Signature, signatures


class SigningRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A root or a key manifest as it will be published, byte for byte."""

    request: Literal["comity.signing-request"] = "comity.signing-request"
    typ: Annotated[str, Meta(pattern="^comity\\.(root|keys)$")]
    payload: str  # base64url

    @property
    def of(self) -> Root | KeyManifest:
        """What is asked to be signed. Raises Invalid."""
        payload = unb64u(self.payload)
        if self.typ == ROOT:
            return decode(payload, Root, "signing request")
        return decode(payload, KeyManifest, "signing request")


class Contribution(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Both signatures of one custodian under one request."""

    contribution: Literal["comity.signatures"] = "comity.signatures"
    custodian: str
    payload: str  # of the request, so that nothing is gathered under another
    signatures: tuple[Signature, Signature]


def request_for(said: Root | KeyManifest) -> SigningRequest:
    return SigningRequest(typ=ROOT if isinstance(said, Root) else KEYS, payload=b64u(encode(said)))


def contribution(request: SigningRequest, custodian: str, signer: Signer) -> Contribution:
    """Raises Invalid for a request that says nothing readable: nobody signs what they cannot be shown."""
    both = signatures(encode(request.of), request.typ, signer)
    return Contribution(custodian=custodian, payload=request.payload, signatures=both)


def write(file: SigningRequest | Contribution) -> bytes:
    return encode(file)


def read_request(data: bytes) -> SigningRequest:
    """Raises Invalid, TooLarge."""
    return decode(_within(data), SigningRequest, "signing request")


def read_contribution(data: bytes, request: SigningRequest) -> Contribution:
    """Raises Invalid, TooLarge; Invalid too where it was made for another request."""
    read = decode(_within(data), Contribution, "signatures of a custodian")
    if read.payload != request.payload:
        raise Invalid(f"{read.custodian} has signed another request.", do="Have them sign this one.")
    return read


def _within(data: bytes) -> bytes:
    if len(data) > limits.CUSTODY_BYTES_MAX:
        raise TooLarge(f"A file of custodians has {limits.CUSTODY_BYTES_MAX} bytes at most.")
    return data
