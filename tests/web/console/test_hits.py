"""Hits: their clocks, the owner's word, what each side sees and does not see, by role."""

from datetime import timedelta

import msgspec
import pytest

from comity.domain.hit import HitState
from comity.web.console.hits import ladder
from tests.federation.conftest import STOLEN


@pytest.fixture
def found(federation) -> str:
    """The id of a hit of Ada on Bergenia's stolen passport, of which both sides know."""
    answer = federation.ask("ada", STOLEN)
    federation.post()
    return next(finding.hit for source in answer.sources for finding in source.findings)


def test_the_owner_is_asked_and_confirms(console, federation, found):
    ada, ben = console("aldova", "ada"), console("bergenia", "ben")
    asked = ada.post(f"/hits/{found}/request", priority="urgent", note="At the counter now")
    assert (asked.status, asked.fields["location"]) == (303, f"/hits/{found}")
    assert "We wait for the owner" in ada.get("/hits").text
    federation.post()
    register = ben.get("/hits").text
    assert "9 minutes left" in register or "10 minutes left" in register
    page = ben.get(f"/hits/{found}").text
    assert "At the counter now" in page
    assert "Confirm: it stands and fits" in page
    assert ben.post(f"/hits/{found}/confirm", note="It stands").status == 303
    federation.post()
    told = ada.get(f"/hits/{found}").text
    assert "Confirmed by its owner" in told
    assert "It stands" in told
    assert told.index("Found") < told.index("Confirmation asked for")


def test_the_owner_promises_a_time_and_denies(console, federation, found):
    ada, ben = console("aldova", "ada"), console("bergenia", "ben")
    ada.post(f"/hits/{found}/request", priority="routine", note="")
    federation.post()
    by = (federation.time() + timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M")
    assert ben.post(f"/hits/{found}/promise", by=by, note="").status == 303
    federation.post()
    assert "answer promised" in ada.get("/hits").text
    assert ben.post(f"/hits/{found}/deny", note="<b>Found again</b>").status == 303
    federation.post()
    page = ada.get(f"/hits/{found}").text
    assert "Denied. Do not act on it." in page
    assert "&lt;b&gt;Found again" in page


def test_a_clock_that_ran_out_stands_first_and_says_so(console, federation, found):
    console("aldova", "ada").post(f"/hits/{found}/request", priority="urgent", note="")
    federation.post()
    federation.time.pass_by(minutes=11)
    assert "overdue by" in console("bergenia", "ben").get("/hits").text


def test_each_refusal_says_what_to_do(console, federation, found):
    ada, ben = console("aldova", "ada"), console("bergenia", "ben")
    assert "Choose urgent or routine" in ada.post(f"/hits/{found}/request", priority="soon").text
    assert "by whom" not in ben.post(f"/hits/{found}/promise", by="soon", note="").text
    assert "in UTC" in ben.post(f"/hits/{found}/promise", by="soon", note="").text
    assert "Look at the hit as it stands now" in ben.post(f"/hits/{found}/confirm", note="").text
    assert ada.get("/hits/nothing").status == 404


def test_who_may_do_what(console, federation, found):
    ada, otto = console("aldova", "ada"), console("corvia", "otto")
    assert "Your word" not in ada.get(f"/hits/{found}").text
    assert ada.post(f"/hits/{found}/confirm", note="").status == 403  # an officer has not the role
    assert otto.get("/hits").status == 200
    assert otto.get(f"/hits/{found}").status == 404  # Corvia has no part in it
    assert otto.post(f"/hits/{found}/request", priority="urgent").status == 403
    assert found not in console("corvia", "cora").get("/hits").text


def test_what_happened_at_one_moment_stands_in_the_order_in_which_it_can(federation, found):
    hit = federation["aldova"].hits.one(found, federation.cast["ada"])
    now = hit.found_at
    at_once = msgspec.structs.replace(
        hit, state=HitState.CONFIRMED, requested_at=now, escalated_at=now, answered_at=now
    )
    assert [what for _, what in ladder(at_once)] == ["found", "requested", "escalated", "confirmed"]
