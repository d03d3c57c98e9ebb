"""Members: whom to ring and how each stands; at the hub, measures by two persons, and checklists."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from comity.domain.bureau import Standing
from comity.domain.caller import Role
from comity.domain.errors import NotPermitted
from comity.law.onboarding import CEREMONY
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, HUB, Federation
from tests.web.console.conftest import visitor
from tests.web.console.visitor import Visitor

PROPOSAL = {
    "standing": "restricted",
    "category": ["vehicles"],
    "reason": "<script>alert(1)</script>",
    "decided-by": "board, 12/2031",
    "from": "",
    "until": "",
}


def at(federation: Federation, node: str, login: str, *roles: Role) -> Visitor:
    federation[node].accounts.open(login, login.title(), "legal office", roles, federation[node].operator("test"))
    federation.cast[login] = federation._signed_in(login, node)
    return visitor(federation, node, login)


@pytest.fixture(scope="module")
def federation(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Federation]:
    """One for all: each test takes measures against another member."""
    folder = tmp_path_factory.mktemp("members") / "federation"
    shutil.copytree(furnished, folder)
    opened = Federation(folder)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def max_(federation: Federation) -> Visitor:
    return at(federation, HUB, "max", Role.ADMINISTRATOR)


def test_an_officer_sees_whom_to_ring_and_no_form(federation):
    page = visitor(federation, ALDOVA, "ada").get("/members")
    assert page.status == 200
    assert federation["bergenia"].here.contact in page.text
    one = visitor(federation, ALDOVA, "ada").get("/members/bergenia")
    assert "/agreements?partner=bergenia" in one.text
    assert 'action="/me' not in one.text


def test_fingerprint_keys_and_alarms_of_a_member_are_shown(federation):
    known = federation[ALDOVA].membership.one("bergenia")
    page = visitor(federation, ALDOVA, "ada").get("/members/bergenia").text
    assert known.member.fingerprint in page
    assert known.keys is not None
    assert str(known.keys.epochs[-1].number) in page


def test_only_administrators_are_told_what_our_own_keys_need(federation):
    advice = federation[ALDOVA].own_keys.advice()
    assert advice
    with pytest.raises(NotPermitted):
        federation[ALDOVA].membership.advice(federation.cast["ada"])
    assert advice not in visitor(federation, ALDOVA, "ada").get("/members").text
    assert advice in at(federation, ALDOVA, "alma", Role.ADMINISTRATOR).get("/members").text


def test_two_persons_restrict_a_member_and_a_third_reads_why(federation, max_):
    moved = max_.post("/members/corvia/measures", **PROPOSAL)
    assert (moved.status, moved.fields["location"]) == (303, "/members/corvia")
    (filed,) = federation[HUB].measures.every(federation[HUB].operator("first"), CORVIA)
    assert "somebody else must confirm it" in max_.get("/members/corvia").text
    own = max_.post(f"/measures/{filed.id}/confirm")
    assert own.status == 403
    assert "A second person must confirm it" in own.text
    lea = at(federation, HUB, "lea", Role.REVIEWER)
    assert lea.post(f"/measures/{filed.id}/confirm").status == 303
    federation.follow()
    page = visitor(federation, ALDOVA, "ada").get("/members/corvia").text
    assert federation[ALDOVA].membership.one(CORVIA).standing is Standing.RESTRICTED
    assert "board, 12/2031" in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_a_form_that_is_refused_comes_back_as_it_was_filled_in(max_):
    page = max_.post("/members/corvia/measures", **PROPOSAL | {"category": []})
    assert page.status == 400
    assert 'href="#category"' in page.text
    assert 'value="board, 12/2031"' in page.text


def test_a_day_or_a_standing_that_there_is_not_is_refused(max_):
    for field, wrong in (("until", "soon"), ("standing", "forgiven"), ("category", ["secrets"])):
        page = max_.post("/members/corvia/measures", **PROPOSAL | {field: wrong})
        assert page.status == 400
        assert f'href="#{field}"' in page.text


def test_a_proposal_is_dropped_with_a_reason(federation, max_):
    max_.post("/members/bergenia/measures", **PROPOSAL)
    (filed,) = federation[HUB].measures.every(federation[HUB].operator("first"), BERGENIA)
    assert max_.post(f"/measures/{filed.id}/drop", reason="").status == 400
    assert max_.post(f"/measures/{filed.id}/drop", reason="a mistake").status == 303
    assert "dropped" in max_.get("/members/bergenia").text


def test_a_reviewer_may_not_propose(federation):
    rea = at(federation, HUB, "rea", Role.REVIEWER)
    assert "Propose a measure" not in rea.get("/members/corvia").text
    assert rea.post("/members/corvia/measures", **PROPOSAL).status == 403


def test_a_newcomer_is_let_in_as_its_checklist_is_signed(federation, max_):
    hub = federation[HUB]
    with hub.store.transaction() as tx:
        hub.members._begin_checklist(tx, ALDOVA, federation[ALDOVA].fingerprint, hub.operator("test"))
        hub.members.publish(tx)
        tx.commit()
    assert "1 person must still sign" in max_.get("/members/aldova").text
    assert max_.post("/members/aldova/checklist", item=CEREMONY, evidence="").status == 400
    moved = max_.post("/members/aldova/checklist", item=CEREMONY, evidence="compared again, filed as 7/2031")
    assert moved.status == 303
    done = hub.onboarding.checklist(ALDOVA, hub.operator("test"))
    assert next(check for code, _, check in done if code == CEREMONY).persons == 2


def test_there_is_no_page_of_a_member_that_is_none(federation):
    page = visitor(federation, ALDOVA, "ada").get("/members/nowhere")
    assert page.status == 404
