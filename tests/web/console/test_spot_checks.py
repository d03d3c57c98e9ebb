"""Spot checks: drawn so that another draws the same, judged one by one by two people, reported."""

import re

from comity.testing.federation import BERGENIA
from tests.web.console.watched import SCRIPT
from tests.web.console.watchers import watcher


def drawn(watched, who: str = "aude") -> str:
    """A sample of all entries there are; the address of its page."""
    today = watched.time().date()
    moved = watcher(watched, BERGENIA, who).post(
        "/spot-checks", first_day=str(today), last_day=str(today), count="50", how="random"
    )
    assert moved.status == 303, moved.text
    return moved.fields["location"].partition("?")[0]


def test_a_sample_is_drawn_judged_by_two_and_reported(watched):
    aude, alan = watcher(watched, BERGENIA, "aude"), watcher(watched, BERGENIA, "alan")
    page = drawn(watched)
    entry = re.search(r"\?entry=(\d+)", aude.get(page).text).group(1)
    shown = aude.get(page, entry=entry)
    assert "Is the purpose plausible" in shown.text
    assert aude.post(f"{page}/judge", entry=entry, verdict="lawful", note=f"case {SCRIPT}").status == 303
    assert "You gave this verdict" in aude.get(page, entry=entry).text
    assert aude.post(f"{page}/second", entry=entry, word="agree").status == 403
    assert alan.post(f"{page}/second", entry=entry, word="agree").status == 303
    report = alan.get(f"{page}/report")
    assert "&lt;script&gt;" in report.text
    assert SCRIPT not in report.text
    assert re.search(r"[0-9a-f]{64}", report.text)


def test_another_draws_the_same_from_the_seed(watched):
    assert "The seed draws the same entries." in watcher(watched, BERGENIA, "alan").get(drawn(watched), again="y").text


def test_a_verdict_without_a_reason_is_asked_for_again(watched):
    aude, page = watcher(watched, BERGENIA, "aude"), drawn(watched)
    entry = re.search(r"\?entry=(\d+)", aude.get(page).text).group(1)
    refused = aude.post(f"{page}/judge", entry=entry, verdict="doubtful", note="")
    assert refused.status == 400
    assert 'href="#note"' in refused.text
    assert 'value="doubtful" required checked' in refused.text


def test_days_on_which_nothing_was_done_cannot_be_drawn_from(watched):
    refused = watcher(watched, BERGENIA, "aude").post(
        "/spot-checks", first_day="2001-01-01", last_day="2001-01-02", count="5", how="random"
    )
    assert (refused.status, "Name other days." in refused.text) == (409, True)


def test_whoever_does_not_sample_is_not_let_in(watched):
    assert watcher(watched, BERGENIA, "ben").get("/spot-checks").status == 403
