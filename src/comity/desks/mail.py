"""Messages to officers of other bureaus: drafted in a case, decided by the law, sent by letter, answered in time."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from msgspec.structs import replace

from comity.desks import file_post
from comity.desks.addressees import addressees
from comity.desks.cases import WORK, open_case, referring
from comity.desks.here import Here
from comity.desks.lookup_notes import written
from comity.desks.needs import Clock, Store, Transaction
from comity.desks.receipts import Receipts
from comity.domain import limits
from comity.domain.bureau import Directory, Member
from comity.domain.caller import Caller, Role, require
from comity.domain.case import Case, Reference
from comity.domain.errors import Conflict, Invalid, Missing, NotPermitted, Unavailable
from comity.domain.ids import new_id
from comity.domain.journal import Act, Entry
from comity.domain.letter import CaseMessage, CaseMessageOpened
from comity.domain.mail import Draft, Leg, LegState, Mail, Message, Way
from comity.domain.marking import Marking, narrowest
from comity.law.decision import Law
from comity.law.mail import Ruling, answer_within, may_read, may_write, passing_on, telling

# Where a message comes in before anybody knows to which case it belongs.
DESK = frozenset({Role.DUTY_OFFICER, Role.SUPERVISOR})


class Mailroom:
    def __init__(
        self,
        here: Here,
        store: Store,
        law: Callable[[Transaction], Law],
        clock: Clock,
        entropy: Callable[[int], bytes],
        receipts: Receipts,
    ) -> None:
        self.receipts = receipts
        self.here = here
        self.store = store
        self.law = law
        self.clock = clock
        self.entropy = entropy

    def write(self, case_id: str, draft: Draft, caller: Caller) -> Mail:
        """A draft in a case: nothing leaves."""
        require(caller, WORK, "write to other bureaus")
        with self.store.transaction() as tx:
            case = open_case(tx, case_id, caller)
            mail = self._drafted(tx, case, draft, "", caller)
            tx.commit()
        return mail

    def reply(self, mail_id: str, draft: Draft, caller: Caller) -> Mail:
        """A draft that answers a message; what its sender said may be done with it holds for the answer too."""
        require(caller, WORK, "write to other bureaus")
        with self.store.transaction() as tx:
            answered = self.readable(tx, mail_id, caller)
            if answered.message is None or not answered.case:
                raise Conflict("It is not filed into a case yet.", do="File it into one: `comity mail file`.")
            mail = self._drafted(tx, open_case(tx, answered.case, caller), draft, mail_id, caller)
            tx.commit()
        return mail

    def amend(self, mail_id: str, draft: Draft, caller: Caller) -> Mail:
        """Write a draft anew."""
        require(caller, WORK, "write to other bureaus")
        with self.store.transaction() as tx:
            before = self._draft(tx, mail_id, caller)
            self._check(tx, draft)
            after = replace(before, draft=draft, written_by=caller.account, noted_at=self.clock())
            tx.mail.put(after)
            self.note(tx, Act.MESSAGE_DRAFTED, after, caller.account)
            tx.commit()
        return after

    def discard(self, mail_id: str, caller: Caller) -> Mail:
        """Throw a draft away."""
        require(caller, WORK, "write to other bureaus")
        with self.store.transaction() as tx:
            gone = self._draft(tx, mail_id, caller)
            tx.mail.forget(gone.id)
            for file in tx.files.of_mail(gone.id):
                tx.files.forget(file.id)
            self.note(tx, Act.MESSAGE_DRAFTED, gone, caller.account, outcome="discarded")
            tx.commit()
        return gone

    def send(self, mail_id: str, caller: Caller) -> Mail:
        """Let a draft go to all its recipients, or to none: the law decides for each. A refusal names its clause."""
        require(caller, WORK, "write to other bureaus")
        with self.store.transaction() as tx:
            sent, rulings = self._composed(tx, mail_id, caller)
            clauses, taken = self.admitted(tx, sent, rulings, caller)
            sent = self._dispatch(tx, sent)
            tx.mail.put(sent)
            self.note(tx, Act.MESSAGE_SENT, sent, caller.account, clauses, **taken)
            tx.commit()
        return sent

    def again(self, mail_id: str, bureau: str, caller: Caller) -> Mail:
        """Send a message once more to a bureau that lost it, as it was; the law decides anew, there it counts once."""
        require(caller, WORK, "write to other bureaus")
        with self.store.transaction() as tx:
            mail = self.readable(tx, mail_id, caller)
            message, leg = mail.message, mail.leg(bureau)
            if mail.way is not Way.OUT or message is None or leg is None or leg.state is LegState.RECALLED:
                raise Conflict(f"It was not sent to {bureau}, or was recalled.", do="Write another.")
            rulings = self.rulings(tx, message, mail.origins, (bureau,), caller)
            clauses, taken = self.admitted(tx, mail, rulings, caller)
            sent = mail.with_leg(self._carried(tx, mail, leg))
            file_post.once_more(tx, mail.id, bureau)
            tx.mail.put(sent)
            self.note(tx, Act.MESSAGE_SENT, sent, caller.account, clauses, "again", **taken)
            tx.commit()
        return sent

    def every(self, caller: Caller) -> list[Mail]:
        """What is in the caller's cases and, for the duty desk, what is not filed yet: clocks that run first."""
        require(caller, WORK, "see messages")
        with self.store.reading() as tx:
            law = self.law(tx)
            found = tx.mail.of(caller.account, not caller.roles.isdisjoint(DESK), limits.MESSAGES_LISTED_MAX)
            return [one for one in found if self._may_read(one, caller, law)]

    def show(self, mail_id: str, caller: Caller) -> Mail:
        """One message; written down, and its sender is told when it is opened for the first time."""
        require(caller, WORK, "see messages")
        with self.store.transaction() as tx:
            mail = self.readable(tx, mail_id, caller)
            mail = self.opened_here(tx, mail)
            self.note(tx, Act.MESSAGE_SHOWN, mail, caller.account)
            tx.commit()
        return mail

    def thread(self, mail_id: str, caller: Caller) -> list[Mail]:
        """The exchange that a message belongs to, as far as the caller may see it, oldest first."""
        require(caller, WORK, "see messages")
        with self.store.reading() as tx:
            law, mail = self.law(tx), self.readable(tx, mail_id, caller)
            if mail.message is None:
                return [mail]
            found = tx.mail.of_thread(mail.message.thread)
            return [one for one in found if self._sees(tx, one, caller) and self._may_read(one, caller, law)]

    def file(self, mail_id: str, case_id: str, caller: Caller) -> Mail:
        """Put a message that came into a case: from then on the people of the case see it, and nobody else."""
        require(caller, WORK, "file messages")
        with self.store.transaction() as tx:
            mail, case = self.readable(tx, mail_id, caller), open_case(tx, case_id, caller)
            message = mail.message
            if message is None or mail.way is not Way.IN or mail.case:
                raise Conflict("It lies in a case.", do="Look at the case.")
            filed = replace(
                mail, case=case.id, keep_until=None, told_of_end=False
            )  # what is filed may be kept otherwise
            tx.mail.put(filed)
            tx.cases.put(referring(case, Reference(bureau=message.sender, number=message.case)))
            self.note(tx, Act.MESSAGE_FILED, filed, caller.account)
            tx.commit()
        return filed

    # -- what leaves --------------------------------------------------------------------------------------------------

    def _composed(self, tx: Transaction, mail_id: str, caller: Caller) -> tuple[Mail, list[Ruling]]:
        """The message as it would be sent, and what the law says of each recipient and each source."""
        mail = self._draft(tx, mail_id, caller)
        draft, directory = mail.draft, _directory(tx)
        assert draft is not None
        recipients = self._check(tx, draft)
        to = tuple(one.id for one in recipients)
        case, law, now = open_case(tx, mail.case, caller), self.law(tx), self.clock()
        parent = self.readable(tx, mail.reply_to, caller) if mail.reply_to else None
        marking, origins = self._drawn(tx, case, draft, parent)
        before = parent.message if parent is not None else None
        message = Message(
            id=mail.id,
            thread=before.thread if before is not None else mail.id,
            reply_to=mail.reply_to,
            sender=self.here.node,
            unit=caller.unit,
            recipients=to,
            case=case.number,
            subject=draft.subject,
            category=case.about.category,
            purpose=case.about.purpose,
            basis=case.about.basis,
            urgency=draft.urgency,
            asks=draft.asks,
            marking=marking,
            language=draft.language,
            text=draft.text,
            form=draft.form,
            keep_until=draft.keep_until,
            files=file_post.ready(tx, mail.id, to),
            written_at=now,
        )
        author, today = _member(directory, self.here.node), now.date()
        rulings = self.rulings(tx, message, origins, to, caller)
        legs = tuple(
            Leg(bureau=one.id, due_at=now + answer_within(message, author, one, law, today) if draft.asks else None)
            for one in recipients
        )
        return replace(mail, way=Way.OUT, message=message, origins=origins, legs=legs, noted_at=now), rulings

    def rulings(
        self, tx: Transaction, message: Message, origins: Collection[str], to: Collection[str], caller: Caller
    ) -> list[Ruling]:
        """What the law says of telling each of them, of each whose information is in it, and of who writes."""
        directory, law, today = _directory(tx), self.law(tx), self.clock().date()
        author, recipients = _member(directory, self.here.node), [_member(directory, name) for name in to]
        return [
            may_write(message, caller.roles, law),
            *(telling(message, author, one, law, today) for one in recipients),
            *(
                passing_on(message, author, directory.member(origin), one, law, today)
                for origin in origins
                for one in recipients
                if origin != one.id
            ),
        ]

    def admitted(
        self, tx: Transaction, mail: Mail, rulings: Collection[Ruling], caller: Caller
    ) -> tuple[tuple[str, ...], dict[str, Any]]:
        """The clauses and decisions for the journal. Raises NotPermitted where any refuses; that is journalled too."""
        taken: dict[str, Any] = written([taken for one in rulings for taken in one.taken])
        for one in rulings:
            if one.reason is not None:
                self.note(tx, Act.MESSAGE_REFUSED, mail, caller.account, one.clauses, "refused", **taken)
                tx.commit()
                raise NotPermitted(one.reason.text, do=one.reason.do, clauses=one.clauses)
        return tuple(dict.fromkeys(clause for one in rulings for clause in one.clauses)), taken

    def _drawn(self, tx: Transaction, case: Case, draft: Draft, parent: Mail | None) -> tuple[Marking, tuple[str, ...]]:
        """What holds for a message with all that goes into it, and which other bureaus that came from."""
        markings, origins = [draft.marking], dict[str, None]()
        items = {one.id: one for one in tx.cases.items(case.id)}
        letters = {one.id: one for one in tx.mail.of_case(case.id)}
        used = [letters[one] for one in draft.includes if one in letters] + ([parent] if parent is not None else [])
        for one in draft.includes:
            if one in items:
                markings.append(items[one].marking)
                origins[items[one].owner] = None
            elif one not in letters or letters[one].message is None:
                raise Missing(f"{one} does not lie in case {case.number}.", where="includes", do="Look at the case.")
        for mail in used:
            if mail.message is not None:
                markings.append(mail.message.marking)
                origins |= dict.fromkeys((mail.message.sender, *mail.origins))
        origins.pop(self.here.node, None)
        return narrowest(markings), tuple(origins)

    def _dispatch(self, tx: Transaction, mail: Mail) -> Mail:
        sent = replace(mail, legs=tuple(self._carried(tx, mail, leg) for leg in mail.legs))
        if mail.message is not None and mail.message.reply_to:
            self._answered_here(tx, mail.message)
        return sent

    def _carried(self, tx: Transaction, mail: Mail, leg: Leg) -> Leg:
        message, draft, case = mail.message, mail.draft, tx.cases.get(mail.case)
        assert message is not None
        assert draft is not None
        assert case is not None
        # Who else was written to is itself a fact of the case. Falls without it: tests/desks/test_mail.py
        seen = message.recipients if draft.shows_recipients else (leg.bureau,)
        letter = replace(message, recipients=seen, their_case=case.their_number(leg.bureau))
        sent = tx.outbox.send(leg.bureau, CaseMessage(message=letter), self.clock())
        file_post.leave(tx, mail.id, leg.bureau, sent, self.clock())
        return replace(leg, letter=sent)

    def _answered_here(self, tx: Transaction, message: Message) -> None:
        """Our clock on what we answer stops when the answer is written."""
        asked = tx.mail.get(message.reply_to)
        leg = asked.leg(asked.message.sender) if asked is not None and asked.message is not None else None
        if asked is not None and leg is not None and asked.way is Way.IN and leg.bureau in message.recipients:
            tx.mail.put(asked.with_leg(leg.answered(self.clock())))

    def opened_here(self, tx: Transaction, mail: Mail) -> Mail:
        if mail.way is not Way.IN or mail.erased is not None or mail.legs[0].opened_at is not None:
            return mail
        now, leg = self.clock(), mail.legs[0]
        opened = mail.with_leg(leg.opened(now))
        tx.mail.put(opened)
        if not self.receipts.opened(tx, leg.bureau, leg.letter):
            tx.outbox.send(leg.bureau, CaseMessageOpened(message=mail.id, opened_at=now), now)
        return opened

    # -- drafts -------------------------------------------------------------------------------------------------------

    def _drafted(self, tx: Transaction, case: Case, draft: Draft, reply_to: str, caller: Caller) -> Mail:
        self._check(tx, draft)
        now = self.clock()
        mail = Mail(
            id=new_id(now, self.entropy(10)),
            way=Way.DRAFT,
            case=case.id,
            draft=draft,
            reply_to=reply_to,
            written_by=caller.account,
            noted_at=now,
        )
        tx.mail.put(mail)
        self.note(tx, Act.MESSAGE_DRAFTED, mail, caller.account)
        return mail

    def _draft(self, tx: Transaction, mail_id: str, caller: Caller) -> Mail:
        mail = self.readable(tx, mail_id, caller)
        if mail.way is not Way.DRAFT:
            raise Conflict("It is no draft any more.", do="What was sent stays as it is; write another.")
        return mail

    def _check(self, tx: Transaction, draft: Draft) -> tuple[Member, ...]:
        """To whom it would go now."""
        recipients = addressees(draft, _directory(tx), self.here.node, self.clock().date())
        if not draft.text.strip() and draft.form is None:
            raise Invalid("The message is empty.", where="text", do="Write what you want to say, or fill in a form.")
        if draft.keep_until is not None and draft.keep_until < self.clock().date():
            raise Invalid("The last day is over.", where="keep_until", do="Set a later one, or none.")
        return recipients

    # -- who may see --------------------------------------------------------------------------------------------------

    def readable(self, tx: Transaction, mail_id: str, caller: Caller) -> Mail:
        mail = tx.mail.get(mail_id)
        # Falls without each: tests/desks/test_mail.py
        if mail is None or not self._sees(tx, mail, caller) or not self._may_read(mail, caller, self.law(tx)):
            raise Missing("There is no such message, or it is not for you.", do="See `comity mail list`.")
        return mail

    def _sees(self, tx: Transaction, mail: Mail, caller: Caller) -> bool:
        if not mail.case:
            return not caller.roles.isdisjoint(DESK)
        case = tx.cases.get(mail.case)
        return case is not None and caller.account in case.allowed

    def _may_read(self, mail: Mail, caller: Caller, law: Law) -> bool:
        """What is confidential is not for everybody, though they be in the case."""
        if mail.message is None:
            return True
        return may_read(mail.message.marking, self.here.node, self.here.country, caller.roles, law)

    def note(
        self,
        tx: Transaction,
        act: Act,
        mail: Mail,
        actor: str,
        clauses: Collection[str] = (),
        outcome: str = "",
        **details: Any,
    ) -> None:
        case = tx.cases.get(mail.case) if mail.case else None
        entry = Entry(
            act=act,
            at=self.clock(),
            actor=actor,
            for_whom=" ".join(_others(mail)),
            subject=mail.id,
            purpose=case.about.purpose if case is not None else "",
            case=case.number if case is not None else "",
            outcome=outcome or mail.way,
            clauses=tuple(clauses),
            details=details,
        )
        tx.journal.record(entry)


def _others(mail: Mail) -> Sequence[str]:
    if mail.way is Way.DRAFT and mail.draft is not None:
        return mail.draft.addressed
    return [leg.bureau for leg in mail.legs]


def _directory(tx: Transaction) -> Directory:
    directory = tx.members.directory()
    if directory is None:
        raise Unavailable("No directory is held: this bureau has not joined.", do="Join a federation first.")
    return directory


def _member(directory: Directory, name: str) -> Member:
    member = directory.member(name)
    if member is None:
        raise Missing(f"{name} is no member.", where="to", do="See `comity member list`.")
    return member
