"""What a supervised member writes is held until somebody has looked at it; what must not wait never is."""

from datetime import timedelta
from typing import get_args

import pytest
from msgspec.structs import replace

from comity.domain import limits
from comity.domain.bureau import Standing
from comity.domain.caller import Role
from comity.domain.circumstances import Use
from comity.domain.consent import ConsentState
from comity.domain.errors import Conflict, Invalid, Missing, NotPermitted
from comity.domain.evidence import Step
from comity.domain.hit import HitState, Priority
from comity.domain.journal import Act, Entry
from comity.domain.letter import (
    Body,
    CaseMessageTranslated,
    ConfirmationAnswer,
    ConfirmationReply,
    LetterReviewed,
    RecordsShare,
    RecordsWithdraw,
)
from comity.domain.mail import Translation, Urgency
from comity.domain.operation import Left
from comity.domain.passing import PassingState
from comity.domain.purpose import Purpose
from comity.domain.record import Record, Withdrawal, WithdrawalReason, record_id
from comity.domain.supervision import HELD_KINDS, Cover, HeldState
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, HUB, Federation
from tests.desks import test_passing as passing
from tests.desks.casework import mail_at, opened, sent
from tests.desks.cast import everyone_but, found_by_ada, hit_at, send
from tests.desks.joint import joint, note, seen, stands, texts, write
from tests.desks.test_copies import of_bergenia
from tests.house.test_docs import CODE, rows


def supervise(federation: Federation, member: str, standing: Standing = Standing.SUPERVISED) -> None:
    federation.measure(member, standing, "too many questions")
    federation.follow()


def held(federation: Federation, node: str) -> list[Cover]:
    return federation[node].letter_review.every(federation[node].operator("test"))


def release(federation: Federation, node: str, held_id: str, with_earlier: bool = False) -> list[str]:
    node_there = federation[node]
    released = node_there.letter_review.release(held_id, node_there.operator("test"), with_earlier)
    federation.post()
    return released


def refuse(federation: Federation, node: str, held_id: str, reason: str = "no such case") -> None:
    federation[node].letter_review.refuse(held_id, reason, federation[node].operator("test"))
    federation.post()


def told(federation: Federation, node: str) -> list[str]:
    """What a member heard of its own letters."""
    return [one.outcome for one in entries(federation, node, Act.LETTER_REVIEWED) if one.actor != "operator:test"]


def entries(federation: Federation, node: str, act: Act) -> list[Entry]:
    return [one for one in federation.journal(node) if one.act is act]


def asked_for_confirmation(federation: Federation) -> str:
    """Ada has a hit, her bureau becomes supervised, and she asks Bergenia to confirm it; the hit's id."""
    hit = found_by_ada(federation)
    federation.post()
    supervise(federation, ALDOVA)
    federation[ALDOVA].hits.request(hit, Priority.URGENT, "she stands here", federation.cast["ada"])
    federation.post()
    return hit


def test_a_confirmation_request_waits_and_the_owners_clock_starts_at_its_release(federation: Federation):
    hit = asked_for_confirmation(federation)
    [one] = held(federation, BERGENIA)
    assert (one.sender, one.kind, one.about, one.case, one.body) == (ALDOVA, "confirmation-request", hit, "T-1", None)
    assert hit_at(federation, BERGENIA, hit).state is not HitState.REQUESTED
    assert "bergenia reviews what we ask: held" in hit_at(federation, ALDOVA, hit).note
    federation.time.pass_by(hours=3)
    assert release(federation, BERGENIA, one.id) == [one.id]
    asked = hit_at(federation, BERGENIA, hit)
    assert (asked.state, asked.note) == (HitState.REQUESTED, "she stands here")
    assert federation.time() - asked.requested_at < timedelta(hours=1)
    assert held(federation, BERGENIA) == []
    assert told(federation, ALDOVA) == [HeldState.HELD, HeldState.RELEASED]
    acts = [one.act for one in federation.journal(BERGENIA) if one.act in (Act.LETTER_HELD, Act.LETTER_REVIEWED)]
    assert acts == [Act.LETTER_HELD, Act.LETTER_REVIEWED]


