"""`comity batch`: look a list up line by line; work through the queue of what was found."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from comity.cli.common import (
    STATUS,
    AsJson,
    Profile,
    bureau,
    must_be_new,
    new_file,
    print_json,
    print_table,
    tell,
    warn,
)
from comity.cli.lookup import Behalf, Case, Near, PurposeOption, finding_lines
from comity.cli.stating import Said, stating
from comity.client.comity import Comity
from comity.domain import limits
from comity.domain.batch import Batch, BatchRequest, ListLine, QueueEntry, QueuePage, QueueState
from comity.domain.errors import Invalid, Missing
from comity.domain.purpose import Purpose
from comity.formats import lists, table
from comity.formats.list_queries import DayOrder, Field, Reading
from comity.formats.table import TableForm

app = typer.Typer(help="Look up a list of persons or things; work through what was found.", no_args_is_help=True)
BatchId = Annotated[str, typer.Argument(help="The batch's id.", metavar="BATCH")]
EntryId = Annotated[str, typer.Argument(help="The entry's id: that of the hit it becomes.", metavar="ENTRY")]
REFUSED_TOLD = 20
REQUEST_BYTES = limits.REQUEST_BYTES_MAX * 7 // 8  # of lines in one request; the rest is its frame


@app.command()
@stating
def screen(
    file: Annotated[Path, typer.Argument(help="CSV, XLSX or JSON Lines.")],
    profile: Profile,
    purpose: PurposeOption,
    case: Case,
    column: Annotated[
        list[str] | None,
        typer.Option(
            "--column", help="HEADER=FIELD for a column that is not known by its name.", metavar="HEADER=FIELD"
        ),
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option("--ignore", help="A column to pass over.", metavar="HEADER")
    ] = None,
    ask: Annotated[
        list[str] | None,
        typer.Option("--ask", help="A kind of lookup, such as person; all that the columns allow if not given."),
    ] = None,
    days: Annotated[DayOrder, typer.Option("--days", help="How the list writes days.")] = DayOrder.ISO,
    sheet: Annotated[str, typer.Option("--sheet", help="Of a workbook; the first if not given.")] = "",
    near: Near = False,
    form: Annotated[TableForm | None, typer.Option("--format", help="Told by the name where not given.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Screen anew a list that was screened to its end.")] = False,
    silent: Annotated[bool, typer.Option("--silent", help="Ask again only the sources that kept silent.")] = False,
    behalf: Behalf = "",
    *,
    said: Said,
) -> None:
    """Look up every line of a list. Run it again after any interruption: it goes on where it was.

    The exit status is that of `unavailable` where a source kept silent on some lines: what was found is not all.
    """
    reading = Reading(
        columns=_columns(column or []), ignored=tuple(ignore or ()), days=days, kinds=tuple(ask or ()), near=near
    )
    source = _List(file, form or table.form_of(_there(file)), sheet, reading)
    for header, field in source.mapped().fields.items():
        warn(f"{header}: {field}")
    node = bureau(profile).acting_for(behalf) if behalf else bureau(profile)
    begun = node.begin_batch(source.request(purpose, case, behalf, again, said))
    if silent:
        done = _ask_silent_again(node, begun, source)
    elif begun.finished_at:
        tell(f"{file.name} was screened on {begun.finished_at:%d %b %Y %H:%M} UTC; say --again to screen it anew.")
        done = begun
    else:
        if begun.next_line > 1:
            warn(f"going on at line {begun.next_line}")
        done = _screen(node, begun, source)
    _report(node, done)


@app.command(name="list")
def list_batches(profile: Profile, as_json: AsJson = False) -> None:
    """The batches of your unit, newest first."""
    found = bureau(profile).batches()
    if as_json:
        print_json(found)
        return
    rows = [(one.id, one.file_name, one.purpose, one.case, one.lines, one.found, one.keep_until) for one in found]
    print_table(("batch", "list", "purpose", "case", "lines", "found", "erased after"), rows, "No batches.")


@app.command()
def status(batch: BatchId, profile: Profile, as_json: AsJson = False) -> None:
    """How far a batch has come, how each source stood, what waits in its queue."""
    node = bureau(profile)
    if as_json:
        print_json(node.batch(batch))
    else:
        _report(node, node.batch(batch).batch)


@app.command()
def refused(batch: BatchId, profile: Profile) -> None:
    """Every line of which nothing, or not all, could be asked."""
    for row in bureau(profile).refused_lines(batch):
        tell(f"line {row.line}: {row.reason}")


@app.command()
def queue(
    batch: BatchId,
    profile: Profile,
    state: Annotated[QueueState, typer.Option("--state", help="Which entries.")] = QueueState.OPEN,
    as_json: AsJson = False,
) -> None:
    """What was found and waits for somebody to look, the most probable first."""
    node = bureau(profile)
    entries = list(_all_of(lambda after: node.queue(batch, state, after)))
    if as_json:
        print_json(entries)
        return
    for entry in entries:
        for line in _told(entry):
            tell(line)
    if not entries:
        tell(f"Nothing {state} in this queue. This does not mean that anyone on the list is clear.")


@app.command()
def dismiss(
    entry: EntryId, profile: Profile, reason: Annotated[str, typer.Option(help="Why not; it is journalled.")]
) -> None:
    """Somebody looked: it is not the one."""
    tell(f"entry {entry}: {bureau(profile).dismiss(entry, reason).state}")


@app.command(name="take-up")
def take_up(entry: EntryId, profile: Profile) -> None:
    """Make an ordinary hit of it, which its owner may confirm."""
    hit = bureau(profile).take_up(entry)
    tell(f"hit {hit.id}: {hit.state}; next: comity hits request {hit.id}")


@app.command()
def export(
    batch: BatchId,
    profile: Profile,
    out_file: Annotated[Path, typer.Option("--out", help="CSV, or JSON Lines by its name.")],
) -> None:
    """Write the whole queue to a file, of every state. This is journalled."""
    must_be_new(out_file)
    node = bureau(profile)
    entries = list(_all_of(lambda after: node.export_queue(batch, after)))
    lines = _json_lines(entries) if table.form_of(out_file) is TableForm.JSON_LINES else _csv(entries)
    with new_file(out_file) as file:
        file.writelines(lines)
    tell(f"{len(entries)} entries written to {out_file}")


@app.command()
def erase(batch: BatchId, profile: Profile) -> None:
    """Erase a batch with its queue before its last day. What was taken up stays as a hit."""
    bureau(profile).erase_batch(batch)
    tell(f"batch {batch} is erased")


# -- a list -----------------------------------------------------------------------------------------------------------


class _List:
    """One file as it is read: the same file read in another way is another list."""

    def __init__(self, file: Path, form: TableForm, sheet: str, reading: Reading) -> None:
        self.file = file
        self.form = form
        self.sheet = sheet
        self.reading = reading

    def mapped(self) -> lists.Mapped:
        with self.file.open("rb") as stream:
            return lists.mapped(table.read(self.form, self.file, stream, self.sheet).header, self.reading)

    def lines(self) -> Iterator[ListLine]:
        with self.file.open("rb") as stream:
            yield from lists.read(table.read(self.form, self.file, stream, self.sheet), self.reading)

    def request(self, purpose: Purpose, case: str, behalf: str, again: bool, said: Said) -> BatchRequest:
        with self.file.open("rb") as stream:
            digest = lists.list_digest(stream, self.form, self.sheet, self.reading)
        return BatchRequest(
            file_digest=digest,
            file_name=self.file.name[-limits.NAME_CHARS_MAX :],
            purpose=purpose,
            case=case,
            on_behalf_of=behalf,
            again=again,
            offence=said.offence or msgspec.UNSET,
            stated=said.stated or msgspec.UNSET,
        )


def _there(file: Path) -> Path:
    if not file.is_file():
        raise Missing(f"There is no file {file}.", do="Check the path.")
    return file


def _columns(stated: Iterable[str]) -> dict[str, Field]:
    """HEADER=FIELD, where a header may itself hold an equals sign."""
    found = {}
    for one in stated:
        header, _, field = one.rpartition("=")
        if not header or field not in set(Field):
            raise Invalid(f"{one!r} names no field.", where="--column", do=f"Write HEADER=FIELD: {', '.join(Field)}.")
        found[header] = Field(field)
    return found


# -- looking up -------------------------------------------------------------------------------------------------------


def _screen(node: Comity, batch: Batch, source: _List) -> Batch:
    """Send the lines that are not looked up yet, a few at a time; the node says how far it came with them."""
    todo = (line for line in source.lines() if line.line >= batch.next_line)
    with _bar() as advance:
        for lines in _requests(todo, limits.BATCH_LINES_PER_REQUEST_MAX):
            waiting = lines
            while waiting:
                batch = node.look_up_lines(batch.id, waiting)
                waiting = [line for line in waiting if line.line >= batch.next_line]
                advance(batch)
    return node.look_up_lines(batch.id, [], last=True)


def _ask_silent_again(node: Comity, batch: Batch, source: _List) -> Batch:
    silent = {one.line for one in node.silences(batch.id)}
    todo = (line for line in source.lines() if line.line in silent)
    with _bar() as advance:
        for lines in _requests(todo, limits.QUESTIONS_PER_BATCH_MAX // limits.QUERIES_PER_LINE_MAX):
            batch = node.ask_silent_again(batch.id, lines)
            advance(batch)
    return batch


def _requests(lines: Iterable[ListLine], lines_max: int) -> Iterator[list[ListLine]]:
    """As many lines at a time as one request may hold, by number and by size."""
    request: list[ListLine] = []
    left = REQUEST_BYTES
    for line in lines:
        size = len(msgspec.json.encode(line)) + 1
        if request and (len(request) == lines_max or size > left):
            yield request
            request, left = [], REQUEST_BYTES
        request.append(line)
        left -= size
    if request:
        yield request


@contextmanager
def _bar() -> Iterator[Callable[[Batch], None]]:
    """Shows how many lines are looked up and how many findings wait."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("looking up", total=None)
        yield lambda at: bar.update(
            task, description=f"line {at.next_line - 1}, {at.found} found, {at.refused} refused"
        )


