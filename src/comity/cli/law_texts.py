"""Which law a command speaks of: of files that are named, or of what a node acts under."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from comity.cli.at_node import opened
from comity.cli.common import iso_day, read
from comity.cli.rulebook_choice import rulebook_in
from comity.domain.country import country, country_called
from comity.domain.errors import Invalid
from comity.domain.instrument import Instrument
from comity.law.acted import Acted
from comity.law.instruments import read_instrument
from comity.law.rulebook import Rulebook

Files = Annotated[list[Path] | None, typer.Argument(help="Instruments (TOML), instead of a node.", metavar="[FILE…]")]
NodeOfLaw = Annotated[
    Path | None,
    typer.Option("--node", envvar="COMITY_NODE", help="The node whose law it is.", show_envvar=True, metavar="DIR"),
]
On = Annotated[str, typer.Option("--on", help="The day, YYYY-MM-DD; today (UTC) if not said.", metavar="DATE")]


def acted_under(files: Sequence[Path] | None, node: Path | None, rulebook: Path | None = None) -> Acted:
    """Those files by themselves; of a node all that it acts under: who signed what, what may not be used, its rulebook.

    Raises Invalid.
    """
    if files:
        book = rulebook_in(rulebook)
        return Acted(tuple(instrument_in(path, book) for path in files), book)
    if node is None:
        raise Invalid("It is not said whose law.", do="Name files of instruments, or a node with --node.")
    if rulebook is not None:
        raise Invalid("A node acts under its own rulebook.", where="--rulebook", do="Leave it out, or name files.")
    with opened(node) as (here, _):
        return here.agreements.acted_under()


def instrument_in(path: Path, book: Rulebook) -> tuple[Instrument, str]:
    """The instrument in that file with the digest of its text."""
    text = read(path)
    return read_instrument(text, path.name, book), hashlib.sha256(text).hexdigest()


def party(text: str, named: Collection[str], where: str = "") -> str:
    """A country by its letters or its name, or an organisation that those texts name. Raises Invalid for any other."""
    if text in named:
        return text
    try:
        return country(country_called(text) or text)
    except Invalid:
        others = ", ".join(one for one in named if not one.isupper())
        raise Invalid(
            f"{text!r} is no country, and no text here names it.",
            where=where,
            do=f"Write a country by its code or name (XB, Bergenia){f', or one of {others}' if others else ''}.",
        ) from None


def day(text: str) -> date:
    """That day, or today."""
    return iso_day(text, "--on") if text else datetime.now(UTC).date()
