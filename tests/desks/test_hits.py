"""The register of hits: who may see, ask and answer, and what cannot be asked or confirmed."""

from datetime import timedelta

import msgspec
import pytest

from comity.domain import limits
from comity.domain.bureau import Standing
from comity.domain.caller import Role
from comity.domain.errors import Conflict, Invalid, Missing, NotPermitted, TooLarge
from comity.domain.hit import HitState, Priority
from comity.domain.journal import Act
from comity.domain.record import WithdrawalReason
from comity.testing.federation import ALDOVA, BERGENIA, HUB, Federation
from tests.desks.cast import as_, bring, everyone_but, found_by_ada, hit_at, only_the_hub_answers_ada, put_hit
from tests.federation.conftest import STOLEN, WANTED, row, wanted_person

LONG = "x" * (limits.TEXT_CHARS_MAX + 1)


@pytest.fixture(scope="module")
def hit(standing: Federation) -> str:
    found = found_by_ada(standing)
    standing.post()
    return found


def test_administrators_and_reviewers_do_not_see_hits(standing: Federation, hit: str):
    hits = standing[ALDOVA].hits
    for role in (Role.ADMINISTRATOR, Role.REVIEWER):
        with pytest.raises(NotPermitted):
            hits.every(as_([role]))
        with pytest.raises(NotPermitted):
            hits.one(hit, as_([role]))
    assert hit in [one.id for one in hits.every(as_([Role.AUDITOR]))]


def test_a_hit_that_is_not_there_is_missing(standing: Federation):
    with pytest.raises(Missing, match="hits list"):
        standing[ALDOVA].hits.one("nothing", standing.cast["ada"])


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.DATA_PROTECTION_OFFICER, Role.ADMINISTRATOR, Role.REVIEWER])
def test_whoever_watches_asks_for_no_confirmation(standing: Federation, hit: str, role: Role):
    with pytest.raises(NotPermitted):
        standing[ALDOVA].hits.request(hit, Priority.URGENT, "", as_([role]))


def test_only_the_duty_desk_answers(standing: Federation, hit: str):
    hits, others = standing[BERGENIA].hits, everyone_but(Role.DUTY_OFFICER, Role.SUPERVISOR, bureau=BERGENIA)
    for act in (
        lambda: hits.confirm(hit, "", others),
        lambda: hits.deny(hit, "", others),
        lambda: hits.promise(hit, standing.time() + timedelta(hours=1), "", others),
    ):
        with pytest.raises(NotPermitted):
            act()


def test_a_system_names_the_officer_who_asks_for_confirmation_and_the_journal_has_it(federation: Federation):
    hit, hits = found_by_ada(federation), federation[ALDOVA].hits
    with pytest.raises(Invalid, match="name the officer"):
        hits.request(hit, Priority.URGENT, "", as_([Role.SYSTEM]))
    hits.request(hit, Priority.URGENT, "", as_([Role.SYSTEM], on_behalf_of="ada"))
    entry = federation.journal(ALDOVA)[-1]
    assert (entry.act, entry.unit, entry.details["on_behalf_of"]) == (
        Act.HIT_CONFIRMATION_REQUESTED,
        "headquarters",
        "ada",
    )


def test_a_note_that_no_other_node_would_take_is_refused(standing: Federation, hit: str):
    with pytest.raises(TooLarge):
        standing[ALDOVA].hits.request(hit, Priority.URGENT, LONG, standing.cast["ada"])
    with pytest.raises(TooLarge):
        standing[BERGENIA].hits.deny(hit, LONG, standing.cast["ben"])


def test_a_promise_names_a_time_to_come_and_not_a_far_one(standing: Federation, hit: str):
    for by in (timedelta(0), timedelta(days=limits.PROMISE_DAYS_MAX, seconds=1)):
        with pytest.raises(Invalid, match="days ahead"):
            standing[BERGENIA].hits.promise(hit, standing.time() + by, "", standing.cast["ben"])


def test_the_owner_does_not_ask_itself_and_the_finder_does_not_answer(standing: Federation, hit: str):
    with pytest.raises(Conflict, match="not found by asking from here"):
        standing[BERGENIA].hits.request(hit, Priority.URGENT, "", standing.cast["ben"])
    for answer in (standing[ALDOVA].hits.confirm, standing[ALDOVA].hits.deny):
        with pytest.raises(Conflict, match="Only bergenia"):
            answer(hit, "", standing.cast["dora"])


def test_nobody_is_asked_about_a_record_of_the_own_bureau(standing: Federation):
    found = standing.answer_of(BERGENIA, standing.ask("ben", STOLEN)).findings[0].hit
    with pytest.raises(Conflict, match="your own bureau"):
        standing[BERGENIA].hits.request(found, Priority.URGENT, "", standing.cast["ben"])


def test_a_hit_of_an_outside_body_is_followed_up_by_its_contact(federation: Federation):
    federation.enter(HUB, "sanctions", [row("XXi.001", wanted_person())], source="un")
    found = federation.answer_of(HUB, federation.ask("ada", WANTED))
    (hit,) = [finding.hit for finding in found.findings if finding.owner == "un"]
    with pytest.raises(Missing, match="un is no member"):
        federation[ALDOVA].hits.request(hit, Priority.URGENT, "", federation.cast["ada"])


