"""A bureau's own records one by one, as its people find, enter and amend them at a screen."""

import hashlib
from collections.abc import Iterator
from itertools import islice

import msgspec
from msgspec import Struct

from comity.desks.needs import Transaction
from comity.desks.records import ENTER, SEE_OWN, Records
from comity.domain import limits
from comity.domain.caller import Caller, require
from comity.domain.collection import collection
from comity.domain.errors import Conflict, Invalid, Missing
from comity.domain.journal import Act, Entry
from comity.domain.lookup import DocumentQuery, FirearmQuery, PersonQuery, Query, VehicleQuery, VesselQuery
from comity.domain.record import Record, gaps, record_id
from comity.formats.row import Row
from comity.law.release import header_of
from comity.matching.numbered import number_keys_asked


class FoundOwn(Struct, frozen=True):
    """Own records, whole; `more`: there are others that are not among them."""

    records: tuple[Record, ...]
    more: bool


class OwnRecords:
    def __init__(self, records: Records) -> None:
        self.records = records
        self.here = records.here
        self.store = records.store
        self.clock = records.clock

    def found(self, collection_code: str, text: str, caller: Caller) -> FoundOwn:
        """By reference, number or name; without any, those that come first by reference. This is written down."""
        require(caller, SEE_OWN, "see whole records")
        target, most = collection(collection_code), limits.OWN_RECORDS_LISTED_MAX
        with self.store.transaction() as tx:
            self.records.check_source(tx.members.directory(), target.entry, self.here.node)
            sought = self._sought(tx, target.code, target.kind, text.strip())
            found = tuple(islice(sought, most + 1))
            shown = found[:most]
            entry = Entry(
                act=Act.RECORD_SHOWN,
                at=self.clock(),
                actor=caller.account,
                unit=caller.unit,
                subject=target.code,
                records=tuple(one.header.id for one in shown),
                details={"collection": target.code, "listed": len(shown)},
            )
            tx.journal.record(entry)
            tx.commit()
        return FoundOwn(shown, len(found) > most)

    def enter(self, collection_code: str, row: Row, caller: Caller) -> Record:
        """A new one. Raises Invalid with the field that is wanting, Conflict where its reference is taken."""
        return self._entered(collection_code, row, 0, caller)

    def amend(self, collection_code: str, row: Row, version: int, caller: Caller) -> Record:
        """In the place of that version. Raises Conflict where somebody else was quicker, and as `enter` does."""
        require(caller, SEE_OWN, "amend records")
        return self._entered(collection_code, row, version, caller)

    def _entered(self, collection_code: str, row: Row, version: int, caller: Caller) -> Record:
        require(caller, ENTER, "enter records")
        self._check_whole(row)
        with self.store.reading() as tx:
            self._check_version(tx, collection_code, row.reference, version)
        # The same way as a file, so that one line and a million are checked, shared and written down alike.
        digest = hashlib.sha256(msgspec.json.encode((row, version), order="sorted")).hexdigest()
        begun = self.records.begin(row.reference, digest, collection_code, "", caller)
        if begun.finished_at is not None:
            begun = self.records.restart(begun, caller)
        done = self.records.enter(begun, [row], caller)
        if done.refused:
            raise Invalid(self.records.refused_rows(done)[-1].reason, do="Mend it and send it again.")
        with self.store.reading() as tx:
            return self.records.own(tx, collection_code, row.reference, "")

    def _check_whole(self, row: Row) -> None:
        if not row.reference:
            raise Invalid("A reference is needed.", where="reference", do="Give your own file number.")
        if row.subject is None or (missing := gaps(row.subject)):
            named = "the subject" if row.subject is None else ", ".join(missing)
            raise Invalid(f"The record lacks {named}.", where=named.partition(",")[0], do="Fill it in.")

    def _check_version(self, tx: Transaction, collection_code: str, reference: str, version: int) -> None:
        standing = tx.records.owned(record_id(collection(collection_code).code, self.here.node, reference))
        stands = standing.header.version if standing is not None else 0
        # Two who amend at once would each undo what the other wrote. Falls without it: tests/desks/test_own_records.py
        if stands == version:
            return
        if not version:
            raise Conflict(f"There is a record {reference}.", where="reference", do="Amend it, or choose another.")
        if not stands:
            raise Missing(f"Record {reference} does not stand any more.", do="See whether it was withdrawn.")
        raise Conflict(f"Record {reference} has version {stands} by now.", do="Open it again and amend that version.")

    def _sought(self, tx: Transaction, code: str, kind: str, text: str) -> Iterator[Record]:
        today = self.clock().date()
        if not text:
            yield from tx.records.own(self.here.node, code, today)
            return
        exact = tx.records.owned(record_id(code, self.here.node, text))
        if exact is not None:
            yield exact
        seen = {exact.header.id} if exact is not None else set()
        for query in queries(kind, text, self.here.country):
            held = tx.records.numbered(number_keys_asked(query), True, today)
            if isinstance(query, PersonQuery) and query.name:
                held = [*held, *tx.records.persons(query, limits.OWN_RECORDS_LISTED_MAX, today)]
            for one in held:
                header = header_of(one)
                if header.collection == code and header.source == self.here.node and header.id not in seen:
                    seen.add(header.id)
                    if (own := tx.records.owned(header.id)) is not None:
                        yield own


def queries(kind: str, text: str, country: str) -> list[Query]:
    """Under what the text may be found in records of that kind."""
    number = text[: limits.CODE_CHARS_MAX]
    match kind:
        case "person":
            return [PersonQuery(document_number=number), PersonQuery(name=text[: limits.NAME_CHARS_MAX])]
        case "document":
            return [DocumentQuery(country=country, number=number)]
        case "vehicle":
            plate = VehicleQuery(plate=number, plate_country=country)
            return [VehicleQuery(vin=number), plate, VehicleQuery(engine_number=number)]
        case "firearm":
            return [FirearmQuery(serial=number)]
    return [
        VesselQuery(imo=number),
        VesselQuery(hull_number=number),
        VesselQuery(eni=number),
        VesselQuery(mmsi=number),
        VesselQuery(call_sign=number),
        VesselQuery(engine_number=number),
        VesselQuery(name=text[: limits.NAME_CHARS_MAX]),
    ]
