"""Approvals: what waits stands in full before the button; nobody approves what they proposed; each sees only theirs."""

from datetime import timedelta

import pytest

from comity.domain.bureau import Standing
from comity.domain.circumstances import Harm, Use
from comity.domain.override import OverrideKind
from comity.domain.purpose import Purpose
from comity.domain.sanction import SanctionKind
from comity.testing.federation import ALDOVA, BERGENIA
from tests.federation.conftest import STOLEN, UNKNOWN
from tests.web.console.watched import SCRIPT
from tests.web.console.watchers import watcher


@pytest.fixture
def proposed(watched):
    """An override by Sara, for Sven to confirm."""
    until = watched.time().date() + timedelta(days=5)
    return watched[BERGENIA].overrides.propose(
        OverrideKind.EMERGENCY, Harm.TORTURE, "aldova", "A-7", f"A life. {SCRIPT}", until, watched.cast["sara"]
    )


def test_an_override_is_shown_whole_and_confirmed_by_another_alone(watched, proposed):
    sara, sven = watcher(watched, BERGENIA, "sara"), watcher(watched, BERGENIA, "sven")
    page = f"/approvals/overrides/{proposed.id}"
    assert page in sven.get("/approvals").text
    whole = sven.get(page).text
    assert all(text in whole for text in ("A life.", "A-7", "aldova", "&lt;script&gt;", "Confirm it as the second"))
    assert SCRIPT not in whole
    assert "You proposed it" in sara.get(page).text
    refused = sara.post(f"{page}/confirm")
    assert (refused.status, "A second person must confirm" in refused.text) == (403, True)
    assert sven.post(f"{page}/confirm").status == 303
    assert watcher(watched, BERGENIA, "aude").post(f"{page}/seen").status in (303, 409)


def test_a_consent_is_given_on_the_terms_that_are_shown(watched):
    hit = next(one for one in watched[ALDOVA].hits.every(watched.cast["dora"]) if one.owner == BERGENIA)
    asked = watched[ALDOVA].consents.request(
        hit.id, Use.ONWARD, Purpose.CRIMINAL_INVESTIGATION, "XC", "He was seen there.", watched.cast["dora"]
    )
    watched.post()
    ben, page = watcher(watched, BERGENIA, "ben"), f"/approvals/consents/{asked.id}"
    assert page in ben.get("/approvals").text
    assert "He was seen there." in ben.get(page).text
    late = ben.post(page, act="give", until="2099-01-01")
    assert (late.status, 'href="#until"' in late.text) == (400, True)
    assert ben.post(page, act="give", until=str(watched.time().date()), note="For this case.").status == 303
    assert page not in ben.get("/approvals").text
    assert ben.post(page, act="refuse", note="Closed.").status == 303


def test_a_held_question_is_shown_whole_and_refused_with_a_reason(watched):
    watched.measure(ALDOVA, Standing.SUPERVISED, "too many questions")
    watched.follow()
    held = watched.ask("ada", UNKNOWN).question
    vera, page = watcher(watched, BERGENIA, "vera"), f"/approvals/questions/{held}"
    assert page in vera.get("/approvals").text
    whole = vera.get(page).text
    assert UNKNOWN.number in whole
    refused = vera.post(page, act="refuse", reason="")
    assert (refused.status, 'href="#reason"' in refused.text) == (400, True)
    assert vera.post(page, act="nod").status == 400
    assert vera.post(page, act="refuse", reason="No such case.").status == 303
    again = watched.ask("ada", STOLEN).question
    assert vera.post(f"/approvals/questions/{again}", act="release").status == 303
    watched.measure(ALDOVA, Standing.ACTIVE, "it is over")
    watched.follow()
    watched.post()


def test_a_sanction_waits_for_a_second_person(watched):
    filed = watched[BERGENIA].sanctions.propose(SanctionKind.WARNING, "ben", "read on", "", watched.cast["sara"])
    page = f"/approvals/sanctions/{filed.id}"
    assert "read on" in watcher(watched, BERGENIA, "sven").get(page).text
    assert watcher(watched, BERGENIA, "sara").post(f"{page}/confirm").status == 403
    assert watcher(watched, BERGENIA, "sven").post(f"{page}/confirm").status == 303


@pytest.mark.parametrize("kind", ["questions", "letters", "consents", "overrides", "sanctions"])
def test_what_is_not_there_is_said_to_be_missing(watched, kind):
    assert watcher(watched, BERGENIA, "sven").get(f"/approvals/{kind}/none").status == 404


def test_an_officer_has_nothing_to_approve(watched):
    assert watcher(watched, ALDOVA, "ada").get("/approvals").status == 403
