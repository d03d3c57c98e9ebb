"""Quotas are counted where a question is answered, in the transaction that writes the answer down."""

from datetime import timedelta

import pytest

from comity.desks.lookup_notes import decisions
from comity.domain.circumstances import StatedOffence
from comity.domain.errors import Replayed
from comity.domain.journal import Act
from comity.domain.lookup import Outcome, PersonQuery, Question, SourceAnswer
from comity.domain.purpose import Purpose
from comity.law.replay import differences, replay
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, HUB, Federation
from tests.desks.cast import changed, no_request
from tests.desks.test_lookups import answered, question
from tests.federation.conftest import WANTED

TREATY = b"""
id = "treaty"
title = "Treaty with a Measure"
source = "Fictitious"
parties = ["XA", "XB", "XC"]
in_force_from = 2024-01-01

[[clauses]]
id = "art-1"
title = "So many and no more"
effect = "permit"
text = "In a security check each party may ask two questions in three days."
categories = ["persons"]
purposes = ["security-check"]
reply = "core"
quota = { questions = 2, days = 3 }
"""
NOBODY = PersonQuery(name="Nobody Atall", birth="1970-01-01")


@pytest.fixture
def signed(federation: Federation) -> Federation:
    federation.publish(("treaty.toml", TREATY))
    return federation


def checked(federation: Federation, number: int, asker: str = ALDOVA, query: PersonQuery = WANTED) -> SourceAnswer:
    return answered(federation, BERGENIA, security_check(federation, number, asker, query))


def security_check(federation: Federation, number: int, asker: str = ALDOVA, query: PersonQuery = WANTED) -> Question:
    return changed(question(federation, number, asker, query), purpose=Purpose.SECURITY_CHECK)


def test_past_the_quota_the_question_is_refused_with_its_clause_until_the_days_are_over(signed: Federation):
    assert checked(signed, 61).outcome is Outcome.HIT
    assert checked(signed, 62, query=NOBODY).outcome is Outcome.NO_RECORD, "that nothing was found counts too"
    told = checked(signed, 63)
    assert told.outcome is Outcome.REFUSED
    assert told.reason is not None
    assert told.reason.clause == "treaty art-1"
    assert "up to 2 times in 3 days" in told.reason.text
    assert "asked as many already" in told.reason.text
    assert checked(signed, 64, CORVIA).outcome is Outcome.HIT, "each party has its own"
    signed.time.pass_by(days=2)
    assert checked(signed, 65).outcome is Outcome.REFUSED
    signed.time.pass_by(days=1)
    assert checked(signed, 66).outcome is Outcome.HIT


def test_a_refusal_past_the_quota_stands_in_the_journal_and_is_decided_again_the_same(signed: Federation):
    for number in (61, 62, 63):
        checked(signed, number)
    entry = [one for one in signed.journal(BERGENIA) if one.act is Act.LOOKUP_REFUSED][-1]
    (taken,) = decisions(entry)
    assert taken.request.circumstances.asked == {"treaty art-1": 2}
    desk, digests = signed[BERGENIA].agreements, taken.decision.digests
    again = replay(taken, desk.texts(digests), desk.published(digests))
    assert not differences(taken.decision, again)


def test_each_question_of_a_list_counts_before_the_next_is_decided(signed: Federation):
    member = signed[HUB].members.directory().member(ALDOVA)
    questions = [security_check(signed, number) for number in range(61, 65)]
    answers = signed[BERGENIA].answering.answer_many(questions, member, no_request)
    assert [one.outcome for one in answers] == [Outcome.HIT, Outcome.HIT, Outcome.REFUSED, Outcome.REFUSED]


def test_what_is_not_answered_is_not_counted(signed: Federation):
    """The count stands or falls with the answer's entry in the journal."""
    member = signed[HUB].members.directory().member(ALDOVA)

    def came_twice(tx: object) -> None:
        raise Replayed("It came before.")

    for number in (61, 62, 63):
        with pytest.raises(Replayed):
            signed[BERGENIA].answering.answer(security_check(signed, number), member, came_twice)
    assert checked(signed, 64).outcome is Outcome.HIT
    assert counts(signed) == {"treaty art-1": 1}


def test_a_question_that_no_clause_with_a_quota_permits_is_not_counted(signed: Federation):
    offence = StatedOffence(code="robbery", penalty_max_months=120)
    wanted = changed(question(signed, 61, query=WANTED), purpose=Purpose.WANTED_PERSONS, offence=offence)
    assert answered(signed, BERGENIA, wanted).outcome is Outcome.HIT
    assert counts(signed) == {"treaty art-1": 0}


def test_the_asker_asks_though_it_cannot_know_how_much_it_has_left(signed: Federation):
    told = signed.answer_of(BERGENIA, signed.ask("ada", WANTED, Purpose.SECURITY_CHECK))
    assert told.outcome is Outcome.HIT
    assert told.receipt is not None


def test_counts_that_no_quota_looks_at_any_more_are_erased(signed: Federation):
    checked(signed, 61)
    signed.time.pass_by(days=2)
    assert signed[BERGENIA].quotas.expire() == 0
    signed.time.pass_by(days=1)
    assert signed[BERGENIA].quotas.expire() == 1


def counts(federation: Federation) -> dict[str, int]:
    with federation[BERGENIA].store.reading() as tx:
        return tx.quotas.asked("XA", {"treaty art-1": federation.time().date() - timedelta(days=2)})
