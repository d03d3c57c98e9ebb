"""POST /federation/v1/letters: another node brings a letter; GET: it asks where this one stands in a lane."""

from typing import Protocol
from urllib.parse import parse_qs, urlsplit

from comity.desks.needs import Once
from comity.domain.bureau import Member
from comity.domain.errors import Invalid
from comity.domain.letter import Lane, Letter, Parked, kind_of
from comity.wire import letter as wire_letter
from comity.wire.acknowledgement import Acknowledgement, Place, write_acknowledgement, write_place
from comity.wire.http import Request, Response
from comity.wire.manifest import member_pair

UNKNOWN = "unknown"  # a member could name kinds without end; they are counted as one


class Letters(Protocol):
    def receive(self, letter: Letter | Parked, sender: Member, once: Once) -> None:
        """Apply or park it, once; when this returns, it is in storage. Raises Conflict where it is not the next."""
        ...

    def expected(self, sender: Member, lane: Lane) -> int:
        """The sequence number that comes next from this sender."""
        ...


class Counter(Protocol):
    def letter_received(self, kind: str) -> None: ...


class Incoming:
    def __init__(self, node: str, letters: Letters, counter: Counter) -> None:
        self.node = node
        self.letters = letters
        self.counter = counter

    def __call__(self, request: Request, member: Member, once: Once) -> Response:
        # The letter is signed on its own, so that it proves itself later too: by the member that brings it, to us.
        # Falls without it: tests/attacks/test_federation_door.py, a letter of another sender in a valid request.
        letter = wire_letter.read(request.body, member.id, self.node, member_pair(member))
        self.letters.receive(letter, member, once)
        self.counter.letter_received(UNKNOWN if isinstance(letter, Parked) else kind_of(letter.body))
        taken = Acknowledgement(letter=letter.id, sequence=letter.sequence)
        return Response(status=200, headers={"content-type": "application/json"}, body=write_acknowledgement(taken))


class Places:
    def __init__(self, letters: Letters) -> None:
        self.letters = letters

    def __call__(self, request: Request, member: Member) -> Response:
        lane = _lane(request.target)
        place = Place(lane=lane, expected=self.letters.expected(member, lane))
        return Response(status=200, headers={"content-type": "application/json"}, body=write_place(place))


def _lane(target: str) -> Lane:
    given = parse_qs(urlsplit(target).query, keep_blank_values=True).get("lane", [])
    if len(given) != 1 or given[0] not in tuple(Lane):
        raise Invalid("This is no lane.", where="lane", do=f"Use one of {', '.join(Lane)}.")
    return Lane(given[0])
