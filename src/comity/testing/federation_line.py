"""A line between nodes in one process that loses what it is told to lose."""

import threading
from collections.abc import Callable, Mapping
from enum import StrEnum

from comity.domain.bureau import Member
from comity.domain.errors import Unavailable
from comity.wire.http import Request, Response

Door = Callable[[Request], Response]
POSTS = ("/federation/v1/letters", "/federation/v1/post")


class Loss(StrEnum):
    """How a post is lost: it never arrives, or it arrives and its sender does not learn so."""

    REQUEST = "request"
    REPLY = "reply"


class LossyLine:
    """Joins nodes by their doors and counts what is posted; the post of number `lost` (from 0) is lost.

    What is posted to a target that begins with `counts` is a post: letters, open or sealed, where nothing else is said.
    Nodes in `out_of_reach` get nothing until they are taken out again.
    """

    def __init__(
        self,
        doors: Mapping[str, Door],
        lost: int | None = None,
        loss: Loss = Loss.REQUEST,
        counts: str | tuple[str, ...] = POSTS,
    ) -> None:
        self.doors = doors
        self.lost = lost
        self.loss = loss
        self.counts = counts
        self.out_of_reach: set[str] = set()
        self.posts = 0
        self._lock = threading.Lock()

    def send(self, member: Member, request: Request, within_seconds: float, bytes_max: int) -> Response:
        """As every line: raises Unavailable where it was lost, or the answer is too large."""
        lost = self._counted(request) and self.loss
        if member.id in self.out_of_reach or member.id not in self.doors or lost is Loss.REQUEST:
            raise silence(member)
        response = self.doors[member.id](request)
        if lost is Loss.REPLY or len(response.body) > bytes_max:
            raise silence(member)
        return response

    def _counted(self, request: Request) -> bool:
        """Whether this is the one to lose."""
        if request.method != "POST" or not request.target.startswith(self.counts):
            return False
        with self._lock:
            number, self.posts = self.posts, self.posts + 1
        return number == self.lost


def silence(member: Member) -> Unavailable:
    """As a line says that nothing came."""
    return Unavailable(f"{member.id} did not answer.", do="It is tried again or shown as silent.")
