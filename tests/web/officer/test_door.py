"""What an officer's tool can ask, and how it is told what is wrong."""

from typing import Any

import msgspec
import pytest

from comity.domain import limits
from comity.domain.caller import Role
from comity.domain.document import DocumentType
from comity.domain.firearm import FirearmType
from comity.domain.hit import HitState
from comity.domain.lookup import (
    DocumentQuery,
    Finding,
    FirearmQuery,
    Outcome,
    PersonQuery,
    Reason,
    SourceAnswer,
    VehicleQuery,
    VesselQuery,
)
from comity.domain.purpose import Purpose
from comity.law.standing import HELD_CLAUSE
from comity.web.officer.door import OfficerDoor
from comity.web.officer.shown import ShownFinding, ShownSource, says
from comity.wire.http import Request, Response
from tests.web.officer.desk import ADA, HIT, TOKEN, UNKNOWN_HIT, desks
from tests.web.opened import app, opened, send

JSON = {"content-type": "application/json"}
BEARER = {"authorization": f"Bearer {TOKEN}"}
WHY = {"purpose": "border-control", "case": "BR-1"}
PASSPORT = {"country": "XBE", "type": "passport", "number": "X4711", **WHY}
PERSON, DOCUMENT, VEHICLE, FIREARM, VESSEL = (
    f"/v1/lookups/{kind}" for kind in ("person", "document", "vehicle", "firearm", "vessel")
)
# The specimen of Doc 9303-4, as Bergenia would issue it.
MRZ = "P<XBEERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36XBE7408122F1204159ZE184226B<<<<<10"


def ask(
    door: OfficerDoor, method: str, target: str, body: Any = None, headers: dict[str, str] | None = None
) -> Response:
    raw = body if isinstance(body, bytes) else b"" if body is None else msgspec.json.encode(body)
    chosen = {**BEARER, **(JSON if body is not None else {}), **(headers or {})}
    return door(Request(method=method, authority="aldova", target=target, headers=chosen, body=raw))


def told(response: Response) -> dict[str, Any]:
    return msgspec.json.decode(response.body)


@pytest.fixture
def door() -> OfficerDoor:
    return OfficerDoor(desks())


@pytest.mark.parametrize(
    ("target", "fields", "query"),
    [
        (
            PERSON,
            {"name": "Анна Петрова", "birth": "1980", "sex": "F", "nationality": "XB"},
            PersonQuery(name="Анна Петрова", birth="1980", sex="F", nationality="XB"),
        ),
        (
            PERSON,
            {"document_number": "77", "document_country": "XB"},
            PersonQuery(document_number="77", document_country="XB"),
        ),
        (
            PERSON,
            {"birth": "1980", "place": "Tepkudar", "height_cm": 178, "eyes": "brown", "hair": "black"},
            PersonQuery(birth="1980", place="Tepkudar", height_cm=178, eyes="brown", hair="black"),
        ),
        (PERSON, {"name": "Zor*", "wildcard": True}, PersonQuery(name="Zor*", wildcard=True)),
        (PERSON, {"name": "Zora", "sounds_like": True}, PersonQuery(name="Zora", sounds_like=True)),
        (DOCUMENT, {"country": "XBE", "number": "X4711"}, DocumentQuery(country="XBE", number="X4711")),
        (
            DOCUMENT,
            {"country": "XBE", "type": "passport", "number": "X4711"},
            DocumentQuery(country="XBE", number="X4711", type=DocumentType.PASSPORT),
        ),
        (DOCUMENT, {"mrz": MRZ}, DocumentQuery(country="XBE", number="L898902C3")),
        (VEHICLE, {"vin": "1M8GDM9AXKP042788"}, VehicleQuery(vin="1M8GDM9AXKP042788")),
        (VEHICLE, {"plate": "BG 1", "plate_country": "XB"}, VehicleQuery(plate="BG 1", plate_country="XB")),
        (DOCUMENT, {"mrz": MRZ, "near": True}, DocumentQuery(country="XBE", number="L898902C3", near=True)),
        (
            VEHICLE,
            {"engine_number": "M27", "make": "Berg", "colour": "red", "near": True},
            VehicleQuery(engine_number="M27", make="Berg", colour="red", near=True),
        ),
        (
            FIREARM,
            {"serial": "KL 4711", "make": "Bergwerk", "type": "pistol", "calibre": "9x19", "near": True},
            FirearmQuery(serial="KL 4711", make="Bergwerk", type=FirearmType.PISTOL, calibre="9x19", near=True),
        ),
        (VESSEL, {"registration": "B 1", "flag": "XB"}, VesselQuery(registration="B 1", flag="XB")),
        (VESSEL, {"name": "Petrel", "make": "Corvo"}, VesselQuery(name="Petrel", make="Corvo")),
    ],
)
def test_a_lookup_reaches_the_desk_as_it_was_stated(door: OfficerDoor, target: str, fields: dict, query: Any):
    response = ask(door, "POST", target, {**fields, **WHY})
    assert response.status == 200, response.body
    (request,) = door.desks.lookups.requests
    assert request.query == query
    assert (request.purpose, request.case, request.on_behalf_of) == (Purpose.BORDER_CONTROL, "BR-1", "")


