"""`comity rights`: persons ask what is held of them, or to correct or delete it; sources are asked, two decide."""

import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from comity.cli.at_node import bearer, opened
from comity.cli.common import AsJson, NodeFolder, Token, print_json, print_table, read, tell
from comity.domain.lookup import PersonQuery
from comity.domain.record import Subject
from comity.domain.rights import (
    Consultation,
    ExtensionReason,
    IdentityProof,
    Inadmissible,
    RightsGround,
    RightsKind,
    RightsRequest,
    SourceWord,
)

app = typer.Typer(help="Requests of persons about themselves.", no_args_is_help=True)
RequestId = Annotated[str, typer.Argument(help="As listed.", metavar="REQUEST")]
ConsultationId = Annotated[str, typer.Argument(help="As shown.", metavar="CONSULTATION")]
RecordId = Annotated[str, typer.Argument(help="As searched.", metavar="RECORD")]
Why = Annotated[str, typer.Option(help="It is journalled; the person never reads it.")]


@app.command()
def receive(
    kind: Annotated[RightsKind, typer.Argument(help="What the person asks for.")],
    node: NodeFolder,
    name: Annotated[str, typer.Option(help="In any script.")] = "",
    birth: Annotated[str, typer.Option(help="YYYY-MM-DD, or as much as is known.")] = "",
    nationality: Annotated[str, typer.Option(help="Two letters.")] = "",
    document_number: Annotated[str, typer.Option(help="Of an identity document.")] = "",
    document_country: Annotated[str, typer.Option(help="Two letters.")] = "",
    said: Annotated[str, typer.Option(help="What is to be changed, and why: sources read it.")] = "",
    by_attorney: Annotated[bool, typer.Option(help="Somebody asks for the person.")] = False,
) -> None:
    """Write down what came in; nothing is searched, and no clock runs, until it is admitted."""
    person = PersonQuery(
        name=name,
        birth=birth,
        nationality=nationality,
        document_number=document_number,
        document_country=document_country,
    )
    with opened(node) as (here, operator):
        request = here.rights.receive(kind, person, said, by_attorney, operator)
        tell(f"received as {request.id}; once the person is identified: comity rights admit {request.id}")


@app.command()
def admit(
    request: RequestId,
    node: NodeFolder,
    identity: Annotated[IdentityProof, typer.Option(help="How the person proved who they are.")],
    attorney_proved: Annotated[bool, typer.Option(help="The power of attorney was seen.")] = False,
) -> None:
    """The person is who they say: the clock runs, 4 months for access, 9 for correction or deletion."""
    with opened(node) as (here, operator):
        tell(_line(here.rights.admit(request, identity, attorney_proved, operator)))


@app.command(name="turn-away")
def turn_away(
    request: RequestId, node: NodeFolder, why: Annotated[Inadmissible, typer.Option(help="The person is told it.")]
) -> None:
    """It is not examined."""
    with opened(node) as (here, operator):
        tell(_line(here.rights.turn_away(request, why, operator)))


@app.command()
def search(request: RequestId, node: NodeFolder, as_json: AsJson = False) -> None:
    """What is held here and may be about the person, the most likely first; this is journalled."""
    with opened(node) as (here, operator):
        found = here.rights.search(request, operator)
        if as_json:
            print_json(found)
            return
        rows = [
            (one.record, one.collection, one.reference, one.owner, one.held, f"{one.probability:.2f}") for one in found
        ]
        print_table(("record", "collection", "reference", "owner", "held", "probability"), rows, "Nothing was found.")


@app.command()
def concern(request: RequestId, record: RecordId, node: NodeFolder) -> None:
    """That record is about the person: its source is asked by letter, with a deadline; or our own people are."""
    with opened(node) as (here, operator):
        tell(_consulted(here.rights.concern(request, record, operator)))


@app.command()
def extend(
    request: RequestId, node: NodeFolder, why: Annotated[ExtensionReason, typer.Option(help="The person is told it.")]
) -> None:
    """By two months, once, before its time is over."""
    with opened(node) as (here, operator):
        tell(_line(here.rights.extend(request, why, operator)))


@app.command(name="list")
def list_requests(node: NodeFolder, as_json: AsJson = False) -> None:
    """All requests with their clocks, the oldest first; of the persons nothing."""
    with opened(node) as (here, operator):
        found = here.rights.every(operator)
        if as_json:
            print_json([msgspec.structs.replace(one, request=_without_person(one.request)) for one in found])
            return
        rows = [
            (one.request.id, one.request.kind, one.request.state, f"{one.request.received_at:%d %b %Y}", one.clock)
            for one in found
        ]
        print_table(("request", "kind", "state", "received", "clock"), rows, "There is no request.")


