"""What a form's texts mean: days, numbers, words of a list; each refusal names its field."""

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

import msgspec

from comity.domain.errors import Invalid
from comity.web.console.page import Form

_Word = TypeVar("_Word", bound=StrEnum)
_Value = TypeVar("_Value")


def day(form: Form, name: str) -> date | None:
    """As a date field sends it; None where it is empty. Raises Invalid."""
    text = form.text(name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid(f"{text!r} is no day.", where=name, do="Write it as 2031-03-09.") from None


def needed_day(form: Form, name: str) -> date:
    found = day(form, name)
    if found is None:
        raise Invalid("A day is needed.", where=name, do="Write it as 2031-03-09.")
    return found


def number(form: Form, name: str) -> int:
    text = form.text(name)
    # `int` alone would take 1_000, which nobody writes.
    if not (text.isascii() and text.isdigit()):
        raise Invalid(f"{text!r} is no whole number.", where=name, do="Write digits alone.")
    return int(text)


def word(form: Form, name: str, words: type[_Word]) -> _Word | None:
    """One of the list; None where nothing was chosen. Raises Invalid."""
    text = form.text(name)
    try:
        return words(text) if text else None
    except ValueError:
        raise Invalid(f"{text!r} is not on the list.", where=name, do="Choose one of the list.") from None


def needed_word(form: Form, name: str, words: type[_Word]) -> _Word:
    found = word(form, name, words)
    if found is None:
        raise Invalid("Nothing was chosen.", where=name, do="Choose one of the list.")
    return found


def made(kind: Callable[..., _Value], where: str, **values: Any) -> _Value:
    """A value of the domain, checked where it is made. Raises Invalid."""
    try:
        return msgspec.convert(values, kind)  # type: ignore[call-overload,no-any-return]
    except Invalid:
        raise
    except (msgspec.MsgspecError, ValueError) as wrong:
        raise Invalid(str(wrong), where=where, do="Change what you wrote.") from None