def test_every_source_says_in_words_how_it_stands_and_none_says_clear(door: OfficerDoor):
    answer = told(ask(door, "POST", DOCUMENT, PASSPORT))
    says = {source["source"]: source["says"] for source in answer["sources"]}
    assert says == {
        "hub": "The hub: 1 record found. A hit is a lead: have its owner confirm it before you act.",
        "bergenia": "Bergenia: 1 record found. For its content ask +999 555 0100. "
        "A hit is a lead: have its owner confirm it before you act.",
        "aldova": "Aldova: no record. This does not mean the person or thing is clear.",
        "dunmark": "Dunmark: no answer. Nothing is known from there; ask again or call its duty desk.",
        "corvia": "Corvia: refused. xa-xc-2030 art-4: Corvia answers no border checks. Needed: A warrant.",
    }


def test_a_question_that_is_held_is_not_said_to_be_refused():
    reason = Reason(clause=HELD_CLAUSE, text="Held for review: Corvia is supervised.")
    answer = SourceAnswer(source="aldova", question="q", outcome=Outcome.REFUSED, reason=reason)
    assert says(answer, "Aldova") == "Aldova: not answered yet. Held for review: Corvia is supervised."


def test_what_speaks_against_the_number_or_the_asking_is_said_with_the_outcome():
    reason = Reason(clause="", text="As stated it cannot be right: imo (check-digit).", needed="Read it again.")
    answer = SourceAnswer(source="aldova", question="q", outcome=Outcome.NO_RECORD, reason=reason)
    assert says(answer, "Aldova") == (
        "Aldova: no record. This does not mean the person or thing is clear. "
        "As stated it cannot be right: imo (check-digit). Read it again."
    )


def test_an_answer_has_levels_as_words_and_everything_else_as_it_is(door: OfficerDoor):
    hub, bergenia, *_ = told(ask(door, "POST", DOCUMENT, PASSPORT))["sources"]
    assert (hub["findings"][0]["level"], bergenia["findings"][0]["level"]) == ("full", "hit")
    assert hub["findings"][0]["subject"]["number"] == "X4711"
    assert bergenia["findings"][0]["subject"] is None


def test_what_is_shown_has_every_field_of_what_was_answered():
    assert set(ShownFinding.__struct_fields__) == set(Finding.__struct_fields__)
    assert set(ShownSource.__struct_fields__) == {*SourceAnswer.__struct_fields__, "says"} - {"promise"}


def test_a_lookup_is_counted_by_kind_and_outcome(door: OfficerDoor):
    ask(door, "POST", DOCUMENT, PASSPORT)
    text = door.desks.counter.text()
    assert b'comity_source_outcomes_total{kind="document",outcome="refused",source="corvia"} 1.0' in text
    assert b"X4711" not in text


