"""Translations of messages: each a word of its own by whoever made it, beside the original and never in its place."""

from msgspec.structs import replace

from comity.desks.cases import WORK
from comity.desks.mail import Mailroom
from comity.desks.needs import Transaction
from comity.domain import limits
from comity.domain.caller import Caller, require
from comity.domain.errors import Conflict, Invalid, TooLarge
from comity.domain.ids import new_id
from comity.domain.journal import Act
from comity.domain.letter import CaseMessageTranslated
from comity.domain.mail import Mail, Message, Translation


class Translations:
    def __init__(self, mailroom: Mailroom) -> None:
        self.mailroom = mailroom
        self.store = mailroom.store

    def translate(self, mail_id: str, language: str, text: str, by_machine: bool, caller: Caller) -> Translation:
        """Say what a message means in another language; whoever has the message too gets it, as far as the law lets."""
        require(caller, WORK, "translate messages")
        with self.store.transaction() as tx:
            mail, message = self._whole(tx, mail_id, caller)
            made = self._made(message, language, text, by_machine, caller)
            others = [leg.bureau for leg in mail.legs]
            rulings = self.mailroom.rulings(tx, replace(message, text=made.text), mail.origins, others, caller)
            clauses, taken = self.mailroom.admitted(tx, mail, rulings, caller)
            tx.mail.annotate(made)
            for bureau in others:
                tx.outbox.send(bureau, CaseMessageTranslated(translation=made), made.made_at)
            self.mailroom.note(tx, Act.MESSAGE_TRANSLATED, mail, caller.account, clauses, **taken)
            tx.commit()
        return made

    def every(self, mail_id: str, caller: Caller) -> list[Translation]:
        """Of one message, oldest first, each with who made it."""
        require(caller, WORK, "see messages")
        with self.store.reading() as tx:
            return tx.mail.translations(self.mailroom.readable(tx, mail_id, caller).id)

    def _whole(self, tx: Transaction, mail_id: str, caller: Caller) -> tuple[Mail, Message]:
        mail = self.mailroom.readable(tx, mail_id, caller)
        if mail.message is None or not mail.message.text:
            raise Conflict("There is no text to translate.", do="Forms come in words of every language by themselves.")
        if len(tx.mail.translations(mail.id)) >= limits.TRANSLATIONS_PER_MESSAGE_MAX:
            raise TooLarge("The message has as many translations as there may be.", do="Use one of them.")
        return mail, mail.message

    def _made(self, message: Message, language: str, text: str, by_machine: bool, caller: Caller) -> Translation:
        if language == message.language:
            raise Invalid(
                f"The message is in {language}.", where="language", do="Name the language you translate into."
            )
        if not text.strip():
            raise Invalid("The translation is empty.", where="text", do="Write it.")
        now = self.mailroom.clock()
        return Translation(
            id=new_id(now, self.mailroom.entropy(10)),
            message=message.id,
            bureau=self.mailroom.here.node,
            translator=caller.account,
            from_language=message.language,
            to_language=language,
            by_machine=by_machine,
            text=text,
            made_at=now,
        )
