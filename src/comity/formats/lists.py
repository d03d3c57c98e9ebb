"""A list of persons, documents or vehicles that are to be looked up: which column is what, and what each line asks."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from comity.domain import limits
from comity.domain.batch import ListLine
from comity.domain.country import country, issuer
from comity.domain.dates import partial_date
from comity.domain.document import DocumentType
from comity.domain.errors import Invalid
from comity.domain.lookup import DocumentQuery, PersonQuery, Query, VehicleQuery
from comity.domain.person import Sex
from comity.formats.table import Cells, Table


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


class DayOrder(StrEnum):
    """How a list writes days. 03.04.1980 may be either, so nothing is guessed."""

    ISO = "iso"  # 1980-04-03, 19800403, 1980-04, 1980
    DAY_FIRST = "dmy"  # 03.04.1980, also with / or -
    MONTH_FIRST = "mdy"  # 04/03/1980


# field: headers that mean it, in small letters without what is neither letter nor digit
HEADERS: dict[Field, tuple[str, ...]] = {
    Field.LABEL: ("label", "reference", "ref", "seat", "pnr", "booking", "recordlocator", "id"),
    Field.NAME: ("name", "fullname", "passenger", "passengername", "holder"),
    Field.FAMILY: ("family", "familyname", "surname", "lastname", "primaryidentifier"),
    Field.GIVEN: ("given", "givenname", "givennames", "firstname", "firstnames", "forename", "forenames"),
    Field.BIRTH: ("birth", "birthdate", "dateofbirth", "dob", "born"),
    Field.SEX: ("sex", "gender"),
    Field.NATIONALITY: ("nationality", "citizenship"),
    Field.DOCUMENT_NUMBER: (
        *("documentnumber", "documentno", "docnumber", "docno", "number"),
        *("passportnumber", "passportno", "passport", "traveldocumentnumber"),
    ),
    Field.DOCUMENT_COUNTRY: (
        *("documentcountry", "country", "issuer", "issuingcountry", "issuingstate", "countryofissue"),
        *("documentissuingcountry", "passportcountry"),
    ),
    Field.DOCUMENT_TYPE: ("documenttype", "doctype", "type"),
    Field.VIN: ("vin", "chassis", "chassisnumber"),
    Field.PLATE: ("plate", "platenumber", "licenceplate", "licenseplate", "registration", "registrationnumber"),
    Field.PLATE_COUNTRY: ("platecountry", "registrationcountry"),
}
_FIELD_OF = {header: field for field, headers in HEADERS.items() for header in headers}
_NOT_IN_A_HEADER = re.compile(r"[\W_]+")
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


class Mapped(Struct, frozen=True, kw_only=True):
    """Which header is what, and which kinds of lookup the list allows."""

    fields: dict[str, Field]
    kinds: tuple[str, ...]


def mapped(header: Sequence[str], reading: Reading) -> Mapped:
    """Which column is what. Raises Invalid for a column that nobody knows: it could be the one that matters."""
    for named in (*reading.columns, *reading.ignored):
        if named not in header:
            raise Invalid(f"The list has no column {named!r}.", where="header", do=f"It has {', '.join(header)}.")
    fields: dict[str, Field] = {}
    unknown = []
    for name in header:
        if name in reading.ignored:
            continue
        field = reading.columns.get(name) or _FIELD_OF.get(_NOT_IN_A_HEADER.sub("", name.casefold()))
        if field is None:
            unknown.append(name)
        elif field in fields.values():
            raise Invalid(f"Two columns hold {field}.", where="header", do=f"Pass one over: --ignore {name!r}.")
        else:
            fields[name] = field
    if unknown:
        raise Invalid(
            f"What is in {', '.join(repr(name) for name in unknown)} is not known.",
            where="header",
            do=f"Say --column 'HEADER=FIELD' with one of {', '.join(Field)}, or --ignore HEADER.",
        )
    return Mapped(fields=fields, kinds=_kinds(set(fields.values()), reading.kinds))


def _kinds(fields: Collection[Field], wanted: Collection[str]) -> tuple[str, ...]:
    allowed = [kind for kind, needs in NEEDS.items() if any(set(one) <= set(fields) for one in needs)]
    if lacking := [kind for kind in wanted if kind not in allowed]:
        raise Invalid(f"The columns do not name a {lacking[0]}.", where="header", do=_needed(lacking[0]))
    if not allowed:
        raise Invalid("The columns name nothing to look up.", where="header", do=" ".join(map(_needed, NEEDS)))
    return tuple(kind for kind in allowed if not wanted or kind in wanted)


# kind of lookup: the columns without which none can be made; one of the sets is enough
NEEDS: dict[str, tuple[tuple[Field, ...], ...]] = {
    "person": ((Field.NAME,), (Field.FAMILY,)),
    "document": ((Field.DOCUMENT_NUMBER, Field.DOCUMENT_COUNTRY),),
    "vehicle": ((Field.VIN,), (Field.PLATE, Field.PLATE_COUNTRY)),
}


def _needed(kind: str) -> str:
    ways = " or ".join(" and ".join(way) for way in NEEDS.get(kind, ()))
    return f"A {kind} needs {ways}." if ways else f"Use one of {', '.join(NEEDS)}."


def read(table: Table, reading: Reading) -> Iterator[ListLine]:
    """What each line asks, in order. An empty line is passed over; whatever is wrong is told with its line."""
    plan = mapped(table.header, reading)
    for row in table.rows:
        if row.refused:
            yield ListLine(line=row.line, refused=row.refused[: limits.REASON_CHARS_MAX])
        elif row.cells:
            yield _line(row, plan, reading)


def _line(row: Cells, plan: Mapped, reading: Reading) -> ListLine:
    cells: dict[Field, str] = {}
    for name, text in row.cells.items():
        if name in plan.fields:
            cells[plan.fields[name]] = text
        elif name not in reading.ignored:  # in JSON Lines a name may come up later
            why = f"What is in {name!r} is not known."
            return ListLine(line=row.line, label=_label(cells), refused=why[: limits.REASON_CHARS_MAX])
    queries, refused = [], []
    for kind in plan.kinds:
        try:
            if (query := _MAKERS[kind](cells, reading.days)) is not None:
                queries.append(query)
        except ValueError as wrong:  # a refusal of ours, or the struct library's
            refused.append(f"{kind}: {wrong}")
    if not queries and not refused:
        refused.append(f"The line names no {' and no '.join(plan.kinds)}.")
    return ListLine(
        line=row.line,
        label=_label(cells),
        queries=tuple(queries),
        refused=" ".join(refused)[: limits.REASON_CHARS_MAX],
    )


def _label(cells: Mapping[Field, str]) -> str:
    """As the list names the line: by its own reference, else by what it is about."""
    about = (
        cells.get(Field.LABEL),
        _name(cells),
        cells.get(Field.DOCUMENT_NUMBER),
        cells.get(Field.PLATE),
        cells.get(Field.VIN),
    )
    return next((text for text in about if text), "")[: limits.NAME_CHARS_MAX]


def _name(cells: Mapping[Field, str]) -> str:
    parts = (cells.get(Field.GIVEN, ""), cells.get(Field.FAMILY, ""))
    return cells.get(Field.NAME) or " ".join(part for part in parts if part)


def _person(cells: Mapping[Field, str], days: DayOrder) -> PersonQuery | None:
    """None where the line names nobody, as an empty seat."""
    name = _name(cells)
    _check_length(name, limits.NAME_CHARS_MAX, Field.NAME)
    if not name:
        return None
    return PersonQuery(
        name=name,
        birth=_day(cells.get(Field.BIRTH, ""), days),
        sex=_sex(cells.get(Field.SEX, "")),
        nationality=_coded(cells, Field.NATIONALITY, country),
        document_number=_coded(cells, Field.DOCUMENT_NUMBER, str),
        document_country=_country_of(cells),
    )


def _document(cells: Mapping[Field, str], _days: DayOrder) -> DocumentQuery | None:
    """None where the line names no document; one without its issuer cannot be looked up."""
    number = _coded(cells, Field.DOCUMENT_NUMBER, str)
    if not number:
        return None
    issued_by = _coded(cells, Field.DOCUMENT_COUNTRY, issuer)
    if not issued_by:
        raise Invalid("Its issuer is missing.", where=Field.DOCUMENT_COUNTRY)
    return DocumentQuery(country=issued_by, number=number, type=_type(cells.get(Field.DOCUMENT_TYPE, "")))


def _vehicle(cells: Mapping[Field, str], _days: DayOrder) -> VehicleQuery | None:
    vin, plate = _coded(cells, Field.VIN, str), _coded(cells, Field.PLATE, str)
    if not vin and not plate:
        return None
    return VehicleQuery(
        vin=vin, plate=plate, plate_country=_coded(cells, Field.PLATE_COUNTRY, country) if plate else ""
    )


_MAKERS: dict[str, Callable[[Mapping[Field, str], DayOrder], Query | None]] = {
    "person": _person,
    "document": _document,
    "vehicle": _vehicle,
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
