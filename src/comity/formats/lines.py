"""The lines of a file with their numbers, none held in memory beyond the limit of one line."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO

from comity.domain import limits

Source = Path | BinaryIO
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_CHUNK_BYTES = 1 << 20


def opened(source: Source) -> AbstractContextManager[BinaryIO]:
    """The bytes of a file, closed afterwards; a stream that was handed in open stays open."""
    return source.open("rb") if isinstance(source, Path) else nullcontext(source)


def lines(stream: BinaryIO, from_line: int = 1) -> Iterator[tuple[int, bytes | None]]:
    """(number, bytes with their line end); None for a line over IMPORT_LINE_BYTES_MAX, which is passed over."""
    number = 0
    limit = limits.IMPORT_LINE_BYTES_MAX
    while line := stream.readline(limit + 1):
        number += 1
        if len(line) <= limit:
            if number == 1 and line.startswith(BYTE_ORDER_MARK):
                line = line[len(BYTE_ORDER_MARK) :]
            if number >= from_line:
                yield number, line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(_CHUNK_BYTES)
        if number >= from_line:
            yield number, None


TOO_LONG = f"The line is longer than {limits.IMPORT_LINE_BYTES_MAX // 1024} KiB."
