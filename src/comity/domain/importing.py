"""An import: how far a file has been read in, and what was refused."""

from datetime import datetime

from msgspec import Struct


class RefusedRow(Struct, frozen=True, kw_only=True):
    line: int
    reason: str


class Import(Struct, frozen=True, kw_only=True):
    """One file read into one collection for one source. The same file again is the same import."""

    id: str
    file_digest: str  # SHA-256, hex
    file_name: str
    collection: str
    source: str
    started_at: datetime
    next_line: int = 1  # the first line not yet applied
    stored: int = 0
    amended: int = 0
    unchanged: int = 0
    refused: int = 0
    skipped: int = 0  # not meant for this collection, such as an organisation in a list of persons
    finished_at: datetime | None = None
