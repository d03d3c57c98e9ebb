"""Passkeys: registered by a link, good for signing in, and nothing that is not exactly what was asked is taken."""

from typing import Any

import pytest

from comity.domain import limits
from comity.domain.journal import Act
from comity.web.console.door import COOKIE
from tests.web.console.device import PRESENT, Device, options_on
from tests.web.console.visitor import Visitor


@pytest.fixture
def stranger(console) -> Visitor:
    return console("aldova", "nobody")


@pytest.fixture
def link(federation) -> str:
    aldova = federation["aldova"]
    return aldova.passkeys.invite("ada", aldova.operator("test"))[0]


@pytest.fixture
def device(stranger: Visitor, link: str) -> Device:
    """Ada's, registered."""
    one = Device()
    answered = enrol(stranger, link, one)
    assert (answered.status, answered.fields["location"]) == (303, "/"), answered.text
    return one


def enrol(stranger: Visitor, link: str, device: Device, **told: Any):
    options = options_on(stranger.get("/enrol", link=link).text)
    return stranger.post("/enrol", link=link, name="My phone", credential=device.registers(options, **told))


def asked(stranger: Visitor) -> dict[str, Any]:
    return options_on(stranger.get("/sign-in").text)


def sign_in(stranger: Visitor, credential: str) -> int:
    return stranger.post("/sign-in/passkey", credential=credential, to="/passkeys").status


def test_a_passkey_signs_its_holder_in(stranger: Visitor, device: Device, federation):
    answered = stranger.post("/sign-in/passkey", credential=device.signs(asked(stranger)), to="/passkeys")
    assert (answered.status, answered.fields["location"]) == (303, "/passkeys")
    stranger.who = answered.fields["set-cookie"].split(";")[0].removeprefix(f"{COOKIE}=")
    page = stranger.get("/passkeys").text
    assert "My phone" in page
    assert "Ada" in page
    acts = [one.act for one in federation.journal("aldova")]
    assert acts[-4:] == [Act.PASSKEY_INVITED, Act.PASSKEY_ADDED, Act.SIGNED_IN, Act.SIGNED_IN]


def test_a_link_is_good_once_for_a_day_and_for_nobody_suspended(
    stranger: Visitor, device: Device, link: str, federation
):
    assert stranger.get("/enrol", link=link).status == 401
    assert stranger.get("/enrol", link="0" * 64).status == 401
    aldova = federation["aldova"]
    late, _ = aldova.passkeys.invite("ada", aldova.operator("test"))
    federation.time.pass_by(hours=limits.ENROLMENT_HOURS_MAX)
    assert stranger.get("/enrol", link=late).status == 401
    other, _ = aldova.passkeys.invite("ada", aldova.operator("test"))
    aldova.accounts.suspend("ada", "left", aldova.operator("test"))
    assert stranger.get("/enrol", link=other).status == 401
    assert sign_in(stranger, device.signs(asked(stranger))) == 401


def test_an_answer_is_good_once_and_soon(stranger: Visitor, device: Device, federation):
    sent = device.signs(asked(stranger))
    assert [sign_in(stranger, sent), sign_in(stranger, sent)] == [303, 401]
    late = asked(stranger)
    federation.time.pass_by(seconds=limits.CHALLENGE_SECONDS_MAX)
    assert sign_in(stranger, device.signs(late)) == 401


@pytest.mark.parametrize(
    "told",
    [
        {"crossOrigin": True},
        {"crossOrigin": "yes"},
        {"topOrigin": "https://elsewhere.example"},
        {"origin": "https://elsewhere.example"},
        {"type": "webauthn.create"},
        {"challenge": "AAAA"},
    ],
    ids=str,
)
def test_what_was_not_signed_on_our_own_page_is_refused(stranger: Visitor, device: Device, told: dict[str, Any]):
    assert sign_in(stranger, device.signs(asked(stranger), **told)) == 401


def test_without_pin_or_finger_with_another_key_or_an_older_count_it_is_refused(stranger: Visitor, device: Device):
    assert sign_in(stranger, device.signs(asked(stranger), PRESENT)) == 401
    assert sign_in(stranger, Device().signs(asked(stranger))) == 401
    assert sign_in(stranger, Device(b"unknown").signs(asked(stranger))) == 401
    assert sign_in(stranger, device.signs(asked(stranger))) == 303
    device.uses -= 1  # a copy of it
    assert sign_in(stranger, device.signs(asked(stranger))) == 401


@pytest.mark.parametrize("told", [{"crossOrigin": True}, {"origin": "https://elsewhere.example"}], ids=str)
def test_nothing_is_registered_from_elsewhere(stranger: Visitor, link: str, told: dict[str, Any]):
    assert enrol(stranger, link, Device(), **told).status == 401


@pytest.mark.parametrize(
    "sent", ["", "[]", "{", '{"id": 1, "response": {}}', '{"response": {"clientDataJSON": "e30"}}']
)
def test_what_is_no_answer_of_a_passkey_is_refused(stranger: Visitor, sent: str):
    assert sign_in(stranger, sent) == 400


def test_a_challenge_for_one_thing_is_good_for_no_other(stranger: Visitor, device: Device, console):
    to_add = options_on(console("aldova", "ada").get("/passkeys").text)
    assert sign_in(stranger, device.signs({"rpId": to_add["rp"]["id"], "challenge": to_add["challenge"]})) == 401


def test_several_passkeys_are_kept_and_the_last_one_stays(device: Device, console):
    ada, second = console("aldova", "ada"), Device(b"device-2")
    options = options_on(ada.get("/passkeys").text)
    assert [one["id"] for one in options["excludeCredentials"]] == ["ZGV2aWNlLTE"]
    added = ada.post("/passkeys", name="<script>", credential=second.registers(options))
    assert (added.status, added.fields.get("location")) == (303, "/passkeys"), added.text
    page = ada.get("/passkeys").text
    assert "<script>, " not in page
    first, other = (one.id for one in ada.door.desks.passkeys.own(ada.door.desks.sessions.session(ada.who).caller))
    dora = console("aldova", "dora")
    assert dora.post(f"/passkeys/{first}/remove").status == 404
    assert ada.post(f"/passkeys/{first}/remove").status == 303
    assert ada.post(f"/passkeys/{other}/remove").status == 409
