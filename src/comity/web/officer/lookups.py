"""The five lookups: a person, a document, a vehicle, a firearm, a vessel."""

from collections.abc import Callable
from time import perf_counter
from typing import Annotated, TypeVar

from msgspec import Meta, Struct, structs

from comity.domain import limits
from comity.domain.circumstances import StatedOffence
from comity.domain.country import country, issuer
from comity.domain.dates import partial_date
from comity.domain.document import DocumentType
from comity.domain.errors import Invalid, NotPermitted
from comity.domain.firearm import FirearmType
from comity.domain.lookup import (
    DocumentQuery,
    FirearmQuery,
    LookupRequest,
    PersonQuery,
    Query,
    VehicleQuery,
    VesselQuery,
)
from comity.domain.person import Sex
from comity.domain.purpose import Purpose
from comity.domain.stated import Stated
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
Offence = Annotated[
    StatedOffence | None,
    Meta(description="The offence investigated, where it is known: some agreements answer for some offences alone"),
]
Said = Annotated[
    Stated | None,
    Meta(description="What else an agreement may ask about: priority, language, necessity, your bureau's assurances"),
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
Word = Annotated[str, Meta(max_length=CODE, description="As known, in any language or spelling")]
Near = Annotated[
    bool,
    Meta(
        description="Also tell of numbers that look alike or are one edit away; each such hit says which signs differ"
    ),
]
Mrz = Annotated[
    str,
    Meta(
        max_length=limits.MRZ_CHARS_MAX,
        description="The machine-readable zone as read, line by line; instead of country, type and number",
    ),
]


class PersonLookup(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whatever is known: a name, the number of an identity document, or several of the other fields together."""

    purpose: Purpose
    case: Case
    name: Name = ""
    birth: Birth = ""
    sex: Sex = Sex.UNSPECIFIED
    nationality: Country = ""
    document_number: Number = ""
    document_country: Country = ""
    place: Annotated[str, Meta(max_length=limits.NAME_CHARS_MAX, description="Of birth")] = ""
    height_cm: Annotated[int, Meta(ge=0, le=280, description="Centimetres; up to 5 more or less agree")] = 0
    eyes: Word = ""
    hair: Word = ""
    wildcard: Annotated[bool, Meta(description="In the name * stands for any letters, ? for one")] = False
    sounds_like: Annotated[bool, Meta(description="Also tell of names that only sound like this one")] = False
    offence: Offence = None
    stated: Said = None
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
    near: Near = False
    offence: Offence = None
    stated: Said = None
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
        if self.mrz:
            return structs.replace(read_mrz(self.mrz).asked(), near=self.near)
        return _made(DocumentQuery, self)


class VehicleLookup(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A VIN, an engine's number, or a plate with its country; make, model and colour tell doubles apart."""

    purpose: Purpose
    case: Case
    vin: Annotated[str, Meta(max_length=CODE, description="ISO 3779", examples=["1M8GDM9AXKP042788"])] = ""
    plate: Number = ""
    plate_country: Country = ""
    engine_number: Number = ""
    make: Word = ""
    model: Word = ""
    colour: Word = ""
    near: Near = False
    offence: Offence = None
    stated: Said = None
    on_behalf_of: Behalf = ""

    def __post_init__(self) -> None:
        check("plate_country", country, self.plate_country)

    def query(self) -> VehicleQuery:
        """Raises Invalid."""
        return _made(VehicleQuery, self)


class FirearmLookup(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A serial number as marked, with whatever else is known: makers use the same serial numbers."""

    purpose: Purpose
    case: Case
    serial: Annotated[str, Meta(min_length=1, max_length=CODE, description="As marked", examples=["ABC 123"])]
    make: Word = ""
    model: Word = ""
    type: FirearmType | None = None
    calibre: Word = ""
    near: Near = False
    offence: Offence = None
    stated: Said = None
    on_behalf_of: Behalf = ""

    def query(self) -> FirearmQuery:
        """Raises Invalid."""
        return _made(FirearmQuery, self)


class VesselLookup(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A number of a ship, a boat or its engine, or its name; a registration with its flag."""

    purpose: Purpose
    case: Case
    imo: Annotated[str, Meta(max_length=CODE, description="IMO number", examples=["9074729"])] = ""
    hull_number: Annotated[str, Meta(max_length=CODE, description="HIN, CIN or WIN (ISO 10087)")] = ""
    eni: Annotated[str, Meta(max_length=CODE, description="European number of inland vessels")] = ""
    mmsi: Annotated[str, Meta(max_length=CODE, description="Maritime mobile service identity")] = ""
    call_sign: Number = ""
    registration: Number = ""
    flag: Country = ""
    name: Annotated[str, Meta(max_length=limits.NAME_CHARS_MAX, description="As painted, now or before")] = ""
    engine_number: Number = ""
    make: Word = ""
    near: Near = False
    offence: Offence = None
    stated: Said = None
    on_behalf_of: Behalf = ""

    def __post_init__(self) -> None:
        check("flag", country, self.flag)

    def query(self) -> VesselQuery:
        """Raises Invalid."""
        return _made(VesselQuery, self)


Lookup = PersonLookup | DocumentLookup | VehicleLookup | FirearmLookup | VesselLookup


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
    return LookupRequest(
        query=query,
        purpose=body.purpose,
        case=body.case,
        on_behalf_of=asked.caller.on_behalf_of,
        offence=body.offence,
        stated=body.stated,
    )


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
    _route(
        FirearmLookup,
        {"serial": "ABC 123", "make": "Bergwerk", "calibre": "9x19", "purpose": "locate", "case": "BR-2031-9"},
    ),
    _route(
        VesselLookup,
        {"registration": "BG 4711", "flag": "XB", "purpose": "locate", "case": "BR-2031-10"},
    ),
)
