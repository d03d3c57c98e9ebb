"""/federation/v1/files: members bring sealed files to the hub part by part, and fetch those meant for them."""

import threading
from collections import OrderedDict
from typing import Protocol

from comity.desks.needs import Once
from comity.domain import limits
from comity.domain.bureau import Member
from comity.domain.files import Announcement, Stand
from comity.wire.file_parts import Part, part_asked, part_brought, read_announcement, share_ended, write_stand
from comity.wire.http import Request, Response

BYTES = {"content-type": "application/octet-stream"}
JSON = {"content-type": "application/json"}


class FileRoom(Protocol):
    def announce(self, announced: Announcement, sender: Member, once: Once) -> Stand: ...

    def append(self, digest: str, offset: int, part: bytes, sender: Member, once: Once) -> Stand: ...

    def hand_out(self, sender: str, digest: str, offset: int, length: int, member: Member, once: Once) -> bytes: ...

    def end(self, sender: str, digest: str, recipient: str, member: Member, once: Once) -> None: ...


class KnownDigests:
    """Digests of parts as they were brought: whoever asks for the same part is answered without hashing it again."""

    def __init__(self) -> None:
        self._files: OrderedDict[tuple[str, str], dict[tuple[int, int], str]] = OrderedDict()
        self._count = 0
        self._lock = threading.Lock()

    def note(self, sender: str, part: Part, length: int, content_digest: str) -> None:
        with self._lock:
            if not part.offset:  # it is brought anew: what was before it is not that any more
                self._forget((sender, part.digest))
            known = self._files.setdefault((sender, part.digest), {})
            self._count += (part.offset, length) not in known
            known[part.offset, length] = content_digest
            while self._count > limits.FILE_DIGESTS_KNOWN_MAX:
                self._forget(next(iter(self._files)))

    def of(self, part: Part) -> str:
        """'' where it is not known."""
        with self._lock:
            return self._files.get((part.sender, part.digest), {}).get((part.offset, part.length), "")

    def _forget(self, file: tuple[str, str]) -> None:
        self._count -= len(self._files.pop(file, {}))


class FileAddress:
    """What one method does at the address of files. The bytes of a part are those that its bringer signed."""

    def __init__(self, room: FileRoom) -> None:
        self.room = room
        self._known = KnownDigests()

    def announced(self, request: Request, member: Member, once: Once) -> Response:
        return _stand(self.room.announce(read_announcement(request.body), member, once))

    def brought(self, request: Request, member: Member, once: Once) -> Response:
        part = part_brought(request)
        stand = self.room.append(part.digest, part.offset, request.body, member, once)
        if stand.offset == part.offset + len(request.body):
            self._known.note(member.id, part, len(request.body), request.headers["content-digest"])
        return _stand(stand)

    def asked(self, request: Request, member: Member, once: Once) -> Response:
        part = part_asked(request)
        found = self.room.hand_out(part.sender, part.digest, part.offset, part.length, member, once)
        known = self._known.of(part) if len(found) == part.length else ""
        return Response(status=200, headers=BYTES | ({"content-digest": known} if known else {}), body=found)

    def ended(self, request: Request, member: Member, once: Once) -> Response:
        end = share_ended(request)
        self.room.end(end.sender, end.digest, end.recipient, member, once)
        return Response(status=200, headers=JSON, body=b"{}")


def _stand(stand: Stand) -> Response:
    return Response(status=200, headers=JSON, body=write_stand(stand))
