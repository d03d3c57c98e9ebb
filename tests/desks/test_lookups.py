"""Asking and answering: who is asked, who is shown as silent, and that no answer hides from its owner."""

import threading
from typing import Any

import msgspec
import pytest

from comity.domain.bureau import Standing
from comity.domain.caller import Asker, Caller, Role
from comity.domain.circumstances import EntityKind
from comity.domain.errors import Conflict, Invalid, NotPermitted, Unavailable
from comity.domain.hit import HitState, Side
from comity.domain.journal import Act
from comity.domain.lookup import (
    FirearmQuery,
    LookupRequest,
    Outcome,
    PersonQuery,
    Query,
    Question,
    SourceAnswer,
    VehicleQuery,
    VesselQuery,
)
from comity.domain.purpose import Purpose
from comity.domain.reply import ReplyLevel
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, HUB, Federation
from tests.desks.cast import as_, found_by_ada, hit_at, no_request, only_the_hub_answers_ada, put_hit
from tests.federation.conftest import CAR, STOLEN, UNKNOWN, WANTED

QUESTION = "019d0000-0000-7000-8000-00000000000{}"


def question(federation: Federation, number: int, asker: str = ALDOVA, query: Query = STOLEN) -> Question:
    country = {ALDOVA: "XA", CORVIA: "XC"}[asker]
    who = Asker(bureau=asker, country=country, unit="headquarters", officer="1", roles=(Role.OFFICER,))
    return Question(
        id=QUESTION.format(number),
        query=query,
        purpose=Purpose.BORDER_CONTROL,
        case="T-1",
        asker=who,
        asked_at=federation.time(),
    )


def answered(federation: Federation, node: str, asked: Question) -> SourceAnswer:
    member = federation[HUB].members.directory().member(asked.asker.bureau)
    return federation[node].answering.answer(asked, member, no_request)


def outcomes(federation: Federation, login: str, query: Query) -> dict[str, Outcome]:
    sources = federation.ask(login, query).sources
    found = {one.source: one.outcome for one in sources}
    assert len(found) == len(sources)
    return found


def ask_as(federation: Federation, caller: Caller, query: Query = STOLEN, **more: Any) -> Any:
    request = LookupRequest(query=query, purpose=Purpose.BORDER_CONTROL, case="T-1", **more)
    return federation[ALDOVA].lookups.ask(request, caller)


# -- asking -----------------------------------------------------------------------------------------------------------


def test_a_system_must_name_its_officer_whatever_it_was_let_in_with(standing: Federation):
    for blank in ("", " "):
        with pytest.raises(Invalid, match="name the officer"):
            ask_as(standing, as_([Role.SYSTEM], on_behalf_of=blank))
    assert ask_as(standing, as_([Role.SYSTEM], on_behalf_of="ada")).sources
    assert ask_as(standing, as_([Role.SYSTEM]), on_behalf_of="ada").sources
    named = [one.details.get("on_behalf_of") for one in standing.journal(ALDOVA) if one.act is Act.LOOKUP_ASKED]
    assert named[-2:] == ["ada", "ada"]


def test_whoever_may_not_ask_is_refused_before_anything_leaves_and_it_is_written_down(standing: Federation):
    before = len(standing.journal(HUB))
    with pytest.raises(NotPermitted) as refused:
        ask_as(standing, as_([Role.AUDITOR]))
    assert refused.value.clauses
    last = standing.journal(ALDOVA)[-1]
    assert (last.act, last.outcome, last.clauses) == (Act.LOOKUP_REFUSED, "refused", refused.value.clauses)
    assert len(standing.journal(HUB)) == before


def test_a_node_that_does_not_know_near_numbers_is_asked_for_the_exact_one(standing: Federation, monkeypatch):
    """As one of an earlier release would: it refuses the field, before it writes anything down."""
    answer = standing[HUB].answering.answer

    def of_an_earlier_release(asked: Question, *more: Any) -> SourceAnswer:
        if asked.query.near:
            raise Invalid("Object contains unknown field `near`", do="Leave it out.")
        return answer(asked, *more)

    monkeypatch.setattr(standing[HUB].answering, "answer", of_an_earlier_release)
    near = msgspec.structs.replace(STOLEN, near=True)
    sources = {one.source: one for one in standing.ask("ada", near).sources}
    assert (sources[HUB].outcome, sources[BERGENIA].outcome) == (Outcome.HIT, Outcome.HIT)
    assert "exact number" in sources[HUB].reason.text
    assert sources[BERGENIA].reason is None
    assert sources[HUB].findings[0].match.probability == 1.0


