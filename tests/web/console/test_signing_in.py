"""Signing in at the console, and what the browser and the door do against whoever would use another's session."""

import re

import pytest
from starlette.datastructures import Headers

from comity.web.console.door import COOKIE, FIELDS, PAGES, ConsoleDoor, cookie_of
from comity.web.console.pages import Pages
from tests.web.console.visitor import ORIGIN, Visitor


@pytest.fixture
def demo(federation) -> Visitor:
    """A stranger before the console of a demonstration."""
    pages = Pages(PAGES, "Aldova", is_demo=True)
    return Visitor(ConsoleDoor(federation["aldova"].desks, pages, federation.time, ORIGIN), "")


def signed_in(visitor: Visitor, login: str = "ada", **more: str) -> tuple[str, dict[str, str]]:
    """The token that the browser got, and what it was told of the cookie."""
    answered = visitor.post("/sign-in", login=login, **more)
    assert answered.status == 303, answered.text
    value, *rules = answered.fields["set-cookie"].split("; ")
    name, token = value.split("=")
    assert name == COOKIE
    return token, {name: rest for name, _, rest in (rule.lower().partition("=") for rule in rules)}


def test_a_demonstration_lists_its_people_and_lets_anyone_in(demo: Visitor, federation):
    page = demo.get("/sign-in")
    assert re.findall(r'name="login" value="(\w+)"', page.text) == ["ada", "dora"]
    assert "Demonstration" in page.text
    demo.who, rules = signed_in(demo)
    assert rules == {"httponly": "", "path": "/", "samesite": "strict", "secure": ""}
    home = demo.get("/")
    assert (home.status, "Demonstration" in home.text, "Ada" in home.text) == (200, True, True)


def test_elsewhere_nobody_is_listed_or_let_in_like_that(console):
    stranger = console("aldova", "nobody")
    assert "ada" not in stranger.get("/sign-in").text
    answered = stranger.post("/sign-in", login="ada")
    assert (answered.status, "set-cookie" in answered.fields) == (404, False)


def test_a_session_has_a_token_that_nobody_knew_before(demo: Visitor):
    """Session fixation: what somebody else put into the browser is worth nothing, before and after."""
    demo.who = "planted"
    first, _ = signed_in(demo)
    demo.who = first
    second, _ = signed_in(demo, "dora")
    assert len({"planted", first, second}) == 3
    assert demo.get("/").fields["location"] == "/sign-in"  # the first has ended


def test_signing_out_ends_the_session_and_the_cookie(console):
    ada = console("aldova", "ada")
    left = ada.post("/sign-out")
    assert (left.status, left.fields["location"]) == (303, "/sign-in")
    assert f'{COOKIE}=""' in left.fields["set-cookie"]
    assert "Max-Age=0" in left.fields["set-cookie"]
    assert ada.get("/").status == 303


@pytest.mark.parametrize(
    "origin", ["", "null", "https://elsewhere.example", ORIGIN + ".elsewhere.example", ORIGIN + ":1"]
)
def test_a_form_from_elsewhere_is_refused(console, demo: Visitor, origin: str):
    ada = console("aldova", "ada")
    assert ada.post("/settings", origin, theme="dark").status == 403
    assert demo.post("/sign-in", origin, login="ada").status == 403


@pytest.mark.parametrize("csrf", ["", "csrf", "0" * 64])
def test_a_form_without_the_session_s_own_mark_is_refused(console, csrf: str):
    ada = console("aldova", "ada")
    ada.csrf = csrf
    assert ada.post("/settings", theme="dark").status == 403
    ada.csrf = console("aldova", "dora").csrf
    assert ada.post("/settings", theme="dark").status == 403


@pytest.mark.parametrize(
    "to", ["//elsewhere.example", "/\\elsewhere.example", "https://elsewhere.example", "javascript:1"]
)
def test_nobody_is_sent_elsewhere_after_signing_in(demo: Visitor, to: str):
    assert 'name="to" value="/"' in demo.get("/sign-in", to=to).text
    assert demo.post("/sign-in", login="ada", to=to).fields["location"] == "/"


def test_whoever_was_on_the_way_to_a_page_comes_there(demo: Visitor):
    there = demo.get("/members").fields["location"]
    assert there == "/sign-in?to=%2Fmembers"
    assert demo.post("/sign-in", login="ada", to="/members").fields["location"] == "/members"


def test_an_account_that_may_not_sign_in_is_refused(demo: Visitor, federation):
    aldova = federation["aldova"]
    aldova.accounts.suspend("ada", "left", aldova.operator("test"))
    assert "ada" not in re.findall(r'name="login" value="(\w+)"', demo.get("/sign-in").text)
    assert demo.post("/sign-in", login="ada").status == 401


@pytest.mark.parametrize(
    ("method", "path", "status"), [("TRACE", "/", 405), ("PUT", "/", 405), ("GET", "/nowhere", 404), ("HEAD", "/", 200)]
)
def test_whatever_is_asked_carries_what_keeps_a_browser_safe(console, method: str, path: str, status: int):
    answered = console("aldova", "ada")._sent(method, path, "", b"")
    assert answered.status == status
    assert {name: Headers(answered.fields).get(name) for name in FIELDS} == FIELDS


def test_the_policy_has_no_exception():
    policy = FIELDS["content-security-policy"]
    assert not re.search(r"unsafe|\*|data:|blob:|https?:", policy)
    assert {"frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} <= set(policy.split("; "))


def test_over_plain_http_the_cookie_has_another_name_for_each_port():
    assert cookie_of("https://console.example") == COOKIE
    assert cookie_of("http://localhost:7704") != cookie_of("http://localhost:7714")
