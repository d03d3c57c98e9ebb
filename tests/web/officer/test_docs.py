"""The page on the officers' door names what the door does."""

import re

from comity.web.officer.door import EVERY
from comity.web.refusals import FAULT_CODE, STATUSES
from tests.house.source import ROOT

PAGE = (ROOT / "docs" / "protocol" / "officer-api.md").read_text("utf-8")


def test_the_page_names_every_address():
    named = set(re.findall(r"\| `(GET|POST|HEAD|PATCH|DELETE) (\S+)` \|", PAGE))
    assert named == {(route.method, route.template) for route in EVERY}


def test_the_page_names_every_status_and_code():
    told = {status for status, _ in STATUSES.values()} | {500}
    lines = {int(found[1]): found[2] for found in re.finditer(r"^\| (\d{3}) \| (.+?) \|", PAGE, re.MULTILINE)}
    assert lines.keys() == told
    codes = {one for line in lines.values() for one in re.findall(r"`([\w-]+)`", line)}
    assert codes == {kind.code for kind in STATUSES if kind.code != "refused"} | {FAULT_CODE}
