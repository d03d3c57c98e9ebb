"""Cases as people see them: opened, looked through, shared with colleagues, closed; nothing for anybody else."""

from comity.domain.journal import Act
from tests.web.console.at_work import CASE, a_case, at, moved, said, working

__all__ = ["at", "working"]


def test_a_case_is_opened_once_and_found_again(at, working):
    ada = at("aldova", "ada")
    assert "You are in no case." in said(ada.get("/cases"))
    before = [one.act for one in working.journal("aldova")].count(Act.CASE_OPENED)
    places = {moved(ada.post("/cases", number="AL-1", once="the-mark", **CASE)) for _ in range(2)}
    assert len(places) == 1
    assert [one.act for one in working.journal("aldova")].count(Act.CASE_OPENED) == before + 1
    page = said(ada.get(places.pop()))
    assert "Case AL-1" in page
    assert "Robbery at the ferry terminal" in page
    assert "criminal investigation" in page
    assert "AL-1" in said(ada.get("/cases", q="ferry", state="open"))
    assert "None of your cases is like that." in said(ada.get("/cases", q="no such matter"))


def test_a_refused_form_keeps_what_was_typed_and_names_every_gap(at):
    ada = at("aldova", "ada")
    page = ada.post(
        "/cases", number="AL-2", title="<script>alert(1)</script>", category="persons", purpose="", basis=""
    )
    assert page.status == 400
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text
    assert 'href="#purpose"' in page.text
    assert 'href="#basis"' in page.text
    assert 'href="#number"' not in page.text
    a_case(ada, "AL-2")
    taken = ada.post("/cases", number="AL-2", **CASE)
    assert taken.status == 409
    assert "The number AL-2 is taken. Choose another number." in said(taken)
    assert 'value="Robbery at the ferry terminal"' in taken.text
    assert 'href="#number"' in taken.text


def test_only_the_people_in_a_case_see_it_and_they_say_who(at):
    ada, dora = at("aldova", "ada"), at("aldova", "dora")
    place = a_case(ada, "AL-3")
    assert dora.get(place).status == 404
    assert "AL-3" not in said(dora.get("/cases"))
    wrong = ada.post(f"{place}/admit", login="nobody")
    assert wrong.status == 404
    assert "nobody has no account that works on cases." in said(wrong)
    assert 'value="nobody"' in wrong.text
    moved(ada.post(f"{place}/admit", login="dora"))
    assert "dora" in said(dora.get(place))
    moved(ada.post(f"{place}/dismiss", login="dora"))
    assert dora.get(place).status == 404
    assert at("corvia", "otto").get("/cases").status == 403


def test_a_case_is_closed_with_a_reason_and_opened_again(at):
    ada = at("aldova", "ada")
    place = a_case(ada, "AL-4")
    moved(ada.post(f"{place}/refer", bureau="bergenia", their_number="BE-77"))
    refused = ada.post(f"{place}/close", because=" ")
    assert refused.status == 400
    assert "Say why the case is closed." in said(refused)
    moved(ada.post(f"{place}/close", because="Solved."))
    page = said(ada.get(place))
    assert "Solved." in page
    assert "BE-77" in page
    assert "Open the case again" in page
    assert "Write a letter" not in page
    moved(ada.post(f"{place}/reopen"))
    assert "Write a letter" in said(ada.get(place))


def test_a_record_of_ours_is_put_into_a_case(at, working):
    ben = at("bergenia", "ben")
    place = a_case(ben, "BE-1")
    record = working["bergenia"].records.show("smv", "V-1", "", working.cast["ben"]).header.id
    moved(ben.post(f"{place}/attach", kind="record", item=record))
    assert record in said(ben.get(place))
    wrong = ben.post(f"{place}/attach", kind="record", item="no-such")
    assert wrong.status == 404
    assert 'value="no-such"' in wrong.text
