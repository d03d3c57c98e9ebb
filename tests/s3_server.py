"""An S3 server on this machine, and the hub's store on it; without moto or the extra, tests of it are skipped."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from comity.nodes.file_store import wholes
from comity.nodes.settings import FileSettings
from comity.storage.room_disk import Wholes

BUCKET = "sealed-files"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    pytest.importorskip("botocore", reason="the extra s3 is not installed")
    moto = pytest.importorskip("moto.server", reason="moto is not installed: no S3 server to test against")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = moto.ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def settings(endpoint: str, tmp_path: Path, request: pytest.FixtureRequest) -> FileSettings:
    secret = tmp_path / "s3"
    secret.write_text("[default]\naws_access_key_id = hub\naws_secret_access_key = fictitious\n", "ascii")
    return FileSettings(
        s3_bucket=BUCKET, s3_endpoint=endpoint, s3_credentials=str(secret), s3_prefix=f"{request.node.name}/"
    )


@pytest.fixture
def store(settings: FileSettings, tmp_path: Path) -> Wholes:
    found = wholes(settings, tmp_path)
    found._client.create_bucket(Bucket=BUCKET)
    return found
