"""A joint operation over a lossy line: whichever post is lost, everybody's copy comes to the same."""

import shutil
from pathlib import Path

import pytest

from comity.domain.operation import Closed, Joined, Left, Operation, Word
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, Federation
from comity.testing.federation_line import Loss, LossyLine
from tests.desks.joint import DONE, TASK, founded_by_aldova, note, seen, stands, texts, write

POSTS = 69  # of the story below, when nothing is lost: letters, open and sealed, and questions for them


def the_story(federation: Federation) -> str:
    """Three bureaus work together; letters of several cross; Corvia leaves before the end."""
    operation = founded_by_aldova(federation)
    for member in (BERGENIA, CORVIA):
        write(federation, ALDOVA, operation, Joined(bureau=member))
    federation.post()
    write(federation, BERGENIA, operation, note("from Bergenia"))
    write(federation, ALDOVA, operation, TASK)
    write(federation, CORVIA, operation, note("from Corvia"))
    federation.post()
    write(federation, BERGENIA, operation, DONE)
    write(federation, ALDOVA, operation, Left(bureau=CORVIA))
    federation.post()
    write(federation, ALDOVA, operation, Closed(report="All found."))
    federation.post()
    return operation


def copy_of(founded: Path, tmp_path: Path, line: LossyLine) -> Federation:
    shutil.copytree(founded, tmp_path / "federation")
    return Federation(tmp_path / "federation", line)


def test_the_story_has_as_many_posts_as_are_lost_below(founded: Path, tmp_path: Path):
    federation = copy_of(founded, tmp_path, LossyLine({}))
    the_story(federation)
    assert federation.line.posts == POSTS
    federation.close()


@pytest.mark.slow
@pytest.mark.parametrize("loss", Loss)
@pytest.mark.parametrize("lost", range(0, POSTS, 20))  # all of them take a quarter of an hour
def test_the_copies_come_to_the_same_whichever_post_is_lost(founded: Path, tmp_path: Path, lost: int, loss: Loss):
    federation = copy_of(founded, tmp_path, LossyLine({}, lost, loss))
    operation = the_story(federation)
    assert federation.waiting() == {}
    aldova = stands(federation, ALDOVA, operation)
    assert (aldova.members, aldova.report, [one.result for one in aldova.tasks]) == (
        (ALDOVA, BERGENIA),
        "All found.",
        ["Nobody came."],
    )
    assert stands(federation, BERGENIA, operation) == aldova
    assert texts(federation, BERGENIA, operation) == texts(federation, ALDOVA, operation)
    assert {one.word for one in seen(federation, BERGENIA, operation).log} == {Word.OWN, Word.VOUCHED}
    without_the_end: Operation = stands(federation, CORVIA, operation)
    assert without_the_end.report == ""
    known = texts(federation, CORVIA, operation)
    assert known == texts(federation, ALDOVA, operation)[: len(known)]
    assert known[-1] == "left"
    federation.close()
