"""`comity match why-not`: why somebody who was expected is not found, in a list or among a node's own records."""

from pathlib import Path
from typing import Annotated

import typer

from comity.cli import screening
from comity.cli.at_node import opened
from comity.cli.common import tell
from comity.cli.lookup import built
from comity.cli.match_files import index_folder, there
from comity.cli.screening import POOL, PersonList
from comity.cli.waterfall import side_of, tell_match
from comity.domain.errors import Invalid
from comity.domain.lookup import PersonQuery
from comity.domain.person import Person
from comity.domain.purpose import Purpose
from comity.formats.pairs import side
from comity.matching.seeking import Reason, Stage
from comity.matching.thresholds import report_from


def why_not_found(
    question: Annotated[str, typer.Argument(help="A name in any script, or a SIDE as JSON.")],
    record: Annotated[str, typer.Argument(metavar="ID", help="Who was expected: id in the list, or reference.")],
    against: Annotated[
        Path | None, typer.Option(metavar="RECORDS.jsonl", help="The list: a SIDE or a record on each line.")
    ] = None,
    index: Annotated[Path | None, typer.Option(metavar="FOLDER", help="As of `comity match list`.")] = None,
    node: Annotated[Path | None, typer.Option(metavar="DIR", help="Instead: this node's own records.")] = None,
    collection: Annotated[str, typer.Option(help="Of the node: nominals, or sanctions at a hub.")] = "nominals",
    source: Annotated[str, typer.Option(help="At a hub: the outside body whose list it is, such as un.")] = "",
    purpose: Annotated[Purpose, typer.Option(help="It sets the prior.")] = Purpose.BORDER_CONTROL,
    pool: Annotated[int, typer.Option(help="Candidates compared in full, in a list.", min=1)] = POOL,
) -> None:
    """Why somebody is not found, or not reported: where they are lost, and how they compare. A node writes it down."""
    asked = side(side_of(question, "QUESTION")).person
    if (against is None) == (node is None):
        raise Invalid("Say where somebody was expected.", do="Give --against RECORDS.jsonl or --node DIR.")
    if node is not None:
        _at_node(node, _query(asked), collection, record, source, purpose)
    elif against is not None:
        _in_list(against, index, asked, record, purpose, pool)


def _in_list(against: Path, index: Path | None, asked: Person, record: str, purpose: Purpose, pool: int) -> None:
    there(against)
    with index_folder(index) as folder:
        screening.indexed(against, folder, 1, lambda _: None)
        listed = PersonList(folder, purpose)
        try:
            number = listed.number_of(record)
            reasons, match = listed.why_not(asked, number, 1, pool), listed.compared(asked, number)
        finally:
            listed.close()
    _tell_reasons(reasons, pool)
    tell_match(match, listed.prior_bits)
    _tell_verdict(match.probability >= report_from(purpose) and not reasons, purpose)


def _at_node(folder: Path, query: PersonQuery, collection: str, reference: str, source: str, purpose: Purpose) -> None:
    with opened(folder) as (here, operator):
        found = here.why_not.explain(query, purpose, collection, reference, source, operator)
    _tell_reasons(found.reasons, found.compared_max)
    if found.past_retention:
        tell("The record is past its retention: no lookup finds it.")
    tell_match(found.match, found.prior_bits)
    _tell_verdict(found.told, purpose)
    tell("Whoever asks is told as far as the law between them and the record's marking allow.")


def _query(asked: Person) -> PersonQuery:
    """What a lookup would ask of that person: the first of each."""
    document = asked.documents[0] if asked.documents else None
    return built(
        PersonQuery,
        name=asked.names[0].full if asked.names else "",
        birth=asked.births[0] if asked.births else "",
        sex=asked.sex,
        nationality=asked.nationalities[0] if asked.nationalities else "",
        place=asked.birth_place,
        document_number=document.number if document else "",
        document_country=document.country if document else "",
    )


def _tell_reasons(reasons: tuple[Reason, ...], compared: int) -> None:
    for reason in reasons:
        tell(_lost(reason, compared))
    if not reasons:
        tell(f"The index finds this person, among the {compared} that are compared in full.")


def _tell_verdict(reported: bool, purpose: Purpose) -> None:
    verdict = "reported" if reported else "not reported"
    tell(f"{verdict}: {purpose} reports from probability {report_from(purpose):g} on")


def _lost(reason: Reason, pool: int) -> str:
    match reason.stage:
        case Stage.NOT_RECORDED:
            return "The index has nobody there: make it anew."
        case Stage.NO_SUCH_WORD:
            return (
                f"No word of the record is near enough to {reason.asked}: the nearest, {reason.found}, is too far off."
            )
        case Stage.NOT_IN_POOL:
            return "Too many others share more with the question to look at this person at all."
        case Stage.TOO_LITTLE:
            return (
                f"The person has too little in common with the question: {reason.bits:.1f} bits;"
                f" the last who is compared in full has {reason.bits_needed:.1f}."
            )
        case Stage.OUTRANKED:
            return f"The index puts this person at place {reason.place}, and the first {pool} are compared in full."
