"""Letters that came and are not shown yet: their senders have not proved that their logs hold the disclosure."""

from msgspec import Struct

from comity.domain.disclosed import Waiting
from comity.domain.errors import NotPermitted
from comity.web.officer.needs import Desks
from comity.web.officer.route import Asked, Route


class WaitingList(Struct, frozen=True, kw_only=True):
    """The oldest first, each with a sentence for a screen: why it is held, and what happens next."""

    letters: tuple[Waiting, ...]


def waiting(desks: Desks, asked: Asked[None]) -> WaitingList:
    return WaitingList(letters=tuple(desks.proofs.waiting(asked.caller)))


ROUTES = (
    Route(
        method="GET",
        template="/v1/unproved",
        does="See which letters are held for want of proof, why, and what happens next",
        act=waiting,
        answer=WaitingList,
        refusals=(NotPermitted,),
    ),
)
