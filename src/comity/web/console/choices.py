"""What a person chose in a form, as the value it stands for."""

from datetime import date
from enum import StrEnum
from typing import TypeVar

from comity.domain.errors import Invalid

Choice = TypeVar("Choice", bound=StrEnum)


def choice(kind: type[Choice], text: str, where: str) -> Choice:
    """Raises Invalid, naming the field and what may be chosen."""
    try:
        return kind(text)
    except ValueError:
        raise Invalid(f"{text!r} cannot be chosen.", where=where, do=f"Choose one of {', '.join(kind)}.") from None


def choices(kind: type[Choice], texts: tuple[str, ...], where: str) -> tuple[Choice, ...]:
    return tuple(choice(kind, text, where) for text in texts)


def day(text: str, where: str) -> date | None:
    """None where nothing was written. Raises Invalid."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid(f"{text!r} is no day.", where=where, do="Write YYYY-MM-DD, such as 2031-12-31.") from None
