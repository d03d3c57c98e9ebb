"""Look at the other members' logs: each goes on from what was seen of it, or somebody is told."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TypeVar

from comity.desks.log_alarms import noted
from comity.desks.needs import Clock, Store
from comity.domain import limits
from comity.domain.bureau import Directory, Member
from comity.domain.errors import Invalid, Missing, Refusal, TooLarge, Unauthenticated
from comity.domain.journal import DISCLOSURES, KEYS, Checkpoint
from comity.domain.witnessing import LogAlarm, LogWrong, SeenLog
from comity.peers.exchange import Exchange
from comity.wire.checkpoint import verified
from comity.wire.manifest import member_pair
from comity.wire.merkle import Read, check_consistency, consistency_proof, root_at
from comity.wire.note import b64
from comity.wire.tiles import CHECKPOINT_PATH, Tile, reader

LOGS = "/federation/v1/logs"
_FROZEN = timedelta(seconds=limits.LOG_FROZEN_SECONDS_MAX)
Log = tuple[Member, str]  # whose, and its name
T = TypeVar("T")


class Broken(Exception):
    """A log does what no honest log does."""

    def __init__(self, wrong: LogWrong, what: str, proof: tuple[str, ...] = ()) -> None:
        super().__init__(what)
        self.wrong = wrong
        self.what = what
        self.proof = proof


class LogFollower:
    def __init__(
        self,
        node: str,
        store: Store,
        exchange: Exchange,
        directory: Callable[[], Directory | None],
        keeps_files: Callable[[str], bool],
        clock: Clock,
    ) -> None:
        """`keeps_files` tells a node that gives its logs out as tiles from one of an earlier release."""
        self.node = node
        self.store = store
        self.exchange = exchange
        self.directory = directory
        self.keeps_files = keeps_files
        self.clock = clock

    def follow(self) -> int:
        """Look at each log once; how many matters are new."""
        return sum(self.follow_one(member, name) for member, name in self._logs())

    def follow_one(self, member: Member, name: str) -> bool:
        """True where something is wrong that was not noted before."""
        origin = f"{member.id}/{name}"
        # Before the checkpoint is fetched: else one that comes in between would make an honest log look cut.
        with self.store.reading() as tx:
            seen = tx.witnessing.seen(origin)
        note = ""
        try:
            note = self._fetch(member, name, CHECKPOINT_PATH, limits.NOTE_BYTES_MAX).decode("utf-8", "replace")
            checkpoint = _signed(note, origin, member)
            tiles = reader(checkpoint.size, lambda tile: self.tile(member, name, tile))
            _check_goes_on(checkpoint, seen.checkpoint if seen else None, tiles)
        except Broken as broken:
            return self.alarm(origin, broken, seen, note)
        except Refusal:  # silent, or not in our words: if it stays so, it is frozen
            return self._frozen(origin, seen)
        if seen and seen.checkpoint.size == checkpoint.size:
            return self._frozen(origin, seen)
        with self.store.transaction() as tx:
            if tx.witnessing.seen(origin) == seen:
                tx.witnessing.see(SeenLog(checkpoint=checkpoint, grown_at=self.clock()))
                tx.commit()
        return False

    def _logs(self) -> Iterator[Log]:
        directory = self.directory()
        if directory is None:
            return
        for member in directory.members:
            if member.id != self.node and self.keeps_files(member.id):
                yield member, DISCLOSURES
                if member.id == directory.hub:
                    yield member, KEYS

    def _fetch(self, member: Member, name: str, path: str, bytes_max: int) -> bytes:
        target = f"{LOGS}/{name}/{path}"
        return self.exchange.get(member, target, limits.WITNESS_WITHIN_SECONDS, bytes_max).body

    def tile(self, member: Member, name: str, tile: Tile) -> bytes:
        """Raises Broken where the log does not have what it signed for."""
        try:
            bytes_max = limits.TILE_BYTES_MAX if tile.level is not None else limits.LOG_ENTRIES_BYTES_MAX
            return self._fetch(member, name, str(tile), bytes_max)
        except Missing:
            raise Broken(LogWrong.FALSE_TILE, f"It signed for {tile}, and does not give it out.") from None

    def _frozen(self, origin: str, seen: SeenLog | None) -> bool:
        """Every log grows, if by nothing but a sign of life (`nodes.log.Log.keep_alive`)."""
        # Falls without it: tests/federation/test_hostile_logs.py
        if seen is None or self.clock() - seen.grown_at <= _FROZEN:
            return False
        if origin.endswith(f"/{KEYS}"):  # it grows when keys are changed
            return False
        what = f"It has shown nothing new since {seen.grown_at:%d %b %H:%M} UTC."
        return self.alarm(origin, Broken(LogWrong.FROZEN, what), seen, "")

    def alarm(self, origin: str, broken: Broken, seen: SeenLog | None, shown: str) -> bool:
        """Somebody is to look into it; True where it is new."""
        alarm = LogAlarm(
            wrong=broken.wrong,
            origin=origin,
            what=broken.what[: limits.REASON_CHARS_MAX],
            held=seen.checkpoint.note if seen else "",
            shown=shown,
            proof=broken.proof,
            noted_at=self.clock(),
        )
        with self.store.transaction() as tx:
            new = noted(tx, alarm)
            if new:
                tx.commit()
        return new


def _signed(note: str, origin: str, member: Member) -> Checkpoint:
    """Raises Broken."""
    try:
        return verified(note, origin, member_pair(member))
    except (Unauthenticated, Invalid, TooLarge) as wrong:
        raise Broken(LogWrong.WRONG_KEY, wrong.what) from wrong


def _check_goes_on(checkpoint: Checkpoint, before: Checkpoint | None, tiles: Read) -> None:
    """That the tree is the one that is signed, and goes on from what was seen. Raises Broken.

    Falls without each: tests/federation/test_hostile_logs.py
    """
    if before and checkpoint.size < before.size:
        raise Broken(LogWrong.ROLLBACK, f"It shows {checkpoint.size} entries, and has signed for {before.size} before.")
    if before and checkpoint.size == before.size:
        if checkpoint.root != before.root:
            raise Broken(LogWrong.FORK, f"It has signed two roots for {before.size} entries.")
        return
    _check_tree(checkpoint, tiles)
    if before is None or before.size == 0:
        return
    proof = _read(lambda: consistency_proof(before.size, checkpoint.size, tiles))
    try:
        roots = bytes.fromhex(before.root), bytes.fromhex(checkpoint.root)
        check_consistency(before.size, roots[0], checkpoint.size, roots[1], proof)
    except Unauthenticated:
        what = f"Its {checkpoint.size} entries do not begin with the {before.size} that it signed for before."
        raise Broken(LogWrong.FORK, what, tuple(b64(one) for one in proof)) from None


def _check_tree(checkpoint: Checkpoint, tiles: Read) -> None:
    root = _read(lambda: root_at(checkpoint.size, tiles))
    if root.hex() != checkpoint.root:
        raise Broken(LogWrong.FALSE_TILE, f"Its tiles of {checkpoint.size} entries are not those that it signed.")


def _read(compute: Callable[[], T]) -> T:
    """What follows from tiles. Raises Broken where one is none."""
    try:
        return compute()
    except Invalid as wrong:
        raise Broken(LogWrong.FALSE_TILE, wrong.what) from wrong
