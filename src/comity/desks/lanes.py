"""Lanes of letters that are taken up again: where letters are missing, or a node has lost its place or its memory."""

from comity.desks.needs import Clock, Store, Transaction
from comity.desks.post_alarms import noted
from comity.domain.caller import Caller, Role, require
from comity.domain.errors import Conflict
from comity.domain.ids import moment_of
from comity.domain.journal import Act, Entry
from comity.domain.letter import Lane, Letter, LettersLost, LetterVoid, Parked
from comity.domain.post import Alarm, Resumed, Wrong

Details = dict[str, str | int | float | bool | list[str]]

# With these a lane stands still until people take it up again.
STANDS_STILL = frozenset({Wrong.GAP, Wrong.BROKEN_CHAIN, Wrong.BEHIND})


class Lanes:
    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self.clock = clock

    def resume(self, sender: str, lane: Lane, caller: Caller) -> None:
        """Take a lane that stands still up with the next letter that comes; its sender learns which were given up."""
        require(caller, frozenset({Role.ADMINISTRATOR}), "take a lane of letters up again")
        with self.store.transaction() as tx:
            about = {
                key: alarm
                for key, alarm in tx.alarms.every().items()
                if (alarm.sender, alarm.lane) == (sender, lane) and alarm.wrong in STANDS_STILL
            }
            # Taken up beforehand, a lane would let the hub drop what it likes. Falls without it:
            # tests/federation/test_resumed_lanes.py
            if not about:
                raise Conflict(f"The {lane} lane of {sender} does not stand still.", do="See `comity post list`.")
            for key in about:
                tx.alarms.clear(key)
            taken, applied = tx.sealed.taken(sender, lane).seq, tx.inbox.expected(sender, lane) - 1
            now = self.clock()
            resumed = Resumed(sender=sender, lane=lane, sealed=taken, applied=applied, by=caller.account, at=now)
            tx.resumed.put(resumed)
            self._note(tx, Act.LANE_RESUMED, caller.account, sender, "asked", {"lane": lane, "after": applied})
            tx.commit()

    def taken_up(self, tx: Transaction, letter: Letter | Parked, sealed: int, begins: bool) -> bool:
        """Whether the lane goes on with this letter, unknown here and not the next: by our people or by its sender.

        `sealed` is the number of the last sealed letter taken; `begins`: its sender signed it as the first of the lane.
        """
        expected = tx.inbox.expected(letter.sender, letter.lane)
        if not self.may_be_taken_up(tx, letter.sender, letter.lane, sealed):
            if not begins or letter.expires_at <= self.clock():
                return False
            what = (
                f"{letter.sender} counts its {letter.lane} lane from 1 again, after {expected - 1}: it lost its memory."
            )
            self._alarm(tx, Wrong.BEGUN_ANEW, letter.sender, letter.lane, what, letter.id)
        if letter.sequence > expected:
            self._give_up(tx, letter, expected)
        tx.inbox.stand(letter.sender, letter.lane, letter.sequence - 1)
        tx.resumed.end(letter.sender, letter.lane)
        self._note(
            tx, Act.LANE_RESUMED, letter.sender, letter.id, "taken-up", {"lane": letter.lane, "after": expected - 1}
        )
        return True

    def may_be_taken_up(self, tx: Transaction, sender: str, lane: Lane, sealed: int) -> bool:
        """Whether people said so while it stood where it does, or this node lost its memory and knows nothing of it."""
        applied = tx.inbox.expected(sender, lane) - 1
        asked = tx.resumed.get(sender, lane)
        # What moved on since needs no leap any more. Falls without it: tests/federation/test_resumed_lanes.py
        if asked is not None and (asked.sealed, asked.applied) == (sealed, applied):
            return True
        return (sealed, applied) == (0, 0) and tx.resumed.get() is not None

    def forgotten(self, tx: Transaction, letter_id: str) -> bool:
        """Whether it may be a letter of ours from before this node lost its memory."""
        lost, written_at = tx.resumed.get(), moment_of(letter_id)
        return lost is not None and written_at is not None and written_at <= lost.at

    def out_of_step(self, letter: Letter | Parked) -> None:
        """An open letter was refused: people learn of it where it is not the next of its lane."""
        with self.store.transaction() as tx:
            expected = tx.inbox.expected(letter.sender, letter.lane)
            if letter.sequence == expected or tx.inbox.known(letter.sender, letter.id):
                return
            if letter.sequence > expected:
                missing = (expected, letter.sequence - 1)
                what = f"Letters {missing[0]} to {missing[1]} of {letter.sender} are missing in its {letter.lane} lane."
                new = self._alarm(tx, Wrong.GAP, letter.sender, letter.lane, what, missing=missing)
            else:
                what = f"Letter {letter.sequence} of {letter.sender} came, and another of that number was taken before."
                new = self._alarm(tx, Wrong.BEHIND, letter.sender, letter.lane, what, letter.id)
            if new:
                tx.commit()

    def lost(self, tx: Transaction, letter: Letter, body: LettersLost) -> None:
        """A recipient has given letters of ours up: what is still here is written anew, people see to the rest."""
        now = self.clock()
        held = tx.sealed.of_lane(letter.sender, body.lane, body.first, body.last)
        tx.sealed.delivered([one.id for one in held])
        for one in held:
            if not isinstance(one.body, LetterVoid):
                tx.outbox.send(letter.sender, one.body, now)
        since = f", taken since {body.since:%Y-%m-%d %H:%M}" if body.since else ""
        what = (
            f"{letter.sender} lost letters {body.first} to {body.last} of our {body.lane} lane{since}. "
            f"{len(held)} of them were still here and are written anew."
        )
        self._alarm(tx, Wrong.LOST, letter.sender, body.lane, what, letter.id, (body.first, body.last))
        details: Details = {"lane": body.lane, "first": body.first, "last": body.last, "anew": [one.id for one in held]}
        self._note(tx, Act.LETTERS_LOST, letter.sender, letter.id, "there", details)

    def _give_up(self, tx: Transaction, letter: Letter | Parked, expected: int) -> None:
        lost = LettersLost(
            lane=letter.lane, first=expected, last=letter.sequence - 1, since=tx.inbox.heard(letter.sender)
        )
        tx.outbox.send(letter.sender, lost, self.clock())
        details: Details = {"lane": lost.lane, "first": lost.first, "last": lost.last}
        self._note(tx, Act.LETTERS_LOST, letter.sender, letter.id, "here", details)

    def _alarm(
        self,
        tx: Transaction,
        wrong: Wrong,
        sender: str,
        lane: Lane,
        what: str,
        letter: str = "",
        missing: tuple[int, int] | None = None,
    ) -> bool:
        now = self.clock()
        return noted(
            tx, Alarm(wrong=wrong, sender=sender, lane=lane, letter=letter, missing=missing, what=what, noted_at=now)
        )

    def _note(
        self,
        tx: Transaction,
        act: Act,
        actor: str,
        subject: str,
        outcome: str,
        details: Details,
    ) -> None:
        tx.journal.record(
            Entry(act=act, at=self.clock(), actor=actor, subject=subject, outcome=outcome, details=details)
        )
