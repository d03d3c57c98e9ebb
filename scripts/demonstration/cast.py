"""The people and documents of the story, written by hand; nobody in it exists."""

from datetime import date, timedelta

import msgspec
from msgspec import Struct

from comity.domain.document import DocumentFraud, DocumentType, TravelDocument
from comity.domain.marking import Handling, InformationGrade, Marking, SourceGrade
from comity.domain.person import (
    IdentityDocument,
    Name,
    NameKind,
    Offence,
    Person,
    PersonStatus,
    PersonWarning,
    RecordPurpose,
    Sex,
    Warrant,
)
from comity.domain.record import Subject
from comity.formats.mrz import check_digit


class Line(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of JSON Lines, as `comity records import` reads it."""

    reference: str
    subject: Subject
    marking: Marking = Marking()


RADOMILAS_NAME = "Радомила Ветроградова"
RADOMILA = Line(
    reference="XB-2031-0417",
    subject=Person(
        names=(Name(full=RADOMILAS_NAME, family="Ветроградова", given="Радомила"),),
        births=("1984-03-19",),
        sex=Sex.FEMALE,
        nationalities=("XB",),
        birth_place="Zlatogor",
        documents=(IdentityDocument(number="BE7004411", type=DocumentType.PASSPORT, country="XB"),),
        status=PersonStatus.WANTED,
        purpose=RecordPurpose.ARREST,
        action="Detain and call Bergenia's duty desk.",
        warnings=(PersonWarning.ESCAPE_RISK,),
        offences=(Offence(code="robbery", text="Armed robbery of the Zlatogor mint", penalty_max_months=144),),
        warrants=(Warrant(reference="ZG 114/31", country="XB", authority="Court of Zlatogor"),),
    ),
    marking=Marking(handling=(Handling.H1,), source_grade=SourceGrade.A, information_grade=InformationGrade.ONE),
)
NOURAN = Line(
    reference="XB-2030-2209",
    subject=Person(
        names=(Name(full="نوران الزهرشامي"),),
        births=("1991",),
        sex=Sex.FEMALE,
        nationalities=("XC",),
        status=PersonStatus.MISSING,
        purpose=RecordPurpose.LOCATE,
        action="Tell Bergenia where she is; she is in no trouble.",
    ),
)
TAMSIN = Line(
    reference="XA-2029-0031",
    subject=Person(
        names=(Name(full="Tamsin Orrelquist"), Name(full="Tammy Quist", kind=NameKind.ALIAS)),
        births=("1977-11-02",),
        sex=Sex.FEMALE,
        nationalities=("XA",),
        status=PersonStatus.SUSPECT,
        purpose=RecordPurpose.INFORM,
        action="Report where she was met.",
    ),
)
OSMUND = Line(
    reference="SC-0412",
    subject=Person(
        names=(Name(full="Osmund Tarravale"), Name(full="Captain Tarr", kind=NameKind.ALIAS)),
        births=("1969-08-21",),
        birth_place="Halcyon Quay",
        sex=Sex.MALE,
        status=PersonStatus.SANCTIONED,
        purpose=RecordPurpose.SANCTION,
        action="Hold the cargo and ask the Council.",
        offences=(Offence(code="trafficking-in-arms", text="Rifles for Lethe", penalty_max_months=120),),
    ),
)
SEA_COUNCIL = "sea-council"  # the outside body on whose list he stands
NOBODY = "Quillimund Zarfenbrook"  # stands on no list

# bureau: its persons in the story
STORY = {"aldova": (TAMSIN,), "bergenia": (RADOMILA, NOURAN), "corvia": ()}


def passport(run: int, today: date) -> Line:
    """The passport that is stolen in Bergenia this morning: another one each time the story is told."""
    return Line(
        reference=f"XB-D-STORY-{run:05d}",
        subject=TravelDocument(
            number=passport_number(run),
            country="XBE",
            type=DocumentType.PASSPORT,
            fraud=DocumentFraud.STOLEN,
            stolen_on=today.isoformat(),
            stolen_in="XB",
            note="Taken from a parked car at Zlatogor station.",
        ),
    )


def passport_number(run: int) -> str:
    return f"BS{run:07d}"


def machine_readable_zone(run: int, today: date) -> str:
    """What a reader at the border reads from that passport: two lines of 44 (ICAO Doc 9303-4), here with a blank."""
    expires = (today + timedelta(days=2000)).strftime("%y%m%d")
    number, birth, optional = passport_number(run), "900214", "<" * 14
    upper = f"{'P<XBEKALINOROVA<<ESTRELMA':<<44}"
    fields = (number, birth, expires, optional)
    number_, birth_, expires_, optional_ = (field + check_digit(field) for field in fields)
    lower = f"{number_}XBE{birth_}F{expires_}{optional_}"
    return f"{upper} {lower}{check_digit(number_ + birth_ + expires_ + optional_)}"


def lines(records: tuple[Line, ...]) -> bytes:
    return b"".join(msgspec.json.encode(record) + b"\n" for record in records)
