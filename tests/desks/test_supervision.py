"""What a supervised member asks is held until somebody has looked at it: nothing is told before, nothing is lost."""

from datetime import date, timedelta

import pytest

from comity.domain import limits
from comity.domain.bureau import Standing
from comity.domain.caller import Role
from comity.domain.collection import Category
from comity.domain.errors import Invalid, Missing, NotPermitted
from comity.domain.journal import Act, Entry
from comity.domain.letter import QuestionReviewed, QuestionWatch, QuestionWatchEnd
from comity.domain.lookup import Answer, Outcome, Query
from comity.domain.purpose import Purpose
from comity.domain.supervision import HeldQuestion
from comity.law.standing import HELD_CLAUSE
from comity.testing.federation import ALDOVA, BERGENIA, HUB, Federation
from tests.desks.cast import changed, everyone_but, send, why_not
from tests.federation.conftest import STOLEN, UNKNOWN, row, stolen_passport


@pytest.fixture
def supervised(federation: Federation) -> Federation:
    """Aldova is supervised, and everybody knows."""
    federation.measure(ALDOVA, Standing.SUPERVISED, "too many questions")
    federation.follow()
    return federation


def asked(federation: Federation, query: Query = STOLEN, purpose: Purpose = Purpose.WANTED_PERSONS) -> Answer:
    return federation.ask("ada", query, purpose)


def held(federation: Federation, node: str) -> list[HeldQuestion]:
    return list(federation[node].supervision.held(federation[node].operator("test")))


def release(federation: Federation, node: str, question: str) -> int:
    told = federation[node].supervision.release(question, federation[node].operator("test"))
    federation.post()
    return told


def found(federation: Federation) -> list[str]:
    late = federation[ALDOVA].late.found(federation.cast["ada"])
    return [finding.reference for _, finding in late]


def acts(federation: Federation, node: str, question: str) -> list[Act]:
    return [one.act for one in federation.journal(node) if one.subject == question]


def entry(federation: Federation, node: str, act: Act) -> Entry:
    return next(one for one in reversed(federation.journal(node)) if one.act is act)


def test_it_is_held_and_its_asker_is_told_so(supervised: Federation):
    answer = asked(supervised)
    for source in (HUB, BERGENIA):
        told = supervised.answer_of(source, answer)
        assert (told.outcome, told.reason.clause) == (Outcome.REFUSED, HELD_CLAUSE)
        assert "too many questions" in told.reason.text
        assert [one.id for one in held(supervised, source)] == [answer.question]
        assert acts(supervised, source, answer.question) == [Act.LOOKUP_HELD, Act.LOOKUP_REFUSED]
    supervised.post()
    assert found(supervised) == []
    assert Act.HIT_ALERTED not in [one.act for one in supervised.journal(BERGENIA)]


def test_released_it_is_answered_by_letter(supervised: Federation):
    answer = asked(supervised)
    assert release(supervised, BERGENIA, answer.question) == 1
    assert found(supervised) == ["D-1"]
    assert held(supervised, BERGENIA) == []
    assert entry(supervised, BERGENIA, Act.LOOKUP_RELEASED).outcome == Outcome.HIT
    assert release(supervised, HUB, answer.question) == 1
    assert found(supervised) == ["D-1"]  # one record is told once, whoever tells it


def test_released_without_a_finding_its_asker_is_told_so(supervised: Federation):
    answer = asked(supervised, UNKNOWN)
    assert release(supervised, BERGENIA, answer.question) == 0
    told = entry(supervised, ALDOVA, Act.LOOKUP_REVIEWED)
    assert (told.subject, told.actor, told.outcome) == (answer.question, BERGENIA, Outcome.NO_RECORD)


def test_refused_its_asker_is_told_why(supervised: Federation):
    answer = asked(supervised)
    desk, operator = supervised[BERGENIA].supervision, supervised[BERGENIA].operator("test")
    for reason in (" ", "x" * (limits.REASON_CHARS_MAX + 1)):
        with pytest.raises(Invalid):
            desk.refuse(answer.question, reason, operator)
    desk.refuse(answer.question, "no such case", operator)
    supervised.post()
    told = entry(supervised, ALDOVA, Act.LOOKUP_REVIEWED)
    assert (told.outcome, told.details["why"]) == (Outcome.REFUSED, "no such case")
    assert found(supervised) == []
    with supervised[BERGENIA].store.reading() as tx:  # a record that comes must not bring it back
        assert tx.kept.get(answer.question, supervised.time().date()) is None
    with pytest.raises(Missing):
        desk.release(answer.question, operator)


def test_nobody_looked_in_time_counts_as_refused_and_is_told(supervised: Federation):
    answer = asked(supervised)
    assert supervised[BERGENIA].supervision.expire() == 0
    supervised.time.pass_by(days=limits.HELD_DAYS_MAX + 1)
    assert supervised[BERGENIA].supervision.expire() == 1
    assert held(supervised, BERGENIA) == []
    assert acts(supervised, BERGENIA, answer.question)[-1] is Act.LOOKUP_REFUSED


