"""Agreements: everybody may read what is in force, who may see what, and why; a page says what the law says."""

import pytest

from comity.testing.federation import BERGENIA
from comity.web.console.read_aloud import Kind, pieces
from tests.web.console.watchers import watcher


def law_id(watched) -> str:
    """An agreement between Aldova and Bergenia."""
    return next(one.id for one, _ in watched[BERGENIA].agreements.every() if {"XA", "XB"} <= {*one.parties})


def test_everybody_reads_what_is_in_force_and_who_signed_it(watched):
    ben = watcher(watched, BERGENIA, "ben")
    page = ben.get("/agreements").text
    assert f"/agreements/{law_id(watched)}" in page
    assert "aldova" in page
    clause = watched[BERGENIA].agreements.every()
    text = ben.get(f"/agreements/{law_id(watched)}").text
    instrument = next(one for one, _ in clause if one.id == law_id(watched))
    assert all(f'id="{one.id}"' in text for one in instrument.clauses)


def test_a_law_that_is_not_in_use_is_not_there(watched):
    assert watcher(watched, BERGENIA, "ben").get("/agreements/none-2031").status == 404


def test_who_may_see_what_is_what_the_law_decides(watched):
    ben = watcher(watched, BERGENIA, "ben")
    page = ben.get("/agreements/who-may-see-what", purpose="border-control")
    assert page.status == 200
    assert "asker=XA&amp;owner=XB&amp;category=travel-documents&amp;purpose=border-control" in page.text
    assert 'class="shift"' not in page.text  # what is looked at here is no purpose of Ben's
    assert ben.get("/agreements/who-may-see-what", purpose="curiosity").status == 400


def test_what_if_names_the_clauses_and_what_is_needed(watched):
    ben = watcher(watched, BERGENIA, "ben")
    asked = {"asker": "Aldova", "owner": "XB", "category": "travel-documents", "purpose": "border-control"}
    told = ben.get("/agreements/what-if", **asked).text
    assert "Decided by" in told
    assert "Answer:" in told
    refused = ben.get("/agreements/what-if", **(asked | {"asker": "Zambia"})).text
    assert "Answer: refused" in refused
    unknown = ben.get("/agreements/what-if", **(asked | {"asker": "<script>"}))
    assert (unknown.status, 'href="#asker"' in unknown.text, "<script>&" in unknown.text) == (400, True, False)


def test_what_was_signed_is_shown_to_the_letter(watched):
    node = watched[BERGENIA]
    digest = next(one.digest for one in node.bundles.proposals() if one.id == law_id(watched))
    page = watcher(watched, BERGENIA, "ben").get(f"/agreements/proposals/{digest}")
    assert (page.status, "This is the text that is in use" in page.text) == (200, True)


@pytest.mark.parametrize(
    ("markdown", "kind", "lines", "anchor"),
    [
        ("# A \\<b\\>", Kind.TITLE, ("A <b>",), ""),
        ("## art-7: Data", Kind.HEADING, ("art-7: Data",), "art-7"),
        ("## By way of example", Kind.HEADING, ("By way of example",), ""),
        ("- one\n- two", Kind.LIST, ("one", "two"), ""),
        ("It is `xa-xb`,\nor so.", Kind.PARAGRAPH, ("It is xa-xb, or so.",), ""),
    ],
)
def test_a_text_read_aloud_comes_in_pieces(markdown, kind, lines, anchor):
    (piece,) = pieces(markdown)
    assert (piece.kind, piece.lines, piece.anchor) == (kind, lines, anchor)