def test_a_node_that_does_not_know_places_is_asked_without_them_and_that_is_said(standing: Federation, monkeypatch):
    answer = standing[BERGENIA].answering.answer

    def of_an_earlier_release(asked: Question, *more: Any) -> SourceAnswer:
        if asked.query.place or asked.query.wildcard or not asked.query.name:
            raise Invalid("Object contains unknown field `place`", do="Leave it out.")
        return answer(asked, *more)

    monkeypatch.setattr(standing[BERGENIA].answering, "answer", of_an_earlier_release)
    placed = standing.answer_of(BERGENIA, standing.ask("ada", msgspec.structs.replace(WANTED, place="Tepkudar")))
    assert placed.outcome is Outcome.HIT
    assert "without place" in placed.reason.text
    for query in (PersonQuery(name="Ivan* Sor*", wildcard=True), PersonQuery(birth="1971-03-09", nationality="XB")):
        assert standing.answer_of(BERGENIA, standing.ask("ada", query)).outcome is Outcome.REFUSED


def test_a_number_that_cannot_be_right_is_said_to_be_so_beside_no_record(standing: Federation):
    def own(query: Query) -> SourceAnswer:
        return next(one for one in standing.ask("ada", query).sources if one.source == ALDOVA)

    misread = own(VehicleQuery(vin="1M8GDM9A1KP042788"))
    assert (misread.outcome, misread.reason.text) == (
        Outcome.NO_RECORD,
        "As stated it cannot be right: vin (check-digit).",
    )
    assert "near" in misread.reason.needed
    assert "near" not in own(VesselQuery(imo="9074728", near=True)).reason.needed
    assert own(VehicleQuery(vin="1M8GDM9AXKP042788")).reason is None
    assert own(VehicleQuery(vin="OLD-CHASSIS-1")).reason is None


def test_what_is_refused_otherwise_is_asked_once_more_without_what_its_node_may_not_know_and_no_more(
    standing: Federation, monkeypatch
):
    asked = []

    def refusing(question: Question, *_: Any) -> SourceAnswer:
        asked.append(question)
        raise Invalid("Nothing is well formed.", do="Correct it.")

    monkeypatch.setattr(standing[HUB].answering, "answer", refusing)
    assert outcomes(standing, "ada", STOLEN)[HUB] is Outcome.REFUSED
    assert [one.asker.entity for one in asked] == [EntityKind.BUREAU, None]


def test_only_who_may_hold_an_answer_is_asked(standing: Federation):
    assert set(outcomes(standing, "ada", STOLEN)) == {ALDOVA, HUB, BERGENIA}
    assert set(outcomes(standing, "ada", CAR)) == {ALDOVA, HUB, BERGENIA}
    assert set(outcomes(standing, "ada", CAR.__class__(vin="1M8GDM9AXKP042788"))) == {ALDOVA, HUB}
    assert set(outcomes(standing, "ada", VesselQuery(name="Petrel", flag="XB"))) == {ALDOVA, HUB, BERGENIA}
    assert set(outcomes(standing, "ada", VesselQuery(name="Petrel"))) == {ALDOVA, HUB}
    assert set(outcomes(standing, "ada", FirearmQuery(serial="KL004711"))) == {ALDOVA, HUB}
    assert set(outcomes(standing, "ada", WANTED)) == {ALDOVA, HUB, BERGENIA, CORVIA}


def test_a_source_that_breaks_in_an_unforeseen_way_is_silent(federation: Federation, monkeypatch: pytest.MonkeyPatch):
    def broken(*_: Any) -> Any:
        raise RuntimeError("B1234567")

    monkeypatch.setattr("comity.peers.ask.MemberSource.ask", broken)
    told = federation.answer_of(HUB, federation.ask("ada", STOLEN))
    assert (told.outcome, told.reason.text) == (Outcome.SILENT, "Its answer could not be taken (RuntimeError).")


