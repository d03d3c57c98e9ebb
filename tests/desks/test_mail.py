"""Messages: the law decides on each recipient, what was drawn on narrows them, and nobody else reads them."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from comity.desks.lookup_notes import decisions
from comity.domain.bureau import Standing
from comity.domain.caller import Role
from comity.domain.case import ItemKind, NewCase
from comity.domain.collection import Category
from comity.domain.errors import Conflict, Invalid, Missing, NotPermitted
from comity.domain.journal import Act
from comity.domain.mail import Draft, LegState, Urgency, Way
from comity.domain.marking import Confidentiality, Handling, Marking
from comity.law.replay import replay
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, HUB, Federation
from tests.desks.casework import ABOUT, DRAFT, answered, duty, mail_at, opened, sent
from tests.desks.cast import everyone_but, found_by_ada


def test_a_message_is_drafted_sent_opened_and_answered(federation: Federation):
    ada, ben = federation.cast["ada"], federation.cast["ben"]
    case = opened(federation)
    mail = sent(federation, case, urgency=Urgency.URGENT)
    assert (mail.way, mail.legs[0].state) == (Way.OUT, LegState.SENT)
    assert mail.legs[0].due_at == federation.time() + timedelta(days=3)
    came = federation[BERGENIA].mail.every(ben)
    assert [one.id for one in came] == [mail.id]
    assert federation[BERGENIA].mail.show(mail.id, ben).message.text == "Please look at your files."
    federation.post()
    assert mail_at(federation, ALDOVA, mail.id).legs[0].state is LegState.OPENED
    federation.time.pass_by(minutes=5)
    reply = answered(federation, mail)
    assert mail_at(federation, ALDOVA, mail.id).legs[0].state is LegState.ANSWERED
    assert mail_at(federation, BERGENIA, mail.id).legs[0].state is LegState.ANSWERED
    thread = federation[ALDOVA].mail.thread(mail.id, ada)
    assert [one.id for one in thread] == [mail.id, reply.id]
    here = thread[1]
    assert (here.case, here.message.their_case) == (case.id, "AL-2031-7")
    assert federation[ALDOVA].cases.show(case.id, ada).case.their_number(BERGENIA) == "BE-9"
    acts = [one.act for one in federation.journal(ALDOVA) if one.subject == mail.id]
    assert acts == [Act.MESSAGE_DRAFTED, Act.MESSAGE_SENT, Act.MESSAGE_OPENED]


def test_a_refusal_names_its_clause_and_nothing_is_sent(federation: Federation):
    case, ada = opened(federation), federation.cast["ada"]
    desk = federation[ALDOVA].mail
    draft = desk.write(case.id, replace(DRAFT, to=(BERGENIA, CORVIA)), ada)  # Corvia may be told the core alone
    with pytest.raises(NotPermitted) as refused:
        desk.send(draft.id, ada)
    assert refused.value.clauses == ("convention-on-police-information art-8",)
    assert federation.waiting() == {}
    assert mail_at(federation, ALDOVA, draft.id).way is Way.DRAFT
    noted = federation.journal(ALDOVA)[-1]
    assert (noted.act, noted.clauses) == (Act.MESSAGE_REFUSED, refused.value.clauses)


def test_each_decision_can_be_made_again_from_the_journal(federation: Federation):
    mail = sent(federation, opened(federation))
    entry = next(one for one in federation.journal(ALDOVA) if one.act is Act.MESSAGE_SENT and one.subject == mail.id)
    (taken,) = decisions(entry)
    desk, digests = federation[ALDOVA].agreements, taken.decision.digests
    assert replay(taken, desk.texts(digests), desk.published(digests)) == taken.decision
    assert entry.clauses == ("aldova-bergenia-bilateral art-3",)


def test_what_is_closed_to_a_country_does_not_go_there(federation: Federation):
    case, ada = opened(federation), federation.cast["ada"]
    draft = federation[ALDOVA].mail.write(case.id, replace(DRAFT, marking=Marking(closed_to=("XB",))), ada)
    with pytest.raises(NotPermitted):
        federation[ALDOVA].mail.send(draft.id, ada)


def test_nobody_writes_to_a_suspended_member(federation: Federation):
    federation.measure(BERGENIA, Standing.SUSPENDED, "misuse")
    federation[ALDOVA].follower.follow_once()
    case, ada = opened(federation), federation.cast["ada"]
    draft = federation[ALDOVA].mail.write(case.id, DRAFT, ada)
    with pytest.raises(NotPermitted):
        federation[ALDOVA].mail.send(draft.id, ada)


def test_the_narrowest_wins_when_messages_are_combined_or_replied_to(federation: Federation):
    mail = sent(federation, opened(federation), marking=Marking(handling=(Handling.H1,), conditions=("call first",)))
    reply = answered(federation, mail, marking=Marking(handling=(Handling.H3,)))
    assert reply.message.marking.handling == (Handling.H1, Handling.H3)
    assert reply.message.marking.conditions == ("call first",)


def test_what_is_not_to_be_passed_on_is_not(federation: Federation):
    """Corvia's message on a car comes with H2: Aldova cannot hand it to Bergenia, but can answer Corvia."""
    cora, ada = duty(CORVIA), federation.cast["ada"]
    theirs = federation[CORVIA].cases.open(replace(opened_about(), number="CO-1"), cora)
    draft = Draft(to=(ALDOVA,), subject="A car", text="Seen at the pier.", marking=Marking(handling=(Handling.H2,)))
    mail = federation[CORVIA].mail.send(federation[CORVIA].mail.write(theirs.id, draft, cora).id, cora)
    federation.post()
    desk, dora = federation[ALDOVA].mail, federation.cast["dora"]
    case = federation[ALDOVA].cases.open(opened_about(), dora)
    desk.file(mail.id, case.id, dora)
    onward = desk.write(case.id, replace(DRAFT, includes=(mail.id,)), dora)
    with pytest.raises(NotPermitted) as refused:
        desk.send(onward.id, dora)
    assert refused.value.clauses == ("marking H2",)
    back = desk.reply(mail.id, replace(DRAFT, to=(CORVIA,)), dora)
    assert desk.send(back.id, dora).origins == (CORVIA,)
    assert ada  # she is not in that case
    with pytest.raises(Missing):
        desk.show(mail.id, ada)


