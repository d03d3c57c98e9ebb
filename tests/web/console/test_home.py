"""Home shows what waits for whoever looks, the most urgent first, and hears of what arrives until they leave."""

import anyio

from comity.web.console.events import _parts
from comity.web.officer.events import EventStream
from tests.federation.conftest import STOLEN


def test_nothing_waits_is_said(console):
    page = console("corvia", "otto").get("/")
    assert "Nothing waits for you" in page.text


def asked_about(console, federation) -> None:
    """Ada asks Bergenia to confirm a hit."""
    answer = federation.ask("ada", STOLEN)
    federation.post()
    hit = next(finding.hit for source in answer.sources for finding in source.findings)
    console("aldova", "ada").post(f"/hits/{hit}/request", priority="urgent", note="")
    federation.post()


def test_who_must_answer_sees_the_clock_and_who_asked_sees_that_they_wait(console, federation):
    asked_about(console, federation)
    told = console("bergenia", "ben").get("/").text
    assert "1 bureau waits for our word on a hit" in told
    assert "minutes left" in told
    asked = console("aldova", "ada").get("/").text
    assert "1 hit that we asked about" in asked
    assert "waits for our word" not in asked  # Ada may not answer
    assert "Nothing waits for you" in console("corvia", "cora").get("/").text


def test_arrivals_are_told_until_the_session_ends(console, federation):
    ben = console("bergenia", "ben")
    desks = federation.nodes["bergenia"].desks
    token = ben.who
    place = desks.events.newest()
    closed: list[str] = []
    stream = EventStream(
        desks.events,
        lambda: desks.sessions.session(token, is_asked=False).caller,
        place,
        lambda: closed.append("closed"),
    )
    asked_about(console, federation)

    async def heard() -> list[bytes]:
        parts: list[bytes] = []
        async for part in _parts(stream):
            parts.append(part)
            if len(parts) == 2:
                desks.sessions.end(token)  # Falls without the session being asked each time
        return parts

    first, second = anyio.run(heard)
    assert first == b": \n\n"
    assert b"event: hit" in second
    assert closed == ["closed"]


def test_a_stranger_hears_nothing(console):
    page = console("aldova", "nobody").get("/events")
    assert page.status == 204
    assert page.text == ""
