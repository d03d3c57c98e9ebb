"""Compare our journal with another member's."""

from datetime import datetime

from comity.desks.reconciliation import Reconciliation
from comity.domain import limits
from comity.domain.bureau import Member
from comity.domain.caller import Caller
from comity.domain.errors import Missing
from comity.peers.exchange import Exchange
from comity.wire.manifest import member_pair
from comity.wire.reconciliation import verified_reconciled, write_reconciliation

RECONCILIATIONS = "/federation/v1/reconciliations"


class Reconciling:
    def __init__(self, node: str, exchange: Exchange, desk: Reconciliation) -> None:
        self.node = node
        self.exchange = exchange
        self.desk = desk

    def with_(self, member: Member, since: datetime, until: datetime, caller: Caller) -> list[str]:
        """What one side recorded and the other did not, in plain words. Raises Unavailable, and what it refused."""
        asked = self.desk.asked(member.id, since, until, caller)
        within, bytes_max = limits.RECONCILIATION_WITHIN_SECONDS, limits.NOTE_BYTES_MAX
        try:
            response = self.exchange.post(member, RECONCILIATIONS, write_reconciliation(asked), within, bytes_max)
        except Missing as unknown:
            raise Missing(
                f"{member.id} has a release that compares no journals.", do="Ask its operator to bring it up to date."
            ) from unknown
        said = verified_reconciled(response.body, asked, member.id, self.node, member_pair(member))
        return self.desk.found(said, response.body.decode("utf-8"))
