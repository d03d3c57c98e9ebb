"""What the shelves hold on a question: decided before it is searched, found by every spelling, within limits."""

from typing import Any

import msgspec
import pytest

from comity.domain import limits
from comity.domain.bureau import Standing
from comity.domain.caller import Asker, Role
from comity.domain.lookup import DocumentQuery, Outcome, PersonQuery, Question, VehicleQuery
from comity.domain.person import Sex
from comity.domain.purpose import Purpose
from comity.matching.thresholds import prior
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, HUB, Federation
from tests.desks.cast import no_request
from tests.federation.conftest import STOLEN, UNKNOWN, WANTED, row, stolen_car, wanted_person


def test_a_plate_by_three_letters_of_its_country_is_found(standing: Federation):
    for country in ("XB", "XBE", "xb", " xb "):
        answer = standing.ask("ada", VehicleQuery(plate="BE 123 XY", plate_country=country))
        assert {one.source: one.outcome for one in answer.sources} == {
            ALDOVA: Outcome.NO_RECORD,
            HUB: Outcome.HIT,
            BERGENIA: Outcome.HIT,
        }


def test_a_document_by_two_letters_of_its_issuer_is_found(standing: Federation):
    answer = standing.ask("ada", DocumentQuery(country="xb", number="b1234567"))
    assert standing.answer_of(HUB, answer).outcome is Outcome.HIT


def test_who_may_be_told_nothing_is_refused_without_a_search(standing: Federation, monkeypatch: pytest.MonkeyPatch):
    def searched(*_: Any) -> Any:
        raise AssertionError("it was searched")

    search = standing[BERGENIA].lookups.search
    monkeypatch.setattr(search, "_candidates", searched)
    monkeypatch.setattr("comity.desks.elsewhere.Elsewhere._best_decision", lambda *_: None)
    refused = standing.answer_of(BERGENIA, standing.ask("ada", WANTED, Purpose.SECURITY_CHECK))
    assert refused.outcome is Outcome.REFUSED
    assert refused.reason.clause


def test_whoever_entered_a_record_needs_no_agreement_with_itself(standing: Federation):
    answer = standing.ask("ben", STOLEN, Purpose.CRIMINAL_INVESTIGATION)
    found = standing.answer_of(HUB, answer).findings
    assert [one.clauses[0] for one in found] == ["organisation own-record"]


def test_a_node_answers_for_all_whose_records_it_might_hold_whether_or_not_it_does(standing: Federation):
    """Or a refusal would tell who has entered something."""
    for node, query, owners in (
        (HUB, STOLEN, {ALDOVA, BERGENIA, CORVIA}),
        (HUB, WANTED, set()),
        (CORVIA, STOLEN, {CORVIA}),
        (CORVIA, WANTED, {CORVIA}),
    ):
        with standing[node].store.reading() as tx:
            found = standing[node].lookups.search._owners(tx, query)
        assert {source for _, source, _ in found} == owners
    # Where nobody could have entered anything, nobody refuses.
    assert standing.answer_of(HUB, standing.ask("ada", WANTED, Purpose.SECURITY_CHECK)).outcome is Outcome.NO_RECORD


def test_where_nothing_is_held_the_work_of_withholding_is_done_for_nothing(
    standing: Federation, monkeypatch: pytest.MonkeyPatch
):
    """Or an answer that comes sooner would tell that nothing is withheld."""
    done: list[str] = []
    monkeypatch.setattr("comity.desks.search.decoy", lambda _, asked, compare, book, weighed: done.append(asked.id))
    question = standing.ask("ada", UNKNOWN).question
    assert done == [question] * 3  # Aldova, the hub, Bergenia
    done.clear()
    standing.ask("ben", STOLEN)
    assert done == []


