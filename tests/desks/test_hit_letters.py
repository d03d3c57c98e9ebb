"""Letters about hits: nobody's letter changes another's hit, and what changes nothing is written down."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from comity.domain import limits
from comity.domain.hit import Hit, HitState, Priority, Side, hit_id
from comity.domain.journal import Act
from comity.domain.letter import ConfirmationAnswer, ConfirmationReply, ConfirmationRequest, HitAlert
from comity.domain.purpose import Purpose
from comity.domain.record import WithdrawalReason, record_id
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, HUB, Federation
from tests.desks.cast import bring, found_by_ada, hit_at, only_the_hub_answers_ada, put_hit, send, why_not
from tests.federation.conftest import WANTED, row, wanted_person

OURS = record_id("sltd", BERGENIA, "D-1")
GONE = record_id("sltd", BERGENIA, "never entered")
CONFIRMED, DENIED, PROMISED = ConfirmationReply
QUESTION = "019d0000-0000-7000-8000-000000000001"


def alert(federation: Federation, record: str = OURS, reference: str = "D-1", **fields: Any) -> HitAlert:
    """Of a question that Aldova might have asked."""
    told = {
        "hit": hit_id(QUESTION, record),
        "question": QUESTION,
        "asker": ALDOVA,
        "asker_unit": "headquarters",
        "collection": "sltd",
        "record": record,
        "reference": reference,
        "purpose": Purpose.BORDER_CONTROL,
        "case": "T-1",
        "level": "core",
        "found_at": federation.time(),
    }
    return HitAlert(**{**told, **fields})


def request(hit: str, **fields: Any) -> ConfirmationRequest:
    return ConfirmationRequest(
        hit=hit,
        question=QUESTION,
        asker_unit="headquarters",
        purpose=Purpose.BORDER_CONTROL,
        case="T-1",
        answered_by=HUB,
        priority=Priority.URGENT,
        **fields,
    )


def asked_by_ada(federation: Federation, state: HitState = HitState.REQUESTED) -> Hit:
    """A hit in Aldova's register on Bergenia's record, as it would stand after she asked for confirmation."""
    hit = Hit(
        id=hit_id(QUESTION, OURS),
        question=QUESTION,
        side=Side.ASKER,
        asker=ALDOVA,
        asker_unit="headquarters",
        owner=BERGENIA,
        answered_by=HUB,
        collection="",
        record="",
        reference="",
        purpose=Purpose.BORDER_CONTROL,
        case="T-1",
        found_at=federation.time(),
        state=state,
        due_at=federation.time() + timedelta(minutes=10),
    )
    put_hit(federation, ALDOVA, hit)
    return hit


# -- alerts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sender", "fields", "why"),
    [
        (CORVIA, {}, "only the hub answers for others"),
        (HUB, {"asker": BERGENIA}, "whoever found it is no other member"),
        (HUB, {"asker": "nowhere"}, "whoever found it is no other member"),
        (HUB, {"reference": "D-2"}, "the record is not one of ours"),
        (HUB, {"hit": "another"}, "the hit is not on that record"),
    ],
)
def test_an_alert_that_does_not_fit_is_not_believed(
    standing: Federation, sender: str, fields: dict[str, str], why: str
):
    told = alert(standing, **fields)
    send(standing, sender, BERGENIA, told)
    assert hit_at(standing, BERGENIA, told.hit) is None
    assert why in why_not(standing, BERGENIA, told.hit)


def test_an_alert_does_not_name_the_record_of_a_hit_that_we_found_ourselves(standing: Federation):
    """Told of the hit alone, the finder must not learn the record by a letter."""
    hit = asked_by_ada(standing)
    ours = msgspec.structs.replace(hit, side=Side.ASKER)
    put_hit(standing, BERGENIA, ours)
    send(standing, HUB, BERGENIA, alert(standing))
    assert hit_at(standing, BERGENIA, hit.id) == ours
    assert "it is a hit of our own question" in why_not(standing, BERGENIA, hit.id)


def test_an_alert_on_a_record_that_was_withdrawn_meanwhile_is_answered_at_once(federation: Federation):
    """The hub finds its copy in the moment in which the source takes it back."""
    answer = only_the_hub_answers_ada(federation)
    hit = federation.answer_of(HUB, answer).findings[0].hit
    bergenia = federation[BERGENIA]
    bergenia.records.withdraw("sltd", "D-1", "", WithdrawalReason.RECOVERED, bergenia.operator("test"))
    federation.post()
    assert hit_at(federation, ALDOVA, hit).state is HitState.DENIED
    assert hit_at(federation, BERGENIA, hit).state is HitState.DENIED
    assert hit_at(federation, HUB, hit).state is HitState.DENIED


def test_an_invented_hit_cannot_have_anothers_true_hit_denied(federation: Federation):
    """Named with a record that is gone, it would be answered as withdrawn, and a wanted person let go."""
    hit = found_by_ada(federation)
    for record, reference in ((GONE, "never entered"), (OURS, "D-1")):
        send(federation, CORVIA, BERGENIA, alert(federation, record, reference, hit=hit))
        send(federation, HUB, BERGENIA, alert(federation, GONE, "never entered", hit=hit))
    assert hit_at(federation, ALDOVA, hit).state is HitState.OPEN


# -- requests ---------------------------------------------------------------------------------------------------------


def test_whoever_asks_first_about_anothers_hit_does_not_take_its_place(federation: Federation):
    """Corvia, asked the same question, could work out the hit's id before its finder asks for confirmation."""
    hit = federation.answer_of(HUB, only_the_hub_answers_ada(federation)).findings[0].hit
    with federation[CORVIA].store.transaction() as tx:
        tx.outbox.send(BERGENIA, request(hit), federation.time())
        tx.commit()
    bring(federation, CORVIA, BERGENIA)
    federation[ALDOVA].hits.request(hit, Priority.URGENT, "", federation.cast["ada"])
    bring(federation, ALDOVA, BERGENIA)
    federation.post()
    # Corvia's word gave way to the alert; Aldova was not told that there is no such hit.
    assert hit_at(federation, BERGENIA, hit).asker == ALDOVA
    assert hit_at(federation, ALDOVA, hit).state is HitState.REQUESTED
    federation.time.pass_by(minutes=11)
    federation[ALDOVA].hits.escalate()
    federation.post()
    assert hit_at(federation, BERGENIA, hit).state is HitState.REQUESTED
    assert "another asked before, and no alert has come" in why_not(federation, BERGENIA, hit)


