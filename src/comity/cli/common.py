"""What several commands share: which node, which caller, how things are printed."""

import getpass
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich import box
from rich.console import Console
from rich.table import Table

from comity.client.comity import Comity
from comity.domain.caller import Caller
from comity.domain.errors import Invalid
from comity.nodes.node import Node

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
Note = Annotated[str, typer.Option("--note", help="A few words to the other side.")]

out = Console(highlight=False, soft_wrap=True)


@contextmanager
def opened(folder: Path) -> Iterator[tuple[Node, Caller]]:
    """The node in that folder and its operator: the person logged in on this machine."""
    node = Node(folder)
    try:
        yield node, node.operator(getpass.getuser())
    finally:
        node.close()


def bureau(profile: Path) -> Comity:
    """The running bureau of a profile, through the SDK that national systems use."""
    return Comity.from_profile(profile)


def print_json(value: object) -> None:
    """One value as JSON, indented, on standard output."""
    out.out(msgspec.json.format(msgspec.json.encode(value), indent=2).decode(), highlight=False)


def print_table(columns: Sequence[str], rows: Sequence[Sequence[object]], empty: str) -> None:
    """A table that is readable on a narrow terminal and in a pipe; `empty` says what it means that there is none."""
    if not rows:
        out.print(empty)
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for place, column in enumerate(columns):
        table.add_column(column, overflow="fold", no_wrap=place == 0)  # ids are copied: never broken
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    out.print(table)


def write_new(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Write a file that is not there yet; Invalid where it is."""
    try:
        with open(path, "xb", opener=_opener(mode)) as file:
            file.write(data)
    except FileExistsError:
        raise Invalid(f"{path} is there already.", do="Choose another name or move it away.") from None


def _opener(mode: int) -> Callable[[str, int], int]:
    return lambda path, flags: os.open(path, flags, mode)
