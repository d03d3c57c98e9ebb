"""A real browser sends our forms with the origin that the door asks for, and forgets the session on leaving."""

from tests.browser.conftest import Opens


def test_somebody_signs_out(person: Opens):
    ada = person("ada")
    page = ada.open("/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    assert ada.context.cookies() == []
    assert ada.complaints == []


def test_a_passkey_is_registered_and_signs_in(person: Opens):
    ada = person("ada")
    here = ada.consoles.federation["aldova"]
    link, _ = here.passkeys.invite("ada", here.operator("test"))
    device = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    talk = ada.context.new_cdp_session(ada.page)
    talk.send("WebAuthn.enable")
    options = {**device, "isUserVerified": True, "automaticPresenceSimulation": True}
    talk.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page = ada.open(f"/enrol?link={link}")
    page.get_by_label("What you call this device").fill("My phone")
    page.get_by_role("button", name="Register this device").click()
    page.wait_for_url(ada.origin + "/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    ada.keep_screen("sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(ada.origin + "/")
    ada.open("/passkeys")
    assert page.get_by_text("My phone").is_visible()
    ada.keep_screen("passkeys")
    assert ada.complaints == []
