"""Whose key is it? The keys of the directory's members, found by key id."""

from collections.abc import Callable
from datetime import datetime

from comity.domain.bureau import Directory, Member
from comity.domain.errors import Unavailable
from comity.wire.manifest import node_pair
from comity.wire.pair import PublicPair


class MemberKeys:
    """The node keys of every member of the directory as it stands now, suspended ones included."""

    def __init__(self, directory: Callable[[], Directory | None]) -> None:
        self.directory = directory
        self._read: tuple[Directory, dict[str, Member]] | None = None

    def at(self, now: datetime) -> Callable[[str], tuple[str, PublicPair] | None]:
        """Finds (member, its keys) by key id. Raises Unavailable where no directory is held, or one out of date."""
        by_key_id = self._by_key_id(now)

        def find(key_id: str) -> tuple[str, PublicPair] | None:
            member = by_key_id.get(key_id)
            return (member.id, node_pair(member.manifest)) if member else None

        return find

    def member(self, key_id: str, now: datetime) -> Member:
        """Whose key it is, after `at` has found it."""
        return self._by_key_id(now)[key_id]

    def _by_key_id(self, now: datetime) -> dict[str, Member]:
        directory = self.directory()
        # Without this, whoever keeps a node from the hub keeps stolen keys alive there.
        # Falls without it: tests/attacks/test_federation_door.py, a directory out of date.
        if directory is None or datetime.fromisoformat(directory.expires_at) <= now:
            raise Unavailable("This node holds no directory that may be used.", do="See that it can reach its hub.")
        if self._read is None or self._read[0] is not directory:
            found = {key_id: member for member in directory.members for key_id in node_pair(member.manifest).key_ids}
            self._read = (directory, found)
        return self._read[1]
