"""Every page carries what keeps a browser safe, and opens to nobody who is not signed in or has not the role."""

from comity.web.console.door import FIELDS


def test_home_greets_and_carries_the_fields(console):
    page = console("aldova", "ada").get("/")
    assert page.status == 200
    assert '<html lang="en" dir="ltr"' in page.text
    assert {name: page.fields.get(name) for name in FIELDS} == FIELDS


def test_a_stranger_is_sent_to_sign_in(console):
    page = console("aldova", "nobody").get("/")
    assert (page.status, page.fields["location"]) == (303, "/sign-in")


def test_a_page_tells_once_what_a_form_did(console, federation):
    ada = console("aldova", "ada")
    federation["aldova"].desks.sessions.say(ada.who, "Saved.")
    assert ">Saved.</p>" in ada.get("/").text
    assert ">Saved.</p>" not in ada.get("/").text


def test_what_is_told_holds_no_markup(console, federation):
    ada = console("aldova", "ada")
    federation["aldova"].desks.sessions.say(ada.who, "<script>alert(1)</script>")
    assert ">&lt;script&gt;alert(1)&lt;/script&gt;</p>" in ada.get("/").text


def test_of_a_stranger_or_from_elsewhere_nothing_is_read(console):
    stranger, ada = console("aldova", "nobody"), console("aldova", "ada")
    assert stranger.post("/cases", number="AL-1").fields["location"] == "/sign-in"
    assert not stranger.was_read
    assert ada.post("/cases", origin="https://elsewhere.example", number="AL-1").status == 403
    assert not ada.was_read
    ada.post("/cases", number="AL-1")
    assert ada.was_read