def test_refused_its_writer_is_told_why_and_nothing_is_confirmed(federation: Federation):
    hit = asked_for_confirmation(federation)
    [one] = held(federation, BERGENIA)
    for reason in (" ", "x" * (limits.REASON_CHARS_MAX + 1)):
        with pytest.raises(Invalid):
            refuse(federation, BERGENIA, one.id, reason)
    refuse(federation, BERGENIA, one.id)
    assert told(federation, ALDOVA) == [HeldState.HELD, HeldState.REFUSED]
    assert "no such case" in hit_at(federation, ALDOVA, hit).note
    assert hit_at(federation, ALDOVA, hit).state is HitState.REQUESTED
    with pytest.raises(Missing):
        release(federation, BERGENIA, one.id)


def test_nobody_looked_in_time_counts_as_refused(federation: Federation):
    asked_for_confirmation(federation)
    desk = federation[BERGENIA].letter_review
    federation.time.pass_by(days=limits.HELD_DAYS_MAX)
    assert desk.expire() == 0
    federation.time.pass_by(days=1)
    assert desk.expire() == 1
    assert held(federation, BERGENIA) == []
    assert entries(federation, BERGENIA, Act.LETTER_REVIEWED)[-1].outcome == HeldState.REFUSED


def test_a_request_for_consent_waits_and_refused_is_no_consent(federation: Federation):
    hit = found_by_ada(federation)
    federation.post()
    supervise(federation, ALDOVA)
    case = federation[ALDOVA].consents.request(
        hit, Use.ONWARD, Purpose.CRIMINAL_INVESTIGATION, "XC", "the suspect is there", federation[ALDOVA].operator("t")
    )
    federation.post()
    [one] = held(federation, BERGENIA)
    refuse(federation, BERGENIA, one.id)
    [after] = federation[ALDOVA].consents.every(federation[ALDOVA].operator("t"))
    assert (after.id, after.state, after.note) == (case.id, "refused", "no such case")


# -- messages ---------------------------------------------------------------------------------------------------------


def test_a_message_waits_and_is_read_by_whoever_reviews_it_alone(federation: Federation):
    supervise(federation, ALDOVA)
    mail = sent(federation, opened(federation))
    [one] = held(federation, BERGENIA)
    assert mail_at(federation, BERGENIA, mail.id) is None
    assert (one.case, one.purpose, one.body) == (mail.message.case, mail.message.purpose, None)
    shown = federation[BERGENIA].letter_review.show(one.id, federation[BERGENIA].operator("lea"))
    assert shown.body.message.text == mail.message.text
    assert entries(federation, BERGENIA, Act.LETTER_REVIEWED)[-1].outcome == "shown"
    release(federation, BERGENIA, one.id)
    assert mail_at(federation, BERGENIA, mail.id).message.text == mail.message.text


def test_what_waits_is_decided_in_the_order_of_its_lane(federation: Federation):
    supervise(federation, ALDOVA)
    case = opened(federation)
    first, second = (sent(federation, case, subject=name) for name in ("first", "second"))
    emergency = sent(federation, case, urgency=Urgency.EMERGENCY)
    waiting = held(federation, BERGENIA)
    assert [one.about for one in waiting] == [emergency.id, first.id, second.id]
    with pytest.raises(Conflict, match="1 letters of aldova came before it"):
        release(federation, BERGENIA, waiting[2].id)
    assert release(federation, BERGENIA, waiting[0].id) == [waiting[0].id]  # lanes do not wait for one another
    assert release(federation, BERGENIA, waiting[2].id, with_earlier=True) == [waiting[1].id, waiting[2].id]
    assert mail_at(federation, BERGENIA, first.id) is not None


def translation_of(mail_id: str, federation: Federation) -> CaseMessageTranslated:
    made = Translation(
        id="t-1",
        message=mail_id,
        bureau=ALDOVA,
        translator="somebody",
        from_language="en",
        to_language="fr",
        text="Qui ?",
        by_machine=False,
        made_at=federation.time(),
    )
    return CaseMessageTranslated(translation=made)


