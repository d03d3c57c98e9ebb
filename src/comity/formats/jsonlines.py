"""JSON Lines: one record as one JSON object on each line. What Comity writes it reads again unchanged."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.marking import Marking
from comity.domain.record import Record, Subject
from comity.formats.lines import TOO_LONG, Source, lines, opened
from comity.formats.row import Row


class _Line(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    reference: Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX)]
    subject: Subject
    marking: Marking = Marking()
    retain_until: date | None = None
    review_at: date | None = None


class _Reference(Struct, frozen=True):
    reference: str = ""


_decoder = msgspec.json.Decoder(_Line)
_encoder = msgspec.json.Encoder()


def read(source: Source, from_line: int = 1) -> Iterator[Row]:
    """The rows of a file from a line on; empty lines are passed over."""
    decode = _decoder.decode
    with opened(source) as stream:
        for number, text in lines(stream, from_line):
            if text is None:
                yield Row(line=number, reference="", refused=TOO_LONG)
                continue
            try:
                line = decode(text)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
                if text.strip():
                    yield Row(line=number, reference=_reference(text), refused=_why(wrong))
                continue
            yield Row(
                line=number,
                reference=line.reference,
                subject=line.subject,
                marking=line.marking,
                retain_until=line.retain_until,
                review_at=line.review_at,
            )


def write(record: Record) -> bytes:
    """One record as a line. Id, version and times are not in it: the node that reads it in sets its own."""
    header = record.header
    line = _Line(
        reference=header.reference,
        subject=record.subject,
        marking=header.marking,
        retain_until=header.retain_until,
        review_at=header.review_at,
    )
    return _encoder.encode(line) + b"\n"


def _reference(text: bytes) -> str:
    """The reference of a row that is refused, so that its source finds it again."""
    try:
        return msgspec.json.decode(text, type=_Reference).reference[: limits.CODE_CHARS_MAX]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""


def _why(wrong: Exception) -> str:
    if isinstance(wrong, UnicodeDecodeError):
        return "The line is not UTF-8."
    return str(wrong) or type(wrong).__name__
