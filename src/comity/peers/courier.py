"""Carry letters: from the outbox to their recipients, in order, until each has signed that it has them."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import Protocol

import structlog

from comity.desks.needs import Clock, Store
from comity.domain import limits
from comity.domain.bureau import Directory, Member, Standing
from comity.domain.errors import Conflict, Refusal, Unavailable
from comity.domain.letter import RANK, Lane, Letter, kind_of
from comity.peers.exchange import Exchange
from comity.wire import letter as wire_letter
from comity.wire.acknowledgement import read_acknowledgement, read_place

LETTERS = "/federation/v1/letters"

log = structlog.get_logger("comity.peers.courier")


class Counter(Protocol):
    def letter_sent(self, kind: str) -> None: ...


class Courier:
    """Delivers at least once and in order; that each letter is applied once is the recipient's part.

    Every step is its own small transaction. A stop between the recipient's acknowledgement and our own note of it
    means that the letter is brought again, which the recipient recognises.
    """

    def __init__(
        self,
        store: Store,
        directory: Callable[[], Directory | None],
        exchange: Exchange,
        clock: Clock,
        counter: Counter,
        seals_to: Callable[[str], bool] = lambda recipient: False,
    ) -> None:
        """`seals_to` says whose letters go under seal: those are not carried here."""
        self.seals_to = seals_to
        self.store = store
        self.directory = directory
        self.exchange = exchange
        self.clock = clock
        self.counter = counter
        self.stopping = threading.Event()
        self._lock = threading.Lock()
        self._busy: set[tuple[str, Lane]] = set()
        self._silent: set[str] = set()
        # Each lane has its own threads: bulk can never take those of the urgent.
        self._threads = {
            lane: ThreadPoolExecutor(limits.DELIVERIES_AT_ONCE_MAX, thread_name_prefix=f"courier-{lane}")
            for lane in Lane
        }

    def deliver_once(self, now: datetime) -> int:
        """Deliver what may be tried now, one lane after the other, urgent ones first; how many letters arrived."""
        return sum(self._serve(recipient, lane) for recipient, lane in self._claim(now))

    def start_round(self, now: datetime) -> list[Future[int]]:
        """The same in threads, without waiting: a silent recipient or a bulk lane holds nobody else up."""
        return [self._threads[lane].submit(self._serve, recipient, lane) for recipient, lane in self._claim(now)]

    def heard_from(self, node: str) -> None:
        """A sign of life of a node that could not be reached: what waits for it is tried at once."""
        with self._lock:
            was_silent = node in self._silent
            self._silent.discard(node)
        if was_silent:
            with self.store.transaction() as tx:
                tx.outbox.retry_now(node)
                tx.commit()

    def close(self) -> None:
        """Begin no other letter; those on their way are finished."""
        self.stopping.set()
        for threads in self._threads.values():
            threads.shutdown(wait=True, cancel_futures=True)

    def _claim(self, now: datetime) -> list[tuple[str, Lane]]:
        """Lanes with letters that nobody is serving yet. One lane is served by one thread at a time: in order."""
        with self.store.reading() as tx:
            waiting = tx.outbox.waiting(now)
        directly = {one for one in waiting if not self.seals_to(one[0])}
        with self._lock:
            claimed = sorted(directly - self._busy, key=lambda one: (RANK[one[1]], one[0]))
            self._busy.update(claimed)
        return claimed

    def _serve(self, recipient: str, lane: Lane) -> int:
        try:
            return self._deliver(recipient, lane)
        except Exception as fault:
            # In a thread nobody else would see it. The letter was not marked: the next round brings it again.
            log.error("delivery broke off", recipient=recipient, lane=lane, fault=type(fault).__qualname__)
            raise
        finally:
            with self._lock:
                self._busy.discard((recipient, lane))

    def _deliver(self, recipient: str, lane: Lane) -> int:
        """Hand over letter after letter until none is left or one fails; how many arrived.

        Letters to a member that is suspended, or that the directory does not know yet, wait.
        """
        delivered, unmarked = 0, list[Letter]()
        try:
            # From the moment a recipient has keys, letters leave under seal; one that went on here would overtake them.
            # Falls without it: tests/peers/test_courier.py, a recipient that gets keys meanwhile
            while not (self.stopping.is_set() or self.seals_to(recipient)):
                member, letter = self._reachable(recipient), self._next(recipient, lane, unmarked)
                if member is None or letter is None:
                    break
                try:
                    self._hand_over(member, letter)
                except Refusal as refusal:
                    self._failed(letter, refusal)
                    break
                unmarked.append(letter)
                self.counter.letter_sent(kind_of(letter.body))
                delivered += 1
                if len(unmarked) == limits.DELIVERED_TOGETHER_MAX:
                    self._delivered(unmarked)
        finally:
            self._delivered(unmarked)
        return delivered

    def _reachable(self, recipient: str) -> Member | None:
        directory = self.directory()
        member = directory.member(recipient) if directory else None
        suspended = member is None or member.stands(self.clock().date()) is Standing.SUSPENDED
        return None if suspended else member

    def _next(self, recipient: str, lane: Lane, handed_over: Sequence[Letter]) -> Letter | None:
        with self.store.reading() as tx:
            return tx.outbox.next(recipient, lane, handed_over[-1].sequence if handed_over else 0)

    def _hand_over(self, member: Member, letter: Letter) -> None:
        """Returns once the recipient has signed that it holds this letter; raises a Refusal otherwise."""
        body = wire_letter.write(letter, self.exchange.signer)
        try:
            response = self.exchange.post(
                member, LETTERS, body, limits.LETTER_WITHIN_SECONDS, limits.QUESTION_BYTES_MAX
            )
        except Conflict as conflict:
            raise self._out_of_step(member, letter, conflict) from conflict
        taken = read_acknowledgement(response.body)
        # Falls without it: tests/peers/test_courier.py, an acknowledgement of another letter.
        if (taken.letter, taken.sequence) != (letter.id, letter.sequence):
            raise Unavailable(f"{member.id} acknowledged another letter than {letter.id}.", do="Tell its operator.")

    def _out_of_step(self, member: Member, letter: Letter, conflict: Conflict) -> Refusal:
        """The recipient did not take this letter next: find out where it stands, and have people look at it.

        Nothing is skipped and nothing is thrown away; the lane waits. docs/protocol/posting.md says what to do.
        """
        expected = self._expected(member, letter.lane)
        log.error(
            "letters out of step",
            recipient=member.id,
            lane=letter.lane,
            sequence=letter.sequence,
            expected=expected,
        )
        if expected == letter.sequence:
            return conflict
        behind = (
            "it lacks letters that it had acknowledged" if expected < letter.sequence else "it has letters after it"
        )
        return Conflict(
            f"{member.id} expects letter {expected} in its {letter.lane} lane, this is {letter.sequence}: {behind}.",
            do="One of the two was restored from an older backup; the letters wait until its operator has mended it.",
        )

    def _expected(self, member: Member, lane: Lane) -> int:
        response = self.exchange.get(
            member, f"{LETTERS}?lane={lane}", limits.LETTER_WITHIN_SECONDS, limits.QUESTION_BYTES_MAX
        )
        place = read_place(response.body)
        if place.lane is not lane:
            raise Unavailable(f"{member.id} told its place in another lane.", do="Tell its operator.")
        return place.expected

    def _delivered(self, letters: list[Letter]) -> None:
        """Mark letters of one lane, several at once: while an import writes, each mark waits for it to commit."""
        if not letters:
            return
        with self.store.transaction() as tx:
            tx.outbox.delivered([letter.id for letter in letters], self.clock())
            tx.commit()
        self.heard_from(letters[0].recipient)
        letters.clear()

    def _failed(self, letter: Letter, refusal: Refusal) -> None:
        if isinstance(refusal, Unavailable):
            with self._lock:
                self._silent.add(letter.recipient)
        with self.store.transaction() as tx:
            tx.outbox.failed(letter.id, self.clock(), str(refusal))
            tx.commit()
