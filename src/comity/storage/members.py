"""The shelf of members: the directory in force, who was invited, and which hub this bureau joined."""

import hashlib
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Column, Connection, Integer, LargeBinary, Select, Table, delete, select

from comity.domain.bureau import Directory
from comity.domain.errors import Conflict
from comity.storage.columns import BY_KEY, WIDE, WORD, Moment, Packed, metadata
from comity.storage.rows import put_row

directories = Table(
    "directories",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("digest", WORD, nullable=False),  # SHA-256 (hex) of what was signed
    Column("directory", Packed(Directory), nullable=False),
    Column("signed", LargeBinary, nullable=False),
    **WIDE,
)
signed_measures = Table(
    "signed_measures",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),  # of the directory that they go with
    Column("signed", LargeBinary, nullable=False),
    **WIDE,
)
invitations = Table(
    "invitations",
    metadata,
    Column("node", WORD, primary_key=True),
    Column("code_digest", WORD, nullable=False),
    Column("expires_at", Moment, nullable=False),
    **BY_KEY,
)
pinned_hubs = Table(
    "pinned_hubs",
    metadata,
    Column("hub", WORD, primary_key=True),
    Column("fingerprint", WORD, nullable=False),
    Column("signed_manifest", WORD, nullable=False),
    **WIDE,
)

T = TypeVar("T")


class Decoded:
    """The directory decoded last, by its digest: every lookup reads it; decoding may take milliseconds."""

    def __init__(self) -> None:
        self.last: tuple[str, Directory] | None = None  # replaced as a whole, so that threads may share it


def _newest(column: Column[T]) -> Select[T]:
    return select(column).order_by(directories.c.version.desc()).limit(1)


_DIGEST = _newest(directories.c.digest)  # written once: asked several times for each request


class Members:
    def __init__(self, connection: Connection, decoded: Decoded) -> None:
        self._connection = connection
        self._decoded = decoded
        self._of_this_transaction: tuple[Directory | None] | None = None

    def directory(self) -> Directory | None:
        """The newest directory held, as verified when it was put; the same throughout a transaction."""
        if self._of_this_transaction is None:  # asked several times for each of many questions
            self._of_this_transaction = (self._newest_held(),)
        return self._of_this_transaction[0]

    def _newest_held(self) -> Directory | None:
        digest = self._connection.execute(_DIGEST).scalar()
        if digest is None:
            return None
        if (last := self._decoded.last) is not None and last[0] == digest:
            return last[1]
        directory: Directory = self._connection.execute(_newest(directories.c.directory)).scalar_one()
        self._decoded.last = (digest, directory)
        return directory

    def signed(self) -> bytes:
        """The same as signed bytes, b'' where none."""
        return bytes(self._connection.execute(_newest(directories.c.signed)).scalar() or b"")

    def signed_measures(self) -> bytes:
        """The measures that were signed for it, b'' where its hub knows of none."""
        chosen = select(signed_measures.c.signed).order_by(signed_measures.c.version.desc()).limit(1)
        return bytes(self._connection.execute(chosen).scalar() or b"")

    def put(self, directory: Directory, signed: bytes, measures: bytes = b"") -> None:
        """Keep a verified directory with the measures signed for it; Conflict where its version does not rise."""
        held = self._connection.execute(_newest(directories.c.version)).scalar()
        # An old directory would bring back a suspended member. Falls without it: tests/shelves/test_members.py
        if held is not None and directory.version <= held:
            raise Conflict(
                f"Directory {directory.version} is not newer than {held}, which is held.", do="Follow the hub again."
            )
        row = {
            "version": directory.version,
            "digest": hashlib.sha256(signed).hexdigest(),
            "directory": directory,
            "signed": signed,
        }
        put_row(self._connection, directories, row)
        self._of_this_transaction = None
        self._connection.execute(delete(directories).where(directories.c.version < directory.version))
        self._connection.execute(delete(signed_measures))
        if measures:
            put_row(self._connection, signed_measures, {"version": directory.version, "signed": measures})

    def invite(self, node: str, code_digest: str, expires_at: datetime) -> None:
        row = {"node": node, "code_digest": code_digest, "expires_at": expires_at}
        put_row(self._connection, invitations, row)

    def invitation(self, node: str) -> tuple[str, datetime] | None:
        """(digest of the code, expiry) of an open invitation."""
        chosen = select(invitations.c.code_digest, invitations.c.expires_at).where(invitations.c.node == node)
        row = self._connection.execute(chosen).one_or_none()
        return (row.code_digest, row.expires_at) if row else None

    def close_invitation(self, node: str) -> None:
        self._connection.execute(delete(invitations).where(invitations.c.node == node))

    def invitations(self) -> list[tuple[str, datetime]]:
        chosen = select(invitations.c.node, invitations.c.expires_at).order_by(invitations.c.node)
        return [(row.node, row.expires_at) for row in self._connection.execute(chosen)]

    def pin_hub(self, hub: str, fingerprint: str, signed_manifest: str) -> None:
        """The hub this bureau joined, by the fingerprint its people compared. Conflict where it is another one."""
        pinned = self.hub()
        # Nobody's root changes silently. Falls without it: tests/shelves/test_members.py
        if pinned is not None and pinned[:2] != (hub, fingerprint):
            raise Conflict(f"This bureau has joined {pinned[0]} already.", do="One bureau follows one hub.")
        row = {"hub": hub, "fingerprint": fingerprint, "signed_manifest": signed_manifest}
        put_row(self._connection, pinned_hubs, row)

    def hub(self) -> tuple[str, str, str] | None:
        """(name, fingerprint, signed manifest) of the hub joined."""
        row = self._connection.execute(select(pinned_hubs)).one_or_none()
        return (row.hub, row.fingerprint, row.signed_manifest) if row else None
