"""`comity law explain`: which layers were asked, what each permits, which wins, and what is owed or needed."""

from typing import Annotated

import typer

from comity.cli.common import AsJson, print_json, tell
from comity.cli.law_texts import Files, NodeOfLaw, On, acted_under, day, party
from comity.cli.rulebook_choice import Choice
from comity.domain.caller import Role
from comity.domain.circumstances import Assurance, Circumstances, EntityKind, Harm, Nature, StatedOffence, Tier
from comity.domain.decision import Request
from comity.domain.errors import Invalid
from comity.domain.hit import Priority
from comity.domain.offence import known_offence
from comity.law.explain import explain, words

app = typer.Typer()


@app.command(name="explain")
def explain_request(
    asker: Annotated[str, typer.Option("--from", help="Who asks: a country or an organisation.")],
    owner: Annotated[str, typer.Option("--to", help="Whose records.")],
    category: Annotated[str, typer.Option(help="Of which category.")],
    purpose: Annotated[str, typer.Option(help="For which purpose.")],
    files: Files = None,
    node: NodeOfLaw = None,
    rulebook: Choice = None,
    roles: Annotated[list[Role] | None, typer.Option("--role", help="As what; officer if not said.")] = None,
    on_behalf_of: Annotated[str, typer.Option(help="Of a system: for which officer it asks.")] = "",
    offence: Annotated[str, typer.Option(help="The offence behind it.")] = "",
    penalty_months: Annotated[int | None, typer.Option(help="Its greatest penalty, in months.")] = None,
    sentence_months: Annotated[int | None, typer.Option(help="The sentence, in months.")] = None,
    punishable_in: Annotated[list[str] | None, typer.Option(help="Countries where it is an offence.")] = None,
    natures: Annotated[list[Nature] | None, typer.Option("--nature", help="Of which nature, if of any.")] = None,
    entity: Annotated[EntityKind | None, typer.Option(help="Which kind of body asks.")] = None,
    tier: Annotated[Tier | None, typer.Option(help="How far its country takes part.")] = None,
    priority: Annotated[Priority | None, typer.Option(help="How urgent it is.")] = None,
    language: Annotated[str, typer.Option(help="In which language it is asked (ISO 639).")] = "",
    necessity: Annotated[str, typer.Option(help="Why it is strictly necessary.")] = "",
    assured: Annotated[list[Harm] | None, typer.Option(help="A harm against which the asker gives its word.")] = None,
    on: On = "",
    as_json: AsJson = False,
) -> None:
    """Say why something may be told, or not: layer by layer, text by text, in words."""
    if not offence and (penalty_months is not None or sentence_months is not None or punishable_in or natures):
        raise Invalid("Of an offence that is not named nothing is known.", where="--offence", do="Name it.")
    if offence:
        known_offence(offence, "--offence")
    today = day(on)
    stated = StatedOffence(
        code=offence or "none",
        penalty_max_months=penalty_months,
        sentence_months=sentence_months,
        punishable_in=tuple(map(party, punishable_in or ())),
        natures=tuple(natures or ()),
    )
    request = Request(
        asker=party(asker),
        owner=party(owner),
        category=category,
        purpose=purpose,
        roles=tuple(roles or (Role.OFFICER,)),
        officer_named=Role.SYSTEM not in (roles or ()) or bool(on_behalf_of),
        officer=on_behalf_of,
        circumstances=Circumstances(
            offence=stated if offence else None,
            entity=entity,
            tier=tier,
            priority=priority,
            language=language,
            necessity=necessity,
            assurances=tuple(
                Assurance(against=harm, given_by=party(asker), reference="stated", until=today)
                for harm in assured or ()
            ),
        ),
    )
    law = acted_under(files, node, rulebook).law
    explained = explain(request, law, today)
    if as_json:
        print_json(explained)
        return
    for line in words(explained, law.texts.book):
        tell(line)
