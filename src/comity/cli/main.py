"""The command line: `comity NOUN VERB`."""

import gc
import sys
from importlib import import_module
from typing import Any

import typer
from msgspec import ValidationError
from typer.core import TyperGroup
from typer.main import get_group_from_info
from typer.models import TyperInfo

from comity.cli.common import STATUS, warn
from comity.domain.errors import Invalid, Refusal

COLLECTED_AFTER_OBJECTS = 50_000  # made and not yet gone

# Each is a module here. tests/cli/test_main.py
GROUPS = (
    "node", "member", "keys", "account", "agreement", "law", "records", "index", "lookup", "batch", "watch", "consent",
    "override", "rights", "incident", "post", "held", "hits", "case", "mail", "operation", "links", "journal",
    "oversight", "misuse", "match",
)  # fmt: skip


class Groups(TyperGroup):
    """Loads a group of commands when it is named: who looks somebody up need not wait for what a node is made of."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands.update({name: TyperGroup(name=name) for name in GROUPS})

    def get_command(self, ctx: Any, cmd_name: str) -> TyperGroup | None:
        if cmd_name not in GROUPS:
            return None
        named = TyperInfo(import_module(f"comity.cli.{cmd_name}").app, name=cmd_name)
        group = get_group_from_info(named, pretty_exceptions_short=True, suggest_commands=True, rich_markup_mode=None)
        gc.freeze()  # what a program made by starting stays
        return group


app = typer.Typer(
    name="comity",
    cls=Groups,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback()
def comity() -> None:
    """Look records up across borders as far as agreements allow, and prove it afterwards."""


def main() -> None:
    """Run a command; a refusal is one clear line and an exit status, never a traceback."""
    # Records by the thousand, which hold no circles, need no looking through at every 700th: that took a quarter of an
    # import's time.
    gc.set_threshold(COLLECTED_AFTER_OBJECTS)
    try:
        app()
    except Refusal as refusal:
        _say(refusal)
        sys.exit(STATUS.get(refusal.code, 1))
    except ValidationError as wrong:
        _say(Invalid(str(wrong), do="Correct it and run the command again."))
        sys.exit(STATUS["invalid"])
    except OSError as wrong:  # a file that cannot be read, a disk that is full
        where = f"{wrong.filename}: " if wrong.filename else ""
        warn(f"comity: {where}{wrong.strerror or type(wrong).__name__}")
        sys.exit(1)


def _say(refusal: Refusal) -> None:
    warn(f"comity: {refusal}")
    if refusal.clauses:
        warn(f"comity: by {', '.join(refusal.clauses)}")
