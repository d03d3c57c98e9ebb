"""Files at the officers' door: what any tus 1.0 client sends is taken, what any browser asks for is answered safely."""

import base64
import hashlib
from datetime import timedelta

import pytest

from comity.testing.federation import ALDOVA, BERGENIA, Federation
from comity.wire.http import Request, Response
from tests.federation.conftest import federation, founded, furnished
from tests.federation.file_cast import content, drafted, notes, sent

__all__ = ["federation", "founded", "furnished"]

CHUNK = 65_536


class Client:
    """One of the cast at the door of their own bureau."""

    def __init__(self, federation: Federation, login: str) -> None:
        node = federation[federation.cast[login].bureau]
        self.door = node.officer_door
        self.token, _ = node.accounts.issue(login, timedelta(hours=1), node.operator("test"))

    def __call__(self, method: str, path: str, body: bytes = b"", **fields: str) -> Response:
        headers = {"authorization": f"Bearer {self.token}"}
        headers |= {name.replace("_", "-"): value for name, value in fields.items()}
        return self.door(Request(method=method, authority="", target=path, headers=headers, body=body))


def metadata(name: str, kind: str = "video/mp4") -> str:
    told = {"filename": name, "filetype": kind}
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in told.items())


def begun(client: Client, mail: str, size: int, name: str = "a.mp4") -> str:
    response = client("POST", f"/v1/mail/{mail}/files", upload_length=str(size), upload_metadata=metadata(name))
    assert (response.status, response.headers["tus-resumable"]) == (201, "1.0.0"), response.body
    return response.headers["location"]


def patch(client: Client, at: str, offset: int, part: bytes, **fields: str) -> Response:
    kind = "application/offset+octet-stream"
    return client("PATCH", at, part, upload_offset=str(offset), content_type=kind, **fields)


def test_a_tus_client_brings_a_file_in_parts(federation: Federation):
    ada, body = Client(federation, "ada"), content(200_000)
    mail = drafted(federation).id
    at = begun(ada, mail, len(body))
    first = patch(ada, at, 0, body[:150_000])
    assert (first.status, first.headers["upload-offset"]) == (204, str(2 * CHUNK))  # whole chunks are kept
    assert ada("HEAD", at).headers["upload-offset"] == str(2 * CHUNK)
    assert patch(ada, at, 150_000, body[150_000:]).status == 409
    last = patch(ada, at, 2 * CHUNK, body[2 * CHUNK :])
    assert (last.headers["upload-offset"], last.headers["comity-file-state"]) == ("200000", "whole")
    assert ada("GET", at).body == body
    assert ada("DELETE", at).status == 204
    assert ada("GET", at).status == 404
    assert not federation[ALDOVA].files.disk.names()


def test_a_part_whose_sum_is_wrong_is_not_taken(federation: Federation):
    ada, body = Client(federation, "ada"), content(1_000)
    at = begun(ada, drafted(federation).id, len(body))
    wrong = base64.b64encode(hashlib.sha256(b"other").digest()).decode()
    assert patch(ada, at, 0, body, upload_checksum=f"sha256 {wrong}").status == 460
    right = base64.b64encode(hashlib.sha256(body).digest()).decode()
    assert patch(ada, at, 0, body, upload_checksum=f"sha256 {right}").status == 204


@pytest.mark.parametrize(
    ("asked", "span"),
    [
        ("bytes=0-9", (0, 10)),
        ("bytes=65530-65545", (65_530, 65_546)),
        ("bytes=199990-", (199_990, 200_000)),
        ("bytes=-7", (199_993, 200_000)),
        ("bytes=199999-300000", (199_999, 200_000)),
    ],
)
def test_any_range_is_read(federation: Federation, asked: str, span: tuple[int, int]):
    body = content(200_000)
    mail = sent(federation, body)
    federation.post()
    (note,) = notes(federation, mail.id)
    response = Client(federation, "ben")("GET", f"/v1/files/{note.id}", range=asked)
    assert (response.status, response.body) == (206, body[slice(*span)])
    assert response.headers["content-range"] == f"bytes {span[0]}-{span[1] - 1}/200000"


def test_a_range_beyond_its_end_is_refused(federation: Federation):
    mail = sent(federation, content(1_000))
    federation.post()
    (note,) = notes(federation, mail.id)
    ben = Client(federation, "ben")
    for asked in ("bytes=1000-", "bytes=5-4", "bytes=-0", "bytes=0-1,5-6", "lines=1-2", "bytes=-"):
        assert ben("GET", f"/v1/files/{note.id}", range=asked).status == 416, asked


def test_a_browser_never_runs_what_came(federation: Federation):
    ada = Client(federation, "ada")
    mail = drafted(federation).id
    at = begun(ada, mail, 10, "page.html")
    patch(ada, at, 0, b"<script>()")
    headers = ada("GET", at).headers
    assert headers["content-type"] == "application/octet-stream"
    assert headers["content-disposition"] == "attachment; filename*=UTF-8''page.html"
    assert headers["content-security-policy"] == "sandbox"


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"upload_length": "-1"}, "upload-length"),
        ({"upload_length": "x"}, "upload-length"),
        ({"upload_length": str(64 * 1024**3 + 1)}, "size_bytes"),
        ({"upload_metadata": "filename !"}, "upload-metadata"),
        ({"upload_metadata": metadata("../a")}, "name"),
        ({"upload_metadata": metadata("a", "no type")}, "media_type"),
    ],
)
def test_hostile_sizes_and_names_are_refused(federation: Federation, fields: dict[str, str], where: str):
    told = {"upload_length": "10", "upload_metadata": metadata("a.mp4")} | fields
    response = Client(federation, "ada")("POST", f"/v1/mail/{drafted(federation).id}/files", **told)
    assert response.status == 400, response.body
    assert where in response.body.decode()


def test_nobody_else_sees_or_touches_a_file(federation: Federation):
    mail = sent(federation, content(1_000))
    federation.post()
    (ours,), (theirs,) = notes(federation, mail.id, "ada"), notes(federation, mail.id, "ben")
    cora = Client(federation, "cora")
    for one in (ours.id, theirs.id):
        assert cora("GET", f"/v1/files/{one}").status == 404
        assert cora("HEAD", f"/v1/files/{one}").status == 404
    dora = Client(federation, "dora")  # of Aldova, and not in the case
    assert dora("GET", f"/v1/files/{ours.id}").status == 404
    assert dora("GET", f"/v1/mail/{mail.id}/files").status == 404
    assert patch(Client(federation, "ada"), f"/v1/files/{ours.id}", 0, b"x").status == 409
    assert federation[BERGENIA].files.disk.names() == {theirs.id}
