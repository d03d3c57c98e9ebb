"""Which of two versions of a record stands, and what a new one becomes. No storage in it."""

from msgspec.structs import replace

from comity.desks.shelves.records import Stored
from comity.domain.record import Record


def successor(
    incoming: Record, standing: Record | None, withdrawn: int, readmitted: bool = False
) -> tuple[Stored, Record]:
    """What becomes of a record that comes in, and how it is stored if it is NEW, READMITTED or AMENDED.

    `withdrawn` is the version that a tombstone names, 0 where there is none. A source's own entry has version 0 and
    gets the next one; a copy has its source's version, and is taken only if that is newer than what stands. What was
    withdrawn or has expired is entered again only where somebody `readmitted` it.
    """
    if incoming.header.version == 0:
        return _entered(incoming, standing, withdrawn, readmitted)
    return _copied(incoming, standing, withdrawn)


def _entered(incoming: Record, standing: Record | None, withdrawn: int, readmitted: bool) -> tuple[Stored, Record]:
    # Past its retention it is gone, whether or not it was erased yet: it must not come back with the next import.
    # Falls without it: tests/shelves/test_records.py
    if standing is not None and _had_ended(standing, incoming):
        withdrawn, standing = max(withdrawn, standing.header.version), None
    if standing is None and withdrawn:
        # It goes on counting, so that holders of a tombstone take it as newer.
        return (Stored.READMITTED, _numbered(incoming, withdrawn + 1)) if readmitted else (Stored.WITHDRAWN, incoming)
    if standing is None:
        return Stored.NEW, _numbered(incoming, 1)
    if _as(incoming, standing) == standing:
        return Stored.UNCHANGED, standing
    header = replace(incoming.header, version=standing.header.version + 1, entered_at=standing.header.entered_at)
    return Stored.AMENDED, replace(incoming, header=header)


def _copied(incoming: Record, standing: Record | None, withdrawn: int) -> tuple[Stored, Record]:
    # A copy may arrive after the withdrawal that overtook it.
    # Falls without it: tests/shelves/test_records.py, a record that arrives after its withdrawal
    if incoming.header.version <= withdrawn:
        return Stored.WITHDRAWN, incoming
    if standing is None:
        return Stored.NEW, incoming
    if incoming.header.version > standing.header.version:
        return Stored.AMENDED, incoming
    same = incoming.header.version == standing.header.version and _as(incoming, standing) == standing
    return (Stored.UNCHANGED if same else Stored.OLDER), standing


def _had_ended(standing: Record, incoming: Record) -> bool:
    """Past its retention when it was written anew."""
    return standing.header.retain_until < incoming.header.amended_at.date()


def _as(incoming: Record, standing: Record) -> Record:
    """The incoming record with the version and times of the one that stands: equal if nothing else differs."""
    old = standing.header
    header = replace(incoming.header, version=old.version, entered_at=old.entered_at, amended_at=old.amended_at)
    return replace(incoming, header=header)


def _numbered(record: Record, version: int) -> Record:
    return replace(record, header=replace(record.header, version=version))
