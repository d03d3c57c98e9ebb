"""Stylesheet and scripts: kept for good under addresses that change with them; others' scripts as published."""

import asyncio
from hashlib import sha256
from typing import Any

import pytest
from starlette.exceptions import HTTPException

from comity.web.console.door import FIELDS
from comity.web.console.static_files import STATIC, Kept, address

VENDORED = [line.split("  ") for line in (STATIC / "VENDORED").read_text().splitlines() if not line.startswith("#")]


def got(path: str) -> dict[str, str]:
    """The fields of the answer, with its status."""
    path, _, query = path.partition("?")
    scope = {
        "type": "http",
        "asgi": {"spec_version": "2.4"},
        "method": "GET",
        "path": path,
        "root_path": "",
        "query_string": query.encode(),
    }
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(Kept(FIELDS)(scope | {"headers": []}, receive, send))  # type: ignore[arg-type]
    return {"status": str(sent[0]["status"])} | {name.decode(): one.decode() for name, one in sent[0]["headers"]}


def test_a_file_is_kept_under_the_address_of_its_digest_alone():
    kept = got(address("console.css").removeprefix("/static"))
    assert kept["cache-control"] == "public, max-age=31536000, immutable"
    assert got("/console.css")["cache-control"] == "no-store"
    assert kept["content-type"].startswith("text/css")


def test_files_carry_the_fields_of_every_page():
    fields = got(address("keys.js").removeprefix("/static"))
    assert fields["content-security-policy"] == FIELDS["content-security-policy"]
    assert fields["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/../door.py", "/%2e%2e/door.py", "/nothing.js"])
def test_nothing_else_is_given_out(path: str):
    with pytest.raises(HTTPException, match="404"):
        got(path)


@pytest.mark.parametrize(("digest", "name"), VENDORED)
def test_what_others_wrote_is_as_they_published_it(digest: str, name: str):
    assert sha256((STATIC / name).read_bytes()).hexdigest() == digest


def test_every_file_of_others_is_listed():
    ours = {"console.css", "keys.js", "trusted.js", "mark.svg", "VENDORED"}
    assert {path.name for path in STATIC.iterdir()} - ours >= {name for _, name in VENDORED}
    assert {path.name for path in STATIC.glob("*.min.js")} <= {name for _, name in VENDORED}
