"""A national system asks its bureau: the SDK and the officers' door, over real HTTPS."""

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from comity.client import Comity
from comity.client.line import Line
from comity.client.reading import read_answer
from comity.domain import limits
from comity.domain.circumstances import Harm, StatedOffence
from comity.domain.errors import (
    Conflict,
    Invalid,
    Missing,
    NotPermitted,
    Refusal,
    TooLarge,
    Unauthenticated,
    Unavailable,
)
from comity.domain.firearm import FirearmType
from comity.domain.hit import HitState, Priority
from comity.domain.lookup import DocumentQuery, FirearmQuery, LookupRequest, Outcome, PersonQuery, VesselQuery
from comity.domain.person import Sex
from comity.domain.purpose import Purpose
from comity.domain.reply import ReplyLevel
from comity.domain.stated import GivenAssurance, Stated
from comity.web.officer.door import OfficerDoor
from comity.web.serve import Servers
from comity.web.tls import Tls
from comity.wire.http import Request, Response
from tests.web.officer.desk import ADA, ANSWER, FOUND, HIT, TOKEN, UNKNOWN_HIT, desks
from tests.web.opened import app, certificate, opened, url

WHY = {"purpose": "border-control", "case": "BR-1"}


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return certificate(tmp_path_factory.mktemp("node"), "node")


@pytest.fixture(scope="module")
def servers(node: tuple[Path, Path]) -> Iterator[Servers]:
    with opened(app(OfficerDoor(desks()), body_bytes_max=limits.REQUEST_BYTES_MAX), Tls(*node).context) as running:
        yield running


@pytest.fixture
def door(servers: Servers) -> OfficerDoor:
    """Fresh desks behind the same address."""
    door = OfficerDoor(desks())
    servers.listeners[0].app.door = door
    return door


@pytest.fixture
def bureau(servers: Servers, door: OfficerDoor, node: tuple[Path, Path]) -> Comity:
    return Comity(url(servers, "https") + "/", TOKEN, node[0])


def test_an_answer_comes_back_as_the_bureau_gave_it(bureau: Comity):
    answer = bureau.lookup_document(country="XBE", number="X4711", type="passport", **WHY)
    assert answer == ANSWER
    assert answer.sources[0].findings[0].level is ReplyLevel.FULL
    assert answer.sources[2].outcome is Outcome.NO_RECORD


def test_a_question_reaches_the_bureau_as_it_was_asked(bureau: Comity, door: OfficerDoor):
    bureau.lookup_person(name="Анна Петрова", birth="1980", sex=Sex.FEMALE, nationality="XB", **WHY)
    described = {"place": "Tepkudar", "height_cm": 178, "eyes": "brown", "hair": "black"}
    bureau.lookup_person(birth="1980", **described, **WHY)
    bureau.lookup_person(name="Zor*", wildcard=True, **WHY)
    bureau.lookup_person(name="Zora", sounds_like=True, **WHY)
    bureau.lookup_vehicle(plate="BG 1", plate_country="XB", **WHY)
    bureau.lookup_firearm(serial="KL 4711", make="Bergwerk", type="pistol", near=True, **WHY)
    bureau.lookup_vessel(registration="BG 1", flag="XB", **WHY)
    bureau.lookup_document(
        mrz="P<XBEERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36XBE7408122F1204159ZE184226B<<<<<10", **WHY
    )
    person, *persons, vehicle, firearm, vessel, document = (request.query for request in door.desks.lookups.requests)
    assert persons == [
        PersonQuery(birth="1980", **described),
        PersonQuery(name="Zor*", wildcard=True),
        PersonQuery(name="Zora", sounds_like=True),
    ]
    assert person == PersonQuery(name="Анна Петрова", birth="1980", sex=Sex.FEMALE, nationality="XB")
    assert (vehicle.plate, vehicle.plate_country) == ("BG 1", "XB")
    assert firearm == FirearmQuery(serial="KL 4711", make="Bergwerk", type=FirearmType.PISTOL, near=True)
    assert vessel == VesselQuery(registration="BG 1", flag="XB")
    assert document == DocumentQuery(country="XBE", number="L898902C3")


def test_a_request_built_before_is_the_same_request(bureau: Comity, door: OfficerDoor):
    request = LookupRequest(
        query=DocumentQuery(country="XBE", number="X4711"),
        purpose=Purpose.BORDER_CONTROL,
        case="BR-1",
        on_behalf_of="officer-17",
    )
    assert bureau.lookup(request) == ANSWER
    assert door.desks.lookups.requests == [request]


