"""Bech32 (BIP 173) without a limit of length: how age writes keys so that a mistyped letter is noticed."""

from itertools import chain

from comity.domain.errors import Invalid

_LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_VALUES = {letter: value for value, letter in enumerate(_LETTERS)}
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECKSUM_LETTERS = 6


def write(prefix: str, data: bytes) -> str:
    """Small letters."""
    values = _to_fives(data)
    rest = _polymod(chain(_spread(prefix), values, [0] * _CHECKSUM_LETTERS)) ^ 1
    checksum = [rest >> 5 * (_CHECKSUM_LETTERS - 1 - place) & 31 for place in range(_CHECKSUM_LETTERS)]
    return f"{prefix}1{''.join(_LETTERS[value] for value in chain(values, checksum))}"


def read(text: str, prefix: str, what: str) -> bytes:
    """The bytes of a text that is all capitals or all small letters. Raises Invalid without repeating the text."""
    # It may be a secret key: a refusal must not carry it into a log.
    wrong = Invalid(f"This is no {what}.", do=f"Copy it whole: it begins with {prefix}1.")
    letters = text.lower()
    if text not in (letters, text.upper()) or not letters.startswith(f"{prefix}1"):
        raise wrong
    try:
        values = [_VALUES[letter] for letter in letters[len(prefix) + 1 :]]
    except KeyError:
        raise wrong from None
    if len(values) < _CHECKSUM_LETTERS or _polymod(chain(_spread(prefix), values)) != 1:
        raise wrong
    data = _to_eights(values[:-_CHECKSUM_LETTERS])
    # Bits left over at the end must be few and nought, or two texts would stand for one key.
    # Falls without it: tests/wire/test_bech32.py
    if _to_fives(data) != values[:-_CHECKSUM_LETTERS]:
        raise wrong
    return data


def _spread(prefix: str) -> list[int]:
    return [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]


def _polymod(values: chain[int]) -> int:
    rest = 1
    for value in values:
        top = rest >> 25
        rest = (rest & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate(_GENERATORS):
            if top >> place & 1:
                rest ^= generator
    return rest


def _to_fives(data: bytes) -> list[int]:
    count = (len(data) * 8 + 4) // 5
    number = int.from_bytes(data, "big") << (count * 5 - len(data) * 8)
    return [number >> 5 * (count - 1 - place) & 31 for place in range(count)]


def _to_eights(values: list[int]) -> bytes:
    count = len(values) * 5 // 8
    number = 0
    for value in values:
        number = number << 5 | value
    return (number >> (len(values) * 5 - count * 8)).to_bytes(count, "big")
