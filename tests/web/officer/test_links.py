"""Links through the officers' door: addresses, bodies, and what is refused there."""

import msgspec
import pytest

from comity.domain import limits
from comity.web.officer.door import OfficerDoor
from comity.wire.http import Request, Response
from tests.web.officer import link_door
from tests.web.officer.desk import ADA, TOKEN
from tests.web.officer.link_desk import LINK


@pytest.fixture
def door() -> OfficerDoor:
    return link_door.door()


def ask(door: OfficerDoor, method: str, target: str, body: object = None) -> Response:
    headers = {"authorization": f"Bearer {TOKEN}"} | ({"content-type": "application/json"} if body is not None else {})
    written = msgspec.json.encode(body) if body is not None else b""
    return door(Request(method=method, authority="", target=target, headers=headers, body=written))


def told(response: Response) -> dict:
    assert response.status == 200, response.body
    return msgspec.json.decode(response.body)


def test_each_state_has_its_queue(door: OfficerDoor):
    (line,) = told(ask(door, "GET", "/v1/links/proposed"))["links"]
    assert line["link"]["id"] == LINK.id
    assert line["left_reference"] == "A-1"
    assert told(ask(door, "GET", "/v1/links/accepted")) == {"links": []}
    assert told(ask(door, "GET", "/v1/links/rejected")) == {"links": []}


def test_one_link_comes_with_both_records(door: OfficerDoor):
    whole = told(ask(door, "GET", f"/v1/links/{LINK.id}"))
    assert whole["left"]["names"][0]["full"] == "Mira Oleander"
    assert whole["right"]["names"][0]["full"] == "Mira Oleandar"


@pytest.mark.parametrize(("word", "state"), [("accept", "accepted"), ("reject", "rejected")])
def test_a_decision_is_taken_with_its_reason_and_under_its_name(door: OfficerDoor, word: str, state: str):
    decided = told(ask(door, "POST", f"/v1/links/{LINK.id}/{word}", {"why": "the same scar"}))
    assert (decided["state"], decided["why"], decided["decided_by"]) == (state, "the same scar", ADA.account)
    assert told(ask(door, "GET", f"/v1/links/{state}"))["links"]
    assert ask(door, "POST", f"/v1/links/{LINK.id}/{word}", {"why": "again"}).status == 409


@pytest.mark.parametrize(
    "body", [{}, {"why": ""}, {"why": "x" * (limits.REASON_CHARS_MAX + 1)}, {"why": "x", "merge": True}]
)
def test_a_decision_without_a_reason_or_with_more_is_refused(door: OfficerDoor, body: dict):
    assert ask(door, "POST", f"/v1/links/{LINK.id}/accept", body).status == 400


def test_a_link_that_is_not_there_is_missing(door: OfficerDoor):
    assert ask(door, "GET", "/v1/links/5c1b3f0e-0000-5000-8000-00000000dead").status == 404
