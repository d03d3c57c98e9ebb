"""What is wrong with a key or a value, in words for whoever wrote the text, and what to write instead."""

import re
from collections.abc import Callable, Sequence
from difflib import get_close_matches

from comity.law.words import count

Path = tuple[str | int, ...]
Words = tuple[str, str]  # what is wrong, what to do

_UNKNOWN_KEY = re.compile(r"^Object contains unknown field `([^`]+)`")
LISTED = "docs/protocol/law.md lists the keys."
_KINDS = {
    "int": "a whole number",
    "float": "a number",
    "str": "a text in quotation marks",
    "bool": "true or false",
    "array": 'a list in brackets, such as ["persons"]',
    "object": "a table",
    "date": "a date, such as 2025-06-01",
}


def told(message: str, path: Path, allowed: Sequence[str], around: Sequence[str] = ()) -> Words:
    """Of a message of the struct library, with the path to the place and what may stand there, and around it."""
    if (key := _UNKNOWN_KEY.search(message)) and key[1] in around:
        return (
            f"There is no key {key[1]!r} in {path[-2]}.",
            f"It belongs to what is around that: write it above {path[-2]}.",
        )
    for pattern, words in _MISTAKES:
        if found := pattern.search(message):
            return words(found, path, allowed)
    return f"{message}.", _instead("", allowed) or f"Correct it; {LISTED}"


def _unknown_key(found: re.Match[str], path: Path, allowed: Sequence[str]) -> Words:
    return f"There is no key {found[1]!r} here.", _instead(found[1], allowed)


def _missing_key(found: re.Match[str], path: Path, allowed: Sequence[str]) -> Words:
    return f"The key {found[1]!r} is missing.", f"Add it; {LISTED}"


def _unknown_code(found: re.Match[str], path: Path, allowed: Sequence[str]) -> Words:
    return f"{found[1]!r} is not known here.", _instead(found[1], allowed)


def _no_date(found: re.Match[str], path: Path, allowed: Sequence[str]) -> Words:
    return "This is no date.", "Write year, month and day, without quotation marks: 2025-06-01."


def _number_bound(found: re.Match[str], path: Path, allowed: Sequence[str]) -> Words:
    small = found[1] == ">="
    most = f"{int(found[2]):,}"
    return f"The number is too {'small' if small else 'large'}.", f"Write {most} or {'more' if small else 'less'}."


def _length_bound(found: re.Match[str], path: Path, allowed: Sequence[str]) -> Words:
    small, number = found[2] == ">=", count(int(found[3]), "sign" if found[1] == "str" else "item")
    return f"It is too {'short' if small else 'long'}.", f"Write {number} or {'more' if small else 'less'}."


def _wrong_form(found: re.Match[str], path: Path, allowed: Sequence[str]) -> Words:
    if "languages" in path or "language" in path:
        return "This is no code of a language.", "Write its two or three small letters (ISO 639), such as en."
    return "It is not in the form that is asked for.", f"Correct it; {LISTED}"


def _wrong_kind(found: re.Match[str], path: Path, allowed: Sequence[str]) -> Words:
    wanted = next((_KINDS[kind] for kind in found[1].split(" | ") if kind in _KINDS), found[1])
    return f"Here stands {_KINDS.get(found[2], found[2])}, and {wanted} is asked for.", "Write it so."


def _instead(written: str, allowed: Sequence[str]) -> str:
    """What may stand there; first of all what was probably meant."""
    near = get_close_matches(written, allowed, n=1)
    meant = f"Did you mean {near[0]}? " if near else ""
    return f"{meant}Use one of {', '.join(allowed)}." if allowed else f"Correct it; {LISTED}"


_MISTAKES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Path, Sequence[str]], Words]], ...] = (
    (_UNKNOWN_KEY, _unknown_key),
    (re.compile(r"^Object missing required field `([^`]+)`"), _missing_key),
    (re.compile(r"^Invalid enum value '([^']*)'"), _unknown_code),
    (re.compile(r"^Invalid RFC3339 encoded date"), _no_date),
    (re.compile(r"^Expected `int` (>=|<=) (-?\d+)"), _number_bound),
    (re.compile(r"^Expected `(str|array|object)` of length (>=|<=) (\d+)"), _length_bound),
    (re.compile(r"^Expected `str` matching regex"), _wrong_form),
    (re.compile(r"^Expected `([^`]+)`, got `([^`]+)`"), _wrong_kind),
)