def test_a_translation_waits_for_its_message_also_when_the_supervision_is_over(federation: Federation):
    supervise(federation, ALDOVA)
    mail = sent(federation, opened(federation))
    supervise(federation, ALDOVA, Standing.ACTIVE)
    send(federation, ALDOVA, BERGENIA, translation_of(mail.id, federation))
    message, translation = sorted(held(federation, BERGENIA), key=lambda one: one.kind)
    with pytest.raises(Conflict, match="The message that it translates waits too"):
        release(federation, BERGENIA, translation.id)
    release(federation, BERGENIA, message.id)
    release(federation, BERGENIA, translation.id)
    with federation[BERGENIA].store.reading() as tx:
        assert [one.id for one in tx.mail.translations(mail.id)] == ["t-1"]


def test_the_end_of_the_supervision_releases_nothing_by_itself(federation: Federation):
    supervise(federation, ALDOVA)
    case = opened(federation)
    before = sent(federation, case)
    supervise(federation, ALDOVA, Standing.ACTIVE)
    after = sent(federation, case)
    assert mail_at(federation, BERGENIA, after.id) is not None
    [one] = held(federation, BERGENIA)
    release(federation, BERGENIA, one.id)
    assert mail_at(federation, BERGENIA, before.id) is not None


def test_what_a_suspended_member_wrote_before_is_not_released(federation: Federation):
    supervise(federation, ALDOVA)
    sent(federation, opened(federation))
    federation.measure(ALDOVA, Standing.SUSPENDED, "worse")
    federation[BERGENIA].follower.follow_once()
    [one] = held(federation, BERGENIA)
    with pytest.raises(Conflict, match="aldova is suspended"):
        release(federation, BERGENIA, one.id)
    assert held(federation, BERGENIA) == [one]


def test_a_recall_destroys_what_waits(federation: Federation):
    supervise(federation, ALDOVA)
    mail = sent(federation, opened(federation))
    [one] = held(federation, BERGENIA)
    letter = one.id.partition("/")[2]
    federation[ALDOVA].recalls.recall(letter, "wrong bureau", federation[ALDOVA].operator("t"))
    federation.post()
    assert held(federation, BERGENIA) == []
    assert mail_at(federation, BERGENIA, mail.id) is None
    assert Step.RECALLED in [proof.evidence.step for proof in federation.nodes[ALDOVA].evidence_of(letter)]
    assert federation[BERGENIA].recalls.every() == []


# -- shared records ---------------------------------------------------------------------------------------------------


def at_the_hub(federation: Federation, record: Record) -> bool:
    with federation[HUB].store.reading() as tx:
        return tx.records.get(record.header.id, federation.time().date()) is not None


def new_one(federation: Federation) -> Record:
    """A record of Bergenia of which the hub has no copy."""
    return of_bergenia(federation, version=1, reference="D-9", id=record_id("sltd", BERGENIA, "D-9"))


def share(federation: Federation, *records: Record) -> None:
    send(federation, BERGENIA, HUB, RecordsShare(share="s", records=records))


def taken_back(record: Record, federation: Federation) -> RecordsWithdraw:
    header = record.header
    one = Withdrawal(
        id=header.id,
        collection=header.collection,
        source=header.source,
        reference=header.reference,
        version=header.version,
        reason=WithdrawalReason.ENTERED_IN_ERROR,
        withdrawn_at=federation.time(),
    )
    return RecordsWithdraw(share="w", withdrawals=(one,))


def test_shared_records_wait_and_no_reviewer_reads_them(federation: Federation):
    supervise(federation, BERGENIA)
    record = new_one(federation)
    share(federation, record)
    [one] = held(federation, HUB)
    assert not at_the_hub(federation, record)
    shown = federation[HUB].letter_review.show(one.id, federation[HUB].operator("lea"))
    assert (shown.records, shown.body) == ((record.header.id,), None)
    release(federation, HUB, one.id)
    assert at_the_hub(federation, record)


