"""Ada attaches files to messages to Ben, as the tests of files begin."""

import itertools
import random
from typing import Any

from msgspec.structs import replace

from comity.domain.collection import Category
from comity.domain.files import FileNote, FileState, NewFile
from comity.domain.mail import Mail
from comity.testing.federation import ALDOVA, BERGENIA, Federation
from tests.desks.casework import DRAFT, opened

MANY_BYTES = 260_000  # four chunks, three parts that grow
PART_BYTES = 131_072
_numbers = itertools.count(1)


def content(size: int, seed: int = 7) -> bytes:
    return random.Random(seed).randbytes(size)


def attached(
    federation: Federation, mail_id: str, body: bytes, name: str = "harbour.mp4", login: str = "ada"
) -> FileNote:
    """Brought in parts to a draft, to its end."""
    caller = federation.cast[login]
    desk = federation[caller.bureau].files
    note = desk.begin(mail_id, NewFile(name=name, media_type="video/mp4", size_bytes=len(body)), caller)
    while note.state is FileState.COMING:
        at = note.came_bytes
        note = desk.write(note.id, at, body[at : at + PART_BYTES], caller)
    return note


def drafted(
    federation: Federation, *bodies: bytes, category: Category = Category.PERSONS, to: tuple[str, ...] = (BERGENIA,)
) -> Mail:
    desk, ada = federation[ALDOVA].mail, federation.cast["ada"]
    case = opened(federation, number=f"AL-{next(_numbers)}", category=category)
    draft = desk.write(case.id, replace(DRAFT, to=to), ada)
    for number, body in enumerate(bodies):
        attached(federation, draft.id, body, f"file-{number}.mp4")
    return draft


def sent(federation: Federation, *bodies: bytes, **how: Any) -> Mail:
    """Written, attached and sent; not carried yet."""
    ada = federation.cast["ada"]
    return federation[ALDOVA].mail.send(drafted(federation, *bodies, **how).id, ada)


def read_back(federation: Federation, file_id: str, login: str = "ben") -> bytes:
    caller = federation.cast[login]
    desk, parts, at = federation[caller.bureau].files, [], 0
    while part := desk.read(file_id, at, 100_000, caller)[1]:
        parts.append(part)
        at += len(part)
    return b"".join(parts)


def notes(federation: Federation, mail_id: str, login: str = "ben") -> list[FileNote]:
    caller = federation.cast[login]
    return federation[caller.bureau].files.of_mail(mail_id, caller)
