"""A number as typed: which kind it may be of, and whose country stands beside it."""

import re
from collections.abc import Callable

from msgspec import Struct

from comity.domain import limits
from comity.domain.country import country, country_called, issuer
from comity.domain.errors import Invalid
from comity.domain.lookup import DocumentQuery, FirearmQuery, PersonQuery, Query, VehicleQuery, VesselQuery
from comity.formats.country_names import code_of
from comity.matching.checks import Verdict
from comity.matching.numbers import document_number
from comity.matching.vehicles import VIN_CHARS, check_vin
from comity.matching.vessels import check_eni, check_imo
from comity.web.console.reading import Reading

# A two-letter code at the end or the beginning may be part of the number: "AB 123 CD" names no Congo.
_CHARS_BESIDE_A_CODE_MIN = 7
_COUNTRY_WORDS_MAX = 4
_DOCUMENT = re.compile(r"[A-Z]{0,3}\d{6,10}[A-Z]?")
_PLATE_CHARS_MAX = 8


class Numbered(Struct, frozen=True, kw_only=True):
    """A number, and the country that was typed beside it: "" where none was."""

    text: str
    country: str = ""  # as it was typed, or a code


def with_country(text: str) -> Numbered:
    """Take a country from either end of what was typed, where it is one beyond doubt."""
    parts = [part.strip() for part in re.split(r"[,;()\n]", text) if part.strip()]
    if len(parts) == 2:  # set apart: it is meant so
        for number, beside in (parts, parts[::-1]):
            if code := country_code(beside):
                return Numbered(text=number, country=code)
    words = " ".join(parts).split()
    for count in range(min(_COUNTRY_WORDS_MAX, len(words) - 1), 0, -1):
        for beside, rest in ((words[-count:], words[:-count]), (words[:count], words[count:])):
            named, number = " ".join(beside), " ".join(rest)
            code = country_code(named)
            if code and (len(named) > 2 or _is_whole(number, at_the_end=rest[0] == words[0])):
                return Numbered(text=number.removesuffix(" of"), country=code)
    return Numbered(text=" ".join(words))


def country_code(text: str) -> str:
    """Of a country or issuer by name or code, in capitals; '' where it is none."""
    word = text.strip(" .")
    if len(word) <= 3 and word.isascii() and word.isalpha():
        for known in (country, issuer):
            try:
                known(word)
            except Invalid:
                continue
            return word.upper()
    return country_called(word) or code_of(word)


def _is_whole(number: str, at_the_end: bool) -> bool:
    """Whether it may stand by itself, so that the two letters beside it are its country."""
    plain = document_number(number)
    return len(plain) >= _CHARS_BESIDE_A_CODE_MIN and (at_the_end or plain[0].isalpha() or plain.isdigit())


def number_readings(text: str, chosen_country: str = "") -> tuple[Reading, ...]:
    """The likeliest first. `chosen_country` was asked for and given apart."""
    told = Numbered(text=text, country=chosen_country) if chosen_country else with_country(text)
    plain = document_number(told.text)
    if not plain or not any(map(str.isdigit, plain)) or len(told.text) > limits.CODE_CHARS_MAX:
        return ()
    codes = [*_by_structure(plain), *_by_shape(told.text, plain, told.country)]
    codes += [code for code in OF_CODE if code not in codes and code not in ("call-sign", "engine", "hull")]
    if not told.country:
        codes.remove("document-near")
    return tuple(reading_as(code, told.text, told.country) for code in codes if _fits(code, plain))


def reading_as(code: str, text: str, of_country: str = "") -> Reading:
    """The number as one of that kind. Where its country is needed and was not typed, nothing is asked yet."""
    needs_country, query = OF_CODE[code]
    if needs_country and not of_country:
        return Reading(code=code, text=text, needed="country")
    try:
        return Reading(code=code, text=text, queries=(query(text, of_country),))
    except (Invalid, ValueError):
        return Reading(code=code, text=text, needed="country")


# code: whether it needs a country, and the question that it asks
OF_CODE: dict[str, tuple[bool, Callable[[str, str], Query]]] = {
    "document": (True, lambda number, of: DocumentQuery(country=issuer(of), number=number)),
    "document-near": (True, lambda number, of: DocumentQuery(country=issuer(of), number=number, near=True)),
    "plate": (True, lambda number, of: VehicleQuery(plate=number, plate_country=country(of))),
    "vin": (False, lambda number, _: VehicleQuery(vin=number)),
    "bearer": (False, lambda number, _: PersonQuery(document_number=number)),
    "serial": (False, lambda number, _: FirearmQuery(serial=number)),
    "imo": (False, lambda number, _: VesselQuery(imo=number)),
    "eni": (False, lambda number, _: VesselQuery(eni=number)),
    "mmsi": (False, lambda number, _: VesselQuery(mmsi=number)),
    "hull": (False, lambda number, _: VesselQuery(hull_number=number)),
    "call-sign": (False, lambda number, _: VesselQuery(call_sign=number)),
    "engine": (False, lambda number, _: VehicleQuery(engine_number=number)),
}
_DIGITS = {"imo": 7, "eni": 8, "mmsi": 9}


def _fits(code: str, plain: str) -> bool:
    """Whether a number of that kind may look like this at all."""
    if code in _DIGITS:
        return plain.isdigit() and len(plain) == _DIGITS[code]
    if code == "vin":
        return len(plain) == VIN_CHARS
    return code != "plate" or len(plain) <= _PLATE_CHARS_MAX + 2


def _by_structure(plain: str) -> list[str]:
    """Kinds whose own check digits or length speak for them."""
    found = []
    if len(plain) == VIN_CHARS and check_vin(plain).verdict is not Verdict.MALFORMED:
        found.append("vin")
    if plain.isdigit() and len(plain) == _DIGITS["imo"] and check_imo(plain).passed:
        found.append("imo")
    if plain.isdigit() and len(plain) == _DIGITS["eni"] and check_eni(plain).passed:
        found.append("eni")
    return found


def _by_shape(text: str, plain: str, of_country: str) -> list[str]:
    """A travel document or a plate, by how it looks: digits in a row, blanks between, three letters of an issuer."""
    in_one = len(text.split()) == 1 and "-" not in text
    documentlike = _DOCUMENT.fullmatch(plain) or len(plain) > _PLATE_CHARS_MAX
    return ["document", "plate"] if in_one and (documentlike or len(of_country) == 3) else ["plate", "document"]