def test_no_more_findings_than_their_number_and_their_size_allow(
    federation: Federation, monkeypatch: pytest.MonkeyPatch
):
    federation.enter(BERGENIA, "smv", [row(f"V-{one}", stolen_car(), line=one) for one in range(2, 9)])
    federation.post()
    query = VehicleQuery(plate="BE 123 XY", plate_country="XB")
    whole = federation.answer_of(HUB, federation.ask("ada", query))
    assert (len(whole.findings), whole.more) == (8, False)
    monkeypatch.setattr(limits, "FINDINGS_PER_SOURCE_MAX", 7)
    assert (len(cut := federation.answer_of(HUB, federation.ask("ada", query)).findings), bool(cut)) == (7, True)
    size = len(msgspec.json.encode(whole.findings[0]))
    monkeypatch.setattr(limits, "FINDINGS_BYTES_PER_SOURCE_MAX", 3 * size + size // 2)
    small = federation.answer_of(HUB, federation.ask("ada", query))
    assert (len(small.findings), small.more) == (3, True)


def test_the_likest_comes_first(federation: Federation):
    other = msgspec.structs.replace(wanted_person(), births=("1971-03",), names=wanted_person().names[1:])
    federation.enter(BERGENIA, "nominals", [row("P-0", other)])
    answer = federation.ask("ada", PersonQuery(name="Ivan Sorokin", birth="1971-03-09"))
    found = federation.answer_of(BERGENIA, answer).findings
    assert len(found) == 2
    assert found[0].match.probability >= found[1].match.probability


def outcome(federation: Federation, query: PersonQuery, purpose: Purpose) -> Outcome:
    return federation.answer_of(BERGENIA, federation.ask("ada", query, purpose)).outcome


def test_at_a_border_a_name_that_is_only_near_is_told_with_the_date_of_birth(standing: Federation):
    near, dated = PersonQuery(name="Iwan Sorokyn"), PersonQuery(name="Iwan Sorokyn", birth="1971-03-09")
    assert outcome(standing, near, Purpose.WANTED_PERSONS) is Outcome.HIT
    assert outcome(standing, near, Purpose.BORDER_CONTROL) is Outcome.NO_RECORD
    assert outcome(standing, dated, Purpose.BORDER_CONTROL) is Outcome.HIT


def test_persons_are_found_by_wildcards_by_sound_and_without_a_name(standing: Federation):
    for query in (
        PersonQuery(name="Iv* Sorok?n", wildcard=True),
        PersonQuery(name="Yvan Sorogin", sounds_like=True),
        PersonQuery(birth="1971-03-09", sex=Sex.MALE),
    ):
        assert outcome(standing, query, Purpose.WANTED_PERSONS) is Outcome.HIT
    for query in (
        PersonQuery(name="Iv* Sorok?", wildcard=True),
        PersonQuery(name="Olga Sorogin", sounds_like=True),
        PersonQuery(birth="1971-03-09", sex=Sex.FEMALE),
    ):
        assert outcome(standing, query, Purpose.WANTED_PERSONS) is Outcome.NO_RECORD


def test_the_prior_of_an_answer_follows_from_purpose_and_size(standing: Federation):
    match = standing.answer_of(BERGENIA, standing.ask("ada", WANTED, Purpose.WANTED_PERSONS)).findings[0].match
    assert match.bits - sum(line.bits for line in match.fields) == pytest.approx(prior(1, Purpose.WANTED_PERSONS))


def test_a_member_that_is_suspended_gets_not_even_its_own_record(standing: Federation):
    member = standing[HUB].members.directory().member(BERGENIA)
    asker = Asker(bureau=BERGENIA, country="XB", unit="headquarters", officer="1", roles=(Role.OFFICER,))
    asked = Question(
        id="q", query=STOLEN, purpose=Purpose.BORDER_CONTROL, case="T-1", asker=asker, asked_at=standing.time()
    )
    suspended = msgspec.structs.replace(member, standing=Standing.SUSPENDED)
    assert standing[HUB].answering.answer(asked, suspended, no_request).outcome is Outcome.REFUSED
