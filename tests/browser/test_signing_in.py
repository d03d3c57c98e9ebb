"""A real browser sends our forms with the origin that the door asks for, and forgets the session on leaving."""

from tests.browser.conftest import Opens


def test_somebody_signs_out(person: Opens):
    ada = person("ada")
    page = ada.open("/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    assert ada.context.cookies() == []
    assert ada.complaints == []
