"""What an owner told may be passed on as far as its word, its agreements, its marking and our own rules all allow."""

from typing import Any

import msgspec
import pytest

from comity.domain.caller import Role
from comity.domain.circumstances import Consent, Use
from comity.domain.held import Held
from comity.domain.instrument import Onward, Release
from comity.domain.lookup import Finding, Reason
from comity.domain.marking import Handling, Marking
from comity.domain.purpose import Purpose
from comity.domain.record import record_id
from comity.domain.reply import ReplyLevel
from comity.law.decision import Law
from comity.law.duties import erase_after_days
from comity.law.onward import Passable, Wish, passable
from tests.law.cast import ADA, TODAY, WANTED, agreement, permit

FOR = Purpose.CRIMINAL_INVESTIGATION
RECORD = record_id("nominals", "bergenia", "P-1")
ASKER = msgspec.structs.replace(ADA, roles=(Role.DUTY_OFFICER,))


def finding(**changes: Any) -> Finding:
    told = {
        "hit": "hit-1",
        "owner": "bergenia",
        "contact": "duty desk",
        "category": "persons",
        "level": ReplyLevel.FULL,
        "collection": "nominals",
        "record": RECORD,
        "reference": "P-1",
        "version": 1,
        "marking": Marking(),
        "subject": WANTED,
    }
    return Finding(**{**told, **changes})


def consent(**changes: Any) -> Consent:
    given = {"given_by": "XB", "record": RECORD, "use": Use.ONWARD, "purpose": FOR, "recipient": "XC"}
    return Consent(**{**given, "reference": "consent-1", "until": TODAY, **changes})


def wish(*consents: Consent, **changes: Any) -> Wish:
    who = {"asker": ASKER, "party": "XA", "owner": "XB", "owner_country": "XB"}
    to = {"recipient": "XC", "recipient_node": "corvia", "purpose": FOR, "consents": consents}
    return Wish(**{**who, **to, **changes})


def law(onward: Onward | None = None, **changes: Any) -> Law:
    return Law([(agreement(permit(onward=onward, **changes)), "digest")])


def told(found: Finding, wanted: Wish, by: Law | None = None) -> Passable | Reason:
    return passable(Held(found), wanted, by or law(), TODAY)


def test_with_the_owners_consent_it_goes_and_the_decision_is_there_to_be_made_again():
    found = told(finding(obligations=("police-use-only",)), wish(consent()))
    assert isinstance(found, Passable)
    assert found.finding.subject == WANTED
    assert found.consent == consent()
    assert "police-use-only" in found.finding.obligations
    assert [one.own_rules for one in found.taken] == [None, ReplyLevel.FULL]


@pytest.mark.parametrize(
    "changes",
    [{"given_by": "XC"}, {"record": "another"}, {"use": Use.EVIDENCE}, {"purpose": "warn"}, {"recipient": "XD"}],
    ids=str,
)
def test_a_consent_on_any_other_terms_is_none(changes: dict[str, Any]):
    assert isinstance(told(finding(), wish(consent(**changes))), Reason)


def test_where_the_agreement_allows_it_no_consent_is_needed():
    allowed = law(Onward(rule=Release.ALLOWED, parties=("XC",)))
    assert isinstance(told(finding(), wish(), allowed), Passable)
    assert isinstance(told(finding(), wish(recipient="XD"), allowed), Reason)


@pytest.mark.parametrize(
    ("changes", "clause_named"),
    [
        ({"obligations": ("no-onward",)}, "no-onward"),
        ({"obligations": ("onward-only-to XD, XE",)}, "onward-only-to"),
        ({"marking": Marking(closed_to=("XCV",))}, "marking"),
        ({"marking": Marking(only_for=("XA",))}, "marking"),
        ({"level": ReplyLevel.HIT, "subject": None}, "reply level"),
        ({"record": ""}, "reply level"),
    ],
    ids=str,
)
def test_what_came_with_it_holds_against_any_agreement_and_consent(changes: dict[str, Any], clause_named: str):
    allowed = law(Onward(rule=Release.ALLOWED, parties=("XC",)))
    found = told(finding(**changes), wish(consent()), allowed)
    assert isinstance(found, Reason)
    assert found.clause == clause_named


@pytest.mark.parametrize(
    "changes", [{"obligations": ("no-onward-without-permission",)}, {"marking": Marking(handling=(Handling.H2,))}]
)
def test_what_was_told_on_condition_of_consent_needs_one_whatever_the_agreement_allows_now(changes: dict[str, Any]):
    allowed = law(Onward(rule=Release.ALLOWED, parties=("XC",)))
    assert isinstance(told(finding(**changes), wish(), allowed), Reason)
    assert isinstance(told(finding(**changes), wish(consent()), allowed), Passable)


def test_our_own_rules_count_too():
    found = told(finding(), wish(consent(), asker=msgspec.structs.replace(ASKER, roles=(Role.AUDITOR,))))
    assert isinstance(found, Reason)
    assert found.clause == "organisation role-8"


def test_the_owner_is_told_where_its_duties_say_so():
    for obligations, expected in (((), False), (("tell-owner-of-passing-on",), True)):
        found = told(finding(), wish(consent()), law(obligations=obligations))
        assert isinstance(found, Passable)
        assert found.tell_owner is expected


def test_the_shortest_time_counts():
    assert erase_after_days(("erase-after-days 30", "police-use-only", "erase-after-days 7")) == 7
    assert erase_after_days(("police-use-only",)) is None
