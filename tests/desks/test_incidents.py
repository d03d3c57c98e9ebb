"""Security incidents: whom they concern is told in time, what contains them stands in the journal; sanctions by two."""

from datetime import timedelta

import pytest

from comity.domain import limits
from comity.domain.bureau import Standing
from comity.domain.caller import Caller, Role
from comity.domain.errors import Conflict, Invalid, Missing, NotPermitted, Unauthenticated
from comity.domain.incident import AUTHORITY, PERSONS, Incident, IncidentKind, IncidentState, IncidentTold, Severity
from comity.domain.journal import Act
from comity.domain.letter import IncidentNotice
from comity.domain.sanction import SanctionKind
from comity.testing.federation import ALDOVA, BERGENIA, HUB, Federation
from tests.desks.cast import everyone_but, send

HOUR = timedelta(hours=1)


def one(federation: Federation, node: str = BERGENIA) -> Caller:
    return federation[node].operator("first")


def two(federation: Federation, node: str = BERGENIA) -> Caller:
    return federation[node].operator("second")


def reported(federation: Federation) -> Incident:
    ben = federation.cast["ben"]
    return federation[BERGENIA].incidents.report(IncidentKind.MISUSE, "He looked up his neighbour.", None, ben)


def assessed(federation: Federation, severity: Severity = Severity.HIGH, members: tuple[str, ...] = ()) -> Incident:
    found = reported(federation)
    return federation[BERGENIA].incidents.assess(found.id, severity, True, members, "It is so.", one(federation))


def entry_of(federation: Federation, act: Act) -> int:
    return [entry.act for entry in federation.journal(BERGENIA)].index(act)


def test_an_incident_from_report_to_lessons(federation: Federation):
    desk, caller = federation[BERGENIA].incidents, one(federation)
    incident = assessed(federation, members=(ALDOVA,))
    assert {due.whom: (due.due_at - incident.known_at) / HOUR for due in incident.due} == {
        AUTHORITY: limits.INCIDENT_AUTHORITY_HOURS,
        PERSONS: limits.INCIDENT_AUTHORITY_HOURS,
        ALDOVA: limits.INCIDENT_MEMBERS_HOURS,
    }
    with pytest.raises(Conflict, match="aldova was not told, nothing contains it"):
        desk.close(incident.id, "Look sooner.", caller)
    federation[BERGENIA].accounts.suspend("ben", "misuse", caller)
    desk.contain(incident.id, entry_of(federation, Act.ACCOUNT_SUSPENDED), caller)
    desk.tell(incident.id, ALDOVA, "Your record was seen without a reason.", "", caller)
    for whom in (AUTHORITY, PERSONS):
        with pytest.raises(Invalid):
            desk.tell(incident.id, whom, "", "", caller)  # without a reference nobody can check it
        desk.tell(incident.id, whom, "", "XB-DPA-17", caller)
    federation.post()
    [there] = federation[ALDOVA].incidents.every(one(federation, ALDOVA))
    assert (there.incident.told_by_member, there.incident.severity) == (BERGENIA, Severity.HIGH)
    assert desk.close(incident.id, "Look sooner.", caller).state is IncidentState.CLOSED
    acts = [entry.act for entry in federation.journal(BERGENIA) if entry.subject == incident.id]
    assert acts == [
        Act.INCIDENT_REPORTED,
        Act.INCIDENT_ASSESSED,
        Act.INCIDENT_CONTAINED,
        *[Act.INCIDENT_TOLD] * 3,
        Act.INCIDENT_CLOSED,
    ]
    federation[ALDOVA].incidents.assess(there.incident.id, Severity.LOW, False, (), "Nothing.", one(federation, ALDOVA))
    notice = IncidentTold(
        id=incident.id,
        kind=incident.kind,
        severity=Severity.HIGH,
        personal=True,
        known_at=incident.known_at,
        what="Once more.",
    )
    send(federation, BERGENIA, ALDOVA, IncidentNotice(notice=notice))
    [there] = federation[ALDOVA].incidents.every(one(federation, ALDOVA))
    assert there.incident.severity is Severity.LOW


