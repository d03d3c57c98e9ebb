"""Where the law changes, copies that may not lie at the hub any more go, and come back when they may."""

from comity.domain.journal import Act
from comity.domain.lookup import Outcome
from comity.domain.record import WithdrawalReason
from comity.testing.federation import ALDOVA, BERGENIA, HUB, Federation
from tests.desks.test_sharing import FORBID, PERMIT, adopt, at_the_hub
from tests.federation.conftest import STOLEN, row, stolen_passport

ALL = PERMIT.replace('categories = ["vehicles", "firearms"]\n', "")


def tend(federation: Federation) -> None:
    for node in (HUB, BERGENIA, ALDOVA):
        federation[node].deposits.tend()
    federation.post()


def test_what_the_new_law_permits_to_nobody_goes_without_an_amendment_and_its_owner_is_told(federation: Federation):
    before = at_the_hub(federation)
    adopt(federation, PERMIT)  # vehicles alone
    answer = federation.ask("ada", STOLEN)
    assert federation.answer_of(HUB, answer).outcome is not Outcome.HIT, "told to nobody from that moment on"
    assert at_the_hub(federation) == before
    tend(federation)
    assert at_the_hub(federation) == {code: count for code, count in before.items() if code != "sltd"}
    gone = [one for one in federation.journal(HUB) if one.outcome == "law-changed"]
    assert [(one.clauses, one.for_whom, one.details["erased"]) for one in gone] == [(("law-of-bergenia",), BERGENIA, 1)]
    told = [one for one in federation.journal(BERGENIA) if one.subject == gone[0].subject]
    assert [(one.act, one.details["erased"]) for one in told] == [(Act.RECORDS_SHARED, 1)]
    assert federation.record(BERGENIA, "sltd", "D-1"), "its owner keeps it"


def test_what_may_lie_there_again_is_shared_again_as_it_then_stands(federation: Federation):
    before = at_the_hub(federation)
    federation.enter(BERGENIA, "sltd", [row("D-2", stolen_passport("B7654321"))])
    federation.post()
    adopt(federation, PERMIT)
    tend(federation)
    operator = federation[BERGENIA].operator("test")
    federation[BERGENIA].records.withdraw("sltd", "D-2", "", WithdrawalReason.RECOVERED, operator)
    adopt(federation, ALL)
    tend(federation)
    assert at_the_hub(federation) == before, "one was withdrawn meanwhile"
    assert federation.answer_of(HUB, federation.ask("ada", STOLEN)).outcome is Outcome.HIT
    sent = len(federation.journal(HUB))
    tend(federation)
    assert len(federation.journal(HUB)) == sent, "a law is looked at once"


def test_what_is_forbidden_to_some_stays(federation: Federation):
    before = at_the_hub(federation)
    adopt(federation, ALL + FORBID.format(whom="there", only='purposes = ["border-control"]'))
    tend(federation)
    assert at_the_hub(federation) == before


def test_nothing_of_ones_own_is_let_go(federation: Federation):
    record = federation.record(BERGENIA, "sltd", "D-1")
    with federation[BERGENIA].store.transaction() as tx:
        assert tx.records.let_go([record.header.id]) == 0
        tx.commit()
    assert federation.record(BERGENIA, "sltd", "D-1") == record