def test_refused_each_record_is_refused_in_the_receipt(federation: Federation):
    supervise(federation, BERGENIA)
    record = new_one(federation)
    share(federation, record)
    refuse(federation, HUB, held(federation, HUB)[0].id)
    receipt = entries(federation, BERGENIA, Act.RECORDS_SHARED)[-1]
    assert receipt.details["refused"] == [f"{record.header.id} no such case"]
    assert not at_the_hub(federation, record)


def test_a_withdrawal_never_waits_and_what_it_passed_does_not_come_back(federation: Federation):
    supervise(federation, BERGENIA)
    record = new_one(federation)
    share(federation, record)
    send(federation, BERGENIA, HUB, taken_back(record, federation))
    [one] = held(federation, HUB)
    release(federation, HUB, one.id)
    assert not at_the_hub(federation, record)


def test_a_copy_that_was_amended_answers_nothing_while_its_amendment_waits(federation: Federation):
    record = of_bergenia(federation, version=1)
    supervise(federation, BERGENIA)
    amended = replace(record, header=replace(record.header, version=2))
    share(federation, record)  # the same again: nothing has changed
    assert at_the_hub(federation, record)
    share(federation, amended)
    assert not at_the_hub(federation, record)
    release(federation, HUB, held(federation, HUB)[-1].id, with_earlier=True)
    assert at_the_hub(federation, amended)


def test_nobody_has_anothers_copy_hidden_by_naming_it(federation: Federation):
    record = of_bergenia(federation, version=1)
    supervise(federation, ALDOVA)
    stolen = replace(record, header=replace(record.header, version=2))
    send(federation, ALDOVA, HUB, RecordsShare(share="x", records=(stolen,)))
    assert len(held(federation, HUB)) == 1
    assert at_the_hub(federation, record)


# -- what is passed on, and consents ----------------------------------------------------------------------------------


def passed_by_a_supervised_member(federation: Federation) -> tuple[str, Cover]:
    record = passing.told_late(federation)
    passing.consented(federation, record)
    supervise(federation, ALDOVA)
    sent_on = passing.pass_on(federation, record)
    assert passing.at(federation, CORVIA, sent_on.id) is None
    [one] = held(federation, CORVIA)
    assert (one.about, one.purpose, one.records, one.until) == (sent_on.id, passing.FOR, (record,), sent_on.until)
    shown = federation[CORVIA].letter_review.show(one.id, federation[CORVIA].operator("lea"))
    assert shown.body is None
    return sent_on.id, one


def test_a_record_that_was_passed_on_waits_and_no_reviewer_reads_it(federation: Federation):
    sent_on, one = passed_by_a_supervised_member(federation)
    release(federation, CORVIA, one.id)
    assert passing.seen_by_cora(federation, sent_on).subject is not None
    assert passing.at(federation, ALDOVA, sent_on).state is PassingState.STORED


def test_refused_whoever_passed_it_on_has_it_in_its_books(federation: Federation):
    sent_on, one = passed_by_a_supervised_member(federation)
    refuse(federation, CORVIA, one.id)
    there = passing.at(federation, ALDOVA, sent_on)
    assert (there.state, there.why) == (PassingState.REFUSED, "no such case")


def test_what_is_taken_back_while_it_waits_is_gone(federation: Federation):
    sent_on, _ = passed_by_a_supervised_member(federation)
    federation[ALDOVA].passings.take_back(sent_on, "for another", federation.cast["dora"])
    federation.post()
    assert held(federation, CORVIA) == []
    assert passing.at(federation, ALDOVA, sent_on).state is PassingState.ERASED


def test_a_consent_waits_and_taken_back_it_is_not_given_by_its_release(federation: Federation):
    record = passing.told_late(federation)
    supervise(federation, BERGENIA)
    asked = passing.consented(federation, record)
    [one] = held(federation, ALDOVA)
    assert (one.kind, one.about) == ("consent-answer", asked)
    with pytest.raises(NotPermitted):
        passing.pass_on(federation, record)
    federation[BERGENIA].consents.refuse(asked, "Not any more", federation.cast["ben"])
    federation.post()
    release(federation, ALDOVA, one.id)
    [case] = federation[ALDOVA].consents.every(federation[ALDOVA].operator("test"))
    assert (case.state, case.note) == (ConsentState.REFUSED, "Not any more")


