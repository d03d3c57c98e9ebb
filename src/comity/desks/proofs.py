"""No proof, no read: what came is applied once its sender has shown that its log holds the disclosure."""

from collections.abc import Callable, Sequence

import structlog

from comity.desks.cases import WORK
from comity.desks.here import Here
from comity.desks.holding import hold_letter
from comity.desks.letters import Letters
from comity.desks.log_alarms import noted
from comity.desks.needs import Clock, Store, Transaction
from comity.domain import limits
from comity.domain.bureau import Member, Standing
from comity.domain.caller import Caller, require
from comity.domain.disclosed import Awaited, ProofRules, Shown, Waiting
from comity.domain.errors import Refusal
from comity.domain.journal import DISCLOSURES, Act, Entry, Opening
from comity.domain.letter import CaseMessageTranslated, Letter, kind_of
from comity.domain.promise import Promise, Unproved
from comity.domain.supervision import HeldLetter, about, discloses
from comity.domain.unproved_letters import held_until, waiting_says
from comity.domain.witnessing import LogAlarm, LogWrong

log = structlog.get_logger("comity.desks.proofs")


class Proofs:
    """`proves` tells members whose release keeps a log that others cosign from those of an earlier one."""

    def __init__(
        self,
        here: Here,
        store: Store,
        letters: Letters,
        rules: ProofRules,
        proves: Callable[[str], bool],
        clock: Clock,
    ) -> None:
        self.here = here
        self.store = store
        self.letters = letters
        self.rules = rules
        self.proves = proves
        self.clock = clock

    # -- what came ----------------------------------------------------------------------------------------------------

    def hold(self, tx: Transaction, letter: Letter, digest: str) -> bool:
        """Keep a letter whole until its sender has proved it; whether it was kept. `digest` is that of its box."""
        if not discloses(letter.body):
            return False
        now = self.clock()
        held = HeldLetter(
            letter=letter, measure="", held_at=now, until=held_until(letter.body, now.date()), digest=digest
        )
        earlier = self.rules.earlier_releases is Unproved.SHOW and not self.proves(letter.sender)
        if not self.rules.waits or earlier:
            why = "its release proves nothing" if earlier else "nothing waits here"
            tx.journal.record(self._entry(held, Act.LETTER_UNPROVED, Shown(why=why)))
            return False
        tx.held_letters.put(held)
        return True

    def waiting(self, caller: Caller) -> list[Waiting]:
        """What came and is not shown yet, the oldest first, and what will happen next."""
        require(caller, WORK, "see what is held for want of proof")
        with self.store.reading() as tx:
            held = [one for one in tx.held_letters.every() if one.digest]
        return [
            Waiting(
                letter=one.letter.id,
                sender=one.letter.sender,
                kind=kind_of(one.letter.body),
                lane=one.letter.lane,
                came_at=one.held_at,
                says=waiting_says(one, self.rules),
            )
            for one in held
        ]

    # -- what we wrote ------------------------------------------------------------------------------------------------

    def openings(self, letters: Sequence[str], recipient: Member) -> list[Opening]:
        """Our entries of letters to that recipient; of nobody else's letters."""
        found: dict[int, Opening] = {}
        with self.store.reading() as tx:
            for letter in letters:
                for opening in tx.journal.about(letter):
                    entry = opening.entry
                    # Falls without it: tests/federation/test_no_proof_no_read.py
                    if (entry.act, entry.for_whom) == (Act.LETTERS_SEALED, recipient.id):
                        found[opening.index] = opening
        return list(found.values())[: limits.DISCLOSURES_PER_REQUEST_MAX]

    # -- what others show of theirs -----------------------------------------------------------------------------------

    def awaited(self) -> dict[str, Awaited]:
        """By member, what it has still to show."""
        with self.store.reading() as tx:
            held = [one for one in tx.held_letters.every() if one.digest]
            names = sorted({*(one.letter.sender for one in held), *tx.promises.sources()})
            return {
                name: Awaited(
                    tuple(one for one in held if one.letter.sender == name)[: limits.DISCLOSURES_PER_REQUEST_MAX],
                    tuple(tx.promises.of(name, limits.PROMISES_CHECKED_AT_ONCE)),
                )
                for name in names
            }

    def settle(self, member: str, awaited: Awaited, shown: Shown) -> int:
        """Apply what is proved, forget what was kept, raise alarms for what was not; how many letters were applied."""
        self._settle_promises(member, awaited.promises, shown)
        applied, blocked = 0, set[str]()
        for held in awaited.letters:
            act = self._decided(member, held, shown)
            # One that waits keeps those behind it in its lane waiting too: they go on what it says.
            # Falls without it: tests/federation/test_no_proof_no_read.py
            if act is not None and held.letter.lane not in blocked and self._apply(held, act, shown):
                applied += 1
            else:
                blocked.add(held.letter.lane)
        return applied

    def _decided(self, member: str, held: HeldLetter, shown: Shown) -> Act | None:
        """How it is applied now; None where it waits on."""
        if held.letter.id in shown.proved:
            return Act.LETTER_PROVED
        if shown.of_earlier_release and self.rules.earlier_releases is Unproved.SHOW:
            return Act.LETTER_UNPROVED
        if self.clock() < held.held_at + self.rules.grace:
            return None
        what = f"Letter {held.letter.id} of {held.held_at:%d %b %H:%M} UTC is not proved. {shown.why}".rstrip()
        self._alarm(LogWrong.UNPROVED, member, what, shown, held.letter.id)
        return Act.LETTER_UNPROVED if self.rules.after_grace is Unproved.SHOW else None

    def _apply(self, held: HeldLetter, act: Act, shown: Shown) -> bool:
        letter = held.letter
        try:
            with self.store.transaction() as tx:
                if not self._may_be_applied(tx, letter):
                    return False
                tx.held_letters.forget(letter.sender, letter.id)
                tx.journal.record(self._entry(held, act, shown))
                if not hold_letter(tx, letter, self.clock()):
                    self.letters.open(tx, letter)
                tx.commit()
        except Refusal as refusal:
            log.warning("a letter could not be applied", letter=letter.id, code=refusal.code)
            return False
        return True

    def _may_be_applied(self, tx: Transaction, letter: Letter) -> bool:
        """It may be gone meanwhile: recalled, or released by a reviewer; and what a suspended member wrote waits."""
        if tx.held_letters.get(letter.sender, letter.id) is None:
            return False
        directory = tx.members.directory()
        member = directory.member(letter.sender) if directory else None
        if member is None or member.stands(self.clock().date()) is Standing.SUSPENDED:
            return False
        if isinstance(letter.body, CaseMessageTranslated):  # in a lane of its own: what it translates comes first
            spoken = tx.held_letters.speaking_of(letter.sender, about(letter.body))
            return not any(one.digest and one.letter.id != letter.id for one in spoken)
        return True

    def _entry(self, held: HeldLetter, act: Act, shown: Shown) -> Entry:
        letter = held.letter
        return Entry(
            act=act,
            at=self.clock(),
            actor=letter.sender,
            subject=letter.id,
            outcome=kind_of(letter.body),
            clauses=(held.clause,),
            details={"digest": held.digest, "log_size": shown.size, "why": shown.why},
        )

    def _settle_promises(self, member: str, promises: Sequence[Promise], shown: Shown) -> None:
        for promise in promises:
            if promise.question not in shown.kept and (what := self._missed(promise, shown)):
                proof = shown.broken.get(promise.question, ())
                self._alarm(LogWrong.MISSED_PROMISE, member, what, shown, promise.signed, proof)
            elif promise.question not in shown.kept:
                continue
            with self.store.transaction() as tx:
                tx.promises.forget(promise)
                tx.commit()

    def _missed(self, promise: Promise, shown: Shown) -> str:
        """What is wrong with a promise that was not kept; '' while it may still be.

        Falls without each: tests/federation/test_no_proof_no_read.py
        """
        told = f"It promised for question {promise.question} that entry {promise.index} would be there"
        if promise.question in shown.broken:
            return f"{told}, and another entry stands in its place."
        if self.clock() <= promise.merge_by:
            return ""
        by = f"{told} by {promise.merge_by:%d %b %H:%M:%S} UTC"
        if shown.note and shown.size <= promise.index:
            return f"{by}, and its log has {shown.size} entries."
        if self.clock() > promise.merge_by + self.rules.grace:
            return f"{by}, and it is not shown. {shown.why}".rstrip()
        return ""

    def _alarm(
        self, wrong: LogWrong, member: str, what: str, shown: Shown, about: str, proof: tuple[str, ...] = ()
    ) -> None:
        alarm = LogAlarm(
            wrong=wrong,
            origin=f"{member}/{DISCLOSURES}",
            what=what[: limits.REASON_CHARS_MAX],
            shown=shown.note,
            proof=proof,
            about=about,
            noted_at=self.clock(),
        )
        with self.store.transaction() as tx:
            if noted(tx, alarm):
                tx.commit()
