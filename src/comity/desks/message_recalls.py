"""A message taken back by whoever works on its case: the letters that carried it are recalled, all or one."""

from comity.desks.cases import WORK
from comity.desks.mail import Mailroom
from comity.desks.recalls import Recalls
from comity.domain import limits
from comity.domain.caller import Caller, require
from comity.domain.errors import Conflict, Invalid
from comity.domain.mail import LegState, Mail, Way


class MessageRecalls:
    def __init__(self, mailroom: Mailroom, recalls: Recalls) -> None:
        self.mailroom = mailroom
        self.recalls = recalls

    def recall(self, mail_id: str, reason: str, bureau: str, caller: Caller) -> Mail:
        """From that bureau, or from all where it is ''. Unopened it is destroyed there, else people are asked."""
        require(caller, WORK, "take messages back")
        if not 0 < len(reason.strip()) <= limits.REASON_CHARS_MAX:
            raise Invalid("A reason is needed; its recipients read it.", where="reason", do="Say why.")
        with self.mailroom.store.transaction() as tx:
            mail = self.mailroom.readable(tx, mail_id, caller)
            legs = [leg for leg in mail.legs if bureau in ("", leg.bureau) and leg.state is not LegState.RECALLED]
            if mail.way is not Way.OUT or not legs:
                raise Conflict("It was not sent there from here, or was recalled before.", do="See `comity mail show`.")
            for leg in legs:
                if self.recalls.recalled(tx, leg.letter, reason.strip(), caller):
                    mail = mail.with_leg(leg.recalled())  # it never left: nobody else will say so
            tx.mail.put(mail)
            tx.commit()
        return mail
