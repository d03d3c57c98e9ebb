"""What the law says of a message: to whom it may go, what of others' it may pass on, by when it is answered."""

from datetime import timedelta
from functools import cache

import pytest
from msgspec.structs import replace

from comity.domain.bureau import Manifest, Member, NodeRole
from comity.domain.caller import Role
from comity.domain.collection import Category
from comity.domain.instrument import AnswerWithin, Onward, Release
from comity.domain.mail import ANSWER_WITHIN, Message, Urgency
from comity.domain.marking import Confidentiality, Handling, Marking
from comity.domain.purpose import Purpose
from comity.law.decision import Law
from comity.law.instruments import read_instrument
from comity.law.mail import answer_within, may_read, may_write, passing_on, telling
from comity.law.shipped import model_agreements
from tests.law.cast import NOW, TODAY


def member(node: str, country: str) -> Member:
    manifest = Manifest(
        **dict.fromkeys(("root_ed25519", "root_mldsa87", "node_ed25519", "node_mldsa65", "tls_certificate"), ""),
        node=node,
        name=node.title(),
        role=NodeRole.BUREAU,
        country=country,
        version=1,
        issued_at="",
        address="",
        contact="",
    )
    return Member(manifest=manifest, signed_manifest="", fingerprint="")


ALDOVA, BERGENIA, CORVIA = member("aldova", "XA"), member("bergenia", "XB"), member("corvia", "XC")
MESSAGE = Message(
    id="m-1",
    thread="m-1",
    sender="aldova",
    recipients=("bergenia",),
    case="AL-7",
    subject="A man",
    category=Category.PERSONS,
    purpose=Purpose.CRIMINAL_INVESTIGATION,
    basis="section 94",
    urgency=Urgency.URGENT,
    asks=True,
    marking=Marking(),
    language="en",
    text="Who is he?",
    written_at=NOW,
)
CAR = replace(MESSAGE, category=Category.VEHICLES)


@cache
def law() -> Law:
    return Law([(read_instrument(path.read_bytes(), path.name), path.name) for path in model_agreements()])


def changed(**clause: object) -> Law:
    """The model agreements, where every clause on vehicles says this too."""
    found = []
    for path in model_agreements():
        text = read_instrument(path.read_bytes(), path.name)
        clauses = tuple(replace(one, **clause) if one.categories == ("vehicles",) else one for one in text.clauses)
        found.append((replace(text, clauses=clauses), path.name))
    return Law(found)


def test_free_text_needs_the_whole_a_form_alone_the_core():
    assert telling(MESSAGE, ALDOVA, BERGENIA, law(), TODAY).reason is None
    refused = telling(MESSAGE, ALDOVA, CORVIA, law(), TODAY)
    assert refused.clauses == ("convention-on-police-information art-8",)
    assert "core at the most" in refused.reason.text
    assert telling(replace(MESSAGE, text=""), ALDOVA, CORVIA, law(), TODAY).reason is None
    assert telling(replace(MESSAGE, text=""), BERGENIA, CORVIA, law(), TODAY).reason is not None  # that there is a hit


def test_our_own_rules_come_before_what_others_may_be_told():
    assert may_write(MESSAGE, {Role.OFFICER}, law()).reason is None
    assert may_write(MESSAGE, {Role.ADMINISTRATOR}, law()).reason is not None


@pytest.mark.parametrize(
    ("how", "clause"),
    [
        ({"purpose": Purpose.SECURITY_CHECK}, "aldova-bergenia-bilateral art-3"),
        ({"marking": Marking(closed_to=("XB",))}, "marking"),
        ({"marking": Marking(only_for=("XC",))}, "marking"),
    ],
    ids=["purpose", "closed", "for others"],
)
def test_what_is_refused_names_its_clause(how: dict[str, object], clause: str):
    found = telling(replace(MESSAGE, **how), ALDOVA, BERGENIA, law(), TODAY)
    assert found.reason.clause == clause
    assert found.clauses == (clause,)


def test_passing_on_needs_what_the_agreement_with_its_owner_says():
    refused = passing_on(CAR, ALDOVA, BERGENIA, CORVIA, law(), TODAY)
    assert refused.reason.clause == "convention-on-police-information art-5"
    allowed = changed(onward=Onward(rule=Release.ALLOWED, parties=("XC",)))
    assert passing_on(CAR, ALDOVA, BERGENIA, CORVIA, allowed, TODAY).reason is None
    held_back = replace(CAR, marking=Marking(handling=(Handling.H2,)))
    assert passing_on(held_back, ALDOVA, BERGENIA, CORVIA, allowed, TODAY).reason.clause == "marking H2"
    assert passing_on(CAR, ALDOVA, None, CORVIA, allowed, TODAY).reason is not None


@pytest.mark.parametrize("urgency", Urgency)
def test_the_time_for_an_answer_is_the_agreements_or_that_of_the_urgency(urgency: Urgency):
    asked = replace(CAR, urgency=urgency)
    assert answer_within(asked, ALDOVA, BERGENIA, law(), TODAY) == ANSWER_WITHIN[urgency]
    agreed = changed(answer_within=AnswerWithin(urgent_minutes=30, routine_minutes=600))
    minutes = 600 if urgency is Urgency.ROUTINE else 30
    assert answer_within(asked, ALDOVA, BERGENIA, agreed, TODAY) == timedelta(minutes=minutes)


def test_what_is_confidential_is_read_by_those_whom_the_duty_desk_answers_for():
    secret = Marking(confidentiality=Confidentiality.CONFIDENTIAL)
    assert may_read(secret, "aldova", "XA", {Role.DUTY_OFFICER}, law())
    assert not may_read(secret, "aldova", "XA", {Role.OFFICER}, law())
    assert may_read(Marking(), "aldova", "XA", {Role.OFFICER}, law())