# -- telling ----------------------------------------------------------------------------------------------------------


def _report(node: Comity, batch: Batch) -> None:
    """How it stands; the exit status says whether somebody kept silent."""
    how = (
        f"screened on {batch.finished_at:%d %b %Y %H:%M} UTC"
        if batch.finished_at
        else f"up to line {batch.next_line - 1}"
    )
    tell(f"batch {batch.id}: {batch.file_name}, {how}")
    tell(f"{batch.lines} lines, {batch.questions} questions, {batch.refused} lines refused in whole or in part")
    for name, one in sorted(batch.sources.items()):
        why = f" ({one.why})" if one.why and (one.silent or one.refused) else ""
        tell(f"{name}: {one.hit} hits, {one.no_record} no record, {one.silent} silent, {one.refused} refused{why}")
    counts = node.batch(batch.id).queue
    tell("queue: " + (", ".join(f"{number} {state}" for state, number in sorted(counts.items())) or "empty"))
    tell(f"No record does not mean clear. Erased after {batch.keep_until:%d %b %Y}.")
    rows = node.refused_lines(batch.id) if batch.refused else []
    for row in rows[:REFUSED_TOLD]:
        warn(f"line {row.line}: {row.reason}")
    if len(rows) > REFUSED_TOLD:
        warn(f"… {len(rows)} in all: comity batch refused {batch.id}")
    if any(one.silent for one in batch.sources.values()):
        warn("Some sources kept silent: nothing is known from there. Run it again with --silent.")
        raise typer.Exit(STATUS["unavailable"])


