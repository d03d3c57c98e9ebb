"""The network: analysts alone see proposed links, drawn and as a table, and decide on each with a reason."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from comity.domain.caller import Role
from comity.domain.case import ItemKind, NewCase
from comity.domain.collection import Category
from comity.domain.link import LinkState
from comity.domain.marking import Marking
from comity.domain.person import Name, Person, PersonStatus, RecordPurpose
from comity.domain.purpose import Purpose
from comity.testing.federation import BERGENIA, Federation
from tests.federation.conftest import row
from tests.web.console.conftest import visitor
from tests.web.console.visitor import Visitor

SCRIPT = "<script>alert(1)</script>"


def again(reference_name: str) -> Person:
    """The wanted person a second time."""
    return Person(
        names=(Name(full="Ivan Petrovich Sorokin"), Name(full=reference_name)),
        births=("1971-03-09",),
        nationalities=("XB",),
        status=PersonStatus.SUSPECT,
        purpose=RecordPurpose.INFORM,
    )


@pytest.fixture(scope="module")
def linked(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Federation]:
    """The wanted person a second time, compared; with analysts and an officer. One for all tests."""
    folder = tmp_path_factory.mktemp("linked") / "federation"
    shutil.copytree(furnished, folder)
    opened = Federation(folder)
    node = opened[BERGENIA]
    opened.enter(BERGENIA, "nominals", [row("P-2", again(SCRIPT))])
    people = {"anna": (Role.ANALYST,), "olga": (Role.OFFICER,), "two": (Role.ANALYST, Role.OFFICER)}
    for login, roles in people.items():
        node.accounts.open(login, login.title(), "desk", roles, node.operator("test"))
        opened.cast[login] = opened._signed_in(login, BERGENIA)
    node.links.propose(["nominals"], 0.5, opened.cast["sara"])
    yield opened
    opened.close()


@pytest.fixture
def anna(linked: Federation) -> Visitor:
    return visitor(linked, BERGENIA, "anna")


def only_link(linked: Federation, state: LinkState = LinkState.PROPOSED) -> str:
    (line,) = linked[BERGENIA].links.queue(state, linked.cast["anna"])
    return line.link.id


def test_every_tie_that_is_drawn_is_a_link_and_a_row(linked, anna):
    page, link = anna.get("/network").text, only_link(linked)
    svg, table = re.search(r"<svg.*?</svg>", page, re.DOTALL)[0], page.partition("<table")[2]
    assert f'href="/network/links/{link}"' in svg
    assert f'href="/network/links/{link}"' in table
    for reference in ("nominals P-1", "nominals P-2"):
        assert reference in svg
        assert reference in table
    assert svg == re.search(r"<svg.*?</svg>", anna.get("/network").text, re.DOTALL)[0]


def test_both_records_stand_side_by_side_and_nothing_in_them_runs(linked, anna):
    page = anna.get(f"/network/links/{only_link(linked)}").text
    assert "Сорокин" in page
    assert SCRIPT not in page
    assert "&lt;script&gt;" in page


def test_nobody_but_analysts_sees_links(linked):
    olga = visitor(linked, BERGENIA, "olga")
    assert [olga.get(path).status for path in ("/network", f"/network/links/{only_link(linked)}")] == [403, 403]
    assert "/network" not in olga.get("/members").text


def test_a_case_is_drawn_with_what_lies_in_it_and_links_for_analysts_alone(linked):
    cases, link = linked[BERGENIA].cases, only_link(linked)
    about = NewCase(
        number="B-7", title="Bank", category=Category.PERSONS, purpose=Purpose.CRIMINAL_INVESTIGATION, basis="Art. 1"
    )
    case = cases.open(about, linked.cast["two"])
    cases.admit(case.id, "olga", linked.cast["two"])
    record = linked[BERGENIA].links.show(link, linked.cast["anna"]).line.link.left
    cases.attach(case.id, ItemKind.RECORD, record, Marking(), linked.cast["two"])
    assert f'href="/cases/{case.id}/network"' in visitor(linked, BERGENIA, "two").get(f"/cases/{case.id}").text
    page = visitor(linked, BERGENIA, "two").get(f"/cases/{case.id}/network").text
    assert f"/network/links/{link}" in page
    assert "B-7" in page
    officers = visitor(linked, BERGENIA, "olga").get(f"/cases/{case.id}/network").text
    assert "B-7" in officers
    assert "/network/links" not in officers
    assert visitor(linked, BERGENIA, "ben").get(f"/cases/{case.id}/network").status == 404


def test_an_analyst_refuses_and_then_confirms_with_a_reason(linked, anna):
    link = only_link(linked)
    page = anna.post(f"/network/links/{link}/accept", why="  ")
    assert (page.status, 'href="#why"' in page.text) == (400, True)
    assert anna.post(f"/network/links/{link}/reject", why="twins").status == 303
    assert "twins" in anna.get("/network", state="rejected").text
    assert anna.post(f"/network/links/{link}/accept", why="fingerprints").status == 303
    assert only_link(linked, LinkState.ACCEPTED) == link
    assert anna.post(f"/network/links/{link}/accept", why="again").status == 409
    assert "No link is in this state" in anna.get("/network").text
