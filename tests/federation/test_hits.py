"""A hit is a lead: its owner is told, and confirms it before anyone acts."""

from datetime import timedelta

import pytest

from comity.domain.errors import Conflict, NotPermitted
from comity.domain.hit import HitState, Priority, Side
from comity.domain.journal import Act
from comity.domain.letter import ConfirmationRequest
from comity.domain.purpose import Purpose
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, HUB, Federation
from tests.federation.conftest import STOLEN, WANTED


def hit_of(federation: Federation, login: str = "ada", source: str = HUB) -> str:
    return federation.answer_of(source, federation.ask(login, STOLEN)).findings[0].hit


def state(federation: Federation, node: str, hit: str) -> HitState:
    with federation[node].store.reading() as tx:
        return tx.hits.get(hit).state


def test_the_owner_is_alerted_by_letter_and_once(federation: Federation):
    federation.line.out_of_reach = {BERGENIA}  # only the hub answers
    hit = hit_of(federation)
    federation.line.out_of_reach = set()
    federation.post()
    with federation[BERGENIA].store.reading() as tx:
        alerted = tx.hits.get(hit)
    assert (alerted.side, alerted.asker, alerted.reference) == (Side.OWNER, ALDOVA, "D-1")
    assert [one.act for one in federation.journal(BERGENIA)].count(Act.HIT_ALERTED) == 1


def test_a_confirmed_hit_is_confirmed_on_both_sides(federation: Federation):
    hit = hit_of(federation)
    federation[ALDOVA].hits.request(hit, Priority.URGENT, "stands before us", federation.cast["ada"])
    federation.post()
    waiting = federation[BERGENIA].hits.one(hit, federation.cast["ben"])
    assert waiting.state is HitState.REQUESTED
    assert (waiting.due_at - federation.time()).total_seconds() == 600
    federation[BERGENIA].hits.confirm(hit, "valid", federation.cast["ben"])
    federation.post()
    assert state(federation, ALDOVA, hit) is HitState.CONFIRMED


def test_only_the_owner_may_confirm_and_only_a_duty_officer(federation: Federation):
    hit = hit_of(federation)
    federation[ALDOVA].hits.request(hit, Priority.ROUTINE, "", federation.cast["ada"])
    with pytest.raises(Conflict, match="bergenia"):
        federation[ALDOVA].hits.confirm(hit, "", federation.cast["dora"])
    with pytest.raises(NotPermitted):
        federation[ALDOVA].hits.confirm(hit, "", federation.cast["ada"])


def test_a_confirmation_cannot_be_given_before_it_is_asked_for(federation: Federation):
    hit = hit_of(federation)
    federation.post()
    with pytest.raises(Conflict, match="it is open"):
        federation[BERGENIA].hits.confirm(hit, "", federation.cast["ben"])


def test_a_denied_hit_is_denied_on_both_sides(federation: Federation):
    hit = hit_of(federation)
    federation[ALDOVA].hits.request(hit, Priority.ROUTINE, "", federation.cast["ada"])
    federation.post()
    federation[BERGENIA].hits.deny(hit, "another holder", federation.cast["ben"])
    federation.post()
    assert state(federation, ALDOVA, hit) is HitState.DENIED


def test_a_promise_moves_the_clock(federation: Federation):
    hit = hit_of(federation)
    federation[ALDOVA].hits.request(hit, Priority.URGENT, "", federation.cast["ada"])
    federation.post()
    by = federation.time() + timedelta(hours=3)
    federation[BERGENIA].hits.promise(hit, by, "archive opens", federation.cast["ben"])
    federation.post()
    with federation[ALDOVA].store.reading() as tx:
        promised = tx.hits.get(hit)
    assert (promised.state, promised.due_at) == (HitState.PROMISED, by)


def test_a_clock_that_runs_out_is_escalated_on_both_sides_and_asked_again(federation: Federation):
    hit = hit_of(federation)
    federation[ALDOVA].hits.request(hit, Priority.URGENT, "", federation.cast["ada"])
    federation.post()
    assert federation[BERGENIA].hits.escalate() == []
    federation.time.pass_by(minutes=10, seconds=1)
    assert [one.id for one in federation[BERGENIA].hits.escalate()] == [hit]
    assert [one.id for one in federation[ALDOVA].hits.escalate()] == [hit]
    federation.post()
    assert federation[ALDOVA].hits.escalate() == []
    acts = [one.act for one in federation.journal(BERGENIA)]
    assert acts.count(Act.HIT_ESCALATED) == 1
    # After the clock, the owner may still answer.
    federation[BERGENIA].hits.confirm(hit, "late", federation.cast["ben"])
    federation.post()
    assert state(federation, ALDOVA, hit) is HitState.CONFIRMED


def test_whoever_was_told_only_of_the_hit_can_still_ask_for_confirmation(federation: Federation):
    found = federation.answer_of(BERGENIA, federation.ask("cora", WANTED, Purpose.CRIMINAL_INVESTIGATION))
    hit = found.findings[0].hit
    federation[CORVIA].hits.request(hit, Priority.URGENT, "", federation.cast["cora"])
    federation.post()
    federation[BERGENIA].hits.confirm(hit, "", federation.cast["ben"])
    federation.post()
    assert state(federation, CORVIA, hit) is HitState.CONFIRMED


def test_a_request_that_overtakes_the_alert_is_not_lost(federation: Federation):
    federation.line.out_of_reach = {BERGENIA}
    hit = hit_of(federation)
    federation.line.out_of_reach = set()
    federation[ALDOVA].hits.request(hit, Priority.URGENT, "", federation.cast["ada"])
    federation.carry(ALDOVA)
    federation.carry(BERGENIA)
    assert federation[BERGENIA].hits.one(hit, federation.cast["ben"]).record == ""
    federation.post()
    alerted = federation[BERGENIA].hits.one(hit, federation.cast["ben"])
    assert (alerted.reference, alerted.state) == ("D-1", HitState.REQUESTED)


def test_nobody_else_can_ask_about_or_answer_a_hit(federation: Federation):
    hit = hit_of(federation)
    federation.post()
    forged = federation[ALDOVA].hits.request(hit, Priority.URGENT, "", federation.cast["ada"])
    request = ConfirmationRequest(
        hit=hit,
        question=forged.question,
        asker_unit="somewhere",
        purpose=forged.purpose,
        case="F-1",
        answered_by=HUB,
        priority=Priority.ROUTINE,
    )
    with federation[CORVIA].store.transaction() as tx:
        tx.outbox.send(BERGENIA, request, federation.time())
        tx.commit()
    federation.post()
    with federation[BERGENIA].store.reading() as tx:
        assert tx.hits.get(hit).asker == ALDOVA