def _all_of(page_from: Callable[[int], QueuePage]) -> Iterator[QueueEntry]:
    after: int | None = 0
    while after is not None:
        page = page_from(after)
        yield from page.entries
        after = page.after


def _told(entry: QueueEntry) -> list[str]:
    queued = entry.queued
    likeness = "likeness not told" if queued.probability is None else f"{queued.probability:.0%}"
    decided = f", {queued.state} by {queued.decided_by}: {queued.reason}" if queued.decided_at else ""
    lines = [f"entry {queued.id}: line {queued.line} {queued.label}, {likeness}, {queued.state}{decided}"]
    if entry.finding is None:
        return [*lines, "     the owner took the record back, or denied the hit"]
    return [*lines, *finding_lines(list(queued.told_by), entry.finding)]


COLUMNS = (
    *("entry", "line", "label", "probability", "state", "reason", "owner", "contact", "collection", "reference"),
    *("level", "told_by", "finding"),
)


def _csv(entries: Iterable[QueueEntry]) -> Iterator[bytes]:
    yield _row(COLUMNS)
    for entry in entries:
        queued, finding = entry.queued, entry.finding
        yield _row(
            (
                queued.id,
                queued.line,
                queued.label,
                "" if queued.probability is None else f"{queued.probability:.4f}",
                queued.state,
                queued.reason,
                queued.hit.owner,
                finding.contact if finding else "",
                queued.hit.collection,
                queued.hit.reference,
                finding.level.word if finding else "",
                " ".join(queued.told_by),
                msgspec.json.encode(finding.subject).decode() if finding and finding.subject else "",
            )
        )


def _row(cells: Iterable[object]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(_unarmed(str(cell)) for cell in cells)
    return text.getvalue().encode()


def _unarmed(cell: str) -> str:
    """A spreadsheet would run a cell that begins like a formula, and others wrote these.

    Falls without it: tests/cli/test_batch.py
    """
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _json_lines(entries: Iterable[QueueEntry]) -> Iterator[bytes]:
    return (msgspec.json.encode(entry) + b"\n" for entry in entries)