# -- joint operations -------------------------------------------------------------------------------------------------


def test_an_entry_waits_for_its_place_until_the_leads_reviewer_has_seen_it(federation: Federation):
    operation = joint(federation, BERGENIA)
    supervise(federation, BERGENIA)
    for text in ("They come at six", "They come at nine"):
        write(federation, BERGENIA, operation, note(text))
        federation.post()
    first, second = held(federation, ALDOVA)
    assert first.kind == "operation-written"
    refuse(federation, ALDOVA, first.id)
    release(federation, ALDOVA, second.id)
    for node in (ALDOVA, BERGENIA):
        assert texts(federation, node, operation)[-1] == "They come at nine"
    assert seen(federation, BERGENIA, operation).pending == ()


def test_what_a_supervised_lead_tells_waits_and_refused_its_place_is_counted(federation: Federation):
    operation = joint(federation, BERGENIA)
    supervise(federation, ALDOVA)
    for text in ("Come at six", "Come at nine"):
        write(federation, ALDOVA, operation, note(text))
    federation.post()
    first, second = held(federation, BERGENIA)
    assert first.kind == "operation-ordered"
    refuse(federation, BERGENIA, first.id)
    release(federation, BERGENIA, second.id)
    assert texts(federation, BERGENIA, operation)[-2:] == [None, "Come at nine"]
    assert stands(federation, BERGENIA, operation).number == 4


def test_that_a_bureau_leaves_never_waits(federation: Federation):
    operation = joint(federation, BERGENIA)
    supervise(federation, BERGENIA)
    write(federation, BERGENIA, operation, Left(bureau=BERGENIA))
    federation.post()
    assert stands(federation, ALDOVA, operation).members == (ALDOVA,)


# -- what never waits -------------------------------------------------------------------------------------------------


def test_a_denial_of_a_supervised_owner_arrives_at_once(federation: Federation):
    hit = found_by_ada(federation)
    federation.post()
    federation[ALDOVA].hits.request(hit, Priority.URGENT, "", federation.cast["ada"])
    federation.post()
    supervise(federation, BERGENIA)
    send(federation, BERGENIA, ALDOVA, ConfirmationAnswer(hit=hit, reply=ConfirmationReply.DENIED))
    assert hit_at(federation, ALDOVA, hit).state is HitState.DENIED
    assert held(federation, ALDOVA) == []


def test_the_kinds_that_are_held_are_those_of_the_page_and_no_other():
    """A new kind is not held by itself: decide, and say so in the table."""
    told = {CODE.findall(row[0])[0] for row in rows("docs/protocol/posting.md", "Held for review")}
    assert told == {str(kind.__struct_config__.tag) for kind in HELD_KINDS}
    assert set(get_args(Body)) > HELD_KINDS
    assert {RecordsWithdraw, ConfirmationAnswer, LetterReviewed}.isdisjoint(HELD_KINDS)


def test_only_reviewers_decide_and_read(federation: Federation):
    supervise(federation, ALDOVA)
    sent(federation, opened(federation))
    desk, [one] = federation[BERGENIA].letter_review, held(federation, BERGENIA)
    nobody = everyone_but(Role.REVIEWER, Role.SUPERVISOR, bureau=BERGENIA)
    for act in (
        lambda: desk.release(one.id, nobody),
        lambda: desk.refuse(one.id, "why", nobody),
        lambda: desk.show(one.id, nobody),
    ):
        with pytest.raises(NotPermitted):
            act()
    with pytest.raises(NotPermitted):
        desk.every(everyone_but(Role.REVIEWER, Role.SUPERVISOR, Role.AUDITOR, Role.DATA_PROTECTION_OFFICER))


def test_word_of_a_review_of_anothers_hit_changes_no_note(federation: Federation):
    hit = found_by_ada(federation)
    federation.post()
    federation[ALDOVA].hits.request(hit, Priority.URGENT, "mine", federation.cast["ada"])
    send(federation, "corvia", ALDOVA, LetterReviewed(letter="x", about=hit, state=HeldState.REFUSED, reason="no"))
    assert hit_at(federation, ALDOVA, hit).note == "mine"