def opened_about() -> NewCase:
    return replace(ABOUT, category=Category.VEHICLES, number="AL-CAR")


def test_without_a_code_passing_on_still_needs_what_the_agreement_says(federation: Federation):
    """The model agreements let nothing be passed on without consent."""
    case, ada = opened(federation, category=Category.TRAVEL_DOCUMENTS), federation.cast["ada"]
    hit = found_by_ada(federation)
    federation[ALDOVA].cases.attach(case.id, ItemKind.HIT, hit, Marking(), ada)
    desk = federation[ALDOVA].mail
    draft = desk.write(case.id, replace(DRAFT, to=(CORVIA,), includes=(hit,)), ada)
    with pytest.raises(NotPermitted) as refused:
        desk.send(draft.id, ada)
    assert refused.value.clauses == ("convention-on-police-information art-4",)
    desk.amend(draft.id, replace(DRAFT, to=(CORVIA,)), ada)
    assert desk.send(draft.id, ada).origins == ()


def test_recipients_see_each_other_only_where_the_sender_lets_them(federation: Federation):
    case = opened(federation, category=Category.VEHICLES)
    apart = sent(federation, case, to=(BERGENIA, CORVIA))
    together = sent(federation, case, to=(BERGENIA, CORVIA), shows_recipients=True)
    for node in (BERGENIA, CORVIA):
        assert mail_at(federation, node, apart.id).message.recipients == (node,)
        assert mail_at(federation, node, together.id).message.recipients == (BERGENIA, CORVIA)


