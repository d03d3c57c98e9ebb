"""Files beside messages, as officers bring and read them: sealed as they come, opened only for whoever may read."""

from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec.structs import replace

from comity.desks.cases import WORK, open_case
from comity.desks.mail import Mailroom
from comity.desks.needs import Clock, Store, Transaction
from comity.desks.shelves.files import SealedDisk
from comity.domain import limits
from comity.domain.caller import Caller, require
from comity.domain.errors import Conflict, Invalid, Missing, NotPermitted, TooLarge
from comity.domain.files import FileNote, FileState, HeldFile, NewFile
from comity.domain.ids import new_id
from comity.domain.journal import Act
from comity.domain.mail import Mail, Way
from comity.law.mail import may_write


class Files:
    def __init__(
        self, store: Store, mail: Mailroom, disk: SealedDisk, clock: Clock, entropy: Callable[[int], bytes]
    ) -> None:
        self.store = store
        self.mail = mail
        self.disk = disk
        self.clock = clock
        self.entropy = entropy
        self._shown: dict[tuple[str, str], datetime] = {}

    def begin(self, mail_id: str, new: NewFile, caller: Caller) -> FileNote:
        """A file that shall be attached to a draft; its content follows, part by part."""
        require(caller, WORK, "attach files")
        now = self.clock()
        with self.store.transaction() as tx:
            mail = self._draft(tx, mail_id, caller)
            if len(tx.files.of_mail(mail_id)) >= limits.FILES_PER_MESSAGE_MAX:
                raise TooLarge(f"A message has {limits.FILES_PER_MESSAGE_MAX} files at most.", do="Write another.")
            file = HeldFile(
                id=new_id(now, self.entropy(10)),
                mail=mail_id,
                name=new.name,
                media_type=new.media_type,
                size_bytes=new.size_bytes,
                key=self.disk.new_key(),
                noted_at=now,
            )
            tx.files.put(file)
            self._note(tx, Act.FILE_ATTACHED, file, mail, caller, "begun")
            tx.commit()
        if not new.size_bytes:
            self.disk.seal(file, 0, b"")
            return self._finished(file, mail, caller)
        return self._told(file)

    def write(self, file_id: str, offset: int, part: bytes, caller: Caller) -> FileNote:
        """The next part of its content. What is told to have come is on the disk, sealed; go on behind it.

        Raises Conflict where something else has come than `offset` says.
        """
        require(caller, WORK, "attach files")
        with self.store.reading() as tx:
            file = self._get(tx, file_id)
            mail = self._draft(tx, file.mail, caller)
        if file.state is not FileState.COMING:
            raise Conflict("All of it has come.", do="Send the message.")
        came = self.disk.seal(file, offset, part)
        return self._finished(file, mail, caller) if came == file.size_bytes else self._told(file, came)

    def show(self, file_id: str, caller: Caller) -> FileNote:
        """How far it has come."""
        require(caller, WORK, "see messages")
        with self.store.reading() as tx:
            file = self._get(tx, file_id)
            mail = self.mail.readable(tx, file.mail, caller)
            note = self._noted(tx, file)
        ends = file.state is FileState.COMING and not file.sender and note.came_bytes == file.size_bytes
        return self._finished(file, mail, caller) if ends else note

    def of_mail(self, mail_id: str, caller: Caller) -> list[FileNote]:
        """The files of a message, in the order in which they were attached."""
        require(caller, WORK, "see messages")
        with self.store.reading() as tx:
            self.mail.readable(tx, mail_id, caller)
            return [self._noted(tx, file) for file in tx.files.of_mail(mail_id)]

    def read(self, file_id: str, offset: int, length: int, caller: Caller) -> tuple[FileNote, bytes]:
        """Any part of a file, opened; written down, once for whoever reads on."""
        require(caller, WORK, "see messages")
        with self.store.reading() as tx:
            file = self._get(tx, file_id)
            mail = self.mail.readable(tx, file.mail, caller)
            self._check_roles(tx, mail, caller)
        if file.state is FileState.INFECTED:
            raise NotPermitted(
                f"The scanner found {file.remark} in it.", do="Speak to whoever looks after this node's security."
            )
        if file.state is not FileState.WHOLE:
            raise Conflict(f"It is {file.state}: not all of it is here.", do="Look again later: `comity mail show`.")
        if offset > file.size_bytes or offset < 0 or length < 0:
            raise Invalid(f"It has {file.size_bytes} bytes.", where="range", do="Ask for some of those.")
        self._write_down(file, mail, caller)
        return self._told(file), self.disk.read(file, offset, min(length, limits.FILE_SHOWN_BYTES_MAX))

    def discard(self, file_id: str, caller: Caller) -> FileNote:
        """Take a file from a draft."""
        require(caller, WORK, "attach files")
        with self.store.transaction() as tx:
            file = self._get(tx, file_id)
            mail = self._draft(tx, file.mail, caller)
            tx.files.forget(file.id)
            self._note(tx, Act.FILE_ATTACHED, file, mail, caller, "discarded")
            tx.commit()
        self.disk.drop(file.id)
        return self._told(file, 0)

    def sweep(self) -> int:
        """Unlink what no message has any more, and what nobody brought to its end; how many."""
        left = self.clock() - timedelta(days=limits.FILE_LEFT_DAYS)
        lying = self.disk.names()  # before the shelf is read: no row is younger than its file
        with self.store.transaction() as tx:
            given_up = tx.files.drafted_before(left)
            for file in given_up:
                tx.files.forget(file.id)
            if given_up:
                tx.commit()
        with self.store.reading() as tx:
            gone = lying - tx.files.ids()
        for name in gone:
            self.disk.drop(name)
        return len(gone)

    def _finished(self, file: HeldFile, mail: Mail, caller: Caller) -> FileNote:
        """All of it has come: it is whole once its digests are known, which a large one takes a while for."""
        digests = self.disk.digests(file)
        if digests is None:
            return self._told(file)
        whole = file.whole(*digests, self.disk.fetched(file))
        with self.store.transaction() as tx:
            held = tx.files.get(file.id)
            if held is not None and held.state is FileState.COMING:
                tx.files.put(whole)
                self._note(tx, Act.FILE_ATTACHED, whole, mail, caller, "whole")
                tx.commit()
        return self._told(whole)

    def _write_down(self, file: HeldFile, mail: Mail, caller: Caller) -> None:
        now, who = self.clock(), (caller.account, file.id)
        again_at = self._shown.get(who)
        if again_at is not None and now < again_at:
            return
        with self.store.transaction() as tx:
            self.mail.opened_here(tx, mail)  # whoever reads a file of a message has opened it
            self._note(tx, Act.FILE_SHOWN, file, mail, caller, "")
            tx.commit()
        self._shown = {one: until for one, until in self._shown.items() if until > now}
        self._shown[who] = now + timedelta(seconds=limits.FILE_SHOWN_AGAIN_SECONDS)

    def _check_roles(self, tx: Transaction, mail: Mail, caller: Caller) -> None:
        """A file may hold anything, so it is opened by those alone who may work with all of such matter."""
        if mail.message is None:
            return
        reason = may_write(mail.message, caller.roles, self.mail.law(tx)).reason
        # Falls without it: tests/house/test_nothing_without_the_law.py
        if reason is not None:
            raise NotPermitted(reason.text, do=reason.do, clauses=(reason.clause,) if reason.clause else ())

    def _get(self, tx: Transaction, file_id: str) -> HeldFile:
        file = tx.files.get(file_id)
        if file is None:
            raise Missing("There is no such file, or it is not for you.", do="See `comity mail show`.")
        return file

    def _draft(self, tx: Transaction, mail_id: str, caller: Caller) -> Mail:
        mail = self.mail.readable(tx, mail_id, caller)
        open_case(tx, mail.case, caller)
        if mail.way is not Way.DRAFT:
            raise Conflict("It is no draft any more.", do="What was sent stays as it is; write another.")
        return mail

    def _noted(self, tx: Transaction, file: HeldFile) -> FileNote:
        fetched = tuple(one.recipient for one in tx.files.shares(file.id) if one.ended and not one.taken_back)
        return replace(self._told(file), fetched_by=fetched)

    def _told(self, file: HeldFile, came: int | None = None) -> FileNote:
        if came is None:
            came = self.disk.fetched(file) if file.sender else self.disk.came(file)
        return FileNote(
            id=file.id,
            mail=file.mail,
            name=file.name,
            media_type=file.media_type,
            size_bytes=file.size_bytes,
            came_bytes=came,
            sealed_bytes=file.ct_bytes,
            state=file.state,
            sha256=file.sha256,
            sender=file.sender,
            at_hub=file.brought,
            remark=file.remark,
        )

    def _note(self, tx: Transaction, act: Act, file: HeldFile, mail: Mail, caller: Caller, outcome: str) -> None:
        self.mail.note(tx, act, mail, caller.account, (), outcome, file=file.id, bytes=file.size_bytes)
