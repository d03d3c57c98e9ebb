"""`comity oversight`: search the journal, and see that what was done with records was lawful."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from comity.cli.at_node import bearer, opened
from comity.cli.common import (
    AsJson,
    NodeFolder,
    Token,
    iso_day,
    must_be_new,
    print_json,
    print_table,
    tell,
    warn,
    write_new,
)
from comity.cli.journal import entry_lines
from comity.cli.spot_checks import check, checks, draw, judge, second
from comity.domain import limits
from comity.domain.caller import Caller
from comity.domain.errors import Invalid
from comity.domain.journal import Act
from comity.domain.lookup import DocumentQuery, PersonQuery, Query, VehicleQuery
from comity.domain.oversight import NEITHER, Criteria
from comity.domain.purpose import Purpose
from comity.domain.record import record_id
from comity.nodes.node import Node

app = typer.Typer(help="Search the journal; review it; answer those it is about.", no_args_is_help=True)
for command in (draw, checks, check, judge, second):
    app.command()(command)
OwnToken = Annotated[
    Path | None,
    typer.Option(
        "--token",
        help="File with your own token, from `comity account token --save`: you see what your role may. "
        "Without it you are this node's operator.",
        metavar="FILE",
    ),
]
Why = Annotated[str, typer.Option("--why", help="Why you ask; it is journalled.")]
Named = Annotated[str, typer.Option("--person", help="Whom it concerns, in any script.")]
Birth = Annotated[str, typer.Option(help="The person's, YYYY-MM-DD, YYYY-MM or YYYY.")]
Document = Annotated[str, typer.Option(help="A document as COUNTRY:NUMBER.", metavar="COUNTRY:NUMBER")]


@app.command()
def search(
    node: NodeFolder,
    why: Why,
    person: Named = "",
    birth: Birth = "",
    document: Document = "",
    plate: Annotated[str, typer.Option(help="A vehicle as COUNTRY:PLATE.", metavar="COUNTRY:PLATE")] = "",
    record: Annotated[
        str, typer.Option(help="A record; :SOURCE where another's.", metavar="COLLECTION:REFERENCE[:SOURCE]")
    ] = "",
    about: Annotated[str, typer.Option(help="Id of a question, hit, letter, case ...")] = "",
    officer: Annotated[str, typer.Option(help="Login, or an account's id.")] = "",
    unit: Annotated[str, typer.Option(help="As its accounts have it.")] = "",
    bureau: Annotated[str, typer.Option(help="Who asked from elsewhere, or was told.")] = "",
    purpose: Annotated[Purpose | None, typer.Option(help="Stated purpose.")] = None,
    case: Annotated[str, typer.Option(help="Case number.")] = "",
    clause: Annotated[str, typer.Option(help='"INSTRUMENT ARTICLE", or the instrument alone.')] = "",
    act: Annotated[Act | None, typer.Option(help="What was done.")] = None,
    since: Annotated[str, typer.Option(help="First day, YYYY-MM-DD.", metavar="DAY")] = "",
    until: Annotated[str, typer.Option(help="Last day, YYYY-MM-DD.", metavar="DAY")] = "",
    after: Annotated[int, typer.Option(help="Entries after this index.")] = -1,
    limit: Annotated[int, typer.Option(help="At most so many.", min=1, max=limits.OPENINGS_SHOWN_MAX)] = 50,
    token: OwnToken = None,
    as_json: AsJson = False,
) -> None:
    """Entries that say all of it, oldest first: who saw whom, when, why, under which clause. This too is journalled."""
    with opened(node) as (here, operator):
        criteria = Criteria(
            concerning=sought(person, birth, document, plate),
            about=about or _record(record, here.here.node),
            officer=officer,
            unit=unit,
            bureau=bureau,
            purpose=purpose,
            case=case,
            clause=clause,
            act=act,
            first_day=iso_day(since, "--since") if since else None,
            last_day=iso_day(until, "--until") if until else None,
        )
        found = here.oversight.search(criteria, why, watcher(here, operator, token), after, limit)
        if as_json:
            print_json(found)
            return
        for one in found.openings:
            for line in entry_lines(one):
                tell(line)
        tell(f"{len(found.openings)} entries." if found.openings else "No entries that you may see.")
        if found.after is not None:
            tell(f"There may be more: --after {found.after}")


@app.command()
def disclosed(
    out_file: Annotated[Path, typer.Argument(help="The file to write: JSON, for the person.", metavar="FILE")],
    node: NodeFolder,
    request: Annotated[str, typer.Option(help="The number of the person's request; it is journalled.")],
    token: Token,
    person: Named = "",
    birth: Birth = "",
    document: Document = "",
) -> None:
    """As the data-protection officer: what was told about a person, to whom, when, under which clause; for them."""
    must_be_new(out_file)
    query = sought(person, birth, document)
    if query is None:
        raise Invalid("Nobody is named.", do="Use --person with --birth, or --document.")
    with opened(node) as (here, _):
        told = here.disclosures.of(query, request, bearer(here, token))
    answer = {"disclosures": told.disclosed, "note": NEITHER}
    write_new(out_file, msgspec.json.format(msgspec.json.encode(answer), indent=2) + b"\n")
    tell(f"{len(told.disclosed)} disclosures written to {out_file}")
    for why, count in sorted(told.left_out.items()):
        warn(f"comity: left out, and the file does not say so: {count} ({why})")


@app.command()
def statistics(
    node: NodeFolder,
    since: Annotated[str, typer.Option(help="A day of the first month, YYYY-MM-DD.", metavar="DAY")],
    until: Annotated[str, typer.Option(help="A day of the last month.", metavar="DAY")],
    token: OwnToken = None,
    as_json: AsJson = False,
) -> None:
    """How many entries of each month, act and purpose there are, as far as you may see them."""
    with opened(node) as (here, operator):
        days = iso_day(since, "--since"), iso_day(until, "--until")
        found = here.statistics.of(*days, watcher(here, operator, token))
    if as_json:
        print_json(found)
        return
    rows = [(one.month, one.act, one.purpose or "", one.entries) for one in found]
    print_table(("month", "act", "purpose", "entries"), rows, "No entries that you may see.")


def watcher(here: Node, operator: Caller, token: Path | None) -> Caller:
    """Who reads: by their own token, else whoever runs the node."""
    return bearer(here, token) if token is not None else operator


def sought(person: str, birth: str, document: str, plate: str = "") -> Query | None:
    """Whom, or what, is sought; at most one of them. Raises Invalid."""
    if sum(map(bool, (person or birth, document, plate))) > 1:
        raise Invalid("Name a person, a document or a vehicle, not several.", do="Search once for each.")
    if person or birth:
        return PersonQuery(name=person, birth=birth)
    if document:
        country, number = _pair(document, "--document")
        return DocumentQuery(country=country, number=number)
    if plate:
        country, number = _pair(plate, "--plate")
        return VehicleQuery(plate_country=country, plate=number)
    return None


def _record(text: str, here: str) -> str:
    if not text:
        return ""
    collection, reference = _pair(text, "--record")
    reference, _, source = reference.partition(":")
    return record_id(collection, source or here, reference)


def _pair(text: str, where: str) -> tuple[str, str]:
    first, colon, second = text.partition(":")
    if not (first and colon and second):
        raise Invalid(f"{text!r} is not two words with a colon.", where=where, do="See --help.")
    return first, second
