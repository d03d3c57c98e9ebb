"""`comity law`: what the law says, and whether it still says what it said."""

from typing import Annotated

import typer

from comity.cli import law_check, law_diff, law_explain, law_render, law_rulebook, law_simulate
from comity.cli.at_node import opened
from comity.cli.common import NodeFolder, tell
from comity.desks.lookup_notes import decisions
from comity.domain.decision import Decision
from comity.domain.errors import Conflict, Missing
from comity.law.facts import ANYONE_ELSE
from comity.law.replay import differences, in_other_words, replay
from comity.law.weighed import engine
from comity.law.words import party_name

app = typer.Typer(help="Check, explain, compare, simulate and read the law aloud; decide again.", no_args_is_help=True)
for part in (law_check, law_diff, law_explain, law_render, law_rulebook, law_simulate):
    app.add_typer(part.app)


@app.command(name="replay")
def replay_entry(
    index: Annotated[int, typer.Argument(help="The number of an entry of the journal.", metavar="ENTRY")],
    node: NodeFolder,
) -> None:
    """Make the decisions of a journal entry again, from the texts they were taken under, and compare."""
    with opened(node) as (here, operator):
        found = here.oversight.read(operator, after=index - 1, limit=1)
        if not found or found[0].index != index:
            raise Missing(f"There is no entry {index}.", do="See `comity journal show`.")
        taken = decisions(found[0].entry)
        if not taken:
            raise Missing(
                f"Entry {index} holds no decision.",
                do="Decisions stand with what was answered, refused, shown or passed on: see `comity journal show`.",
            )
        digests = {digest for one in taken for digest in one.decision.digests}
        texts, published = here.agreements.texts(digests), here.agreements.published(digests)
    changed = 0
    for one in taken:
        again = replay(one, texts, published)
        what = one.envelope.record if one.envelope else f"{one.request.category} of {_party(one.request.owner)}"
        differing = differences(one.decision, again)
        reworded = one.engine != engine() and in_other_words(one.decision, again)  # by another release, which says so
        changed += bool(differing) and not reworded
        how = "the same, in other words" if reworded else "not the same" if differing else "the same"
        tell(f"{what}: {how}: {_said(one.decision)}")
        asked = f"{_party(one.request.asker)} asked on {one.on} for {one.request.purpose}"
        tell(f"    {asked}; by {one.engine}; now {engine()}")
        for line in differing:
            tell(f"    {line}")
    if changed:
        raise Conflict(
            f"{changed} of {len(taken)} decisions come out differently.",
            do="Compare the releases of Comity and of Cedar that are named; report it.",
        )


def _party(code: str) -> str:
    """Our own rules do not look at who asks whom."""
    return "anyone" if code == ANYONE_ELSE else party_name(code)


def _said(decision: Decision) -> str:
    if decision.reason is not None:
        return f"refused by {decision.reason.clause}"
    return f"{decision.level.word} by {', '.join(decision.clauses)}"
