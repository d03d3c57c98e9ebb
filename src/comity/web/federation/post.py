"""POST /federation/v1/post and post-collections: members bring sealed letters to the hub, and fetch theirs."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

from msgspec import Struct
from msgspec.structs import replace

from comity.desks.needs import Once
from comity.domain import limits
from comity.domain.bureau import Member
from comity.domain.errors import Unauthenticated
from comity.domain.evidence import Proof
from comity.domain.post import Collected, Collection, InPost, Taken
from comity.wire.collection import read_collection, read_letters, write_collected, write_taken
from comity.wire.evidence import read_evidence
from comity.wire.http import Request, Response
from comity.wire.manifest import member_pair
from comity.wire.pair import PublicPair
from comity.wire.seal import check_box, read_route

BYTES = {"content-type": "application/octet-stream"}
NOTHING = write_collected(Collected(evidence=(), letters=(), more=False))


class PostRoom(Protocol):
    def take(self, letters: Sequence[InPost], sender: Member, once: Once) -> Taken:
        """Hold them; when this returns they are in storage."""
        ...

    def waits(self, collection: Collection, member: Member) -> bool:
        """Whether there is anything for a member by now; cheap."""
        ...

    def collect(self, proofs: Sequence[Proof], collection: Collection, member: Member, once: Once) -> Collected:
        """Take a member's evidence and hand out what waits for it."""
        ...


class Submissions:
    def __init__(self, postroom: PostRoom) -> None:
        self.postroom = postroom

    def __call__(self, request: Request, member: Member, once: Once) -> Response:
        pair = member_pair(member)
        letters = []
        for sealed in read_letters(request.body):
            # By the member that brings it, whole: a letter in another's name is another's to bring.
            # Falls without it: tests/attacks/test_post_room.py
            route = read_route(sealed.route, member.id, pair)
            check_box(route, sealed.box)
            letters.append(InPost(route=route, sealed=sealed))
        return Response(status=200, headers=BYTES, body=write_taken(self.postroom.take(letters, member, once)))


class Collections:
    def __init__(self, node: str, postroom: PostRoom) -> None:
        self.node = node
        self.postroom = postroom

    def __call__(self, request: Request, member: Member, once: Once) -> Response:
        collection = read_collection(request.body)

        def pair_of(by: str) -> PublicPair:
            if by != member.id:
                raise Unauthenticated(f"{member.id} brings evidence of {by}.", do="Bring your own.")
            return member_pair(member)

        proofs = [read_evidence(piece, pair_of, self.node) for piece in collection.evidence]
        collected = self.postroom.collect(proofs, collection, member, once)
        return Response(status=200, headers=BYTES, body=write_collected(collected))

    def kept(self, request: Request, member: Member, response: Response) -> "Kept | None":
        """Where there was nothing and the member would rather wait (`?wait=SECONDS`): how it is kept waiting."""
        wait_seconds = _wait_seconds(request.target)
        if not wait_seconds or response.body != NOTHING:
            return None
        # What came with the request is taken already: only what there is for the member is looked at again.
        again = replace(read_collection(request.body), evidence=(), seen=())

        def handed_out() -> Response:
            collected = self.postroom.collect((), again, member, lambda _: None)
            return Response(status=200, headers=BYTES, body=write_collected(collected))

        return Kept(seconds=wait_seconds, ready=partial(self.postroom.waits, again, member), answer=handed_out)


class Kept(Struct, frozen=True):
    """A member that waits for its post, without a thread: `answer` it as something is `ready`, or after `seconds`."""

    seconds: float
    ready: Callable[[], bool]
    answer: Callable[[], Response]


def _wait_seconds(target: str) -> float:
    """At most POST_HELD_SECONDS; 0 where the member does not wait, or says it in no way that we know."""
    given = parse_qs(urlsplit(target).query).get("wait", [""])
    if len(given) != 1 or not given[0].isascii() or not given[0].isdigit():
        return 0.0
    return min(float(given[0][:9]), limits.POST_HELD_SECONDS)
