"""`comity records`: a source enters, shows, exports and withdraws its own records."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from comity.cli import passing
from comity.cli.at_node import opened
from comity.cli.common import AsJson, NodeFolder, iso_day, new_file, print_json, print_table, tell, warn
from comity.domain.errors import Missing
from comity.domain.importing import Import
from comity.domain.record import WithdrawalReason
from comity.formats import files, jsonlines
from comity.testing import fictitious

app = typer.Typer(help="Import, export, show, withdraw and make records.", no_args_is_help=True)
app.add_typer(passing.app)
Collection = Annotated[str, typer.Option("--collection", help="nominals, sltd, smv, firearms, vessels or sanctions.")]
Source = Annotated[str, typer.Option("--source", help="At a hub: the outside body whose list it is, such as un.")]
Reference = Annotated[str, typer.Argument(help="The source's own file number.")]


@app.command(name="import")
def import_file(
    file: Annotated[Path, typer.Argument(help="CSV, JSON Lines, UN consolidated list (XML) or OFAC SDN (CSV).")],
    node: NodeFolder,
    collection: Collection,
    source: Source = "",
    form: Annotated[files.Form | None, typer.Option("--format", help="Told by the file where not given.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Read a file in anew that was read in whole before.")] = False,
) -> None:
    """Enter the records of a file. Run it again after any interruption: it goes on where it was."""
    if not file.is_file():
        raise Missing(f"There is no file {file}.", do="Check the path.")
    digest, lines = _measure(file)
    chosen = form or files.form_of(file)
    with opened(node) as (here, operator):
        begun = here.records.begin(file.name, digest, collection, source, operator)
        if begun.finished_at and not again:
            tell(f"{file.name} was read in on {begun.finished_at:%d %b %Y %H:%M} UTC; nothing is left to do.")
            _report(begun)
            return
        if begun.finished_at:
            begun = here.records.restart(begun, operator)
        if begun.next_line > 1:
            tell(f"going on at line {begun.next_line}")
        with _bar(lines) as advance:
            advance(begun)
            done = here.records.enter(begun, files.read(chosen, file, collection, begun.next_line), operator, advance)
        _report(done)
        for row in here.records.refused_rows(done)[:20]:
            warn(f"line {row.line}: {row.reason}")
        if done.refused > 20:
            warn(f"… {done.refused} in all: comity records refused {done.id} --node {node}")


@app.command()
def refused(import_id: Annotated[str, typer.Argument(metavar="IMPORT")], node: NodeFolder) -> None:
    """Every refused row of an import, with its line and reason."""
    with opened(node) as (here, operator):
        for row in here.records.refused_rows(here.records.progress(import_id, operator)):
            tell(f"line {row.line}: {row.reason}")


@app.command()
def export(
    node: NodeFolder,
    collection: Collection,
    out_file: Annotated[Path, typer.Option("--out", help="JSON Lines.")],
    source: Source = "",
) -> None:
    """Write all of this source's records in a collection to a file that can be imported again."""
    count = 0
    with opened(node) as (here, operator), new_file(out_file) as file:
        for record in here.records.export(collection, source, operator):
            file.write(jsonlines.write(record))
            count += 1
    tell(f"{count} records written to {out_file}")


@app.command()
def show(reference: Reference, node: NodeFolder, collection: Collection, source: Source = "") -> None:
    """One of this source's own records, whole, as JSON."""
    with opened(node) as (here, operator):
        print_json(here.records.show(collection, reference, source, operator))


@app.command()
def withdraw(
    reference: Reference,
    node: NodeFolder,
    collection: Collection,
    reason: Annotated[WithdrawalReason, typer.Option(help="Every holder sees it.")],
    source: Source = "",
) -> None:
    """Take a record back everywhere: erased here and at the hub, told to all who had a hit on it."""
    with opened(node) as (here, operator):
        withdrawal = here.records.withdraw(collection, reference, source, reason, operator)
        tell(f"{reference} withdrawn ({withdrawal.reason}); every holder is being told")


@app.command()
def reviews(node: NodeFolder, as_json: AsJson = False) -> None:
    """Own records whose review is due: extend them, withdraw them, or let them expire."""
    with opened(node) as (here, operator):
        due = here.keeping.due(operator)
        if as_json:
            print_json(due)
            return
        rows = [(one.collection, one.reference, one.review_at, one.retain_until) for one in due]
        print_table(("collection", "reference", "review at", "kept until"), rows, "No review is due.")


@app.command()
def extend(
    reference: Reference,
    node: NodeFolder,
    collection: Collection,
    until: Annotated[str, typer.Option(help="The new last day, YYYY-MM-DD.", metavar="DAY")],
    reason: Annotated[str, typer.Option(help="Why it is still needed; it is journalled.")],
    source: Source = "",
) -> None:
    """Keep a record for longer, here and at every holder."""
    with opened(node) as (here, operator):
        day = iso_day(until, "--until")
        record = here.keeping.extend(collection, reference, source, day, reason, operator)
        tell(f"{reference} kept until {record.header.retain_until}")


@app.command()
def readmit(
    reference: Reference,
    node: NodeFolder,
    collection: Collection,
    reason: Annotated[str, typer.Option(help="Why it may come back; it is journalled.")],
    source: Source = "",
) -> None:
    """Let a record that was withdrawn or has expired be entered again, once."""
    with opened(node) as (here, operator):
        here.keeping.readmit(collection, reference, source, reason, operator)
        tell(f"{reference} may be entered again, once")


@app.command()
def make(
    collection: Collection,
    count: Annotated[int, typer.Option(help="How many.", min=1)],
    out_file: Annotated[Path, typer.Option("--out", help="JSON Lines, to be imported.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same records.")] = 1,
    country: Annotated[str, typer.Option(help="The source's two letters: XA, XB or XC.")] = "XB",
) -> None:
    """Write fictitious records for trials; nobody in them exists."""
    with new_file(out_file) as file:
        file.writelines(fictitious.make(collection, count, seed, country))
    tell(f"{count} fictitious records written to {out_file}")


def _measure(file: Path) -> tuple[str, int]:
    """(SHA-256, number of lines): which file it is, and how long, read once."""
    digest, lines = hashlib.sha256(), 0
    with open(file, "rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
            lines += block.count(b"\n")
    return digest.hexdigest(), lines


def _report(done: Import) -> None:
    tell(
        f"import {done.id}: {done.stored} new, {done.amended} amended, {done.unchanged} unchanged, "
        f"{done.refused} refused, {done.skipped} passed over"
    )


@contextmanager
def _bar(lines: int) -> Iterator[Callable[[Import], None]]:
    """Shows the line reached out of all lines of the file."""
    columns = (TextColumn("reading"), BarColumn(), MofNCompleteColumn(), TextColumn("lines"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=lines)
        yield lambda reached: bar.update(task, completed=reached.next_line - 1)
