"""A message opened is signed for; recalled unopened it is gone, opened it is deleted by people; lost, it goes again."""

import pytest

from comity.domain.errors import Conflict, Invalid, Missing
from comity.domain.evidence import Step
from comity.domain.journal import Act
from comity.domain.letter import CaseMessageOpened, kind_of
from comity.domain.mail import ErasureReason, LegState, Mail
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, Federation
from tests.desks.casework import DRAFT, answered, mail_at, opened, sent
from tests.federation.post_cast import steps


def letter_of(federation: Federation, mail: Mail) -> str:
    return mail_at(federation, ALDOVA, mail.id).legs[0].letter


def read_by_ben(federation: Federation, mail: Mail) -> Mail:
    return federation[BERGENIA].mail.show(mail.id, federation.cast["ben"])


def recall(federation: Federation, mail: Mail, sender: str = ALDOVA) -> str:
    node = federation[sender]
    told = node.recalls.recall(letter_of(federation, mail), "to the wrong bureau", node.operator("test"))
    federation.post()
    return told


def open_letters(federation: Federation, node: str) -> list[str]:
    with federation[node].store.reading() as tx:
        return [
            kind_of(one.body)
            for recipient, lane in tx.outbox.waiting(federation.time())
            for one in tx.outbox.several(recipient, lane, 100)
        ]


def test_opened_is_signed_by_the_recipient(federation: Federation):
    mail = sent(federation, opened(federation))
    letter = letter_of(federation, mail)
    assert (Step.OPENED, BERGENIA) not in steps(federation, ALDOVA, letter)
    read_by_ben(federation, mail)
    federation.post()
    assert steps(federation, ALDOVA, letter)[-1] == (Step.OPENED, BERGENIA)
    assert mail_at(federation, ALDOVA, mail.id).legs[0].state is LegState.OPENED
    noted = [one.act for one in federation.journal(ALDOVA) if one.subject == mail.id]
    assert noted.count(Act.MESSAGE_OPENED) == 1  # though the letter said it too


def test_the_letter_besides_is_not_sent_to_whoever_has_signed_such_a_thing(federation: Federation):
    mail = sent(federation, opened(federation))
    read_by_ben(federation, mail)
    assert open_letters(federation, BERGENIA) == [kind_of(CaseMessageOpened(message="m", opened_at=federation.time()))]
    reply = answered(federation, mail)
    federation[ALDOVA].mail.show(reply.id, federation.cast["ada"])  # Bergenia has signed before: evidence is enough
    assert open_letters(federation, ALDOVA) == []
    federation.post()
    assert mail_at(federation, BERGENIA, reply.id).legs[0].opened_at is not None


def test_a_node_of_an_earlier_release_says_it_by_letter_alone(federation: Federation):
    mail = sent(federation, opened(federation))
    federation[BERGENIA].mail.receipts.opened = lambda tx, sender, letter: False  # type: ignore[method-assign]
    read_by_ben(federation, mail)
    federation.post()
    assert mail_at(federation, ALDOVA, mail.id).legs[0].state is LegState.OPENED


def test_a_message_recalled_before_anybody_opened_it_is_gone_and_its_place_stays(federation: Federation):
    mail = sent(federation, opened(federation), text="nobody reads this sentence")
    recall(federation, mail)
    left = mail_at(federation, BERGENIA, mail.id)
    assert (left.erased.why, left.message.text, left.message.subject) == (ErasureReason.RECALLED, "", "recalled")
    assert (left.message.sender, left.message.case) == (ALDOVA, "AL-2031-7")
    assert left.legs[0].due_at is None
    letter = letter_of(federation, mail)
    assert steps(federation, ALDOVA, letter)[-1] == (Step.RECALLED, BERGENIA)
    assert mail_at(federation, ALDOVA, mail.id).legs[0].state is LegState.RECALLED
    assert federation[BERGENIA].recalls.every() == []
    read_by_ben(federation, mail)
    federation.post()
    assert (Step.OPENED, BERGENIA) not in steps(federation, ALDOVA, letter)