@app.command()
def show(request: RequestId, node: NodeFolder) -> None:
    """One request, as JSON: what its sources say, what is blocked, which holders acknowledged; journalled."""
    with opened(node) as (here, operator):
        print_json(here.rights.show(request, operator))


@app.command()
def reply(request: RequestId, node: NodeFolder) -> None:
    """The reply to the person, as it was decided."""
    with opened(node) as (here, operator):
        sys.stdout.write(here.rights.show(request, operator).request.reply)


@app.command()
def consultations(node: NodeFolder, as_json: AsJson = False) -> None:
    """On which of our records other nodes ask us for our word."""
    with opened(node) as (here, operator):
        found = here.consultations.every(operator)
        if as_json:
            print_json(found)
            return
        if not found:
            tell("No other node asks us.")
        for one in found:
            tell(_consulted(one))


@app.command()
def word(
    consultation: ConsultationId,
    node: NodeFolder,
    told: Annotated[str, typer.Option(help="What the person may read of it; without it, nothing may be told.")] = "",
    agrees: Annotated[bool, typer.Option(help="It should be corrected or deleted.")] = False,
    note: Annotated[str, typer.Option(help="For whoever decides; the person never reads it.")] = "",
) -> None:
    """The first person: what we say as the source of the record."""
    with opened(node) as (here, operator):
        said = SourceWord(disclose=bool(told.strip()), agrees=agrees, told=told.strip(), note=note)
        tell(_consulted(here.consultations.propose(consultation, said, operator)))


@app.command(name="confirm-word")
def confirm_word(consultation: ConsultationId, node: NodeFolder, token: Token) -> None:
    """The second person, with their own token: it is our word, and whoever asked is told."""
    with opened(node) as (here, _):
        tell(_consulted(here.consultations.confirm(consultation, bearer(here, token))))


@app.command()
def block(consultation: ConsultationId, node: NodeFolder, why: Why) -> None:
    """The first person: put the record out of reach while the request is pending."""
    with opened(node) as (here, operator):
        tell(_consulted(here.precaution.propose(consultation, why, operator)))


@app.command(name="confirm-block")
def confirm_block(consultation: ConsultationId, node: NodeFolder, token: Token) -> None:
    """The second person, with their own token: no lookup finds it here, or where a copy of ours lies."""
    with opened(node) as (here, _):
        tell(_consulted(here.precaution.confirm(consultation, bearer(here, token))))


@app.command()
def release(consultation: ConsultationId, node: NodeFolder, why: Why) -> None:
    """End the block before the decision does."""
    with opened(node) as (here, operator):
        tell(_consulted(here.precaution.release(consultation, why, operator)))


@app.command()
def decide(
    request: RequestId,
    node: NodeFolder,
    why: Why,
    grant: Annotated[list[str] | None, typer.Option(help="A record that is corrected or deleted; repeat it.")] = None,
    ground: Annotated[RightsGround | None, typer.Option(help="Why the others stay as they are.")] = None,
    corrected: Annotated[Path | None, typer.Option(help="The subject as it is to read, JSON.", metavar="FILE")] = None,
) -> None:
    """The first person: what is done, and on what ground not."""
    subject = msgspec.json.decode(read(corrected), type=Subject) if corrected else None
    with opened(node) as (here, operator):
        proposed = here.rights_decisions.propose(request, tuple(grant or ()), ground, why, operator, subject)
        tell(f"{_line(proposed)}; a second person confirms: comity rights confirm {request} --token FILE")


@app.command()
def confirm(request: RequestId, node: NodeFolder, token: Token) -> None:
    """The second person, with their own token: it is carried out everywhere, and the reply printed."""
    with opened(node) as (here, _):
        sys.stdout.write(here.rights_decisions.confirm(request, bearer(here, token)).reply)


@app.command()
def publish(
    request: RequestId, node: NodeFolder, excerpt: Annotated[str, typer.Option(help="For everyone to read.")]
) -> None:
    """Publish a decision without anything that tells who it is about."""
    with opened(node) as (here, operator):
        print_json(here.rights_decisions.publish(request, excerpt, operator))


@app.command()
def published(node: NodeFolder) -> None:
    """All that was published, as JSON."""
    with opened(node) as (here, operator):
        print_json(here.rights_decisions.published(operator))


def _line(one: RightsRequest) -> str:
    due = f", due {one.deadline():%Y-%m-%d}" if one.pending else ""
    return f"{one.id}: {one.kind}, {one.state}{due}"


def _consulted(one: Consultation) -> str:
    return (
        f"{one.id}: {one.kind} of record {one.record}, {one.owner} asked by {one.asker} until {one.due_at:%Y-%m-%d}: "
        f"{one.state}, block {one.block}"
    )


def _without_person(one: RightsRequest) -> RightsRequest:
    return msgspec.structs.replace(one, person=None, said="", reply="")
