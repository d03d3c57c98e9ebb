"""Entries of the journal as the desks write them, for acts that nobody did."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from comity.domain.ids import derived_id
from comity.domain.journal import Act, Entry
from comity.domain.lookup import Outcome
from comity.domain.purpose import Purpose
from comity.testing.misuse_year.people import Officer, Somebody

FIRST_DAY = datetime(2029, 1, 1, tzinfo=UTC)  # a Monday


class Sought(NamedTuple):
    """The query as JSON, and the record that it finds, if any."""

    query: str
    record: str = ""


class Line(NamedTuple):
    """An entry with its place in time."""

    at: float  # seconds since the first day
    number: int
    entry: Entry


def person(one: Somebody, with_birth: bool = True) -> Sought:
    birth = f'"birth":"{one.birth}",' if with_birth else ""
    return Sought(f'{{{birth}"kind":"person","name":"{one.name}"}}', one.record if one.wanted else "")


def document(number: str, record: str = "") -> Sought:
    return Sought(f'{{"country":"XBE","kind":"document","number":"{number}"}}', record)


def vehicle(plate: str, record: str = "") -> Sought:
    return Sought(f'{{"kind":"vehicle","plate":"{plate}","plate_country":"XB"}}', record)


class Pen:
    """Writes lines in no order; each has a number of its own."""

    def __init__(self) -> None:
        self.written: list[Line] = []
        self.count = 0

    def lookup(self, officer: Officer, at: float, sought: Sought, purpose: Purpose, case: str, site: str) -> str:
        """Asked, and shown a second later; its id."""
        self.count += 1
        id_ = derived_id("question", str(self.count))
        self._line(officer, at, Act.LOOKUP_ASKED, id_, purpose, case, details={"query": sought.query, "site": site})
        found = {"outcome": Outcome.HIT, "records": (sought.record,)} if sought.record else _NOTHING
        self._line(officer, at + 1.0, Act.LOOKUP_SHOWN, id_, purpose, case, **found)
        return id_

    def act(self, officer: Officer, at: float, act: Act, subject: str, purpose: str = "", case: str = "") -> None:
        """Anything but a lookup."""
        self._line(officer, at, act, subject, purpose, case)

    def _line(
        self, officer: Officer, at: float, act: Act, subject: str, purpose: str, case: str, **more: object
    ) -> None:
        entry = Entry(
            act=act,
            at=FIRST_DAY + timedelta(seconds=at),
            actor=officer.account.id,
            unit=officer.account.unit,
            subject=subject,
            purpose=purpose,
            case=case,
            **more,  # type: ignore[arg-type]
        )
        self.written.append(Line(at, len(self.written), entry))

    def until(self, at: float) -> list[Entry]:
        """What was written of the time before, in its order; it is taken out."""
        due = sorted(line for line in self.written if line.at < at)
        self.written = [line for line in self.written if line.at >= at]
        return [line.entry for line in due]


_NOTHING: dict[str, object] = {"outcome": Outcome.NO_RECORD}
