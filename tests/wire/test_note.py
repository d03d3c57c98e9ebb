"""Signed notes and the keys of their signers as text."""

import pytest

from comity.domain.errors import Invalid
from comity.wire.note import VerifierKey, read_lines, read_vkey

KEY = VerifierKey("aldova", 0x04, bytes(range(32)))


def test_a_key_is_read_as_written():
    assert read_vkey(str(KEY)) == KEY


@pytest.mark.parametrize(
    "text",
    ["", "aldova", str(KEY)[:-1], str(KEY) + "\n", str(KEY).replace("aldova", "corvia"), "a+00000000+AA==", f" {KEY}"],
)
def test_a_key_that_is_not_what_its_id_says_is_refused(text: str):
    with pytest.raises(Invalid):
        read_vkey(text)


@pytest.mark.parametrize("text", ["", "\n", "— aldova AAAA", "— aldova AAAAAA==\n\n", "- aldova AAAAAAAA\n"])
def test_lines_that_are_no_signatures_are_refused(text: str):
    with pytest.raises(Invalid):
        read_lines(text)
