"""/federation/v1/files: members bring sealed files to the hub part by part, and fetch those meant for them."""

from typing import Protocol

from comity.desks.needs import Once
from comity.domain.bureau import Member
from comity.domain.files import Announcement, Stand
from comity.wire.file_parts import part_asked, part_brought, read_announcement, share_ended, write_stand
from comity.wire.http import Request, Response

BYTES = {"content-type": "application/octet-stream"}
JSON = {"content-type": "application/json"}


class FileRoom(Protocol):
    def announce(self, announced: Announcement, sender: Member, once: Once) -> Stand: ...

    def append(self, digest: str, offset: int, part: bytes, sender: Member, once: Once) -> Stand: ...

    def hand_out(self, sender: str, digest: str, offset: int, length: int, member: Member, once: Once) -> bytes: ...

    def end(self, sender: str, digest: str, recipient: str, member: Member, once: Once) -> None: ...


class FileAddress:
    """What one method does at the address of files. The bytes of a part are those that its bringer signed."""

    def __init__(self, room: FileRoom) -> None:
        self.room = room

    def announced(self, request: Request, member: Member, once: Once) -> Response:
        return _stand(self.room.announce(read_announcement(request.body), member, once))

    def brought(self, request: Request, member: Member, once: Once) -> Response:
        part = part_brought(request)
        return _stand(self.room.append(part.digest, part.offset, request.body, member, once))

    def asked(self, request: Request, member: Member, once: Once) -> Response:
        part = part_asked(request)
        found = self.room.hand_out(part.sender, part.digest, part.offset, part.length, member, once)
        return Response(status=200, headers=BYTES, body=found)

    def ended(self, request: Request, member: Member, once: Once) -> Response:
        end = share_ended(request)
        self.room.end(end.sender, end.digest, end.recipient, member, once)
        return Response(status=200, headers=JSON, body=b"{}")


def _stand(stand: Stand) -> Response:
    return Response(status=200, headers=JSON, body=write_stand(stand))
