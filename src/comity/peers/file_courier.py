"""Carry sealed files: brought to the hub part by part and fetched from it; whatever breaks off goes on where it was."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from comity.desks.needs import Clock
from comity.desks.shelves.files import SealedDisk
from comity.domain import limits
from comity.domain.bureau import Directory, Member
from comity.domain.errors import Conflict, Missing, Refusal, Unauthenticated, Unavailable
from comity.domain.files import Announcement, FileState, HeldFile, Stand
from comity.peers.exchange import BYTES, Exchange
from comity.wire.file_parts import FILES, End, Part, end_target, read_stand, target_of, write_announcement
from comity.wire.stream import sealed_bytes

STAND_BYTES_MAX = 16 * 1024
ALTERED = "what the hub handed out is not the file that the letter speaks of"

log = structlog.get_logger("comity.peers.file_courier")


class Desk(Protocol):
    def to_bring(self) -> list[tuple[HeldFile, tuple[str, ...]]]: ...

    def stood(self, file: HeldFile, stand: Stand) -> None: ...

    def taken_back(self) -> list[tuple[HeldFile, str]]: ...

    def ended(self, file: HeldFile, recipient: str) -> None: ...

    def to_fetch(self) -> list[HeldFile]: ...

    def scanned(self, file: HeldFile) -> str: ...

    def arrived(self, file: HeldFile, found: str) -> None: ...

    def told(self, file: HeldFile) -> None: ...

    def lost(self, file: HeldFile, why: str) -> None: ...


class PartSize:
    """How much goes at once: what a good line carries in a moment, and what a bad one carries at all."""

    def __init__(self) -> None:
        self.size_bytes = limits.FILE_PART_BYTES_FIRST

    def at(self, offset: int) -> int:
        """Parts end where a multiple of their size does, so that a file is fetched in the parts in which it came:
        their digests are known at the hub.
        """
        return self.size_bytes - offset % self.size_bytes

    def took(self, seconds: float) -> None:
        if seconds < limits.FILE_PART_QUICK_SECONDS:
            self.size_bytes = min(self.size_bytes * 2, limits.FILE_PART_BYTES_MAX)
        elif seconds > limits.FILE_PART_SLOW_SECONDS:
            self.broke()

    def broke(self) -> None:
        self.size_bytes = max(self.size_bytes // 2, limits.FILE_PART_BYTES_MIN)


class _Wrong(Unauthenticated):
    """All of a file came, and it is another than its letter speaks of."""


class FileCourier:
    """One process of a node brings, one fetches, each file a few parts in its turn: none waits behind a large one."""

    def __init__(
        self,
        node: str,
        directory: Callable[[], Directory | None],
        exchange: Exchange,
        disk: SealedDisk,
        desk: Desk,
        clock: Clock,
    ) -> None:
        self.node = node
        self.directory = directory
        self.exchange = exchange
        self.disk = disk
        self.desk = desk
        self.clock = clock
        self.stopping = threading.Event()
        self._out, self._in = PartSize(), PartSize()
        self._bringing, self._fetching = threading.Lock(), threading.Lock()
        self._failures: dict[str, int] = {}
        self._wrong: dict[str, int] = {}  # how often a file came otherwise than its letter says
        self._try_at: dict[str, datetime] = {}

    def bring(self) -> int:
        """Bring what was sent to the hub; how many parts and ends it took."""
        return self._alone(self._bringing, "bring", self._bring_all)

    def fetch(self) -> int:
        """Fetch what letters said would come; how many parts."""
        return self._alone(self._fetching, "fetch", self._fetch_all)

    # -- out ----------------------------------------------------------------------------------------------------------

    def _bring_all(self, hub: Member) -> int:
        moved = 0
        for file, recipient in self.desk.taken_back():
            with suppress(Missing):  # it was never announced
                self._end(hub, self.node, file.ct_sha256, recipient)
            self.desk.ended(file, recipient)
            moved += 1
        while turns := [self._one(self._bring_turn, hub, file, to) for file, to in self.desk.to_bring() if to]:
            moved += sum(turns)
            if not any(turns):
                break
        return moved

    def _bring_turn(self, hub: Member, file: HeldFile, recipients: tuple[str, ...]) -> int:
        """A few parts of one file; how many."""
        assert file.expires_at is not None
        announced = Announcement(
            ct_sha256=file.ct_sha256, ct_bytes=file.ct_bytes, recipients=recipients, expires=file.expires_at
        )
        told = write_announcement(announced)
        response = self.exchange.post(hub, FILES, told, limits.POST_WITHIN_SECONDS, STAND_BYTES_MAX)
        stand, moved = read_stand(response.body), 0
        while not stand.whole and stand.offset < file.ct_bytes and moved < limits.FILE_PARTS_PER_TURN:
            if self.stopping.is_set():
                return 0
            stand = self._brought(hub, file, stand.offset)
            moved += 1
        if stand.whole:
            self.desk.stood(file, stand)
        elif not moved:
            raise Missing("The hub has all of it, and has not put it away yet.", do="Ask again in a moment.")
        return moved

    def _brought(self, hub: Member, file: HeldFile, offset: int) -> Stand:
        part = self.disk.read_sealed(file, offset, self._out.at(offset))
        target = target_of(Part(digest=file.ct_sha256, offset=offset))
        within = limits.FILE_PART_WITHIN_SECONDS
        response = self._timed(
            self._out, lambda: self.exchange.patch(hub, target, part, within, STAND_BYTES_MAX, BYTES).body
        )
        return read_stand(response)

    # -- in -----------------------------------------------------------------------------------------------------------

    def _fetch_all(self, hub: Member) -> int:
        moved = 0
        while turns := [self._one(self._fetch_turn, hub, file) for file in self.desk.to_fetch()]:
            moved += sum(turns)
            if not any(turns):
                break
        return moved

    def _fetch_turn(self, hub: Member, file: HeldFile) -> int:
        """A few parts of one file, and what follows when all of it is here; how many parts."""
        if file.state is not FileState.COMING:
            self._end(hub, file.sender, file.ct_sha256, self.node)
            self.desk.told(file)
            return 1
        # Falls without it: tests/federation/test_hostile_files.py
        if file.ct_bytes != sealed_bytes(file.size_bytes):
            self.desk.lost(file, "its letter contradicts itself on how large it is")
            return 1
        offset, moved = self.disk.fetched(file), 0
        while offset < file.ct_bytes and moved < limits.FILE_PARTS_PER_TURN:
            if self.stopping.is_set():
                return 0
            try:
                part = self._asked(hub, file, offset)
            except Missing:
                if not moved:  # its sender has brought no more yet, or nothing of it is there
                    raise
                return moved
            offset = self.disk.take(file, offset, part)
            moved += 1
        if offset >= file.ct_bytes:
            self._came(hub, file)
            moved += 1
        return moved

    def _asked(self, hub: Member, file: HeldFile, offset: int) -> bytes:
        length = min(self._in.at(offset), file.ct_bytes - offset)
        target = target_of(Part(sender=file.sender, digest=file.ct_sha256, offset=offset, length=length))
        within = limits.FILE_PART_WITHIN_SECONDS
        part = self._timed(self._in, lambda: self.exchange.get(hub, target, within, length).body)
        # A hub could hold us here with nothing. Falls without it: tests/federation/test_hostile_files.py
        if len(part) != length:
            raise Unavailable(f"The hub handed out {len(part)} bytes instead of {length}.", do="Tell its operator.")
        return part

    def _came(self, hub: Member, file: HeldFile) -> None:
        """All of it is here. The hub is told before we note it, so that it keeps nothing for us if we are killed."""
        verified = self.disk.verified(file)
        if verified is None:
            return
        if not verified:
            self.disk.drop(file.id)
            raise _Wrong(f"A file of {file.sender} is bad: {ALTERED}.", do="Tell the hub and its sender.")
        found = self.desk.scanned(file)
        with suppress(Missing):  # the hub has forgotten it meanwhile
            self._end(hub, file.sender, file.ct_sha256, self.node)
        self.desk.arrived(file, found)

    # -- both ---------------------------------------------------------------------------------------------------------

    def _end(self, hub: Member, sender: str, digest: str, recipient: str) -> None:
        target = end_target(End(digest=digest, sender=sender, recipient=recipient))
        self.exchange.delete(hub, target, limits.POST_WITHIN_SECONDS, STAND_BYTES_MAX)

    def _one(self, turn: Callable[..., int], hub: Member, file: HeldFile, *more: object) -> int:
        """One file's turn. What is wrong with it alone does not hold up the others; a broken line ends the round."""
        if self._try_at.get(file.id, self.clock()) > self.clock():
            return 0
        try:
            moved = turn(hub, file, *more)
        except Unavailable:
            raise
        except Refusal as refusal:
            # Where another process moved it meanwhile, or the hub says how far it really is, the next turn knows.
            if not isinstance(refusal, Conflict | Missing):
                log.warning("a file could not be carried", file=file.id, code=refusal.code)
            self._rest(file.id)
            if isinstance(refusal, _Wrong):
                self._rest_long(file.id)
            return 0
        self._failures.pop(file.id, None)
        return moved

    def _alone(self, lock: threading.Lock, what: str, act: Callable[[Member], int]) -> int:
        if not lock.acquire(blocking=False):
            return 0
        try:
            directory = self.directory()
            hub = directory.member(directory.hub) if directory else None
            if hub is None or hub.id == self.node or self._try_at.get(what, self.clock()) > self.clock():
                return 0
            moved = act(hub)
            self._failures.pop(what, None)
            return moved
        except Refusal as refusal:
            self._rest(what)
            log.warning("the file room did not do it", way=what, code=refusal.code)
            return 0
        finally:
            lock.release()

    def _rest(self, what: str) -> None:
        failures = self._failures.get(what, 0)
        wait = min(limits.FILE_RETRY_FIRST_SECONDS * 2 ** min(failures, 32), limits.RETRY_LAST_SECONDS)
        self._failures[what] = failures + 1
        self._try_at[what] = self.clock() + timedelta(seconds=wait)

    def _rest_long(self, file_id: str) -> None:
        # Whoever sent it can have it fetched in vain: not all day long, and no other file waits for it.
        # Falls without it: tests/federation/test_hostile_files.py
        times = self._wrong[file_id] = self._wrong.get(file_id, 0) + 1
        wait = min(limits.FILE_WRONG_FIRST_SECONDS * 2 ** min(times - 1, 32), limits.FILE_WRONG_LAST_SECONDS)
        self._try_at[file_id] = self.clock() + timedelta(seconds=wait)

    def _timed(self, size: PartSize, act: Callable[[], bytes]) -> bytes:
        began = time.monotonic()
        try:
            found = act()
        except Unavailable:
            size.broke()
            raise
        size.took(time.monotonic() - began)
        return found