def test_whoever_did_not_find_it_is_told_of_no_such_hit(federation: Federation):
    hit = found_by_ada(federation)
    federation.post()
    send(federation, CORVIA, BERGENIA, request(hit))
    assert hit_at(federation, BERGENIA, hit).state is HitState.OPEN
    assert why_not(federation, BERGENIA, hit) == ["it was not found by its sender"]
    assert why_not(federation, CORVIA, hit) == ["no such hit was found from here"]


def test_asked_about_a_hit_of_its_own_question_a_node_says_that_it_knows_none(standing: Federation):
    for number, asker in enumerate((ALDOVA, CORVIA)):
        hit = msgspec.structs.replace(asked_by_ada(standing), id=f"own-{number}", asker=asker)
        put_hit(standing, ALDOVA, hit)
        send(standing, CORVIA, ALDOVA, request(hit.id))
        assert why_not(standing, ALDOVA, hit.id) == ["it was not found by its sender"]
        assert hit_at(standing, ALDOVA, hit.id) == hit


def test_a_second_request_is_heard_before_the_alert_too(federation: Federation):
    hit = federation.answer_of(HUB, only_the_hub_answers_ada(federation)).findings[0].hit
    federation[ALDOVA].hits.request(hit, Priority.URGENT, "", federation.cast["ada"])
    federation.time.pass_by(minutes=11)
    federation[ALDOVA].hits.escalate()
    bring(federation, ALDOVA, BERGENIA)
    assert hit_at(federation, BERGENIA, hit).record == ""
    assert hit_at(federation, BERGENIA, hit).escalated_at == federation.time()


def test_a_reminder_that_crosses_the_answer_does_not_open_the_hit_again(federation: Federation):
    hit = found_by_ada(federation)
    federation[ALDOVA].hits.request(hit, Priority.URGENT, "", federation.cast["ada"])
    federation.post()
    federation.time.pass_by(minutes=11)
    federation[BERGENIA].hits.deny(hit, "another holder", federation.cast["ben"])
    federation[ALDOVA].hits.escalate()
    federation.post()
    for node in (ALDOVA, BERGENIA):
        assert (hit_at(federation, node, hit).state, hit_at(federation, node, hit).note) == (
            HitState.DENIED,
            "another holder",
        )


def test_a_reminder_that_crosses_a_confirmation_is_answered_with_it(federation: Federation):
    hit = found_by_ada(federation)
    federation[ALDOVA].hits.request(hit, Priority.URGENT, "", federation.cast["ada"])
    federation.post()
    federation.time.pass_by(minutes=11)
    federation[BERGENIA].hits.confirm(hit, "stands", federation.cast["ben"])
    federation[ALDOVA].hits.escalate()
    federation.post()
    assert hit_at(federation, BERGENIA, hit).state is HitState.CONFIRMED
    assert hit_at(federation, ALDOVA, hit).state is HitState.CONFIRMED
    assert why_not(federation, ALDOVA, hit) == ["nobody waits for it: the hit is confirmed"]


def test_a_denied_hit_can_be_asked_about_again_and_its_clock_runs_again(federation: Federation):
    hit = found_by_ada(federation)
    for _ in range(2):
        federation[ALDOVA].hits.request(hit, Priority.URGENT, "", federation.cast["ada"])
        federation.post()
        assert hit_at(federation, BERGENIA, hit).state is HitState.REQUESTED
        assert hit_at(federation, BERGENIA, hit).answered_at is None
        assert hit_at(federation, ALDOVA, hit).answered_at is None
        federation[BERGENIA].hits.deny(hit, "", federation.cast["ben"])
        federation.post()


