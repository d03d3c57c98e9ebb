"""Recalled letters: destroyed where nobody has opened them, else deleted by people, and the sender has it signed."""

from comity.desks import file_post
from comity.desks.here import Here
from comity.desks.needs import Clock, Store, Transaction
from comity.desks.receipts import Receipts
from comity.domain.caller import Caller, Role, require
from comity.domain.errors import Conflict, Missing
from comity.domain.evidence import Step
from comity.domain.journal import Act, Entry
from comity.domain.letter import Letter, LetterRecall
from comity.domain.mail import ErasureReason, Way
from comity.domain.post import Recall

DELETES = frozenset({Role.ADMINISTRATOR, Role.SUPERVISOR, Role.DUTY_OFFICER})

UNOPENED = "destroyed unopened"
UNSENT = "it had not left: nothing but its place in the order does"
HELD = "destroyed while it waited for review"
DELETED = "deleted after it had been opened"


class Recalls:
    def __init__(self, here: Here, store: Store, clock: Clock, receipts: Receipts) -> None:
        self.here = here
        self.store = store
        self.clock = clock
        self.receipts = receipts

    def recall(self, letter_id: str, reason: str, caller: Caller) -> str:
        """Take a letter of ours back: what became of it so far, in words."""
        require(caller, DELETES, "recall letters")
        with self.store.transaction() as tx:
            told = UNSENT if self.recalled(tx, letter_id, reason, caller) else "its recipient is told"
            tx.commit()
        return told

    def recalled(self, tx: Transaction, letter_id: str, reason: str, caller: Caller) -> bool:
        """The same in a transaction under way; True where it had not left, so that nobody need be told."""
        tx.files.take_back(letter_id)
        if unsent := tx.outbox.get(letter_id) is not None:
            tx.outbox.void(letter_id, self.clock())
        else:
            held = tx.sealed.get(letter_id)
            recipient = held[0].recipient if held is not None else self._recipient_of(tx, letter_id)
            tx.outbox.send(recipient, LetterRecall(letter=letter_id, reason=reason), self.clock())
        self._note(tx, letter_id, caller.account, UNSENT if unsent else "its recipient is told", reason)
        return unsent

    def asked(self, tx: Transaction, letter: Letter, recall: LetterRecall) -> None:
        """Another sender wants a letter back: it is destroyed as it comes, or people are asked to delete it."""
        # Nobody has acted on it. Falls without it: tests/desks/test_letter_review.py
        if tx.held_letters.forget(letter.sender, recall.letter):
            self._say(tx, letter.sender, recall.letter, HELD)
            self._note(tx, recall.letter, letter.sender, HELD, recall.reason)
            return
        arrived = tx.inbox.known(letter.sender, recall.letter)
        if arrived and self._emptied(tx, letter.sender, recall.letter, unopened=True):
            self._say(tx, letter.sender, recall.letter, UNOPENED)
            self._note(tx, recall.letter, letter.sender, UNOPENED, recall.reason)
            return
        asked = Recall(
            sender=letter.sender, letter=recall.letter, reason=recall.reason, asked_at=self.clock(), arrived=arrived
        )
        tx.recalls.put(asked)
        self._note(tx, recall.letter, letter.sender, "to be deleted" if arrived else "awaited", recall.reason)

    def destroyed(self, tx: Transaction, sender: str, letter_id: str) -> bool:
        """Whether a letter that has just come was recalled: it is not applied then."""
        if tx.recalls.get(sender, letter_id) is None:
            return False
        tx.recalls.end(sender, letter_id)
        self._note(tx, letter_id, sender, UNOPENED, "")
        return True

    def deleted(self, sender: str, letter_id: str, caller: Caller) -> None:
        """People here have deleted what a recalled letter brought; the sender gets it signed."""
        require(caller, DELETES, "acknowledge a recall")
        with self.store.transaction() as tx:
            asked = tx.recalls.get(sender, letter_id)
            if asked is None or not asked.arrived:
                raise Missing(f"{sender} has not recalled letter {letter_id}.", do="See `comity post list`.")
            self._emptied(tx, sender, letter_id, unopened=False)
            self._say(tx, sender, letter_id, DELETED)
            tx.recalls.end(sender, letter_id)
            self._note(tx, letter_id, caller.account, DELETED, "")
            tx.commit()

    def _emptied(self, tx: Transaction, sender: str, letter_id: str, unopened: bool) -> bool:
        """The message that a letter brought loses its content and keeps its place; whether there was one.

        Of what somebody has read, people must know that it goes: it is deleted by them.
        """
        mail = tx.mail.carried_by(sender, letter_id)
        # Falls without each: tests/desks/test_recalled_messages.py
        if mail is None or mail.way is not Way.IN or (unopened and mail.legs[0].opened_at is not None):
            return False
        tx.mail.put(mail.with_leg(mail.legs[0].recalled()).emptied(self.clock(), ErasureReason.RECALLED))
        file_post.destroy(tx, self.here.node, sender, mail.id, self.clock(), ErasureReason.RECALLED)
        return True

    def _say(self, tx: Transaction, sender: str, letter_id: str, how: str) -> None:
        """Sign for the sender that its letter is gone; of one that came openly nothing is signed."""
        letter = self.receipts.concerned(tx, sender, letter_id)
        if letter is not None:
            self.receipts.say(tx, Step.RECALLED, sender, letter, how)

    def every(self) -> list[Recall]:
        with self.store.reading() as tx:
            return tx.recalls.every()

    def _recipient_of(self, tx: Transaction, letter_id: str) -> str:
        steps = [proof.evidence for proof in tx.evidence.about(letter_id)]
        if any(one.step is Step.RECALLED for one in steps):
            raise Conflict(f"Letter {letter_id} was recalled before.", do="See `comity post show`.")
        for one in steps:
            if one.step is Step.SUBMITTED and one.sender == self.here.node:
                return next(letter.recipient for letter in one.letters if letter.letter == letter_id)
        raise Missing(f"This node has sent no letter {letter_id} under seal.", do="See `comity post list`.")

    def _note(self, tx: Transaction, letter_id: str, actor: str, outcome: str, reason: str) -> None:
        entry = Entry(
            act=Act.LETTER_RECALLED,
            at=self.clock(),
            actor=actor,
            subject=letter_id,
            outcome=outcome,
            details={"reason": reason},
        )
        tx.journal.record(entry)