def test_whoever_was_not_told_in_time_is_noted_once(standing: Federation):
    incident = assessed(standing)
    began = standing.time()
    standing.time.pass_by(hours=limits.INCIDENT_AUTHORITY_HOURS)
    desk = standing[BERGENIA].incidents
    assert (desk.tend(), desk.tend()) == (2, 0)
    assert "escalated" in desk.show(incident.id, one(standing)).clocks[AUTHORITY]
    assert desk.tell(incident.id, AUTHORITY, "", "XB-DPA-18", one(standing)).due[0].told_at == standing.time()
    noted = [entry for entry in standing.journal(BERGENIA) if entry.subject == incident.id]
    assert [entry.outcome for entry in noted if entry.act is Act.INCIDENT_TOLD] == ["late"]
    standing.time.now = began


def test_only_what_was_done_since_and_contains_anything_counts(standing: Federation):
    desk, caller = standing[BERGENIA].incidents, one(standing)
    standing[BERGENIA].accounts.suspend("ben", "before", caller)
    standing.time.pass_by(seconds=1)
    incident = assessed(standing)
    for entry in (entry_of(standing, Act.ACCOUNT_SUSPENDED), entry_of(standing, Act.INCIDENT_REPORTED)):
        with pytest.raises(Conflict):
            desk.contain(incident.id, entry, caller)
    with pytest.raises(Missing):
        desk.contain(incident.id, 10**6, caller)
    standing[BERGENIA].accounts.restore("ben", "after", caller)


def test_who_is_no_member_concerns_nobody_and_roles_are_kept(standing: Federation):
    desk, incident = standing[BERGENIA].incidents, reported(standing)
    for name in ("nobody", BERGENIA):
        with pytest.raises(Missing):
            desk.assess(incident.id, Severity.LOW, False, (name,), "It is so.", one(standing))
    other = everyone_but(
        Role.DATA_PROTECTION_OFFICER, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR, bureau=BERGENIA
    )
    for act in (
        lambda: desk.assess(incident.id, Severity.LOW, False, (), "x", other),
        lambda: desk.show(incident.id, other),
        lambda: standing[BERGENIA].sanctions.propose(SanctionKind.WARNING, "ben", "x", "", other),
    ):
        with pytest.raises(NotPermitted):
            act()
    with pytest.raises(Invalid):
        desk.report(IncidentKind.LOSS, "later", standing.time() + HOUR, other)


# -- sanctions --------------------------------------------------------------------------------------------------------


def test_a_warning_changes_nothing_a_unit_is_shut_out_whole(federation: Federation):
    desk, here = federation[BERGENIA].sanctions, federation[BERGENIA]
    unit = federation.cast["ben"].unit
    token, _ = here.accounts.issue("ben", HOUR, one(federation))
    warned = desk.propose(SanctionKind.WARNING, "ben", "He looked up his neighbour.", "", one(federation))
    desk.confirm(warned.id, two(federation))
    assert here.accounts.caller(token).login == "ben"
    shut = desk.propose(SanctionKind.UNIT, unit, "They all did.", "", one(federation))
    with pytest.raises(NotPermitted):
        desk.confirm(shut.id, one(federation))
    with pytest.raises(NotPermitted, match="concerns yourself"):
        desk.confirm(shut.id, federation.cast["sara"])  # of the same unit
    assert "ben" in desk.confirm(shut.id, two(federation)).accounts
    with pytest.raises(Unauthenticated):
        here.accounts.caller(token)
    with pytest.raises(Conflict):
        desk.confirm(shut.id, two(federation))


def test_a_member_is_suspended_by_a_measure_of_the_hub(federation: Federation):
    with pytest.raises(Conflict):
        federation[BERGENIA].sanctions.propose(SanctionKind.MEMBER, ALDOVA, "It sells.", "", one(federation))
    desk = federation[HUB].sanctions
    proposed = desk.propose(SanctionKind.MEMBER, ALDOVA, "It sells what it sees.", "", one(federation, HUB))
    desk.confirm(proposed.id, two(federation, HUB))
    directory = federation[HUB].directory()
    assert directory.member(ALDOVA).stands(federation.time().date()) is Standing.SUSPENDED
