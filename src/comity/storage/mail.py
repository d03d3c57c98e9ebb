"""The shelf of messages: drafted, sent and come, each with the clocks that run on it."""

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import Column, Connection, Integer, LargeBinary, Select, Table, and_, bindparam, delete, or_, select

from comity.domain.mail import Leg, Mail, Translation, Way
from comity.storage.cases import case_people
from comity.storage.columns import BY_KEY, WIDE, WORD, Moment, metadata, ordinal
from comity.storage.contents import Contents
from comity.storage.rows import put_row

mail = Table(
    "mail",
    metadata,
    Column("id", WORD, primary_key=True),
    Column("case_id", WORD, nullable=False, index=True),  # '' while it is not filed
    Column("thread", WORD, nullable=False, index=True),
    Column("noted_at", Moment, nullable=False),
    Column("running", Integer, nullable=False),  # 1 while a clock runs
    Column("due_at", Moment, index=True),  # the first that runs out of which nobody has been told
    Column("kept", LargeBinary, nullable=False),
    Column("until", Integer, index=True),  # a day; none: not worked out yet
    Column("told_of_end", Integer),  # 1 where people were told that it ends
    **WIDE,
)
# By bureau: or one member could name the letter of another, and recall what that one wrote.
# Falls without it: tests/shelves/test_cases.py
mail_letters = Table(
    "mail_letters",
    metadata,
    Column("bureau", WORD, primary_key=True),
    Column("letter", WORD, primary_key=True),
    Column("mail", WORD, nullable=False),
    **BY_KEY,
)
translations = Table(
    "message_translations",
    metadata,
    Column("id", WORD, primary_key=True),
    Column("message", WORD, nullable=False, index=True),
    Column("made_at", Moment, nullable=False),
    Column("kept", LargeBinary, nullable=False),
    **WIDE,
)
# Built once: it is asked for every message that comes.
_ONE = select(mail.c.id, mail.c.kept).where(mail.c.id == bindparam("of_id"))


