"""The files that `comity match` reads and writes, and the index that it may keep."""

import gzip
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from rich.console import Console
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from comity.domain.errors import Conflict, Missing


def there(file: Path) -> None:
    """Raises Missing where there is nothing to read; a pipe may be read too."""
    if not file.exists() or file.is_dir():
        raise Missing(f"There is no file {file}.", do="Check the path.")


@contextmanager
def writing(out_file: Path, *never: Path) -> Iterator[BinaryIO]:
    """A file for results, for this account alone, packed where its name ends in .gz. Raises Conflict, Missing.

    What is read is never written over. Falls without it: tests/cli/test_match.py, the output over its input
    """
    if out_file.name == "-":
        yield sys.stdout.buffer
        return
    if not out_file.absolute().parent.is_dir():
        raise Missing(f"There is no folder {out_file.parent}.", do="Make it first.")
    if any(out_file.exists() and out_file.samefile(one) for one in never):
        raise Conflict(f"{out_file} is read; it cannot be written at the same time.", do="Choose another name.")
    with open(out_file, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as stream:
        if out_file.suffix != ".gz":
            yield stream
            return
        with gzip.open(stream, "wb") as packed:
            yield cast(BinaryIO, packed)


@contextmanager
def index_folder(kept: Path | None) -> Iterator[Path]:
    if kept:
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="comity-index-") as folder:
        yield Path(folder) / "index"


@contextmanager
def counting(what: str) -> Iterator[Callable[[int], None]]:
    """Lines so far, while somebody watches."""
    columns = (TextColumn(what), TextColumn("{task.completed:,.0f}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(what, total=None)
        yield lambda reached: shown.update(task, completed=reached)
