"""`comity held`: look at what supervised members asked or wrote, release it or refuse it."""

from typing import Annotated

import typer

from comity.cli.at_node import opened
from comity.cli.common import AsJson, NodeFolder, print_json, print_table, tell
from comity.domain.errors import Missing
from comity.domain.supervision import Cover, HeldQuestion
from comity.law.words import count
from comity.nodes.node import Node

app = typer.Typer(help="Questions and letters of supervised members, held for review.", no_args_is_help=True)
HeldId = Annotated[str, typer.Argument(help="As listed: of a question, or SENDER/LETTER.", metavar="QUESTION|LETTER")]


@app.command(name="list")
def list_held(node: NodeFolder, as_json: AsJson = False) -> None:
    """What waits for somebody to look at it: questions, the oldest first, then letters, emergencies first."""
    with opened(node) as (here, operator):
        questions, letters = here.supervision.held(operator), here.letter_review.every(operator)
        if as_json:
            print_json({"questions": questions, "letters": letters})
            return
        rows = [*map(_question, questions), *map(_letter, letters)]
        print_table(("id", "from", "what", "purpose", "case", "held at", "until"), rows, "Nothing is held.")


def _question(one: HeldQuestion) -> tuple[object, ...]:
    asked = one.question
    what = f"question: {asked.query.__struct_config__.tag}"
    return one.id, asked.asker.bureau, what, asked.purpose, asked.case, f"{one.held_at:%d %b %Y %H:%M}", one.until


def _letter(one: Cover) -> tuple[object, ...]:
    what = f"{one.kind}, {one.lane}"
    return one.id, one.sender, what, one.purpose, one.case, f"{one.held_at:%d %b %Y %H:%M}", one.until


@app.command()
def show(held: HeldId, node: NodeFolder) -> None:
    """One question or letter, as JSON; of shared records their ids alone. Reading a letter is journalled."""
    with opened(node) as (here, operator):
        if _is_letter(here, held):
            print_json(here.letter_review.show(held, operator))
            return
        found = next((one for one in here.supervision.held(operator) if one.id == held), None)
        if found is None:
            raise Missing(f"No question {held} is held here.", do="See `comity held list`.")
        print_json(found)


@app.command()
def release(
    held: HeldId,
    node: NodeFolder,
    with_earlier: Annotated[
        bool, typer.Option(help="Of a letter: with all that came before it in its lane and waits too.")
    ] = False,
) -> None:
    """A question: answer it by letter, as a lookup of today would be. A letter: apply it as if it had just come."""
    with opened(node) as (here, operator):
        if _is_letter(here, held):
            for one in here.letter_review.release(held, operator, with_earlier):
                tell(f"{one} released")
            return
        told = here.supervision.release(held, operator)
        tell(
            f"{held} released; {count(told, 'finding')} told" if told else f"{held} released; there was nothing to tell"
        )


@app.command()
def refuse(
    held: HeldId, node: NodeFolder, reason: Annotated[str, typer.Option(help="Whoever asked or wrote reads it.")]
) -> None:
    """Do not answer it, or do not apply it."""
    with opened(node) as (here, operator):
        if _is_letter(here, held):
            here.letter_review.refuse(held, reason, operator)
        else:
            here.supervision.refuse(held, reason, operator)
        tell(f"{held} refused")


def _is_letter(here: Node, held: str) -> bool:
    """Questions are known by the id that their asker gave them, which may look like anything."""
    with here.store.reading() as tx:
        return "/" in held and tx.held.get(held) is None