class Mails:
    def __init__(self, connection: Connection, contents: Contents, erased: Callable[[], None] = lambda: None) -> None:
        """`erased` is told whenever bytes should leave the disk too."""
        self._connection = connection
        self._contents = contents
        self._erased = erased
        # Within one transaction nobody else writes: of one that has just come, three ask.
        self._held: dict[str, Mail | None] = {}

    def put(self, one: Mail) -> None:
        if one.erased is not None:
            self._erase(one.id)
        running = [leg for leg in one.legs if leg.due_at is not None and leg.answered_at is None]
        row = {
            "id": one.id,
            "case_id": one.case,
            "thread": one.message.thread if one.message is not None else one.id,
            "noted_at": one.noted_at,
            "running": int(bool(running)),
            "due_at": _first_due(running),
            "kept": self._contents.seal(content_of(one.id), one),
            "until": _until(one),
            "told_of_end": int(one.told_of_end),
        }
        put_row(self._connection, mail, row)
        self._held[one.id] = one
        for leg in one.legs:
            if leg.letter:
                put_row(self._connection, mail_letters, {"bureau": leg.bureau, "letter": leg.letter, "mail": one.id})

    def carried_by(self, bureau: str, letter: str) -> Mail | None:
        """The message that this letter carried, to that bureau or from it."""
        same = and_(mail_letters.c.bureau == bureau, mail_letters.c.letter == letter)
        joined = mail.join(mail_letters, mail.c.id == mail_letters.c.mail)
        return self._one(select(mail.c.id, mail.c.kept).select_from(joined).where(same))

    def get(self, mail_id: str) -> Mail | None:
        if mail_id not in self._held:
            self._held[mail_id] = self._one(_ONE, of_id=mail_id)
            if self._held[mail_id] is None:
                self._contents.absent(content_of(mail_id))
        return self._held[mail_id]

    def forget(self, mail_id: str) -> None:
        self._erase(mail_id)
        self._held[mail_id] = None
        self._connection.execute(delete(mail).where(mail.c.id == mail_id))

    def of(self, account: str, unfiled: bool, limit: int) -> list[Mail]:
        """In the cases of that account, where asked also what is not filed: running clocks first, then the newest."""
        its_cases = select(case_people.c.case_id).where(case_people.c.account == account)
        mine = mail.c.case_id.in_(its_cases)
        chosen = (
            select(mail.c.id, mail.c.kept)
            .where(or_(mine, mail.c.case_id == "") if unfiled else mine)
            .order_by(mail.c.running.desc(), mail.c.noted_at.desc(), mail.c.id)
            .limit(limit)
        )
        return self._several(chosen)

    def of_case(self, case_id: str) -> list[Mail]:
        """Oldest first."""
        return self._ordered(mail.c.case_id == case_id)

    def of_thread(self, thread: str) -> list[Mail]:
        """Oldest first."""
        return self._ordered(mail.c.thread == thread)

    def overdue(self, now: datetime) -> list[Mail]:
        """Longest overdue first."""
        late = select(mail.c.id, mail.c.kept).where(mail.c.due_at <= now)
        return self._several(late.order_by(mail.c.due_at, mail.c.id))

    def without_end(self, limit: int) -> list[Mail]:
        """Messages of which nobody has worked out until when they may be kept."""
        return self._several(select(mail.c.id, mail.c.kept).where(mail.c.until.is_(None)).limit(limit))

    def ending(self, by: date, limit: int) -> list[Mail]:
        """Those that may be kept until that day at the longest, the first to end first."""
        return self._several(_ending(by).limit(limit))

    def ending_untold(self, by: date, limit: int) -> list[Mail]:
        """The same of which nobody was told."""
        return self._several(_ending(by).where(mail.c.told_of_end == 0).limit(limit))

    def annotate(self, translation: Translation) -> None:
        row = {
            "id": translation.id,
            "message": translation.message,
            "made_at": translation.made_at,
            "kept": self._contents.seal(content_of(translation.message), translation),
        }
        put_row(self._connection, translations, row)

    def translations(self, mail_id: str) -> list[Translation]:
        """Oldest first."""
        one = translations.c
        chosen = select(one.kept).where(one.message == mail_id).order_by(one.made_at, one.id)
        sealed = [(content_of(mail_id), kept) for kept in self._connection.execute(chosen).scalars()]
        return self._contents.open_all(Translation, sealed)

    def _ordered(self, where: object) -> list[Mail]:
        chosen = select(mail.c.id, mail.c.kept).where(where)  # type: ignore[arg-type]
        return self._several(chosen.order_by(mail.c.noted_at, mail.c.id))

    def _one(self, chosen: Select[str, bytes], **asked: str) -> Mail | None:
        row = self._connection.execute(chosen, asked).one_or_none()
        return self._contents.open(content_of(row.id), Mail, row.kept) if row is not None else None

    def _several(self, chosen: Select[str, bytes]) -> list[Mail]:
        rows = self._connection.execute(chosen).all()
        return self._contents.open_all(Mail, [(content_of(row.id), row.kept) for row in rows])

    def _erase(self, mail_id: str) -> None:
        """What a message said, and what it was said to mean in other languages."""
        # Falls without it: tests/shelves/test_contents.py
        self._contents.destroy(content_of(mail_id))
        self._connection.execute(delete(translations).where(translations.c.message == mail_id))
        self._erased()


def _ending(by: date) -> Select[str, bytes]:
    chosen = select(mail.c.id, mail.c.kept).where(mail.c.until <= ordinal(by))
    return chosen.order_by(mail.c.until, mail.c.id)


def _until(one: Mail) -> int | None:
    """Only what came may have an end of its own. Falls without each: tests/desks/test_endings.py"""
    if one.erased is not None or one.way is not Way.IN:
        return ordinal(date.max)
    return ordinal(one.keep_until) if one.keep_until is not None else None


def content_of(mail_id: str) -> str:
    """Its name among the contents of this database: a message with its translations."""
    return f"message {mail_id}"


def _first_due(running: list[Leg]) -> datetime | None:
    return min((leg.due_at for leg in running if leg.due_at and leg.escalated_at is None), default=None)
