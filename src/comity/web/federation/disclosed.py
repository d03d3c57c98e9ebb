"""POST /federation/v1/disclosures: a recipient asks to see where the letters to it stand in this node's journal."""

from collections.abc import Callable, Sequence

from comity.domain.bureau import Member
from comity.domain.journal import Opening
from comity.wire.disclosed import read_asked, write_disclosed
from comity.wire.http import Request, Response

Openings = Callable[[Sequence[str], Member], Sequence[Opening]]


class Disclosures:
    """`openings` gives entries of letters to the member that asks, and of nobody else's."""

    def __init__(self, openings: Openings) -> None:
        self.openings = openings

    def __call__(self, request: Request, member: Member) -> Response:
        body = write_disclosed(self.openings(read_asked(request.body), member))
        return Response(status=200, headers={"content-type": "application/json"}, body=body)
