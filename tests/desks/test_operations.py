"""Joint operations: what the law lets all of them be told, who sees them here, what has an effect."""

import pytest
from msgspec.structs import replace

from comity.domain.caller import Role
from comity.domain.errors import Conflict, Invalid, Missing, NotPermitted
from comity.domain.journal import Act
from comity.domain.marking import Marking
from comity.domain.operation import Closed, Joined, Left
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, HUB, Federation
from tests.desks.casework import opened
from tests.desks.cast import everyone_but
from tests.desks.joint import DONE, TASK, founded_by_aldova, joint, note, seen, stands, write


def test_tasks_notes_and_a_report_are_the_same_for_all(federation: Federation):
    operation = joint(federation)
    write(federation, ALDOVA, operation, TASK)
    federation.post()
    write(federation, BERGENIA, operation, DONE)
    write(federation, CORVIA, operation, note("A blue van."))
    federation.post()
    write(federation, ALDOVA, operation, Closed(report="Three cars found."))
    federation.post()
    aldova = stands(federation, ALDOVA, operation)
    assert (aldova.members, aldova.report) == ((ALDOVA, BERGENIA, CORVIA), "Three cars found.")
    assert [(one.id, one.owner, one.result) for one in aldova.tasks] == [("watch", BERGENIA, "Nobody came.")]
    for node in (BERGENIA, CORVIA):
        assert stands(federation, node, operation) == aldova
        assert [one.entry for one in seen(federation, node, operation).log] == [
            one.entry for one in seen(federation, ALDOVA, operation).log
        ]
        assert seen(federation, node, operation).pending == ()


def test_the_law_must_let_every_member_be_told(federation: Federation):
    """Aldova may tell Bergenia all of persons, Corvia the core alone."""
    case, ada = opened(federation), federation.cast["ada"]
    desk = federation[ALDOVA].operations
    operation = desk.found(case.id, "Ferry", ada).head.id
    for member in (BERGENIA, CORVIA):
        desk.write(operation, Joined(bureau=member), Marking(), 0, ada)
    with pytest.raises(NotPermitted) as refused:
        desk.write(operation, note("He is the one."), Marking(), 0, ada)
    assert refused.value.clauses == ("convention-on-police-information art-8",)
    assert federation.journal(ALDOVA)[-1].act is Act.OPERATION_REFUSED
    desk.write(operation, Left(bureau=CORVIA), Marking(), 0, ada)
    desk.write(operation, note("He is the one."), Marking(), 0, ada)
    with pytest.raises(NotPermitted):  # what is closed to Bergenia is not written where Bergenia reads
        desk.write(operation, note("Not for them."), Marking(closed_to=("XB",)), 0, ada)


def test_here_it_is_seen_by_the_duty_desk_until_it_is_filed_then_by_the_people_of_the_case(federation: Federation):
    operation = joint(federation, BERGENIA)
    desk, ben, sara = federation[BERGENIA].operations, federation.cast["ben"], federation.cast["sara"]
    assert [one.id for one in desk.every(sara)] == [operation]
    assert federation[ALDOVA].operations.every(federation.cast["dora"]) == []  # Ada's case
    case = opened(federation, "ben", number="BE-9")
    desk.file(operation, case.id, ben)
    with pytest.raises(Conflict):
        desk.file(operation, case.id, ben)
    assert desk.every(sara) == []
    for step in (
        lambda: desk.show(operation, sara),
        lambda: desk.write(operation, note("?"), Marking(), 0, sara),
        lambda: desk.file(operation, case.id, sara),
        lambda: desk.show("no-such", ben),
    ):
        with pytest.raises(Missing):
            step()
    assert desk.show(operation, ben).head.case == case.id
    assert federation.journal(BERGENIA)[-1].act is Act.OPERATION_SHOWN


def test_what_has_no_effect_is_not_written(federation: Federation):
    operation = joint(federation, BERGENIA)
    write(federation, ALDOVA, operation, TASK)
    federation.post()
    for node, deed in (
        (BERGENIA, Joined(bureau=CORVIA)),
        (BERGENIA, Closed(report="over")),
        (BERGENIA, Left(bureau=ALDOVA)),
        (ALDOVA, Joined(bureau=BERGENIA)),
        (ALDOVA, Left(bureau=CORVIA)),
        (ALDOVA, Left(bureau=ALDOVA)),
        (ALDOVA, replace(TASK, owner=CORVIA)),
        (ALDOVA, replace(DONE, task="no-such")),
    ):
        with pytest.raises(Conflict):
            write(federation, node, operation, deed)
    write(federation, ALDOVA, operation, Closed(report="over"))
    with pytest.raises(Conflict):
        write(federation, ALDOVA, operation, note("more"))


def test_only_bureaus_are_taken_in(federation: Federation):
    operation = founded_by_aldova(federation)
    with pytest.raises(Missing):
        write(federation, ALDOVA, operation, Joined(bureau="nowhere"))
    with pytest.raises(Invalid):
        write(federation, ALDOVA, operation, Joined(bureau=HUB))


def test_the_roles_that_work_on_operations(standing: Federation):
    nobody, desk = everyone_but(Role.OFFICER, Role.DUTY_OFFICER, Role.SUPERVISOR), standing[ALDOVA].operations
    for step in (
        lambda: desk.found("x", "name", nobody),
        lambda: desk.write("x", note("?"), Marking(), 0, nobody),
        lambda: desk.every(nobody),
        lambda: desk.show("x", nobody),
        lambda: desk.file("x", "y", nobody),
    ):
        with pytest.raises(NotPermitted):
            step()
