"""Invented persons, documents, things and markings of every shape, for round trips."""

from hypothesis import strategies as st

from comity.domain.document import DocumentFraud, DocumentType, TravelDocument
from comity.domain.firearm import Firearm, FirearmStatus, FirearmType
from comity.domain.marking import Confidentiality, Handling, Marking
from comity.domain.person import (
    Description,
    IdentityDocument,
    Name,
    NameKind,
    Offence,
    Person,
    PersonStatus,
    PersonWarning,
    RecordPurpose,
    SensitiveMatter,
    Sex,
    Warrant,
)
from comity.domain.vehicle import Vehicle, VehicleStatus
from comity.domain.vessel import Vessel, VesselStatus, VesselType

_SIGNS = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp"))
# Blanks at the edges of a cell are not kept, so there are none; dividers and quotation marks are what matters.
TEXTS = st.text(st.one_of(_SIGNS, st.sampled_from(';|\\",')), max_size=20)
WORDS = st.text(st.one_of(_SIGNS, st.sampled_from(';|\\",')), min_size=1, max_size=20)
DATES = st.sampled_from(["", "1980", "1980-04", "1980-04-05"])
COUNTRIES = st.sampled_from(["", "XA", "XB", "XC"])
_SOME = {"max_size": 3}

PERSONS = st.builds(
    Person,
    names=st.lists(st.builds(Name, full=WORDS, family=TEXTS, given=TEXTS, kind=st.sampled_from(NameKind)), **_SOME).map(
        tuple
    ),
    births=st.lists(DATES.filter(bool), **_SOME).map(tuple),
    sex=st.sampled_from(Sex),
    nationalities=st.lists(COUNTRIES.filter(bool), **_SOME).map(tuple),
    birth_place=TEXTS,
    birth_country=COUNTRIES,
    documents=st.lists(
        st.builds(
            IdentityDocument,
            number=WORDS,
            type=st.sampled_from(DocumentType),
            country=COUNTRIES,
            issued=DATES,
            expires=DATES,
            note=TEXTS,
        ),
        **_SOME,
    ).map(tuple),
    status=st.none() | st.sampled_from(PersonStatus),
    purpose=st.none() | st.sampled_from(RecordPurpose),
    action=TEXTS,
    warnings=st.lists(st.sampled_from(PersonWarning), **_SOME).map(tuple),
    sensitive=st.lists(st.sampled_from(SensitiveMatter), max_size=3).map(tuple),
    description=st.builds(
        Description, height_cm=st.integers(0, 280), weight_kg=st.integers(0, 500), eyes=TEXTS, hair=TEXTS, marks=TEXTS
    ),
    languages=st.lists(WORDS, **_SOME).map(tuple),
    occupation=TEXTS,
    addresses=st.lists(WORDS, **_SOME).map(tuple),
    offences=st.lists(
        st.builds(Offence, code=WORDS, text=TEXTS, law=TEXTS, penalty_max_months=st.integers(0, 900)), **_SOME
    ).map(tuple),
    warrants=st.lists(
        st.builds(Warrant, reference=WORDS, country=COUNTRIES.filter(bool), authority=TEXTS, issued=DATES), **_SOME
    ).map(tuple),
    facts=TEXTS,
)
DOCUMENTS = st.builds(
    TravelDocument,
    number=WORDS,
    country=st.sampled_from(["XAL", "XBE", "XCV"]),
    type=st.sampled_from(DocumentType),
    fraud=st.none() | st.sampled_from(DocumentFraud),
    issued=DATES,
    expires=DATES,
    stolen_on=DATES,
    stolen_in=COUNTRIES,
    note=TEXTS,
)
VEHICLES = st.builds(
    Vehicle,
    vin=WORDS,
    plate=TEXTS,
    plate_country=COUNTRIES,
    make=TEXTS,
    year=st.integers(0, 2200),
    components=st.lists(WORDS, **_SOME).map(tuple),
    status=st.none() | st.sampled_from(VehicleStatus),
    stolen_on=DATES,
    note=TEXTS,
)
FIREARMS = st.builds(
    Firearm,
    serial=TEXTS,
    serial_obliterated=st.booleans(),
    make=TEXTS,
    model=TEXTS,
    type=st.none() | st.sampled_from(FirearmType),
    calibre=TEXTS,
    year=st.integers(0, 2200),
    made_in=COUNTRIES,
    import_mark=TEXTS,
    markings=st.lists(WORDS, **_SOME).map(tuple),
    status=st.none() | st.sampled_from(FirearmStatus),
    missing_since=DATES,
    missing_in=COUNTRIES,
    note=TEXTS,
)
VESSELS = st.builds(
    Vessel,
    imo=TEXTS,
    hull_number=TEXTS,
    eni=TEXTS,
    mmsi=TEXTS,
    call_sign=TEXTS,
    registration=TEXTS,
    flag=COUNTRIES,
    name=TEXTS,
    former_names=st.lists(WORDS, **_SOME).map(tuple),
    home_port=TEXTS,
    type=st.none() | st.sampled_from(VesselType),
    length_cm=st.integers(0, 60_000),
    engine_numbers=st.lists(WORDS, **_SOME).map(tuple),
    engine_make=TEXTS,
    status=st.none() | st.sampled_from(VesselStatus),
    stolen_on=DATES,
    note=TEXTS,
)
SUBJECTS = PERSONS | DOCUMENTS | VEHICLES | FIREARMS | VESSELS
MARKINGS = st.builds(
    Marking,
    confidentiality=st.sampled_from(Confidentiality),
    handling=st.lists(st.sampled_from(Handling), min_size=1, max_size=3).map(tuple),
    closed_to=st.lists(COUNTRIES.filter(bool), **_SOME).map(tuple),
    only_for=st.lists(COUNTRIES.filter(bool), **_SOME).map(tuple),
    conditions=st.lists(WORDS, **_SOME).map(tuple),
)
