"""Alarms of misuse: ranked, with why; nothing follows before two people say so, and nobody sees their own."""

from comity.testing.federation import BERGENIA
from tests.web.console.watched import SCRIPT, alarmed
from tests.web.console.watchers import watcher


def test_misuse_is_found_by_two_and_by_none_alone(watched):
    aude, alan, alarm = watcher(watched, BERGENIA, "aude"), watcher(watched, BERGENIA, "alan"), alarmed(watched)
    page = f"/misuse/{alarm.id}"
    assert page in aude.get("/misuse").text
    assert SCRIPT not in aude.get(page).text
    assert aude.post(f"{page}/propose", why="no such case").status == 303
    assert "a second person confirms" in aude.get(page).text
    assert aude.post(f"{page}/confirm").status == 403
    alan.get(page)
    assert alan.post(f"{page}/confirm").status == 303
    assert page in alan.get("/misuse", state="found").text


def test_an_alarm_is_dismissed_with_a_reason_alone(watched):
    aude, page = watcher(watched, BERGENIA, "aude"), f"/misuse/{alarmed(watched).id}"
    aude.get(page)
    refused = aude.post(f"{page}/dismiss", why="")
    assert (refused.status, 'href="#why"' in refused.text) == (400, True)
    assert aude.post(f"{page}/dismiss", why="a training day").status == 303


def test_nobody_sees_an_alarm_about_themselves(watched):
    alarm = alarmed(watched, officer=watched.cast["alan"].account)
    alan = watcher(watched, BERGENIA, "alan")
    assert alarm.id not in alan.get("/misuse").text
    assert alan.get(f"/misuse/{alarm.id}").status == 404


def test_an_officer_is_not_let_in(watched):
    assert watcher(watched, BERGENIA, "ben").get("/misuse").status == 403
