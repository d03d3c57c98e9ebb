"""By which rulebook a command reads law: one in a folder that is named, or the one that is shipped."""

from pathlib import Path
from typing import Annotated

import typer

from comity.law.rulebook import Rulebook, read_rulebook, shipped_rulebook

SHIPPED = "shipped"
Choice = Annotated[
    Path | None,
    typer.Option(
        "--rulebook",
        help="The organisation's own rulebook, by which the files are read; the shipped one if not said.",
        metavar="DIR",
    ),
]


def rulebook_in(folder: Path | None) -> Rulebook:
    """Raises Missing, Invalid."""
    return shipped_rulebook() if folder is None or str(folder) == SHIPPED else read_rulebook(folder)
