"""What one line of a list asks, by kind of lookup, from cells whose fields are known."""

import re
from collections.abc import Callable, Collection, Mapping
from enum import StrEnum

from msgspec import Struct

from comity.domain import limits
from comity.domain.country import country, issuer
from comity.domain.dates import partial_date
from comity.domain.document import DocumentType
from comity.domain.errors import Invalid
from comity.domain.firearm import FirearmType
from comity.domain.lookup import DocumentQuery, FirearmQuery, PersonQuery, Query, VehicleQuery, VesselQuery
from comity.domain.person import Sex


class Field(StrEnum):
    """What a column of a list may hold."""

    LABEL = "label"  # how the list names the line: a seat, a reservation, a file number
    NAME = "name"
    FAMILY = "family"
    GIVEN = "given"
    BIRTH = "birth"
    SEX = "sex"
    NATIONALITY = "nationality"
    DOCUMENT_NUMBER = "document-number"
    DOCUMENT_COUNTRY = "document-country"
    DOCUMENT_TYPE = "document-type"
    VIN = "vin"
    PLATE = "plate"
    PLATE_COUNTRY = "plate-country"
    MAKE = "make"  # of a vehicle, a firearm or a vessel, as is the model
    MODEL = "model"
    SERIAL = "serial"  # of a firearm
    CALIBRE = "calibre"
    FIREARM_TYPE = "firearm-type"
    IMO = "imo"
    HULL_NUMBER = "hull-number"
    ENI = "eni"
    MMSI = "mmsi"
    CALL_SIGN = "call-sign"
    VESSEL_REGISTRATION = "vessel-registration"
    FLAG = "flag"
    VESSEL_NAME = "vessel-name"


class DayOrder(StrEnum):
    """How a list writes days. 03.04.1980 may be either, so nothing is guessed."""

    ISO = "iso"  # 1980-04-03, 19800403, 1980-04, 1980
    DAY_FIRST = "dmy"  # 03.04.1980, also with / or -
    MONTH_FIRST = "mdy"  # 04/03/1980


_DAY = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
SEXES = {
    "F": Sex.FEMALE,
    "FEMALE": Sex.FEMALE,
    "M": Sex.MALE,
    "MALE": Sex.MALE,
    "X": Sex.UNSPECIFIED,
    "U": Sex.UNSPECIFIED,
}
TYPES = {
    "P": DocumentType.PASSPORT,
    "V": DocumentType.VISA,
    "I": DocumentType.IDENTITY_CARD,
    "ID": DocumentType.IDENTITY_CARD,
}


class Reading(Struct, frozen=True, kw_only=True):
    """How a list is read: `columns` names headers that are not known by themselves, `ignored` those to pass over."""

    columns: Mapping[str, Field] = {}
    ignored: Collection[str] = ()
    days: DayOrder = DayOrder.ISO
    kinds: Collection[str] = ()  # of lookups to make; empty: all that the columns allow
    near: bool = False  # of all but persons: numbers too that look alike or are one edit away


# kind of lookup: the columns without which none can be made; one of the sets is enough
NEEDS: dict[str, tuple[tuple[Field, ...], ...]] = {
    "person": ((Field.NAME,), (Field.FAMILY,)),
    "document": ((Field.DOCUMENT_NUMBER, Field.DOCUMENT_COUNTRY),),
    "vehicle": ((Field.VIN,), (Field.PLATE, Field.PLATE_COUNTRY)),
    "firearm": ((Field.SERIAL,),),
    "vessel": (
        *((field,) for field in (Field.IMO, Field.HULL_NUMBER, Field.ENI, Field.MMSI, Field.CALL_SIGN)),
        *((Field.VESSEL_REGISTRATION, Field.FLAG), (Field.VESSEL_NAME,)),
    ),
}


def name_of(cells: Mapping[Field, str]) -> str:
    parts = (cells.get(Field.GIVEN, ""), cells.get(Field.FAMILY, ""))
    return cells.get(Field.NAME) or " ".join(part for part in parts if part)


def _person(cells: Mapping[Field, str], reading: Reading) -> PersonQuery | None:
    """None where the line names nobody, as an empty seat."""
    name = name_of(cells)
    _check_length(name, limits.NAME_CHARS_MAX, Field.NAME)
    if not name:
        return None
    return PersonQuery(
        name=name,
        birth=_day(cells.get(Field.BIRTH, ""), reading.days),
        sex=_sex(cells.get(Field.SEX, "")),
        nationality=_coded(cells, Field.NATIONALITY, country),
        document_number=_coded(cells, Field.DOCUMENT_NUMBER, str),
        document_country=_country_of(cells),
    )


def _document(cells: Mapping[Field, str], reading: Reading) -> DocumentQuery | None:
    """None where the line names no document; one without its issuer cannot be looked up."""
    number = _coded(cells, Field.DOCUMENT_NUMBER, str)
    if not number:
        return None
    issued_by = _coded(cells, Field.DOCUMENT_COUNTRY, issuer)
    if not issued_by:
        raise Invalid("Its issuer is missing.", where=Field.DOCUMENT_COUNTRY)
    of_type = _type(cells.get(Field.DOCUMENT_TYPE, ""))
    return DocumentQuery(country=issued_by, number=number, type=of_type, near=reading.near)


