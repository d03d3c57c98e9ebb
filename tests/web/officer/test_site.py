"""From which site somebody asks: by the address of the connection, and by nothing that the officer's tool says."""

from pathlib import Path

import msgspec
import pytest

from comity.domain.caller import Caller
from comity.domain.errors import Invalid, Missing
from comity.domain.lookup import Answer, LookupRequest
from comity.domain.site import Site, site_of
from comity.nodes.sites import read_sites
from comity.web.officer.door import OfficerDoor
from comity.wire.http import Request, Response
from tests.web.officer.desk import TOKEN, AskedLookups, desks
from tests.web.opened import OK, app, opened, send

HARBOUR = Site(name="harbour", latitude=47, longitude=14, networks=("10.1.0.0/16", "2001:db8::/32"))
AIRPORT = Site(name="airport", latitude=48, longitude=15, networks=("10.2.0.0/16",))


class Callers(AskedLookups):
    """Remembers who asked."""

    def ask(self, request: LookupRequest, caller: Caller) -> Answer:
        self.caller = caller
        return super().ask(request, caller)


@pytest.mark.parametrize(
    ("address", "site"),
    [("10.1.7.7", "harbour"), ("2001:db8::1", "harbour"), ("10.2.0.9", "airport"), ("192.0.2.1", ""), ("", "")],
)
def test_a_site_is_known_by_its_networks(address: str, site: str):
    assert site_of(address, (HARBOUR, AIRPORT)) == site


def test_the_door_tells_the_desk_from_where_somebody_asks():
    lookups = Callers()
    door = OfficerDoor(msgspec.structs.replace(desks(), lookups=lookups, sites=(HARBOUR, AIRPORT)))
    body = {"country": "XBE", "number": "X4711", "purpose": "border-control", "case": "BR-1"}
    headers = {"authorization": f"Bearer {TOKEN}", "content-type": "application/json"}
    request = Request(
        method="POST",
        authority="aldova",
        target="/v1/lookups/document",
        headers=headers | {"x-forwarded-for": "10.2.0.1"},
        body=msgspec.json.encode(body),
        came_from="10.1.0.1",
    )
    assert door(request).status == 200
    assert lookups.caller.site == "harbour"


def test_an_open_door_knows_the_address_of_the_connection():
    seen = []

    def door(request: Request) -> Response:
        seen.append(request.came_from)
        return OK

    with opened(app(door)) as servers:
        send(servers)
    assert seen == ["127.0.0.1"]


def test_sites_are_read_from_the_file_that_is_named(tmp_path: Path):
    file = tmp_path / "sites.toml"
    file.write_text('[[sites]]\nname = "harbour"\nlatitude = 47.0\nlongitude = 14.0\nnetworks = ["10.1.0.0/16"]\n')
    assert [one.name for one in read_sites(str(file))] == ["harbour"]
    assert read_sites("") == ()
    file.write_text('[[sites]]\nname = "harbour"\nlatitude = 47.0\nlongitude = 14.0\nnetworks = ["10.1.0.0/99"]\n')
    with pytest.raises(Invalid, match=r"10\.1\.0\.0/99"):
        read_sites(str(file))
    with pytest.raises(Missing, match="There is no file"):
        read_sites(str(tmp_path / "nowhere.toml"))
