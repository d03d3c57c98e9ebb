"""Until when a case or a message may be kept, and when the people who work with it are told that it ends."""

from datetime import date, timedelta

from comity.domain.bureau import Member
from comity.domain.case import Case
from comity.domain.mail import Mail, Message
from comity.law.decision import Law
from comity.law.duties import erase_after_days
from comity.law.mail import asked_of
from comity.law.retention import months_after
from comity.law.rulebook import Rulebook

WITH_ITS_CASE = date.max  # of a message without a day of its own


def message_until(mail: Mail, reader: Member, author: Member | None, law: Law, today: date) -> date:
    """The last day of a message that came: what its sender says, their agreement, or the rulebook while it is unfiled.

    `author` None is no member any more. WITH_ITS_CASE where nobody sets a day.
    """
    came, message = mail.noted_at.date(), mail.message
    assert message is not None
    days = [_agreed(message, came, reader, author, law, today), message.keep_until]
    if not mail.case:
        days.append(_years_after(came, law.book, "message"))
    return min((day for day in days if day is not None), default=WITH_ITS_CASE)


def case_until(case: Case, book: Rulebook) -> date:
    """The last day of a case that is closed."""
    assert case.closed_at is not None
    return _years_after(case.closed_at.date(), book, "case")


def told_from(today: date, book: Rulebook, which: str) -> date:
    """Whoever ends by this day is told of it."""
    return today + timedelta(days=book.cases[which].review_days_before)


def _agreed(message: Message, came: date, reader: Member, author: Member | None, law: Law, today: date) -> date | None:
    days = erase_after_days(asked_of(message, reader, author, law, today).obligations) if author is not None else None
    return came + timedelta(days=days) if days is not None else None


def _years_after(day: date, book: Rulebook, which: str) -> date:
    return months_after(day, 12 * book.cases[which].years)