def _vehicle(cells: Mapping[Field, str], reading: Reading) -> VehicleQuery | None:
    vin, plate = _coded(cells, Field.VIN, str), _coded(cells, Field.PLATE, str)
    if not vin and not plate:
        return None
    return VehicleQuery(
        vin=vin,
        plate=plate,
        plate_country=_coded(cells, Field.PLATE_COUNTRY, country) if plate else "",
        make=_coded(cells, Field.MAKE, str),
        model=_coded(cells, Field.MODEL, str),
        near=reading.near,
    )


def _firearm(cells: Mapping[Field, str], reading: Reading) -> FirearmQuery | None:
    serial = _coded(cells, Field.SERIAL, str)
    if not serial:
        return None
    return FirearmQuery(
        serial=serial,
        make=_coded(cells, Field.MAKE, str),
        model=_coded(cells, Field.MODEL, str),
        type=_firearm_type(cells.get(Field.FIREARM_TYPE, "")),
        calibre=_coded(cells, Field.CALIBRE, str),
        near=reading.near,
    )


def _vessel(cells: Mapping[Field, str], reading: Reading) -> VesselQuery | None:
    """None where no number and no name is told; a number of a register says nothing without its flag."""
    name = cells.get(Field.VESSEL_NAME, "")
    _check_length(name, limits.NAME_CHARS_MAX, Field.VESSEL_NAME)
    numbers = {field: _coded(cells, field, str) for field in _OF_VESSELS}
    if not name and not any(numbers.values()):
        return None
    return VesselQuery(
        **{one: numbers[field] for field, one in _OF_VESSELS.items()},
        flag=_coded(cells, Field.FLAG, country),
        name=name,
        make=_coded(cells, Field.MAKE, str),
        near=reading.near,
    )


# field of a list: field of the query
_OF_VESSELS = {
    Field.IMO: "imo",
    Field.HULL_NUMBER: "hull_number",
    Field.ENI: "eni",
    Field.MMSI: "mmsi",
    Field.CALL_SIGN: "call_sign",
    Field.VESSEL_REGISTRATION: "registration",
}
MAKERS: dict[str, Callable[[Mapping[Field, str], Reading], Query | None]] = {
    "person": _person,
    "document": _document,
    "vehicle": _vehicle,
    "firearm": _firearm,
    "vessel": _vessel,
}


def _country_of(cells: Mapping[Field, str]) -> str:
    """Of a person's document: where its issuer is no country, it says nothing about the person."""
    if not cells.get(Field.DOCUMENT_NUMBER) or not cells.get(Field.DOCUMENT_COUNTRY):
        return ""
    try:
        return country(cells[Field.DOCUMENT_COUNTRY])
    except Invalid:
        return ""


def _coded(cells: Mapping[Field, str], field: Field, check: Callable[[str], str]) -> str:
    text = cells.get(field, "")
    _check_length(text, limits.CODE_CHARS_MAX, field)
    try:
        return check(text) if text else ""
    except Invalid as wrong:
        raise Invalid(wrong.what, where=field) from None


def _check_length(text: str, chars_max: int, field: Field) -> None:
    if len(text) > chars_max:
        raise Invalid(f"It is longer than {chars_max} characters.", where=field)


def _sex(text: str) -> Sex:
    if text and text.upper() not in SEXES:
        raise Invalid(f"{text!r} is no sex.", where=Field.SEX)
    return SEXES[text.upper()] if text else Sex.UNSPECIFIED


def _type(text: str) -> DocumentType | None:
    word = text.strip().upper()
    if not word:
        return None
    named = TYPES.get(word) or next((one for one in DocumentType if one.value.upper() == word.replace(" ", "-")), None)
    if named is None:
        raise Invalid(f"{text!r} is no type of document.", where=Field.DOCUMENT_TYPE)
    return named


def _firearm_type(text: str) -> FirearmType | None:
    word = text.strip().casefold().replace(" ", "-")
    if word and word not in set(FirearmType):
        raise Invalid(f"{text!r} is no type of firearm.", where=Field.FIREARM_TYPE)
    return FirearmType(word) if word else None


def _day(text: str, days: DayOrder) -> str:
    """A day as YYYY-MM-DD, or as much of it as the list gives."""
    if not text:
        return ""
    if found := _COMPACT.fullmatch(text):
        return partial_date("-".join(found.groups()), Field.BIRTH)
    found = _DAY.fullmatch(text)
    if found is None or days is DayOrder.ISO:
        return partial_date(text, Field.BIRTH)
    first, second, year = found.groups()
    day, month = (first, second) if days is DayOrder.DAY_FIRST else (second, first)
    return partial_date(f"{year}-{int(month):02d}-{int(day):02d}", Field.BIRTH)
