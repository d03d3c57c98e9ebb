"""Messages as lines on a terminal: who wrote to whom, how it stands, which clock runs."""

from datetime import UTC, date, datetime

from comity.domain.clocks import left
from comity.domain.mail import Leg, Mail, Message, Translation, Way


def heading(mail: Mail) -> str:
    """One line for a list."""
    message = mail.message
    if message is None:
        assert mail.draft is not None
        return f"{mail.id}: draft to {', '.join(mail.draft.addressed)}: {mail.draft.subject}"
    from_to = f"from {message.sender}" if mail.way is Way.IN else f"to {', '.join(leg.bureau for leg in mail.legs)}"
    filed = "" if mail.case else ", not filed"
    ends = mail.keep_until if mail.erased is None else None
    kept = f", kept until {ends}" if ends not in (None, date.max) else ""
    return f"{mail.id}: {from_to}: {message.subject} ({message.urgency}{filed}{kept})"


def clocks(mail: Mail, now: datetime) -> list[str]:
    """How it stands with each bureau, and what is left of its clock."""
    return [_leg(leg, mail.way, now) for leg in mail.legs]


def whole(mail: Mail) -> list[str]:
    """All of it."""
    message = mail.message
    if message is None:
        assert mail.draft is not None
        return [heading(mail), "", *mail.draft.text.splitlines()]
    if mail.erased is not None:
        gone = f"  {mail.erased.why} on {mail.erased.at:%d %b %Y %H:%M} UTC: its content is gone"
        return [heading(mail), gone, *_letters(mail), *_header(message)]
    lines = [heading(mail), *clocks(mail, datetime.now(UTC)), *_letters(mail), *_header(message)]
    return [*lines, "", *message.text.splitlines()]


def translated(one: Translation) -> list[str]:
    """Who answers for it, then the text."""
    how = ", by machine" if one.by_machine else ""
    told = f"{one.from_language} to {one.to_language} by {one.bureau} on {one.made_at:%d %b %Y %H:%M} UTC{how}"
    return [f"translated from {told}:", *one.text.splitlines()]


def _leg(leg: Leg, way: Way, now: datetime) -> str:
    clock = left(leg.due_at, leg.escalated_at, now) if leg.answered_at is None else ""
    who = f"{leg.bureau} waits for our answer" if way is Way.IN else f"{leg.bureau}: {leg.state}"
    if way is Way.IN and (leg.due_at is None or leg.answered_at is not None):
        who = "answered" if leg.answered_at else "no answer is asked for"
    return f"  {who}{f', {clock}' if clock else ''}"


def _letters(mail: Mail) -> list[str]:
    """By which letters are recalled and proved."""
    return [f"  letter {leg.letter} ({leg.bureau})" for leg in mail.legs if leg.letter]


def _header(message: Message) -> list[str]:
    marking, theirs = message.marking, f", yours {message.their_case}" if message.their_case else ""
    grade = f"{marking.source_grade}{marking.information_grade}"
    lines = [
        f"  case {message.case}{theirs}; {message.category}, {message.purpose}, on {message.basis}",
        f"  {message.written_at:%d %b %Y %H:%M} UTC, language {message.language}",
        f"  {marking.confidentiality}, {' '.join(marking.handling)}, {grade}",
    ]
    return [*lines, *(f"  condition: {text}" for text in marking.conditions)]
