"""The description that programs read is one, and says what the door does."""

import msgspec
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from comity.web.officer import openapi
from comity.web.officer.door import EVERY, ROUTES, OfficerDoor
from comity.wire.http import Request
from tests.web.officer.desk import desks


@pytest.fixture(scope="module")
def description() -> dict:
    response = OfficerDoor(desks())(Request(method="GET", authority="", target="/openapi.json", headers={}))
    assert response.status == 200
    return msgspec.json.decode(response.body)


def test_it_is_openapi_3_1(description: dict):
    validate(description, cls=OpenAPIV31SpecValidator)
    assert description["openapi"].startswith("3.1")


def test_every_route_is_in_it_and_nothing_else(description: dict):
    described = {(method.upper(), path) for path, item in description["paths"].items() for method in item}
    assert described == {(route.method, route.template) for route in EVERY}


def test_everything_needs_a_token_but_the_description_itself(description: dict):
    assert description["security"] == [{"token": []}]
    open_ones = [path for path, item in description["paths"].items() for one in item.values() if "security" in one]
    assert open_ones == ["/openapi.json"]


def test_every_answer_and_refusal_is_described(description: dict):
    for route in ROUTES:
        responses = description["paths"][route.template][route.method.lower()]["responses"]
        assert {"200", "400", "401", "500", "503"} <= responses.keys()
        assert ("413" in responses) == ("415" in responses) == (route.body is not None)
        assert ("404" in responses) == ("{id}" in route.template)
        for status, response in responses.items():
            (kind,) = response["content"]
            assert kind == ("application/json" if status == "200" else "application/problem+json")


@pytest.mark.parametrize("route", [route for route in ROUTES if route.body], ids=lambda route: route.template)
def test_every_example_is_taken(route):
    body = msgspec.convert(route.example, route.body)
    if callable(getattr(body, "query", None)):
        body.query()


def test_codes_are_listed(description: dict):
    schemas = description["components"]["schemas"]
    assert "border-control" in schemas["Purpose"]["enum"]
    assert schemas["PersonLookup"]["additionalProperties"] is False
    assert set(schemas["PersonLookup"]["required"]) == {"purpose", "case"}


def test_it_is_made_anew_from_the_table():
    assert set(openapi.description(ROUTES[:1])["paths"]) == {"/openapi.json", ROUTES[0].template}
