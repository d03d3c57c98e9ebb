"""Records of nobody, for trials: plainly invented persons and things, the same for the same seed."""

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

import msgspec

from comity.domain.collection import collection
from comity.domain.country import country, issuer
from comity.domain.document import DocumentFraud, DocumentType
from comity.domain.errors import Invalid
from comity.domain.firearm import Firearm, FirearmStatus, FirearmType
from comity.domain.person import Name, NameKind, Person, PersonStatus, RecordPurpose, Sex
from comity.domain.vehicle import Vehicle, VehicleStatus
from comity.domain.vessel import Vessel, VesselStatus, VesselType
from comity.matching.numbers import vin_check_digit

_FIRST_DAY = date(2019, 1, 1)
_DAYS = [(_FIRST_DAY + timedelta(days=days)).isoformat() for days in range(365 * 6)]
_NUMBERS_MAX = 10_000_000  # of one series of documents: seven digits


def make(collection_code: str, count: int, seed: int, source_country: str) -> Iterator[bytes]:
    """`count` lines of JSON Lines for a collection, as the named country (two or three letters) would enter them.

    References and numbers are unique within a run; another seed gives other numbers. Raises Invalid.
    """
    kind = collection(collection_code).kind
    code = country(source_country)
    if not 0 <= count <= _NUMBERS_MAX:
        raise Invalid(f"{count} records cannot be made.", do=f"Ask for up to {_NUMBERS_MAX:,}.")
    return _MAKERS[kind](count, random.Random(f"{seed}/{collection_code}/{code}"), code)


