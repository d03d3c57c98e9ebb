"""Arrivals: each told once to whoever may see what arrived, and to nobody else."""

import pytest

from comity.domain.caller import Caller, Role
from comity.domain.errors import NotPermitted
from comity.domain.event import ARRIVALS, Arrival
from comity.domain.hit import Priority
from comity.testing.federation import ALDOVA, BERGENIA, Federation
from tests.desks.casework import answered, opened, sent
from tests.desks.cast import as_, found_by_ada
from tests.desks.joint import joint, note, write


def heard(federation: Federation, node: str, caller: Caller, after: int = -1) -> list[tuple[Arrival, str]]:
    events, place = [], after
    while True:
        found, reached = federation[node].events.after(place, caller)
        if reached == place:
            return events
        events += [(one.arrival, one.subject) for one in found]
        place = reached


def test_a_message_is_heard_of_by_whoever_may_read_it(federation: Federation):
    ben, sara, ada = (federation.cast[one] for one in ("ben", "sara", "ada"))
    mail = sent(federation, opened(federation))
    assert heard(federation, BERGENIA, sara) == [(Arrival.MESSAGE, mail.id)]
    reply = answered(federation, mail)
    assert heard(federation, BERGENIA, sara) == []  # it lies in Ben's case now
    assert (Arrival.MESSAGE, mail.id) in heard(federation, BERGENIA, ben)
    assert heard(federation, ALDOVA, ada) == [(Arrival.MESSAGE, reply.id)]
    assert heard(federation, ALDOVA, federation.cast["dora"]) == []
    federation[BERGENIA].mail.show(mail.id, ben)
    federation[BERGENIA].translations.translate(mail.id, "fr", "Qui ?", False, ben)
    federation.post()
    late = sent(federation, opened(federation, number="AL-8"))
    federation.time.pass_by(days=8)
    federation[ALDOVA].arriving_mail.escalate()
    assert heard(federation, ALDOVA, ada) == [
        (Arrival.MESSAGE, reply.id),
        (Arrival.OPENED, mail.id),
        (Arrival.TRANSLATION, mail.id),
        (Arrival.OVERDUE, late.id),
    ]


def test_entries_of_operations_and_hits_are_heard_of(federation: Federation):
    ben = federation.cast["ben"]
    operation = joint(federation, BERGENIA)
    write(federation, BERGENIA, operation, note("mine"))
    federation.post()
    assert set(heard(federation, BERGENIA, ben)) == {(Arrival.OPERATION, operation)}
    hit = found_by_ada(federation)
    federation[ALDOVA].hits.request(hit, Priority.URGENT, "", federation.cast["ada"])
    federation.post()
    assert heard(federation, BERGENIA, ben)[-1] == (Arrival.HIT, hit)
    auditor = as_({Role.AUDITOR}, BERGENIA)
    assert set(heard(federation, BERGENIA, auditor)) == {(Arrival.HIT, hit)}  # no messages, no operations


def test_it_goes_on_where_it_was(federation: Federation):
    ben, desk = federation.cast["ben"], federation[BERGENIA].events
    case = opened(federation)
    first = sent(federation, case)
    ((told,), place) = desk.after(-1, ben)
    assert (told.subject, told.number <= place) == (first.id, True)
    assert desk.after(place, ben) == ([], place)
    second = sent(federation, case)
    assert [one.subject for one in desk.after(place, ben)[0]] == [second.id]
    assert [one.subject for one in desk.after(told.number, ben)[0]] == [second.id]
    assert desk.after(desk.newest(), ben)[0] == []


def test_who_sees_neither_cases_nor_hits_hears_nothing(standing: Federation):
    with pytest.raises(NotPermitted):
        standing[ALDOVA].events.after(-1, as_({Role.ADMINISTRATOR}))


def test_every_kind_of_arrival_comes_from_the_journal():
    assert set(ARRIVALS.values()) == set(Arrival)
