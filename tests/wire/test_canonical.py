"""Canonical JSON: the examples of RFC 8785, and that only this one form is read."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from comity.domain.dates import Moment
from comity.domain.errors import Invalid
from comity.wire.canonical import b64u, decode, encode, unb64u

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(-(2.0**53) + 1, 2.0**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
    max_leaves=20,
)


class Sample(Struct, forbid_unknown_fields=True, kw_only=True):
    name: str
    at: Moment
    parts: tuple[int, ...] = ()


@given(values)
def test_every_value_comes_out_as_the_reference_implementation_has_it(value):
    assert encode(value) == rfc8785.dumps(value)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_fraction_comes_out_as_the_reference_implementation_has_it(number):
    assert encode([number]) == rfc8785.dumps([number])


@given(values)
def test_what_is_written_is_read(value):
    assert encode(decode(encode(value), object, "sample")) == encode(value)


def test_text_and_moments_are_written_the_quick_way(monkeypatch):
    monkeypatch.setattr(rfc8785, "dumps", lambda _: pytest.fail("the slow way was taken"))
    assert encode(Sample(name="a 17:05, 1 to 2", at=datetime(2031, 7, 9, 17, 5, 17, 250_000, UTC), parts=(1, 2)))


@pytest.mark.parametrize("value", [-0.0, [1e300], {"a": 1.5}, [1, -2.5], {"\U0001f600": 1, "\ufb00": 2}, 0.1])
def test_what_the_quick_way_would_write_otherwise_is_written_the_slow_way(value):
    assert encode(value) == rfc8785.dumps(value)


def test_the_standards_example_comes_out():
    # RFC 8785, section 3.2.4
    sample = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": '€$\u000f\nA\'B"\\\\"/',
        "literals": [None, True, False],
    }
    expected = (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )
    assert encode(sample) == expected.encode()


def test_keys_are_sorted_as_the_standard_counts_characters():
    # RFC 8785, section 3.2.3: by UTF-16, in which an emoji comes before the last characters of the basic plane
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    order = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert list(decode(encode(dict.fromkeys(keys, 0)), dict, "sample")) == order


def test_sets_come_out_in_order():
    assert encode({"b", "a", "c"}) == b'["a","b","c"]'


@pytest.mark.parametrize("number", [2**53, -(2**53), 10**30, 2**63])
def test_a_number_that_json_does_not_carry_exactly_is_refused(number):
    with pytest.raises(Invalid):
        encode({"number": number})


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"a":2}',
        '{"a":1,"a":1}',
        '{"b":1,"a":2}',
        '{"a": 1}',
        '{"a":1}\n',
        ' {"a":1}',
        '{"a":1.0}',
        '{"a":1e2}',
        '{"a":-0}',
        '{"a":"\\u0041"}',
        '{"a":"\\/"}',
        '{"a":12345678901234567890}',
        '{"a":1}{"a":1}',
        '{"a":1,}',
        "{'a':1}",
        '{"a":NaN}',
        '{"a":"\\ud800"}',
        "",
        "\ufeff{}",
    ],
)
def test_only_the_canonical_form_is_read(text):
    with pytest.raises(Invalid):
        decode(text.encode(), dict, "sample")


@pytest.mark.parametrize("data", [b"\xff", b'"\xc3\x28"', b"[" * 200_000, b'{"a":' * 990 + b"1.5" + b"}" * 990])
def test_bytes_that_are_no_text_or_nest_without_end_are_refused(data):
    with pytest.raises(Invalid):
        decode(data, object, "sample")


def test_a_refusal_names_the_field():
    with pytest.raises(Invalid) as refused:
        decode(b'{"at":"2026-03-01T12:00:00Z","name":"x","parts":[1,"2"]}', Sample, "sample")
    assert refused.value.where == "parts[1]"
    with pytest.raises(Invalid, match="unknown field"):
        decode(b'{"at":"2026-03-01T12:00:00Z","name":"x","surprise":1}', Sample, "sample")


def test_a_moment_without_its_time_zone_is_refused():
    with pytest.raises(Invalid) as refused:
        decode(b'{"at":"2026-03-01T12:00:00","name":"x"}', Sample, "sample")
    assert refused.value.where == "at"


def test_a_moment_comes_out_in_one_form():
    assert b'"2026-03-01T12:00:00Z"' in encode(Sample(name="x", at=datetime(2026, 3, 1, 12, tzinfo=UTC)))
    east = timezone(timedelta(hours=2))
    read = decode(encode(Sample(name="x", at=datetime(2026, 3, 1, 14, tzinfo=east))), Sample, "sample")
    assert read.at == datetime(2026, 3, 1, 12, tzinfo=UTC)


@given(st.binary(max_size=100))
def test_bytes_survive_base64url(data):
    assert unb64u(b64u(data)) == data


@pytest.mark.parametrize("text", ["AA==", "AB", "A", "AA\n", "A A", "+/+/", "AAé", "AA=", "====", "A" * 5])
def test_base64url_has_one_form(text):
    with pytest.raises(Invalid):
        unb64u(text)