def _documents(count: int, random_: random.Random, code: str) -> Iterator[bytes]:
    """Written as text, for a million of them are made at the start of a demonstration; a test reads them back."""
    three = issuer(code)
    series = _SERIES.get(three, three[-1])
    # A step that ends in 7 has no factor in common with ten million: it walks through all numbers,
    # each once, in no visible order.
    start, step = random_.randrange(_NUMBERS_MAX), random_.randrange(_NUMBERS_MAX // 10) * 10 + 7
    kinds = [kind.value for kind, share in _DOCUMENT_KINDS for _ in range(share)]
    frauds = [fraud.value for fraud, share in _FRAUDS for _ in range(share)]
    tails = [_document_tail(three, random_.choice(kinds), random_.choice(frauds), random_) for _ in range(4096)]
    number = start
    for _ in range(count):
        number = (number + step) % _NUMBERS_MAX
        text = f"{series}{number:07d}"
        tail = tails[number & 4095]
        yield f'{{"reference":"{three}-D-{text}","subject":{{"kind":"document","number":"{text}",{tail}'.encode()


def _document_tail(three: str, kind: str, fraud: str, random_: random.Random) -> str:
    issued = random_.choice(_DAYS)
    stolen = max(issued, random_.choice(_DAYS))
    expires = f"{int(issued[:4]) + 10}{issued[4:-2]}01"
    return (
        f'"country":"{three}","type":"{kind}","fraud":"{fraud}",'
        f'"issued":"{issued}","expires":"{expires}","stolen_on":"{stolen}"}}}}\n'
    )


# The first letters of a document's number, by issuer.
_SERIES = {"XAL": "AL", "XBE": "BE", "XCV": "CV"}
_DOCUMENT_KINDS = (
    (DocumentType.PASSPORT, 12),
    (DocumentType.IDENTITY_CARD, 6),
    (DocumentType.VISA, 1),
    (DocumentType.RESIDENCE_PERMIT, 1),
)
_FRAUDS = (
    (DocumentFraud.LOST, 11),
    (DocumentFraud.STOLEN, 6),
    (DocumentFraud.INVALIDATED, 2),
    (DocumentFraud.STOLEN_BLANK, 1),
)


class _Line(msgspec.Struct, omit_defaults=True):
    reference: str
    subject: Person | Vehicle | Firearm | Vessel


def _persons(count: int, random_: random.Random, code: str) -> Iterator[bytes]:
    encode = msgspec.json.Encoder().encode
    for number in range(1, count + 1):
        yield encode(_Line(f"{code}-P-{number:07d}", _person(random_, code))) + b"\n"


def _person(random_: random.Random, code: str) -> Person:
    sex = random_.choice((Sex.FEMALE, Sex.MALE))
    given, family = given_name(random_, sex), family_name(random_)
    names = [Name(full=f"{given.latin} {family.latin}", family=family.latin, given=given.latin)]
    script = random_.choice(_SCRIPTS)
    if script:
        names.append(Name(full=f"{script(given)} {script(family)}", kind=NameKind.ORIGINAL_SCRIPT))
    if random_.random() < 0.2:
        names.append(Name(full=f"{given.latin} {family_name(random_).latin}", kind=NameKind.ALIAS))
    birth = date(1940, 1, 1) + timedelta(days=random_.randrange(365 * 65))
    status, purpose = random_.choice(_STATUSES)
    return Person(
        names=tuple(names),
        births=(birth.isoformat() if random_.random() < 0.9 else str(birth.year),),
        sex=sex,
        nationalities=(code if random_.random() < 0.8 else random_.choice(_COUNTRIES),),
        status=status,
        purpose=purpose,
    )


class _Invented(NamedTuple):
    """A name by its syllables, so that every script can write it."""

    syllables: tuple[str, ...]

    @property
    def latin(self) -> str:
        return "".join(self.syllables).capitalize()


# Syllables that make names of no language: Zorvimel, Tepkuda.
_STARTS = (
    "zor",
    "tep",
    "mol",
    "kav",
    "bru",
    "nel",
    "vid",
    "gar",
    "lum",
    "pas",
    "rok",
    "sim",
    "dov",
    "fen",
    "hal",
    "jut",
)
_MIDDLES = ("vi", "ku", "de", "ra", "no", "li", "to", "ma", "be", "zu", "pi", "go")
_FEMALE_ENDS = ("ela", "ida", "ona", "iva", "ura", "isa")
_MALE_ENDS = ("en", "or", "im", "ul", "ek", "as")
_FAMILY_ENDS = ("mel", "dar", "vok", "lin", "sut", "ber", "nak", "pol", "gim", "tov")


def given_name(random_: random.Random, sex: Sex) -> _Invented:
    ends = _FEMALE_ENDS if sex is Sex.FEMALE else _MALE_ENDS
    return _Invented((random_.choice(_STARTS), random_.choice(ends)))


def family_name(random_: random.Random) -> _Invented:
    middles = [random_.choice(_MIDDLES) for _ in range(random_.randrange(1, 3))]
    return _Invented((random_.choice(_STARTS), *middles, random_.choice(_FAMILY_ENDS)))


def _alphabet(letters: str, written: str, capital: bool) -> Callable[[_Invented], str]:
    table = {ord(letter): sign for letter, sign in zip(letters, written.split(), strict=True)}

    def write(name: _Invented) -> str:
        text = "".join(name.syllables).translate(table)
        return text[:1].upper() + text[1:] if capital else text

    return write


_LETTERS = "abdefghijklmnoprstuvz"
_CYRILLIC = _alphabet(_LETTERS, "а б д е ф г х и й к л м н о п р с т у в з", capital=True)
_GREEK = _alphabet(_LETTERS, "α μπ ντ ε φ γκ χ ι γι κ λ μ ν ο π ρ σ τ ου β ζ", capital=True)
_ARABIC = _alphabet(_LETTERS, "ا ب د ي ف غ ه ي ج ك ل م ن و ب ر س ت و ف ز", capital=False)
_SCRIPTS: tuple[Callable[[_Invented], str] | None, ...] = (None, None, _CYRILLIC, _GREEK, _ARABIC)
_COUNTRIES = ("XA", "XB", "XC")
_STATUSES = (
    (PersonStatus.WANTED, RecordPurpose.ARREST),
    (PersonStatus.SUSPECT, RecordPurpose.LOCATE),
    (PersonStatus.CONVICTED, RecordPurpose.INFORM),
    (PersonStatus.MISSING, RecordPurpose.LOCATE),
    (PersonStatus.CRIMINAL_HISTORY, RecordPurpose.INFORM),
)


def _vehicles(count: int, random_: random.Random, code: str) -> Iterator[bytes]:
    encode = msgspec.json.Encoder().encode
    for number in range(1, count + 1):
        yield encode(_Line(f"{code}-V-{number:07d}", _vehicle(random_, code, number))) + b"\n"


def _vehicle(random_: random.Random, code: str, number: int) -> Vehicle:
    # ZZ9 begins no maker's number; the serial at the end makes it unique.
    before, after = (
        f"ZZ9{random_.choice('ABCDEFGH')}{random_.randrange(1000):03d}X",
        f"{random_.choice('KLMNPR')}{number:07d}",
    )
    digit = vin_check_digit(f"{before}0{after}")
    make_, model = random_.choice(_MODELS)
    plate = f"{code}{random_.choice('ABCEHKMPTX')}{number:06d}"
    return Vehicle(
        vin=f"{before}{digit}{after}",
        plate=plate,
        plate_country=code,
        make=make_,
        model=model,
        year=random_.randrange(2005, 2025),
        colour=random_.choice(("white", "black", "grey", "red", "blue", "green")),
        status=VehicleStatus.STOLEN if random_.random() < 0.95 else VehicleStatus.MISAPPROPRIATED,
        stolen_on=random_.choice(_DAYS),
        stolen_in=code,
    )


_MODELS = (
    ("Aldomobil", "Wanderer"),
    ("Aldomobil", "Kite"),
    ("Berg", "Alpina 4"),
    ("Berg", "Tal"),
    ("Corvia Motors", "Raven"),
)


def _firearms(count: int, random_: random.Random, code: str) -> Iterator[bytes]:
    encode = msgspec.json.Encoder().encode
    for number in range(1, count + 1):
        yield encode(_Line(f"{code}-F-{number:07d}", _firearm(random_, number))) + b"\n"


def _firearm(random_: random.Random, number: int) -> Firearm:
    """Within one maker serial numbers are unique; two makers may use the same one, as they do."""
    make_, model, kind, calibre = random_.choice(_ARMS)
    return Firearm(
        serial=f"{random_.choice('ABCDEFGHJK')}{random_.choice('KLMNPR')}{number:06d}",
        make=make_,
        model=model,
        type=kind,
        calibre=calibre,
        year=random_.randrange(1980, 2025),
        status=random_.choice((FirearmStatus.STOLEN, FirearmStatus.STOLEN, FirearmStatus.LOST)),
        missing_since=random_.choice(_DAYS),
    )


_ARMS = (
    ("Bergwerk", "B7", FirearmType.PISTOL, "9x19"),
    ("Bergwerk", "B7 Kompakt", FirearmType.PISTOL, "9x19"),
    ("Bergwerk", "Forst", FirearmType.SHOTGUN, "12/70"),
    ("Aldarms", "Warden", FirearmType.REVOLVER, ".38 Special"),
    ("Corvoz", "KZ", FirearmType.RIFLE, "7.62x39"),
)


def _vessels(count: int, random_: random.Random, code: str) -> Iterator[bytes]:
    encode = msgspec.json.Encoder().encode
    for number in range(1, count + 1):
        yield encode(_Line(f"{code}-W-{number:07d}", _vessel(random_, code, number))) + b"\n"


def _vessel(random_: random.Random, code: str, number: int) -> Vessel:
    # ZZ stands for no maker. The serial number in the hull's makes it unique up to two million.
    make_, model, kind, length_cm = random_.choice(_BOATS)
    year = random_.randrange(2005, 2025)
    series = "ZZ" + "ABCDEFGHJKLMNPRSTUVWXYZ"[number // 100_000 % 23]
    hull = f"{series}{number % 100_000:05d}{random_.choice('ABCDEFGHIJKL')}{year % 10}{(year + 1) % 100:02d}"
    return Vessel(
        hull_number=f"{code}-{hull}",
        registration=f"{code}{number:06d}",
        flag=code,
        name=f"{random_.choice(_STARTS)}{random_.choice(_MIDDLES)}".capitalize(),
        type=kind,
        make=make_,
        model=model,
        year=year,
        length_cm=length_cm,
        colour=random_.choice(("white", "blue", "red")),
        engine_numbers=(f"{random_.choice('KLMNPR')}{random_.randrange(10):d}{number:07d}",),
        engine_make="Bergmarin",
        status=VesselStatus.STOLEN,
        stolen_on=random_.choice(_DAYS),
        stolen_in=code,
    )


_BOATS = (
    ("Aldoyacht", "Petrel 32", VesselType.SAILING_YACHT, 980),
    ("Aldoyacht", "Tern", VesselType.MOTOR_BOAT, 620),
    ("Corvo", "Dart", VesselType.PERSONAL_WATERCRAFT, 310),
    ("Berger Werft", "Rib 5", VesselType.INFLATABLE, 500),
)
_MAKERS: dict[str, Callable[[int, random.Random, str], Iterator[bytes]]] = {
    "document": _documents,
    "person": _persons,
    "vehicle": _vehicles,
    "firearm": _firearms,
    "vessel": _vessels,
}
