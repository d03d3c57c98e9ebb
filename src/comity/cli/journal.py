"""`comity journal`: read what was done, recompute the whole log, prove that an entry stands in it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from comity.cli.at_node import opened
from comity.cli.common import AsJson, NodeFolder, must_be_new, out, print_json, print_table, tell, warn, write_new
from comity.cli.evidence import check, erased_line, export, policy
from comity.cli.evidence_timestamp import timestamp
from comity.domain import limits
from comity.domain.errors import Missing
from comity.domain.journal import DISCLOSURES, Opening
from comity.domain.oversight import ErasedOpening, first_of_each, follows

app = typer.Typer(help="Show, verify and prove the journal.", no_args_is_help=True)
FORMATS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M"]
for command in (export, check, policy, timestamp):
    app.command()(command)


@app.command()
def show(
    node: NodeFolder,
    about: Annotated[str, typer.Option(help="Only on this question, hit, record, member or account.")] = "",
    after: Annotated[int, typer.Option(help="Entries after this index.")] = -1,
    limit: Annotated[int, typer.Option(help="At most so many.", min=1, max=10_000)] = 50,
    as_json: AsJson = False,
) -> None:
    """Who did what, for whom, why and under which clause. Reading is journalled too."""
    with opened(node) as (here, operator):
        openings = here.oversight.read(operator, about, after, limit)
        if len(openings) == limit:
            warn(f"comity: there may be more: --after {openings[-1].index}")
        if as_json:
            print_json(openings)
            return
        erased: list[ErasedOpening] = []
        if not about:
            up_to = openings[-1].index + 1 if len(openings) == limit else here.log.size()
            erased = here.oversight.erased(after + 1, up_to, operator)
        every: list[Opening | ErasedOpening] = [*openings, *first_of_each(erased)]
        for entry in sorted(every, key=lambda one: one.index):
            for line in entry_lines(entry) if isinstance(entry, Opening) else [_run(entry, erased)]:
                tell(line)
        if not openings:
            tell("No entries.")


@app.command()
def verify(node: NodeFolder) -> None:
    """Recompute every entry, every leaf and the signed root; anything changed or missing is named."""
    with opened(node) as (here, _):
        here.log.sign()
        found = here.log.verify()
        tell(f"{found.origin}: {found.size} entries, each as committed; the tree follows from them")
        if found.erased:
            tell(f"{found.erased} of them can be read no more: their openings were erased when their terms ended")
        tell(f"root {found.root}, signed at size {found.signed_size}")


@app.command()
def prove(
    index: Annotated[int, typer.Argument(help="The entry's number.")],
    node: NodeFolder,
    out_file: Annotated[Path | None, typer.Option("--out", help="Write the proof here; its opening beside it.")] = None,
) -> None:
    """A proof (C2SP tlog-proof) that an entry stands in the signed log, with the opening that it proves."""
    opening_file = out_file.with_suffix(".opening.json") if out_file else None
    if out_file and opening_file:
        must_be_new(out_file, opening_file)
    with opened(node) as (here, operator):
        proof = here.log.prove(index)
        opening = here.oversight.one(index, operator)  # this reading is journalled too
    if out_file is None or opening_file is None:
        out.out(proof, highlight=False)
        print_json(opening)
        return
    write_new(out_file, proof.encode())
    write_new(opening_file, msgspec.json.encode(opening))
    tell(f"proof of entry {index} written to {out_file}")


@app.command()
def tiles(
    folder: Annotated[Path, typer.Argument(help="Where they are to lie; brought up to date where some are there.")],
    node: NodeFolder,
) -> None:
    """The logs of this node as files (C2SP tlog-tiles): anyone can check them, and they tell of nobody."""
    with opened(node) as (here, _):
        here.log.sign()
        for log in here.log_files.kept():
            written = here.log_files.write(log, folder / log)
            tell(f"{written.origin}: {written.size} entries, root {written.root}, in {folder / log}")


@app.command()
def mirror(
    member: Annotated[str, typer.Argument(help="Whose log.")],
    folder: Annotated[Path, typer.Argument(help="Where the copy is to lie; brought up to date where it is there.")],
    node: NodeFolder,
    log: Annotated[str, typer.Option(help="Which: disclosures, or of the hub also keys.")] = DISCLOSURES,
) -> None:
    """A full copy of another member's log as files (C2SP tlog-tiles), every entry of it proved."""
    with opened(node) as (here, _):
        directory = here.directory()
        found = directory.member(member) if directory else None
        if found is None:
            raise Missing(f"There is no member {member}.", do="See `comity member list`.")
        copied = here.mirror.bring(found, log, folder)
        tell(f"{copied.origin}: {copied.size} entries, root {copied.root}, in {folder}")


