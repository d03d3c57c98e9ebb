"""`comity watch`: have a question kept until a day; see what was found late."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from comity.cli.common import AsJson, Profile, bureau, print_json, print_table, tell
from comity.cli.lookup import Behalf, Case, Make, Model, Near, PurposeOption, built, finding_lines, told
from comity.cli.stating import Said, stating
from comity.domain.firearm import FirearmType
from comity.domain.kept import FoundLate
from comity.domain.lookup import (
    DocumentQuery,
    FirearmQuery,
    LookupRequest,
    PersonQuery,
    Query,
    VehicleQuery,
    VesselQuery,
)
from comity.domain.purpose import Purpose

app = typer.Typer(help="Be told when a record comes that answers what you asked.", no_args_is_help=True)
Until = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The last day.", metavar="YYYY-MM-DD")]


@app.command()
@stating
def person(
    profile: Profile,
    purpose: PurposeOption,
    case: Case,
    until: Until,
    name: Annotated[str, typer.Argument(help="In any script.")] = "",
    birth: Annotated[str, typer.Option(help="YYYY-MM-DD, YYYY-MM or YYYY.")] = "",
    nationality: Annotated[str, typer.Option(help="Two letters.")] = "",
    document: Annotated[str, typer.Option(help="Number of an identity document.")] = "",
    behalf: Behalf = "",
    *,
    said: Said,
) -> None:
    """Watch for a person."""
    query = built(PersonQuery, name=name, birth=birth, nationality=nationality, document_number=document)
    _set(query, profile, purpose, case, until, behalf, said)


@app.command()
@stating
def document(
    profile: Profile,
    purpose: PurposeOption,
    case: Case,
    until: Until,
    country: Annotated[str, typer.Option(help="The issuer's letters as printed.")],
    number: Annotated[str, typer.Option(help="As printed.")],
    near: Near = False,
    behalf: Behalf = "",
    *,
    said: Said,
) -> None:
    """Watch for a travel document."""
    query = built(DocumentQuery, country=country, number=number, near=near)
    _set(query, profile, purpose, case, until, behalf, said)


@app.command()
@stating
def vehicle(
    profile: Profile,
    purpose: PurposeOption,
    case: Case,
    until: Until,
    vin: Annotated[str, typer.Option(help="Chassis number.")] = "",
    plate: Annotated[str, typer.Option(help="Number plate.")] = "",
    plate_country: Annotated[str, typer.Option(help="Two letters.")] = "",
    engine: Annotated[str, typer.Option(help="Number on the engine.")] = "",
    near: Near = False,
    behalf: Behalf = "",
    *,
    said: Said,
) -> None:
    """Watch for a vehicle."""
    query = built(VehicleQuery, vin=vin, plate=plate, plate_country=plate_country, engine_number=engine, near=near)
    _set(query, profile, purpose, case, until, behalf, said)


@app.command()
@stating
def firearm(
    profile: Profile,
    purpose: PurposeOption,
    case: Case,
    until: Until,
    serial: Annotated[str, typer.Option(help="Serial number as marked.")],
    make: Make = "",
    model: Model = "",
    firearm_type: Annotated[FirearmType | None, typer.Option("--type", help="Any type where not given.")] = None,
    calibre: Annotated[str, typer.Option(help="In any of its names: 9x19, 9 mm Luger.")] = "",
    near: Near = False,
    behalf: Behalf = "",
    *,
    said: Said,
) -> None:
    """Watch for a firearm."""
    query = built(FirearmQuery, serial=serial, make=make, model=model, type=firearm_type, calibre=calibre, near=near)
    _set(query, profile, purpose, case, until, behalf, said)


@app.command()
@stating
def vessel(
    profile: Profile,
    purpose: PurposeOption,
    case: Case,
    until: Until,
    imo: Annotated[str, typer.Option(help="IMO number.")] = "",
    hull: Annotated[str, typer.Option(help="Hull identification number: HIN, CIN or WIN.")] = "",
    eni: Annotated[str, typer.Option(help="European number of inland vessels.")] = "",
    mmsi: Annotated[str, typer.Option(help="Maritime mobile service identity.")] = "",
    call_sign: Annotated[str, typer.Option(help="Radio call sign.")] = "",
    registration: Annotated[str, typer.Option(help="Number in the register of its flag.")] = "",
    flag: Annotated[str, typer.Option(help="Two letters.")] = "",
    name: Annotated[str, typer.Option(help="As painted, now or before.")] = "",
    engine: Annotated[str, typer.Option(help="Number on an engine.")] = "",
    make: Make = "",
    near: Near = False,
    behalf: Behalf = "",
    *,
    said: Said,
) -> None:
    """Watch for a vessel."""
    query = built(
        VesselQuery,
        imo=imo,
        hull_number=hull,
        eni=eni,
        mmsi=mmsi,
        call_sign=call_sign,
        registration=registration,
        flag=flag,
        name=name,
        engine_number=engine,
        make=make,
        near=near,
    )
    _set(query, profile, purpose, case, until, behalf, said)


@app.command(name="list")
def list_watches(profile: Profile, as_json: AsJson = False) -> None:
    """Your watches, newest first."""
    found = bureau(profile).watches()
    if as_json:
        print_json(found)
        return
    rows = [(one.id, one.purpose, one.case, one.until, " ".join(one.told)) for one in found]
    print_table(("watch", "purpose", "case", "until", "watched by"), rows, "No watches.")


@app.command()
def cancel(watch: Annotated[str, typer.Argument(metavar="WATCH")], profile: Profile) -> None:
    """End a watch here and wherever it was told."""
    tell(f"watch {bureau(profile).cancel_watch(watch).id} is ended; every node that watched is being told")


@app.command()
def found(profile: Profile, as_json: AsJson = False) -> None:
    """What was found after somebody of your unit had asked for it, newest first."""
    late = bureau(profile).late()
    if as_json:
        print_json(late)
        return
    for one in late:
        for line in _lines(one):
            tell(line)
    if not late:
        tell("Nothing was found late. This does not mean that anyone or anything is clear.")


def _set(query: Query, profile: Path, purpose: Purpose, case: str, until: datetime, behalf: str, said: Said) -> None:
    request = LookupRequest(
        query=query, purpose=purpose, case=case, on_behalf_of=behalf, offence=said.offence, stated=said.stated
    )
    watch, answer = bureau(profile).watch(request, until.date())
    for line in told(answer):
        tell(line)
    tell(f"watch {watch.id} until {watch.until:%d %b %Y}, here and at {', '.join(watch.told) or 'no other node'}")


def _lines(one: FoundLate) -> list[str]:
    asked = f"asked on {one.asked_at:%d %b %Y %H:%M} UTC for {one.purpose}, case {one.case}"
    head = f"found {one.told_at:%d %b %Y %H:%M} UTC, {asked}; erased here after {one.keep_until:%d %b %Y}"
    return [head, *finding_lines([one.source], one.finding)]
