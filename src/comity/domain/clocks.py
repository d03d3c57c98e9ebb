"""Clocks: until when an answer is owed, and whether that time ran out before anybody was told."""

from datetime import datetime


def ran_out(due_at: datetime | None, escalated_at: datetime | None, now: datetime) -> bool:
    """The time is over, and nobody has been told so yet."""
    return due_at is not None and escalated_at is None and now >= due_at


def left(due_at: datetime | None, escalated_at: datetime | None, now: datetime) -> str:
    """What is left of a clock that runs, for people; '' where none runs."""
    if due_at is None:
        return ""
    seconds = int((due_at - now).total_seconds())
    clock = f"{_long(seconds)} left" if seconds >= 0 else f"{_long(-seconds, whole=True)} late"
    return f"{clock}, escalated" if escalated_at else clock


def _long(seconds: int, whole: bool = False) -> str:
    """`3 d 4 h`, `7 h 59 min`, `9:58`; in `whole` minutes below the hour."""
    minutes, hours = seconds // 60, seconds // 3600
    if hours >= 48:
        return f"{hours // 24} d {hours % 24} h"
    if hours:
        return f"{hours} h {minutes % 60} min"
    return f"{minutes} min" if whole else f"{minutes}:{seconds % 60:02d}"
