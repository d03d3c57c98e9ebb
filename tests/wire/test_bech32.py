"""Keys as text: the examples of BIP 173 and of age, and that a mistyped letter is noticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.domain.errors import Invalid
from comity.wire import bech32
from comity.wire.age import Identity, Recipient

# BIP 173, "Test vectors". Those with a data part that is no whole number of bytes are left to the last test.
VALID = [
    ("A12UEL5L", "a", b""),
    ("a12uel5l", "a", b""),
    (
        "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs",
        "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio",
        b"",
    ),
    (
        "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw",
        "abcdef",
        bytes.fromhex("00443214c74254b635cf84653a56d7c675be77df"),
    ),
    (
        "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w",
        "split",
        bytes.fromhex("c5f38b70305f519bf66d85fb6cf03058f3dde463ecd7918f2dc743918f2d"),
    ),
]
# Those whose prefix is wrong in itself are left out: prefixes are given here, never read.
INVALID = [
    ("pzry9x0s0muk", "pzry9x0s0muk"),  # no separator
    ("x1b4n0q5v", "x"),  # a letter that is none
    ("li1dgmt3", "li"),  # checksum too short
    ("A1G7SGD8", "a"),  # checksum of the capitals
    ("a12uEL5l", "a"),  # capitals and small letters
    ("a12uel5m", "a"),  # one letter mistyped
    ("b12uel5l", "a"),
    ("", "a"),
    ("a1", "a"),
]
OF_THE_STANDARD = "AGE-SECRET-KEY-PQ-1XX76JRALNLXDMEW0CRK45QMCCH4X06SE84UN3VPM33W6HWDX0H3SK3ZQFR"


@pytest.mark.parametrize(("text", "prefix", "data"), VALID)
def test_the_examples_of_the_standard_are_read_and_written(text, prefix, data):
    assert bech32.read(text, prefix, "key") == data
    assert bech32.write(prefix, data) == text.lower()


@pytest.mark.parametrize(("text", "prefix"), INVALID)
def test_the_invalid_examples_of_the_standard_are_refused(text, prefix):
    with pytest.raises(Invalid):
        bech32.read(text, prefix, "key")


@given(st.binary(max_size=100))
def test_what_is_written_is_read(data):
    assert bech32.read(bech32.write("age", data), "age", "key") == data


@pytest.mark.parametrize(
    "text", ["1" * 5 + "l" * 10, "11qqqq"], ids=["no prefix at all", "too short to hold its checksum"]
)
def test_bits_left_over_are_refused(text):
    with pytest.raises(Invalid):
        bech32.read(text, "a", "key")


def test_a_second_text_for_the_same_bytes_is_refused():
    """b"\\xff" takes two letters of five bits; the two bits left over are nought in the one form that is read."""
    for values in ([31, 28], [31, 29], [31, 28, 0]):
        letters = "".join("qpzry9x8gf2tvdw0s3jn54khce6mua7l"[value] for value in values)
        rest = bech32._polymod(bech32.chain(bech32._spread("a"), values, [0] * 6)) ^ 1
        text = f"a1{letters}" + "".join(
            "qpzry9x8gf2tvdw0s3jn54khce6mua7l"[rest >> 5 * (5 - place) & 31] for place in range(6)
        )
        if values == [31, 28]:
            assert bech32.read(text, "a", "key") == b"\xff"
        else:
            with pytest.raises(Invalid):
                bech32.read(text, "a", "key")


def test_the_keys_of_the_age_standard_come_out():
    identity = Identity.parse(OF_THE_STANDARD)
    assert identity.text == OF_THE_STANDARD
    assert identity.recipient.text.startswith("age1pq1x34nzsvr0rxjsgdn8zgyhfe8j7ceq5r9rdelkjuh3y235jzxshfg87pzf5zrqt")
    assert Recipient.parse(identity.recipient.text) == identity.recipient
    assert Recipient.parse(identity.recipient.text.upper()) == identity.recipient


def test_a_refusal_does_not_repeat_a_secret_and_a_key_does_not_show_it():
    with pytest.raises(Invalid) as refused:
        Identity.parse(OF_THE_STANDARD[:-1] + "Q")
    assert "XX76JR" not in str(refused.value)
    assert "XX76JR" not in repr(Identity.parse(OF_THE_STANDARD))
