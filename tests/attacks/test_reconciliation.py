"""What the other side says of two journals counts as it signed it, to us, about this period."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from comity.domain.errors import Unauthenticated
from comity.domain.reconciliation import Exchange, Reconciled, ReconciliationAsked, key_of
from comity.wire.reconciliation import signed_reconciled, verified_reconciled
from tests.wire.cast import NOW, signer

ASKED = ReconciliationAsked(since=NOW - timedelta(days=2), until=NOW - timedelta(days=1), exchanged=())
KEY = "6083aecc619e0e64c2abb4483f34e20b20d26184d0d2f194410d2e566b4338b7"
SAID = Reconciled(by="bergenia", to="aldova", since=ASKED.since, until=ASKED.until, at=NOW)


def test_the_key_of_an_exchange_is_the_same_at_both_sides_and_tells_nothing_of_its_id():
    key = key_of(Exchange.ANSWER, "bergenia", "aldova", "0195510c-7a00-7000-8000-000000000001")
    assert key == KEY
    others = (
        (Exchange.LETTER, "bergenia", "aldova", "0195510c-7a00-7000-8000-000000000001"),
        (Exchange.ANSWER, "aldova", "bergenia", "0195510c-7a00-7000-8000-000000000001"),
        (Exchange.ANSWER, "bergenia", "aldova", "0195510c-7a00-7000-8000-000000000002"),
    )
    assert len({key, *(key_of(*other) for other in others)}) == 4


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
