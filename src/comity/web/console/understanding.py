"""What somebody may have meant by what they typed into one box: every reading, the likeliest first."""

import re
import unicodedata
from collections.abc import Mapping

from comity.domain.errors import Invalid
from comity.domain.lookup import PersonQuery, VesselQuery
from comity.formats.mrz import MrzReading, read_mrz
from comity.web.console.reading import Reading
from comity.web.console.typed_number import OF_CODE, country_code, number_readings, reading_as, with_country
from comity.web.console.typed_person import person_readings

_HIT = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)

# What people write before a number, in the languages of the pages: the reading that they mean.
WORDS: dict[str, str] = {
    **dict.fromkeys(("passport", "passeport", "pasaporte", "visa", "visado", "id", "document", "جواز"), "document"),
    **dict.fromkeys(("plate", "plaque", "matrícula", "matricula", "placa", "لوحة"), "plate"),
    **dict.fromkeys(("vin", "chassis", "châssis", "bastidor"), "vin"),
    **dict.fromkeys(("engine", "moteur", "motor"), "engine"),
    **dict.fromkeys(("serial", "s/n", "firearm", "gun", "arme", "arma", "سلاح"), "serial"),
    **dict.fromkeys(("imo",), "imo"),
    **dict.fromkeys(("mmsi",), "mmsi"),
    **dict.fromkeys(("eni",), "eni"),
    **dict.fromkeys(("hin", "hull"), "hull"),
    **dict.fromkeys(("callsign",), "call-sign"),
    **dict.fromkeys(("vessel", "ship", "navire", "buque", "سفينة"), "vessel-name"),
    **dict.fromkeys(("name", "nom", "nombre", "person", "personne", "persona", "اسم"), "person"),
}


def understood(typed: str, country: str = "", cases: Mapping[str, str] | None = None) -> tuple[Reading, ...]:
    """Every reading, the likeliest first; none where nothing can be made of it.

    `country` was given apart, for a number that needs one; `cases` are those that the reader may see: number, link.
    """
    text = unicodedata.normalize("NFC", typed).strip()
    country = country_code(country) if country else ""
    if not text:
        return ()
    if "<<" in text or text.count("<") > 2:
        return _zone(text)
    here = _lying_here(text, cases or {})
    code, rest = _said_first(text)
    if code == "vessel-name":
        return (*here, Reading(code=code, text=rest, queries=(VesselQuery(name=rest),)))
    if code and code != "person":
        told = with_country(rest)
        others = [one for one in number_readings(rest, country) if one.code != code]
        return (*here, reading_as(code, told.text if not country else rest, country or told.country), *others)
    if code == "person":
        return (*here, *person_readings(rest))
    persons = person_readings(text)
    numbers = number_readings(text, country)
    if not _has_number(text):
        vessel = (Reading(code="vessel-name", text=text, queries=(VesselQuery(name=text[:200]),)),) if persons else ()
        return (*here, *persons, *vessel)
    if not persons or not _is_named(persons[0]):
        return (*here, *numbers)
    document = next((query.document_number for query in persons[0].queries if isinstance(query, PersonQuery)), "")
    return (*here, *persons, *(number_readings(document, country) if document else ()))


def chosen(readings: tuple[Reading, ...], code: str) -> Reading | None:
    """The reading that somebody chose, or the likeliest; None where there is none."""
    if code:
        return next((one for one in readings if one.code == code), None)
    return readings[0] if readings else None


def _lying_here(text: str, cases: Mapping[str, str]) -> tuple[Reading, ...]:
    """A number of ours: nobody else is asked about it."""
    if _HIT.fullmatch(text):
        return (Reading(code="hit", text=text, link=f"/hits/{text.lower()}"),)
    word, _, rest = text.partition(" ")
    number = rest if word.casefold() in ("case", "dossier", "caso", "قضية") else text
    link = {known.casefold(): link for known, link in cases.items()}.get(number.strip().casefold())
    return (Reading(code="case", text=number.strip(), link=link),) if link else ()


def _said_first(text: str) -> tuple[str, str]:
    """The kind that its first word names, and the rest; '' where it names none."""
    found = re.match(
        r"([^\s:]+)\s*:?\s+(?:(?:no|nr|number|numéro|número|n°|№)\.?:?\s+)?(.+)", text, re.IGNORECASE | re.S
    )
    if not found or found.group(1).casefold() not in WORDS:
        return "", text
    code = WORDS[found.group(1).casefold()]
    # "Visa" and "Arma" may be names; numbers they are only before a digit.
    is_named = code in OF_CODE and not any(map(str.isdigit, found.group(2)))
    return ("", text) if is_named else (code, found.group(2).strip())


def _has_number(text: str) -> bool:
    return any(map(str.isdigit, text))


def _is_named(person: Reading) -> bool:
    """Whether it reads as a name: words of letters alone, and one longer than on plates or a date behind them."""
    words = person.text.split()
    if any(sign.isdigit() for sign in person.text):
        return False
    is_dated = len(words) > 1 and any(query.birth for query in person.queries if isinstance(query, PersonQuery))
    return is_dated or any(len(word) > 3 or not word.isascii() for word in words)


def _zone(text: str) -> tuple[Reading, ...]:
    """A machine-readable zone: its document and its bearer together; where it was misread, only if somebody says so."""
    read = read_mrz(text)
    document, person = read.document, _bearer(read)
    number = read.number or text
    if not read.layout:
        return (Reading(code="zone", text=text, doubts=read.reasons),)
    try:
        queries = (read.asked(), *((person,) if person else ()))
        first = Reading(code="zone", text=number, queries=queries)
    except Invalid:
        first = Reading(code="zone", text=number, doubts=read.reasons)
    others = [reading_as("document-near", read.number, document.country)] if document else []
    if document and first.doubts:
        others.append(Reading(code="document", text=read.number, queries=(document,)))
    if person and first.doubts:
        others.append(Reading(code="person", text=person.name, queries=(person,)))
    return (first, *others)


def _bearer(read: MrzReading) -> PersonQuery | None:
    try:
        return read.person
    except (Invalid, ValueError):
        return None
