"""Cases and messages end: by the agreement, the sender, the rulebook; people are told before, a tombstone is left."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from comity.domain.case import GONE
from comity.domain.errors import Invalid, Missing
from comity.domain.journal import Act
from comity.domain.mail import ErasureReason
from comity.domain.operation import Closed, Ordered
from comity.law.ending import WITH_ITS_CASE, message_until
from comity.law.rulebook import shipped_rulebook
from comity.testing.federation import ALDOVA, BERGENIA, Federation
from tests.desks.casework import DRAFT, answered, mail_at, opened, sent
from tests.desks.joint import joint

YEAR = 366


def tended(federation: Federation, node: str = BERGENIA, **later: int) -> int:
    federation.time.pass_by(**later)
    return federation[node].endings.tend()


def acts(federation: Federation, node: str, subject: str) -> list[Act]:
    return [one.act for one in federation.journal(node) if one.subject == subject]


def in_days(federation: Federation, days: int) -> date:
    return federation.time().date() + timedelta(days=days)


def test_the_senders_day_holds_people_are_told_a_week_before_and_only_the_place_is_left(federation: Federation):
    mail = sent(federation, opened(federation), keep_until=in_days(federation, 30))
    case = opened(federation, "ben", number="BE-1")
    federation[BERGENIA].mail.file(mail.id, case.id, federation.cast["ben"])
    assert tended(federation, days=22) == 0
    assert mail_at(federation, BERGENIA, mail.id).keep_until == in_days(federation, 8)
    assert Act.MESSAGE_ENDING not in acts(federation, BERGENIA, mail.id)
    assert tended(federation, days=1) == tended(federation) == 0
    assert acts(federation, BERGENIA, mail.id).count(Act.MESSAGE_ENDING) == 1
    assert tended(federation, days=7) == 0  # the last day itself
    assert tended(federation, days=1) == 1
    left = mail_at(federation, BERGENIA, mail.id)
    assert left.erased.why is ErasureReason.ENDED
    assert (left.message.subject, left.message.text) == ("ended", "")
    assert left.message.sender == ALDOVA
    assert acts(federation, BERGENIA, mail.id)[-1] is Act.MESSAGE_EMPTIED
    assert tended(federation, days=1) == 0
    assert tended(federation, ALDOVA) == 0
    assert mail_at(federation, ALDOVA, mail.id).message.text == DRAFT.text  # it is the sender's own


def test_what_nobody_filed_ends_and_what_was_filed_stays_with_its_case(federation: Federation):
    first, second = (sent(federation, opened(federation, number=f"AL-{n}")) for n in range(2))
    tended(federation)
    case = opened(federation, "ben", number="BE-1")
    federation[BERGENIA].mail.file(second.id, case.id, federation.cast["ben"])
    assert tended(federation, days=YEAR) == 1
    assert mail_at(federation, BERGENIA, first.id).erased is not None
    assert mail_at(federation, BERGENIA, second.id).erased is None
    assert mail_at(federation, BERGENIA, second.id).keep_until == WITH_ITS_CASE


def test_a_closed_case_ends_with_all_that_lies_in_it(federation: Federation):
    mail = sent(federation, opened(federation))
    reply = answered(federation, mail)
    ben, desk = federation.cast["ben"], federation[BERGENIA].cases
    case = desk.every(ben)[0]
    federation[BERGENIA].mail.write(case.id, replace(DRAFT, to=(ALDOVA,)), ben)
    assert tended(federation, days=6 * YEAR) == 0  # it is open
    desk.close(case.id, "the ferryman was found", ben)
    tended(federation)
    assert desk.every(ben)[0].keep_until == federation.time().date().replace(year=federation.time().year + 5)
    tended(federation, days=5 * 365 - 60)
    assert acts(federation, BERGENIA, case.id).count(Act.CASE_ENDING) == 1
    desk.reopen(case.id, ben)  # it is needed still: from its next close on it is kept as long again
    assert tended(federation, days=100) == 0
    desk.close(case.id, "done", ben)
    assert tended(federation, days=5 * YEAR) == 1
    assert desk.every(ben) == []
    with federation[BERGENIA].store.reading() as tx:
        left, mails = tx.cases.numbered("BE-9"), tx.mail.of_case(case.id)
    assert left is not None
    assert (left.about.title, left.allowed, left.erased_at) == (GONE, frozenset(), federation.time())
    assert {one.erased.why for one in mails if one.erased} == {ErasureReason.ENDED}
    assert {one.id for one in mails} == {mail.id, reply.id}  # the draft is gone whole
    with pytest.raises(Missing):
        desk.admit(case.id, "sara", replace(federation.cast["sara"]))


def test_an_answer_to_a_case_that_ended_lies_with_the_duty_desk(federation: Federation):
    case = opened(federation)
    mail = sent(federation, case)
    with federation[ALDOVA].store.transaction() as tx:  # five years would outlast the agreements of the trial
        tx.cases.empty(case.emptied(federation.time()))
        tx.commit()
    reply = answered(federation, mail)
    assert mail_at(federation, ALDOVA, reply.id).case == ""


def test_the_agreement_says_how_long(federation: Federation, monkeypatch: pytest.MonkeyPatch):
    mail = sent(federation, opened(federation))
    here = mail_at(federation, BERGENIA, mail.id)
    monkeypatch.setattr("comity.law.ending.asked_of", lambda *_: _Decided())
    with federation[BERGENIA].store.reading() as tx:
        members, law = tx.members.directory(), federation[BERGENIA].agreements.law(tx)
    until = message_until(here, members.member(BERGENIA), members.member(ALDOVA), law, here.noted_at.date())
    assert until == here.noted_at.date() + timedelta(days=30)
    sooner = replace(here, message=replace(here.message, keep_until=here.noted_at.date()))
    until = message_until(sooner, members.member(BERGENIA), members.member(ALDOVA), law, here.noted_at.date())
    assert until == here.noted_at.date()


class _Decided:
    obligations = ("police-use-only", "erase-after-days 30")


def test_nothing_is_asked_to_be_kept_until_a_day_that_is_over(federation: Federation):
    case = opened(federation)
    with pytest.raises(Invalid, match="last day is over"):
        federation[ALDOVA].mail.write(
            case.id, replace(DRAFT, keep_until=in_days(federation, -1)), federation.cast["ada"]
        )


def test_a_rulebook_of_an_earlier_release_ends_cases_by_the_shipped_one():
    book = shipped_rulebook()
    assert set(book.cases) == {"case", "message"}


def test_a_case_with_a_joint_operation_that_goes_on_stays_until_it_is_closed(federation: Federation):
    operation = joint(federation, BERGENIA)
    ada, desk = federation.cast["ada"], federation[ALDOVA].cases
    (case,) = desk.every(ada)
    desk.close(case.id, "for now", ada)
    tended(federation, ALDOVA)
    assert tended(federation, ALDOVA, days=6 * YEAR) == 0
    with federation[ALDOVA].store.transaction() as tx:
        last = tx.operations.log(operation)[-1]
        closing = replace(last.entry, id="closing", bureau=ALDOVA, deed=Closed(report="done"))
        tx.operations.log_entry(Ordered(operation=operation, number=last.number + 1, entry=closing))
        tx.commit()
    assert tended(federation, ALDOVA) == 1
    with federation[ALDOVA].store.reading() as tx:
        assert tx.operations.get(operation) is None
