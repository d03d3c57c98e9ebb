"""Statistics: counted by the desk, shown as tables with bars beside them, and as a file."""

from comity.testing.federation import BERGENIA
from comity.web.console.bars import BAR_HEIGHT, GAP, bars
from tests.web.console.watchers import watcher


def test_what_was_done_is_counted_in_tables_bars_and_a_file(watched):
    aude = watcher(watched, BERGENIA, "aude")
    page = aude.get("/statistics")
    assert "lookup answered" in page.text
    assert '<rect x="' in page.text
    assert "style=" not in page.text
    file = aude.get("/statistics/file")
    assert file.text.splitlines()[0] == "month,act,purpose,entries"
    assert "lookup.answered,border-control," in file.text


def test_too_many_months_are_refused_with_what_to_do(watched):
    page = watcher(watched, BERGENIA, "aude").get("/statistics", first_day="1900-01-01")
    assert (page.status, "Name fewer." in page.text) == (400, True)


def test_an_officer_is_not_let_in(watched):
    assert watcher(watched, BERGENIA, "ben").get("/statistics").status == 403


def test_the_longest_bar_fills_the_room_and_nothing_has_none():
    drawn = bars({"a": 10, "b": 5, "c": 0})
    assert [one.length for one in drawn.bars] == [370.0, 185.0, 0.0]
    assert drawn.height == 3 * (BAR_HEIGHT + GAP)
    assert bars({}).bars == ()
