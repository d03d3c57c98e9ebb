"""`comity lookup`: ask once; every source that may answers."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec
import typer

from comity.cli.common import STATUS, AsJson, Profile, bureau, print_json, tell
from comity.cli.stating import Said, stating
from comity.domain.country import country_name
from comity.domain.document import DocumentType, TravelDocument
from comity.domain.errors import Invalid
from comity.domain.firearm import Firearm, FirearmType
from comity.domain.lookup import (
    Answer,
    DocumentQuery,
    Finding,
    FirearmQuery,
    LookupRequest,
    Outcome,
    PersonQuery,
    Query,
    VehicleQuery,
    VesselQuery,
    each_hit,
)
from comity.domain.match import Match
from comity.domain.person import Description, Person, Sex
from comity.domain.purpose import Purpose
from comity.domain.record import Subject
from comity.domain.reply import ReplyLevel
from comity.domain.vehicle import Vehicle
from comity.domain.vessel import Vessel
from comity.formats.mrz import read_mrz
from comity.web.officer.shown import says

app = typer.Typer(help="Look up a person, a travel document, a vehicle, a firearm or a vessel.", no_args_is_help=True)
PurposeOption = Annotated[Purpose, typer.Option(help="Why you ask; it is journalled on both sides.")]
Case = Annotated[str, typer.Option(help="Your case or incident number.")]
Make = Annotated[str, typer.Option(help="Maker, in any spelling.")]
Model = Annotated[str, typer.Option(help="Model, in any spelling.")]
Near = Annotated[
    bool, typer.Option("--near", help="Also numbers that look alike or are one edit away, each with what differs.")
]
T = TypeVar("T")
OWN = "your own bureau's record: ask the desk that entered it"
Behalf = Annotated[str, typer.Option("--on-behalf-of", help="For systems: the officer who asks.")]


@app.command()
@stating
def person(
    profile: Profile,
    purpose: PurposeOption,
    case: Case,
    name: Annotated[str, typer.Argument(help="In any script.")] = "",
    birth: Annotated[str, typer.Option(help="YYYY-MM-DD, YYYY-MM or YYYY.")] = "",
    nationality: Annotated[str, typer.Option(help="Two letters.")] = "",
    sex: Annotated[Sex, typer.Option()] = Sex.UNSPECIFIED,
    document: Annotated[str, typer.Option(help="Number of an identity document.")] = "",
    place: Annotated[str, typer.Option(help="Of birth.")] = "",
    height: Annotated[int, typer.Option(help="Centimetres.", min=0, max=280)] = 0,
    eyes: Annotated[str, typer.Option(help="Colour, in any language.")] = "",
    hair: Annotated[str, typer.Option(help="Colour, in any language.")] = "",
    wildcard: Annotated[
        bool, typer.Option("--wildcard", help="In the name * stands for any letters, ? for one.")
    ] = False,
    sounds_like: Annotated[
        bool, typer.Option("--sounds-like", help="Also names that only sound like this one.")
    ] = False,
    behalf: Behalf = "",
    as_json: AsJson = False,
    *,
    said: Said,
) -> None:
    """By name in any script, date and place of birth, nationality, sex, document, description: whatever is known."""
    query = built(
        PersonQuery,
        name=name,
        birth=birth,
        nationality=nationality,
        sex=sex,
        document_number=document,
        place=place,
        height_cm=height,
        eyes=eyes,
        hair=hair,
        wildcard=wildcard,
        sounds_like=sounds_like,
    )
    _ask(query, profile, purpose, case, behalf, as_json, said)


@app.command()
@stating
def document(
    profile: Profile,
    purpose: PurposeOption,
    case: Case,
    country: Annotated[str, typer.Option(help="The issuer's letters as printed.")] = "",
    number: Annotated[str, typer.Option(help="As printed.")] = "",
    document_type: Annotated[DocumentType | None, typer.Option("--type", help="Any type where not given.")] = None,
    mrz: Annotated[str, typer.Option(help="The machine-readable zone instead, lines separated by a blank.")] = "",
    near: Near = False,
    behalf: Behalf = "",
    as_json: AsJson = False,
    *,
    said: Said,
) -> None:
    """By country, type and number, or by the machine-readable zone as read."""
    if mrz:
        query = msgspec.structs.replace(read_mrz(mrz).asked(), near=near)
    elif country and number:
        query = built(DocumentQuery, country=country, number=number, type=document_type, near=near)
    else:
        raise Invalid("Say which document.", do="Give --country and --number, or --mrz.")
    _ask(query, profile, purpose, case, behalf, as_json, said)


@app.command()
@stating
def vehicle(
    profile: Profile,
    purpose: PurposeOption,
    case: Case,
    vin: Annotated[str, typer.Option(help="Chassis number.")] = "",
    plate: Annotated[str, typer.Option(help="Number plate.")] = "",
    plate_country: Annotated[str, typer.Option(help="Two letters.")] = "",
    engine: Annotated[str, typer.Option(help="Number on the engine.")] = "",
    make: Make = "",
    model: Model = "",
    colour: Annotated[str, typer.Option(help="In any language.")] = "",
    near: Near = False,
    behalf: Behalf = "",
    as_json: AsJson = False,
    *,
    said: Said,
) -> None:
    """By VIN, by plate and its country, or by engine number; make, model and colour tell doubles apart."""
    query = built(
        VehicleQuery,
        vin=vin,
        plate=plate,
        plate_country=plate_country,
        engine_number=engine,
        make=make,
        model=model,
        colour=colour,
        near=near,
    )
    _ask(query, profile, purpose, case, behalf, as_json, said)


@app.command()
@stating
def firearm(
    profile: Profile,
    purpose: PurposeOption,
    case: Case,
    serial: Annotated[str, typer.Option(help="Serial number as marked.")],
    make: Make = "",
    model: Model = "",
    firearm_type: Annotated[FirearmType | None, typer.Option("--type", help="Any type where not given.")] = None,
    calibre: Annotated[str, typer.Option(help="In any of its names: 9x19, 9 mm Luger.")] = "",
    near: Near = False,
    behalf: Behalf = "",
    as_json: AsJson = False,
    *,
    said: Said,
) -> None:
    """By serial number, with maker, model, type and calibre: the number alone tells little."""
    query = built(FirearmQuery, serial=serial, make=make, model=model, type=firearm_type, calibre=calibre, near=near)
    _ask(query, profile, purpose, case, behalf, as_json, said)


@app.command()
@stating
def vessel(
    profile: Profile,
    purpose: PurposeOption,
    case: Case,
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
    as_json: AsJson = False,
    *,
    said: Said,
) -> None:
    """By any number of a ship, a boat or its engine, or by name."""
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
    _ask(query, profile, purpose, case, behalf, as_json, said)


def built(kind: Callable[..., T], **fields: object) -> T:
    """A struct checks itself; its words for what is wrong become a refusal."""
    try:
        return kind(**fields)
    except ValueError as wrong:
        raise wrong if isinstance(wrong, Invalid) else Invalid(str(wrong), do="See --help.") from None


def _ask(
    query: Query,
    profile: Path,
    purpose: Purpose,
    case: str,
    behalf: str,
    as_json: bool,
    said: Said,
) -> None:
    """Ask and tell. The exit status is that of `unavailable` where a source stayed silent: what is told is not all."""
    request = LookupRequest(
        query=query, purpose=purpose, case=case, on_behalf_of=behalf, offence=said.offence, stated=said.stated
    )
    answer = bureau(profile).lookup(request)
    if as_json:
        print_json(answer)
    else:
        for line in told(answer):
            tell(line)
    if any(source.outcome is Outcome.SILENT for source in answer.sources):
        raise typer.Exit(STATUS["unavailable"])


def told(answer: Answer) -> list[str]:
    """An answer in plain lines: every finding with its owner and contact, then every source with how it stands."""
    lines = []
    for finding, sources in each_hit(answer):
        lines += finding_lines(sources, finding)
        own = finding.owner == answer.sources[0].source  # a node answers itself first
        lines.append(f"       {'next':12} {OWN if own else f'unconfirmed: comity hits request {finding.hit}'}")
    lines += [f"{says(source, source.source)} ({source.took_ms:.0f} ms)" for source in answer.sources]
    receipt = f", journal entry {answer.receipt.index}" if answer.receipt else ""
    lines.append(f"question {answer.question}{receipt}, {answer.took_ms:.0f} ms in all")
    return lines


def finding_lines(sources: list[str], finding: Finding) -> list[str]:
    """One finding: whose, how deep, what it says, how it compared, and what the receiver owes."""
    whose = f"{finding.owner} ({finding.category}{f', {finding.reference}' if finding.reference else ''})"
    if finding.level is ReplyLevel.HIT or finding.subject is None:
        lines = [f"HIT  {whose}: there is a hit; its content is not for you. Ask {finding.contact}."]
    else:
        lines = [f"HIT  {whose}, told by {', '.join(sources)}, {finding.level.word}:"]
        lines += [f"       {label:12} {text}" for label, text in _fields(finding.subject) if text]
        updated = f"{finding.amended_at:%d %b %Y %H:%M} UTC" if finding.amended_at else "unknown"
        lines.append(f"       {'as of':12} {updated}, version {finding.version}; ask {finding.contact}")
    if finding.match:
        how = ", ".join(f"{one.field} {one.how} {one.bits:+.1f}" for one in finding.match.fields)
        lines.append(f"       {'likeness':12} {finding.match.probability:.0%} ({how} bits)")
        lines += [f"       {'differs':12} {text}" for text in _differences(finding.match)]
    if finding.obligations:
        lines.append(f"       {'you owe':12} {'; '.join(finding.obligations)}")
    lines.append(f"       {'under':12} {', '.join(finding.clauses)}")
    return lines


def _differences(match: Match) -> list[str]:
    """Of each near number: which signs, by their place from 1; nothing was corrected."""
    return [
        f"{line.field} {line.asked}, recorded {line.found}: "
        + ", ".join(f"sign {one.at + 1} {one.asked or 'none'}, recorded {one.found or 'none'}" for one in line.differs)
        for line in match.fields
        if line.differs
    ]


def _fields(subject: Subject) -> list[tuple[str, str]]:
    match subject:
        case Person():
            return _person_fields(subject)
        case TravelDocument():
            return [
                ("document", f"{country_name(subject.country)} {subject.type} {subject.number}"),
                ("status", str(subject.fraud or "")),
                ("when, where", " ".join(filter(None, (subject.stolen_on, subject.stolen_in)))),
                ("note", subject.note),
            ]
        case Vehicle():
            return [
                (
                    "vehicle",
                    " ".join(filter(None, (subject.make, subject.model, subject.colour, str(subject.year or "")))),
                ),
                ("VIN", subject.vin),
                ("plate", f"{subject.plate} {subject.plate_country}".strip()),
                ("status", str(subject.status or "")),
                ("when, where", " ".join(filter(None, (subject.stolen_on, subject.stolen_in)))),
            ]
        case Firearm():
            return _firearm_fields(subject)
        case Vessel():
            return _vessel_fields(subject)


def _firearm_fields(firearm: Firearm) -> list[tuple[str, str]]:
    read = " (obliterated; what could be read)" if firearm.serial_obliterated else ""
    return [
        ("firearm", " ".join(filter(None, (firearm.make, firearm.model, firearm.type, firearm.calibre)))),
        ("serial", f"{firearm.serial}{read}"),
        ("markings", "; ".join(filter(None, (firearm.import_mark, *firearm.markings)))),
        ("status", str(firearm.status or "")),
        ("when, where", " ".join(filter(None, (firearm.missing_since, firearm.missing_in)))),
        ("note", firearm.note),
    ]


def _vessel_fields(vessel: Vessel) -> list[tuple[str, str]]:
    described = (vessel.type, vessel.make, vessel.model, vessel.colour, str(vessel.year or ""))
    length = f"{vessel.length_cm / 100:g} m" if vessel.length_cm else ""
    numbers = {
        "IMO": vessel.imo,
        "hull": vessel.hull_number,
        "ENI": vessel.eni,
        "MMSI": vessel.mmsi,
        "call sign": vessel.call_sign,
    }
    return [
        ("vessel", " ".join(filter(None, (*described, length)))),
        ("name", "; formerly ".join(filter(None, (vessel.name, *vessel.former_names)))),
        *numbers.items(),
        ("register", " ".join(filter(None, (vessel.registration, vessel.flag)))),
        ("engine", "; ".join((*filter(None, (vessel.engine_make,)), *vessel.engine_numbers))),
        ("status", str(vessel.status or "")),
        ("when, where", " ".join(filter(None, (vessel.stolen_on, vessel.stolen_in)))),
        ("note", vessel.note),
    ]


def _person_fields(person: Person) -> list[tuple[str, str]]:
    born = " or ".join(person.births)
    documents = (f"{one.type} {one.number} {one.country}".strip() for one in person.documents)
    return [
        ("name", person.names[0].full if person.names else ""),
        ("also", "; ".join(name.full for name in person.names[1:])),
        ("born", " ".join(filter(None, (born, person.birth_place, country_name(person.birth_country))))),
        ("nationality", ", ".join(country_name(code) for code in person.nationalities)),
        ("documents", "; ".join(documents)),
        ("description", _description(person.description)),
        ("status", " ".join(filter(None, (person.status, person.purpose and f"({person.purpose})")))),
        ("warnings", ", ".join(person.warnings)),
        ("action", person.action),
    ]


def _description(of: Description) -> str:
    height = f"{of.height_cm} cm" if of.height_cm else ""
    eyes, hair = f"{of.eyes} eyes" if of.eyes else "", f"{of.hair} hair" if of.hair else ""
    return ", ".join(filter(None, (height, eyes, hair, of.marks)))
