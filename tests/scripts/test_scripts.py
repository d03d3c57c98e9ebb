"""Stories in plain text that an officer can read and correct, run as they stand: each line is a sentence below."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from comity.testing.federation import Federation
from tests.federation.conftest import founded
from tests.scripts import casework_sentences, operation_sentences
from tests.scripts.sentences import Story, UnknownSentence

__all__ = ["casework_sentences", "founded", "operation_sentences"]

FOLDER = Path(__file__).parent
SCRIPTS = sorted(FOLDER.glob("*.txt"))


@pytest.fixture
def story(founded: Path, tmp_path: Path) -> Iterator[Story]:
    """A hub and three bureaus that are members of one another, with no records."""
    shutil.copytree(founded, tmp_path / "federation")
    federation = Federation(tmp_path / "federation")
    yield Story(federation)
    federation.close()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_story_comes_about_as_it_is_told(story: Story, script: Path):
    story.tell(script.name, script.read_text("utf-8"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("# a comment\n\nBen dances.\n", "s.txt:3: nobody knows the sentence 'Ben dances.'"),
        ("Zoe of Bergenia enters a stolen passport B1.", "s.txt:1: nobody knows Zoe"),
        ("Ada of Bergenia enters a stolen passport B1.", "s.txt:1: Ada is not of Bergenia"),
        ("Letters are carried", "s.txt:1: nobody knows the sentence 'Letters are carried'"),
    ],
)
def test_a_sentence_that_nobody_knows_is_an_error_with_its_line(story: Story, text: str, told: str):
    with pytest.raises(UnknownSentence) as wrong:
        story.tell("s.txt", text)
    assert str(wrong.value) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "Ada asks for passport B1 of Bergenia for border control: hub: hit.",
            "s.txt:1: hub: no record, not hit",
        ),
        (
            "Ada asks for passport B1 of Bergenia for border control: hub: no record.",
            "s.txt:1: bergenia answered too: no record",
        ),
        ("For Ada the last hit is confirmed.", "s.txt:1: nobody has had a hit yet"),
    ],
)
def test_what_comes_about_otherwise_is_told_with_its_line(story: Story, text: str, told: str):
    with pytest.raises(AssertionError) as otherwise:
        story.tell("s.txt", text)
    assert str(otherwise.value).startswith(told)


def test_there_is_a_story_for_each_promise():
    assert {script.stem for script in SCRIPTS} >= {
        "case_messages",
        "closed_record",
        "found_late",
        "hit_confirmed",
        "joint_operation",
        "passenger_list",
        "refused_with_clause",
        "silent_source",
        "three_lawful_answers",
        "withdrawn_everywhere",
    }
