"""Files on their way: what leaves with a letter, what a letter says will come, and how far each has got."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import structlog
from msgspec.structs import replace

from comity.desks.here import Here
from comity.desks.needs import Clock, Store, Transaction
from comity.desks.shelves.files import Scanner, SealedDisk
from comity.domain import limits
from comity.domain.errors import Conflict, Unavailable
from comity.domain.files import FileState, HeldFile, Stand
from comity.domain.journal import Act, Entry
from comity.domain.letter import CaseMessage, Letter, Parked
from comity.domain.mail import ErasureReason, Mail
from comity.domain.sealed import Attachment, Manifest

log = structlog.get_logger("comity.desks.files")
OVERSIZE = "it is larger than this node takes"


class FilePost:
    """For the courier of files. `scanner` None: files are not looked through."""

    def __init__(self, here: Here, store: Store, disk: SealedDisk, clock: Clock, scanner: Scanner | None) -> None:
        self.here = here
        self.store = store
        self.disk = disk
        self.clock = clock
        self.scanner = scanner

    # -- what leaves --------------------------------------------------------------------------------------------------

    def to_bring(self) -> list[tuple[HeldFile, tuple[str, ...]]]:
        """Files for the hub, the oldest first, each with those who shall have it."""
        now = self.clock()
        with self.store.reading() as tx:
            waiting = [*tx.files.to_bring(), *tx.files.to_ask(now)]
            due = [file for file in waiting if file.expires_at is not None and file.expires_at > now]
            return [(file, _named(file, _wanted(tx, file))) for file in due]

    def stood(self, file: HeldFile, stand: Stand) -> None:
        """What the hub says of a file of ours: whether it has all of it, and who has fetched it."""
        now = self.clock()
        with self.store.transaction() as tx:
            held = tx.files.get(file.id)
            if held is None:
                return
            wanted = _wanted(tx, held)
            if stand.whole:
                tx.files.end(held.id, [one for one in wanted if one not in stand.waiting])
            stood = replace(held, brought=stand.whole, again=() if stand.whole else held.again)
            tx.files.put(stood, now + timedelta(seconds=limits.FILE_ASKED_AGAIN_SECONDS))
            tx.commit()

    def taken_back(self) -> list[tuple[HeldFile, str]]:
        """Whom the hub is to be told not to hand a file to any more."""
        with self.store.reading() as tx:
            return tx.files.taken_back()

    def to_carry(self, recipient: str) -> list[HeldFile]:
        """Files of ours that somebody may take there by hand."""
        with self.store.reading() as tx:
            return tx.files.to_carry(recipient)

    def ended(self, file: HeldFile, recipient: str) -> None:
        """The hub knows it."""
        with self.store.transaction() as tx:
            tx.files.end(file.id, [recipient])
            tx.commit()

    # -- what comes ---------------------------------------------------------------------------------------------------

    def to_fetch(self) -> list[HeldFile]:
        """What letters said will come: not before their messages are here, which may be held for review."""
        with self.store.reading() as tx:
            return [file for file in tx.files.to_fetch() if _of(tx.mail.get(file.mail), file.sender)]

    def scanned(self, file: HeldFile) -> str:
        """What the scanner found in a whole file, '' for nothing. Raises Unavailable: it is asked again later."""
        return self.scanner.scan(_content(self.disk, file)) if self.scanner is not None else ""

    def arrived(self, file: HeldFile, found: str, by_hand: bool = False) -> None:
        """All of it is here, and right; `found` is what the scanner says."""
        state = FileState.INFECTED if found else FileState.WHOLE
        self._settle(file, replace(file, state=state, remark=found, by_hand=by_hand))

    def told(self, file: HeldFile) -> None:
        """The hub knows that it came by hand, or was sent once more to whoever has it."""
        with self.store.transaction() as tx:
            held = tx.files.get(file.id)
            if held is not None:
                tx.files.put(replace(held, by_hand=False))
                tx.commit()

    def lost(self, file: HeldFile, why: str) -> None:
        """It will not come any more; what came of it goes."""
        self._settle(file, replace(file, state=FileState.LOST, remark=why))
        self.disk.drop(file.id)

    def expire(self) -> int:
        """Give up what the hub keeps no longer; how many."""
        now = self.clock()
        with self.store.reading() as tx:
            coming = tx.files.to_fetch()
        late = [file for file in coming if file.expires_at is not None and file.expires_at <= now]
        for file in late:
            if file.state is FileState.COMING:
                self.lost(file, "it expired before it was fetched")
            else:
                self.told(file)
        return len(late)

    def _settle(self, before: HeldFile, after: HeldFile) -> None:
        with self.store.transaction() as tx:
            if tx.files.get(before.id) is None:  # recalled meanwhile
                return
            tx.files.put(after)
            tx.journal.record(_entry(Act.FILE_ARRIVED, after, self.here.node, self.clock(), after.state))
            tx.commit()


def ready(tx: Transaction, mail_id: str, recipients: Sequence[str]) -> tuple[str, ...]:
    """The files of a draft, as its letter names them.

    Raises Conflict where one has not all come, Unavailable where nothing can be sealed to a recipient.
    """
    found = tx.files.of_mail(mail_id)
    for file in found:
        if file.state is not FileState.WHOLE:
            raise Conflict(f"The file {file.name!r} has not come whole yet.", do="Bring the rest, or take it out.")
    # A letter that goes openly leaves its files behind. Falls without it: tests/desks/test_files.py
    if found and (open_to := [one for one in recipients if not tx.key_log.has_keys(one)]):
        raise Unavailable(
            f"No keys of {', '.join(open_to)} were ever seen here, and files go under seal alone.",
            do="Wait until they have published some, or send it without its files.",
        )
    return tuple(file.ct_sha256 for file in found)


def leave(tx: Transaction, mail_id: str, recipient: str, letter: str, now: datetime) -> None:
    """The files of a message leave with that letter to that recipient."""
    for file in tx.files.of_mail(mail_id):
        tx.files.put(replace(file, expires_at=now + timedelta(days=limits.LETTER_DAYS_MAX), brought=False))
        tx.files.share(file.id, recipient, letter)


def once_more(tx: Transaction, mail_id: str, recipient: str) -> None:
    """A message was sent once more to that recipient: the hub hands its files to it again, and to nobody else."""
    for file in tx.files.of_mail(mail_id):
        tx.files.put(replace(file, again=(*file.again, recipient)))


def beside(tx: Transaction, letter: Letter) -> tuple[Attachment, ...]:
    """What a letter says of the files that travel beside it."""
    if not isinstance(letter.body, CaseMessage) or not letter.body.message.files:
        return ()
    return tuple(file.attachment for file in tx.files.of_mail(letter.body.message.id))


def expect(tx: Transaction, letter: Letter | Parked, manifest: Manifest, now: datetime) -> None:
    """Note the files that a letter says will come; it was applied before, or is held for review."""
    body = letter.body if isinstance(letter, Letter) else None
    named = body.message.files if isinstance(body, CaseMessage) else ()
    mail = tx.mail.get(body.message.id) if isinstance(body, CaseMessage) else None
    if not manifest.files and not named:
        return
    # Two lists of one letter must not name different files: one reader would take these, another those.
    # Falls without it: tests/desks/test_file_post.py
    told = tuple(file.ct_sha256 for file in manifest.files) == named and len(set(named)) == len(named)
    taken = _of(mail, letter.sender) if mail is not None else tx.held_letters.get(letter.sender, letter.id) is not None
    if not told or not taken or not isinstance(body, CaseMessage):
        entry = Entry(
            act=Act.FILE_ARRIVED,
            at=now,
            actor=letter.sender,
            subject=letter.id,
            outcome="not-applied",
            details={"why": "its files are not those of its message"},
        )
        tx.journal.record(entry)
        return
    for held in tx.files.of_mail(body.message.id):
        if held.state is FileState.LOST:
            tx.files.forget(held.id)
    # A message that was sent again brings what is here already. Falls without it: tests/desks/test_file_post.py
    here = {held.ct_sha256 for held in tx.files.of_mail(body.message.id)}
    for held in tx.files.of_mail(body.message.id):
        if held.state is not FileState.COMING and held.letter != letter.id:  # the hub waits for us once more
            tx.files.put(replace(held, letter=letter.id, by_hand=True, expires_at=manifest.expires))
    for number, file in enumerate(manifest.files):
        if file.ct_sha256 not in here:
            tx.files.put(_expected(letter, number, file, body.message.id, manifest.expires, now))


def destroy(tx: Transaction, node: str, sender: str, mail_id: str, now: datetime, why: ErasureReason) -> int:
    """What lies beside a message that is destroyed goes with it; how many files. Their bytes are swept away."""
    found = [file for file in tx.files.of_mail(mail_id) if file.sender == sender]
    for file in found:
        tx.files.forget(file.id)
        tx.journal.record(_entry(Act.FILE_DESTROYED, file, node, now, why))
    return len(found)


def _of(mail: Mail | None, sender: str) -> bool:
    """Whether that message came from that bureau."""
    return mail is not None and mail.message is not None and mail.message.sender == sender


def _expected(
    letter: Letter | Parked, number: int, file: Attachment, mail: str, until: datetime, now: datetime
) -> HeldFile:
    too_large = file.size_bytes > limits.FILE_BYTES_MAX or file.ct_bytes > limits.FILE_SEALED_BYTES_MAX
    return HeldFile(
        # Whatever the sender calls its letter: on our disk it has a name of our own making. They sort as they came.
        id=f"{number:02d}" + hashlib.sha256(f"{letter.sender} {letter.id}".encode()).hexdigest()[:32],
        mail=mail,
        name=file.name,
        media_type=file.media_type,
        size_bytes=file.size_bytes,
        key=file.key,
        state=FileState.LOST if too_large else FileState.COMING,
        sha256=file.sha256,
        ct_sha256=file.ct_sha256,
        ct_bytes=file.ct_bytes,
        sender=letter.sender,
        letter=letter.id,
        remark=OVERSIZE if too_large else "",
        noted_at=now,
        expires_at=until,
    )


def _named(file: HeldFile, wanted: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one for one in wanted if one in file.again) or wanted


def _wanted(tx: Transaction, file: HeldFile) -> tuple[str, ...]:
    return tuple(one.recipient for one in tx.files.shares(file.id) if not (one.taken_back or one.ended))


def _content(disk: SealedDisk, file: HeldFile) -> Iterable[bytes]:
    at = 0
    while at < file.size_bytes:
        piece = disk.read(file, at, limits.FILE_SHOWN_BYTES_MAX)
        at += len(piece)
        yield piece


def _entry(act: Act, file: HeldFile, node: str, now: datetime, outcome: str) -> Entry:
    return Entry(
        act=act,
        at=now,
        actor=file.sender,
        for_whom=node,
        subject=file.mail,
        outcome=outcome,
        details={"file": file.id, "bytes": file.size_bytes, "remark": file.remark},
    )
