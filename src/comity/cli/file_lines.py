"""Files beside messages as lines on a terminal, with how far they have come."""

import mimetypes
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, TextColumn, TransferSpeedColumn
from rich.progress import Progress as Bars

from comity.cli.common import plain, tell
from comity.client.files import Files, Progress
from comity.domain.errors import Missing
from comity.domain.files import FileNote, FileState

ANY_TYPE = "application/octet-stream"


def file_line(note: FileNote) -> str:
    """One line: what it is, and how it stands."""
    return f"  file {note.id}: {note.name} ({note.media_type}, {note.size_bytes:,} bytes), {_stands(note)}"


def attach_all(files: Files, mail_id: str, paths: Iterable[Path]) -> None:
    for path in paths:
        tell(file_line(bring(files, mail_id, path)))


def bring(files: Files, mail_id: str, path: Path) -> FileNote:
    """To its end, with a bar where somebody looks on."""
    with _bar(path.name) as progress:
        return files.attach(mail_id, path, mimetypes.guess_type(path.name)[0] or ANY_TYPE, progress)


def save_all(files: Files, notes: Sequence[FileNote], folder: Path) -> None:
    """Those that are here; each as a new file."""
    if not folder.is_dir():
        raise Missing(f"There is no folder {folder}.", do="Make it first.")
    for note in notes:
        if note.state is not FileState.WHOLE:
            continue
        with _bar(note.name) as progress:
            path = files.save(note, folder, progress)
        tell(f"  saved {path}")


@contextmanager
def _bar(name: str) -> Iterator[Progress]:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    shown = Console(stderr=True, markup=False, emoji=False)
    with Bars(*columns, console=shown, transient=True, disable=not sys.stderr.isatty()) as bars:
        task = bars.add_task(plain(name))
        yield lambda came, of: bars.update(task, completed=came, total=of)


def _stands(note: FileNote) -> str:
    if note.state is FileState.COMING:
        of = note.sealed_bytes if note.sender else note.size_bytes
        return f"{100 * note.came_bytes // max(of, 1)} % has come"
    if note.state is FileState.WHOLE and not note.sender:
        fetched = f", fetched by {', '.join(note.fetched_by)}" if note.fetched_by else ""
        return f"{'at the hub' if note.at_hub else 'here'}{fetched}"
    return f"{note.state}{f': {note.remark}' if note.remark else ''}"
