"""Links through the SDK: what the officers' door says, as domain objects."""

from typing import Any

import msgspec
import pytest

from comity.client import Comity
from comity.domain.errors import Invalid
from comity.domain.link import LinkState
from comity.web.officer.door import OfficerDoor
from comity.wire.http import Request
from tests.web.officer import link_door
from tests.web.officer.desk import ADA, TOKEN
from tests.web.officer.link_desk import LEFT, LINE, LINK, RIGHT


class Direct:
    """A line that ends at a door in this process."""

    def __init__(self, door: OfficerDoor) -> None:
        self.door = door

    def send(self, method: str, path: str, on_behalf_of: str, body: dict[str, Any] | None = None) -> bytes:
        headers = {"authorization": f"Bearer {TOKEN}"} | ({"content-type": "application/json"} if body else {})
        written = msgspec.json.encode(body) if body else b""
        response = self.door(Request(method=method, authority="", target=path, headers=headers, body=written))
        assert response.status == 200
        return response.body


@pytest.fixture
def bureau() -> Comity:
    made = object.__new__(Comity)
    made._line, made._on_behalf_of = Direct(link_door.door()), ""
    return made


def test_the_queue_and_one_link(bureau: Comity):
    assert bureau.links() == [LINE]
    assert bureau.links("rejected") == []
    whole = bureau.link(LINK.id)
    assert (whole.line, whole.left, whole.right) == (LINE, LEFT, RIGHT)


def test_a_decision(bureau: Comity):
    accepted = bureau.accept_link(LINK.id, "the same scar")
    assert (accepted.state, accepted.decided_by) == (LinkState.ACCEPTED, ADA.account)
    assert bureau.reject_link(LINK.id, "a cousin").state is LinkState.REJECTED
    assert [line.link.why for line in bureau.links(LinkState.REJECTED)] == ["a cousin"]


@pytest.mark.parametrize("link_id", ["", "../hits", "a?b", "a/accept"])
def test_what_is_no_id_goes_nowhere(bureau: Comity, link_id: str):
    with pytest.raises(Invalid, match="no id"):
        bureau.accept_link(link_id, "why")
