"""What several commands share: which node or bureau, who works here, how things are read and printed."""

import os
import pwd
import secrets
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, BinaryIO

import msgspec
import typer
from rich import box
from rich.console import Console
from rich.table import Table

from comity.client.comity import Comity
from comity.domain.errors import Conflict, Invalid, Missing

NodeFolder = Annotated[
    Path, typer.Option("--node", envvar="COMITY_NODE", help="The node's folder.", show_envvar=True, metavar="DIR")
]
Profile = Annotated[
    Path,
    typer.Option(
        "--profile",
        envvar="COMITY_PROFILE",
        help="File with url, token and trust of a running bureau, from `comity account token --save`.",
        metavar="FILE",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Token = Annotated[
    Path,
    typer.Option(
        "--token",
        envvar="COMITY_PROFILE",
        help="File with your own token, from `comity account token --save`: what you sign for is yours alone.",
        metavar="FILE",
    ),
]
Note = Annotated[str, typer.Option("--note", help="A few words to the other side.")]

# No markup: what others wrote is shown as it is, brackets and all.
# A pipe has no edge at which a table would have to fold.
_WIDTH = None if sys.stdout.isatty() else 400
out = Console(highlight=False, soft_wrap=True, markup=False, emoji=False, width=_WIDTH)

# exit status by kind of failure; 1 is anything else
STATUS = {"invalid": 2, "not-permitted": 3, "missing": 4, "conflict": 5, "unavailable": 6, "unauthenticated": 7}

# Controls and format characters: they could hide text, or turn it round. Joiners belong to words of some scripts.
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs"})
_JOINERS = frozenset("\u200c\u200d")


def iso_day(text: str, where: str) -> date:
    """YYYY-MM-DD. Raises Invalid."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(f"{text!r} is no day.", where=where, do="Write YYYY-MM-DD.") from None


def login() -> str:
    """Who works here: by the account that runs this command, not by a variable that anyone may set."""
    uid = os.getuid()
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:  # as in a container without a list of accounts
        return f"uid-{uid}"


def bureau(profile: Path) -> Comity:
    """The running bureau of a profile, through the SDK that national systems use."""
    return Comity.from_profile(profile)


def tell(text: str) -> None:
    """A line on standard output."""
    out.print(plain(text))


def warn(text: str) -> None:
    """A line on standard error, beside what the command prints."""
    print(plain(text), file=sys.stderr)


def plain(text: str) -> str:
    """Without what a terminal would obey instead of showing: what others wrote is printed here."""
    return "".join(sign if _shows(sign) else "\N{REPLACEMENT CHARACTER}" for sign in text)


def _shows(sign: str) -> bool:
    return sign in _JOINERS or unicodedata.category(sign) not in _UNSEEN


def read(path: Path) -> bytes:
    """A file that was named. Raises Missing."""
    if not path.is_file():
        raise Missing(f"There is no file {path}.", do="Check the path.")
    return path.read_bytes()


def print_json(value: object) -> None:
    """One value as JSON, indented, on standard output."""
    out.out(msgspec.json.format(msgspec.json.encode(value), indent=2).decode(), highlight=False)


def print_table(columns: Sequence[str], rows: Sequence[Sequence[object]], empty: str) -> None:
    """A table that is readable on a narrow terminal and in a pipe; `empty` says what it means that there is none."""
    if not rows:
        tell(empty)
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for place, column in enumerate(columns):
        table.add_column(column, overflow="fold", no_wrap=place == 0)  # ids are copied: never broken
    for row in rows:
        table.add_row(*(plain(str(cell)) for cell in row))
    out.print(table)


def must_be_new(*paths: Path) -> None:
    """Before anything is done whose result could then not be written. Raises Conflict, Missing."""
    for path in paths:
        if path.exists():
            raise Conflict(f"{path} is there already.", do="Choose another name or move it away.")
        if not path.absolute().parent.is_dir():
            raise Missing(f"There is no folder {path.parent}.", do="Make it first.")


def write_new(path: Path, data: bytes) -> None:
    """Write a file that is not there yet, for this account alone. Raises Conflict, Missing."""
    with new_file(path) as file:
        file.write(data)


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """A file that is not there yet, for this account alone; not there at all unless it becomes whole."""
    must_be_new(path)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with _opened_new(path):  # the name is ours from here on
        pass
    try:
        with _opened_new(draft) as file:
            yield file
        draft.replace(path)
    except BaseException:
        for ours in (draft, path):
            ours.unlink(missing_ok=True)
        raise


def _opened_new(path: Path) -> BinaryIO:
    return open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600))
