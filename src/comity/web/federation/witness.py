"""POST /federation/v1/add-checkpoint: another node's log asks this one to witness it (C2SP tlog-witness)."""

from typing import Protocol

from comity.desks.needs import Once
from comity.domain.bureau import Member
from comity.domain.witnessing import OtherSize
from comity.wire.http import Request, Response
from comity.wire.witness import SIZE_TYPE


class Witness(Protocol):
    def add(self, body: bytes, by: Member, once: Once) -> str: ...


class Checkpoints:
    def __init__(self, witness: Witness) -> None:
        self.witness = witness

    def __call__(self, request: Request, member: Member, once: Once) -> Response:
        """Cosignature lines; with 409 the size from which the log has to be proved."""
        try:
            lines = self.witness.add(request.body, member, once)
        except OtherSize as other:
            return Response(status=409, headers={"content-type": SIZE_TYPE}, body=f"{other.size}\n".encode())
        return Response(status=200, headers={"content-type": "text/plain; charset=utf-8"}, body=lines.encode())