def test_what_came_is_for_the_duty_desk_and_once_filed_for_the_people_of_the_case(federation: Federation):
    mail = sent(federation, opened(federation))
    desk, ben, sara = federation[BERGENIA].mail, federation.cast["ben"], federation.cast["sara"]
    assert [one.id for one in desk.every(sara)] == [mail.id]
    assert desk.every(everyone_but(Role.DUTY_OFFICER, Role.SUPERVISOR, bureau=BERGENIA)) == []
    case = opened(federation, "ben", number="BE-9")
    desk.file(mail.id, case.id, ben)
    assert desk.every(sara) == []
    with pytest.raises(Missing):
        desk.show(mail.id, sara)
    with pytest.raises(Conflict):
        desk.file(mail.id, case.id, ben)
    assert desk.show(mail.id, ben).case == case.id


def test_what_is_confidential_is_not_for_everybody_in_the_case(federation: Federation):
    secret = Marking(confidentiality=Confidentiality.CONFIDENTIAL)
    mail = sent(federation, opened(federation), marking=secret)
    reply = answered(federation, mail)
    ada = federation.cast["ada"]  # an officer, of no duty desk
    with pytest.raises(Missing):
        federation[ALDOVA].mail.show(reply.id, ada)
    dora = federation.cast["dora"]
    federation[ALDOVA].cases.admit(mail.case, "dora", ada)
    assert {one.id for one in federation[ALDOVA].mail.thread(reply.id, dora)} == {mail.id, reply.id}
    assert federation[ALDOVA].mail.every(ada) == []


@pytest.mark.parametrize(
    "how", [{"to": (ALDOVA,)}, {"to": (HUB,)}, {"to": (BERGENIA, BERGENIA)}, {"text": " "}], ids=str
)
def test_a_draft_is_checked_as_it_is_written(standing: Federation, how):
    case = opened(standing, number=f"X-{how}"[:60])
    with pytest.raises(Invalid):
        standing[ALDOVA].mail.write(case.id, replace(DRAFT, **how), standing.cast["ada"])


def test_a_draft_is_changed_or_thrown_away_and_what_was_sent_stays(federation: Federation):
    case, ada, desk = opened(federation), federation.cast["ada"], federation[ALDOVA].mail
    draft = desk.write(case.id, DRAFT, ada)
    assert desk.amend(draft.id, replace(DRAFT, subject="Who?"), ada).draft.subject == "Who?"
    desk.discard(draft.id, ada)
    with pytest.raises(Missing):
        desk.show(draft.id, ada)
    mail = sent(federation, case)
    for step in (lambda: desk.amend(mail.id, DRAFT, ada), lambda: desk.discard(mail.id, ada)):
        with pytest.raises(Conflict):
            step()
    with pytest.raises(Missing):
        desk.send(desk.write(case.id, replace(DRAFT, includes=("no-such",)), ada).id, ada)
    with pytest.raises(Missing):
        desk.write(case.id, replace(DRAFT, to=("nowhere",)), ada)


def test_nothing_is_sent_from_a_closed_case(federation: Federation):
    case, ada, desk = opened(federation), federation.cast["ada"], federation[ALDOVA].mail
    draft = desk.write(case.id, DRAFT, ada)
    federation[ALDOVA].cases.close(case.id, "over", ada)
    with pytest.raises(Conflict):
        desk.send(draft.id, ada)


def test_the_roles_that_write(standing: Federation):
    nobody, desk = everyone_but(Role.OFFICER, Role.DUTY_OFFICER, Role.SUPERVISOR), standing[ALDOVA].mail
    for step in (
        lambda: desk.write("x", DRAFT, nobody),
        lambda: desk.reply("x", DRAFT, nobody),
        lambda: desk.amend("x", DRAFT, nobody),
        lambda: desk.discard("x", nobody),
        lambda: desk.send("x", nobody),
        lambda: desk.every(nobody),
        lambda: desk.show("x", nobody),
        lambda: desk.thread("x", nobody),
        lambda: desk.file("x", "y", nobody),
    ):
        with pytest.raises(NotPermitted):
            step()
