"""What a person chose in a form, as the value it stands for."""

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

import msgspec

from comity.domain.errors import Invalid, Refusal

Choice = TypeVar("Choice", bound=StrEnum)
Value = TypeVar("Value")


def choice(kind: type[Choice], text: str, where: str) -> Choice:
    """Raises Invalid, naming the field and what may be chosen."""
    try:
        return kind(text)
    except ValueError:
        raise Invalid(f"{text!r} cannot be chosen.", where=where, do=f"Choose one of {', '.join(kind)}.") from None


def chosen(kind: type[Choice], text: str, where: str) -> Choice | None:
    """None where nothing was chosen."""
    return choice(kind, text, where) if text else None


def choices(kind: type[Choice], texts: tuple[str, ...], where: str) -> tuple[Choice, ...]:
    return tuple(choice(kind, text, where) for text in texts)


def day(text: str, where: str) -> date | None:
    """None where nothing was written. Raises Invalid."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid(f"{text!r} is no day.", where=where, do="Write YYYY-MM-DD, such as 2031-12-31.") from None


def needed_day(text: str, where: str) -> date:
    found = day(text, where)
    if found is None:
        raise Invalid("A day is needed.", where=where, do="Write YYYY-MM-DD, such as 2031-12-31.")
    return found


def number(text: str, where: str) -> int:
    # `int` alone would take 1_000, which nobody writes.
    if not (text.isascii() and text.isdigit()):
        raise Invalid(f"{text!r} is no whole number.", where=where, do="Write digits alone.")
    return int(text)


def made(kind: Callable[..., Value], where: str, **values: Any) -> Value:
    """A value of the domain, checked where it is made. Raises Invalid."""
    try:
        return msgspec.convert(values, kind)  # type: ignore[no-any-return]
    except Invalid:
        raise
    except (msgspec.MsgspecError, ValueError) as wrong:
        raise Invalid(str(wrong), where=where, do="Change what you wrote.") from None


def wrong(refusal: Refusal, where: str) -> dict[str, str]:
    """As error summaries and fields show it: beside the field that it names, or else beside `where`."""
    return {refusal.where or where: f"{refusal.what} {refusal.do}".strip()}