def test_the_law_decides_on_release_as_on_any_day(supervised: Federation):
    answer = asked(supervised)
    supervised.measure(ALDOVA, Standing.RESTRICTED, "worse", [Category.TRAVEL_DOCUMENTS])
    supervised.follow()
    assert release(supervised, BERGENIA, answer.question) == 0
    assert entry(supervised, ALDOVA, Act.LOOKUP_REVIEWED).outcome == Outcome.REFUSED


def test_a_record_that_comes_later_is_held_too_as_long_as_its_asker_is_supervised(supervised: Federation):
    answer = asked(supervised, UNKNOWN)
    supervised.enter(BERGENIA, "sltd", [row("D-2", stolen_passport("B7654321"))])
    assert supervised[BERGENIA].late.compare() == 0  # nobody has looked at the question yet
    assert release(supervised, BERGENIA, answer.question) == 1
    supervised.enter(BERGENIA, "sltd", [row("D-3", stolen_passport("B7654321"))])
    assert supervised[BERGENIA].late.compare() == 0
    supervised.post()
    assert found(supervised) == ["D-2"]
    assert [one.id for one in held(supervised, BERGENIA)] == [answer.question]
    assert release(supervised, BERGENIA, answer.question) == 1
    assert sorted(found(supervised)) == ["D-2", "D-3"]


def test_a_watch_is_held_and_stands_from_its_release_on(supervised: Federation):
    until = supervised.time().date() + timedelta(days=60)
    question = next(one.question for one in [held_after(supervised, UNKNOWN)])
    send(supervised, ALDOVA, BERGENIA, QuestionWatch(question=changed(question, id="watched"), until=until))
    assert [one.watch_until for one in held(supervised, BERGENIA)] == [None, until]
    release(supervised, BERGENIA, "watched")
    with supervised[BERGENIA].store.reading() as tx:
        kept = tx.kept.get("watched", supervised.time().date())
    assert (kept.until, kept.watch) == (until, True)


def test_a_watch_that_is_ended_while_it_is_held_is_not_released(supervised: Federation):
    until = supervised.time().date() + timedelta(days=60)
    question = held_after(supervised, UNKNOWN).question
    send(supervised, ALDOVA, BERGENIA, QuestionWatch(question=changed(question, id="watched"), until=until))
    send(supervised, ALDOVA, BERGENIA, QuestionWatchEnd(question="watched"))
    assert [one.id for one in held(supervised, BERGENIA)] == [question.id]


def held_after(federation: Federation, query: Query) -> HeldQuestion:
    asked(federation, query)
    return held(federation, BERGENIA)[0]


def test_asked_again_under_the_same_id_the_first_question_stays(supervised: Federation):
    first = held_after(supervised, STOLEN)
    other = changed(first.question, query=UNKNOWN)
    member = supervised[BERGENIA].directory().member(ALDOVA)
    supervised[BERGENIA].answering.answer(other, member, lambda tx: None)
    assert held(supervised, BERGENIA) == [first]


def test_restored_it_is_answered_at_once_and_what_was_held_still_waits(supervised: Federation):
    answer = asked(supervised)
    supervised.measure(ALDOVA, Standing.ACTIVE, "better")
    supervised.follow()
    assert supervised.answer_of(BERGENIA, asked(supervised)).outcome is Outcome.HIT
    assert release(supervised, BERGENIA, answer.question) == 1


def test_only_reviewers_decide(supervised: Federation):
    desk = supervised[BERGENIA].supervision
    question = held_after(supervised, STOLEN).id
    nobody = everyone_but(Role.REVIEWER, Role.SUPERVISOR, bureau=BERGENIA)
    for act in (lambda: desk.release(question, nobody), lambda: desk.refuse(question, "why", nobody)):
        with pytest.raises(NotPermitted):
            act()
    with pytest.raises(NotPermitted):
        desk.held(everyone_but(Role.REVIEWER, Role.SUPERVISOR, Role.AUDITOR, Role.DATA_PROTECTION_OFFICER))


def test_word_of_a_review_of_no_question_of_ours_changes_nothing(supervised: Federation):
    send(supervised, BERGENIA, ALDOVA, QuestionReviewed(question="unknown", outcome=Outcome.NO_RECORD))
    assert why_not(supervised, ALDOVA, "unknown") == ["no question of ours is kept under that id"]


def test_the_last_day_is_kept_with_what_is_held(supervised: Federation):
    one = held_after(supervised, STOLEN)
    assert isinstance(one.until, date)
    assert one.until == supervised.time().date() + timedelta(days=limits.HELD_DAYS_MAX)
