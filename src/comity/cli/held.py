"""`comity held`: look at what supervised members asked, release it or refuse it."""

from typing import Annotated

import typer

from comity.cli.at_node import opened
from comity.cli.common import AsJson, NodeFolder, print_json, print_table, tell
from comity.domain.errors import Missing

app = typer.Typer(help="Questions of supervised members, held for review.", no_args_is_help=True)
QuestionId = Annotated[str, typer.Argument(help="As listed.", metavar="QUESTION")]


@app.command(name="list")
def list_held(node: NodeFolder, as_json: AsJson = False) -> None:
    """What waits for somebody to look at it, the oldest first."""
    with opened(node) as (here, operator):
        held = here.supervision.held(operator)
        if as_json:
            print_json(held)
            return
        rows = [
            (
                one.id,
                one.question.asker.bureau,
                one.question.query.__struct_config__.tag,
                one.question.purpose,
                one.question.case,
                f"{one.held_at:%d %b %Y %H:%M}",
                one.until,
            )
            for one in held
        ]
        print_table(("question", "asked by", "about", "purpose", "case", "held at", "until"), rows, "Nothing is held.")


@app.command()
def show(question: QuestionId, node: NodeFolder) -> None:
    """One question whole, as JSON."""
    with opened(node) as (here, operator):
        found = next((one for one in here.supervision.held(operator) if one.id == question), None)
        if found is None:
            raise Missing(f"No question {question} is held here.", do="See `comity held list`.")
        print_json(found)


@app.command()
def release(question: QuestionId, node: NodeFolder) -> None:
    """Answer it as a lookup of today would be; the answer goes by letter."""
    with opened(node) as (here, operator):
        told = here.supervision.release(question, operator)
        tell(
            f"{question} released; {told} findings told" if told else f"{question} released; there was nothing to tell"
        )


@app.command()
def refuse(
    question: QuestionId, node: NodeFolder, reason: Annotated[str, typer.Option(help="Whoever asked reads it.")]
) -> None:
    """Do not answer it."""
    with opened(node) as (here, operator):
        here.supervision.refuse(question, reason, operator)
        tell(f"{question} refused")
