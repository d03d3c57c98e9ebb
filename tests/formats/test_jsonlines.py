"""JSON Lines: what was written is read again; what is wrong is refused by itself and the rest goes on."""

import io
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings

from comity.domain import limits
from comity.domain.marking import Marking
from comity.domain.record import Header, Record, Subject
from comity.formats import jsonlines
from tests.formats.subjects import MARKINGS, SUBJECTS

ACCEPT = Path(__file__).parent / "accept"
REJECT = Path(__file__).parent / "reject"
UNMARKED = Marking()
WHY = {
    2: "Object contains unknown field `name`",
    3: "Invalid value 'spaceship'",
    4: "1980-02-30",
    5: "length >= 1",
    6: "missing required field `reference`",
    7: "Expected `object`, got `array`",
    8: "malformed",
    9: "QQ",
    10: "Invalid RFC3339 encoded date",
}


def record(
    subject: Subject, marking: Marking = UNMARKED, reference: str = "BE-1", collection: str = "nominals"
) -> Record:
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    header = Header(
        id="x",
        collection=collection,
        source="bergenia",
        country="XB",
        reference=reference,
        version=1,
        entered_at=noon,
        amended_at=noon,
        retain_until=date(2030, 1, 1),
        review_at=date(2028, 1, 1),
        contact="duty desk",
        marking=marking,
    )
    return Record(header=header, subject=subject)


@settings(max_examples=50)
@given(SUBJECTS, MARKINGS)
def test_what_is_written_is_read_again(subject, marking):
    (row,) = jsonlines.read(io.BytesIO(jsonlines.write(record(subject, marking))))
    assert (row.subject, row.marking, row.reference, row.refused) == (subject, marking, "BE-1", "")
    assert (row.retain_until, row.review_at) == (date(2030, 1, 1), date(2028, 1, 1))


def test_empty_lines_are_passed_over_and_lines_keep_their_numbers():
    assert [(row.line, row.reference) for row in jsonlines.read(ACCEPT / "nominals.jsonl")] == [
        (1, "BE-1"),
        (3, "BE-2"),
    ]


def test_each_bad_row_is_refused_with_its_reason_and_the_rest_goes_on():
    rows = list(jsonlines.read(REJECT / "rows.jsonl"))
    assert [row.line for row in rows] == list(range(1, 12))
    assert {row.line for row in rows if row.subject} == {1, 11}
    for line, why in WHY.items():
        assert why in rows[line - 1].refused, rows[line - 1].refused
    assert rows[1].reference == "BE-2"


@pytest.mark.parametrize("from_line", [1, 2, 7, 11, 12, 100])
def test_reading_goes_on_from_any_line(from_line):
    every = list(jsonlines.read(REJECT / "rows.jsonl"))
    assert list(jsonlines.read(REJECT / "rows.jsonl", from_line)) == [row for row in every if row.line >= from_line]


def test_a_line_beyond_the_limit_is_refused_and_not_held():
    good = b'{"reference":"BE-1","subject":{"kind":"document"}}\n'
    long = b'{"reference":"' + b"x" * (3 * limits.IMPORT_LINE_BYTES_MAX) + b'"}\n'
    rows = list(jsonlines.read(io.BytesIO(b"\xef\xbb\xbf" + good + long + good)))
    assert [(row.line, bool(row.refused)) for row in rows] == [(1, False), (2, True), (3, False)]


@pytest.mark.parametrize("text", [b"\xff\xfe\n", b'{"reference":"\xff"}\n', b"[" * 100_000 + b"\n", b"\x00\n"])
def test_bytes_that_are_no_text_are_refused(text):
    (row,) = jsonlines.read(io.BytesIO(text))
    assert row.refused
