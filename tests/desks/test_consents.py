"""Consent: asked of the owner by letter, bound to its terms, until a day, and nobody else's to give."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from comity.domain import limits
from comity.domain.caller import Role
from comity.domain.circumstances import Consent, Use
from comity.domain.consent import ConsentCase, ConsentState, Terms
from comity.domain.errors import Conflict, Invalid, Missing, NotPermitted
from comity.domain.journal import Act
from comity.domain.letter import ConsentAnswer, ConsentRequest
from comity.domain.purpose import Purpose
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, Federation
from tests.desks.cast import everyone_but, found_by_ada, send, why_not

DAY = timedelta(days=1)


def request(federation: Federation, **how: Any) -> ConsentCase:
    told = {
        "hit_id": found_by_ada(federation),
        "use": Use.ONWARD,
        "purpose": Purpose.CRIMINAL_INVESTIGATION,
        "recipient": "XC",
        "reason": "Corvia has the suspect",
        "caller": federation.cast["dora"],
        **how,
    }
    case = federation[ALDOVA].consents.request(**told)
    federation.post()
    return case


def at(federation: Federation, node: str, consent: str) -> ConsentCase | None:
    with federation[node].store.reading() as tx:
        return tx.consents.get(consent)


def give(federation: Federation, consent: str, days: int = 10) -> None:
    federation[BERGENIA].consents.give(consent, federation.time().date() + days * DAY, "", federation.cast["ben"])
    federation.post()


def in_force(federation: Federation, record: str) -> tuple[Consent, ...]:
    with federation[ALDOVA].store.reading() as tx:
        return federation[ALDOVA].consents.in_force(tx, record)


def test_given_it_holds_for_its_terms_until_its_day(federation: Federation):
    case = request(federation)
    asked = at(federation, BERGENIA, case.id)
    assert (asked.asker, asked.terms, asked.state) == (ALDOVA, case.terms, ConsentState.REQUESTED)
    assert in_force(federation, case.terms.record) == ()
    give(federation, case.id)
    until = federation.time().date() + 10 * DAY
    assert in_force(federation, case.terms.record) == (
        Consent(
            given_by="XB",
            record=case.terms.record,
            use=Use.ONWARD,
            purpose=Purpose.CRIMINAL_INVESTIGATION,
            recipient="XC",
            reference=case.id,
            until=until,
        ),
    )
    acts = [one.act for node in (ALDOVA, BERGENIA) for one in federation.journal(node) if one.subject == case.id]
    assert acts == [Act.CONSENT_REQUESTED, Act.CONSENT_GIVEN] * 2
    federation.time.pass_by(days=11)
    assert in_force(federation, case.terms.record) == ()


def test_refused_it_does_not_hold_and_one_that_was_given_is_taken_back(federation: Federation):
    case, desk, ben = request(federation), federation[BERGENIA].consents, federation.cast["ben"]
    give(federation, case.id)
    desk.refuse(case.id, "Corvia has changed its law", ben)
    federation.post()
    assert in_force(federation, case.terms.record) == ()
    assert at(federation, ALDOVA, case.id).note == "Corvia has changed its law"
    with pytest.raises(Conflict):
        give(federation, case.id)


def test_only_the_owners_word_counts_and_for_no_other_terms(federation: Federation):
    case = request(federation)
    until = federation.time().date() + DAY
    for sender, terms in (
        (CORVIA, case.terms),
        (BERGENIA, msgspec.structs.replace(case.terms, recipient="XA")),
        (BERGENIA, msgspec.structs.replace(case.terms, purpose=Purpose.WARN)),
    ):
        send(federation, sender, ALDOVA, ConsentAnswer(consent=case.id, terms=terms, given=True, until=until))
        assert in_force(federation, case.terms.record) == ()
    send(federation, BERGENIA, ALDOVA, ConsentAnswer(consent=case.id, terms=case.terms, given=True))  # without end
    assert in_force(federation, case.terms.record) == ()
    assert len(why_not(federation, ALDOVA, case.id)) == 4


def test_whoever_was_not_told_of_a_record_learns_nothing_by_asking(federation: Federation):
    there = federation.record(BERGENIA, "nominals", "P-1").header.id
    for number, record in enumerate((there, "no-such-record")):
        terms = Terms(record=record, use=Use.EVIDENCE, purpose=Purpose.WARN)
        send(federation, CORVIA, BERGENIA, ConsentRequest(consent=f"probe-{number}", terms=terms, reason="why not"))
        assert at(federation, BERGENIA, f"probe-{number}") is None
    assert why_not(federation, BERGENIA, "probe-0") == why_not(federation, BERGENIA, "probe-1")


def test_a_request_under_an_id_that_stands_changes_nothing(federation: Federation):
    case = request(federation)
    terms = msgspec.structs.replace(case.terms, recipient="XB")
    send(federation, ALDOVA, BERGENIA, ConsentRequest(consent=case.id, terms=terms, reason="again"))
    assert at(federation, BERGENIA, case.id).terms == case.terms


@pytest.mark.parametrize("how", [{"recipient": ""}, {"use": Use.EVIDENCE}, {"reason": " "}])
def test_a_request_is_whole(standing: Federation, how: dict[str, Any]):
    with pytest.raises(Invalid):
        request(standing, **how)


def test_days_roles_and_ids_are_checked(federation: Federation):
    case, desk, ben = request(federation), federation[BERGENIA].consents, federation.cast["ben"]
    today = federation.time().date()
    for until in (today - DAY, today + (limits.CONSENT_DAYS_MAX + 1) * DAY):
        with pytest.raises(Invalid):
            desk.give(case.id, until, "", ben)
    with pytest.raises(NotPermitted):
        desk.give(case.id, today, "", everyone_but(Role.DUTY_OFFICER, Role.SUPERVISOR, bureau=BERGENIA))
    with pytest.raises(Missing):
        federation[ALDOVA].consents.give(case.id, today, "", federation.cast["dora"])  # it is not ours to give
    with pytest.raises(Missing):
        request(federation, hit_id="no such")
