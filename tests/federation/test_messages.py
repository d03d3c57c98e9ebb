"""Sealed messages over a lossy line: whichever post is lost, each is read once, answered once, recalled once."""

import shutil
from pathlib import Path

import pytest

from comity.domain.evidence import Step
from comity.domain.journal import Act
from comity.domain.mail import ErasureReason, LegState, Mail
from comity.testing.federation import ALDOVA, BERGENIA, Federation
from comity.testing.federation_line import Loss, LossyLine
from tests.desks.casework import DRAFT, answered, mail_at, opened, sent
from tests.federation.post_cast import steps

POSTS = 28  # of the story below, when nothing is lost: letters, open and sealed, and questions for them


def the_story(federation: Federation) -> tuple[Mail, Mail]:
    """A question is read and answered; a second message is recalled before anybody reads it."""
    case = opened(federation)
    question = sent(federation, case)
    federation[BERGENIA].mail.show(question.id, federation.cast["ben"])
    answer = answered(federation, question)
    federation[ALDOVA].mail.show(answer.id, federation.cast["ada"])
    mistake = sent(federation, case, text="for somebody else")
    letter = mail_at(federation, ALDOVA, mistake.id).legs[0].letter
    federation[ALDOVA].recalls.recall(letter, "a mistake", federation[ALDOVA].operator("test"))
    federation.post()
    return question, mistake


def copy_of(founded: Path, tmp_path: Path, line: LossyLine) -> Federation:
    shutil.copytree(founded, tmp_path / "federation")
    return Federation(tmp_path / "federation", line)


def test_the_story_has_as_many_posts_as_are_lost_below(founded: Path, tmp_path: Path):
    federation = copy_of(founded, tmp_path, LossyLine({}))
    the_story(federation)
    assert federation.line.posts == POSTS
    federation.close()


@pytest.mark.slow
@pytest.mark.parametrize("lost", range(0, POSTS, 6))
def test_the_story_ends_the_same_whichever_post_is_lost(founded: Path, tmp_path: Path, lost: int):
    # In turn the post itself and its reply: both of each would take twice as long.
    federation = copy_of(founded, tmp_path, LossyLine({}, lost, list(Loss)[lost // 4 % len(Loss)]))
    question, mistake = the_story(federation)
    assert federation.waiting() == {}
    assert mail_at(federation, ALDOVA, question.id).legs[0].state is LegState.ANSWERED
    assert mail_at(federation, BERGENIA, mistake.id).erased.why is ErasureReason.RECALLED
    assert mail_at(federation, ALDOVA, mistake.id).legs[0].state is LegState.RECALLED
    letter = mail_at(federation, ALDOVA, question.id).legs[0].letter
    assert [step for step, _ in steps(federation, ALDOVA, letter)] == [
        Step.SUBMITTED,
        Step.RELAYED,
        Step.DELIVERED,
        Step.OPENED,
    ]
    for name in (ALDOVA, BERGENIA):
        acts = [one.act for one in federation.journal(name)]
        assert acts.count(Act.MESSAGE_ARRIVED) == {ALDOVA: 1, BERGENIA: 2}[name]
        assert acts.count(Act.MESSAGE_OPENED) == 1
        assert federation[name].post.alarms() == {}
    assert DRAFT.text in mail_at(federation, BERGENIA, question.id).message.text
    federation.close()