def test_what_an_agreement_may_ask_about_reaches_the_bureau(bureau: Comity, door: OfficerDoor):
    offence = StatedOffence(code="robbery", penalty_max_months=60, punishable_in=("XA",))
    word = GivenAssurance(against=Harm.DEATH_PENALTY, reference="MOJ-7", until=date(2031, 12, 31))
    stated = Stated(priority=Priority.URGENT, language="en", necessity="She may be there.", assurances=(word,))
    bureau.lookup_person(name="Anna Petrova", offence=offence, stated=stated, **WHY)
    bureau.lookup_document(country="XBE", number="X4711", offence=offence, stated=stated, **WHY)
    bureau.lookup_vehicle(vin="1M8GDM9AXKP042788", offence=offence, stated=stated, **WHY)
    bureau.lookup_firearm(serial="KL 4711", offence=offence, stated=stated, **WHY)
    bureau.lookup_vessel(name="Petrel", offence=offence, stated=stated, **WHY)
    assert {(one.offence, one.stated) for one in door.desks.lookups.requests} == {(offence, stated)}
    assert len(door.desks.lookups.requests) == 5


def test_a_system_asks_for_its_officers_each_by_name(bureau: Comity, door: OfficerDoor):
    assert bureau.acting_for("officer-17").me().on_behalf_of == "officer-17"
    bureau.acting_for("officer-18").lookup_vehicle(vin="1M8GDM9AXKP042788", **WHY)
    assert door.desks.lookups.requests[0].on_behalf_of == "officer-18"
    assert bureau.me() == ADA


def test_a_hit_is_asked_about_and_answered(bureau: Comity):
    assert bureau.hits() == [FOUND]
    assert bureau.hit(HIT) == FOUND
    asked = bureau.request_confirmation(HIT, Priority.URGENT, "She stands before us.")
    assert (asked.state, asked.priority) == (HitState.REQUESTED, Priority.URGENT)
    by = datetime(2031, 3, 7, 15, tzinfo=UTC)
    assert bureau.promise(HIT, by).due_at == by
    assert bureau.confirm(HIT, "It stands.").state is HitState.CONFIRMED
    assert bureau.deny(HIT).state is HitState.DENIED


def test_refusals_are_raised_as_what_they_are(bureau: Comity):
    asking = {
        Invalid: lambda: bureau.lookup_person(name="A", birth="2001-02-30", **WHY),
        NotPermitted: lambda: bureau.lookup_vehicle(vin="1M8GDM9AXKP042788", purpose="analysis", case="BR-1"),
        Missing: lambda: bureau.hit(UNKNOWN_HIT),
        Conflict: lambda: bureau.confirm(HIT),
        TooLarge: lambda: bureau.deny(HIT, "x" * limits.REQUEST_BYTES_MAX),
    }
    for kind, ask in asking.items():
        with pytest.raises(Refusal) as refused:
            ask()
        assert type(refused.value) is kind
        assert refused.value.what
        assert refused.value.do


def test_a_refusal_by_law_names_its_clauses(bureau: Comity):
    with pytest.raises(NotPermitted) as refused:
        bureau.lookup_vehicle(vin="1M8GDM9AXKP042788", purpose=Purpose.ANALYSIS, case="BR-1")
    assert refused.value.clauses == ("rulebook role-3",)


def test_a_wrong_token_is_refused(servers: Servers, node: tuple[Path, Path]):
    with pytest.raises(Unauthenticated):
        Comity(url(servers, "https"), "comity_other", node[0]).me()


def test_a_node_with_another_certificate_gets_no_token(servers: Servers, tmp_path: Path):
    other = certificate(tmp_path, "other")
    with pytest.raises(Unauthenticated, match="did not show the certificate"):
        Comity(url(servers, "https"), TOKEN, other[0]).me()
    with pytest.raises(Unauthenticated, match="did not show the certificate"):
        Comity(url(servers, "https"), TOKEN).me()


def test_a_node_that_is_not_there_is_said_to_be():
    with pytest.raises(Unavailable, match="cannot be reached"):
        Comity("http://127.0.0.1:1", TOKEN).me()


