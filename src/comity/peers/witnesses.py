"""Bring our own log's checkpoints to the other members, and keep what they put under them."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import structlog

from comity.desks.log_alarms import noted
from comity.desks.needs import Clock, Store, Transaction
from comity.desks.shelves.journal import Journal
from comity.desks.shelves.keys import KeyLog
from comity.domain import limits
from comity.domain.bureau import Directory, Member, Standing
from comity.domain.errors import Refusal, Unauthenticated, Unavailable
from comity.domain.journal import DISCLOSURES, Checkpoint
from comity.domain.problem import refusal_in
from comity.domain.region import region
from comity.domain.witnessing import LogAlarm, LogWrong
from comity.peers.exchange import Exchange
from comity.wire.cosignature import Witness, cosigned_at, with_cosignatures
from comity.wire.merkle import consistency_proof
from comity.wire.note import read_lines, split
from comity.wire.witness import SIZE_TYPE, read_size, write_submission

ADD_CHECKPOINT = "/federation/v1/add-checkpoint"
_CONFLICT = 409

log = structlog.get_logger("comity.peers.witnesses")


class Witnesses:
    """`witness_of` knows members as witnesses; None for a node of an earlier release."""

    def __init__(
        self,
        node: str,
        logs: Sequence[str],
        store: Store,
        exchange: Exchange,
        directory: Callable[[], Directory | None],
        witness_of: Callable[[str], Witness | None],
        clock: Clock,
    ) -> None:
        self.node = node
        self.logs = logs
        self.store = store
        self.exchange = exchange
        self.directory = directory
        self.witness_of = witness_of
        self.clock = clock
        self._sizes: dict[tuple[str, str], int] = {}  # (log, witness): what it holds, as far as we know

    def collect(self) -> int:
        """Ask every witness once for each of our logs; how many answered. A silent one is asked again next time."""
        directory = self.directory()
        if directory is None:
            return 0
        today = self.clock().date()
        members = [
            one for one in directory.members if one.id != self.node and one.stands(today) is not Standing.SUSPENDED
        ]
        known = [(one, witness) for one in members if (witness := self.witness_of(one.id))]
        return sum(self._collect(name, known) for name in self.logs) if known else 0

    def _collect(self, name: str, known: Sequence[tuple[Member, Witness]]) -> int:
        with self.store.reading() as tx:
            checkpoint = _own(tx, name).checkpoint()
        if checkpoint is None:
            return 0
        with ThreadPoolExecutor(limits.WITNESSES_ASKED_AT_ONCE) as pool:
            answers = list(pool.map(lambda one: self._asked(name, checkpoint, *one), known))
        given = {member.id: one for (member, _), one in zip(known, answers, strict=True) if one}
        if given:
            chosen = spread([member for member, _ in known if member.id in given])[: limits.WITNESSES_PER_NOTE_MAX]
            note = with_cosignatures(checkpoint.note, [given[member.id] for member in chosen])
            with self.store.transaction() as tx:
                kept = Checkpoint(origin=checkpoint.origin, size=checkpoint.size, root=checkpoint.root, note=note)
                tx.witnessing.keep_cosigned(kept)
                tx.commit()
        return len(given)

    def _asked(self, name: str, checkpoint: Checkpoint, member: Member, witness: Witness) -> tuple[str, Witness] | None:
        try:
            lines = self._submitted(name, checkpoint, member)
            text = split(checkpoint.note)[0]
            if lines and cosigned_at(text, read_lines(lines), witness) is None:
                raise Unauthenticated(f"{member.id} answered without its cosignature.")
        except Refusal as refusal:
            log.warning("not cosigned", log=name, witness=member.id, code=refusal.code)
            return None
        return (lines, witness) if lines else None

    def _submitted(self, name: str, checkpoint: Checkpoint, member: Member) -> str:
        """The witness's lines; '' where it has seen more of our log than there is. Raises Refusal."""
        old = self._sizes.get((name, member.id), 0)
        for _ in range(2):  # the second time from where the witness says that it is
            body = write_submission(old, self._proof(name, old, checkpoint.size), checkpoint.note)
            response = self.exchange.post(
                member,
                ADD_CHECKPOINT,
                body,
                limits.WITNESS_WITHIN_SECONDS,
                limits.NOTE_BYTES_MAX,
                "text/plain; charset=utf-8",
                taken=frozenset({_CONFLICT}),
            )
            if response.status != _CONFLICT:
                self._sizes[name, member.id] = checkpoint.size
                return response.body.decode("utf-8", "replace")
            if response.headers.get("content-type") != SIZE_TYPE:
                raise refusal_in(response.body, response.status)
            old = read_size(response.body)
            if old > checkpoint.size:
                self._went_back(name, checkpoint, member.id, old)
                return ""
            self._sizes[name, member.id] = old
        raise Unavailable(f"{member.id} is at another size of our log each time.", do="It is asked again.")

    def _proof(self, name: str, old: int, size: int) -> list[bytes]:
        if old == 0:
            return []
        with self.store.reading() as tx:
            hashes = _own(tx, name).hashes
            return consistency_proof(old, size, lambda level, index: hashes(level, index, index + 1)[0])

    def _went_back(self, name: str, checkpoint: Checkpoint, witness: str, size: int) -> None:
        """What a witness has seen is gone here: an older backup was restored, or somebody cut the log.

        To go on would be to sign second roots (see `nodes.log.Log.sign`).
        """
        with self.store.transaction() as tx:
            if _own(tx, name).size() >= size:  # signed meanwhile
                return
            what = f"{witness} has seen {size} entries of our log, and there are {checkpoint.size}."
            alarm = LogAlarm(
                wrong=LogWrong.ROLLBACK,
                origin=checkpoint.origin,
                what=what,
                shown=checkpoint.note,
                noted_at=self.clock(),
            )
            if noted(tx, alarm):
                tx.commit()


def spread(members: Sequence[Member]) -> list[Member]:
    """One of each region first, then a second of each: a note has room for few, and the quorum is one of regions."""
    turns: Counter[str] = Counter()
    ranked: list[tuple[int, int]] = []
    for place, member in enumerate(members):
        where = (region(member.manifest.country) if member.manifest.country else None) or ""
        ranked.append((turns[where], place))
        turns[where] += 1
    return [members[place] for _, place in sorted(ranked)]


def _own(tx: Transaction, name: str) -> Journal | KeyLog:
    return tx.journal if name == DISCLOSURES else tx.key_log
