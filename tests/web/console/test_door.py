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