def test_a_suspended_owner_is_not_written_to(federation: Federation):
    hit = found_by_ada(federation)
    federation.measure(BERGENIA, Standing.SUSPENDED, "a fictitious quarrel")
    federation[ALDOVA].follower.follow_once()
    with pytest.raises(Conflict, match="suspended"):
        federation[ALDOVA].hits.request(hit, Priority.URGENT, "", federation.cast["ada"])
    assert hit_at(federation, ALDOVA, hit).state is HitState.OPEN


def test_asked_twice_is_a_conflict(federation: Federation):
    hit = found_by_ada(federation)
    federation[ALDOVA].hits.request(hit, Priority.URGENT, "", federation.cast["ada"])
    with pytest.raises(Conflict, match="it is requested"):
        federation[ALDOVA].hits.request(hit, Priority.URGENT, "", federation.cast["ada"])


def test_a_hit_whose_record_nobody_has_named_cannot_be_confirmed(federation: Federation):
    hit = federation.answer_of(HUB, only_the_hub_answers_ada(federation)).findings[0].hit
    federation[ALDOVA].hits.request(hit, Priority.URGENT, "", federation.cast["ada"])
    bring(federation, ALDOVA, BERGENIA)
    with pytest.raises(Conflict, match="names no record yet"):
        federation[BERGENIA].hits.confirm(hit, "", federation.cast["ben"])
    federation.post()
    assert federation[BERGENIA].hits.confirm(hit, "", federation.cast["ben"]).state is HitState.CONFIRMED


def test_a_hit_whose_record_is_gone_cannot_be_confirmed(federation: Federation):
    hit = found_by_ada(federation)
    federation[ALDOVA].hits.request(hit, Priority.URGENT, "", federation.cast["ada"])
    federation.post()
    bergenia = federation[BERGENIA]
    bergenia.records.withdraw("sltd", "D-1", "", WithdrawalReason.RECOVERED, bergenia.operator("test"))
    asked = msgspec.structs.replace(hit_at(federation, BERGENIA, hit), state=HitState.REQUESTED)
    put_hit(federation, BERGENIA, asked)
    with pytest.raises(Conflict, match="withdrawn or expired"):
        bergenia.hits.confirm(hit, "", federation.cast["ben"])


def test_our_own_officers_hit_on_our_own_record_ends_with_it(federation: Federation):
    found = federation.answer_of(BERGENIA, federation.ask("ben", STOLEN)).findings[0].hit
    bergenia = federation[BERGENIA]
    bergenia.records.withdraw("sltd", "D-1", "", WithdrawalReason.RECOVERED, bergenia.operator("test"))
    assert hit_at(federation, BERGENIA, found).state is HitState.DENIED
    assert set(federation.waiting()[BERGENIA]) == {HUB}  # to itself it writes no letter


def test_a_hit_is_told_of_its_end_once(federation: Federation):
    hit = found_by_ada(federation)
    federation.post()
    federation[ALDOVA].hits.request(hit, Priority.URGENT, "", federation.cast["ada"])
    federation.post()
    federation[BERGENIA].hits.deny(hit, "another holder", federation.cast["ben"])
    federation.post()
    bergenia = federation[BERGENIA]
    bergenia.records.withdraw("sltd", "D-1", "", WithdrawalReason.RECOVERED, bergenia.operator("test"))
    federation.post()
    assert hit_at(federation, ALDOVA, hit).note == "another holder"
    acts = [one.act for one in federation.journal(ALDOVA) if one.subject == hit]
    assert acts.count(Act.HIT_DENIED) == 1


def test_what_is_not_late_is_not_escalated_and_not_written_down(federation: Federation):
    hit = found_by_ada(federation)
    federation[ALDOVA].hits.request(hit, Priority.ROUTINE, "", federation.cast["ada"])
    federation.time.pass_by(minutes=59)
    assert federation[ALDOVA].hits.escalate() == []
    federation.time.pass_by(minutes=1)
    assert [one.id for one in federation[ALDOVA].hits.escalate()] == [hit]
    assert federation[ALDOVA].hits.escalate() == []


def test_a_promise_moves_the_owners_clock_too_and_ends_its_being_late(federation: Federation):
    hit = found_by_ada(federation)
    federation[ALDOVA].hits.request(hit, Priority.URGENT, "", federation.cast["ada"])
    federation.post()
    federation.time.pass_by(minutes=11)
    federation[BERGENIA].hits.escalate()
    by = federation.time() + timedelta(hours=1)
    promised = federation[BERGENIA].hits.promise(hit, by, "", federation.cast["ben"])
    assert (promised.due_at, promised.escalated_at, promised.answered_at) == (by, None, None)
    federation.time.pass_by(hours=1)
    assert [one.id for one in federation[BERGENIA].hits.escalate()] == [hit]
    answered = federation[BERGENIA].hits.confirm(hit, "", federation.cast["ben"])
    assert answered.answered_at == federation.time()
