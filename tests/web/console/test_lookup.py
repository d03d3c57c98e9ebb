"""The lookup page: what was typed is asked as it was understood, the whole answer told, no record never as clear."""

from datetime import timedelta

from comity.testing.federation import BERGENIA
from tests.federation.conftest import row, stolen_passport

BORDER = {"purpose": "border-control", "case": "XA-2026-7"}
WANTED = {"purpose": "wanted-persons", "case": "XA-2026-7"}


def test_the_box_comes_with_purpose_and_case_and_every_field(console):
    page = console("aldova", "ada").get("/lookup")
    assert page.status == 200
    for field in ("q", "purpose", "case", "person.name", "vehicle.vin", "offence", "assurance_against"):
        assert f'name="{field}"' in page.text


def test_a_stolen_passport_is_found_and_shown_beside_what_was_asked(console):
    ada = console("aldova", "ada")
    page = ada.post("/lookup", q="B1234567 XBE", **BORDER)
    for told in ("Understood as", "Or did you mean", "1 hit", "stolen", "same", "D-1", "duty desk of Bergenia"):
        assert told in page.text
    assert "Ask the owner to confirm before you detain" in page.text  # what is owed
    assert "Vehicle, plate" in page.text  # what else it may be
    # purpose and case hold for the rest of the shift
    again = ada.get("/lookup")
    assert 'value="border-control" selected' in again.text
    assert 'value="XA-2026-7"' in again.text


def test_a_wanted_person_comes_with_warnings_first_and_names_in_their_script(console):
    page = console("aldova", "ada").post("/lookup", q="Iwan Petrowitsch Sorokin 1971-03-09", **WANTED)
    assert page.text.index("Armed") < page.text.index("Asked and recorded")
    assert '<bdi lang="und-Cyrl">Сорокин Иван Петрович</bdi>' in page.text
    assert "A hit is a lead" in page.text
    assert 'action="/hits/' in page.text


def test_no_record_is_never_told_as_clear(console):
    page = console("aldova", "ada").post("/lookup", q="B7654321 XBE", **BORDER)
    assert "No record does not mean clear." in page.text
    assert "1 hit" not in page.text


def test_a_refusal_names_its_clause_and_what_is_needed(console):
    page = console("aldova", "ada").post("/lookup", q="Quirin Zabelthau", **BORDER)
    assert "convention-on-police-information art-8" in page.text
    assert "Needed: Purpose wanted-persons" in page.text


def test_a_silent_source_is_said_first(console, federation):
    federation.line.out_of_reach.add(BERGENIA)
    page = console("aldova", "ada").post("/lookup", q="BE 123 XY XB", **BORDER)
    assert "did not answer: nothing is known from there" in page.text


WRONG = [
    ({"q": "B1234567 XBE", "case": "XA-1"}, "purpose", "A purpose is needed"),
    ({"q": "B1234567 XBE", "purpose": "locate"}, "case", "A case number is needed"),
    ({**BORDER}, "q", "Nothing was typed"),
    ({**BORDER, "q": "?"}, "q", "Nothing that can be looked up"),
    ({**BORDER, "person.name": "Ada", "vehicle.vin": "1"}, "person.name", "one lookup asks about one thing"),
    ({**BORDER, "person.birth": "1971-13-40"}, "person.birth", "There is no date"),
    ({**BORDER, "person.height_cm": "tall"}, "person.height_cm", "no whole number"),
    ({**BORDER, "vehicle.plate": "X 1"}, "vehicle.plate", "needs its plate_country"),
    ({**BORDER, "q": "Ada", "penalty_max_months": "12"}, "offence", "The offence is not named"),
    ({**BORDER, "q": "Ada", "offence": "gossip"}, "offence", "gossip"),
    ({**BORDER, "q": "Ada", "act": "watch"}, "until", "A watch needs its last day"),
]


def test_what_is_missing_is_said_with_a_link_to_its_field(console):
    ada = console("aldova", "ada")
    for sent, field, told in WRONG:
        page = ada.post("/lookup", **sent)
        assert page.status == 400, sent
        assert told in page.text, sent
        assert f'<a href="#{field}"' in page.text, sent
        assert f'id="{field}"' in page.text, sent


def test_nothing_leaves_before_the_country_is_known(console, federation):
    ada = console("aldova", "ada")
    page = ada.post("/lookup", q="B1234567", **BORDER)
    assert "Nothing was asked yet" in page.text
    assert not [one for one in federation.journal(BERGENIA) if one.for_whom == "aldova"]
    asked = ada.post("/lookup", q="B1234567", chosen="document", country="Bergenia", **BORDER)
    assert "1 hit" in asked.text


def test_the_fields_ask_the_same_and_what_is_stated_goes_along(console):
    page = console("aldova", "ada").post(
        "/lookup",
        **{"document.country": "XBE", "document.number": "B1234567", "offence": "vehicle-theft", "death_penalty": "no"},
        **BORDER,
    )
    assert "1 hit" in page.text


def test_what_a_record_says_is_text(console, federation):
    federation.enter(BERGENIA, "sltd", [row("<script>alert(1)</script>", stolen_passport("B9"), line=2)])
    page = console("aldova", "ada").post("/lookup", q="passport B9 XBE", **BORDER)
    assert "&lt;script&gt;alert(1)" in page.text
    assert "<script>alert" not in page.text


def test_who_may_not_look_up_does_not_see_the_page(console):
    assert console("corvia", "otto").get("/lookup").status == 403
    assert 'href="/lookup"' not in console("corvia", "otto").get("/").text
    assert console("corvia", "otto").post("/lookup", q="B1234567 XBE", **BORDER).status == 403


def test_a_question_is_watched_until_a_day(console, federation):
    ada = console("aldova", "ada")
    until = (federation.time() + timedelta(days=20)).date().isoformat()
    page = ada.post("/lookup", q="B7654321 XBE", chosen="document", act="watch", until=until, **WANTED)
    assert "The question is watched" in page.text
    [watch] = federation.nodes["aldova"].officer_door.desks.watches.every(federation.cast["ada"])
    assert watch.until.isoformat() == until
