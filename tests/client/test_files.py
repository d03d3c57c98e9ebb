"""Files through the SDK: brought and saved to their end whatever breaks, and never over what is there."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from comity.client import files as client_files
from comity.client.comity import Comity
from comity.domain.errors import Conflict, Invalid, Unavailable
from comity.domain.files import FileState
from comity.testing.federation import Federation
from tests.client.door_line import connected
from tests.federation.conftest import federation, founded, furnished
from tests.federation.file_cast import content, drafted, notes, sent

__all__ = ["federation", "founded", "furnished"]

SIZE = 2_500_000  # three parts


class Breaking:
    """A line that breaks at the exchanges of these numbers, before or after the node has heard it."""

    def __init__(self, line: object, breaks: set[int], heard: bool) -> None:
        self.line, self.breaks, self.heard, self.count = line, breaks, heard, 0
        self.send = line.send

    def exchange(self, *asked: object, **more: object) -> tuple[dict[str, str], bytes]:
        number, self.count = self.count, self.count + 1
        if number in self.breaks and not self.heard:
            raise Unavailable("cut")
        found = self.line.exchange(*asked, **more)
        if number in self.breaks:
            raise Unavailable("cut")
        return found


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_files, "WAIT_SECONDS", 0.0)


def breaking(federation: Federation, login: str, breaks: set[int], heard: bool) -> Comity:
    bureau = connected(federation, login)
    bureau._line = Breaking(bureau._line, breaks, heard)
    return bureau


@pytest.mark.parametrize("heard", [True, False])
def test_a_file_is_attached_and_saved_though_the_line_breaks(federation: Federation, tmp_path: Path, heard: bool):
    body = content(SIZE)
    (tmp_path / "harbour.mp4").write_bytes(body)
    draft, seen = drafted(federation), []
    ada = breaking(federation, "ada", {1, 2, 5}, heard)
    note = ada.files.attach(draft.id, tmp_path / "harbour.mp4", "video/mp4", lambda came, of: seen.append((came, of)))
    assert note.state is FileState.WHOLE
    assert seen[-1] == (SIZE, SIZE)
    ada.casework.send(draft.id)
    federation.post()
    (came,) = notes(federation, draft.id)
    saved = breaking(federation, "ben", {0}, heard).files.save(came, tmp_path / "..")
    assert saved.read_bytes() == body
    saved.unlink()


def test_what_broke_off_is_gone_on_with(federation: Federation, tmp_path: Path):
    path = tmp_path / "harbour.mp4"
    path.write_bytes(content(SIZE))
    draft = drafted(federation)
    with pytest.raises(Unavailable):
        breaking(federation, "ada", set(range(2, 50)), heard=False).files.attach(draft.id, path)
    (begun,) = notes(federation, draft.id, "ada")
    assert 0 < begun.came_bytes < SIZE
    note = connected(federation, "ada").files.attach(draft.id, path)
    assert (note.id, note.state) == (begun.id, FileState.WHOLE)


def test_a_file_that_was_changed_while_it_was_brought_is_not_attached(federation: Federation, tmp_path: Path):
    path = tmp_path / "harbour.mp4"
    path.write_bytes(content(SIZE))
    draft = drafted(federation)
    with pytest.raises(Unavailable):
        breaking(federation, "ada", set(range(2, 50)), heard=False).files.attach(draft.id, path)
    path.write_bytes(content(SIZE, seed=8))
    with pytest.raises(Conflict, match="was changed"):
        connected(federation, "ada").files.attach(draft.id, path)
    assert notes(federation, draft.id, "ada") == []


def test_nothing_is_written_over_or_outside_of_the_folder(federation: Federation, tmp_path: Path):
    mail = sent(federation, content(1_000))
    federation.post()
    (note,) = notes(federation, mail.id)
    files = connected(federation, "ben").files
    (tmp_path / note.name).write_bytes(b"mine")
    with pytest.raises(Conflict):
        files.save(note, tmp_path)
    assert (tmp_path / note.name).read_bytes() == b"mine"
    for name in ("../outside", "/etc/passwd", "a\u202egpj.exe", ".hidden", "nul.txt", "a:b"):
        with pytest.raises(Invalid):
            files.save(replace(note, name=name), tmp_path)
