"""A letter as a person writes, sends, reads, answers and takes it back; and what is refused on the way."""

from comity.domain.journal import Act
from tests.web.console.at_work import LETTER, a_case, at, moved, said, working

__all__ = ["at", "working"]


def a_draft(console, number, **how):
    return moved(console.post(f"{a_case(console, number)}/letters", **(LETTER | how)))


def test_a_letter_goes_there_and_its_answer_comes_back(at, working):
    ada, ben = at("aldova", "ada"), at("bergenia", "ben")
    letter = a_draft(ada, "AL-10")
    assert "draft" in said(ada.get(letter))
    assert "Please look at your files." in said(ada.get(letter))
    before = [one.act for one in working.journal("aldova")].count(Act.MESSAGE_SENT)
    moved(ada.post(f"{letter}/send", once="send-1"))
    moved(ada.post(f"{letter}/send", once="send-1"))
    assert [one.act for one in working.journal("aldova")].count(Act.MESSAGE_SENT) == before + 1
    working.post()
    assert "Who is the second man?" in said(ben.get("/letters", way="in"))
    came = said(ben.get(letter))
    assert "They wait for our answer" in came
    assert "not filed" in came
    moved(ben.post(f"{letter}/file", case=a_case(ben, "BE-10").rpartition("/")[2]))
    form = ben.get(f"{letter}/reply")
    assert 'value="Re: Who is the second man?"' in form.text
    assert 'value="aldova" checked' in form.text
    answer = moved(ben.post(f"{letter}/reply", to="aldova", subject="Re: Who?", text="A ferryman."))
    moved(ben.post(f"{answer}/send"))
    working.post()
    page = said(ada.get(letter))
    for told in ("sealed, signed and written down in the sender", "delivered", "opened by an officer", "answered"):
        assert told in page, told
    assert "Re: Who?" in page  # in the exchange
    assert "A ferryman." in said(ada.get(answer))


def test_a_refused_draft_keeps_everything_and_names_each_gap(at):
    ada = at("aldova", "ada")
    place = a_case(ada, "AL-11")
    page = ada.post(
        f"{place}/letters", to="bergenia", text="", subject="", conditions="Ask <b>first</b>", handling="H2"
    )
    assert page.status == 400
    assert 'href="#subject"' in page.text
    assert 'href="#text"' in page.text
    assert "Ask &lt;b&gt;first" in page.text
    assert "<b>first" not in page.text
    assert 'value="bergenia" checked' in page.text
    assert 'value="H2" checked' in page.text
    nobody = ada.post(f"{place}/letters", subject="To whom?", text="Anybody.")
    assert nobody.status == 400
    assert 'href="#to"' in nobody.text
    assert "It goes to nobody." in said(nobody)
    over = ada.post(f"{place}/letters", **LETTER, keep_until="2001-01-01")
    assert over.status == 400
    assert 'href="#keep_until"' in over.text


def test_a_structured_form_is_filled_in_and_told_in_words(at):
    ada = at("aldova", "ada")
    place = a_case(ada, "AL-12")
    page = ada.get(f"{place}/letters/new", kind="trace")
    assert "What is traced" in said(page)
    gaps = ada.post(f"{place}/letters", kind="trace", to="bergenia", subject="A pistol")
    assert gaps.status == 400
    assert all(f'href="#{name}"' in gaps.text for name in ("thing", "number", "sought"))
    told = {
        "kind": "trace",
        "to": "bergenia",
        "subject": "A pistol",
        "thing": "firearm",
        "number": "A1",
        "sought": "owner",
    }
    letter = moved(ada.post(f"{place}/letters", **told))
    again = ada.get(f"{letter}/edit")
    assert 'value="firearm" selected' in again.text
    assert 'value="A1"' in again.text
    moved(ada.post(f"{letter}/edit", **(told | {"number": "A2"})))
    moved(ada.post(f"{letter}/send"))
    assert "A2" in said(ada.get(letter))


def test_a_letter_is_taken_back_and_translated(at, working):
    ada, ben = at("aldova", "ada"), at("bergenia", "ben")
    letter = a_draft(ada, "AL-13")
    moved(ada.post(f"{letter}/send"))
    working.post()
    ben.get(letter)
    same = ben.post(f"{letter}/translate", language="en", text="Encore")
    assert same.status == 400
    assert 'href="#language"' in same.text
    assert "Encore" in same.text
    moved(ben.post(f"{letter}/translate", language="fr", text="Regardez <i>vos</i> dossiers."))
    assert "Regardez &lt;i&gt;vos" in ben.get(letter).text
    why = ada.post(f"{letter}/recall", reason="")
    assert why.status == 400
    assert 'href="#reason"' in why.text
    moved(ada.post(f"{letter}/recall", reason="To the wrong bureau."))
    working.post()
    unread = a_draft(ada, "AL-15")
    moved(ada.post(f"{unread}/send"))
    moved(ada.post(f"{unread}/recall", reason="To the wrong bureau."))
    working.post()
    page = said(ada.get(unread))
    assert "recalled" in page
    assert "Take it back" not in page


def test_letters_are_for_those_in_the_case_alone(at):
    letter = a_draft(at("aldova", "ada"), "AL-14")
    assert at("aldova", "dora").get(letter).status == 404
    assert at("corvia", "cora").get(letter).status == 404
    assert at("corvia", "otto").get("/letters").status == 403
