"""What the detectors see of the journal: one act of one officer, with what it was about in comparable form."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from enum import Enum, auto
from functools import lru_cache

import msgspec
from msgspec import Struct

from comity.domain.caller import Account
from comity.domain.journal import Act, Entry
from comity.domain.oversight import on_behalf_of
from comity.matching.scripts import words as words_of

DAY_SECONDS = 86_400
WEEK_SECONDS = 7 * DAY_SECONDS
_A_MONDAY = datetime(1970, 1, 5, tzinfo=UTC).timestamp()
OPERATORS = "operator:"


class Sort(Enum):
    """What an act is to a detector."""

    ASKED = auto()
    SHOWN = auto()
    REMOVED = auto()  # withdrawn, denied, recalled, erased
    WORKED = auto()  # anything else that somebody did


# Act: what it is to a detector. Reading the journal and what nodes do by themselves is not an officer's work.
SORTS = {
    Act.LOOKUP_ASKED: Sort.ASKED,
    Act.LOOKUP_REFUSED: Sort.ASKED,
    Act.LOOKUP_SHOWN: Sort.SHOWN,
    Act.RECORD_SHOWN: Sort.SHOWN,
    Act.RECORDS_EXPORTED: Sort.SHOWN,
    Act.RECORD_WITHDRAWN: Sort.REMOVED,
    Act.HIT_DENIED: Sort.REMOVED,
    Act.LETTER_RECALLED: Sort.REMOVED,
    Act.PASSING_WITHDRAWN: Sort.REMOVED,
    Act.CONSENT_REFUSED: Sort.REMOVED,
    Act.BATCH_ERASED: Sort.REMOVED,
    Act.RIGHTS_BLOCKED: Sort.REMOVED,
    Act.RIGHTS_DECIDED: Sort.REMOVED,
    Act.HIT_CONFIRMATION_REQUESTED: Sort.WORKED,
    Act.HIT_CONFIRMED: Sort.WORKED,
    Act.HIT_PROMISED: Sort.WORKED,
    Act.BATCH_DECIDED: Sort.WORKED,
    Act.WATCH_SET: Sort.WORKED,
    Act.CASE_OPENED: Sort.WORKED,
    Act.CASE_SHOWN: Sort.WORKED,
    Act.CASE_CHANGED: Sort.WORKED,
    Act.CASE_CLOSED: Sort.WORKED,
    Act.MESSAGE_DRAFTED: Sort.WORKED,
    Act.MESSAGE_SENT: Sort.WORKED,
    Act.MESSAGE_SHOWN: Sort.WORKED,
    Act.MESSAGE_FILED: Sort.WORKED,
    Act.RECORD_PASSED: Sort.WORKED,
    Act.OPERATION_WRITTEN: Sort.WORKED,
    Act.CONSENT_REQUESTED: Sort.WORKED,
}


class Trace(Struct, frozen=True, kw_only=True, gc=False):
    at: float  # seconds since 1970
    officer: str
    unit: str
    sort: Sort
    purpose: str
    case: str
    key: str = ""  # of a lookup: the same for the same person or thing
    words: tuple[str, ...] = ()  # of a person's name, folded and in order
    series: str = ""  # of a number: what stands before its last digits, and how many these are
    number: int = -1
    records: tuple[str, ...] = ()
    site: str = ""

    @property
    def week(self) -> int:
        return week_of(self.at)


class Peer(Struct, frozen=True, kw_only=True):
    """An officer as the detectors know them: with whom they are compared, and what they are called."""

    unit: str
    roles: str
    words: tuple[str, ...] = ()


def week_of(at: float) -> int:
    """Weeks since the first Monday of 1970."""
    return int((at - _A_MONDAY) // WEEK_SECONDS)


def monday(week: int) -> datetime:
    return datetime.fromtimestamp(_A_MONDAY + week * WEEK_SECONDS, UTC)


def peers_of(accounts: Iterable[Account]) -> dict[str, Peer]:
    return {
        one.id: Peer(unit=one.unit, roles=", ".join(sorted(one.roles)), words=name_words(one.name)) for one in accounts
    }


def traces(entries: Iterable[Entry], known: Mapping[str, Peer]) -> Iterator[Trace]:
    """In their order; only of officers here, systems' officers among them, and of operators."""
    for entry in entries:
        sort = SORTS.get(entry.act)
        # What was refused to another node, or shown to it, is its officers' work: they are watched there.
        if sort is None or (entry.for_whom and sort in (Sort.ASKED, Sort.SHOWN)):
            continue
        if entry.actor not in known and not entry.actor.startswith(OPERATORS):
            continue
        yield _trace(entry, sort)


def _trace(entry: Entry, sort: Sort) -> Trace:
    details = entry.details
    behalf = on_behalf_of(entry)
    officer = f"{entry.actor}/{behalf}" if behalf else entry.actor
    at, site = entry.at.timestamp(), details.get("site", "")
    if sort is not Sort.ASKED or not isinstance(query := details.get("query"), str):
        return Trace(
            at=at,
            officer=officer,
            unit=entry.unit,
            sort=sort,
            purpose=entry.purpose,
            case=entry.case,
            records=entry.records,
        )
    key, words, series, number = _sought(query)
    return Trace(
        at=at,
        officer=officer,
        unit=entry.unit,
        sort=sort,
        purpose=entry.purpose,
        case=entry.case,
        key=key,
        words=words,
        series=series,
        number=number,
        site=site if isinstance(site, str) else "",
    )


class _Query(Struct):
    """Of every kind of query, what may name somebody or something."""

    kind: str = ""
    name: str = ""
    document_number: str = ""
    number: str = ""
    plate: str = ""
    vin: str = ""
    engine_number: str = ""
    serial: str = ""
    imo: str = ""
    hull_number: str = ""


_decode = msgspec.json.Decoder(_Query).decode


def _sought(query: str) -> tuple[str, tuple[str, ...], str, int]:
    try:
        found = _decode(query)
    except msgspec.DecodeError:  # of a release that this one cannot read: it still counts as a lookup
        return "", (), "", -1
    if found.kind == "person" and found.name:
        words = name_words(found.name)
        return " ".join(words), words, "", -1
    code = _CODE.sub(
        "",
        found.number
        or found.document_number
        or found.plate
        or found.vin
        or found.serial
        or found.imo
        or found.hull_number
        or found.engine_number
        or found.name,
    ).upper()
    tail = _DIGITS.search(code)
    if tail is None:
        return f"{found.kind} {code}", (), "", -1
    digits = tail[0]
    return f"{found.kind} {code}", (), f"{found.kind} {code[: -len(digits)]} {len(digits)}", int(digits)


@lru_cache(maxsize=1 << 16)
def name_words(name: str) -> tuple[str, ...]:
    """In any script, whichever part comes first."""
    return tuple(sorted({word.text for word in words_of(name)}))


_CODE = re.compile(r"[^0-9A-Za-z]+")
_DIGITS = re.compile(r"[0-9]{1,9}$")
