"""Sealed letters that arrive and evidence that comes back: taken once, in order; whatever is wrong is shown."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

import structlog

from comity.desks import file_post
from comity.desks.arriving_mail import ArrivingMail
from comity.desks.here import Here
from comity.desks.lanes import Lanes
from comity.desks.letters import Letters
from comity.desks.needs import Clock, Store, Transaction
from comity.desks.post_alarms import noted
from comity.desks.recalls import UNOPENED, Recalls
from comity.domain import limits
from comity.domain.caller import Caller, Role, require
from comity.domain.disclosed import sealed_entry
from comity.domain.errors import Conflict, Missing, Refusal, Replayed
from comity.domain.evidence import ENDS, Concerned, Evidence, Proof, Step
from comity.domain.journal import Act, Entry
from comity.domain.letter import Lane, Letter
from comity.domain.mail import Urgency
from comity.domain.post import LANES, Alarm, Arrival, InPost, RefusedLetter, Spoiled, Wrong
from comity.domain.sealed import Place, Route
from comity.domain.supervision import discloses

Sign = Callable[[Evidence], Proof]
# Whether a letter, by the digest of its box, waits until its sender has proved it: see desks.proofs.
Hold = Callable[[Transaction, Letter, str], bool]
Stuck = set[tuple[str, Urgency]]

CLEARS = frozenset({Role.ADMINISTRATOR, Role.SUPERVISOR, Role.DUTY_OFFICER})
# lane: within which a letter should have reached its recipient; later it is shown
DELIVERED_WITHIN = {
    Lane.EMERGENCY: timedelta(seconds=limits.POST_EMERGENCY_WITHIN_SECONDS),
    Lane.URGENT: timedelta(seconds=limits.POST_URGENT_WITHIN_SECONDS),
    Lane.BULK: timedelta(seconds=limits.POST_ROUTINE_WITHIN_SECONDS),
}

log = structlog.get_logger("comity.desks.post")


class Post:
    def __init__(
        self,
        here: Here,
        store: Store,
        clock: Clock,
        letters: Letters,
        recalls: Recalls,
        lanes: Lanes,
        mail: ArrivingMail,
        sign: Sign,
        hold: Hold,
    ) -> None:
        self.here = here
        self.store = store
        self.clock = clock
        self.letters = letters
        self.recalls = recalls
        self.lanes = lanes
        self.mail = mail
        self.sign = sign
        self.hold = hold

    # -- what we send ---------------------------------------------------------------------------------------------

    def sealed(self, letters: Sequence[tuple[Letter, InPost]], before: Place) -> bool:
        """Keep letters of one lane under their seals in the place of the open ones; `before` is what the first follows.

        False where the lane has moved meanwhile: nothing is kept then, and they are sealed again.
        """
        first = letters[0][0]
        with self.store.transaction() as tx:
            # Two processes may seal at once: one lane must not fork. Falls without it: tests/desks/test_post.py
            oldest = tx.outbox.several(first.recipient, first.lane, len(letters))
            if tx.sealed.sent(first.recipient, first.lane) != before or oldest != [letter for letter, _ in letters]:
                return False
            now = self.clock()
            tx.sealed.put(letters, now)
            tx.outbox.delivered([letter.id for letter, _ in letters], now)
            self._disclosed(tx, first.recipient, letters, now)
            tx.evidence.keep(self.sign(self._said(Step.SUBMITTED, self.here.node, _concerned(letters), now)), now)
            tx.commit()
        return True

    def _disclosed(
        self, tx: Transaction, recipient: str, letters: Sequence[tuple[Letter, InPost]], now: datetime
    ) -> None:
        """Before they leave: what the recipient is shown one day, before it reads them."""
        digests = {letter.id: one.route.ct_sha256 for letter, one in letters if discloses(letter.body)}
        if digests:
            tx.journal.record(sealed_entry(self.here.node, recipient, digests, now))

    def submitted(self, proofs: Sequence[Proof], refused: Sequence[RefusedLetter]) -> None:
        """What the post room says of letters that were brought; those that it did not take are brought again."""
        with self.store.transaction() as tx:
            for proof in proofs:
                self._hear(tx, proof)
            again_at = self.clock() + timedelta(seconds=limits.POST_STUCK_SECONDS)
            for one in refused:
                tx.sealed.failed(one.letter, again_at, one.what)
            tx.commit()

    def expire(self) -> int:
        """Give up letters past their time; how many. What must arrive however late is written anew."""
        with self.store.transaction() as tx:
            now = self.clock()
            expired = tx.sealed.expire(now)
            for letter in expired:
                self.letters.given_up(tx, letter)
            tx.evidence.expire(now)
            tx.commit()
        return len(expired)

    def watch(self) -> int:
        """Letters that should have arrived by now: held back, or their recipients are absent. How many are new."""
        with self.store.transaction() as tx:
            now, found = self.clock(), 0
            for lane, within in DELIVERED_WITHIN.items():
                for letter in tx.sealed.sealed_before(lane, now - within):
                    what = f"No receipt of {letter.recipient} for {within}: it is absent, or the hub holds it back."
                    found += self._alarm(tx, Wrong.UNDELIVERED, letter.recipient, lane, letter.id, what)
            if found:
                tx.commit()
        return found

    def undelivered(self) -> dict[tuple[str, Lane], tuple[int, datetime]]:
        """(recipient, lane): how many sealed letters have not arrived, and since when the oldest waits."""
        with self.store.reading() as tx:
            return tx.sealed.lanes()

    # -- what comes -----------------------------------------------------------------------------------------------

    def collected(self, told: Sequence[str], proofs: Sequence[Proof], arrived: Sequence[Arrival | Spoiled]) -> Stuck:
        """Take what was fetched, in one transaction where all goes well; the lanes whose next letter was not taken.

        `told` are the pieces of evidence that the hub has now, `proofs` those that it brought about our letters.
        """
        stuck: Stuck = set()
        try:
            self._collected(told, proofs, arrived, stuck)
        except Refusal:
            stuck.clear()
            self._collected(told, proofs, (), stuck)
            for one in arrived:
                stuck |= self._alone(one, stuck)
        return stuck

    def alarms(self) -> dict[str, Alarm]:
        """What people have not cleared yet, by id."""
        with self.store.reading() as tx:
            return tx.alarms.every()

    def clear(self, alarm_id: str, caller: Caller) -> None:
        """Somebody has looked into it."""
        require(caller, CLEARS, "clear alarms of the post")
        with self.store.transaction() as tx:
            alarm = tx.alarms.clear(alarm_id)
            if alarm is None:
                raise Missing(f"There is no alarm {alarm_id}.", do="See `comity post list`.")
            now = self.clock()
            tx.journal.record(
                Entry(act=Act.POST_ALARM_CLEARED, at=now, actor=caller.account, subject=alarm_id, outcome=alarm.wrong)
            )
            tx.commit()

    def evidence(self, letter_id: str) -> list[Proof]:
        """Everything signed about one letter, the earliest first."""
        with self.store.reading() as tx:
            return tx.evidence.about(letter_id)

    def _collected(
        self, told: Sequence[str], proofs: Sequence[Proof], arrived: Sequence[Arrival | Spoiled], stuck: Stuck
    ) -> None:
        with self.store.transaction() as tx:
            tx.evidence.told(self._hub(tx), told)
            for proof in proofs:
                self._hear(tx, proof)
            self._arrive(tx, arrived, stuck)
            tx.commit()

    def _alone(self, one: Arrival | Spoiled, stuck: Stuck) -> Stuck:
        """A letter that cannot be applied now stays at the hub and is fetched again; so do those behind it."""
        lane = {(one.route.sender, one.route.priority)} if one.route else set()
        if lane & stuck:
            return lane
        found: Stuck = set()
        try:
            self._collected((), (), [one], found)
        except Refusal as refusal:
            log.warning("a letter could not be applied", lane=sorted(lane), code=refusal.code)
            return lane
        return found

    def _arrive(self, tx: Transaction, arrived: Sequence[Arrival | Spoiled], stuck: Stuck) -> None:
        taken: dict[tuple[str, Step, str], list[Concerned]] = {}
        for sender, ids in _by_sender(arrived).items():
            tx.inbox.look_for(sender, ids)
            tx.recalls.look_for(sender, ids)
        for one in arrived:
            if one.route is not None and (one.route.sender, one.route.priority) in stuck:
                continue
            if isinstance(one, Spoiled):
                self._spoiled(tx, one, stuck)
                continue
            step, reason = self._take(tx, one, stuck)
            if step is not None:
                mine = Concerned(letter=one.route.id, recipient=self.here.node, digest=one.route.ct_sha256)
                taken.setdefault((one.route.sender, step, reason), []).append(mine)
        for (sender, step, reason), letters in taken.items():
            self._say(tx, step, sender, letters, reason)

    def _take(self, tx: Transaction, arrival: Arrival, stuck: Stuck) -> tuple[Step | None, str]:
        """One letter: which step we sign for it, and why; None where it is not taken, or was before."""
        route, lane = arrival.route, LANES[arrival.route.priority]
        if tx.inbox.known(route.sender, route.id):
            self._again(tx, arrival, lane)
            return None, ""
        place = tx.sealed.taken(route.sender, lane)
        if arrival.letter is None or arrival.manifest is None:
            return self._outside_alone(tx, arrival, lane, place)
        try:
            after = place.after(arrival.manifest, self.here.node, route.ct_sha256)
        except (Conflict, Replayed) as wrong:
            begins = arrival.manifest.seq[self.here.node] == 1
            if not self.lanes.taken_up(tx, arrival.letter, place.seq, begins):
                self._out_of_order(tx, arrival, lane, place, wrong)
                stuck.add((route.sender, route.priority))
                return None, ""
            after = Place(seq=arrival.manifest.seq[self.here.node], ct_sha256=route.ct_sha256)
        if self.recalls.destroyed(tx, route.sender, route.id):
            tx.inbox.passed(route.sender, route.id, lane, self.clock())
            tx.sealed.took(route.sender, lane, after)
            return Step.RECALLED, UNOPENED
        self.letters.apply(tx, arrival.letter, hold=lambda tx, letter: self.hold(tx, letter, route.ct_sha256))
        file_post.expect(tx, arrival.letter, arrival.manifest, self.clock())
        tx.sealed.took(route.sender, lane, after)
        return Step.DELIVERED, ""

    def _outside_alone(self, tx: Transaction, arrival: Arrival, lane: Lane, place: Place) -> tuple[Step, str]:
        """Its number is used, its content is gone: expired on its way, or no key here opens it."""
        route, now = arrival.route, self.clock()
        if self.lanes.may_be_taken_up(tx, route.sender, lane, place.seq):
            # Which number it had is not known: the lane begins with the next that can be read.
            tx.inbox.passed_over(route.sender, route.id, now)
        else:
            tx.inbox.passed(route.sender, route.id, lane, now)
            tx.sealed.took(route.sender, lane, place.after_unread(route.ct_sha256))
        reason = arrival.unreadable or "expired on its way"
        if arrival.unreadable:
            self._alarm(tx, Wrong.UNREADABLE, route.sender, lane, route.id, arrival.unreadable)
        tx.journal.record(
            Entry(
                act=Act.LETTER_REFUSED if arrival.unreadable else Act.LETTER_EXPIRED,
                at=now,
                actor=route.sender,
                subject=route.id,
                outcome=reason[: limits.REASON_CHARS_MAX],
                details={"lane": lane},
            )
        )
        return Step.REFUSED, reason[: limits.REASON_CHARS_MAX]

    def _again(self, tx: Transaction, arrival: Arrival, lane: Lane) -> None:
        """It was taken before. No harm where our word for it was lost; but the hub may have had that."""
        route, hub = arrival.route, self._hub(tx)
        for step in ENDS:
            piece = tx.evidence.piece(step, route.sender, route.id, self.here.node)
            if piece is not None:
                if tx.evidence.waits_to_be_told(hub, piece):
                    return
                # Falls without it: tests/federation/test_hostile_hub.py
                what = "It was taken before, the hub has our receipt, and brings it again."
                self._alarm(tx, Wrong.REPLAYED, route.sender, lane, route.id, what)
                tx.evidence.tell(hub, piece)
                return
        # It came by another way, before it was sealed: no word was signed for it yet.
        mine = Concerned(letter=route.id, recipient=self.here.node, digest=route.ct_sha256)
        if arrival.manifest is not None:
            place = tx.sealed.taken(route.sender, lane)
            tx.sealed.took(route.sender, lane, place.after(arrival.manifest, self.here.node, route.ct_sha256))
        self._say(tx, Step.DELIVERED, route.sender, [mine])

    def _out_of_order(
        self, tx: Transaction, arrival: Arrival, lane: Lane, place: Place, wrong: Conflict | Replayed
    ) -> None:
        """Nothing is skipped: a letter that was skipped could be the withdrawal of a warrant."""
        assert arrival.manifest is not None
        route, number = arrival.route, arrival.manifest.seq[self.here.node]
        missing = (place.seq + 1, number - 1) if number > place.seq + 1 else None
        if missing:
            kind, letter = Wrong.GAP, ""
            what = f"Letters {missing[0]} to {missing[1]} of {route.sender} are missing in its {lane} lane."
        else:
            kind = Wrong.BEHIND if isinstance(wrong, Replayed) else Wrong.BROKEN_CHAIN
            what, letter = wrong.what, route.id
        self._alarm(tx, kind, route.sender, lane, letter, what, missing)

    def _spoiled(self, tx: Transaction, spoiled: Spoiled, stuck: Stuck) -> None:
        route = spoiled.route
        if route is None:
            self._alarm(tx, spoiled.wrong, self._hub(tx), None, "", spoiled.what)
            return
        self._alarm(tx, spoiled.wrong, route.sender, LANES[route.priority], route.id, spoiled.what)
        stuck.add((route.sender, route.priority))

    # -- evidence -------------------------------------------------------------------------------------------------

    def _hear(self, tx: Transaction, proof: Proof) -> None:
        evidence, now = proof.evidence, self.clock()
        ids = [one.letter for one in evidence.letters]
        routes = tx.sealed.routes(ids)
        if not all(self._ours(tx, evidence, one, routes.get(one.letter)) for one in evidence.letters):
            if all(self.lanes.forgotten(tx, one.letter) for one in evidence.letters):
                return
            # Falls without it: tests/federation/test_hostile_hub.py
            what = f"It says that letters were {evidence.step} which this node never sent so."
            self._alarm(tx, Wrong.INVENTED, evidence.by, None, evidence.letters[0].letter, what)
            return
        if not tx.evidence.keep(proof, now):
            return
        if evidence.step is Step.RELAYED:
            tx.sealed.relayed(ids, now)
        for letter_id in ids:
            self._after(tx, evidence, letter_id)
        if evidence.step in ENDS or evidence.step is Step.EXPIRED:
            tx.sealed.delivered(ids)

    def _ours(self, tx: Transaction, evidence: Evidence, one: Concerned, route: Route | None) -> bool:
        """Whether we sent that very letter to that recipient; `route` is its outside while it is here."""
        if evidence.sender != self.here.node:
            return False
        if route is not None:
            return one.recipient in route.recipients and one.digest == route.ct_sha256
        return any(
            one in proof.evidence.letters
            for proof in tx.evidence.about(one.letter)
            if proof.evidence.step is Step.SUBMITTED
        )

    def _after(self, tx: Transaction, evidence: Evidence, letter_id: str) -> None:
        if evidence.step in (Step.OPENED, Step.RECALLED):
            self.mail.heard(tx, evidence.step, evidence.by, letter_id, evidence.at)
        if evidence.step is Step.EXPIRED and (held := tx.sealed.get(letter_id)) is not None:
            self.letters.given_up(tx, held[0])
        if evidence.step in (Step.REFUSED, Step.RECALLED):
            act = Act.LETTER_REFUSED if evidence.step is Step.REFUSED else Act.LETTER_RECALLED
            tx.journal.record(
                Entry(act=act, at=self.clock(), actor=evidence.by, subject=letter_id, outcome=evidence.reason)
            )

    def _say(self, tx: Transaction, step: Step, sender: str, letters: Sequence[Concerned], reason: str = "") -> None:
        now = self.clock()
        tx.evidence.keep(self.sign(self._said(step, sender, letters, now, reason)), now, tell=self._hub(tx))

    def _said(self, step: Step, sender: str, letters: Sequence[Concerned], now: datetime, reason: str = "") -> Evidence:
        return Evidence(step=step, by=self.here.node, sender=sender, at=now, letters=tuple(letters), reason=reason)

    def _alarm(
        self,
        tx: Transaction,
        wrong: Wrong,
        sender: str,
        lane: Lane | None,
        letter: str,
        what: str,
        missing: tuple[int, int] | None = None,
    ) -> bool:
        now, what = self.clock(), what[: limits.REASON_CHARS_MAX]
        alarm = Alarm(wrong=wrong, sender=sender, lane=lane, letter=letter, missing=missing, what=what, noted_at=now)
        return noted(tx, alarm)

    def _hub(self, tx: Transaction) -> str:
        directory = tx.members.directory()
        return directory.hub if directory else ""


def _by_sender(arrived: Iterable[Arrival | Spoiled]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in arrived:
        if one.route is not None:
            found.setdefault(one.route.sender, []).append(one.route.id)
    return found


def _concerned(letters: Iterable[tuple[Letter, InPost]]) -> tuple[Concerned, ...]:
    return tuple(
        Concerned(letter=letter.id, recipient=letter.recipient, digest=sealed.route.ct_sha256)
        for letter, sealed in letters
    )
