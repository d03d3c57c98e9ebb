"""What a recipient signs for the sender of a letter, after it came: that somebody has opened it, or that it is gone."""

from collections.abc import Callable

from comity.desks.here import Here
from comity.desks.needs import Clock, Transaction
from comity.domain.evidence import Concerned, Evidence, Proof, Step

Sign = Callable[[Evidence], Proof]


class Receipts:
    def __init__(self, here: Here, clock: Clock, sign: Sign) -> None:
        self.here = here
        self.clock = clock
        self.sign = sign

    def opened(self, tx: Transaction, sender: str, letter_id: str) -> bool:
        """Somebody here has opened what a letter brought. False where its sender must be told by letter as well.

        It must where nothing of the letter is signed, for it came openly or through an earlier release; and where its
        sender has never signed such a thing itself: a node of an earlier release would not know what it means.
        """
        letter = self.concerned(tx, sender, letter_id)
        if letter is None:
            return False
        self.say(tx, Step.OPENED, sender, letter)
        return tx.evidence.opens(sender)

    def concerned(self, tx: Transaction, sender: str, letter_id: str) -> Concerned | None:
        """The letter as we signed that it was delivered; None where we did not."""
        for proof in tx.evidence.about(letter_id):
            if (proof.evidence.step, proof.evidence.sender, proof.evidence.by) == (
                Step.DELIVERED,
                sender,
                self.here.node,
            ):
                return next(one for one in proof.evidence.letters if one.letter == letter_id)
        return None

    def say(self, tx: Transaction, step: Step, sender: str, letter: Concerned, reason: str = "") -> None:
        """Sign it; the hub gets it with the next collection, and passes it on."""
        now = self.clock()
        said = Evidence(step=step, by=self.here.node, sender=sender, at=now, letters=(letter,), reason=reason)
        directory = tx.members.directory()
        tx.evidence.keep(self.sign(said), now, tell=directory.hub if directory else "")
