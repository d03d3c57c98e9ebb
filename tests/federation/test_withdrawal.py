"""What is withdrawn is gone everywhere, and does not come back."""

import pytest

from comity.domain.errors import Missing, NotPermitted
from comity.domain.hit import HitState
from comity.domain.journal import Act
from comity.domain.letter import RecordsShare, RecordsWithdraw
from comity.domain.lookup import Outcome
from comity.domain.record import Withdrawal, WithdrawalReason
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, HUB, Federation
from tests.federation.conftest import STOLEN, row, stolen_passport

GONE = WithdrawalReason.RECOVERED


def withdraw(federation: Federation, reference: str = "D-1") -> Withdrawal:
    node = federation[BERGENIA]
    return node.records.withdraw("sltd", reference, "", GONE, node.operator("test"))


def outcomes(federation: Federation) -> set[Outcome]:
    return {one.outcome for one in federation.ask("ada", STOLEN).sources}


def test_a_withdrawn_record_is_found_nowhere(federation: Federation):
    assert Outcome.HIT in outcomes(federation)
    withdraw(federation)
    federation.post()
    assert outcomes(federation) == {Outcome.NO_RECORD}


def test_whoever_had_a_hit_on_it_is_told_unasked(federation: Federation):
    hit = federation.answer_of(HUB, federation.ask("ada", STOLEN)).findings[0].hit
    federation.post()
    withdraw(federation)
    federation.post()
    with federation[ALDOVA].store.reading() as tx:
        told = tx.hits.get(hit)
    assert told.state is HitState.DENIED
    assert "withdrawn" in told.note


def test_the_holder_acknowledges_and_the_source_writes_it_down(federation: Federation):
    withdraw(federation)
    federation.post()
    receipts = [one for one in federation.journal(BERGENIA) if one.act is Act.RECORDS_SHARED]
    assert receipts[-1].actor == HUB
    assert receipts[-1].details["erased"] == 1


def test_a_withdrawal_that_overtakes_its_record_still_holds(federation: Federation):
    federation.enter(BERGENIA, "sltd", [row("D-9", stolen_passport("B9990000"))])  # waits in the bulk lane
    withdraw(federation, "D-9")  # goes by the urgent lane
    federation.post()
    query = STOLEN.__class__(country="XBE", number="B9990000")
    assert federation.answer_of(HUB, federation.ask("ada", query)).outcome is Outcome.NO_RECORD


def test_a_withdrawn_reference_cannot_be_entered_again(federation: Federation):
    withdraw(federation)
    federation.enter(BERGENIA, "sltd", [row("D-1", stolen_passport())])
    federation.post()
    assert outcomes(federation) == {Outcome.NO_RECORD}


def test_only_the_source_may_withdraw(federation: Federation):
    corvia = federation[CORVIA]
    with pytest.raises(NotPermitted):
        corvia.records.withdraw("sltd", "D-1", BERGENIA, GONE, corvia.operator("test"))
    with pytest.raises(Missing):
        corvia.records.withdraw("sltd", "D-1", "", GONE, corvia.operator("test"))
    hub = federation[HUB]
    with pytest.raises(NotPermitted):
        hub.records.withdraw("sltd", "D-1", BERGENIA, GONE, hub.operator("test"))


def test_a_letter_that_withdraws_anothers_record_does_nothing_and_is_written_down(federation: Federation):
    record = federation.record(BERGENIA, "sltd", "D-1").header
    forged = Withdrawal(
        id=record.id,
        collection="sltd",
        source=BERGENIA,
        reference="D-1",
        version=9,
        reason=GONE,
        withdrawn_at=federation.time(),
    )
    send(federation, RecordsWithdraw(share="forged", withdrawals=(forged,)))
    federation.post()
    assert Outcome.HIT in outcomes(federation)
    assert [one.outcome for one in federation.journal(HUB) if one.subject == "forged"] == ["refused in part"]


def test_a_letter_that_enters_a_record_in_anothers_name_does_nothing(federation: Federation):
    record = federation.record(BERGENIA, "sltd", "D-1")
    send(federation, RecordsShare(share="forged", records=(record,)))
    federation.post()
    assert [one.outcome for one in federation.journal(HUB) if one.subject == "forged"] == ["refused in part"]


def send(federation: Federation, body: RecordsShare | RecordsWithdraw) -> None:
    """Corvia writes to the hub what its own desks would not let it write."""
    with federation[CORVIA].store.transaction() as tx:
        tx.outbox.send(HUB, body, federation.time())
        tx.commit()
