"""A list of persons or things that are to be looked up: which column is what, line by line."""

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import BinaryIO

import msgspec
from msgspec import Struct

from comity.domain import limits
from comity.domain.batch import ListLine
from comity.domain.errors import Invalid
from comity.formats.list_queries import MAKERS, NEEDS, Field, Reading, name_of
from comity.formats.table import Cells, Table, TableForm

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
    Field.MAKE: ("make", "maker", "manufacturer", "brand"),
    Field.MODEL: ("model",),
    Field.SERIAL: ("serial", "serialnumber", "serialno"),
    Field.CALIBRE: ("calibre", "caliber"),
    Field.FIREARM_TYPE: ("firearmtype", "weapontype"),
    Field.IMO: ("imo", "imonumber"),
    Field.HULL_NUMBER: ("hull", "hullnumber", "hin", "cin", "win"),
    Field.ENI: ("eni", "eninumber"),
    Field.MMSI: ("mmsi",),
    Field.CALL_SIGN: ("callsign",),
    Field.VESSEL_REGISTRATION: ("vesselregistration",),
    Field.FLAG: ("flag", "flagstate"),
    Field.VESSEL_NAME: ("vesselname", "vessel", "ship", "shipname", "boatname"),
}
_FIELD_OF = {header: field for field, headers in HEADERS.items() for header in headers}
_NOT_IN_A_HEADER = re.compile(r"[\W_]+")


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
            if (query := MAKERS[kind](cells, reading)) is not None:
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
        name_of(cells),
        cells.get(Field.DOCUMENT_NUMBER),
        cells.get(Field.PLATE),
        cells.get(Field.VIN),
        cells.get(Field.SERIAL),
        cells.get(Field.VESSEL_NAME),
        cells.get(Field.IMO),
        cells.get(Field.HULL_NUMBER),
    )
    return next((text for text in about if text), "")[: limits.NAME_CHARS_MAX]


def list_digest(stream: BinaryIO, form: TableForm, sheet: str, reading: Reading) -> str:
    """SHA-256, hex, of a list as it is read: the same file read in another way is another list."""
    digest = hashlib.sha256()
    while block := stream.read(1 << 20):
        digest.update(block)
    stated = msgspec.to_builtins(reading)
    if not reading.near:  # as before there was such a choice: a list that was begun then goes on
        del stated["near"]
    digest.update(b"\0" + msgspec.json.encode([form, sheet, stated], order="sorted"))
    return digest.hexdigest()
