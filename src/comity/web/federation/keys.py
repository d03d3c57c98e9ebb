"""Whose key is it? The keys of the directory's members, found by key id."""

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct

from comity.domain.bureau import Directory, Member
from comity.domain.errors import Unavailable
from comity.wire.manifest import member_pair, node_pair
from comity.wire.pair import PublicPair


class KeyRing(Struct, frozen=True):
    """The members of one directory by the id of their Ed25519 node key, suspended ones included."""

    directory: Directory
    members: dict[str, Member]

    def find(self, key_id: str) -> tuple[str, PublicPair] | None:
        """(member, its keys), or None where no member has this key."""
        member = self.members.get(key_id)
        return (member.id, member_pair(member)) if member else None


class MemberKeys:
    """The keys of the directory that is held now, read anew only when it has changed."""

    def __init__(self, directory: Callable[[], Directory | None]) -> None:
        self.directory = directory
        self._read: KeyRing | None = None

    def at(self, now: datetime) -> KeyRing:
        """Raises Unavailable where no directory is held, or one out of date."""
        directory = self.directory()
        # Without this, whoever keeps a node from its hub keeps stolen keys alive there.
        # Falls without it: tests/attacks/test_federation_door.py, a directory out of date.
        if directory is None or datetime.fromisoformat(directory.expires_at) <= now:
            raise Unavailable("This node holds no directory that may be used.", do="See that it can reach its hub.")
        read = self._read
        # The very one: of the same version, a member may stand otherwise since its custodians revoked its keys.
        # Falls without it: tests/federation/test_keys.py
        if read is None or read.directory is not directory:
            read = KeyRing(directory, _by_key_id(directory))
            self._read = read
        return read


def _by_key_id(directory: Directory) -> dict[str, Member]:
    """Where two members name the same key it stays that of the first: nobody pushes another out by copying its key."""
    found: dict[str, Member] = {}
    for member in directory.members:
        found.setdefault(node_pair(member.manifest).key_ids[0], member)
    for member in directory.members:
        for pair in member_pair(member).earlier:
            found.setdefault(pair.key_ids[0], member)
    return found
