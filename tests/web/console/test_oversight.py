"""Who saw this: what each role may search, what is shown of an entry and its proof, what a person may be told."""

import io
import zipfile

import msgspec
import pytest

from comity.testing.federation import ALDOVA, BERGENIA
from tests.federation.conftest import STOLEN
from tests.web.console.conftest import visitor
from tests.web.console.watched import SCRIPT
from tests.web.console.watchers import watcher


def told_entry(federation) -> int:
    """The entry by which Bergenia wrote down that it answered."""
    acts = [entry.act for entry in federation.journal(BERGENIA)]
    return acts.index("lookup.answered")


def test_an_auditor_sees_who_asked_for_what_and_why(watched):
    page = watcher(watched, BERGENIA, "aude").post("/oversight", why="audit 3", case=SCRIPT, purpose="border-control")
    assert page.status == 200
    assert "lookup answered" in page.text
    assert "aldova" in page.text
    assert "&lt;script&gt;" in page.text
    assert SCRIPT not in page.text
    assert "audit 3" in str(watched.journal(BERGENIA)[-1].details)


def test_an_officer_is_not_let_in_and_sees_no_way_there(watched):
    page = watcher(watched, ALDOVA, "ada").get("/oversight")
    assert page.status == 403
    assert 'href="/oversight"' not in page.text


def test_whoever_gives_no_reason_is_told_so_beside_what_they_wrote(watched):
    page = watcher(watched, BERGENIA, "aude").post("/oversight", why="", officer="ben")
    assert page.status == 400
    assert 'href="#why"' in page.text
    assert 'value="ben"' in page.text


def test_a_person_is_sought_by_whom_may_and_nobody_else(watched):
    criteria = {"why": "complaint 7", "document_country": "XBE", "document_number": STOLEN.number}
    assert "lookup answered" in watcher(watched, BERGENIA, "dana").post("/oversight", **criteria).text
    refused = watcher(watched, BERGENIA, "sara").post("/oversight", **criteria)
    assert (refused.status, "Ask the data-protection officer" in refused.text) == (403, True)


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"first_day": "yesterday"}, "first_day"),
        ({"purpose": "curiosity"}, "purpose"),
        ({"person": "Ivan", "plate": "BE 1", "plate_country": "XB"}, "person"),
        ({"collection": "nominals"}, "reference"),
        ({"after": "x"}, "after"),
        ({"birth": "1971"}, "person"),
    ],
)
def test_a_field_that_cannot_be_read_is_named(watched, sent, field):
    page = watcher(watched, BERGENIA, "dana").post("/oversight", why="audit", **sent)
    assert page.status == 400
    assert f'href="#{field}"' in page.text


def test_an_entry_is_shown_with_its_proof_and_the_file_that_proves_it(watched):
    auditor, index = watcher(watched, BERGENIA, "aude"), told_entry(watched)
    page = auditor.get(f"/oversight/entries/{index}")
    assert page.status == 200
    assert "It stands in the log, unchanged" in page.text
    assert "Seen and signed by" in page.text
    assert "Consistent" in page.text
    file = auditor.get(f"/oversight/entries/{index}/evidence")
    assert zipfile.ZipFile(io.BytesIO(file.content)).namelist() == ["opening.json", "entry.tlog-proof", "policy.txt"]
    assert file.fields["content-disposition"] == f'attachment; filename="entry-{index}.zip"'


def test_an_entry_whose_proof_does_not_hold_is_said_to_be_unproved(watched):
    browser = visitor(watched, BERGENIA, "aude")
    elsewhere = watched[ALDOVA].log_policy().replace(b"bergenia", b"somebody")
    browser.door.desks = msgspec.structs.replace(browser.door.desks, log_policy=lambda: elsewhere)
    page = browser.get(f"/oversight/entries/{told_entry(watched)}")
    assert "It is not proved yet." in page.text
    assert "It stands in the log" not in page.text


def test_what_a_person_may_be_told_is_for_the_data_protection_officer_alone(watched):
    asked = {"request": "SAR-7", "document_country": "XBE", "document_number": STOLEN.number}
    assert watcher(watched, BERGENIA, "aude").post("/oversight/disclosures", **asked).status == 403
    page = watcher(watched, BERGENIA, "dana").post("/oversight/disclosures", **asked)
    assert page.status == 200
    assert "Left out" in page.text or "may know of" in page.text
    file = watcher(watched, BERGENIA, "dana").post("/oversight/disclosures/file", **asked)
    assert file.fields["content-type"] == "application/json"
    assert "neither confirms nor denies" in file.text
    assert "left_out" not in file.text


def test_without_a_number_of_the_request_nothing_is_told(watched):
    page = watcher(watched, BERGENIA, "dana").post(
        "/oversight/disclosures", document_country="XBE", document_number="B1"
    )
    assert (page.status, 'href="#request"' in page.text) == (400, True)
    page = watcher(watched, BERGENIA, "dana").post("/oversight/disclosures", request="SAR-7")
    assert (page.status, 'href="#person"' in page.text) == (400, True)


def test_the_terms_are_those_of_the_rulebook(watched):
    page = watcher(watched, BERGENIA, "aude").get("/oversight/terms")
    assert page.status == 200
    assert "all others" in page.text
