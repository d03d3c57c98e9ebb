"""Consents, passing on, overrides, persons' requests, incidents: through the officers' door, before the real desks."""

import json
from datetime import timedelta
from typing import Any

import pytest

from comity.client.comity import Comity
from comity.domain import limits
from comity.domain.caller import Role
from comity.domain.consent import ConsentState
from comity.domain.errors import Conflict, Missing, NotPermitted
from comity.domain.passing import PassingState
from comity.domain.rights import BlockState, IdentityProof, RightsKind
from comity.testing.federation import ALDOVA, BERGENIA, CAST, CORVIA, HUB, Federation
from tests.desks.test_passing import FOR, hit_of, told_late
from tests.federation.conftest import WANTED, federation, founded, furnished, wanted_person
from tests.web.officer.test_batches import Through

__all__ = ["federation", "founded", "furnished"]


def at_the_door(federation: Federation, login: str, node: str = "") -> Comity:
    here = federation[node or CAST[login][0]]
    token, _ = here.accounts.issue(login, timedelta(hours=1), here.operator("test"))
    bureau = object.__new__(Comity)
    bureau._line, bureau._on_behalf_of = Through(here.officer_door, token), ""
    return bureau


def test_from_the_first_word_to_the_last_copy(federation: Federation):
    """Dora asks, Ben consents, Dora passes on, Cora reads, Ben takes his consent back."""
    record, day = told_late(federation), federation.time().date() + timedelta(days=5)
    dora, ben, cora = (at_the_door(federation, login).further_use for login in ("dora", "ben", "cora"))
    with pytest.raises(NotPermitted):
        dora.pass_record(record, to=CORVIA, purpose=FOR, case="XC-1")
    asked = dora.request_consent(
        hit_of(federation, record), use="onward", purpose=FOR, reason="they have him", recipient="XC"
    )
    federation.post()
    assert [one.id for one in ben.consents()] == [asked.id]
    assert ben.give_consent(asked.id, day, "for this case").state is ConsentState.GIVEN
    federation.post()
    passing = dora.pass_record(record, to=CORVIA, purpose=FOR, case="XC-1")
    federation.post()
    assert (passing.consent, passing.until) == (asked.id, day)
    assert [one.state for one in dora.passings()] == [PassingState.STORED]
    found = cora.passing(passing.id)
    assert (found.passing.owner, found.finding.subject.facts) == (BERGENIA, wanted_person().facts)
    with pytest.raises(NotPermitted):
        at_the_door(federation, "ada").further_use.take_back(passing.id, "an officer may not")
    ben.refuse_consent(asked.id, "the case is closed")
    federation.post()
    with pytest.raises(Missing):
        cora.passing(passing.id)
    assert [one.state for one in dora.passings()] == [PassingState.ERASED]
    with pytest.raises(Conflict):
        dora.take_back(passing.id, "gone already")


def sent(federation: Federation, login: str, path: str, body: dict[str, Any] | None = None) -> Any:
    line = at_the_door(federation, login, BERGENIA)._line
    return json.loads(line.send("GET" if path.startswith("GET ") else "POST", path.removeprefix("GET "), "", body))


def test_an_override_needs_two_at_the_door_too_and_its_oversight_body_is_told(federation: Federation):
    here = federation[BERGENIA]
    here.accounts.open("max", "Max", "headquarters", (Role.SUPERVISOR,), here.operator("test"))
    proposed = {
        "kind": "emergency",
        "against": "death-penalty",
        "bureau": ALDOVA,
        "case": "T-1",
        "reason": "a life is in danger",
        "until": str(federation.time().date() + timedelta(days=1)),
    }
    filed = sent(federation, "sara", "/v1/overrides", proposed)
    with pytest.raises(NotPermitted):
        sent(federation, "sara", f"/v1/overrides/{filed['id']}/confirm")
    sent(federation, "max", f"/v1/overrides/{filed['id']}/confirm")
    federation.post()
    assert [one["id"] for one in sent(federation, "sara", "GET /v1/overrides/notices")["open"]] == [filed["id"]]
    assert [one["id"] for one in sent(federation, "max", "GET /v1/overrides")["overrides"]] == [filed["id"]]
    with federation[HUB].store.reading() as tx:
        assert [one.notice.id for one in tx.overrides.notices()] == [filed["id"]]


def test_the_second_person_needs_no_access_to_the_machine(federation: Federation):
    here, hub = federation[BERGENIA], federation[HUB]
    operator, of_hub = here.operator("test"), hub.operator("test")
    here.accounts.open("max", "Max", "headquarters", (Role.DATA_PROTECTION_OFFICER,), operator)
    passport = federation.record(BERGENIA, "sltd", "D-1").header.id
    there = hub.rights.receive(RightsKind.ACCESS, WANTED, "", False, of_hub)
    hub.rights.admit(there.id, IdentityProof.CONSULATE, False, of_hub)
    hub.rights.concern(there.id, passport, of_hub)
    federation.post()
    [asked] = sent(federation, "max", "GET /v1/consultations")["consultations"]
    assert (asked["record"], asked["asker"]) == (passport, HUB)
    sent(federation, "max", f"/v1/consultations/{asked['id']}/word", {"told": "A passport of yours."})
    with pytest.raises(NotPermitted):
        sent(federation, "max", f"/v1/consultations/{asked['id']}/confirm-word")
    assert sent(federation, "sara", f"/v1/consultations/{asked['id']}/confirm-word")["state"] == "answered"
    here.precaution.propose(asked["id"], "it may be wrong", operator)
    assert sent(federation, "max", f"/v1/consultations/{asked['id']}/confirm-block")["block"] == BlockState.BLOCKED
    own = here.rights.receive(RightsKind.ACCESS, WANTED, "", False, operator)
    here.rights.admit(own.id, IdentityProof.CONSULATE, False, operator)
    [line] = sent(federation, "max", "GET /v1/rights")["requests"]
    assert (line["state"], line["clock"] > "", "Sorokin" in json.dumps(line)) == ("admitted", True, False)
    federation.time.pass_by(days=limits.CONSULTATION_DAYS)
    here.rights_decisions.propose(own.id, (), None, "looked into", operator)
    assert "neither confirmed nor denied" in sent(federation, "max", f"/v1/rights/{own.id}/confirm")["reply"]
    with pytest.raises(NotPermitted):
        sent(federation, "ben", "GET /v1/rights")
    taken = sent(federation, "ben", "/v1/incidents", {"kind": "stolen-key", "what": "My laptop was stolen."})
    assert here.incidents.show(taken["id"], operator).incident.reported_by == federation.cast["ben"].account
