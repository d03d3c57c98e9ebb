"""The journal searched at the officers' door, before the real desks."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec import json

from comity.domain.caller import Role
from comity.domain.errors import Invalid, NotPermitted
from comity.testing.federation import BERGENIA, Federation
from tests.desks.conftest import standing
from tests.federation.conftest import STOLEN, founded, furnished
from tests.web.officer.test_batches import Through

__all__ = ["founded", "furnished", "standing"]


def sent(federation: Federation, login: str, path: str, body: dict[str, Any]) -> Any:
    here = federation[BERGENIA]
    token, _ = here.accounts.issue(login, timedelta(hours=1), here.operator("test"))
    return json.decode(Through(here.officer_door, token).send("POST", path, "", body))


def test_each_gets_what_their_role_may(standing: Federation):
    here = standing[BERGENIA]
    for login, role in (("olga", Role.AUDITOR), ("paul", Role.DATA_PROTECTION_OFFICER)):
        here.accounts.open(login, login.title(), "oversight", (role,), here.operator("test"))
    standing.ask("ada", STOLEN, case="A-1")
    concerning = {"kind": "document", "country": "XBE", "number": "B1234567"}
    sought = {"criteria": {"concerning": concerning}, "why": "complaint 7"}
    found = sent(standing, "olga", "/v1/oversight/search", sought)
    assert [one["entry"]["case"] for one in found["openings"]] == ["A-1"]
    request = {"concerning": concerning, "request": "SAR-1"}
    (told,) = sent(standing, "paul", "/v1/oversight/disclosures", request)["disclosed"]
    assert (told["to"], told["reference"]) == ("aldova", "D-1")
    for login, path, body in (
        ("ben", "search", sought),
        ("sara", "search", sought),  # a supervisor seeks nobody
        ("olga", "disclosures", request),
    ):
        with pytest.raises(NotPermitted):
            sent(standing, login, f"/v1/oversight/{path}", body)
    with pytest.raises(Invalid, match="why"):
        sent(standing, "olga", "/v1/oversight/search", {**sought, "why": ""})


def test_four_eyes_at_the_door(standing: Federation):
    here, today = standing[BERGENIA], str(standing.time().date())
    for login, role in (("otis", Role.AUDITOR), ("pia", Role.DATA_PROTECTION_OFFICER)):
        here.accounts.open(login, login.title(), "oversight", (role,), here.operator("test"))
    here.records.show("sltd", "D-1", "", here.operator("test"))
    days = {"first_day": today, "last_day": today}
    check = sent(standing, "otis", "/v1/oversight/checks", {**days, "count": 1, "how": "by-risk"})
    path, entry = f"/v1/oversight/checks/{check['id']}", check["drawn"][0]["index"]
    sent(standing, "otis", f"{path}/judge", {"entry": entry, "verdict": "lawful", "note": "The case is known."})
    with pytest.raises(NotPermitted):
        sent(standing, "otis", f"{path}/second", {"entry": entry, "agrees": True})
    (judged,) = sent(standing, "pia", f"{path}/second", {"entry": entry, "agrees": True})["judged"]
    assert judged["verdict"] == "lawful"
    counted = sent(standing, "otis", "/v1/oversight/statistics", days)["counted"]
    assert {"month": today[:7], "act": "record.shown", "purpose": None, "entries": 1} in counted
    with pytest.raises(NotPermitted):
        sent(standing, "ben", f"{path}/judge", {"entry": entry, "verdict": "lawful", "note": "So say I."})
