"""What another bureau writes changes nothing but what it may; and clocks run out on both sides."""

import pytest
from msgspec.structs import replace

from comity.domain.journal import Act
from comity.domain.letter import CaseMessage, CaseMessageOpened
from comity.domain.mail import LegState, Urgency
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, HUB, Federation
from tests.desks.casework import answered, mail_at, opened, sent
from tests.desks.cast import send, why_not


def test_a_letter_that_says_what_is_not_so_changes_nothing(federation: Federation):
    mail = sent(federation, opened(federation))
    message = mail_at(federation, BERGENIA, mail.id).message
    send(federation, ALDOVA, BERGENIA, CaseMessage(message=message))  # again
    for name, changed, recipient in (
        ("forged", {"sender": CORVIA}, BERGENIA),
        ("astray", {"recipients": (CORVIA,)}, BERGENIA),
        ("at-the-hub", {"recipients": (HUB,)}, HUB),
    ):
        send(federation, ALDOVA, recipient, CaseMessage(message=replace(message, id=name, **changed)))
        assert mail_at(federation, recipient, name) is None
        assert len(why_not(federation, recipient, name)) == 1
    assert why_not(federation, BERGENIA, mail.id) == ["a message of that id is here"]


def test_nobody_else_puts_anything_into_our_case(federation: Federation):
    """Corvia knows the id of a message that was not sent to it."""
    mail = sent(federation, opened(federation))
    message = mail_at(federation, BERGENIA, mail.id).message
    intruder = replace(message, id="m-1", sender=CORVIA, recipients=(ALDOVA,), reply_to=mail.id, asks=False)
    send(federation, CORVIA, ALDOVA, CaseMessage(message=intruder))
    assert mail_at(federation, ALDOVA, "m-1").case == ""
    assert mail_at(federation, ALDOVA, mail.id).legs[0].state is LegState.SENT
    other = replace(intruder, id="m-2", sender=BERGENIA, thread="another")
    send(federation, BERGENIA, ALDOVA, CaseMessage(message=other))
    assert mail_at(federation, ALDOVA, "m-2").case == ""


def test_only_whoever_got_a_message_can_have_opened_it(federation: Federation):
    mail = sent(federation, opened(federation))
    word = CaseMessageOpened(message=mail.id, opened_at=federation.time())
    send(federation, CORVIA, ALDOVA, word)
    send(federation, BERGENIA, ALDOVA, CaseMessageOpened(message="no-such", opened_at=federation.time()))
    assert mail_at(federation, ALDOVA, mail.id).legs[0].state is LegState.SENT
    send(federation, BERGENIA, ALDOVA, word)
    assert mail_at(federation, ALDOVA, mail.id).legs[0].state is LegState.OPENED


@pytest.mark.parametrize(
    ("urgency", "hours"), [(Urgency.EMERGENCY, 8), (Urgency.URGENT, 3 * 24), (Urgency.ROUTINE, 7 * 24)]
)
def test_a_clock_that_runs_out_is_escalated_once_on_both_sides(federation: Federation, urgency: Urgency, hours: int):
    mail = sent(federation, opened(federation), urgency=urgency)
    federation.time.pass_by(hours=hours, minutes=-1)
    assert [federation[node].arriving_mail.escalate() for node in (ALDOVA, BERGENIA)] == [0, 0]
    federation.time.pass_by(minutes=1)
    for node in (ALDOVA, BERGENIA):
        assert federation[node].arriving_mail.escalate() == 1
        assert federation[node].arriving_mail.escalate() == 0
        assert mail_at(federation, node, mail.id).legs[0].escalated_at == federation.time()
        assert federation.journal(node)[-1].act is Act.MESSAGE_ESCALATED


def test_no_clock_runs_where_no_answer_is_asked_for_or_one_came(federation: Federation):
    sent(federation, opened(federation), asks=False)
    answered(federation, sent(federation, opened(federation, number="AL-8")))
    federation.time.pass_by(days=30)
    assert [federation[node].arriving_mail.escalate() for node in (ALDOVA, BERGENIA)] == [0, 0]


def test_the_agreement_sets_the_clock_where_it_speaks_of_one(federation: Federation):
    text = federation[ALDOVA].bundles.shown("aldova-bergenia-bilateral").bundle.texts[0].text
    article = text.index('id = "art-3"')
    timed = text[article:].replace('reply = "full"', 'reply = "full"\nanswer_within = {urgent_minutes = 90}', 1)
    federation.publish(("timed.toml", (text[:article] + timed).encode()))
    mail = sent(federation, opened(federation), urgency=Urgency.URGENT)
    for node in (ALDOVA, BERGENIA):
        due = mail_at(federation, node, mail.id).legs[0].due_at
        assert (due - federation.time()).total_seconds() == 90 * 60
