"""A new member exchanges nothing before its checklist is complete, and the ceremony takes two people."""

from typing import Any

import pytest

from comity.desks.members import onboarding_id
from comity.domain.bureau import Standing
from comity.domain.caller import Role
from comity.domain.errors import Conflict, Invalid, NotPermitted
from comity.domain.journal import Act
from comity.domain.lookup import Outcome
from comity.law.onboarding import CEREMONY
from comity.law.rulebook import shipped_rulebook
from comity.testing.federation import ALDOVA, CORVIA, HUB, Federation
from tests.desks.cast import everyone_but
from tests.federation.conftest import STOLEN

ITEMS = shipped_rulebook().onboarding


@pytest.fixture
def newcomer(federation: Federation) -> Federation:
    """Aldova as it stands right after somebody approved it with a checklist."""
    hub = federation[HUB]
    with hub.store.transaction() as tx:
        hub.members._begin_checklist(tx, ALDOVA, federation[ALDOVA].fingerprint, hub.operator("test"))
        hub.members.publish(tx)
        tx.commit()
    federation.follow()
    return federation


def check(federation: Federation, item: str, login: str = "test", **how: Any) -> bool:
    told = {"evidence": "filed as 7/2031", "caller": federation[HUB].operator(login), **how}
    return federation[HUB].onboarding.check(ALDOVA, item, **told)


def at_hub(federation: Federation) -> Outcome:
    return federation.answer_of(HUB, federation.ask("ada", STOLEN)).outcome


def test_every_item_says_what_is_to_be_done_and_the_ceremony_takes_two():
    assert ITEMS[CEREMONY].persons == 2
    assert all(item.text and item.source for item in ITEMS.values())
    assert {"data-protection-officer", "agreements-adopted", "test-lookups"} <= set(ITEMS)


def test_a_newcomer_exchanges_nothing_until_the_last_item_is_done(newcomer: Federation):
    assert at_hub(newcomer) is Outcome.REFUSED
    for item in set(ITEMS) - {CEREMONY}:
        assert not check(newcomer, item)
    assert newcomer[HUB].directory().member(ALDOVA).stands(newcomer.time().date()) is Standing.RESTRICTED
    with pytest.raises(NotPermitted, match="signed for it yourself"):
        check(newcomer, CEREMONY)
    assert check(newcomer, CEREMONY, "second")
    newcomer.follow()
    assert at_hub(newcomer) is Outcome.HIT
    assert Act.MEMBER_ONBOARDED in [one.act for one in newcomer.journal(HUB)]
    with pytest.raises(Conflict, match="no open checklist"):
        check(newcomer, CEREMONY, "third")


def test_restoring_does_not_stand_in_for_the_checklist(newcomer: Federation):
    newcomer.measure(ALDOVA, Standing.SUPERVISED, "why")
    newcomer.measure(ALDOVA, Standing.ACTIVE, "why")
    assert [one.id for one in newcomer[HUB].directory().member(ALDOVA).measures] == [onboarding_id(ALDOVA)]


def test_items_are_signed_for_once_with_evidence_by_those_who_may(newcomer: Federation):
    check(newcomer, "questionnaire")
    with pytest.raises(Conflict, match="done already"):
        check(newcomer, "questionnaire", "second")
    for how in ({"item": "tea"}, {"item": "duty-desk", "evidence": " "}):
        with pytest.raises(Invalid):
            check(newcomer, **how)
    with pytest.raises(NotPermitted):
        check(
            newcomer, "duty-desk", caller=everyone_but(Role.ADMINISTRATOR, Role.REVIEWER, Role.SUPERVISOR, bureau=HUB)
        )
    with pytest.raises(Conflict):
        newcomer[HUB].onboarding.check(CORVIA, "duty-desk", "filed", newcomer[HUB].operator("test"))
    listed = {code: done for code, _, done in newcomer[HUB].onboarding.checklist(ALDOVA, newcomer[HUB].operator("x"))}
    assert {code for code, done in listed.items() if done} == {"questionnaire", CEREMONY}
