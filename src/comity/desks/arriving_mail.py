"""Messages that come from other bureaus, what is heard of our own, and the clocks of both."""

from collections.abc import Callable
from datetime import datetime

from msgspec.structs import replace

from comity.desks.cases import referring
from comity.desks.here import Here
from comity.desks.needs import Clock, Store, Transaction
from comity.domain import limits
from comity.domain.case import Reference
from comity.domain.evidence import Step
from comity.domain.journal import Act, Entry
from comity.domain.letter import CaseMessage, CaseMessageOpened, CaseMessageTranslated, Letter
from comity.domain.mail import Leg, Mail, Message, Translation, Way
from comity.law.decision import Law
from comity.law.mail import answer_within


class ArrivingMail:
    """Works inside the transaction that receives a letter; `escalate` by the clock."""

    def __init__(self, here: Here, store: Store, law: Callable[[Transaction], Law], clock: Clock) -> None:
        self.here = here
        self.store = store
        self.law = law
        self.clock = clock

    def arrived(self, tx: Transaction, letter: Letter, body: CaseMessage) -> None:
        """Filed with what it answers; else it lies with the duty desk. Its clock starts now."""
        message = body.message
        if why := self._doubt(tx, letter, message):
            self._not_applied(tx, Act.MESSAGE_ARRIVED, letter, message.id, why)
            return
        now, answered = self.clock(), self._answers(tx, message)
        leg = Leg(bureau=letter.sender, letter=letter.id, due_at=self._due(tx, message, now) if message.asks else None)
        mail = Mail(
            id=message.id,
            way=Way.IN,
            case=answered.case if answered is not None else "",
            message=message,
            legs=(leg,),
            noted_at=now,
        )
        tx.mail.put(mail)
        if answered is not None:
            self._noted_as_answer(tx, answered, message, now)
        self._note(tx, Act.MESSAGE_ARRIVED, mail, letter.sender)

    def opened_there(self, tx: Transaction, letter: Letter, body: CaseMessageOpened) -> None:
        """An officer of the recipient has opened what we wrote."""
        mail = tx.mail.get(body.message)
        leg = mail.leg(letter.sender) if mail is not None and mail.way is Way.OUT else None
        # Only whoever got it can have opened it. Falls without it: tests/desks/test_arriving_mail.py
        if mail is None or leg is None:
            self._not_applied(tx, Act.MESSAGE_OPENED, letter, body.message, "it was not sent there")
            return
        self._heard_opened(tx, mail, leg, body.opened_at)

    def heard(self, tx: Transaction, step: Step, bureau: str, letter_id: str, at: datetime) -> None:
        """A recipient has signed that a letter of ours was opened, or is gone; whether it carried a message is ours."""
        mail = tx.mail.carried_by(bureau, letter_id)
        leg = mail.leg(bureau) if mail is not None and mail.way is Way.OUT else None
        # An earlier letter that carried the same does not count for the one that was sent again.
        if mail is None or leg is None or leg.letter != letter_id:
            return
        if step is Step.OPENED:
            self._heard_opened(tx, mail, leg, at)
        elif step is Step.RECALLED:
            tx.mail.put(mail.with_leg(leg.recalled()))

    def _heard_opened(self, tx: Transaction, mail: Mail, leg: Leg, at: datetime) -> None:
        """Once, though it be said by letter and by evidence: a node beside its earlier version is told both ways."""
        if leg.opened_at is None:
            tx.mail.put(mail.with_leg(leg.opened(at)))
            self._note(tx, Act.MESSAGE_OPENED, mail, leg.bureau)

    def translated(self, tx: Transaction, letter: Letter, body: CaseMessageTranslated) -> None:
        """Somebody who has the message too says what it means in another language. The original stays as it is."""
        told = body.translation
        mail = tx.mail.get(told.message)
        if why := self._doubt_of_translation(tx, letter, told, mail):
            self._not_applied(tx, Act.MESSAGE_TRANSLATED, letter, told.message, why)
            return
        tx.mail.annotate(told)
        if mail is not None:
            self._note(tx, Act.MESSAGE_TRANSLATED, mail, letter.sender)

    def escalate(self) -> int:
        """Mark what was not answered in time, on both sides; how many messages."""
        with self.store.transaction() as tx:
            now = self.clock()
            late = tx.mail.overdue(now)
            for mail in late:
                legs = tuple(replace(leg, escalated_at=now) if leg.overdue(now) else leg for leg in mail.legs)
                escalated = replace(mail, legs=legs)
                tx.mail.put(escalated)
                self._note(tx, Act.MESSAGE_ESCALATED, escalated, self.here.node)
            if late:
                tx.commit()
        return len(late)

    def _doubt(self, tx: Transaction, letter: Letter, message: Message) -> str:
        """Why a message is not taken; '' where it is. Falls without each: tests/desks/test_arriving_mail.py"""
        if self.here.is_hub:
            return "a hub has no officers"
        if message.sender != letter.sender:
            return "it names another sender"
        if self.here.node not in message.recipients:
            return "it is not for us"
        if tx.mail.get(message.id) is not None:
            return "a message of that id is here"
        return ""

    def _doubt_of_translation(self, tx: Transaction, letter: Letter, told: Translation, mail: Mail | None) -> str:
        """As `_doubt`. Falls without each: tests/desks/test_translations.py"""
        if mail is None or mail.leg(letter.sender) is None:
            return "it was not sent there"
        if told.bureau != letter.sender:
            return "it names another bureau"
        there = tx.mail.translations(told.message)
        if any(one.id == told.id for one in there):
            return "a translation of that id is here"
        return "there are too many of it" if len(there) >= limits.TRANSLATIONS_PER_MESSAGE_MAX else ""

    def _answers(self, tx: Transaction, message: Message) -> Mail | None:
        """What it answers, if that was between us and its sender: nobody else puts anything into our cases."""
        found = tx.mail.get(message.reply_to) if message.reply_to else None
        if found is None or found.message is None or found.leg(message.sender) is None:
            return None
        case = tx.cases.get(found.case) if found.case else None
        # Nobody would see it there. Falls without it: tests/desks/test_endings.py
        if case is not None and case.erased_at is not None:
            return None
        # Falls without it: tests/desks/test_arriving_mail.py
        return found if found.message.thread == message.thread else None

    def _noted_as_answer(self, tx: Transaction, answered: Mail, message: Message, now: datetime) -> None:
        leg, case = answered.leg(message.sender), tx.cases.get(answered.case)
        if leg is not None and answered.way is Way.OUT:
            tx.mail.put(answered.with_leg(leg.answered(now)))
        if case is not None:
            tx.cases.put(referring(case, Reference(bureau=message.sender, number=message.case)))

    def _due(self, tx: Transaction, message: Message, now: datetime) -> datetime | None:
        directory = tx.members.directory()
        asker = directory.member(message.sender) if directory else None
        here = directory.member(self.here.node) if directory else None
        if asker is None or here is None:
            return None
        return now + answer_within(message, asker, here, self.law(tx), now.date())

    def _note(self, tx: Transaction, act: Act, mail: Mail, actor: str) -> None:
        message = mail.message
        entry = Entry(
            act=act,
            at=self.clock(),
            actor=actor,
            for_whom=self.here.node,
            subject=mail.id,
            purpose=message.purpose if message is not None else "",
            case=message.case if message is not None else "",
            outcome=mail.way,
        )
        tx.journal.record(entry)

    def _not_applied(self, tx: Transaction, act: Act, letter: Letter, message: str, why: str) -> None:
        entry = Entry(
            act=act,
            at=self.clock(),
            actor=letter.sender,
            subject=message,
            outcome="not-applied",
            details={"letter": letter.id, "why": why},
        )
        tx.journal.record(entry)
