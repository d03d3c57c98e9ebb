"""Cases: seen by the people allowed in them and by nobody else, and every look and change written down."""

import pytest
from msgspec.structs import replace

from comity.domain.caller import Role
from comity.domain.case import CaseState, ItemKind, Reference
from comity.domain.errors import Conflict, Invalid, Missing, NotPermitted
from comity.domain.journal import Act
from comity.domain.marking import Confidentiality, Handling, Marking
from comity.testing.federation import ALDOVA, BERGENIA, Federation
from tests.desks.casework import ABOUT, opened
from tests.desks.cast import everyone_but, found_by_ada


def test_only_the_people_allowed_learn_that_a_case_is_there(federation: Federation):
    desk, ada, dora = federation[ALDOVA].cases, federation.cast["ada"], federation.cast["dora"]
    case = opened(federation)
    assert [one.id for one in desk.every(ada)] == [case.id]
    assert desk.every(dora) == []
    unknown = refused(lambda: desk.show("no-such-case", dora))
    for step in (
        lambda: desk.show(case.id, dora),
        lambda: desk.close(case.id, "over", dora),
        lambda: desk.reopen(case.id, dora),
        lambda: desk.admit(case.id, "dora", dora),
        lambda: desk.dismiss(case.id, "ada", dora),
        lambda: desk.refer(case.id, Reference(bureau=BERGENIA, number="1"), dora),
        lambda: desk.attach(case.id, ItemKind.RECORD, "r", Marking(), dora),
    ):
        assert refused(step) == unknown
    desk.admit(case.id, "dora", ada)
    assert desk.show(case.id, dora).case.allowed == {ada.account, dora.account}
    desk.dismiss(case.id, "dora", ada)
    assert refused(lambda: desk.show(case.id, dora)) == unknown


def refused(step) -> str:
    with pytest.raises(Missing) as missing:
        step()
    return str(missing.value)


def test_a_supervisor_lets_people_in_without_seeing_the_case(federation: Federation):
    desk, sara = federation[BERGENIA].cases, federation.cast["sara"]
    case = opened(federation, "ben")
    desk.admit(case.id, "sara", sara)
    assert desk.every(sara) != []  # written down that she let herself in
    entries = [one for one in federation.journal(BERGENIA) if one.subject == case.id]
    assert (entries[-1].act, entries[-1].actor) == (Act.CASE_CHANGED, sara.account)
    desk.dismiss(case.id, "sara", sara)
    with pytest.raises(Missing):
        desk.show(case.id, sara)


def test_the_last_one_stays(federation: Federation):
    case = opened(federation)
    with pytest.raises(Conflict):
        federation[ALDOVA].cases.dismiss(case.id, "ada", federation.cast["ada"])
    with pytest.raises(Missing):
        federation[ALDOVA].cases.admit(case.id, "nobody", federation.cast["ada"])


def test_a_number_is_given_once(federation: Federation):
    opened(federation)
    with pytest.raises(Conflict):
        opened(federation, "dora")


def test_every_look_and_change_is_written_down(federation: Federation):
    desk, ada = federation[ALDOVA].cases, federation.cast["ada"]
    case = opened(federation)
    desk.show(case.id, ada)
    desk.refer(case.id, Reference(bureau=BERGENIA, number="BE-9"), ada)
    desk.close(case.id, "solved", ada)
    with pytest.raises(Conflict):
        desk.refer(case.id, Reference(bureau=BERGENIA, number="BE-10"), ada)
    with pytest.raises(Invalid):
        desk.close(case.id, " ", ada)
    desk.reopen(case.id, ada)
    with pytest.raises(Conflict):
        desk.reopen(case.id, ada)
    acts = [one.act for one in federation.journal(ALDOVA) if one.subject == case.id]
    assert acts == [Act.CASE_OPENED, Act.CASE_SHOWN, Act.CASE_CHANGED, Act.CASE_CLOSED, Act.CASE_REOPENED]
    assert desk.show(case.id, ada).case.state is CaseState.OPEN


def test_what_lies_in_a_case_is_marked_as_its_owner_marked_it_or_narrower(federation: Federation):
    desk, ben = federation[BERGENIA].cases, federation.cast["ben"]
    case = opened(federation, "ben")
    record = federation.record(BERGENIA, "nominals", "P-1")
    item = desk.attach(case.id, ItemKind.RECORD, record.header.id, Marking(handling=(Handling.H1,)), ben)
    assert item.owner == BERGENIA
    assert set(item.marking.handling) >= {Handling.H1, *record.header.marking.handling} - {Handling.H0}
    hit = found_by_ada(federation)
    ada = federation.cast["ada"]
    theirs = opened(federation)
    confidential = Marking(confidentiality=Confidentiality.CONFIDENTIAL)
    assert federation[ALDOVA].cases.attach(theirs.id, ItemKind.HIT, hit, confidential, ada).owner == BERGENIA
    whole = federation[ALDOVA].cases.show(theirs.id, ada)
    assert whole.marking.confidentiality is Confidentiality.CONFIDENTIAL
    for kind in ItemKind:
        with pytest.raises(Missing):
            desk.attach(case.id, kind, "no-such", Marking(), ben)


def test_the_roles_that_work_on_cases(standing: Federation):
    nobody = everyone_but(Role.OFFICER, Role.DUTY_OFFICER, Role.SUPERVISOR)
    desk = standing[ALDOVA].cases
    for step in (
        lambda: desk.open(replace(ABOUT, number="X-1"), nobody),
        lambda: desk.every(nobody),
        lambda: desk.show("x", nobody),
        lambda: desk.close("x", "why", nobody),
        lambda: desk.reopen("x", nobody),
        lambda: desk.admit("x", "ada", nobody),
        lambda: desk.dismiss("x", "ada", nobody),
        lambda: desk.refer("x", Reference(bureau="b", number="1"), nobody),
        lambda: desk.attach("x", ItemKind.HIT, "h", Marking(), nobody),
    ):
        with pytest.raises(NotPermitted):
            step()
