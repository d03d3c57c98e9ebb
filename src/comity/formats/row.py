"""One row of a file of records, whichever format the file has: a record to be, or why it is none."""

from datetime import date

from msgspec import Struct

from comity.domain.marking import Marking
from comity.domain.record import Subject


class Row(Struct, frozen=True, kw_only=True):
    """`subject` is None where the row was `refused` (something is wrong with it) or `skipped` (not meant for us).

    Dates that the file does not give are None; the retention rules fill them in.
    """

    line: int  # where the row begins, from 1
    reference: str
    subject: Subject | None = None
    marking: Marking = Marking()
    retain_until: date | None = None
    review_at: date | None = None
    refused: str = ""
    skipped: str = ""
