"""Overrides: two persons, a reason, a day, one bureau and case; the oversight body has a notice of each."""

from datetime import timedelta
from typing import Any

import pytest

from comity.desks.search import lifting
from comity.domain import limits
from comity.domain.caller import Caller, Role
from comity.domain.circumstances import Harm, Override
from comity.domain.errors import Conflict, Invalid, Missing, NotPermitted
from comity.domain.journal import Act
from comity.domain.letter import OverrideSeen
from comity.domain.override import FiledOverride, OverrideKind
from comity.testing.federation import ALDOVA, BERGENIA, HUB, Federation
from tests.desks.cast import as_, changed, send
from tests.federation.conftest import STOLEN

DAY = timedelta(days=1)


def somebody(login: str, *roles: Role) -> Caller:
    return changed(as_(roles, BERGENIA), account=login)


SARA, MAX = somebody("sara", Role.SUPERVISOR), somebody("max", Role.SUPERVISOR)
DORIS = somebody("doris", Role.DATA_PROTECTION_OFFICER)


def propose(federation: Federation, **how: Any) -> FiledOverride:
    told = {
        "kind": OverrideKind.EMERGENCY,
        "against": Harm.DEATH_PENALTY,
        "bureau": ALDOVA,
        "case": "T-1",
        "reason": "a bomb may go off today",
        "until": federation.time().date() + DAY,
        "caller": SARA,
        **how,
    }
    return federation[BERGENIA].overrides.propose(**told)


def holding(federation: Federation, case: str = "T-1") -> tuple[Override, ...]:
    """What the law is handed with a question of Ada's in that case."""
    asked: list[Any] = []
    search = federation[BERGENIA].lookups.search
    answer, search.answer = (
        search.answer,
        lambda tx, law, question, *rest: (  # type: ignore[method-assign]
            asked.append(lifting(tx, search.here, question, federation.time().date())),
            answer(tx, law, question, *rest),
        )[1],
    )
    federation.ask("ada", STOLEN, case=case)
    search.answer = answer  # type: ignore[method-assign]
    assert set(asked[0].others) <= {"XA", "XC", HUB}
    return asked[0].for_owner("XB")


def test_it_holds_once_a_second_person_confirms_for_its_bureau_and_case_until_its_day(federation: Federation):
    desk, filed = federation[BERGENIA].overrides, propose(federation)
    assert holding(federation) == ()
    with pytest.raises(NotPermitted, match="proposed it yourself"):
        desk.confirm(filed.id, SARA)
    desk.confirm(filed.id, MAX)
    assert holding(federation) == (
        Override(against=Harm.DEATH_PENALTY, persons=("sara", "max"), reason=filed.reason, until=filed.until),
    )
    assert holding(federation, "T-2") == ()
    federation.time.pass_by(days=2)
    assert holding(federation) == ()
    with pytest.raises(Conflict):
        desk.confirm(filed.id, MAX)


def test_the_oversight_body_has_a_notice_until_it_has_seen_it(federation: Federation):
    desk = federation[BERGENIA].overrides
    desk.body = BERGENIA  # its own people oversee it
    filed = propose(federation)
    assert desk.notices(DORIS) == []
    with pytest.raises(Conflict):
        desk.see(filed.id, DORIS)
    desk.confirm(filed.id, MAX)
    assert [one.id for one in desk.notices(DORIS)] == [filed.id]
    with pytest.raises(NotPermitted, match="answer for this override"):
        desk.see(filed.id, somebody("max", Role.AUDITOR))
    assert desk.see(filed.id, DORIS).seen_by == "doris"
    assert desk.notices(DORIS) == []
    acts = [one.act for one in federation.journal(BERGENIA) if one.subject == filed.id]
    assert acts == [Act.OVERRIDE_PROPOSED, Act.OVERRIDE_CONFIRMED, Act.OVERRIDE_SEEN]


def test_an_oversight_body_elsewhere_gets_a_letter_and_says_when_its_people_have_seen_it(federation: Federation):
    desk, filed = federation[BERGENIA].overrides, propose(federation)
    hub, nora = federation[HUB].overrides, changed(as_({Role.DATA_PROTECTION_OFFICER}, HUB), account="nora")
    federation.post()
    assert hub.received(nora) == []
    desk.confirm(filed.id, MAX)
    federation.post()
    [told] = hub.received(nora)
    assert (told.told_by, told.notice.id, told.notice.reason) == (BERGENIA, filed.id, filed.reason)
    with federation[HUB].store.reading() as tx:
        assert tx.overrides.every() == []  # it overrides nothing there
    with pytest.raises(Conflict, match="oversight body is hub"):
        desk.see(filed.id, DORIS)
    send(federation, ALDOVA, BERGENIA, OverrideSeen(override=filed.id))
    assert [one.id for one in desk.notices(DORIS)] == [filed.id]  # nobody else's word counts
    hub.see_received(filed.id, nora)
    with pytest.raises(Conflict):
        hub.see_received(filed.id, nora)
    federation.post()
    assert desk.notices(DORIS) == []
    assert desk.every(DORIS)[0].seen_by == HUB


@pytest.mark.parametrize(("body", "why"), [("", "No oversight body is set"), ("nobody", "is no member")])
def test_nothing_is_overridden_where_no_oversight_body_would_learn_of_it(federation: Federation, body: str, why: str):
    desk, filed = federation[BERGENIA].overrides, propose(federation)
    desk.body = body
    for act in (lambda: propose(federation), lambda: desk.confirm(filed.id, MAX)):
        with pytest.raises(Conflict, match=why) as refusal:
            act()
        assert (refusal.value.where, "comity.toml" in refusal.value.do) == ("oversight.body", True)
    assert holding(federation) == ()


@pytest.mark.parametrize("how", [{"reason": " "}, {"case": ""}, {"bureau": ""}])
def test_it_is_whole_or_not_proposed(standing: Federation, how: dict[str, Any]):
    with pytest.raises(Invalid):
        propose(standing, **how)


def test_days_roles_and_ids_are_checked(standing: Federation):
    desk, today = standing[BERGENIA].overrides, standing.time().date()
    for until in (today - DAY, today + (limits.OVERRIDE_DAYS_MAX + 1) * DAY):
        with pytest.raises(Invalid):
            propose(standing, until=until)
    for act in (
        lambda: propose(standing, caller=DORIS),
        lambda: desk.confirm("any", DORIS),
        lambda: desk.see("a", MAX),
    ):
        with pytest.raises(NotPermitted, match="Your roles"):
            act()
    with pytest.raises(Missing):
        desk.confirm("no such", MAX)


def test_at_a_hub_its_reviewers_answer_for_the_organisation(standing: Federation):
    desk, today = standing[HUB].overrides, standing.time().date()
    lea, max_ = (changed(as_({Role.REVIEWER}, HUB), account=login) for login in ("lea", "max"))
    asked = (OverrideKind.EMERGENCY, Harm.DEATH_PENALTY, ALDOVA, "T-1", "a life is in danger", today)
    desk.body = HUB
    with pytest.raises(NotPermitted, match="Your roles"):
        desk.propose(*asked, DORIS)
    assert desk.confirm(desk.propose(*asked, lea).id, max_).confirmed_by == "max"
