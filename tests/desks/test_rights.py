"""A person asks about themselves: sources are consulted, two decide, and nothing is told between the lines."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from comity.domain import limits
from comity.domain.caller import Caller, Role
from comity.domain.errors import Conflict, Invalid, NotPermitted
from comity.domain.journal import Act
from comity.domain.letter import LetterParked, RightsAnswer, RightsConsultation
from comity.domain.lookup import Outcome, PersonQuery
from comity.domain.person import Person
from comity.domain.purpose import Purpose
from comity.domain.rights import (
    BlockState,
    Consultation,
    ConsultationState,
    ExtensionReason,
    IdentityProof,
    Inadmissible,
    Propagated,
    RightsGround,
    RightsKind,
    RightsRequest,
    RightsState,
    SourceWord,
)
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, HUB, Federation
from tests.desks.cast import everyone_but, found_by_ada, hit_at, send, why_not
from tests.desks.test_batches import screened
from tests.desks.test_passing import passed
from tests.federation.conftest import STOLEN, STRANGER, WANTED, row, stolen_passport, wanted_person

RESTRICTED = SourceWord(disclose=False, note="the investigation is secret")
HOLDER = PersonQuery(name="Ivo Fictus", document_number="B1234567", document_country="XB")


@pytest.fixture(scope="module")
def shared(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Federation]:
    folder = tmp_path_factory.mktemp("lasting") / "federation"
    shutil.copytree(furnished, folder)
    opened = Federation(folder)
    yield opened
    opened.close()


@pytest.fixture
def lasting(shared: Federation) -> Iterator[Federation]:
    """For requests that leave all records as they are; requests of others stand there too."""
    began = shared.time()
    yield shared
    shared.time.now = began


def first(federation: Federation, node: str) -> Caller:
    return federation[node].operator("first")


def second(federation: Federation, node: str) -> Caller:
    return federation[node].operator("second")


def admitted(
    federation: Federation,
    person: PersonQuery = WANTED,
    kind: RightsKind = RightsKind.ACCESS,
    node: str = BERGENIA,
    text: str = "I was never there.",
) -> RightsRequest:
    desk, caller = federation[node].rights, first(federation, node)
    request = desk.receive(kind, person, text, False, caller)
    return desk.admit(request.id, IdentityProof.SEEN_IN_PERSON, False, caller)


def concern(federation: Federation, request: RightsRequest, record: str, node: str = BERGENIA) -> Consultation:
    found = federation[node].rights.concern(request.id, record, first(federation, node))
    federation.post()
    return found


def give_word(federation: Federation, consultation: str, word: SourceWord, node: str = BERGENIA) -> None:
    federation[node].consultations.propose(consultation, word, first(federation, node))
    federation[node].consultations.confirm(consultation, second(federation, node))
    federation.post()


def decide(federation: Federation, request: RightsRequest, node: str = BERGENIA, **what: Any) -> RightsRequest:
    told = {"granted": (), "ground": None, "reason": "looked into", **what}
    federation[node].rights_decisions.propose(request.id, caller=first(federation, node), **told)
    decided = federation[node].rights_decisions.confirm(request.id, second(federation, node))
    federation.post()
    return decided


def wait(federation: Federation, node: str = BERGENIA, letters: bool = False) -> None:
    """Until replies may leave; where letters follow, everyone has a fresh directory."""
    federation.time.pass_by(days=limits.CONSULTATION_DAYS)
    if letters:
        federation.follow()
    federation[node].rights.tend()


def shown(federation: Federation, request: RightsRequest, node: str = BERGENIA) -> Any:
    return federation[node].rights.show(request.id, first(federation, node))


def at(federation: Federation, node: str, consultation: str) -> Consultation | None:
    with federation[node].store.reading() as tx:
        return tx.rights.consultation(consultation)


def record_of(federation: Federation, collection: str, reference: str) -> str:
    return federation.record(BERGENIA, collection, reference).header.id


def outcomes(federation: Federation, query: Any = STOLEN) -> set[str]:
    """What Ada and Ben are told by the hub and by Bergenia."""
    answers = [federation.answer_of(source, federation.ask("ada", query)) for source in (HUB, BERGENIA)]
    own = federation.answer_of(BERGENIA, federation.ask("ben", query))
    return {one.outcome.value for one in (*answers, own)}


# -- the reply --------------------------------------------------------------------------------------------------------


def test_the_reply_is_the_same_whether_something_is_held_or_nothing(lasting: Federation):
    held, nothing = admitted(lasting), admitted(lasting, STRANGER)
    own = lasting[BERGENIA].rights.search(held.id, first(lasting, BERGENIA))
    assert [(one.reference, one.held) for one in own] == [("P-1", "own")]
    assert lasting[BERGENIA].rights.search(nothing.id, first(lasting, BERGENIA)) == []
    give_word(lasting, concern(lasting, held, own[0].record).id, RESTRICTED)
    wait(lasting)
    replies = [decide(lasting, one).reply.replace(one.id, "N").encode() for one in (held, nothing)]
    assert replies[0] == replies[1]
    assert b"neither confirmed nor denied" in replies[0]


def test_what_a_source_restricts_changes_nothing_in_what_others_let_be_told(lasting: Federation):
    told = SourceWord(disclose=True, told="A passport of yours is reported stolen.")
    alone, beside = admitted(lasting, HOLDER), admitted(lasting, HOLDER)
    passport, person = record_of(lasting, "sltd", "D-1"), record_of(lasting, "nominals", "P-1")
    for request in (alone, beside):
        give_word(lasting, concern(lasting, request, passport).id, told)
    give_word(lasting, concern(lasting, beside, person).id, RESTRICTED)
    wait(lasting)
    replies = [decide(lasting, one).reply.replace(one.id, "N").encode() for one in (alone, beside)]
    assert replies[0] == replies[1]
    assert b"- A passport of yours is reported stolen." in replies[0]


def test_access_tells_to_whom_it_was_told_and_of_a_restricted_record_not_even_that(lasting: Federation):
    lasting.ask("ada", WANTED, Purpose.BORDER_CONTROL)
    asked_on = f"{lasting.time():%Y-%m-%d}"
    open_, shut = admitted(lasting), admitted(lasting)
    person = record_of(lasting, "nominals", "P-1")
    give_word(lasting, concern(lasting, open_, person).id, SourceWord(disclose=True, told="A search for you."))
    give_word(lasting, concern(lasting, shut, person).id, RESTRICTED)
    lasting.time.pass_by(days=365 * 4)
    assert f"- {asked_on}: aldova, for border-control" in decide(lasting, open_).reply
    assert "aldova" not in decide(lasting, shut).reply


def test_a_refused_deletion_is_not_told_where_its_source_restricts(lasting: Federation):
    held, nothing = (admitted(lasting, one, RightsKind.DELETION) for one in (WANTED, STRANGER))
    give_word(lasting, concern(lasting, held, record_of(lasting, "nominals", "P-1")).id, RESTRICTED)
    wait(lasting)
    first_, second_ = decide(lasting, held, ground=RightsGround.STILL_NEEDED), decide(lasting, nothing)
    assert first_.reply.replace(held.id, "N") == second_.reply.replace(nothing.id, "N")


def test_no_reply_leaves_before_the_day_on_which_all_leave(lasting: Federation):
    request = admitted(lasting, STRANGER)
    with pytest.raises(Conflict, match="whatever is held"):
        decide(lasting, request)
    lasting.time.pass_by(days=limits.CONSULTATION_DAYS)
    decided = lasting[BERGENIA].rights_decisions.confirm(request.id, second(lasting, BERGENIA))
    assert decided.state is RightsState.DECIDED


def test_a_decision_and_a_word_need_two_persons(lasting: Federation):
    here, one = lasting[BERGENIA], first(lasting, BERGENIA)
    request = admitted(lasting)
    consultation = concern(lasting, request, record_of(lasting, "nominals", "P-1"))
    here.consultations.propose(consultation.id, RESTRICTED, one)
    here.precaution.propose(consultation.id, "it may be wrong", one)
    for act in (here.consultations.confirm, here.precaution.confirm):
        with pytest.raises(NotPermitted):
            act(consultation.id, one)
    here.consultations.confirm(consultation.id, second(lasting, BERGENIA))
    wait(lasting)
    here.rights_decisions.propose(request.id, (), None, "looked into", one)
    with pytest.raises(NotPermitted):
        here.rights_decisions.confirm(request.id, one)


# -- clocks and admission ---------------------------------------------------------------------------------------------


def test_access_has_four_months_and_deletion_nine_from_admission(lasting: Federation):
    lasting.time.now = datetime.fromisoformat("2031-10-31T12:00:00+00:00")
    days = [f"{admitted(lasting, kind=kind).due_at:%Y-%m-%d}" for kind in RightsKind]
    assert days == ["2032-02-29", "2032-07-31", "2032-07-31"]


def test_the_time_is_extended_once_and_its_end_is_noted(lasting: Federation):
    request, desk, caller = admitted(lasting), lasting[BERGENIA].rights, first(lasting, BERGENIA)
    longer = desk.extend(request.id, ExtensionReason.COMPLEX, caller)
    assert longer.due_at > request.due_at
    with pytest.raises(Conflict):
        desk.extend(request.id, ExtensionReason.COMPLEX, caller)
    lasting.time.now = longer.due_at
    assert desk.tend() >= 1
    assert desk.tend() == 0
    noted = [one for one in lasting.journal(BERGENIA) if one.subject == request.id]
    assert [one.act for one in noted].count(Act.RIGHTS_OVERDUE) == 1
    assert "escalated" in shown(lasting, request).clock


def test_nobody_is_admitted_without_identity_attorney_and_a_summary(lasting: Federation):
    desk, caller = lasting[BERGENIA].rights, first(lasting, BERGENIA)
    by_attorney = desk.receive(RightsKind.ACCESS, WANTED, "", True, caller)
    unsaid = desk.receive(RightsKind.DELETION, WANTED, " ", False, caller)
    for request in (by_attorney, unsaid):
        with pytest.raises(Conflict):
            desk.admit(request.id, IdentityProof.CERTIFIED_COPY, False, caller)
        with pytest.raises(Conflict):
            desk.search(request.id, caller)  # nothing is looked for before
    assert desk.admit(by_attorney.id, IdentityProof.CERTIFIED_COPY, True, caller).state is RightsState.ADMITTED
    turned = desk.turn_away(unsaid.id, Inadmissible.NOTHING_STATED, caller)
    assert (turned.state, turned.due_at) == (RightsState.NOT_ADMITTED, None)


def test_only_who_decides_on_rights_may(lasting: Federation):
    other = everyone_but(Role.DATA_PROTECTION_OFFICER, Role.SUPERVISOR, Role.REVIEWER, bureau=BERGENIA)
    here = lasting[BERGENIA]
    for act in (
        lambda: here.rights.receive(RightsKind.ACCESS, WANTED, "", False, other),
        lambda: here.rights.search("r", other),
        lambda: here.consultations.confirm("c", other),
        lambda: here.precaution.confirm("c", other),
        lambda: here.rights_decisions.confirm("r", other),
    ):
        with pytest.raises(NotPermitted):
            act()


# -- consultation by letter -------------------------------------------------------------------------------------------


def test_a_source_elsewhere_is_asked_by_letter_and_its_word_decides(federation: Federation):
    passport = record_of(federation, "sltd", "D-1")
    request = admitted(federation, HOLDER, node=HUB)
    [candidate] = federation[HUB].rights.search(request.id, first(federation, HUB))
    assert (candidate.record, candidate.owner, candidate.held) == (passport, BERGENIA, "copy")
    consultation = concern(federation, request, passport, node=HUB)
    assert at(federation, BERGENIA, consultation.id).said == request.said
    send(
        federation, CORVIA, HUB, RightsAnswer(consultation=consultation.id, word=SourceWord(disclose=True, told="all"))
    )
    assert at(federation, HUB, consultation.id).word is None
    give_word(federation, consultation.id, SourceWord(disclose=True, told="Your passport is reported stolen."))
    wait(federation, HUB, letters=True)
    assert "- Your passport is reported stolen." in decide(federation, request, node=HUB).reply
    late = RightsAnswer(consultation=consultation.id, word=RESTRICTED)
    send(federation, BERGENIA, HUB, late)
    assert at(federation, HUB, consultation.id).word != RESTRICTED
    assert len(why_not(federation, HUB, consultation.id)) == 2


def test_silence_lets_nothing_be_told(federation: Federation):
    request = admitted(federation, HOLDER, node=HUB)
    consultation = concern(federation, request, record_of(federation, "sltd", "D-1"), node=HUB)
    federation[BERGENIA].consultations.propose(
        consultation.id, SourceWord(disclose=True, told="Yours."), first(federation, BERGENIA)
    )
    wait(federation, HUB, letters=True)
    assert at(federation, HUB, consultation.id).state is ConsultationState.SILENT
    assert "told the following" not in decide(federation, request, node=HUB).reply


def test_whoever_was_not_told_of_a_record_learns_nothing_by_asking(lasting: Federation):
    there = record_of(lasting, "nominals", "P-1")
    by = lasting.time()
    for number, record in enumerate((there, "no-such-record")):
        body = RightsConsultation(consultation=f"c-{number}", record=record, asks=RightsKind.ACCESS, by=by)
        send(lasting, CORVIA, BERGENIA, body)
        assert at(lasting, BERGENIA, f"c-{number}") is None
    assert why_not(lasting, BERGENIA, "c-0") == why_not(lasting, BERGENIA, "c-1")


def test_a_node_that_knows_no_such_letter_is_seen_to_have_read_nothing(lasting: Federation):
    request = admitted(lasting, HOLDER, node=HUB)
    consultation = lasting[HUB].rights.concern(request.id, record_of(lasting, "sltd", "D-1"), first(lasting, HUB))
    parked = LetterParked(letter=consultation.letter, unknown_kind="rights-consultation")
    send(lasting, CORVIA, HUB, parked)
    assert at(lasting, HUB, consultation.id).state is ConsultationState.ASKED
    send(lasting, BERGENIA, HUB, parked)
    assert at(lasting, HUB, consultation.id).state is ConsultationState.UNREAD


# -- block, deletion, correction --------------------------------------------------------------------------------------


def blocked(federation: Federation, kind: RightsKind, record: str, person: PersonQuery) -> RightsRequest:
    request = admitted(federation, person, kind)
    consultation = concern(federation, request, record)
    federation[BERGENIA].precaution.propose(consultation.id, "it may be wrong", first(federation, BERGENIA))
    federation[BERGENIA].precaution.confirm(consultation.id, second(federation, BERGENIA))
    federation.post()
    return request


def test_a_blocked_record_is_found_nowhere_until_its_block_ends(federation: Federation):
    hit = found_by_ada(federation)
    assert outcomes(federation) == {"hit"}
    request = blocked(federation, RightsKind.DELETION, record_of(federation, "sltd", "D-1"), HOLDER)
    assert outcomes(federation) == {"no-record"}
    assert hit_at(federation, ALDOVA, hit).state == "denied"  # nobody acts on it meanwhile
    federation.enter(BERGENIA, "sltd", [row("D-1", stolen_passport())])  # handed in once more
    assert outcomes(federation) == {"no-record"}
    [one] = shown(federation, request).consultations
    assert shown(federation, request).propagated == (Propagated(record=one.record, holder=HUB, acknowledged=True),)
    federation[BERGENIA].precaution.release(one.id, "it is right", first(federation, BERGENIA))
    federation.post()
    assert outcomes(federation) == {"hit"}
    assert at(federation, BERGENIA, one.id).block is BlockState.RELEASED


def test_a_deletion_reaches_every_copy_and_each_holder_acknowledges(federation: Federation):
    request = admitted(federation, HOLDER, RightsKind.DELETION)
    one = concern(federation, request, record_of(federation, "sltd", "D-1"))
    give_word(federation, one.id, SourceWord(disclose=True, agrees=True, told="A passport"))
    wait(federation, letters=True)
    decided = decide(federation, request, granted=(one.record,))
    assert "- A passport: has been deleted" in decided.reply
    assert outcomes(federation) == {"no-record"}
    assert {copy.acknowledged for copy in shown(federation, request).propagated} == {True}


def test_the_hub_deletes_its_own_copy_by_its_own_decision(federation: Federation):
    passport = record_of(federation, "sltd", "D-1")
    request = admitted(federation, HOLDER, RightsKind.DELETION, node=HUB)
    consultation = concern(federation, request, passport, node=HUB)
    federation[HUB].precaution.propose(consultation.id, "it may be wrong", first(federation, HUB))
    federation[HUB].precaution.confirm(consultation.id, second(federation, HUB))
    found = federation.answer_of(HUB, federation.ask("ada", STOLEN))
    assert found.outcome is Outcome.NO_RECORD
    wait(federation, HUB, letters=True)
    decide(federation, request, node=HUB, granted=(passport,))
    assert federation.answer_of(HUB, federation.ask("ada", STOLEN)).outcome is Outcome.NO_RECORD
    with federation[HUB].store.reading() as tx:
        assert tx.records.apart(passport) is None


def test_what_an_owner_told_us_is_found_deleted_and_taken_back_from_whoever_had_it_from_us(federation: Federation):
    record, passing = passed(federation)
    request = admitted(federation, WANTED, RightsKind.DELETION, ALDOVA)
    [found] = federation[ALDOVA].rights.search(request.id, first(federation, ALDOVA))
    assert (found.record, found.owner, found.held) == (record, BERGENIA, "found")
    consultation = concern(federation, request, record, ALDOVA)
    give_word(federation, consultation.id, SourceWord(disclose=False, agrees=True))
    wait(federation, ALDOVA, letters=True)
    decided = decide(federation, request, ALDOVA, granted=(record,))
    assert "deleted" not in decided.reply.partition("\n\n")[2]
    with federation[ALDOVA].store.reading() as tx:
        assert [
            one for hit in tx.hits.of_record(record) if (one := tx.kept.late(hit.id, federation.time().date()))
        ] == []
    assert shown(federation, request, ALDOVA).propagated == (
        Propagated(record=record, holder=CORVIA, acknowledged=True),
    )
    with federation[CORVIA].store.reading() as tx:
        assert tx.passings.content(passing) is None


def test_what_waits_in_the_queue_of_a_list_is_found_too(lasting: Federation):
    screened(lasting, (STOLEN,))
    request = admitted(lasting, HOLDER, node=ALDOVA)
    found = lasting[ALDOVA].rights.search(request.id, first(lasting, ALDOVA))
    assert [(one.record, one.held) for one in found] == [(record_of(lasting, "sltd", "D-1"), "found")]
    assert concern(lasting, request, found[0].record, ALDOVA).owner == BERGENIA


def test_a_correction_goes_to_every_holder_and_whoever_saw_what_was_wrong_hears_so(federation: Federation):
    hit = federation.answer_of(BERGENIA, federation.ask("ada", WANTED)).findings[0].hit
    person = record_of(federation, "nominals", "P-1")
    request = admitted(federation, WANTED, RightsKind.CORRECTION)
    concern(federation, request, person)
    right = msgspec.structs.replace(wanted_person(), births=("1973-03-09",))
    wait(federation, letters=True)
    decide(federation, request, granted=(person,), corrected=right)
    stands = federation.record(BERGENIA, "nominals", "P-1")
    assert isinstance(stands.subject, Person)
    assert stands.subject.births == ("1973-03-09",)
    with federation[ALDOVA].store.reading() as tx:
        assert tx.hits.get(hit).state == "denied"


def test_what_is_decided_fits_what_was_asked(lasting: Federation):
    person = record_of(lasting, "nominals", "P-1")
    access, deletion = admitted(lasting), admitted(lasting, kind=RightsKind.DELETION)
    for request in (access, deletion):
        concern(lasting, request, person)
    for request, wrong in (
        (access, {"granted": (person,)}),
        (deletion, {}),  # neither granted nor a ground
        (deletion, {"granted": (person,), "ground": RightsGround.SAFETY}),
        (deletion, {"granted": ("another",), "ground": RightsGround.SAFETY}),
        (deletion, {"granted": (person,), "corrected": wanted_person()}),
    ):
        with pytest.raises(Invalid):
            decide(lasting, request, **wrong)


def test_only_its_source_corrects_a_record(lasting: Federation):
    request = admitted(lasting, HOLDER, RightsKind.CORRECTION, HUB)
    passport = record_of(lasting, "sltd", "D-1")
    lasting[HUB].rights.concern(request.id, passport, first(lasting, HUB))
    with pytest.raises(Conflict, match="Only its source"):
        decide(lasting, request, HUB, granted=(passport,), corrected=stolen_passport("X1"))


# -- afterwards -------------------------------------------------------------------------------------------------------


def test_a_publication_names_nobody_and_tells_no_more_than_the_person_was_told(lasting: Federation):
    request = admitted(lasting, kind=RightsKind.DELETION)
    person = record_of(lasting, "nominals", "P-1")
    give_word(lasting, concern(lasting, request, person).id, RESTRICTED)
    wait(lasting)
    decide(lasting, request, ground=RightsGround.STILL_NEEDED)
    desk, caller = lasting[BERGENIA].rights_decisions, first(lasting, BERGENIA)
    for telling in ("Mr SOROKIN asked.", "Born on 1971-03-09.", f"Record {person}.", "It is bergenia's."):
        with pytest.raises(Invalid):
            desk.publish(request.id, telling, caller)
    published = desk.publish(request.id, "A request for deletion was examined.", caller)
    assert (published.outcome, published.ground, published.in_time) == ("", None, True)
    assert desk.published(caller) == [published]


def test_its_papers_are_destroyed_when_their_time_is_over(lasting: Federation):
    request = admitted(lasting, STRANGER)
    wait(lasting)
    decide(lasting, request)
    lasting.time.pass_by(days=366 * limits.RIGHTS_YEARS_KEPT)
    assert lasting[BERGENIA].rights.expire() >= 1
    with lasting[BERGENIA].store.reading() as tx:
        left = tx.rights.get(request.id)
    assert (left.state, left.person, left.said, left.reply) == (RightsState.EMPTIED, None, "", "")


def test_the_journal_of_a_request_never_names_the_person(lasting: Federation):
    request = admitted(lasting)
    concern(lasting, request, record_of(lasting, "nominals", "P-1"))
    entries = [one for one in lasting.journal(BERGENIA) if one.subject == request.id]
    assert [one.act for one in entries] == [Act.RIGHTS_RECEIVED, Act.RIGHTS_ADMITTED, Act.RIGHTS_CONSULTED]
    written = msgspec.json.encode(entries).decode()
    assert "Sorokin" not in written
    assert request.said not in written
