"""What the other side says of two journals counts as it signed it, to us, about this period."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from comity.domain.errors import Unauthenticated
from comity.domain.reconciliation import Reconciled, ReconciliationAsked
from comity.wire.reconciliation import signed_reconciled, verified_reconciled
from tests.wire.cast import NOW, signer

ASKED = ReconciliationAsked(since=NOW - timedelta(days=2), until=NOW - timedelta(days=1), exchanged=())
SAID = Reconciled(by="bergenia", to="aldova", since=ASKED.since, until=ASKED.until, at=NOW)


def heard(said: Reconciled, by: str = "bergenia") -> Reconciled:
    public = signer("bergenia").public
    return verified_reconciled(signed_reconciled(said, signer(by)), ASKED, "bergenia", "aldova", public)


def test_what_it_signed_is_heard():
    assert heard(SAID) == SAID


@pytest.mark.parametrize(
    "other", [{"by": "corvia"}, {"to": "corvia"}, {"since": NOW - timedelta(days=3)}, {"until": NOW}]
)
def test_an_answer_to_another_question_is_refused(other: dict):
    with pytest.raises(Unauthenticated):
        heard(replace(SAID, **other))


def test_what_somebody_else_signed_is_refused():
    with pytest.raises(Unauthenticated):
        heard(SAID, by="corvia")
