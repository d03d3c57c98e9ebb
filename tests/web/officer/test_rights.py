"""Persons' requests and security incidents through the officers' door, before the real desks."""

import json
from typing import Any

import pytest

from comity.domain import limits
from comity.domain.caller import Role
from comity.domain.errors import NotPermitted
from comity.domain.rights import BlockState, IdentityProof, RightsKind
from comity.testing.federation import BERGENIA, HUB, Federation
from tests.federation.conftest import WANTED, federation, founded, furnished
from tests.web.officer.test_further_use import at_the_door

__all__ = ["federation", "founded", "furnished"]


def sent(federation: Federation, login: str, path: str, body: dict[str, Any] | None = None) -> Any:
    line = at_the_door(federation, login, BERGENIA)._line
    return json.loads(line.send("GET" if path.startswith("GET ") else "POST", path.removeprefix("GET "), "", body))


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
