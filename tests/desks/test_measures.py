"""Corrective measures: proposed by one person, confirmed by another, in effect at every node, ended the same way."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from comity.desks.members import onboarding_id
from comity.domain import limits
from comity.domain.bureau import Measure, Standing
from comity.domain.caller import Role
from comity.domain.collection import Category
from comity.domain.errors import Conflict, Invalid, Missing, NotPermitted, Refusal
from comity.domain.journal import Act
from comity.domain.lookup import Outcome
from comity.domain.measure import MeasureState
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, HUB, Federation
from tests.desks.cast import everyone_but
from tests.federation.conftest import CAR, STOLEN

WEEK = timedelta(days=7)


def propose(
    federation: Federation, member: str = ALDOVA, standing: Standing = Standing.SUSPENDED, **how: Any
) -> Measure:
    hub = federation[HUB]
    told = {"reason": "too many questions", "decided_by": "legal office", "caller": hub.operator("test"), **how}
    return hub.measures.propose(member, standing, **told)


def confirm(federation: Federation, measure: Measure, login: str = "second") -> None:
    federation[HUB].measures.confirm(measure.id, federation[HUB].operator(login))
    federation.follow()


def at(federation: Federation, node: str, member: str) -> Standing:
    return federation[node].directory().member(member).stands(federation.time().date())


def test_nothing_changes_until_a_second_person_confirms(federation: Federation):
    hub = federation[HUB]
    version = hub.members.directory().version
    measure = propose(federation, CORVIA)
    assert hub.members.directory().version == version
    with pytest.raises(NotPermitted, match="proposed this measure yourself"):
        hub.measures.confirm(measure.id, hub.operator("test"))
    assert at(federation, HUB, CORVIA) is Standing.ACTIVE
    hub.measures.confirm(measure.id, hub.operator("second"))
    assert at(federation, HUB, CORVIA) is Standing.SUSPENDED
    for bureau in (ALDOVA, BERGENIA):
        assert federation[bureau].follower.follow_once()
        assert at(federation, bureau, CORVIA) is Standing.SUSPENDED
        assert federation[bureau].directory().member(CORVIA).measures == (measure,)


def test_who_proposed_and_who_confirmed_stand_in_the_journal(federation: Federation):
    confirm(federation, propose(federation, standing=Standing.SUPERVISED))
    entries = [one for one in federation.journal(HUB) if one.subject == ALDOVA][-2:]
    assert [one.act for one in entries] == [Act.MEASURE_PROPOSED, Act.MEMBER_SUPERVISED]
    assert [one.actor for one in entries] == ["operator:test", "operator:second"]
    assert entries[1].details["proposed_by"] == "operator:test"
    assert entries[1].details["decided_by"] == "legal office"
    [filed] = federation[HUB].measures.every(federation[HUB].operator("test"))
    assert (filed.state, filed.proposed_by, filed.confirmed_by) == (
        MeasureState.IN_FORCE,
        "operator:test",
        "operator:second",
    )


def test_a_measure_begins_and_ends_by_itself_at_every_node(federation: Federation):
    today = federation.time().date()
    days = {"first_day": today + timedelta(days=2), "last_day": today + timedelta(days=3)}
    confirm(federation, propose(federation, CORVIA, **days))
    stood = []
    for _ in range(5):
        stood.append({at(federation, node, CORVIA) for node in (HUB, ALDOVA, BERGENIA)})
        federation.time.pass_by(days=1)
    suspended, active = {Standing.SUSPENDED}, {Standing.ACTIVE}
    assert stood == [active, active, suspended, suspended, active]


def test_the_directory_follows_the_days_for_nodes_of_earlier_releases(federation: Federation):
    today = federation.time().date()
    confirm(federation, propose(federation, CORVIA, first_day=today + timedelta(days=1), last_day=today + WEEK / 7))
    lines = []
    for _ in range(3):
        federation[HUB].members.refresh()
        lines.append(federation[HUB].members.directory().member(CORVIA).standing)
        assert not federation[HUB].members.refresh()
        federation.time.pass_by(days=1)
    assert lines == [Standing.ACTIVE, Standing.SUSPENDED, Standing.ACTIVE]


def test_restoring_ends_all_measures_and_needs_two_as_well(federation: Federation):
    confirm(federation, propose(federation, CORVIA, Standing.SUPERVISED))
    confirm(federation, propose(federation, CORVIA, Standing.RESTRICTED, categories=[Category.PERSONS]))
    restoring = propose(federation, CORVIA, Standing.ACTIVE)
    with pytest.raises(NotPermitted):
        federation[HUB].measures.confirm(restoring.id, federation[HUB].operator("test"))
    assert at(federation, HUB, CORVIA) is Standing.RESTRICTED
    confirm(federation, restoring)
    assert at(federation, BERGENIA, CORVIA) is Standing.ACTIVE
    states = [one.state for one in federation[HUB].measures.every(federation[HUB].operator("test"), CORVIA)]
    assert states == [MeasureState.ENDED] * 3
    with pytest.raises(Conflict, match="is ended, not proposed"):
        federation[HUB].measures.confirm(restoring.id, federation[HUB].operator("second"))


def test_restoring_lets_no_newcomer_in_whose_checklist_is_not_complete(federation: Federation):
    hub, id_ = federation[HUB], onboarding_id(CORVIA)
    checking = propose(federation, CORVIA, Standing.RESTRICTED, categories=[Category.PERSONS])
    with hub.store.transaction() as tx:
        filed = tx.measures.get(checking.id)
        measure = msgspec.structs.replace(filed.measure, id=id_)
        tx.measures.put(msgspec.structs.replace(filed, measure=measure, state=MeasureState.IN_FORCE))
        tx.commit()
    confirm(federation, propose(federation, CORVIA, Standing.SUPERVISED))
    confirm(federation, propose(federation, CORVIA, Standing.ACTIVE))
    assert [one.id for one in federation[BERGENIA].directory().member(CORVIA).measures] == [id_]


def test_a_proposal_may_be_dropped(federation: Federation):
    hub, measure = federation[HUB], propose(federation)
    with pytest.raises(Invalid):
        hub.measures.drop(measure.id, " ", hub.operator("second"))
    hub.measures.drop(measure.id, "a mistake", hub.operator("second"))
    with pytest.raises(Conflict, match="is dropped"):
        hub.measures.confirm(measure.id, hub.operator("second"))
    with pytest.raises(Missing):
        hub.measures.drop("no such", "a mistake", hub.operator("second"))


@pytest.mark.parametrize(
    ("how", "refusal"),
    [
        ({"member": "nowhere"}, Missing),
        ({"member": HUB}, Conflict),
        ({"reason": " "}, Invalid),
        ({"reason": "x" * (limits.TEXT_CHARS_MAX + 1)}, Invalid),
        ({"decided_by": ""}, Invalid),
        ({"standing": Standing.RESTRICTED}, Invalid),
        ({"categories": [Category.PERSONS]}, Invalid),
    ],
)
def test_a_measure_is_whole_or_not_proposed(standing: Federation, how: dict[str, Any], refusal: type[Refusal]):
    with pytest.raises(refusal):
        propose(standing, **how)


@pytest.mark.parametrize("days", [(-1, None), (0, -1), (3, 2)])
def test_days_lie_ahead_and_in_their_order(standing: Federation, days: tuple[int, int | None]):
    first, last = (None if one is None else standing.time().date() + timedelta(days=one) for one in days)
    with pytest.raises(Invalid):
        propose(standing, first_day=first, last_day=last)


def test_only_those_who_may_sign_for_measures_do(standing: Federation):
    hub = standing[HUB].measures
    measure = propose(standing)
    for roles, act in (
        ({Role.ADMINISTRATOR}, lambda who: propose(standing, caller=who)),
        ({Role.ADMINISTRATOR, Role.SUPERVISOR, Role.REVIEWER}, lambda who: hub.confirm(measure.id, who)),
        ({Role.ADMINISTRATOR, Role.SUPERVISOR, Role.REVIEWER}, lambda who: hub.drop(measure.id, "why", who)),
    ):
        with pytest.raises(NotPermitted, match="Your roles"):
            act(everyone_but(*roles))
    with pytest.raises(Conflict, match="at the hub"):
        standing[ALDOVA].measures.propose(CORVIA, Standing.SUSPENDED, "why", "us", standing[ALDOVA].operator("test"))


def test_a_member_is_under_so_many_measures_at_once(federation: Federation, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "MEASURES_PER_MEMBER_MAX", 1)
    confirm(federation, propose(federation, CORVIA, Standing.SUPERVISED))
    with pytest.raises(Conflict, match="under 1 measures"):
        propose(federation, CORVIA)


def test_who_was_suspended_by_an_earlier_release_stays_so_until_restored(federation: Federation):
    hub = federation[HUB]

    def suspended(members):
        return tuple(
            msgspec.structs.replace(one, standing=Standing.SUSPENDED, reason="keys lost") if one.id == CORVIA else one
            for one in members
        )

    with hub.store.transaction() as tx:
        hub.members.publish(tx, suspended)
        tx.commit()
    with pytest.raises(Conflict, match="Restore it first"):
        propose(federation, CORVIA, Standing.SUPERVISED)
    with hub.store.transaction() as tx:
        hub.members.publish(tx)
        tx.commit()
    federation[BERGENIA].follower.follow_once()
    assert at(federation, BERGENIA, CORVIA) is Standing.SUSPENDED
    confirm(federation, propose(federation, CORVIA, Standing.ACTIVE))
    assert at(federation, BERGENIA, CORVIA) is Standing.ACTIVE


def test_the_longest_reason_still_reaches_everyone(federation: Federation):
    confirm(federation, propose(federation, CORVIA, Standing.SUPERVISED, reason="x" * limits.TEXT_CHARS_MAX))
    assert at(federation, ALDOVA, CORVIA) is Standing.SUPERVISED


# -- what a restriction does ------------------------------------------------------------------------------------------


def test_a_restricted_member_is_refused_in_its_categories_with_the_reason(federation: Federation):
    federation.measure(ALDOVA, Standing.RESTRICTED, "too many plates", [Category.VEHICLES])
    federation.follow()
    told = {one.source: one for one in federation.ask("ada", CAR).sources}
    for source in (HUB, BERGENIA):
        assert told[source].outcome is Outcome.REFUSED
        assert "restricted in vehicles" in told[source].reason.text
        assert "too many plates" in told[source].reason.text
        assert "legal office" in told[source].reason.text
    assert federation.answer_of(HUB, federation.ask("ada", STOLEN)).outcome is Outcome.HIT


def test_a_restricted_member_is_not_asked_in_its_categories(federation: Federation):
    federation.measure(BERGENIA, Standing.RESTRICTED, "bad plates", [Category.VEHICLES])
    federation.follow()
    told = federation.answer_of(BERGENIA, federation.ask("ada", CAR))
    assert (told.outcome, "restricted" in told.reason.text) == (Outcome.SILENT, True)
    assert federation.answer_of(BERGENIA, federation.ask("ada", STOLEN)).outcome is Outcome.HIT


# -- what a suspension keeps ------------------------------------------------------------------------------------------


def test_letters_for_a_suspended_member_wait_as_long_as_it_is_suspended(federation: Federation):
    federation.measure(BERGENIA, Standing.SUSPENDED, "a fictitious quarrel")
    federation[ALDOVA].follower.follow_once()
    federation.ask("ada", STOLEN)  # the hub finds it, and has an alert to write to the owner
    assert federation[HUB].courier.deliver_once(federation.time()) == 0
    for _ in range(3):
        federation.time.pass_by(days=limits.LETTER_DAYS_MAX + 1)
        federation[HUB].letters.expire()
    assert federation.waiting()[HUB][BERGENIA]
    federation.measure(BERGENIA, Standing.ACTIVE, "made up")
    federation.follow()
    federation.post()
    assert [one.act for one in federation.journal(BERGENIA) if one.act is Act.HIT_ALERTED] == [Act.HIT_ALERTED]
