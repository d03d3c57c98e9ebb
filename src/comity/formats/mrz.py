"""The machine-readable zone of a travel document (ICAO Doc 9303): what it says, and what is wrong with it."""

import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime

from msgspec import Struct

from comity.domain import limits
from comity.domain.country import country_of_issuer, issuer
from comity.domain.document import DocumentType
from comity.domain.errors import Invalid
from comity.domain.lookup import DocumentQuery, PersonQuery
from comity.domain.person import Sex

_FILLER = "<"
_WEIGHTS = (7, 3, 1)  # Doc 9303-3, section 4.9
_VALUES = {sign: value for value, sign in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")} | {_FILLER: 0}
# A reader mistakes these for one another. In a field of digits a letter can only be its digit, and the other way
# round; in a document number either can stand, so nothing is changed there.
_TO_DIGITS = str.maketrans("OQDILZSGB", "000112568")
_TO_LETTERS = str.maketrans("0125868", "OIZSBGB")
_EXPIRY_YEARS_MAX = 50  # a document does not run longer


class Layout(Struct, frozen=True, kw_only=True):
    """Where each field stands: (line, first column, column after the last), from 0. Doc 9303-4 to -7."""

    name: str
    lines: int
    columns: int
    names: tuple[int, int, int]
    number: tuple[int, int, int]
    nationality: tuple[int, int, int]
    birth: tuple[int, int, int]
    sex: tuple[int, int, int]
    expires: tuple[int, int, int]
    optional: tuple[tuple[int, int, int], ...]
    composite: tuple[tuple[int, int, int], ...] = ()  # what the last check digit covers
    composite_at: tuple[int, int, int] | None = None
    long_number: bool = False  # a number of more than nine characters runs on in the first optional field
    checked_optional: bool = False  # the character after the optional field is its check digit


TD1 = Layout(
    name="TD1",
    lines=3,
    columns=30,
    names=(2, 0, 30),
    number=(0, 5, 14),
    nationality=(1, 15, 18),
    birth=(1, 0, 6),
    sex=(1, 7, 8),
    expires=(1, 8, 14),
    optional=((0, 15, 30), (1, 18, 29)),
    composite=((0, 5, 30), (1, 0, 7), (1, 8, 15), (1, 18, 29)),
    composite_at=(1, 29, 30),
    long_number=True,
)
TD2 = Layout(
    name="TD2",
    lines=2,
    columns=36,
    names=(0, 5, 36),
    number=(1, 0, 9),
    nationality=(1, 10, 13),
    birth=(1, 13, 19),
    sex=(1, 20, 21),
    expires=(1, 21, 27),
    optional=((1, 28, 35),),
    composite=((1, 0, 10), (1, 13, 20), (1, 21, 35)),
    composite_at=(1, 35, 36),
    long_number=True,
)
TD3 = Layout(
    name="TD3",
    lines=2,
    columns=44,
    names=(0, 5, 44),
    number=(1, 0, 9),
    nationality=(1, 10, 13),
    birth=(1, 13, 19),
    sex=(1, 20, 21),
    expires=(1, 21, 27),
    optional=((1, 28, 42),),
    composite=((1, 0, 10), (1, 13, 20), (1, 21, 43)),
    composite_at=(1, 43, 44),
    checked_optional=True,
)
MRV_A = Layout(
    name="MRV-A",
    lines=2,
    columns=44,
    names=(0, 5, 44),
    number=(1, 0, 9),
    nationality=(1, 10, 13),
    birth=(1, 13, 19),
    sex=(1, 20, 21),
    expires=(1, 21, 27),
    optional=((1, 28, 44),),
)
MRV_B = Layout(
    name="MRV-B",
    lines=2,
    columns=36,
    names=(0, 5, 36),
    number=(1, 0, 9),
    nationality=(1, 10, 13),
    birth=(1, 13, 19),
    sex=(1, 20, 21),
    expires=(1, 21, 27),
    optional=((1, 28, 36),),
)
_LAYOUTS = {(3, 30, False): TD1, (2, 36, False): TD2, (2, 44, False): TD3, (2, 44, True): MRV_A, (2, 36, True): MRV_B}
_LINE_LENGTHS = {90: 30, 88: 44, 72: 36}  # of a zone that came as one line

# By the first letters of the document code; the rest of P is a passport. Doc 9303-4, section 4.2.2.1.
_TYPES = (
    ("PD", DocumentType.DIPLOMATIC_PASSPORT),
    ("PO", DocumentType.OFFICIAL_PASSPORT),
    ("PS", DocumentType.OFFICIAL_PASSPORT),
    ("PR", DocumentType.REFUGEE_TRAVEL_DOCUMENT),
    ("PL", DocumentType.LAISSEZ_PASSER),
    ("P", DocumentType.PASSPORT),
    ("V", DocumentType.VISA),
    ("IR", DocumentType.RESIDENCE_PERMIT),
    ("AR", DocumentType.RESIDENCE_PERMIT),
    ("I", DocumentType.IDENTITY_CARD),
    ("A", DocumentType.IDENTITY_CARD),
    ("C", DocumentType.IDENTITY_CARD),
)


class MrzReading(Struct, frozen=True, kw_only=True):
    """What was read. `reasons` says what is wrong or in doubt; it is empty for a zone without fault.

    Fields are as printed, without fillers: a wrong check digit is reported, never repaired.
    """

    layout: str = ""  # "TD1", "TD2", "TD3", "MRV-A", "MRV-B", or "" where the text is no zone
    code: str = ""  # "P", "ID", "V" ...
    type: DocumentType = DocumentType.OTHER
    issuer: str = ""  # three letters, "DEU" for Germany's D
    number: str = ""
    family: str = ""
    given: str = ""
    nationality: str = ""  # three letters
    birth: str = ""  # partial date
    sex: Sex = Sex.UNSPECIFIED
    expires: str = ""  # partial date
    optional: str = ""
    names_may_be_cut: bool = False  # the name fills its field
    reasons: tuple[str, ...] = ()

    @property
    def document(self) -> DocumentQuery | None:
        """The question about the document; of any type, for countries differ in what they call a passport."""
        if not self.number or not _is_issuer(self.issuer):
            return None
        return DocumentQuery(country=self.issuer, number=self.number)

    def asked(self) -> DocumentQuery:
        """The question about a document whose number can be relied on. Raises Invalid with every doubt.

        A number that was misread would find nothing, and nothing looks like all is well. Only the bearer's name may be
        in doubt: it is not asked for.
        """
        doubts = [reason for reason in self.reasons if not reason.startswith("names:")]
        document = self.document
        if doubts or document is None:
            told = " ".join(doubts) or "It names no document."
            do = "Read it again, or give country and number as printed."
            raise Invalid(f"The zone cannot be relied on. {told}", where="mrz", do=do)
        return document

    @property
    def person(self) -> PersonQuery | None:
        """The question about its bearer."""
        name = f"{self.given} {self.family}".strip()
        if not name:
            return None
        return PersonQuery(
            name=name,
            birth=self.birth,
            sex=self.sex,
            nationality=_country(self.nationality),
            document_number=self.number,
            document_country=_country(self.issuer),
        )


def check_digit(text: str) -> str:
    """The check digit over a field: weights 7, 3, 1, modulo 10; '' where a character has no value."""
    if not all(sign in _VALUES for sign in text):
        return ""
    return str(sum(_VALUES[sign] * _WEIGHTS[place % 3] for place, sign in enumerate(text)) % 10)


def read_mrz(text: str, today: date | None = None) -> MrzReading:
    """Read a zone as typed or scanned, with or without line ends. Never raises: what is wrong is in `reasons`.

    Two-digit years of birth are taken as the last such year that is not after `today`.
    """
    zone, reasons = _lines(text)
    layout = _layout(zone)
    if layout is None:
        return MrzReading(reasons=(*reasons, "This is no machine-readable zone: 3 lines of 30, 2 of 36 or 2 of 44."))
    return _Reader(layout, zone, reasons, today or datetime.now(UTC).date()).reading()


def _lines(text: str) -> tuple[list[str], list[str]]:
    reasons: list[str] = []
    if len(text) > limits.MRZ_CHARS_MAX:
        return [], [f"The text is longer than {limits.MRZ_CHARS_MAX} characters."]
    plain = unicodedata.normalize("NFKC", text).upper().translate(str.maketrans("«‹＜≪", "<<<<"))
    zone = [line for line in ("".join(line.split()) for line in plain.splitlines()) if line]
    if len(zone) == 1 and len(zone[0]) in _LINE_LENGTHS:
        length = _LINE_LENGTHS[len(zone[0])]
        zone = [zone[0][start : start + length] for start in range(0, len(zone[0]), length)]
    if strange := sorted({sign for line in zone for sign in line if sign not in _VALUES}):
        return [], [f"The text holds characters that no zone has: {' '.join(map(ascii, strange[:5]))}."]
    return zone, reasons


def _layout(zone: list[str]) -> Layout | None:
    if not zone or len({len(line) for line in zone}) != 1:
        return None
    return _LAYOUTS.get((len(zone), len(zone[0]), zone[0].startswith("V")))


class _Reader:
    """Goes through the fields of one zone and notes what is wrong."""

    def __init__(self, layout: Layout, zone: list[str], reasons: list[str], today: date) -> None:
        self.layout = layout
        self.zone = zone
        self.reasons = reasons
        self.today = today

    def reading(self) -> MrzReading:
        layout = self.layout
        self._read_digits_as_digits()
        code = self._at((0, 0, 2)).replace(_FILLER, "")
        number, optional_from = self._number()
        family, given, cut = self._names()
        birth = self._date("birth", layout.birth, self._year_of_birth)
        expires = self._date("expires", layout.expires, self._year_of_expiry)
        optional = "".join(self._at(place) for place in layout.optional)[optional_from:]
        self._check_optional()
        self._check_composite()
        return MrzReading(
            layout=layout.name,
            code=code,
            type=self._type(code),
            issuer=self._issuer("issuer", (0, 2, 5)),
            number=number,
            family=family,
            given=given,
            nationality=self._issuer("nationality", layout.nationality),
            birth=birth,
            sex=self._sex(),
            expires=expires,
            optional=optional.strip(_FILLER).replace(_FILLER, " "),
            names_may_be_cut=cut,
            reasons=tuple(self.reasons),
        )

    def _read_digits_as_digits(self) -> None:
        for field, (line, start, stop) in (("birth", self.layout.birth), ("expires", self.layout.expires)):
            text = self.zone[line]
            digits = text[start : stop + 1].translate(_TO_DIGITS)  # with the check digit
            if digits != text[start : stop + 1]:
                self.zone[line] = text[:start] + digits + text[stop + 1 :]
                self.reasons.append(f"{field}: letters were read as the digits they look like.")

    def _at(self, place: tuple[int, int, int]) -> str:
        line, start, stop = place
        return self.zone[line][start:stop]

    def _after(self, place: tuple[int, int, int]) -> str:
        line, _, stop = place
        return self.zone[line][stop]

    def _check(self, field: str, covered: str, found: str) -> None:
        expected = check_digit(covered)
        if found.translate(_TO_DIGITS) != expected:
            self.reasons.append(
                f"{field}: the check digit is {found}, not {expected or 'to be had from these characters'}."
            )

    def _number(self) -> tuple[str, int]:
        """The number, and how many characters of the optional field it took."""
        place = self.layout.number
        number, digit = self._at(place), self._after(place)
        if digit == _FILLER and self.layout.long_number and _FILLER not in number:
            rest = self._at(self.layout.optional[0]).split(_FILLER)[0]
            if len(rest) > 1:
                self._check("number", number + rest[:-1], rest[-1])
                return number + rest[:-1], len(rest)
        self._check("number", number, digit)
        if not number.strip(_FILLER):
            self.reasons.append("number: it is empty.")
        return number.replace(_FILLER, ""), 0

    def _names(self) -> tuple[str, str, bool]:
        text = self._at(self.layout.names)
        letters = text.translate(_TO_LETTERS)
        if letters != text:
            self.reasons.append("names: digits were read as the letters they look like.")
        primary, _, secondary = letters.rstrip(_FILLER).partition(_FILLER * 2)
        family, given = (" ".join(part.replace(_FILLER, " ").split()) for part in (primary, secondary))
        if not family and not given:
            self.reasons.append("names: they are empty.")
        return family, given, not text.endswith(_FILLER)

    def _date(self, field: str, place: tuple[int, int, int], full_year: Callable[[int], int]) -> str:
        text = self._at(place)
        self._check(field, text, self._after(place))
        parts = (text[:2], text[2:4], text[4:])
        known = [part for part in parts if part != _FILLER * 2]
        if not all(part.isdecimal() for part in known):
            self.reasons.append(f"{field}: {text} is no date.")
            return ""
        if parts[0] not in known:
            return ""
        year = full_year(int(parts[0]))
        if parts[1] not in known:
            return f"{year:04}"
        try:
            date(year, int(parts[1]), int(parts[2]) if parts[2].isdecimal() else 1)
        except ValueError:
            self.reasons.append(f"{field}: {text} is no date.")
            return ""
        return f"{year:04}-{parts[1]}" + (f"-{parts[2]}" if parts[2].isdecimal() else "")

    def _year_of_birth(self, two_digits: int) -> int:
        year = self.today.year // 100 * 100 + two_digits
        return year if year <= self.today.year else year - 100

    def _year_of_expiry(self, two_digits: int) -> int:
        year = self.today.year // 100 * 100 + two_digits
        return year if year <= self.today.year + _EXPIRY_YEARS_MAX else year - 100

    def _sex(self) -> Sex:
        text = self._at(self.layout.sex)
        if text not in ("M", "F", "X", _FILLER):
            self.reasons.append(f"sex: {text} is not M, F or <.")
        return {"M": Sex.MALE, "F": Sex.FEMALE}.get(text, Sex.UNSPECIFIED)

    def _issuer(self, field: str, place: tuple[int, int, int]) -> str:
        text = self._at(place)
        letters = text.translate(_TO_LETTERS)
        if letters != text:
            self.reasons.append(f"{field}: digits were read as the letters they look like.")
        try:
            return issuer(letters)
        except Invalid:
            self.reasons.append(f"{field}: {letters} is no code of Doc 9303-3.")
            return letters.replace(_FILLER, "")

    def _type(self, code: str) -> DocumentType:
        known = next((kind for start, kind in _TYPES if code.startswith(start)), None)
        if known is None:
            self.reasons.append(f"code: {code or 'nothing'} is no document code of Doc 9303.")
        return known or DocumentType.OTHER

    def _check_optional(self) -> None:
        if not self.layout.checked_optional:
            return
        place = self.layout.optional[0]
        text, digit = self._at(place), self._after(place)
        if digit == _FILLER and not text.strip(_FILLER):
            return  # Doc 9303-4: an empty field may go without its digit
        self._check("optional", text, digit)

    def _check_composite(self) -> None:
        if self.layout.composite_at:
            covered = "".join(self._at(place) for place in self.layout.composite)
            self._check("whole", covered, self._at(self.layout.composite_at))


def _is_issuer(code: str) -> bool:
    try:
        return bool(issuer(code))
    except Invalid:
        return False


def _country(code: str) -> str:
    return country_of_issuer(code) if _is_issuer(code) else ""
