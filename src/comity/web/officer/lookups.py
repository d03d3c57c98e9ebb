"""The three lookups: a person, a document, a vehicle."""

from collections.abc import Callable
from time import perf_counter
from typing import Annotated, TypeVar

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.country import country, issuer
from comity.domain.dates import partial_date
from comity.domain.document import DocumentType
from comity.domain.errors import Invalid, NotPermitted
from comity.domain.lookup import DocumentQuery, LookupRequest, PersonQuery, Query, VehicleQuery
from comity.domain.person import Sex
from comity.domain.purpose import Purpose
from comity.formats.mrz import read_mrz
from comity.web.officer.bodies import check
from comity.web.officer.needs import Desks
from comity.web.officer.route import Asked, Route
from comity.web.officer.shown import ShownAnswer, shown

Q = TypeVar("Q")

CODE = limits.CODE_CHARS_MAX
Case = Annotated[
    str, Meta(min_length=1, max_length=CODE, description="The case it is asked for", examples=["BR-2031-7"])
]
Behalf = Annotated[
    str, Meta(max_length=CODE, description="The officer for whom a system asks; compulsory for systems only")
]
Name = Annotated[
    str, Meta(max_length=limits.NAME_CHARS_MAX, description="In any script", examples=["Anna Petrova", "Анна Петрова"])
]
Birth = Annotated[str, Meta(max_length=CODE, description="YYYY-MM-DD, YYYY-MM or YYYY", examples=["1980-05"])]
Country = Annotated[str, Meta(max_length=CODE, description="Two letters as in ISO 3166-1", examples=["XB"])]
Issuer = Annotated[
    str, Meta(max_length=CODE, description="The issuer's letters as printed (ICAO Doc 9303-3)", examples=["XBE"])
]
Number = Annotated[str, Meta(max_length=CODE, description="As printed", examples=["L898902C3"])]
Mrz = Annotated[
    str,
    Meta(
        max_length=limits.MRZ_CHARS_MAX,
        description="The machine-readable zone as read, line by line; instead of country, type and number",
    ),
]


class PersonLookup(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A name with whatever else is known, or the number of an identity document alone."""

    purpose: Purpose
    case: Case
    name: Name = ""
    birth: Birth = ""
    sex: Sex = Sex.UNSPECIFIED
    nationality: Country = ""
    document_number: Number = ""
    document_country: Country = ""
    on_behalf_of: Behalf = ""

    def __post_init__(self) -> None:
        check("birth", partial_date, self.birth)
        check("nationality", country, self.nationality)
        check("document_country", country, self.document_country)

    def query(self) -> PersonQuery:
        """Raises Invalid."""
        return _made(PersonQuery, self)


class DocumentLookup(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Issuer and number as printed, with the type where it is known; or the machine-readable zone."""

    purpose: Purpose
    case: Case
    country: Issuer = ""
    number: Number = ""
    type: DocumentType | None = None
    mrz: Mrz = ""
    on_behalf_of: Behalf = ""

    def __post_init__(self) -> None:
        check("country", issuer, self.country)
        if self.mrz and (self.country or self.number or self.type):
            raise Invalid("Both the zone and its parts are given.", where="mrz", do="Give one of them.")
        if not self.mrz and not (self.country and self.number.strip()):
            field = "number" if self.country else "country"
            raise Invalid("The document is not named.", where=field, do="Give country and number, or mrz.")

    def query(self) -> DocumentQuery:
        """Raises Invalid, also where the zone was not read well."""
        return _document_in(self.mrz) if self.mrz else _made(DocumentQuery, self)


class VehicleLookup(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A VIN, or a plate with its country."""

    purpose: Purpose
    case: Case
    vin: Annotated[str, Meta(max_length=CODE, description="ISO 3779", examples=["1M8GDM9AXKP042788"])] = ""
    plate: Number = ""
    plate_country: Country = ""
    on_behalf_of: Behalf = ""

    def __post_init__(self) -> None:
        check("plate_country", country, self.plate_country)

    def query(self) -> VehicleQuery:
        """Raises Invalid."""
        return _made(VehicleQuery, self)


Lookup = PersonLookup | DocumentLookup | VehicleLookup


def look_up(desks: Desks, asked: Asked[Lookup]) -> ShownAnswer:
    """Ask the desk, count how each source stood, show it."""
    began = perf_counter()
    query = asked.body.query()
    answer = desks.lookups.ask(_request(query, asked), asked.caller)
    outcomes = {source.source: source.outcome.value for source in answer.sources}
    desks.counter.looked_up(str(query.__struct_config__.tag), outcomes, perf_counter() - began)
    return shown(answer, desks.name_of)


def _request(query: Query, asked: Asked[Lookup]) -> LookupRequest:
    body = asked.body
    if not body.case.strip():
        raise Invalid("The case is not named.", where="case", do="Give the reference of your case.")
    return LookupRequest(query=query, purpose=body.purpose, case=body.case, on_behalf_of=asked.caller.on_behalf_of)


def _document_in(mrz: str) -> DocumentQuery:
    """The document that a zone names. Raises Invalid with what is wrong with it.

    A number that was misread would find nothing, and nothing looks like all is well. Only the bearer's name may be
    in doubt: it is not asked for.
    """
    reading = read_mrz(mrz)
    doubts = [reason for reason in reading.reasons if not reason.startswith("names:")]
    if doubts or reading.document is None:
        told = " ".join(doubts) or "It names no document."
        do = "Read it again, or give country and number as printed."
        raise Invalid(f"The zone cannot be relied on. {told}", where="mrz", do=do)
    return reading.document


def _made(kind: Callable[..., Q], body: Lookup) -> Q:
    """The query of that kind from the fields of the same names. Raises Invalid."""
    fields = {name: getattr(body, name) for name in kind.__struct_fields__}  # type: ignore[attr-defined]
    try:
        return kind(**fields)
    except Invalid:
        raise
    except ValueError as wrong:
        raise Invalid("Too little is stated to look it up.", where="body", do=str(wrong)) from None


def _route(kind: type[Lookup], example: dict[str, object]) -> Route[Lookup]:
    subject = kind.__name__.removesuffix("Lookup").lower()
    return Route(
        method="POST",
        template=f"/v1/lookups/{subject}",
        does=f"Ask every source that may know this {subject}",
        act=look_up,
        body=kind,
        answer=ShownAnswer,
        example=example,
        refusals=(NotPermitted,),
    )


ROUTES = (
    _route(
        PersonLookup,
        {"name": "Анна Петрова", "birth": "1980", "purpose": "wanted-persons", "case": "BR-2031-7"},
    ),
    _route(
        DocumentLookup,
        {"country": "XBE", "type": "passport", "number": "X4711", "purpose": "border-control", "case": "BR-2031-7"},
    ),
    _route(
        VehicleLookup,
        {"plate": "BG 4711", "plate_country": "XB", "purpose": "locate", "case": "BR-2031-8"},
    ),
)