REFUSED = [
    # what, target, body, status, where, a word of what to do
    ("unknown field", PERSON, {"name": "A", "colour": "red", **WHY}, 400, "colour", "document_country"),
    ("impossible date", PERSON, {"name": "A", "birth": "2001-02-30", **WHY}, 400, "birth", "Correct the month"),
    ("no date", PERSON, {"name": "A", "birth": "May", **WHY}, 400, "birth", "YYYY-MM-DD"),
    ("wrong country", PERSON, {"name": "A", "nationality": "QQ", **WHY}, 400, "nationality", "ISO 3166-1"),
    ("document of nowhere", PERSON, {"name": "A", "document_country": "QQ", **WHY}, 400, "document_country", "ISO"),
    ("wrong sex", PERSON, {"name": "A", "sex": "W", **WHY}, 400, "sex", "Use F, M, U."),
    ("nobody named", PERSON, WHY, 400, "body", "a name or"),
    ("too wide a question", PERSON, {"nationality": "XB", "sex": "F", **WHY}, 400, "body", "too wide"),
    ("no wildcard", PERSON, {"name": "Zora", "wildcard": True, **WHY}, 400, "body", "needs a *"),
    ("a giant", PERSON, {"name": "Zora", "height_cm": 300, **WHY}, 400, "height_cm", "Correct"),
    ("name too long", PERSON, {"name": "A" * 201, **WHY}, 400, "name", "Correct"),
    ("a number for a name", PERSON, {"name": 5, **WHY}, 400, "name", "Correct"),
    ("wrong issuer", DOCUMENT, {**PASSPORT, "country": "XYZ"}, 400, "country", "Doc 9303"),
    ("wrong type", DOCUMENT, {**PASSPORT, "type": "pass"}, 400, "type", "diplomatic-passport"),
    ("no number", DOCUMENT, {**PASSPORT, "number": " "}, 400, "number", "mrz"),
    ("no country", DOCUMENT, {"number": "1", **WHY}, 400, "country", "mrz"),
    ("zone and parts", DOCUMENT, {**PASSPORT, "mrz": MRZ}, 400, "mrz", "one of them"),
    ("misread zone", DOCUMENT, {"mrz": MRZ.replace("L898902C36", "L898902C37"), **WHY}, 400, "mrz", "as printed"),
    ("no zone", DOCUMENT, {"mrz": "P<XBE", **WHY}, 400, "mrz", "as printed"),
    ("plate without country", VEHICLE, {"plate": "BG 1", **WHY}, 400, "body", "plate_country"),
    ("nearly near", DOCUMENT, {**PASSPORT, "near": "yes"}, 400, "near", "Correct"),
    ("near persons", PERSON, {"name": "A", "near": True, **WHY}, 400, "near", "document_country"),
    ("no serial number", FIREARM, {"make": "Bergwerk", **WHY}, 400, "serial", "Correct"),
    ("blank serial number", FIREARM, {"serial": " ", **WHY}, 400, "body", "as marked"),
    ("wrong kind of arm", FIREARM, {"serial": "1", "type": "gun", **WHY}, 400, "type", "shotgun"),
    ("no vessel", VESSEL, {"flag": "XB", **WHY}, 400, "body", "its name"),
    ("registration of nowhere", VESSEL, {"registration": "B 1", **WHY}, 400, "body", "flag"),
    ("wrong flag", VESSEL, {"name": "Petrel", "flag": "QQ", **WHY}, 400, "flag", "ISO 3166-1"),
    ("unknown purpose", DOCUMENT, {**PASSPORT, "purpose": "curiosity"}, 400, "purpose", "wanted-persons"),
    ("no purpose", DOCUMENT, {"country": "XBE", "number": "1", "case": "c"}, 400, "purpose", "wanted-persons"),
    ("no case", DOCUMENT, {"country": "XBE", "number": "1", "purpose": "warn"}, 400, "case", "Correct"),
    ("blank case", DOCUMENT, {**PASSPORT, "case": "  "}, 400, "case", "reference"),
    ("malformed JSON", DOCUMENT, b'{"country":', 400, "body", "JSON"),
    ("not UTF-8", DOCUMENT, b'{"country": "\xff"}', 400, "body", "JSON"),
    ("a list", DOCUMENT, b"[]", 400, "body", "Correct"),
    ("nothing", DOCUMENT, b"", 400, "body", "JSON"),
    ("not permitted", DOCUMENT, {**PASSPORT, "purpose": "analysis"}, 403, "", "Ask an analyst."),
    ("query", f"{DOCUMENT}?number=1", PASSPORT, 400, "query", "Leave out"),
    ("unknown path", "/v1/lookups/artwork", PASSPORT, 404, "", "/openapi.json"),
    ("unknown hit", f"/v1/hits/{UNKNOWN_HIT}/deny", {}, 404, "", ""),
    ("confirmed unasked", f"/v1/hits/{HIT}/confirm", {}, 409, "", "Look at the hit"),
    ("wrong priority", f"/v1/hits/{HIT}/request", {"priority": "soon"}, 400, "priority", "urgent, routine"),
    ("time without zone", f"/v1/hits/{HIT}/promise", {"by": "2031-03-07T14:00:00"}, 400, "by", "Correct"),
    ("note too long", f"/v1/hits/{HIT}/deny", {"note": "x" * (limits.TEXT_CHARS_MAX + 1)}, 400, "note", "Correct"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("target", "body", "status", "where", "do"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_what_is_wrong_is_named(door: OfficerDoor, target: str, body: Any, status: int, where: str, do: str):
    response = ask(door, "POST", target, body)
    problem = told(response)
    assert (response.status, problem.get("where", "")) == (status, where), problem
    assert do in problem.get("do", ""), problem
    assert problem["detail"]
    assert response.headers["content-type"] == "application/problem+json"
    assert not door.desks.lookups.requests


def test_a_refusal_by_law_names_its_clauses(door: OfficerDoor):
    assert told(ask(door, "POST", DOCUMENT, {**PASSPORT, "purpose": "analysis"}))["clauses"] == ["rulebook role-3"]


@pytest.mark.parametrize("value", ["", "Basic YTpi", "Bearer", f"Bearer {TOKEN} x", "Bearer wrong", f"Token {TOKEN}"])
def test_without_a_valid_token_nothing_is_done(door: OfficerDoor, value: str):
    for method, target, body in (("POST", DOCUMENT, PASSPORT), ("GET", "/v1/hits", None), ("GET", "/v1/me", None)):
        response = ask(door, method, target, body, {"authorization": value})
        assert response.status == 401
        assert "www-authenticate" in response.headers
    assert not door.desks.lookups.requests


def test_the_word_bearer_is_read_in_any_case(door: OfficerDoor):
    assert ask(door, "GET", "/v1/me", headers={"authorization": f"bearer {TOKEN}"}).status == 200


@pytest.mark.parametrize(
    ("method", "target", "allowed"),
    [
        ("GET", DOCUMENT, "POST"),
        ("PUT", "/v1/hits", "GET"),
        ("DELETE", f"/v1/hits/{HIT}", "GET"),
        ("POST", "/v1/me", "GET"),
    ],
)
def test_a_wrong_method_names_the_right_one(door: OfficerDoor, method: str, target: str, allowed: str):
    response = ask(door, method, target, None)
    assert (response.status, response.headers["allow"]) == (405, allowed)


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "text/plain"},
        {"content-type": ""},
        {"content-type": "application/json; charset=utf-16"},
        {"content-encoding": "gzip"},
    ],
)
def test_a_body_in_another_form_is_refused(door: OfficerDoor, headers: dict[str, str]):
    assert ask(door, "POST", DOCUMENT, PASSPORT, headers).status == 415


