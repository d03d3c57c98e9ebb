"""`comity journal export`, `check` and `policy`: an entry as evidence that anyone can check without any network."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from comity.cli.at_node import opened
from comity.cli.common import AsJson, NodeFolder, must_be_new, out, print_json, read, tell, write_new
from comity.domain.journal import Entry, Opening
from comity.domain.oversight import ErasedOpening
from comity.wire.evidence_file import (
    LogEvidence,
    Proven,
    proven,
    read_evidence_file,
    stamped_part,
    write_evidence_file,
)
from comity.wire.log_policy import read_policy
from comity.wire.timestamp import Stamped, verified_timestamp


def export(
    out_file: Annotated[Path, typer.Argument(help="The file to write: a zip.", metavar="FILE")],
    entry: Annotated[int, typer.Option("--entry", help="The entry's number.")],
    node: NodeFolder,
) -> None:
    """An entry of the journal as evidence: what was written down, the proof that it stands in the log, the keys."""
    must_be_new(out_file)
    with opened(node) as (here, operator):
        proof, policy = here.log.prove(entry), here.log_policy()
        opening = here.oversight.one(entry, operator)  # this reading is journalled too
    write_new(out_file, write_evidence_file(LogEvidence(opening, proof, policy)))
    tell(f"entry {entry} written to {out_file}; whoever checks it needs a policy that they trust")


def check(
    file: Annotated[Path, typer.Argument(help="What `comity journal export` wrote.", metavar="FILE")],
    trust: Annotated[Path, typer.Option("--trust", help="Whom you believe: a policy you got from a member you trust.")],
    authority: Annotated[
        Path | None,
        typer.Option(
            "--authority", help="Of a timestamp: the authority's certificate, or that of who issued it (PEM)."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """What a file of evidence proves to whoever trusts the policy, and what not. Needs no node and no network."""
    evidence = read_evidence_file(read(file))
    found = proven(evidence, read_policy(read(trust)))
    stamped = None
    if authority is not None:
        stamped = verified_timestamp(evidence.timestamp, stamped_part(evidence), read(authority))
    if as_json:
        told = {"opening": found.opening, "checkpoint": found.checkpoint, "seen": found.seen}
        print_json(told | ({"stamped": stamped} if stamped else {}))
        return
    for line in _said(found, stamped, bool(evidence.timestamp)):
        tell(line)


def policy(node: NodeFolder) -> None:
    """Whom this node believes about logs (C2SP tlog-policy): give it to whoever is to check evidence."""
    with opened(node) as (here, _):
        out.out(here.log_policy().decode("utf-8", "replace"), highlight=False, end="")


def _said(found: Proven, stamped: Stamped | None = None, unread: bool = False) -> Iterator[str]:
    """In words that a court reads. `unread`: there is a timestamp, whether it was looked at or not."""
    checkpoint, opening = found.checkpoint, found.opening
    node = checkpoint.origin.partition("/")[0]
    yield "PROVEN"
    if isinstance(opening, Opening):
        yield f"  {node} wrote down in its journal, as entry {opening.index}, exactly this:"
        yield from (f"    {name}: {value}" for name, value in _fields(opening.entry))
    else:
        yield f"  {node} wrote something down in its journal, as entry {opening.index}."
    yield f"  {node} signed, with both of its keys, a journal of {checkpoint.size} entries in which this one stands."
    if found.seen:
        yield f"  So many keys of witnesses that you trust have seen that journal: {len(found.seen)}."
        yield from (f"    {name} at {_time(at)}" for name, at in sorted(found.seen.items()))
        yield f"  So this entry was there, unchanged, by {_time(max(found.seen.values()))} at the latest."
    if stamped:
        yield f"  An authority that you trust, {stamped.by}, vouches that this proof was there by {_time(stamped.at)}."
    yield "NOT PROVEN"
    if unread and not stamped:
        yield "  What the timestamp in the file says: you named no authority (--authority) to check it by."
    yield from _not_proven(node, opening)
    yield "  That nothing was done beside what the journal has."
    if not found.seen:
        yield "  That others were shown the same journal: your policy asks for no witness."
    yield "  That the keys are those of these organisations: you trust the policy for that."


def _not_proven(node: str, opening: Opening | ErasedOpening) -> Iterator[str]:
    if isinstance(opening, Opening):
        yield f"  That what {node} wrote down is true: it is what {node} says of itself, and it cannot take it back."
        yield f"  That it was done at {_time(opening.entry.at)}: this time is {node}'s own."
    else:
        yield f"  What it said: {erased_line(opening)}. {node} says so."
        yield "  A file of evidence that was exported before that day still proves what the entry said."


def erased_line(one: ErasedOpening) -> str:
    """What is left to say of an entry whose term has ended."""
    return f"opening erased on {one.erased_on} under {one.under}"


def _fields(entry: Entry) -> Iterator[tuple[str, str]]:
    told = {
        "act": entry.act.value,
        "at": _time(entry.at),
        "by": " ".join(part for part in (entry.actor, entry.unit and f"({entry.unit})") if part),
        "for": entry.for_whom,
        "about": entry.subject,
        "purpose": entry.purpose,
        "case": entry.case,
        "outcome": entry.outcome,
        "level": entry.level,
        "clauses": ", ".join(entry.clauses),
        "records": ", ".join(entry.records),
        **{name: str(value) for name, value in entry.details.items()},
    }
    return ((name, text) for name, text in told.items() if text)


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
