"""GET /federation/v1/bulletin and /law: the list of published law, and each document in it."""

import re
from collections.abc import Callable, Sequence
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

from comity.domain.bulletin import BulletinItem
from comity.domain.bureau import Member
from comity.domain.errors import Invalid, Missing
from comity.web.federation.follow import after
from comity.wire.bulletin import write_page
from comity.wire.http import Request, Response

_DIGEST = re.compile(r"[0-9a-f]{64}")


class Pages(Protocol):
    def __call__(self, after: int) -> tuple[bytes, Sequence[BulletinItem]]:
        """The head as signed, b'' at a node that is no hub, and the items after that number."""
        ...


class Bulletin:
    def __init__(self, pages: Pages) -> None:
        self.pages = pages

    def __call__(self, request: Request, member: Member) -> Response:
        head, items = self.pages(after(request.target))
        if not head:
            raise Missing("This node publishes no law for others.", do="Ask the hub.")
        return Response(status=200, headers={"content-type": "application/json"}, body=write_page(head, items))


class Documents:
    """`document` gives a published document by its digest; None where there is none here."""

    def __init__(self, document: Callable[[str], bytes | None]) -> None:
        self.document = document

    def __call__(self, request: Request, member: Member) -> Response:
        given = parse_qs(urlsplit(request.target).query, keep_blank_values=True).get("digest", [])
        if len(given) != 1 or not _DIGEST.fullmatch(given[0]):
            raise Invalid("This is no digest.", where="digest", do="Give 64 hexadecimal digits, as in the bulletin.")
        found = self.document(given[0])
        if found is None:
            raise Missing("No law of that digest is published here.", do="Follow the bulletin.")
        return Response(status=200, headers={"content-type": "application/jose+json"}, body=found)