def test_json_may_say_that_it_is_utf_8(door: OfficerDoor):
    assert ask(door, "POST", DOCUMENT, PASSPORT, {"content-type": "application/json; charset=utf-8"}).status == 200


@pytest.mark.parametrize("target", ["/v1/me", "/v1/hits", "/openapi.json"])
def test_a_body_where_none_is_taken_is_refused_and_not_dropped(door: OfficerDoor, target: str):
    assert ask(door, "GET", target, {"roles": ["administrator"]}).status == 400


@pytest.mark.parametrize("target", ["/v1/hits/", "/v1/hits/..%2Fme", f"/v1/hits/{'a' * 65}", "//v1/hits", "/V1/hits"])
def test_an_address_is_exactly_one_of_the_table(door: OfficerDoor, target: str):
    assert ask(door, "GET", target).status == 404


def test_a_hit_goes_from_request_to_confirmation(door: OfficerDoor):
    assert told(ask(door, "GET", "/v1/hits"))["hits"][0]["state"] == HitState.OPEN
    steps = [
        ("request", {"priority": "urgent", "note": "She stands before us."}, HitState.REQUESTED),
        ("promise", {"by": "2031-03-07T15:30:00+01:00"}, HitState.PROMISED),
        ("confirm", {"note": "It stands."}, HitState.CONFIRMED),
        ("deny", {}, HitState.DENIED),
    ]
    for step, body, state in steps:
        assert told(ask(door, "POST", f"/v1/hits/{HIT}/{step}", body))["state"] == state
    hit = told(ask(door, "GET", f"/v1/hits/{HIT}"))
    assert (hit["state"], hit["due_at"]) == (HitState.DENIED, "2031-03-07T14:30:00Z")
    assert door.desks.hits.notes == ["She stands before us.", "", "It stands.", ""]


