"""A desk with one link."""

from datetime import UTC, datetime

import msgspec

from comity.domain.caller import Caller
from comity.domain.errors import Missing
from comity.domain.link import LinkKind, LinkLine, LinkState, ProposedLink, WholeLink
from comity.domain.match import FieldMatch
from comity.domain.person import Name, Person

NOW = datetime(2031, 3, 7, 12, 0, tzinfo=UTC)
LINK = ProposedLink(
    id="5c1b3f0e-0000-5000-8000-00000000001a",
    kind=LinkKind.DUPLICATE,
    left="r-1",
    right="r-2",
    left_version=1,
    right_version=2,
    probability=0.97,
    bits=5.0,
    prior_bits=-11.0,
    fields=(FieldMatch(field="family", bits=16.0, how="spelling"),),
    model="persons-1/0",
    proposed_at=NOW,
)
LINE = LinkLine(
    link=LINK,
    left_collection="nominals",
    left_reference="A-1",
    right_collection="nominals",
    right_reference="A-2",
    amended=False,
)
LEFT, RIGHT = Person(names=(Name(full="Mira Oleander"),)), Person(names=(Name(full="Mira Oleandar"),))


class OneLink:
    def __init__(self) -> None:
        self.link = LINK

    def queue(self, state: LinkState, caller: Caller) -> list[LinkLine]:
        return [msgspec.structs.replace(LINE, link=self.link)] if state is self.link.state else []

    def show(self, link_id: str, caller: Caller) -> WholeLink:
        self._known(link_id)
        return WholeLink(line=msgspec.structs.replace(LINE, link=self.link), left=LEFT, right=RIGHT)

    def accept(self, link_id: str, why: str, caller: Caller) -> ProposedLink:
        return self._decide(link_id, LinkState.ACCEPTED, why, caller)

    def reject(self, link_id: str, why: str, caller: Caller) -> ProposedLink:
        return self._decide(link_id, LinkState.REJECTED, why, caller)

    def _decide(self, link_id: str, state: LinkState, why: str, caller: Caller) -> ProposedLink:
        self._known(link_id)
        self.link = self.link.decided(state, caller.account, why, NOW)
        return self.link

    def _known(self, link_id: str) -> None:
        if link_id != LINK.id:
            raise Missing(f"There is no link {link_id}.", do="Look at the queue.")
