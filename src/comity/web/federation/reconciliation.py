"""POST /federation/v1/reconciliations: another member compares what both wrote down of exchanges between the two."""

from collections.abc import Callable

from comity.domain.bureau import Member
from comity.domain.reconciliation import ReconciliationAsked
from comity.wire.http import Request, Response
from comity.wire.reconciliation import read_reconciliation

Reconcile = Callable[[ReconciliationAsked, Member], bytes]


class Reconciliations:
    """`reconcile` gives this node's signed word on it."""

    def __init__(self, reconcile: Reconcile) -> None:
        self.reconcile = reconcile

    def __call__(self, request: Request, member: Member) -> Response:
        body = self.reconcile(read_reconciliation(request.body), member)
        return Response(status=200, headers={"content-type": "application/jose+json"}, body=body)
