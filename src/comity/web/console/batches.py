"""Batches: a list is looked up line by line, and what was found waits in a queue until somebody has looked."""

import io
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from msgspec import Struct

from comity.desks.batches import SCREEN
from comity.domain import limits
from comity.domain.batch import Batch, BatchRequest, ListLine, QueueEntry, QueueState
from comity.domain.errors import Invalid, Refusal
from comity.domain.purpose import Purpose
from comity.formats import lists, table
from comity.formats.list_queries import DayOrder, Field, Reading
from comity.formats.table import TableForm
from comity.web.console import stating
from comity.web.console.findings import ShownHit, Words, shown_hit
from comity.web.console.mending import form_page
from comity.web.console.page import Moved, Page, Shown, Visit

PASTED = "pasted.csv"


class Sheet(Struct, frozen=True):
    """A list as it came: what it is called, what it holds, how it is read."""

    name: str
    stream: BinaryIO
    form: TableForm
    reading: Reading

    def columns(self) -> dict[str, Field]:
        """Which column is what. Raises Invalid for one that nobody knows."""
        self.stream.seek(0)
        return lists.mapped(table.read(self.form, Path(self.name), self.stream).header, self.reading).fields

    def lines(self) -> Iterator[ListLine]:
        self.stream.seek(0)
        return lists.read(table.read(self.form, Path(self.name), self.stream), self.reading)

    def digest(self) -> str:
        self.stream.seek(0)
        return lists.list_digest(self.stream, self.form, "", self.reading)


class ShownEntry(Struct, frozen=True):
    entry: QueueEntry
    hit: ShownHit | None  # None where its record is gone


def every(visit: Visit) -> Shown:
    return _page(visit)


def _page(visit: Visit, refusal: Refusal | None = None, columns: dict[str, Field] | None = None) -> Shown:
    values = {
        "batches": visit.desks.batches.every(visit.caller),
        "columns": columns,
        "form_sent": visit.form,
        "purpose": visit.form.text("purpose") or visit.session.purpose,
        "case": visit.form.text("case") or visit.session.case,
        "purposes": Purpose,
        "day_orders": DayOrder,
    }
    return form_page("batches.html", values, refusal)


def screen(visit: Visit) -> Shown | Moved:
    """Show how the columns are understood, or look the lines up for as long as a page may take.

    The list stays with whoever has it: sent again, it goes on where it was.
    """
    try:
        sheet = _sheet(visit)
        columns = sheet.columns()
        if visit.form.text("act") == "see":
            return _page(visit, columns=columns)
        why = stating.why(visit.form)
        request = BatchRequest(file_digest=sheet.digest(), file_name=sheet.name, purpose=why.purpose, case=why.case)
        begun = visit.desks.batches.begin(request, visit.caller)
        if visit.form.text("act") == "silent":
            done = _ask_again(visit, begun, sheet)
        else:
            done = _looked_up(visit, begun, sheet)
    except Refusal as refusal:
        return _page(visit, refusal)
    return Moved(f"/batches/{done.id}")


def _sheet(visit: Visit) -> Sheet:
    days = visit.form.text("days") or DayOrder.ISO
    if days not in set(DayOrder):
        raise Invalid("Nobody writes days like that.", where="days", do="Choose another order.")
    reading = Reading(days=DayOrder(days), near=visit.form.text("near") == "yes")
    file, pasted = visit.form.files.get("file"), visit.form.text("pasted")
    if file is not None and file.filename:
        name = Path(file.filename).name[-limits.NAME_CHARS_MAX :]
        return Sheet(name, file.file, table.form_of(Path(name)), reading)
    if not pasted:
        raise Invalid("There is no list.", where="pasted", do="Paste it, or choose a file: CSV or XLSX.")
    return Sheet(PASTED, io.BytesIO(pasted.encode()), TableForm.CSV, reading)


def _looked_up(visit: Visit, batch: Batch, sheet: Sheet) -> Batch:
    started = time.perf_counter()
    todo = (line for line in sheet.lines() if line.line >= batch.next_line)
    while waiting := list(islice(todo, limits.BATCH_LINES_PER_REQUEST_MAX)):
        while waiting:
            if time.perf_counter() - started > limits.BATCH_PAGE_SECONDS_MAX:
                return batch
            batch = visit.desks.batches.screen(batch.id, waiting, False, visit.caller)
            waiting = [line for line in waiting if line.line >= batch.next_line]
    return visit.desks.batches.screen(batch.id, [], True, visit.caller)


def _ask_again(visit: Visit, batch: Batch, sheet: Sheet) -> Batch:
    """Only the sources that kept silent, on the lines on which they did."""
    silent = {one.line for one in visit.desks.batches.silences(batch.id, visit.caller)}
    todo = (line for line in sheet.lines() if line.line in silent)
    at_once = limits.QUESTIONS_PER_BATCH_MAX // limits.QUERIES_PER_LINE_MAX
    started = time.perf_counter()
    while time.perf_counter() - started <= limits.BATCH_PAGE_SECONDS_MAX and (lines := list(islice(todo, at_once))):
        batch = visit.desks.batches.ask_again(batch.id, lines, visit.caller)
    return batch


def one(visit: Visit) -> Shown:
    """How far it came, who answered, what waits; the most probable first."""
    desk = visit.desks.batches
    after = visit.query.text("after")
    if after and not (after.isascii() and after.isdigit() and len(after) < limits.CODE_CHARS_MAX):
        raise Invalid("There is no such page.", do="Open the batch again.")
    page = desk.queue(visit.id, QueueState.OPEN, int(after or 0), visit.caller)
    values: dict[str, Any] = {
        "status": desk.status(visit.id, visit.caller),
        "refused": desk.refused(visit.id, visit.caller),
        "silences": desk.silences(visit.id, visit.caller),
        "queue": [_shown(visit, entry) for entry in page.entries],
        "after": page.after,
        "name_of": visit.desks.name_of,
    }
    return Shown("batch.html", values)


def _shown(visit: Visit, entry: QueueEntry) -> ShownEntry:
    words = Words(visit.desks.name_of, visit.desks.lookups.owed)
    queued, finding = entry.queued, entry.finding
    if finding is None:
        return ShownEntry(entry, None)
    return ShownEntry(entry, shown_hit(queued.query, finding, visit.caller.bureau, queued.told_by, words))


def dismiss(visit: Visit) -> Moved:
    queued = visit.desks.batches.dismiss(visit.id, visit.form.text("reason"), visit.caller)
    return Moved(f"/batches/{queued.batch}", "Dismissed.")


def take_up(visit: Visit) -> Moved:
    hit = visit.desks.batches.take_up(visit.id, visit.caller)
    return Moved(f"/hits/{hit.id}", "Taken up: ask its owner to confirm before anyone acts.")


PAGES = (
    Page(path="/batches", show=every, roles=SCREEN, name="Lists", letter="b"),
    Page(path="/batches", show=screen, method="POST", roles=SCREEN, bytes_max=limits.BATCH_PAGE_BYTES_MAX),
    Page(path="/batches/{id}", show=one, roles=SCREEN),
    Page(path="/queue/{id}/dismiss", show=dismiss, method="POST", roles=SCREEN),
    Page(path="/queue/{id}/take-up", show=take_up, method="POST", roles=SCREEN),
)