def test_a_node_that_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch):
    freed = threading.Event()

    def silent(_: Request) -> Response:
        freed.wait(10)
        return Response(status=200, headers={})

    monkeypatch.setattr(limits, "REQUEST_WITHIN_SECONDS_MAX", 0.1)
    monkeypatch.setattr(limits, "CONNECT_WITHIN_SECONDS", 0.1)
    with opened(app(silent)) as running:
        with pytest.raises(Unavailable, match="in time"):
            Comity(url(running), TOKEN).me()
        freed.set()


@pytest.mark.parametrize("body", [b"", b"<html>", b"{}", b'{"login": 5}', b"\xff"])
def test_an_answer_that_cannot_be_read_is_not_taken_for_none(body: bytes):
    def strange(_: Request) -> Response:
        return Response(status=200, headers={"content-type": "application/json"}, body=body)

    with opened(app(strange)) as running:
        bureau = Comity(url(running), TOKEN)
        for ask in (bureau.me, bureau.hits, lambda: bureau.lookup_vehicle(vin="1", **WHY)):
            with pytest.raises(Unavailable, match="cannot be read"):
                ask()


def test_an_unknown_level_is_not_taken_for_another():
    with pytest.raises(Unavailable):
        read_answer(b'{"sources": [{"says": "", "findings": [{"level": "all"}]}]}')


def test_an_answer_over_the_limit_is_not_taken_in(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "SHOWN_ANSWER_BYTES_MAX", 1_000)
    endless = app(lambda _: Response(status=200, headers={}, body=b"x" * 2_000))
    with opened(endless) as running, pytest.raises(TooLarge):
        Comity(url(running), TOKEN).me()


def test_a_token_is_not_sent_on_to_wherever_an_answer_points():
    seen: list[str] = []

    def elsewhere(request: Request) -> Response:
        seen.append(request.target)
        return Response(status=307, headers={"location": "/other"})

    with opened(app(elsewhere)) as running, pytest.raises(Unavailable):
        Comity(url(running), TOKEN).me()
    assert seen == ["/v1/me"]


@pytest.mark.parametrize(
    "address",
    [
        "http://comity.aldova.example",
        "ftp://127.0.0.1",
        "aldova",
        "https://",
        "https://a:b@c",
        "https://c?x=1",
        "https://[",
        "",
    ],
)
def test_an_address_that_would_send_the_token_astray_is_refused(address: str):
    with pytest.raises(Invalid):
        Line(address, TOKEN, None)


@pytest.mark.parametrize("hit", ["../me", "a/b", "", "ü", "a?b", "a b"])
def test_an_id_cannot_name_another_address(bureau: Comity, hit: str):
    with pytest.raises(Invalid):
        bureau.hit(hit)


def profile(folder: Path, text: str, mode: int = 0o600) -> Path:
    file = folder / "profile.toml"
    file.write_text(text, "utf-8")
    file.chmod(mode)
    return file


def test_a_profile_says_where_and_with_what(servers: Servers, node: tuple[Path, Path], tmp_path: Path):
    (tmp_path / "node.pem").write_bytes(node[0].read_bytes())
    text = f'url = "{url(servers, "https")}"\ntoken = "{TOKEN}"\ntrust = "node.pem"\n'
    assert Comity.from_profile(profile(tmp_path, text)).me() == ADA


@pytest.mark.parametrize(
    ("text", "mode", "says"),
    [
        ('url = "https://a"\ntoken = "t"\n', 0o644, "Others may read"),
        ('url = "https://a"\ntoken = "t"\ntrusted = "x"\n', 0o600, "trusted"),
        ('url = "https://a"\n', 0o600, "token"),
        ("url = \n", 0o600, "no profile"),
        ('url = "https://a"\ntoken = "t"\ntrust = "profile.toml"\n', 0o600, "no certificate"),
    ],
)
def test_a_profile_that_is_none_is_refused(text: str, mode: int, says: str, tmp_path: Path):
    with pytest.raises(Invalid, match=says):
        Comity.from_profile(profile(tmp_path, text, mode))


def test_what_a_profile_names_must_be_there(tmp_path: Path):
    with pytest.raises(Missing, match="no profile"):
        Comity.from_profile(tmp_path / "none.toml")
    with pytest.raises(Missing, match="no certificate"):
        Comity.from_profile(profile(tmp_path, 'url = "https://a"\ntoken = "t"\ntrust = "none.pem"\n'))


def test_the_token_stands_in_no_error_and_no_print(bureau: Comity):
    with pytest.raises(Missing) as refused:
        bureau.hit(UNKNOWN_HIT)
    assert TOKEN not in f"{refused.value}{bureau!r}{vars(bureau)!r}"