@app.command()
def alarms(node: NodeFolder, as_json: AsJson = False) -> None:
    """What is wrong with logs, ours or others', and nobody has cleared; --json has the checkpoints that prove it."""
    with opened(node) as (here, _):
        every = here.log_alarms.every()
        if as_json:
            print_json(every)
            return
        rows = [(key, one.wrong, one.origin, f"{one.noted_at:%Y-%m-%d %H:%M}", one.what) for key, one in every.items()]
        print_table(
            ("alarm", "wrong", "log", "noted", "what"), rows, "Nothing is wrong with the logs that are watched."
        )


@app.command()
def reconcile(
    member: Annotated[str, typer.Argument(help="With whose journal.")],
    node: NodeFolder,
    since: Annotated[datetime, typer.Option(formats=FORMATS, help="From then on, UTC.", metavar="YYYY-MM-DD")],
    until: Annotated[
        datetime | None,
        typer.Option(
            formats=FORMATS, help="Up to then, UTC; left out: to a quarter of an hour ago.", metavar="YYYY-MM-DD"
        ),
    ] = None,
) -> None:
    """Compare what both wrote down of answers and letters between the two; what one of them lacks is an alarm."""
    with opened(node) as (here, operator):
        directory = here.directory()
        found = directory.member(member) if directory else None
        if found is None or member == here.here.node:
            raise Missing(f"There is no other member {member}.", do="See `comity member list`.")
        settled = here.clock() - timedelta(seconds=limits.RECONCILED_SETTLED_SECONDS)
        begins, ends = since.replace(tzinfo=UTC), until.replace(tzinfo=UTC) if until else settled
        lines = here.reconciling.with_(found, begins, ends, operator)
        for line in lines:
            tell(line)
        tell(
            f"{len(lines)} do not agree; see `comity journal alarms`."
            if lines
            else f"What {member} and this node wrote down of exchanges between them agrees."
        )


@app.command()
def clear(
    alarm: Annotated[str, typer.Argument(help="Its id, as listed by alarms.", metavar="ALARM")], node: NodeFolder
) -> None:
    """Say that somebody has looked into an alarm of a log; the journal keeps what proves it."""
    with opened(node) as (here, operator):
        here.log_alarms.clear(alarm, operator)
        tell("Cleared.")


def _run(first: ErasedOpening, erased: list[ErasedOpening]) -> str:
    """A run of entries erased together, in one line."""
    last = first
    for one in erased:
        last = one if follows(last, one) else last
    numbers = f"{first.index}" if last is first else f"{first.index} to {last.index}"
    return f"{numbers}  {erased_line(first)}"


def entry_lines(opening: Opening) -> list[str]:
    """One entry in two or three lines: too wide for a table on a narrow terminal."""
    entry = opening.entry
    unit = f" ({entry.unit})" if entry.unit else ""
    fields = (
        ("for", entry.for_whom),
        ("subject", entry.subject),
        ("purpose", entry.purpose),
        ("case", entry.case),
        ("outcome", entry.outcome),
        ("level", entry.level),
        ("clauses", ", ".join(entry.clauses)),
    )
    named = "; ".join(f"{name} {text}" for name, text in fields if text)
    lines = [f"{opening.index}  {entry.at:%Y-%m-%d %H:%M:%S} UTC  {entry.act}  by {entry.actor}{unit}"]
    return [*lines, f"    {named}"] if named else lines
