"""`comity lookup`: ask once; every source that may answers."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from comity.cli.common import STATUS, AsJson, Profile, bureau, print_json, tell, warn
from comity.domain.country import country_name
from comity.domain.document import DocumentType, TravelDocument
from comity.domain.errors import Invalid
from comity.domain.lookup import (
    Answer,
    DocumentQuery,
    Finding,
    LookupRequest,
    Outcome,
    PersonQuery,
    Query,
    VehicleQuery,
)
from comity.domain.person import Person, Sex
from comity.domain.purpose import Purpose
from comity.domain.record import Subject
from comity.domain.reply import ReplyLevel
from comity.domain.vehicle import Vehicle
from comity.formats.mrz import read_mrz
from comity.web.officer.shown import says

app = typer.Typer(help="Look up a person, a travel document or a vehicle.", no_args_is_help=True)
PurposeOption = Annotated[Purpose, typer.Option(help="Why you ask; it is journalled on both sides.")]
Case = Annotated[str, typer.Option(help="Your case or incident number.")]
T = TypeVar("T")
Behalf = Annotated[str, typer.Option("--on-behalf-of", help="For systems: the officer who asks.")]


@app.command()
def person(
    profile: Profile,
    purpose: PurposeOption,
    case: Case,
    name: Annotated[str, typer.Argument(help="In any script.")] = "",
    birth: Annotated[str, typer.Option(help="YYYY-MM-DD, YYYY-MM or YYYY.")] = "",
    nationality: Annotated[str, typer.Option(help="Two letters.")] = "",
    sex: Annotated[Sex, typer.Option()] = Sex.UNSPECIFIED,
    document: Annotated[str, typer.Option(help="Number of an identity document.")] = "",
    behalf: Behalf = "",
    as_json: AsJson = False,
) -> None:
    """By name in any script, date of birth, nationality, sex, document."""
    query = _built(PersonQuery, name=name, birth=birth, nationality=nationality, sex=sex, document_number=document)
    _ask(query, profile, purpose, case, behalf, as_json)


@app.command()
def document(
    profile: Profile,
    purpose: PurposeOption,
    case: Case,
    country: Annotated[str, typer.Option(help="The issuer's letters as printed.")] = "",
    number: Annotated[str, typer.Option(help="As printed.")] = "",
    document_type: Annotated[DocumentType | None, typer.Option("--type", help="Any type where not given.")] = None,
    mrz: Annotated[str, typer.Option(help="The machine-readable zone instead, lines separated by a blank.")] = "",
    behalf: Behalf = "",
    as_json: AsJson = False,
) -> None:
    """By country, type and number, or by the machine-readable zone as read."""
    if mrz:
        reading = read_mrz(mrz)
        found = reading.document
        if found is None:
            raise Invalid(f"The zone cannot be read: {'; '.join(reading.reasons)}", where="--mrz", do="Read it again.")
        for doubt in reading.reasons:
            warn(f"comity: the zone is in doubt: {doubt}")
        query = found
    elif country and number:
        query = _built(DocumentQuery, country=country, number=number, type=document_type)
    else:
        raise Invalid("Say which document.", do="Give --country and --number, or --mrz.")
    _ask(query, profile, purpose, case, behalf, as_json)


@app.command()
def vehicle(
    profile: Profile,
    purpose: PurposeOption,
    case: Case,
    vin: Annotated[str, typer.Option(help="Chassis number.")] = "",
    plate: Annotated[str, typer.Option(help="Number plate.")] = "",
    plate_country: Annotated[str, typer.Option(help="Two letters.")] = "",
    behalf: Behalf = "",
    as_json: AsJson = False,
) -> None:
    """By VIN, or by plate and its country."""
    query = _built(VehicleQuery, vin=vin, plate=plate, plate_country=plate_country)
    _ask(query, profile, purpose, case, behalf, as_json)


def _built(kind: Callable[..., T], **fields: object) -> T:
    """A struct checks itself; its words for what is wrong become a refusal."""
    try:
        return kind(**fields)
    except ValueError as wrong:
        raise wrong if isinstance(wrong, Invalid) else Invalid(str(wrong), do="See --help.") from None


def _ask(query: Query, profile: Path, purpose: Purpose, case: str, behalf: str, as_json: bool) -> None:
    """Ask and tell. The exit status is that of `unavailable` where a source stayed silent: what is told is not all."""
    request = LookupRequest(query=query, purpose=purpose, case=case, on_behalf_of=behalf)
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
    for finding, sources in _each_hit(answer):
        lines += _finding(sources, finding)
    lines += [f"{says(source, source.source)} ({source.took_ms:.0f} ms)" for source in answer.sources]
    receipt = f", journal entry {answer.receipt.index}" if answer.receipt else ""
    lines.append(f"question {answer.question}{receipt}, {answer.took_ms:.0f} ms in all")
    return lines


def _each_hit(answer: Answer) -> list[tuple[Finding, list[str]]]:
    """Every hit once, as deep as it was told, with all who told of it."""
    deepest: dict[str, tuple[Finding, list[str]]] = {}
    for source in answer.sources:
        for finding in source.findings:
            held, sources = deepest.get(finding.hit, (finding, []))
            deepest[finding.hit] = (max(held, finding, key=lambda one: one.level), [*sources, source.source])
    return list(deepest.values())


def _finding(sources: list[str], finding: Finding) -> list[str]:
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
    if finding.obligations:
        lines.append(f"       {'you owe':12} {'; '.join(finding.obligations)}")
    lines.append(f"       {'under':12} {', '.join(finding.clauses)}")
    lines.append(f"       {'next':12} unconfirmed: comity hits request {finding.hit}")
    return lines


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


def _person_fields(person: Person) -> list[tuple[str, str]]:
    born = " or ".join(person.births)
    documents = (f"{one.type} {one.number} {one.country}".strip() for one in person.documents)
    return [
        ("name", person.names[0].full if person.names else ""),
        ("also", "; ".join(name.full for name in person.names[1:])),
        ("born", " ".join(filter(None, (born, person.birth_place, country_name(person.birth_country))))),
        ("nationality", ", ".join(country_name(code) for code in person.nationalities)),
        ("documents", "; ".join(documents)),
        ("status", " ".join(filter(None, (person.status, person.purpose and f"({person.purpose})")))),
        ("warnings", ", ".join(person.warnings)),
        ("action", person.action),
    ]
