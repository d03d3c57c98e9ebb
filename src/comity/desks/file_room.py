"""The hub's file room: takes sealed files part by part, hands them to those whom the sender named, forgets them."""

from datetime import timedelta

import structlog

from comity.desks.here import Here
from comity.desks.needs import Clock, Once, Store, Transaction
from comity.desks.shelves.files import RoomDisk
from comity.domain import limits
from comity.domain.bureau import Member
from comity.domain.errors import Conflict, Invalid, Missing, Refusal, TooLarge, Unavailable
from comity.domain.files import Announcement, RoomFile, Stand

log = structlog.get_logger("comity.desks.file_room")


class FileRoom:
    def __init__(self, here: Here, store: Store, disk: RoomDisk, clock: Clock) -> None:
        self.here = here
        self.store = store
        self.disk = disk
        self.clock = clock

    def announce(self, announced: Announcement, sender: Member, once: Once) -> Stand:
        """Take down what a member will bring; how much of it is here. The same again changes nothing."""
        self._hub_only()
        with self.store.transaction() as tx:
            once(tx)
            self._check(tx, announced, sender)
            tx.file_room.announce(sender.id, announced, self.clock())
            file = self._file(tx, sender.id, announced.ct_sha256)
            tx.commit()
        return self._stand(self._checked(self._looked_for(file), self.disk.keeps_at_once))

    def append(self, digest: str, offset: int, part: bytes, sender: Member, once: Once) -> Stand:
        """The next part of it. Raises Conflict where something else has come than `offset` says."""
        self._hub_only()
        with self.store.transaction() as tx:
            once(tx)
            file = self._file(tx, sender.id, digest)
            tx.commit()
        if file.whole or not file.waiting:
            return self._stand(file)
        # A member must not put more here than it announced, and is counted for. Falls without it:
        # tests/desks/test_file_room.py
        if offset + len(part) > file.ct_bytes:
            raise TooLarge(f"It was announced with {file.ct_bytes} bytes.", do="Announce another.")
        self.disk.append(file.place, offset, part)
        return self._stand(self._checked(file, self.disk.keeps_at_once))

    def hand_out(self, sender: str, digest: str, offset: int, length: int, member: Member, once: Once) -> bytes:
        """Any part that has come, to whom its sender named, until that has it.

        Its recipient holds all of it against the letter. Raises Missing for what has not come so far.
        """
        self._hub_only()
        with self.store.transaction() as tx:
            once(tx)
            file = tx.file_room.get(sender, digest)
            tx.commit()
        # To all others it is as if it were not there. Falls without it: tests/desks/test_file_room.py
        if file is None or member.id not in file.waiting:
            raise _none()
        if not 0 <= offset <= file.ct_bytes:
            raise Invalid(f"It has {file.ct_bytes} bytes.", where="offset", do="Ask for some of those.")
        length = min(length, limits.FILE_PART_BYTES_MAX)
        part = self.disk.read(file.place, offset, length, file.whole)
        if not file.whole and len(part) < length:
            raise Missing("Its sender has not brought that part yet.", do="Ask again in a moment.")
        return part

    def end(self, sender: str, digest: str, recipient: str, member: Member, once: Once) -> None:
        """A recipient has it, or its sender takes it back from one; with the last of them its bytes go."""
        self._hub_only()
        with self.store.transaction() as tx:
            once(tx)
            if member.id not in (sender, recipient):
                raise _none()
            # Whoever has it by another way tells it once it is announced. Falls without it:
            # tests/federation/test_mail_drop.py
            if recipient not in tx.file_room.recipients(sender, digest):
                raise _none()
            tx.file_room.done(sender, digest, [recipient])
            file = tx.file_room.get(sender, digest)
            tx.commit()
        if file is not None and not file.waiting:
            self._drop(file.place)

    def tend(self) -> int:
        """Put away what has come whole, read over where need be, and forget what is past its time; how many."""
        with self.store.transaction() as tx:
            late = tx.file_room.expire(self.clock())
            if late:
                tx.commit()
        with self.store.reading() as tx:
            files = tx.file_room.every()
        for file in late:
            self._drop(file.place)
        for file in files:
            if not file.whole and file.waiting:
                self._put_away(file)
        return len(late)

    def sweep(self) -> int:
        """Unlink what nobody waits for and was left: a kill came in between, or the store was out of reach; how many.

        Raises Unavailable where it is still.
        """
        lying = self.disk.places()  # before the shelf is read: no row is younger than its file
        with self.store.reading() as tx:
            gone = lying - {file.place for file in tx.file_room.every() if file.waiting}
        for place in gone:
            self.disk.drop(place)
        return len(gone)

    def _put_away(self, file: RoomFile) -> None:
        """What is wrong with one file, or with the store, does not hold up the others."""
        try:
            self._checked(file, keeps=True)
        except Refusal as refusal:
            log.warning("a file could not be put away", sender=file.sender, code=refusal.code)

    def _drop(self, place: str) -> None:
        """Or later, by `sweep`: whoever is done with a file has not to wait for the store."""
        try:
            self.disk.drop(place)
        except Unavailable as refusal:
            log.warning("a file could not be unlinked", code=refusal.code)

    def _looked_for(self, file: RoomFile) -> RoomFile:
        """As it lies in the store, whatever is noted. In no transaction: a store may take its time.

        A disk restored from a backup may lack it, and then its sender brings it again; where the node was killed
        while it put it away, it is there and not known to be.
        """
        coming = not file.whole and self.disk.size(file.place) > 0
        if coming or not file.waiting or (held := self.disk.holds(file.place)) == file.whole:
            return file
        with self.store.transaction() as tx:
            tx.file_room.whole(file.sender, file.ct_sha256, held)
            found = tx.file_room.get(file.sender, file.ct_sha256)
            tx.commit()
        return found or file

    def _check(self, tx: Transaction, announced: Announcement, sender: Member) -> None:
        now, known = self.clock(), tx.file_room.get(sender.id, announced.ct_sha256)
        if not now < announced.expires <= now + timedelta(days=limits.LETTER_DAYS_MAX):
            raise Invalid(f"A file stays {limits.LETTER_DAYS_MAX} days at most.", where="expires")
        if known is not None and known.ct_bytes != announced.ct_bytes:
            raise Conflict(f"It was announced with {known.ct_bytes} bytes.", do="Seal it anew.")
        directory = tx.members.directory()
        for recipient in announced.recipients:
            if directory is None or directory.member(recipient) is None or recipient == self.here.node:
                raise Missing(f"There is no member {recipient} to whom files are handed.", do="See the directory.")
        if known is None or not known.waiting:
            self._check_quota(tx, announced, sender)

    def _check_quota(self, tx: Transaction, announced: Announcement, sender: Member) -> None:
        # Falls without it: tests/desks/test_file_room.py
        files, size_bytes = tx.file_room.held(sender.id)
        if files >= limits.FILES_PER_MEMBER_MAX:
            raise TooLarge(f"{files} files of {sender.id} wait here.", do="Wait until some are fetched.")
        if size_bytes + announced.ct_bytes > limits.FILES_BYTES_PER_MEMBER_MAX:
            raise TooLarge(f"{size_bytes} bytes of {sender.id} wait here.", do="Wait until some are fetched.")

    def _checked(self, file: RoomFile, keeps: bool) -> RoomFile:
        """Whole, where all of it has come and is what was announced; thrown away where it is something else."""
        if file.whole or not file.waiting or self.disk.size(file.place) < file.ct_bytes:
            return file
        right = self.disk.right(file.place, file.ct_sha256)
        if right is None:
            return file
        if not right:
            log.warning("a file was not what was announced", sender=file.sender)
            self.disk.drop(file.place)
            return file
        if not keeps:
            return file
        self.disk.keep(file.place)
        with self.store.transaction() as tx:
            tx.file_room.whole(file.sender, file.ct_sha256, whole=True)
            checked = tx.file_room.get(file.sender, file.ct_sha256)
            tx.commit()
        return checked or file

    def _stand(self, file: RoomFile) -> Stand:
        ended = file.whole or not file.waiting
        offset = file.ct_bytes if ended else min(self.disk.size(file.place), file.ct_bytes)
        return Stand(offset=offset, whole=ended, waiting=file.waiting)

    def _file(self, tx: Transaction, sender: str, digest: str) -> RoomFile:
        file = tx.file_room.get(sender, digest)
        if file is None:
            raise Missing("That file was not announced here.", do="Announce it first.")
        return file

    def _hub_only(self) -> None:
        if not self.here.is_hub:
            raise Missing("This node has no file room.", do="Bring files to the hub.")


def _none() -> Missing:
    return Missing("There is no such file for you here.", do="Ask its sender; it may have expired or been taken back.")
