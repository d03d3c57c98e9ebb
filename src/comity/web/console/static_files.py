"""Files that never change under their address: stylesheet, scripts, marks; each address carries the file's digest."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from comity.domain import limits

STATIC = Path(__file__).parent / "static"
DIGITS_OF_DIGEST = 16


@cache
def address(name: str) -> str:
    """Where a page finds a file of ours. Raises FileNotFoundError: a template named a file that is not there."""
    digest = sha256((STATIC / name).read_bytes()).hexdigest()[:DIGITS_OF_DIGEST]
    return f"/static/{name}?v={digest}"


class Kept(StaticFiles):
    """With the fields that every page carries; kept by the browser only under the address that has the digest."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(directory=STATIC)
        self.fields = fields

    def file_response(self, full_path: Any, stat_result: Any, scope: Any, status_code: int = 200) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers.update(self.fields)
        if scope["query_string"].startswith(b"v="):
            kept = f"public, max-age={limits.STATIC_FILE_KEPT_SECONDS}, immutable"
            response.headers["cache-control"] = kept
        return response