def test_a_system_names_its_officer_in_the_body_or_in_a_field(door: OfficerDoor):
    by_field = {"comity-on-behalf-of": "officer-17"}
    assert told(ask(door, "GET", "/v1/me", headers=by_field))["on_behalf_of"] == "officer-17"
    ask(door, "POST", DOCUMENT, {**PASSPORT, "on_behalf_of": "officer-17"}, by_field)
    ask(door, "POST", DOCUMENT, {**PASSPORT, "on_behalf_of": "officer-17"})
    ask(door, "POST", DOCUMENT, PASSPORT, by_field)
    assert [request.on_behalf_of for request in door.desks.lookups.requests] == ["officer-17"] * 3
    both = ask(door, "POST", DOCUMENT, {**PASSPORT, "on_behalf_of": "officer-18"}, by_field)
    assert (both.status, told(both)["where"]) == (400, "on_behalf_of")
    assert ask(door, "GET", "/v1/me", headers={"comity-on-behalf-of": "x" * 65}).status == 400


def test_me_is_the_account_behind_the_token(door: OfficerDoor):
    me = told(ask(door, "GET", "/v1/me"))
    assert (me["login"], me["bureau"], me["unit"], me["roles"]) == (ADA.login, "aldova", "border-3", [Role.OFFICER])


def test_logs_show_templates(door: OfficerDoor):
    def route_of(target: str) -> str:
        return door.route_of(Request(method="GET", authority="", target=target, headers={}))

    assert route_of(f"/v1/hits/{HIT}?x=1") == "/v1/hits/{id}"
    assert route_of(f"/v1/hits/{HIT}/deny") == "/v1/hits/{id}/deny"
    assert route_of("/v1/petrova") == "-"


OVER_HTTP = [
    # what, method, path, headers, body, status
    ("10 MB", "POST", DOCUMENT, {**BEARER, **JSON}, b"x" * 10 * 1024 * 1024, 413),
    ("unknown field", "POST", DOCUMENT, {**BEARER, **JSON}, {**PASSPORT, "colour": "red"}, 400),
    ("impossible date", "POST", PERSON, {**BEARER, **JSON}, {"name": "A", "birth": "2001-02-30", **WHY}, 400),
    ("wrong country", "POST", DOCUMENT, {**BEARER, **JSON}, {**PASSPORT, "country": "XYZ"}, 400),
    ("unknown purpose", "POST", DOCUMENT, {**BEARER, **JSON}, {**PASSPORT, "purpose": "curiosity"}, 400),
    ("malformed JSON", "POST", DOCUMENT, {**BEARER, **JSON}, b"{", 400),
    ("no token", "POST", DOCUMENT, JSON, PASSPORT, 401),
    ("not permitted", "POST", DOCUMENT, {**BEARER, **JSON}, {**PASSPORT, "purpose": "analysis"}, 403),
    ("unknown path", "GET", "/v2/hits", BEARER, b"", 404),
    ("unknown hit", "GET", f"/v1/hits/{UNKNOWN_HIT}", BEARER, b"", 404),
    ("wrong method", "PATCH", "/v1/hits", BEARER, b"", 405),
    ("conflict", "POST", f"/v1/hits/{HIT}/confirm", {**BEARER, **JSON}, {}, 409),
    ("wrong content type", "POST", DOCUMENT, {**BEARER, "content-type": "text/xml"}, PASSPORT, 415),
]  # fmt: skip


def test_every_refusal_over_http(door: OfficerDoor):
    served = app(door, route_of=door.route_of, body_bytes_max=limits.REQUEST_BYTES_MAX)
    with opened(served) as servers:
        for what, method, path, headers, body, status in OVER_HTTP:
            raw = body if isinstance(body, bytes) else msgspec.json.encode(body)
            answer = send(servers, method, path, headers=headers, body=raw)
            assert answer.status == status, what
            assert answer.headers["content-type"] == "application/problem+json", what
            problem = msgspec.json.decode(answer.data)
            assert problem["status"] == status, what
            assert problem["detail"], what
            assert problem["do"], what
        assert (
            send(servers, "POST", DOCUMENT, headers={**BEARER, **JSON}, body=msgspec.json.encode(PASSPORT)).status
            == 200
        )
