"""Fictitious records, letters and entries for the shelves."""

from datetime import UTC, date, datetime, timedelta

from msgspec.structs import replace

from comity.domain.document import DocumentFraud, TravelDocument
from comity.domain.held import Held
from comity.domain.journal import Act, Entry
from comity.domain.lookup import DocumentQuery
from comity.domain.person import Name, Person, PersonStatus, RecordPurpose
from comity.domain.record import Header, Record, Subject, Withdrawal, WithdrawalReason, record_id
from comity.domain.vehicle import Vehicle, VehicleStatus
from comity.law.release import header_of
from comity.matching.numbered import NumberKey, number_keys, number_keys_asked

STORAGE_KEY = bytes(range(32))
NOW = datetime(2031, 7, 9, 8, 30, 0, 123456, tzinfo=UTC)
TODAY = NOW.date()
COLLECTIONS = {Person: "nominals", TravelDocument: "sltd", Vehicle: "smv"}
COUNTRIES = {"aldova": "XA", "bergenia": "XB", "corvia": "XC"}


def document(number: str = "B 123-456", note: str = "") -> TravelDocument:
    return TravelDocument(number=number, country="XBE", fraud=DocumentFraud.STOLEN, note=note)


def document_key(number: str = "B 123-456") -> tuple[NumberKey, ...]:
    """What `document` is found by."""
    return number_keys_asked(DocumentQuery(country="XBE", number=number))


def vehicle_keys(vin: str = "", plate: str = "", plate_country: str = "") -> tuple[NumberKey, ...]:
    return number_keys(vehicle(vin, plate, plate_country))


def vehicle(vin: str = "", plate: str = "", plate_country: str = "") -> Vehicle:
    return Vehicle(vin=vin, plate=plate, plate_country=plate_country, status=VehicleStatus.STOLEN)


def person(*names: str) -> Person:
    return Person(
        names=tuple(Name(full=name) for name in names), status=PersonStatus.WANTED, purpose=RecordPurpose.ARREST
    )


def record(
    subject: Subject,
    reference: str = "B-1",
    version: int = 0,
    source: str = "bergenia",
    collection: str = "",
    retain_until: date = TODAY + timedelta(days=365),
    at: datetime = NOW,
) -> Record:
    code = collection or COLLECTIONS[type(subject)]
    header = Header(
        id=record_id(code, source, reference),
        collection=code,
        source=source,
        country=COUNTRIES.get(source, ""),
        reference=reference,
        version=version,
        entered_at=at,
        amended_at=at,
        retain_until=retain_until,
        review_at=min(retain_until, TODAY),
        contact="Bergenia duty desk",
    )
    return Record(header=header, subject=subject)


def withdrawal(of: Record, version: int | None = None) -> Withdrawal:
    header = of.header
    return Withdrawal(
        id=header.id,
        collection=header.collection,
        source=header.source,
        reference=header.reference,
        version=header.version if version is None else version,
        reason=WithdrawalReason.RECOVERED,
        withdrawn_at=NOW,
    )


def with_version(one: Record, version: int) -> Record:
    return replace(one, header=replace(one.header, version=version))


def references(found: list[Held[Record]]) -> list[str]:
    """Of boxes: their headers, which say whose they are."""
    return [header_of(box).reference for box in found]


def entry(subject: str = "question-1", **more: object) -> Entry:
    return Entry(act=Act.LOOKUP_ANSWERED, at=NOW, actor="aldova", subject=subject, **more)  # type: ignore[arg-type]
