"""The files of a log over HTTP: its checkpoint, which changes, and its tiles, which never do."""

from collections.abc import Callable

from comity.wire.http import Response
from comity.wire.tiles import CHECKPOINT_PATH, COSIGNED_PATH

LogFile = Callable[[str, str], bytes]  # of a log's name and a path in it; raises Missing
_NEVER_CHANGES = "public, max-age=31536000, immutable"


def log_file(file: LogFile, log: str, path: str) -> Response:
    """As C2SP tlog-tiles has it. Raises Missing."""
    content = file(log, path)
    if path in (CHECKPOINT_PATH, COSIGNED_PATH):
        headers = {"content-type": "text/plain; charset=utf-8", "cache-control": "no-store"}
    else:
        headers = {"content-type": "application/octet-stream", "cache-control": _NEVER_CHANGES}
    return Response(status=200, headers=headers, body=content)
