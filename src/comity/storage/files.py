"""The shelf of files beside messages: what each is and how far it has come; their bytes lie sealed on the disk."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, Connection, Integer, LargeBinary, Table, and_, delete, select, update

from comity.domain.files import FileState, HeldFile, Share
from comity.storage.columns import BY_KEY, WIDE, WORD, Moment, metadata
from comity.storage.contents import Contents
from comity.storage.rows import put_row

files = Table(
    "files",
    metadata,
    Column("id", WORD, primary_key=True),
    Column("mail", WORD, nullable=False, index=True),
    Column("sender", WORD, nullable=False),
    Column("errand", Integer, nullable=False),  # 1: to be brought or fetched
    Column("ask_at", Moment, nullable=False),  # the hub, how it stands
    Column("noted_at", Moment, nullable=False),
    Column("kept", LargeBinary, nullable=False),
    **WIDE,
)
file_shares = Table(
    "file_shares",
    metadata,
    Column("file", WORD, primary_key=True),
    Column("recipient", WORD, primary_key=True),
    Column("letter", WORD, nullable=False, index=True),
    Column("taken_back", Integer, nullable=False),
    Column("ended", Integer, nullable=False),
    **BY_KEY,
)


class Files:
    def __init__(self, connection: Connection, contents: Contents) -> None:
        self._connection = connection
        self._contents = contents

    def put(self, file: HeldFile, ask_at: datetime | None = None) -> None:
        row = {
            "id": file.id,
            "mail": file.mail,
            "sender": file.sender,
            "errand": int(_errand(file)),
            "ask_at": ask_at or file.noted_at,
            "noted_at": file.noted_at,
            "kept": self._contents.seal(content_of(file.id), file),
        }
        put_row(self._connection, files, row)

    def get(self, file_id: str) -> HeldFile | None:
        return next(iter(self._some(files.c.id == file_id)), None)

    def of_mail(self, mail_id: str) -> list[HeldFile]:
        """In the order in which they were attached."""
        return self._some(files.c.mail == mail_id)

    def forget(self, file_id: str) -> None:
        self._contents.destroy(content_of(file_id))
        self._connection.execute(delete(files).where(files.c.id == file_id))
        self._connection.execute(delete(file_shares).where(file_shares.c.file == file_id))

    def ids(self) -> set[str]:
        return set(self._connection.execute(select(files.c.id)).scalars())

    def drafted_before(self, moment: datetime) -> list[HeldFile]:
        """Files of ours that nobody has brought to their end, untouched since then."""
        found = self._some(and_(files.c.sender == "", files.c.noted_at < moment))
        return [file for file in found if file.state is FileState.COMING]

    # -- errands -------------------------------------------------------------------------------------------------------

    def to_bring(self) -> list[HeldFile]:
        """Sent, and not all of it at the hub; the oldest first."""
        return self._some(and_(files.c.errand == 1, files.c.sender == ""))

    def to_fetch(self) -> list[HeldFile]:
        return self._some(and_(files.c.errand == 1, files.c.sender != ""))

    def to_ask(self, now: datetime) -> list[HeldFile]:
        """At the hub, and not fetched by all: those of which it was not asked lately."""
        shared = select(file_shares.c.file).where(file_shares.c.ended == 0, file_shares.c.taken_back == 0)
        return self._some(and_(files.c.errand == 0, files.c.ask_at <= now, files.c.id.in_(shared)))

    def to_carry(self, recipient: str) -> list[HeldFile]:
        """Sent to that recipient, who is not known to have them."""
        shares = file_shares.c
        open_ = select(shares.file).where(shares.recipient == recipient, shares.ended == 0, shares.taken_back == 0)
        return self._some(files.c.id.in_(open_))

    def taken_back(self) -> list[tuple[HeldFile, str]]:
        """Files with the recipients who shall not have them any more, of which the hub does not know yet."""
        shares = file_shares.c
        joined = select(files.c.id, files.c.kept, shares.recipient).join(file_shares, shares.file == files.c.id)
        open_ = joined.where(shares.taken_back == 1, shares.ended == 0).order_by(files.c.id, shares.recipient)
        rows = self._connection.execute(open_).all()
        return [(self._contents.open(content_of(row.id), HeldFile, row.kept), row.recipient) for row in rows]

    # -- shares --------------------------------------------------------------------------------------------------------

    def share(self, file_id: str, recipient: str, letter: str) -> None:
        row = {"file": file_id, "recipient": recipient, "letter": letter, "taken_back": 0, "ended": 0}
        put_row(self._connection, file_shares, row)

    def shares(self, file_id: str) -> list[Share]:
        shares = file_shares.c
        chosen = select(file_shares).where(shares.file == file_id).order_by(shares.recipient)
        return [
            Share(recipient=row.recipient, letter=row.letter, taken_back=bool(row.taken_back), ended=bool(row.ended))
            for row in self._connection.execute(chosen)
        ]

    def take_back(self, letter: str) -> int:
        """Whoever got that letter shall not have its files any more; how many."""
        taken = update(file_shares).where(file_shares.c.letter == letter).values(taken_back=1)
        return self._connection.execute(taken).rowcount

    def end(self, file_id: str, recipients: Sequence[str]) -> None:
        shares = file_shares.c
        mine = and_(shares.file == file_id, shares.recipient.in_(recipients))
        self._connection.execute(update(file_shares).where(mine).values(ended=1))

    def _some(self, where: object) -> list[HeldFile]:
        chosen = select(files.c.id, files.c.kept).where(where)  # type: ignore[arg-type]
        rows = self._connection.execute(chosen.order_by(files.c.noted_at, files.c.id)).all()
        return self._contents.open_all(HeldFile, [(content_of(row.id), row.kept) for row in rows])


def content_of(file_id: str) -> str:
    """Its name among the contents of this database: what a file is, and the key that opens it."""
    return f"file {file_id}"


def _errand(file: HeldFile) -> bool:
    if file.sender:
        return file.state is FileState.COMING or file.by_hand
    return file.expires_at is not None and not file.brought
