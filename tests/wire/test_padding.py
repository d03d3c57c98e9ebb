"""Padding: few lengths, little waste, and one form only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.domain.errors import Invalid
from comity.wire.padding import padded, padded_bytes, stripped

documents = st.binary(max_size=5000).map(lambda inside: b"{" + inside + b"}")


@given(documents)
def test_what_is_padded_is_stripped(document):
    assert stripped(padded(document)) == document


@given(st.integers(0, 2**40))
def test_a_length_is_padded_by_an_eighth_at_most_and_stays_what_it_is_once_padded(size):
    whole = padded_bytes(size)
    assert size <= whole <= size * 1.12 + 1
    assert padded_bytes(whole) == whole


@given(st.integers(1024, 2**40))
def test_above_a_kilobyte_it_is_a_sixteenth_at_most(size):
    assert padded_bytes(size) <= size * 1.0625


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_the_longer_of_two_is_never_padded_to_less(one, other):
    assert padded_bytes(min(one, other)) <= padded_bytes(max(one, other))


def test_between_1_and_200_kilobytes_there_are_few_lengths():
    assert len({padded_bytes(size) for size in range(1000, 200_001)}) == 146


@pytest.mark.parametrize(
    ("size", "whole"), [(0, 0), (1, 1), (2, 2), (8, 8), (9, 10), (100, 104), (1000, 1024), (5163, 5376)]
)
def test_lengths_of_the_paper_come_out(size, whole):
    """L, with E = floor(log2 L) and S = floor(log2 E) + 1, rounded up to a multiple of 2^(E - S)."""
    assert padded_bytes(size) == whole


@pytest.mark.parametrize("data", [b"{" + b"a" * 1100 + b"}", b"{}" + b" " * 500, b"   ", b"{}  ", b"{} "])
def test_other_padding_is_refused(data):
    with pytest.raises(Invalid):
        stripped(data)
