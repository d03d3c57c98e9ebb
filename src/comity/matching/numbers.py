"""One written form for each number, so that two spellings of a document, a vehicle, a firearm or a vessel meet."""

import re
import unicodedata

# Cyrillic and Greek capitals that are drawn like Latin ones. Plates of the Vienna Convention on Road Traffic (1968,
# annex 2) carry capital Latin characters; a plate typed on a Cyrillic or Greek keyboard means the Latin letter.
_DRAWN_ALIKE = (
    "АВЕЅІЈКМНОРСТУХԚԜΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "ABESIJKMHOPCTYXQWABEZHIKMNOPTYX",
)
LETTERS_DRAWN_LIKE_LATIN: dict[int, str] = {
    ord(letter): latin for letter, latin in zip(*_DRAWN_ALIKE, strict=True)
}  # for str.translate


def document_number(text: str) -> str:
    """A document's number as it is stored and asked for: NFKC, upper case, letters and digits only.

    Blanks, hyphens, dots, slashes and the `<` fillers of machine-readable zones go. Nothing is repaired and no
    look-alike is folded: O is not 0, a Cyrillic А is not a Latin A, for a repaired number is another number.
    """
    return _letters_and_digits(text)


def vin(text: str) -> str:
    """A vehicle identification number (ISO 3779) or older chassis number: NFKC, upper case, letters and digits only.

    I, O and Q do not occur in a VIN since 1981; where someone wrote them they stay, for older numbers had them.
    """
    return _letters_and_digits(text)


def plate(text: str) -> str:
    """A registration plate: NFKC, upper case, letters and digits only, Cyrillic and Greek look-alikes as Latin letters.

    Letters of other scripts that have no Latin twin stay as they are.
    """
    return _letters_and_digits(text).translate(LETTERS_DRAWN_LIKE_LATIN)


def engine(text: str) -> str:
    """The number on an engine: without a leading "No.", letters and digits only, nothing folded."""
    return _letters_and_digits(_NUMBER_SIGN.sub("", text))


def serial(text: str) -> str:
    """The serial number of a firearm: without a leading "No." or "S/N", letters and digits only, nothing folded.

    Leading zeros stay: 0123 and 123 of one maker are two firearms.
    """
    return _letters_and_digits(_NUMBER_SIGN.sub("", text))


def imo(text: str) -> str:
    """A ship's IMO number without the letters IMO before it."""
    return _without(_letters_and_digits(text), "IMO")


def mmsi(text: str) -> str:
    """A maritime mobile service identity without the letters MMSI before it."""
    return _without(_letters_and_digits(text), "MMSI")


def eni(text: str) -> str:
    """A European number of an inland vessel without the letters ENI before it."""
    return _without(_letters_and_digits(text), "ENI")


def call_sign(text: str) -> str:
    """A radio call sign: letters and digits only."""
    return _letters_and_digits(text)


def hull(text: str) -> str:
    """A hull identification number (ISO 10087), without its country's two letters where it has the full form.

    FR-ABC12345D404 and ABC12345D404 stand on the same hull; the country is compared by itself.
    """
    canonical = _letters_and_digits(text)
    return canonical[2:] if _HULL_WITH_COUNTRY.fullmatch(canonical) else canonical


def hull_country(text: str) -> str:
    """The two letters before a hull identification number of the full form; '' where it has none."""
    canonical = _letters_and_digits(text)
    return canonical[:2] if _HULL_WITH_COUNTRY.fullmatch(canonical) else ""


def registration(text: str) -> str:
    """A vessel's number in a register of ships: written as plates are."""
    return plate(text)


def vessel_name(text: str) -> str:
    """A vessel's name: upper case, letters and digits only, without accents and without MV, SY and the like."""
    plain = unicodedata.normalize("NFKD", _VESSEL_PREFIX.sub("", unicodedata.normalize("NFKC", text).upper()))
    return _letters_and_digits("".join(sign for sign in plain if not unicodedata.combining(sign)))


def _without(text: str, prefix: str) -> str:
    """However often it stands there: a canonical form is its own canonical form."""
    while text.startswith(prefix):
        text = text[len(prefix) :]
    return text


# What people write before a number: No. 123, Nr. 123, S/N 123, № 123. Never letters alone: NO123 may be the number.
_NUMBER_SIGN = re.compile(r"^\s*(?:s/n|ser(?:ial)?\.?\s*(?:no|nr)\.|no\.|nr\.|№)\s*:?\s*", re.IGNORECASE)
# Country, three letters of the maker, five signs of its choice, month and year of make, model year.
_HULL_WITH_COUNTRY = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[A-Z0-9]{5}[A-L][0-9][0-9]{2}")
_VESSEL_PREFIX = re.compile(r"^\s*(?:M\.?/?\s?[VTYS]|S\.?/?\s?[VYS]|F\.?/?\s?V)\.?\s+(?=\S)")


def vin_check_digit(text: str) -> str:
    """The ninth character that a VIN of North America or China must carry (49 CFR 565.15(c)); '' where it is no VIN."""
    canonical = vin(text)
    if len(canonical) != len(_VIN_WEIGHTS) or not all(letter in _VIN_VALUES for letter in canonical):
        return ""
    total = sum(_VIN_VALUES[letter] * weight for letter, weight in zip(canonical, _VIN_WEIGHTS, strict=True))
    return "0123456789X"[total % 11]


_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_VIN_VALUES = {
    letter: int(value) for letter, value in zip("ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789", strict=True)
}
_VIN_VALUES |= {digit: int(digit) for digit in "0123456789"}


# What is neither letter nor digit in ASCII, to be dropped.
_ASCII_SIGNS = bytes(code for code in range(128) if not chr(code).isalnum())


def _letters_and_digits(text: str) -> str:
    if text.isascii():  # nearly all numbers: the same result, ten times as fast
        return text.upper().encode("ascii").translate(None, _ASCII_SIGNS).decode("ascii")
    # Upper case after compatibility forms and normalised again: ß becomes SS, a full-width A an A.
    upper = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).upper())
    return "".join(_sign(letter) for letter in upper if letter.isalnum())


def _sign(letter: str) -> str:
    """Digits are digits in every script: ١ and ۱ and १ are 1."""
    return str(unicodedata.decimal(letter)) if letter.isdecimal() else letter
