"""An officer asks once; every source answers as far as the law between the two allows."""

import msgspec
import pytest

from comity.domain.caller import Role
from comity.domain.country import country_name
from comity.domain.errors import Invalid, NotPermitted
from comity.domain.journal import Act
from comity.domain.lookup import LookupRequest, Outcome
from comity.domain.marking import Marking
from comity.domain.purpose import Purpose
from comity.domain.reply import ReplyLevel
from comity.matching.numbered import number_keys_asked
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, HUB, Federation
from tests.federation.conftest import CAR, STOLEN, STRANGER, UNKNOWN, WANTED, row, stolen_passport

CRIME = Purpose.CRIMINAL_INVESTIGATION


def test_a_stolen_passport_is_found_at_the_hub_and_at_its_issuer(federation: Federation):
    answer = federation.ask("ada", STOLEN)
    for source in (HUB, BERGENIA):
        found = federation.answer_of(source, answer)
        assert found.outcome is Outcome.HIT
        assert found.findings[0].owner == BERGENIA
        assert found.findings[0].reference == "D-1"
    # Corvia did not issue it, so it is not asked.
    assert {one.source for one in answer.sources} == {ALDOVA, HUB, BERGENIA}


def test_no_record_is_told_for_each_source_that_was_asked(federation: Federation):
    answer = federation.ask("ada", UNKNOWN)
    assert {one.outcome for one in answer.sources} == {Outcome.NO_RECORD}


def test_a_person_is_found_under_another_spelling_in_another_script(federation: Federation):
    found = federation.answer_of(BERGENIA, federation.ask("ada", WANTED))
    assert found.outcome is Outcome.HIT
    assert found.findings[0].match.probability > 0.5


def test_a_stranger_is_not_found(federation: Federation):
    answer = federation.ask("ada", STRANGER)
    assert federation.answer_of(BERGENIA, answer).outcome is Outcome.NO_RECORD


def test_a_car_is_found_by_its_plate(federation: Federation):
    assert federation.answer_of(HUB, federation.ask("ada", CAR)).outcome is Outcome.HIT


def test_corvia_learns_only_that_there_is_a_hit_and_whom_to_ask(federation: Federation):
    found = federation.answer_of(BERGENIA, federation.ask("cora", WANTED, CRIME))
    (finding,) = found.findings
    assert finding.level is ReplyLevel.HIT
    assert finding.contact == f"duty desk of {country_name('XB')}"
    assert finding.subject is None
    assert (finding.record, finding.reference, finding.collection) == ("", "", "")


def test_a_refusal_names_its_clause(federation: Federation):
    refused = federation.answer_of(ALDOVA, federation.ask("cora", WANTED, Purpose.BORDER_CONTROL))
    assert refused.outcome is Outcome.REFUSED
    assert "art-" in refused.reason.clause
    assert "border-control" in refused.reason.text + refused.reason.needed


def test_corvia_cannot_tell_a_closed_record_from_none(federation: Federation):
    closed = row("D-2", stolen_passport("B5550000"), Marking(closed_to=("XC",)))
    federation.enter(BERGENIA, "sltd", [closed])
    federation.post()
    query = STOLEN.__class__(country="XBE", number="B5550000")
    for source in (HUB, BERGENIA):
        withheld = federation.answer_of(source, federation.ask("cora", query))
        absent = federation.answer_of(source, federation.ask("cora", UNKNOWN))
        assert (withheld.outcome, withheld.findings, withheld.reason) == (
            absent.outcome,
            absent.findings,
            absent.reason,
        )
        assert withheld.outcome is Outcome.NO_RECORD
    assert federation.answer_of(HUB, federation.ask("ada", query)).outcome is Outcome.HIT


def test_a_source_that_does_not_answer_is_shown_as_silent(federation: Federation):
    federation.line.out_of_reach = {BERGENIA}
    answer = federation.ask("ada", STOLEN)
    assert federation.answer_of(BERGENIA, answer).outcome is Outcome.SILENT
    assert federation.answer_of(HUB, answer).outcome is Outcome.HIT


def test_an_auditor_may_not_look_people_up_and_that_is_written_down(federation: Federation):
    with pytest.raises(NotPermitted):
        federation.ask("otto", WANTED)
    assert [one.act for one in federation.journal(CORVIA)][-1] is Act.LOOKUP_REFUSED


def test_a_system_must_name_the_officer_it_asks_for(federation: Federation):
    system = msgspec.structs.replace(federation.cast["ada"], roles=frozenset({Role.SYSTEM}))
    request = LookupRequest(query=STOLEN, purpose=Purpose.BORDER_CONTROL, case="T-1")
    with pytest.raises(Invalid, match="officer"):
        federation[ALDOVA].lookups.ask(request, system)
    named = msgspec.structs.replace(request, on_behalf_of="officer-17")
    assert federation[ALDOVA].lookups.ask(named, system).sources


def test_both_sides_write_the_question_down_before_the_answer_is_seen(federation: Federation):
    answer = federation.ask("ada", STOLEN, case="BR-7")
    asked = [one for one in federation.journal(ALDOVA) if one.subject == answer.question]
    told = [one for one in federation.journal(BERGENIA) if one.subject == answer.question]
    assert [one.act for one in asked] == [Act.LOOKUP_ASKED, Act.LOOKUP_SHOWN]
    assert [one.act for one in told] == [Act.LOOKUP_ANSWERED]
    assert told[0].for_whom == ALDOVA
    assert told[0].case == "BR-7"
    assert told[0].clauses
    assert told[0].level == "full"
    assert told[0].actor == federation.cast["ada"].account


def test_a_record_past_its_retention_is_not_found(federation: Federation):
    federation.time.pass_by(days=365 * 11)
    for node in federation.nodes.values():
        if node.here.is_hub:
            node.members.refresh()
    federation.follow()
    assert federation.answer_of(ALDOVA, federation.ask("ada", STOLEN)).outcome is Outcome.NO_RECORD
    with federation[BERGENIA].store.reading() as tx:
        assert tx.records.numbered(number_keys_asked(STOLEN), False, federation.time().date()) == []
    assert federation[BERGENIA].records.expire() == 3
