"""`comity law explain`: which layers were asked, what each permits, which wins, and what is owed or needed."""

from typing import Annotated

import typer
from msgspec.structs import replace

from comity.cli.common import AsJson, print_json, tell
from comity.cli.law_texts import Files, NodeOfLaw, On, acted_under, day, party
from comity.cli.rulebook_choice import Choice
from comity.cli.stating import Said, stating
from comity.domain.caller import Role
from comity.domain.circumstances import EntityKind, Tier
from comity.domain.decision import Request
from comity.law.explain import explain, words
from comity.law.simulate import parties
from comity.law.weighed import what_is_stated

app = typer.Typer()


@app.command(name="explain")
@stating
def explain_request(
    said: Said,
    asker: Annotated[str, typer.Option("--from", help="Who asks: a country or an organisation.")],
    owner: Annotated[str, typer.Option("--to", help="Whose records.")],
    category: Annotated[str, typer.Option(help="Of which category.")],
    purpose: Annotated[str, typer.Option(help="For which purpose.")],
    files: Files = None,
    node: NodeOfLaw = None,
    rulebook: Choice = None,
    roles: Annotated[list[Role] | None, typer.Option("--role", help="As what; officer if not said.")] = None,
    on_behalf_of: Annotated[str, typer.Option(help="Of a system: for which officer it asks.")] = "",
    entity: Annotated[EntityKind | None, typer.Option(help="Which kind of body asks.")] = None,
    tier: Annotated[Tier | None, typer.Option(help="How far its country takes part.")] = None,
    on: On = "",
    as_json: AsJson = False,
) -> None:
    """Say why something may be told, or not: layer by layer, text by text, in words."""
    acted = acted_under(files, node, rulebook)
    named = parties(acted.instruments)
    asking, owning = party(asker, named, "--from"), party(owner, named, "--to")
    request = Request(
        asker=asking,
        owner=owning,
        category=category,
        purpose=purpose,
        roles=tuple(roles or (Role.OFFICER,)),
        officer_named=Role.SYSTEM not in (roles or ()) or bool(on_behalf_of),
        officer=on_behalf_of,
        circumstances=replace(what_is_stated(asking, said.offence, said.stated, entity), tier=tier),
    )
    explained = explain(request, acted.law, day(on))
    if as_json:
        print_json(explained)
        return
    for line in words(explained, acted.book):
        tell(line)
