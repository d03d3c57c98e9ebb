"""Administration: the node's state with what to do, its settings without secrets, its accounts; for administrators."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from comity.desks.post_alarms import noted
from comity.domain.caller import Role
from comity.domain.errors import NotPermitted
from comity.domain.letter import Lane
from comity.domain.post import Alarm, Wrong
from comity.testing.federation import ALDOVA, BERGENIA, Federation
from tests.web.console.conftest import visitor
from tests.web.console.visitor import Visitor

LOOK = ("/administration", "/administration/settings", "/administration/accounts", "/administration/accounts/ada")


@pytest.fixture(scope="module")
def federation(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Federation]:
    """One for all, with an administrator of Aldova."""
    folder = tmp_path_factory.mktemp("administered") / "federation"
    shutil.copytree(furnished, folder)
    opened = Federation(folder)
    bureau = opened[ALDOVA]
    bureau.accounts.open("alma", "Alma", "headquarters", (Role.ADMINISTRATOR,), bureau.operator("test"))
    opened.cast["alma"] = opened._signed_in("alma", ALDOVA)
    yield opened
    opened.close()


@pytest.fixture
def alma(federation: Federation) -> Visitor:
    return visitor(federation, ALDOVA, "alma")


def test_only_administrators_are_let_in(federation, alma):
    officer, upkeep = visitor(federation, ALDOVA, "ada"), federation[ALDOVA].upkeep
    for asked in (upkeep.state, upkeep.settings):
        with pytest.raises(NotPermitted):
            asked(federation.cast["ada"])
    assert [alma.get(path).status for path in LOOK] == [200] * 4
    assert [officer.get(path).status for path in LOOK] == [403] * 4
    assert "/administration" not in officer.get("/members").text


def test_a_lane_that_stands_still_is_taken_up_from_the_page(federation, alma):
    node = federation[ALDOVA]
    what = "Letters 3 to 4 of <script> are missing"
    alarm = Alarm(wrong=Wrong.GAP, sender=BERGENIA, lane=Lane.URGENT, what=what, noted_at=federation.time())
    with node.store.transaction() as tx:
        noted(tx, alarm)
        tx.commit()
    page = alma.get("/administration").text
    assert "Take this lane up again" in page
    assert "<script> are" not in page
    assert alma.post("/administration/lanes/bergenia/resume", lane="slow").status == 400
    assert alma.post("/administration/lanes/bergenia/resume", lane="urgent").status == 303
    again = alma.post("/administration/lanes/bergenia/resume", lane="urgent")
    assert (again.status, "does not stand still" in again.text) == (409, True)


def test_an_account_is_opened_let_in_suspended_and_restored(federation, alma):
    form = {"login": "zoe", "name": "Zoe <b>", "unit": "airport", "role": ["officer", "analyst"]}
    opened = alma.post("/administration/accounts", **form)
    assert (opened.status, opened.fields["location"]) == (303, "/administration/accounts/zoe")
    page = alma.get("/administration/accounts/zoe").text
    assert "analyst, officer" in page
    assert "Zoe &lt;b&gt;" in page
    shown = alma.post("/administration/accounts/zoe/token", minutes="30").text
    (token,) = re.findall(r"comity_[0-9a-f]{64}", shown)
    assert federation[ALDOVA].accounts.caller(token).login == "zoe"
    assert token not in alma.get("/administration/accounts/zoe").text
    assert alma.post("/administration/accounts/zoe/suspend", reason="").status == 400
    assert alma.post("/administration/accounts/zoe/suspend", reason="left the service").status == 303
    assert "Issue a token" not in alma.get("/administration/accounts/zoe").text
    assert alma.post("/administration/accounts/zoe/restore", reason="is back").status == 303


def test_each_refusal_stands_beside_its_field_and_keeps_what_was_written(alma):
    for changed, field in (({"login": "Not a slug"}, "login"), ({"unit": ""}, "unit"), ({"role": ["king"]}, "role")):
        form = {"login": "zoe", "name": "Zoe", "unit": "airport", "role": ["officer"]} | changed
        page = alma.post("/administration/accounts", **form)
        assert page.status == 400
        assert f'href="#{field}"' in page.text
        assert 'value="Zoe"' in page.text
    for minutes in ("1e9", "999999999999", ""):
        assert alma.post("/administration/accounts/ada/token", minutes=minutes).status == 400


def test_a_unit_is_of_another_body(federation, alma):
    assert alma.post("/administration/units", place="port", kind="customs").status == 303
    assert federation[ALDOVA].accounts.units(federation.cast["alma"])["port"] == "customs"
    assert alma.post("/administration/units", place="port", kind="circus").status == 400


def test_what_fails_is_told_with_what_to_do(federation, alma):
    assert "See that the hub can be reached" not in alma.get("/administration").text
    now = federation.time.now
    federation.time.pass_by(days=8)  # the directory runs out
    page = visitor(federation, ALDOVA, "alma").get("/administration").text
    federation.time.now = now
    assert "cannot do all of its work" in page
    assert "See that the hub can be reached" in page
