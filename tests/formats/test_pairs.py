"""Pairs of persons, line by line: what is understood, what is left out and told, what is refused."""

import gzip
import json
from pathlib import Path

import pytest

from comity.domain.errors import Invalid
from comity.domain.person import Sex
from comity.formats.pairs import Pair, Question, Unusable, numbered_lines, pair, question, side


def line(**told: object) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode()


def test_a_side_has_all_that_a_person_may_have():
    told = side(
        {
            "id": "q-1",
            "name": ["Иван Зорвимел", "Ivan Zorvimel"],
            "dob": "19700203",
            "place": " Dovgrad ",
            "nationality": ["XAL", "xb"],
            "sex": "Male",
            "documents": ["AL0000001", {"number": "BE0000002", "country": "XBE"}],
        }
    )
    person = told.person
    assert told.unread == ()
    assert [name.full for name in person.names] == ["Иван Зорвимел", "Ivan Zorvimel"]
    assert (person.births, person.birth_place, person.sex) == (("1970-02-03",), "Dovgrad", Sex.MALE)
    assert person.nationalities == ("XA", "XB")
    assert [(one.number, one.country) for one in person.documents] == [("AL0000001", ""), ("BE0000002", "XB")]


@pytest.mark.parametrize("nothing", [{}, {"name": None, "dob": ""}, {"name": " ", "documents": [], "sex": None}])
def test_what_is_absent_null_or_empty_is_nothing(nothing: dict[str, object]):
    told = side(nothing)
    assert (told.unread, told.person.names, told.person.births, told.person.documents) == ((), (), (), ())


@pytest.mark.parametrize(
    ("written", "read"), [("1926-98-28", "1926"), ("1862-01-60", "1862-01"), ("1970", "1970"), (1970, "1970")]
)
def test_a_date_that_is_on_no_calendar_is_as_much_of_it_as_there_is(written: object, read: str):
    told = side({"name": "Zorvimel", "dob": written})
    assert told.person.births == (read,)
    assert told.unread == (("dob",) if str(written) != read else ())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("dob", "spring"),
        ("sex", "perhaps"),
        ("nationality", "Q9"),
        ("shoe_size", 43),
        ("name", {"full": "x"}),
        ("documents", 1.5),
        ("place", True),
    ],
)
def test_what_cannot_be_understood_is_left_out_and_told(field: str, value: object):
    told = side({"documents": ["X1"], field: value})
    assert told.unread == (field,)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"{", "no JSON"),
        (b"[1]", "no JSON object"),
        (b'{"l": {"name": "\xff"}}', "UTF-8"),
        (b"[" * 100_000, "no JSON"),
        (line(l={"name": "a"}), 'no "r"'),
        (line(l={"name": "a"}, r="a"), '"r": A side must be an object'),
        (line(l={"name": "a" * 5000}, r={}), '"l": The name is longer'),
        (line(l={"name": ["a"] * 101}, r={}), '"l": There are more than 100'),
        (None, "longer than"),
    ],
)
def test_a_line_that_is_no_pair_says_where_and_why(text: bytes | None, why: str):
    read = pair(17, text)
    assert isinstance(read, Unusable)
    assert read.line == 17
    assert why in read.why


def test_a_pair_keeps_all_that_its_line_says():
    read = pair(3, line(set="s", match=True, l={"name": "a"}, r={"name": "b"}, more=[1]))
    assert isinstance(read, Pair)
    assert list(read.written) == ["set", "match", "l", "r", "more"]


def test_a_question_needs_something_to_look_for():
    assert isinstance(question(1, line(id=7, name="Zorvimel")), Question)
    assert isinstance(question(1, line(id=7, sex="F")), Unusable)


@pytest.mark.parametrize("packed", [False, True])
def test_lines_are_numbered_as_in_the_file_packed_or_not(tmp_path: Path, packed: bool):
    file = tmp_path / "lines.txt"
    content = b"\xef\xbb\xbfone\n\n  \r\nfour"
    file.write_bytes(gzip.compress(content) if packed else content)
    assert list(numbered_lines(file)) == [(1, b"one\n"), (4, b"four")]


def test_a_gzip_file_that_breaks_off_is_an_error_and_not_its_end(tmp_path: Path):
    file = tmp_path / "lines.gz"
    file.write_bytes(gzip.compress(b"one\n" * 10_000)[:-9])
    with pytest.raises(Invalid, match=r"lines\.gz.*no whole gzip file"):
        list(numbered_lines(file))
