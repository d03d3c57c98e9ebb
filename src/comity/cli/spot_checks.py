"""`comity oversight draw`, `check`, `judge`, `second`: entries of the journal drawn by lot, seen by four eyes."""

from typing import Annotated

import typer

from comity.cli.at_node import bearer, opened
from comity.cli.common import AsJson, NodeFolder, Token, iso_day, print_json, print_table, tell
from comity.cli.journal import entry_lines
from comity.domain import limits
from comity.domain.errors import Conflict
from comity.domain.spot_check import Draw, Judged, SpotCheck, Verdict

CheckId = Annotated[str, typer.Argument(help="As listed by checks.", metavar="CHECK")]
Number = Annotated[int, typer.Argument(help="The entry's number.", metavar="ENTRY")]


def draw(
    node: NodeFolder,
    token: Token,
    since: Annotated[str, typer.Option(help="First day, YYYY-MM-DD.", metavar="DAY")],
    until: Annotated[str, typer.Option(help="Last day, YYYY-MM-DD.", metavar="DAY")],
    how: Annotated[Draw, typer.Option(help="Each alike, or by what could be wrong.")] = Draw.RANDOM,
    count: Annotated[int, typer.Option(help="So many entries.", min=1, max=limits.SPOT_CHECK_ENTRIES_MAX)] = 20,
) -> None:
    """Let the lot fall on entries of these days; the seed is kept, so that the draw can be made again."""
    with opened(node) as (here, _):
        days = iso_day(since, "--since"), iso_day(until, "--until")
        check = here.spot_checks.draw(*days, count, how, bearer(here, token))
    tell(f"{check.id}: {len(check.drawn)} of {check.population} entries, {check.draw}, seed {check.seed}")


def checks(node: NodeFolder, token: Token, as_json: AsJson = False) -> None:
    """Every spot check, the newest first."""
    with opened(node) as (here, _):
        every = here.spot_checks.every(bearer(here, token))
    if as_json:
        print_json(every)
        return
    rows = [
        (
            one.id,
            f"{one.drawn_at:%Y-%m-%d}",
            one.draw,
            f"{sum(bool(two.second) for two in one.judged)}/{len(one.drawn)}",
        )
        for one in every
    ]
    print_table(("check", "drawn", "how", "with the verdict of two"), rows, "Nothing was drawn yet.")


def check(
    check_id: CheckId,
    node: NodeFolder,
    token: Token,
    again: Annotated[bool, typer.Option("--again", help="Make the same draw from its seed and compare.")] = False,
) -> None:
    """One spot check with its entries, why each was drawn, and what was said of it. This is journalled."""
    with opened(node) as (here, _):
        caller = bearer(here, token)
        one, openings = here.spot_checks.show(check_id, caller)
        if again:
            if here.spot_checks.again(check_id, caller) != one.drawn:
                raise Conflict("The seed draws other entries.", do="Ask who drew these, and how.")
            tell(f"The seed {one.seed} draws the same {len(one.drawn)} of {one.population} entries.")
    reasons = {drawn.index: ", ".join(drawn.reasons) for drawn in one.drawn}
    for opening in openings:
        for line in entry_lines(opening):
            tell(line)
        if reasons[opening.index]:
            tell(f"    drawn more likely for: {reasons[opening.index]}")
        tell(f"    {_verdict(one, opening.index)}")


def judge(
    check_id: CheckId,
    entry: Number,
    verdict: Annotated[Verdict, typer.Argument(help="What you say of it.")],
    node: NodeFolder,
    token: Token,
    note: Annotated[str, typer.Option("--note", help="Why, in a few words.")],
) -> None:
    """The first verdict on an entry; nobody judges what they did themselves."""
    with opened(node) as (here, _):
        here.spot_checks.judge(check_id, entry, verdict, note, bearer(here, token))
        tell(f"Said; a second person agrees or disputes it: comity oversight second {check_id} {entry}")


def second(
    check_id: CheckId,
    entry: Number,
    node: NodeFolder,
    token: Token,
    dispute: Annotated[bool, typer.Option("--dispute", help="You do not agree: it is judged anew.")] = False,
) -> None:
    """A second person's word on a verdict."""
    with opened(node) as (here, _):
        found = here.spot_checks.second(check_id, entry, not dispute, bearer(here, token))
        tell(_verdict(found, entry))


def _verdict(check: SpotCheck, index: int) -> str:
    match check.verdict(index):
        case None:
            return "no verdict yet"
        case Judged(second="") as first:
            return f"{first.verdict}, by {first.by}: {first.note} (nobody has seconded it yet)"
        case Judged() as both:
            return f"{both.verdict}, by {both.by} and {both.second}: {both.note}"