def test_a_message_recalled_after_it_was_opened_is_deleted_by_people_who_sign_for_it(federation: Federation):
    mail = sent(federation, opened(federation))
    read_by_ben(federation, mail)
    recall(federation, mail)
    assert mail_at(federation, BERGENIA, mail.id).message.text
    (asked,) = federation[BERGENIA].recalls.every()
    assert asked.arrived
    federation[BERGENIA].recalls.deleted(ALDOVA, asked.letter, federation[BERGENIA].operator("test"))
    federation.post()
    assert mail_at(federation, BERGENIA, mail.id).erased.why is ErasureReason.RECALLED
    assert steps(federation, ALDOVA, letter_of(federation, mail))[-1] == (Step.RECALLED, BERGENIA)


def test_nobody_recalls_what_another_wrote(federation: Federation):
    mail = sent(federation, opened(federation))
    letter = letter_of(federation, mail)
    with pytest.raises(Missing):
        federation[CORVIA].recalls.recall(letter, "mine", federation[CORVIA].operator("test"))
    with federation[BERGENIA].store.reading() as tx:
        assert tx.mail.carried_by(CORVIA, letter) is None
        assert tx.mail.carried_by(ALDOVA, letter).id == mail.id


def test_a_message_that_its_recipient_lost_is_sent_again_as_it_was(federation: Federation):
    mail = sent(federation, opened(federation))
    with federation[BERGENIA].store.transaction() as tx:
        tx.mail.forget(mail.id)
        tx.commit()
    ada, desk = federation.cast["ada"], federation[ALDOVA].mail
    desk.again(mail.id, BERGENIA, ada)
    desk.again(mail.id, BERGENIA, ada)
    federation.post()
    assert mail_at(federation, BERGENIA, mail.id).message == mail_at(federation, ALDOVA, mail.id).message
    came = [one.outcome for one in federation.journal(BERGENIA) if one.act is Act.MESSAGE_ARRIVED]
    assert came == ["in", "in", "not-applied"]
    with pytest.raises(Conflict, match="not sent to corvia"):
        desk.again(mail.id, CORVIA, ada)


def test_a_message_is_taken_back_from_everybody_by_the_people_of_its_case(federation: Federation):
    case = opened(federation)
    mail, unread = sent(federation, case), sent(federation, case)
    read_by_ben(federation, mail)
    federation.post()
    desk, ada = federation[ALDOVA].message_recalls, federation.cast["ada"]
    with pytest.raises(Missing):
        desk.recall(mail.id, "to the wrong bureaus", "", federation.cast["dora"])
    with pytest.raises(Invalid, match="reason"):
        desk.recall(mail.id, " ", "", ada)
    for one in (mail, unread):
        desk.recall(one.id, "to the wrong bureau", "", ada)
    federation.post()
    assert mail_at(federation, BERGENIA, unread.id).erased is not None  # nobody had opened it
    assert mail_at(federation, BERGENIA, mail.id).erased is None  # people there are asked
    assert [one.letter for one in federation[BERGENIA].recalls.every()] == [letter_of(federation, mail)]
    states = [mail_at(federation, ALDOVA, one.id).legs[0].state for one in (mail, unread)]
    assert states == [LegState.OPENED, LegState.RECALLED]
    with pytest.raises(Conflict, match="recalled before"):
        desk.recall(unread.id, "once more", BERGENIA, ada)
    with pytest.raises(Conflict, match="not sent there"):
        desk.recall(mail.id, "once more", CORVIA, ada)


def test_a_message_that_has_not_left_is_taken_back_at_once(federation: Federation):
    ada, node = federation.cast["ada"], federation[ALDOVA]
    draft = node.mail.write(opened(federation).id, DRAFT, ada)
    node.mail.send(draft.id, ada)
    assert node.message_recalls.recall(draft.id, "too soon", BERGENIA, ada).legs[0].state is LegState.RECALLED
    federation.post()
    assert mail_at(federation, BERGENIA, draft.id) is None
