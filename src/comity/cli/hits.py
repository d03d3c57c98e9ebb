"""`comity hits`: the register of hits, and their confirmation by the owner."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from comity.cli.common import AsJson, Note, Profile, bureau, print_json, tell
from comity.domain.clocks import left
from comity.domain.forms import confirmation
from comity.domain.hit import Hit, Priority
from comity.formats.catalogue import CatalogueLanguage, in_words

app = typer.Typer(help="See hits, ask their owners to confirm them, answer those who ask.", no_args_is_help=True)
HitId = Annotated[str, typer.Argument(help="The hit's id.", metavar="HIT")]


@app.command(name="list")
def list_hits(profile: Profile, as_json: AsJson = False) -> None:
    """The register: running clocks first, then the newest."""
    found = bureau(profile).hits()
    if as_json:
        print_json(found)
        return
    now = datetime.now(UTC)
    for hit in found:
        for line in _lines(hit, now):
            tell(line)
    if not found:
        tell("No hits yet.")


@app.command()
def show(
    hit: HitId,
    profile: Profile,
    language: Annotated[CatalogueLanguage, typer.Option(help="In which its codes are told.")] = (
        CatalogueLanguage.ENGLISH
    ),
    as_json: AsJson = False,
) -> None:
    """One hit as it stands now, as the form by which it is confirmed."""
    found = bureau(profile).hit(hit)
    if as_json:
        print_json(found)
        return
    for line in (*_lines(found, datetime.now(UTC)), "", *in_words(confirmation(found), language)):
        tell(line)


@app.command()
def request(
    hit: HitId, profile: Profile, priority: Annotated[Priority, typer.Option()] = Priority.ROUTINE, note: Note = ""
) -> None:
    """Ask the owner whether the record stands and fits: urgent 10 minutes, routine 1 hour."""
    _told(bureau(profile).request_confirmation(hit, priority, note))


@app.command()
def confirm(hit: HitId, profile: Profile, note: Note = "") -> None:
    """As the owner: the record stands and fits."""
    _told(bureau(profile).confirm(hit, note))


@app.command()
def deny(hit: HitId, profile: Profile, note: Note = "") -> None:
    """As the owner: it does not stand any more, or is somebody else."""
    _told(bureau(profile).deny(hit, note))


@app.command()
def promise(
    hit: HitId, profile: Profile, minutes: Annotated[int, typer.Option(help="From now.", min=1)], note: Note = ""
) -> None:
    """As the owner: give the time by which there will be an answer."""
    _told(bureau(profile).promise(hit, datetime.now(UTC) + timedelta(minutes=minutes), note))


def _told(hit: Hit) -> None:
    due = f", due {hit.due_at:%d %b %Y %H:%M:%S} UTC" if hit.due_at and hit.answered_at is None else ""
    tell(f"hit {hit.id}: {hit.state}{due}")


def _lines(hit: Hit, now: datetime) -> list[str]:
    clock = _clock(hit, now)
    lines = [
        f"hit {hit.id}: {hit.state}{f', {hit.priority}' if hit.priority else ''}{f', {clock}' if clock else ''}",
        f"  {hit.asker} ({hit.asker_unit}) found a record of {hit.owner}"
        f"{f' ({hit.collection} {hit.reference})' if hit.reference else ''}, told by {hit.answered_by}",
        f"  on {hit.found_at:%d %b %Y %H:%M:%S} UTC, for {hit.purpose}, case {hit.case}",
    ]
    return [*lines, f"  note: {hit.note}"] if hit.note else lines


def _clock(hit: Hit, now: datetime) -> str:
    """What is left of the clock, '' where none runs."""
    return left(hit.due_at, hit.escalated_at, now) if hit.answered_at is None else ""