def test_whoever_is_slower_than_the_limit_is_silent(federation: Federation, monkeypatch: pytest.MonkeyPatch):
    enough = threading.Event()
    monkeypatch.setattr("comity.peers.ask.MemberSource.ask", lambda *_: enough.wait(20))
    monkeypatch.setattr(federation[ALDOVA].elsewhere, "answer_within_seconds", 0.05)
    told = federation.answer_of(HUB, federation.ask("ada", STOLEN))
    enough.set()
    assert (told.outcome, told.reason.text) == (Outcome.SILENT, "No answer within 0.05 seconds.")


def test_an_answer_that_cannot_be_taken_is_shown_as_silence(federation: Federation, monkeypatch: pytest.MonkeyPatch):
    def without_receipt(source: Any, asked: Question, _: float) -> SourceAnswer:
        return SourceAnswer(source=source.name, question=asked.id, outcome=Outcome.NO_RECORD)

    monkeypatch.setattr("comity.peers.ask.MemberSource.ask", without_receipt)
    told = federation.answer_of(HUB, federation.ask("ada", STOLEN))
    assert told.outcome is Outcome.SILENT
    assert "written down" in told.reason.text


def test_a_refusal_is_shown_with_what_it_says(federation: Federation, monkeypatch: pytest.MonkeyPatch):
    def refusing(*_: Any) -> Any:
        raise NotPermitted("Not this.", do="Do that.", clauses=("a art-1", "b art-2"))

    monkeypatch.setattr("comity.peers.ask.MemberSource.ask", refusing)
    reason = federation.answer_of(HUB, federation.ask("ada", STOLEN)).reason
    assert (reason.clause, reason.text, reason.needed) == ("a art-1, b art-2", "Not this.", "Do that.")


def test_whoever_cannot_be_asked_is_shown_as_silent_with_the_reason(federation: Federation):
    federation.measure(BERGENIA, Standing.SUSPENDED, "a fictitious quarrel")
    federation[ALDOVA].follower.follow_once()
    told = federation.answer_of(BERGENIA, federation.ask("ada", UNKNOWN))
    assert (told.outcome, told.reason.text) == (Outcome.SILENT, "This member is suspended and was not asked.")
    federation.time.pass_by(days=8)
    told = federation.answer_of(HUB, federation.ask("ada", UNKNOWN))
    assert told.outcome is Outcome.SILENT
    assert "directory has run out" in told.reason.text


def test_who_has_no_agreement_with_us_refuses_by_our_own_copy_and_is_not_asked(
    federation: Federation, monkeypatch: pytest.MonkeyPatch
):
    asked: list[str] = []
    monkeypatch.setattr("comity.peers.ask.MemberSource.ask", lambda source, *_: asked.append(source.name))
    refused = federation.answer_of(CORVIA, federation.ask("ada", WANTED, Purpose.SECURITY_CHECK))
    assert refused.outcome is Outcome.REFUSED
    assert refused.reason is not None
    assert CORVIA not in asked