def test_asked_again_about_a_withdrawn_record_the_owner_says_so_without_anybody_being_asked(federation: Federation):
    hit = found_by_ada(federation)
    federation.post()
    bergenia = federation[BERGENIA]
    bergenia.records.withdraw("sltd", "D-1", "", WithdrawalReason.RECOVERED, bergenia.operator("test"))
    federation.post()
    federation[ALDOVA].hits.request(hit, Priority.URGENT, "", federation.cast["ada"])
    federation.post()
    assert hit_at(federation, BERGENIA, hit).state is HitState.DENIED
    assert hit_at(federation, ALDOVA, hit).state is HitState.DENIED


def test_a_request_on_an_expired_record_is_denied_by_itself(federation: Federation):
    hit = found_by_ada(federation)
    federation.post()
    record = federation.record(BERGENIA, "sltd", "D-1")
    past = msgspec.structs.replace(
        record.header,
        version=2,
        retain_until=federation.time().date() - timedelta(days=1),
        review_at=federation.time().date() - timedelta(days=1),
    )
    with federation[BERGENIA].store.transaction() as tx:
        tx.records.put([msgspec.structs.replace(record, header=past)])
        tx.commit()
    federation[ALDOVA].hits.request(hit, Priority.URGENT, "", federation.cast["ada"])
    federation.post()
    assert hit_at(federation, ALDOVA, hit).state is HitState.DENIED


# -- answers ----------------------------------------------------------------------------------------------------------


def test_an_answer_counts_from_the_owner_alone(standing: Federation):
    hit = asked_by_ada(standing)
    for sender in (CORVIA, HUB):
        for reply in (CONFIRMED, DENIED):
            send(standing, sender, ALDOVA, ConfirmationAnswer(hit=hit.id, reply=reply))
    assert hit_at(standing, ALDOVA, hit.id) == hit
    assert set(why_not(standing, ALDOVA, hit.id)) >= {"only the owner's word counts"}


def test_an_answer_does_not_change_a_hit_of_which_we_are_the_owner(standing: Federation):
    hit = msgspec.structs.replace(asked_by_ada(standing), side=Side.OWNER, id="of ours")
    put_hit(standing, ALDOVA, hit)
    send(standing, BERGENIA, ALDOVA, ConfirmationAnswer(hit=hit.id, reply=CONFIRMED))
    assert hit_at(standing, ALDOVA, hit.id) == hit


@pytest.mark.parametrize("state", [HitState.OPEN, HitState.CONFIRMED, HitState.DENIED])
def test_a_confirmation_that_nobody_waits_for_changes_nothing(standing: Federation, state: HitState):
    hit = asked_by_ada(standing, state)
    send(standing, BERGENIA, ALDOVA, ConfirmationAnswer(hit=hit.id, reply=CONFIRMED))
    assert hit_at(standing, ALDOVA, hit.id) == hit
    assert f"nobody waits for it: the hit is {state}" in why_not(standing, ALDOVA, hit.id)


def test_a_denial_comes_unasked_and_takes_a_confirmation_back(standing: Federation):
    for state in (HitState.OPEN, HitState.CONFIRMED):
        hit = asked_by_ada(standing, state)
        send(standing, BERGENIA, ALDOVA, ConfirmationAnswer(hit=hit.id, reply=DENIED))
        assert hit_at(standing, ALDOVA, hit.id).state is HitState.DENIED


@pytest.mark.parametrize("days", [None, -1, limits.PROMISE_DAYS_MAX + 1])
def test_a_promise_of_no_time_or_of_a_useless_one_does_not_stop_the_clock(standing: Federation, days: int | None):
    hit = asked_by_ada(standing)
    by = None if days is None else standing.time() + timedelta(days=days)
    send(standing, BERGENIA, ALDOVA, ConfirmationAnswer(hit=hit.id, reply=PROMISED, by=by))
    assert hit_at(standing, ALDOVA, hit.id) == hit
    assert "the promise names no time that counts" in why_not(standing, ALDOVA, hit.id)


# -- lists of outside bodies ------------------------------------------------------------------------------------------


def test_a_withdrawal_from_a_hosted_list_is_told_to_whoever_had_a_hit_on_it(federation: Federation):
    """The body itself is no member and writes no letters: the hub speaks for it."""
    hub = federation[HUB]
    federation.enter(HUB, "sanctions", [row("XXi.001", wanted_person())], source="un")
    from_hub = federation.answer_of(HUB, federation.ask("ada", WANTED))
    (hit,) = [finding.hit for finding in from_hub.findings if finding.owner == "un"]
    hub.records.withdraw("sanctions", "XXi.001", "un", WithdrawalReason.CONDITIONS_GONE, hub.operator("test"))
    federation.post()
    assert hit_at(federation, ALDOVA, hit).state is HitState.DENIED
    assert [one.act for one in federation.journal(ALDOVA) if one.subject == hit] == [Act.HIT_DENIED]
