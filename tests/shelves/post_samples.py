"""Sealed letters as shelves hold them; what is in the boxes does not concern a shelf."""

import hashlib
from datetime import datetime, timedelta

from comity.domain.evidence import Concerned, Evidence, Proof, Step
from comity.domain.letter import Lane, Letter, LetterParked
from comity.domain.mail import Urgency
from comity.domain.post import InPost
from comity.domain.sealed import Route, Sealed
from tests.shelves.samples import NOW


def in_post(
    number: int,
    priority: Urgency = Urgency.ROUTINE,
    box: bytes = b"",
    recipients: tuple[str, ...] = ("bergenia",),
    expires: datetime = NOW + timedelta(days=10),
    sender: str = "aldova",
) -> InPost:
    content = box or b"box %d" % number
    route = Route(
        id=f"letter-{number}",
        sender=sender,
        recipients=recipients,
        ct_sha256=hashlib.sha256(content).hexdigest(),
        ct_bytes=len(content),
        priority=priority,
        traffic="letters",
        expires=expires,
    )
    return InPost(route=route, sealed=Sealed(route=b"signed %d" % number, box=content))


def open_letter(number: int, lane: Lane = Lane.BULK, recipient: str = "bergenia") -> Letter:
    return Letter(
        id=f"letter-{number}",
        sender="aldova",
        recipient=recipient,
        lane=lane,
        sequence=number,
        written_at=NOW,
        expires_at=NOW + timedelta(days=30),
        body=LetterParked(letter="l", unknown_kind="k"),
    )


def proof(step: Step, *numbers: int, by: str = "bergenia") -> Proof:
    letters = tuple(
        Concerned(letter=f"letter-{one}", recipient="bergenia", digest=in_post(one).route.ct_sha256) for one in numbers
    )
    evidence = Evidence(step=step, by=by, sender="aldova", at=NOW, letters=letters)
    return Proof(evidence=evidence, signed=f"{step} {numbers} {by}".encode())
