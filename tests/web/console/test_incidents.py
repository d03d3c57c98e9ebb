"""Incidents and alarms: anyone reports; who deals with it assesses, tells and closes; an alarm says what to do."""

from comity.domain.witnessing import LogAlarm, LogWrong
from comity.testing.federation import BERGENIA
from tests.web.console.watched import SCRIPT
from tests.web.console.watchers import watcher


def reported(watched, who: str = "dana") -> str:
    moved = watcher(watched, BERGENIA, who).post("/incidents", kind="disclosure", what=f"Sent to {SCRIPT}")
    assert moved.status == 303
    return moved.fields["location"].partition("?")[0]


def test_an_officer_reports_and_sees_no_list(watched):
    assert reported(watched, "ben") == "/incidents"
    page = watcher(watched, BERGENIA, "ben").get("/incidents")
    assert "Report it" in page.text
    assert "Still to be told" not in page.text


def test_an_incident_is_assessed_told_and_closed(watched):
    dana, page = watcher(watched, BERGENIA, "dana"), reported(watched)
    assert SCRIPT not in dana.get(page).text
    assessed = {"severity": "low", "personal": "yes", "members": "aldova", "assessment": "one letter"}
    assert dana.post(f"{page}/assess", **assessed).status == 303
    early = dana.post(f"{page}/close", lessons="read the address")
    assert (early.status, "was not told" in early.text) == (409, True)
    assert dana.post(f"{page}/tell", whom="authority", reference="A-1").status == 303
    assert dana.post(f"{page}/tell", whom="aldova", tell="A letter went astray.").status == 303
    assert dana.post(f"{page}/close", lessons="read the address").status == 303
    assert "read the address" in dana.get(page).text


def test_an_auditor_reads_and_changes_nothing(watched):
    page = reported(watched)
    aude = watcher(watched, BERGENIA, "aude")
    assert "Keep the assessment" not in aude.get(page).text
    assert aude.post(f"{page}/close", lessons="none").status == 403


def test_a_member_that_there_is_not_is_named_beside_its_field(watched):
    dana, page = watcher(watched, BERGENIA, "dana"), reported(watched)
    refused = dana.post(f"{page}/assess", severity="low", members="atlantis", assessment="x")
    assert (refused.status, 'href="#member"' in refused.text) == (404, True)


def test_an_alarm_of_a_log_says_what_to_do_and_is_cleared_by_whom_may(watched):
    alarm = LogAlarm(wrong=LogWrong.FORK, origin="corvia/disclosures", what=SCRIPT, noted_at=watched.time())
    with watched[BERGENIA].store.transaction() as tx:
        tx.witnessing.note(alarm)
        tx.commit()
    aude, dana = watcher(watched, BERGENIA, "aude"), watcher(watched, BERGENIA, "dana")
    page = aude.get("/oversight/alarms").text
    assert "It showed two histories" in page
    assert SCRIPT not in page
    (key,) = watched[BERGENIA].log_alarms.every()
    refused = aude.post(f"/oversight/alarms/logs/{key}")
    assert refused.status == 403
    assert dana.post(f"/oversight/alarms/logs/{key}").status == 303
    assert "Nothing is wrong" in aude.get("/oversight/alarms").text


def test_an_officer_sees_no_alarms(watched):
    assert watcher(watched, "corvia", "cora").get("/oversight/alarms").status == 403
