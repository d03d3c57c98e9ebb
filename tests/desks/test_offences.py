"""A lookup states the offence where it is known; an agreement that needs one refuses without it, and says so."""

from typing import Any

import msgspec
import pytest

from comity.desks.lookup_notes import decisions
from comity.domain.circumstances import StatedOffence
from comity.domain.errors import Invalid
from comity.domain.journal import Act
from comity.domain.lookup import LookupRequest, Outcome, Question, SourceAnswer
from comity.domain.person import Offence
from comity.domain.purpose import Purpose
from comity.testing.federation import ALDOVA, BERGENIA, Federation
from tests.desks.test_lookups import answered, question
from tests.federation.conftest import WANTED, row, wanted_person

TREATY = b"""
id = "security-checks"
title = "Exchange of Letters on Security Checks"
source = "Fictitious"
parties = ["XA", "XB"]
in_force_from = 2024-01-01

[[clauses]]
id = "par-2"
title = "Grave offences"
effect = "permit"
text = "In a security check the parties tell each other the core of a person, where a grave robbery is investigated."
categories = ["persons"]
purposes = ["security-check"]
reply = "core"
offences = { codes = ["robbery"], penalty_min_months = 24 }
"""
ROBBERY = StatedOffence(code="robbery", penalty_max_months=60)


@pytest.fixture
def signed(federation: Federation) -> Federation:
    federation.publish(("treaty.toml", TREATY))
    return federation


def bergenia(federation: Federation, offence: StatedOffence | None) -> SourceAnswer:
    request = LookupRequest(query=WANTED, purpose=Purpose.SECURITY_CHECK, case="T-1", offence=offence)
    answer = federation[ALDOVA].lookups.ask(request, federation.cast["ada"])
    return federation.answer_of(BERGENIA, answer)


def test_without_the_offence_it_is_refused_and_said_what_is_needed(signed: Federation):
    told = bergenia(signed, None)
    assert told.outcome is Outcome.REFUSED
    assert told.reason is not None
    assert told.reason.clause == "security-checks par-2"
    assert "you named no offence" in told.reason.text
    assert "An offence of robbery" in told.reason.needed
    small = bergenia(signed, StatedOffence(code="robbery", penalty_max_months=12))
    assert small.reason is not None
    assert "named a penalty of up to 1 year" in small.reason.text


def test_with_the_offence_it_is_answered_and_the_journal_holds_it(signed: Federation):
    asked = msgspec.structs.replace(question(signed, 81, query=WANTED), purpose=Purpose.SECURITY_CHECK, offence=ROBBERY)
    assert answered(signed, BERGENIA, asked).outcome is Outcome.HIT
    entry = [one for one in signed.journal(BERGENIA) if one.act is Act.LOOKUP_ANSWERED][-1]
    assert decisions(entry)[0].request.circumstances.offence == ROBBERY


def test_a_node_that_does_not_know_offences_is_asked_without_and_that_is_said(
    signed: Federation, monkeypatch: pytest.MonkeyPatch
):
    answer = signed[BERGENIA].answering.answer

    def of_an_earlier_release(asked: Question, *more: Any) -> SourceAnswer:
        if asked.offence is not None:
            raise Invalid("Object contains unknown field `offence`", do="Leave it out.")
        return answer(asked, *more)

    monkeypatch.setattr(signed[BERGENIA].answering, "answer", of_an_earlier_release)
    told = bergenia(signed, ROBBERY)
    assert told.reason is not None
    assert told.outcome is Outcome.REFUSED
    assert "asked without offence" in told.reason.text


UNKNOWN_CODE = StatedOffence(code="robery", penalty_max_months=60)


def test_a_code_that_nobody_knows_is_refused_before_anything_is_asked(signed: Federation):
    before = len(signed.journal(ALDOVA))
    with pytest.raises(Invalid, match="no code of an offence") as refused:
        bergenia(signed, UNKNOWN_CODE)
    assert "Use one of robbery" in refused.value.do
    assert len(signed.journal(ALDOVA)) == before


def test_one_that_the_other_side_does_not_know_is_refused_there_and_the_question_asked_without(
    signed: Federation, monkeypatch: pytest.MonkeyPatch
):
    """As one of a later list would be: the desk here takes it, the one there does not."""
    asked = msgspec.structs.replace(question(signed, 82, query=WANTED), offence=UNKNOWN_CODE)
    with pytest.raises(Invalid, match="no code of an offence"):
        answered(signed, BERGENIA, asked)
    monkeypatch.setattr("comity.desks.lookups.known_offence", lambda code: code)
    request = LookupRequest(query=WANTED, purpose=Purpose.WANTED_PERSONS, case="T-1", offence=UNKNOWN_CODE)
    answer = signed[ALDOVA].lookups.ask(request, signed.cast["ada"])
    told = signed.answer_of(BERGENIA, answer)
    assert told.outcome is Outcome.HIT
    assert told.reason is not None
    assert told.reason.text == "It was asked without offence: it does not know that yet."
    assert not signed[ALDOVA].elsewhere.is_of_earlier_release(BERGENIA)


def test_a_record_is_entered_with_a_code_and_the_words_of_its_source(signed: Federation):
    old = msgspec.structs.replace(wanted_person(), offences=(Offence(code="s. 211", text="in a bank"),))
    signed.enter(BERGENIA, "nominals", [row("P-9", old)])
    ben = signed.cast["ben"]
    entered = signed[BERGENIA].records.show("nominals", "P-9", BERGENIA, ben).subject
    assert entered.offences == (Offence(code="other", text="s. 211: in a bank"),)
