"""Every refusal has a status, and comes back as what it was."""

import msgspec
import pytest

from comity.domain import errors
from comity.domain.errors import Refusal
from comity.domain.problem import BY_CODE, refusal_in
from comity.web import refusals
from comity.web.refusals import refusal_of, refused
from comity.wire.http import Request, Response

KINDS = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, Refusal)]


def everything(kind: type[Refusal]) -> set[type[Refusal]]:
    return {kind}.union(*map(everything, kind.__subclasses__()))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind is not Refusal])
def test_a_refusal_comes_back_as_it_was(kind: type[Refusal]):
    there = kind("It is not so.", do="Make it so.", where="field", clauses=("xa-xb-2030 art-7",))
    here = refusal_of(refused(there))
    assert type(here) is kind
    assert (here.what, here.do, here.where, here.clauses) == (there.what, there.do, there.where, there.clauses)


def test_every_refusal_of_the_domain_can_be_read_back():
    assert set(BY_CODE.values()) == set(KINDS) - {Refusal}


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (errors.Invalid, 400),
        (errors.Unauthenticated, 401),
        (errors.Replayed, 401),
        (errors.NotPermitted, 403),
        (errors.Missing, 404),
        (errors.Conflict, 409),
        (errors.Unproved, 422),
        (errors.TooLarge, 413),
        (errors.Unavailable, 503),
        (refusals.UnknownAddress, 404),
        (refusals.WrongContentType, 415),
        (refusals.HeadersTooLarge, 431),
        (refusals.TooSlow, 408),
    ],
)
def test_each_refusal_has_its_status(kind: type[Refusal], status: int):
    response = refused(kind("It is not so."))
    document = msgspec.json.decode(response.body)
    assert response.status == document["status"] == status
    assert document["type"] == f"urn:comity:refusal:{kind.code}"
    assert response.headers["content-type"] == "application/problem+json"


def test_a_class_of_refusal_without_an_own_entry_has_that_of_its_parent():
    class Stale(errors.Conflict):
        code = "stale"

    assert refused(Stale("It moved on.")).status == 409
    assert type(refusal_of(refused(Stale("It moved on.")))) is errors.Invalid


def test_who_is_unknown_learns_how_to_say_who_they_are():
    assert refused(errors.Unauthenticated("Who?")).headers["www-authenticate"].startswith("Bearer")
    assert refused(errors.Replayed("Again?")).headers["www-authenticate"].startswith("Bearer")


def test_who_comes_at_a_bad_moment_learns_when_to_come_back():
    assert int(refused(errors.Unavailable("Not now.")).headers["retry-after"]) > 0


def test_a_wrong_method_names_the_right_ones():
    request = Request(method="PUT", authority="", target="/", headers={})
    response = refused(refusals.WrongMethod(request, ("GET", "POST")))
    assert response.status == 405
    assert response.headers["allow"] == "GET, POST"


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"type": 5}', b"\xff", b'{"title": "x"}'])
def test_an_answer_that_is_no_problem_document_is_still_a_refusal(body: bytes):
    assert isinstance(refusal_in(body, 404), errors.Invalid)
    assert isinstance(refusal_in(body, 502), errors.Unavailable)


def test_a_fault_tells_its_incident_and_nothing_else():
    response = refusals.fault("incident-1")
    here = refusal_of(response)
    assert isinstance(here, errors.Unavailable)
    assert "incident-1" in here.do


def test_the_code_of_an_answer_is_read_for_counting():
    assert refusals.code_of(refused(errors.Conflict("No."))) == "conflict"
    assert refusals.code_of(refusals.fault("i")) == "fault"
    assert refusals.code_of(Response(status=200, headers={})) == ""
    assert refusals.code_of(Response(status=404, headers={"content-type": "text/plain"}, body=b"{}")) == ""
