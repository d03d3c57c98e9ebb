"""A text of law as it is read aloud (`law/render`), in pieces that a page can show: headings, paragraphs, lists."""

import re
from enum import StrEnum

from msgspec import Struct

_ESCAPED = re.compile(r"\\([\\`*_\[\]<>#|~])")


class Kind(StrEnum):
    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST = "list"


class Piece(Struct, frozen=True):
    """`anchor` of a clause's heading: its id."""

    kind: Kind
    lines: tuple[str, ...]
    anchor: str = ""


def pieces(markdown: str) -> list[Piece]:
    """In the order of the text. What is no heading and no list is a paragraph; nothing is left out."""
    return [_piece(part) for part in markdown.strip().split("\n\n")]


def _piece(part: str) -> Piece:
    lines = part.split("\n")
    if part.startswith("## "):
        text = _plain(part.removeprefix("## "))
        name, colon, _ = text.partition(": ")
        return Piece(Kind.HEADING, (text,), name if colon else "")
    if part.startswith("# "):
        return Piece(Kind.TITLE, (_plain(part.removeprefix("# ")),))
    if all(line.startswith("- ") for line in lines):
        return Piece(Kind.LIST, tuple(_plain(line.removeprefix("- ")) for line in lines))
    return Piece(Kind.PARAGRAPH, (_plain(" ".join(lines)),))


def _plain(text: str) -> str:
    """Without the marks of Markdown: the page escapes for itself."""
    return _ESCAPED.sub(r"\1", re.sub(r"(?<!\\)`", "", text)).removeprefix("> ")