def test_what_our_own_law_does_not_show_is_as_if_it_were_not_there(
    federation: Federation, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("comity.desks.lookups.show", lambda *_: None)
    told = federation.answer_of(HUB, federation.ask("ada", STOLEN))
    assert (told.outcome, told.findings, told.more) == (Outcome.NO_RECORD, (), False)


def test_a_hit_is_kept_as_deep_as_it_was_told_whoever_told_it_first(federation: Federation):
    lookups, asked = federation[ALDOVA].lookups, question(federation, 1)
    deep = answered(federation, BERGENIA, asked)
    bare = msgspec.structs.replace(
        deep,
        source=HUB,
        findings=tuple(
            msgspec.structs.replace(one, level=ReplyLevel.HIT, record="", reference="", collection="")
            for one in deep.findings
        ),
    )
    with federation[ALDOVA].store.transaction() as tx:
        lookups._keep_hits(tx, asked, (bare, deep))
        lookups._keep_hits(tx, asked, (bare,))
        tx.commit()
    kept = hit_at(federation, ALDOVA, deep.findings[0].hit)
    assert (kept.reference, kept.answered_by) == ("D-1", BERGENIA)


# -- answering --------------------------------------------------------------------------------------------------------


def test_a_question_that_names_anothers_id_is_not_answered(federation: Federation):
    """Corvia's lookup would stand in the owner's register as Aldova's."""
    answered(federation, HUB, question(federation, 1))
    federation.post()
    for node in (HUB, BERGENIA):  # which answered it, or was told of it
        with pytest.raises(Conflict, match="a question"):
            answered(federation, node, question(federation, 1, CORVIA))


def test_a_question_cannot_be_asked_twice_under_one_id(federation: Federation):
    """The owner would be told of the first alone."""
    for node in (HUB, BERGENIA):
        answered(federation, node, question(federation, 1))
        with pytest.raises(Conflict, match="a question"):
            answered(federation, node, question(federation, 1))


def test_an_alert_that_comes_before_the_question_does_not_stop_the_owners_answer(federation: Federation):
    asked = question(federation, 1)
    answered(federation, HUB, asked)
    federation.post()
    assert answered(federation, BERGENIA, asked).outcome is Outcome.HIT


def test_a_claim_without_an_alert_gives_way_to_our_own_answer(federation: Federation):
    told = answered(federation, BERGENIA, question(federation, 1))
    hit = hit_at(federation, BERGENIA, told.findings[0].hit)
    claim = msgspec.structs.replace(hit, asker=CORVIA, record="", reference="", collection="", question="x")
    put_hit(federation, BERGENIA, claim)
    answered(federation, BERGENIA, question(federation, 1))
    assert hit_at(federation, BERGENIA, hit.id) == hit
    # Whoever did find it keeps the clock that runs.
    waiting = msgspec.structs.replace(claim, asker=ALDOVA, state=HitState.REQUESTED)
    put_hit(federation, BERGENIA, waiting)
    answered(federation, BERGENIA, question(federation, 1))
    assert hit_at(federation, BERGENIA, hit.id).state is HitState.REQUESTED
    assert hit_at(federation, BERGENIA, hit.id).reference == "D-1"


def test_the_owner_of_its_own_record_writes_itself_no_alert(federation: Federation):
    found_by_ada(federation, BERGENIA)
    federation.post()
    alerts = [one for one in federation.journal(BERGENIA) if one.act is Act.HIT_ALERTED]
    assert alerts == []
    federation.ask("ben", STOLEN)
    assert federation.waiting() == {}


def test_the_register_has_the_answering_nodes_time_and_not_the_askers(federation: Federation):
    asked = question(federation, 1)
    federation.time.pass_by(minutes=1)
    told = answered(federation, HUB, asked)
    hit = hit_at(federation, HUB, told.findings[0].hit)
    assert (hit.found_at, hit.side) == (federation.time(), Side.ANSWERER)


def test_an_answer_is_written_down_with_the_records_it_rests_on(standing: Federation):
    told = answered(standing, HUB, question(standing, 2))
    entry = standing.journal(HUB)[-1]
    assert told.receipt.index == len(standing.journal(HUB)) - 1
    assert (entry.for_whom, entry.outcome, len(entry.records)) == (ALDOVA, "hit", 1)


def test_the_hub_alone_answering_is_still_an_answer(federation: Federation):
    answer = only_the_hub_answers_ada(federation)
    assert {one.source: one.outcome for one in answer.sources} == {
        ALDOVA: Outcome.NO_RECORD,
        HUB: Outcome.HIT,
        BERGENIA: Outcome.SILENT,
    }


def test_a_source_that_is_out_of_reach_says_so(federation: Federation, monkeypatch: pytest.MonkeyPatch):
    def silent(*_: Any) -> Any:
        raise Unavailable("It rains.")

    monkeypatch.setattr("comity.peers.ask.MemberSource.ask", silent)
    assert federation.answer_of(HUB, federation.ask("ada", STOLEN)).reason.text == "It rains."
