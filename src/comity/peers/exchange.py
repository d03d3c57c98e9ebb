"""One exchange with another node: our request signed, its answer verified or taken as not given."""

from collections.abc import Callable

from comity.desks.needs import Clock
from comity.domain.bureau import Member
from comity.domain.errors import Refusal, Unavailable
from comity.domain.problem import refusal_in
from comity.peers.line import Line
from comity.wire.http import Request, Response, authority_of
from comity.wire.manifest import member_pair
from comity.wire.pair import Signer
from comity.wire.signature import signed_request, verified_response

NONCE_BYTES = 16
JSON, BYTES = "application/json", "application/octet-stream"


class Exchange:
    """Everything this node says to others goes out here, and everything they answer comes in here."""

    def __init__(self, line: Line, signer: Signer, clock: Clock, entropy: Callable[[int], bytes]) -> None:
        self.line = line
        self.signer = signer
        self.clock = clock
        self.entropy = entropy

    def get(self, member: Member, target: str, within_seconds: float, bytes_max: int) -> Response:
        """As `post`, without a body."""
        return self._carried(member, self._request(member, "GET", target, b""), within_seconds, bytes_max)

    def post(
        self,
        member: Member,
        target: str,
        body: bytes,
        within_seconds: float,
        bytes_max: int,
        content_type: str = JSON,
        taken: frozenset[int] = frozenset(),
    ) -> Response:
        """The member's answer to a signed request, verified to be its answer to this very request.

        `taken` are statuses that are no refusal here. Raises the Refusal that the member signed; Unavailable where
        there is no answer that can be trusted.
        """
        request = self._request(member, "POST", target, body, content_type)
        return self._carried(member, request, within_seconds, bytes_max, taken)

    def patch(
        self, member: Member, target: str, body: bytes, within_seconds: float, bytes_max: int, content_type: str
    ) -> Response:
        """As `post`: a part of something that lies there."""
        request = self._request(member, "PATCH", target, body, content_type)
        return self._carried(member, request, within_seconds, bytes_max)

    def delete(self, member: Member, target: str, within_seconds: float, bytes_max: int) -> Response:
        """As `get`: something there is not needed any more."""
        return self._carried(member, self._request(member, "DELETE", target, b""), within_seconds, bytes_max)

    def _request(self, member: Member, method: str, target: str, body: bytes, content_type: str = JSON) -> Request:
        headers = {"content-type": content_type} if body else {}
        request = Request(
            method=method, authority=authority_of(member.manifest.address), target=target, headers=headers, body=body
        )
        return signed_request(request, self.signer, self.clock(), self.entropy(NONCE_BYTES))

    def _carried(
        self,
        member: Member,
        request: Request,
        within_seconds: float,
        bytes_max: int,
        taken: frozenset[int] = frozenset(),
    ) -> Response:
        response = self.line.send(member, request, within_seconds, bytes_max)
        verified = self._verified(member, response, request)
        if verified.status in taken:
            return verified
        if verified.status >= 400:
            raise refusal_in(verified.body, verified.status)
        if verified.status not in (200, 304):
            raise Unavailable(f"{member.id} answered with status {verified.status}.", do="Tell its operator.")
        return verified

    def _verified(self, member: Member, response: Response, request: Request) -> Response:
        """Who is on the line is not who speaks: only the signature of the member's node keys counts."""
        if response.status >= 400 and "signature" not in response.headers:
            raise Unavailable(
                f"{member.id} turned the request away without a signature (status {response.status}).",
                do="With 401, compare the clocks and the versions of the directory at both nodes.",
            )
        try:
            return verified_response(response, request, member_pair(member), self.clock())
        except Refusal as refusal:
            raise Unavailable(
                f"What came as the answer of {member.id} is not proved to be its answer: {refusal.what}",
                do="Tell the duty desks of both; somebody may be in between.",
            ) from refusal
