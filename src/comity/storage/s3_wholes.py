"""Whole sealed files of the hub's file room in a store that speaks S3: on one machine or on a thousand."""

import base64
import configparser
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

import structlog
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session
from msgspec import Struct

from comity.domain import limits
from comity.domain.errors import Invalid, Missing, Unavailable

PART_BYTES = limits.STORE_PART_BYTES
NOT_THERE = frozenset({"404", "NoSuchKey", "NoSuchUpload", "NotFound"})
BEHIND_ITS_END = "InvalidRange"

_PLACE = re.compile(r"[a-z0-9][a-z0-9-]{0,63}\.[0-9a-f]{64}")

log = structlog.get_logger("comity.storage.s3")


class S3Place(Struct, frozen=True, kw_only=True):
    """Where, and who we are there. `authority_file` '': the public authorities vouch for it."""

    endpoint: str
    region: str
    bucket: str
    prefix: str
    credentials_file: str
    authority_file: str = ""


class S3Wholes:
    """A file goes there once it is whole, in parts; one that broke off goes on with those that are there."""

    keeps_at_once = False

    def __init__(self, place: S3Place) -> None:
        """Reaches for nothing yet. Raises Invalid where the credentials cannot be read."""
        self._bucket = place.bucket
        self._prefix = place.prefix
        self._client = _client(place)

    def keep(self, place: str, file: Path) -> None:
        """Raises Unavailable; asked again, it goes on."""
        size = file.stat().st_size
        with open(file, "rb") as source, _answered():
            if self._size(place) == size:
                return
            if size <= PART_BYTES:
                body = source.read()
                self._client.put_object(**self._named(place), Body=body, ContentMD5=_md5(body))
            else:
                self._keep_in_parts(place, source, size)

    def holds(self, place: str) -> bool:
        with _answered():
            return self._size(place) is not None

    def read(self, place: str, offset: int, length: int) -> bytes:
        if not length:
            return b""
        span = f"bytes={offset}-{offset + length - 1}"
        with _answered():
            try:
                found: bytes = self._client.get_object(**self._named(place), Range=span)["Body"].read()
                return found
            except ClientError as refused:
                if _code(refused) != BEHIND_ITS_END:
                    raise
                return b""

    def drop(self, place: str) -> None:
        with suppress(Missing), _answered():
            for upload in self._uploads(place):
                self._client.abort_multipart_upload(**self._named(place), UploadId=upload)
            self._client.delete_object(**self._named(place))

    def places(self) -> set[str]:
        """Those that lie there, whole or in part. What else lies in the bucket is not ours."""
        named = {"Bucket": self._bucket, "Prefix": self._prefix}
        with _answered():
            whole = self._pages("list_objects_v2", "Contents", **named)
            begun = self._pages("list_multipart_uploads", "Uploads", **named)
            found = {one["Key"].removeprefix(self._prefix) for one in (*whole, *begun)}
        # A bucket may be shared: what is not named as we name things is not swept away.
        # Falls without it: tests/shelves/test_s3_wholes.py
        return {place for place in found if _PLACE.fullmatch(place)}

    # -- parts --------------------------------------------------------------------------------------------------------

    def _keep_in_parts(self, place: str, source: BinaryIO, size: int) -> None:
        upload, there = self._begun(place)
        named = {**self._named(place), "UploadId": upload}
        parts = []
        for number, at in enumerate(range(0, size, PART_BYTES), start=1):
            length = min(PART_BYTES, size - at)
            tag = there.get((number, length)) or self._brought(named, number, source, at, length)
            parts.append({"PartNumber": number, "ETag": tag})
        self._client.complete_multipart_upload(**named, MultipartUpload={"Parts": parts})

    def _brought(self, named: dict[str, str], number: int, source: BinaryIO, at: int, length: int) -> str:
        source.seek(at)
        body = source.read(length)
        told = self._client.upload_part(**named, PartNumber=number, Body=body, ContentMD5=_md5(body))
        return str(told["ETag"])

    def _begun(self, place: str) -> tuple[str, dict[tuple[int, int], str]]:
        """The upload of that file, and what of it is there: (number, bytes) and tag. One place is one content."""
        for upload in self._uploads(place):
            parts = self._pages("list_parts", "Parts", **self._named(place), UploadId=upload)
            return upload, {(one["PartNumber"], one["Size"]): one["ETag"] for one in parts}
        return self._client.create_multipart_upload(**self._named(place))["UploadId"], {}

    def _uploads(self, place: str) -> list[str]:
        key = self._key(place)
        found = self._pages("list_multipart_uploads", "Uploads", Bucket=self._bucket, Prefix=key)
        return [one["UploadId"] for one in found if one["Key"] == key]

    def _pages(self, what: str, of: str, **asked: str) -> list[dict[str, Any]]:
        pages = self._client.get_paginator(what).paginate(**asked)
        return [one for page in pages for one in page.get(of, ())]

    def _size(self, place: str) -> int | None:
        try:
            return int(self._client.head_object(**self._named(place))["ContentLength"])
        except ClientError as refused:
            if _code(refused) not in NOT_THERE:
                raise
            return None

    def _named(self, place: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": self._key(place)}

    def _key(self, place: str) -> str:
        return self._prefix + place


@contextmanager
def _answered() -> Iterator[None]:
    """What the store says, in our words. Its own are logged: they may name keys, and tell no officer anything."""
    try:
        yield
    except ClientError as refused:
        if _code(refused) in NOT_THERE:
            raise Missing("The file is not in the hub's store.", do="Its sender brings it again by itself.") from None
        log.error("the store refused", code=_code(refused), operation=refused.operation_name)
        raise Unavailable(
            "The store of files refuses what the hub asks.",
            do="The hub's operator: see its log, bucket and credentials.",
        ) from refused
    except BotoCoreError as fault:
        log.error("the store was not reached", fault=type(fault).__name__)
        raise Unavailable(
            "The store of files is out of reach.", do="It is tried again; tell the hub's operator."
        ) from fault


def _code(refused: ClientError) -> str:
    return str(refused.response.get("Error", {}).get("Code", ""))


def _md5(body: bytes) -> str:
    """What the store holds the body against as it comes: not a safeguard against anybody."""
    return base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode("ascii")


def _client(place: S3Place) -> Any:
    """Of these settings alone: nothing that stands in the environment or in the home folder."""
    nothing = {"config_file": os.devnull, "credentials_file": os.devnull, "profile": None, "ca_bundle": None}
    session = Session(session_vars={name: (None, None, value, None) for name, value in nothing.items()})
    key_id, secret = _credentials(place.credentials_file)
    return session.create_client(
        "s3",
        region_name=place.region,
        endpoint_url=place.endpoint,
        verify=place.authority_file or True,
        aws_access_key_id=key_id,
        aws_secret_access_key=secret,
        config=Config(
            connect_timeout=limits.STORE_CONNECT_WITHIN_SECONDS,
            read_timeout=limits.STORE_WITHIN_SECONDS,
            retries={"total_max_attempts": limits.STORE_TRIES, "mode": "standard"},
            # Not every store knows the newer sums; each body has its MD5.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            s3={"addressing_style": "path"},
            proxies={},
        ),
    )


def _credentials(path: str) -> tuple[str, str]:
    """In the form of AWS's shared credentials file, section `default`."""
    parser = configparser.RawConfigParser()
    try:
        with open(path, encoding="utf-8") as file:
            parser.read_file(file)
        return parser.get("default", "aws_access_key_id"), parser.get("default", "aws_secret_access_key")
    except (OSError, configparser.Error, UnicodeDecodeError):
        raise Invalid(
            f"The credentials in {path} cannot be read.",
            where="files.s3_credentials",
            do="Write [default], aws_access_key_id = ... and aws_secret_access_key = ... into it.",
        ) from None
