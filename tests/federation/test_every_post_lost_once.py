"""Whichever post is lost, on its way or on its way back, the story ends the same: nothing lost, nothing twice."""

import shutil
from pathlib import Path

import pytest

from comity.domain.hit import HitState, Priority
from comity.domain.journal import Act
from comity.domain.lookup import Outcome
from comity.domain.record import WithdrawalReason
from comity.testing.federation import ALDOVA, BERGENIA, HUB, Federation
from comity.testing.federation_line import Loss, LossyLine
from tests.federation.conftest import STOLEN, with_the_usual_records

POSTS = 25  # of the story below, when nothing is lost: letters, open and sealed, and questions for them


def the_story(federation: Federation) -> str:
    """Records are shared, one is found, its hit confirmed, then withdrawn."""
    with_the_usual_records(federation)
    hit = federation.answer_of(HUB, federation.ask("ada", STOLEN)).findings[0].hit
    federation[ALDOVA].hits.request(hit, Priority.URGENT, "", federation.cast["ada"])
    federation.post()
    federation[BERGENIA].hits.confirm(hit, "", federation.cast["ben"])
    federation.post()
    with federation[ALDOVA].store.reading() as tx:
        assert tx.hits.get(hit).state is HitState.CONFIRMED
    operator = federation[BERGENIA].operator("test")
    federation[BERGENIA].records.withdraw("sltd", "D-1", "", WithdrawalReason.RECOVERED, operator)
    federation.post()
    return hit


def copy_of(founded: Path, tmp_path: Path, line: LossyLine) -> Federation:
    shutil.copytree(founded, tmp_path / "federation")
    return Federation(tmp_path / "federation", line)


def test_the_story_has_as_many_posts_as_are_lost_below(founded: Path, tmp_path: Path):
    federation = copy_of(founded, tmp_path, LossyLine({}))
    the_story(federation)
    assert federation.line.posts == POSTS
    federation.close()


@pytest.mark.slow
@pytest.mark.parametrize("lost", range(POSTS))
def test_the_story_ends_the_same_whichever_post_is_lost(founded: Path, tmp_path: Path, lost: int):
    # In turn the post itself and its reply: both of each would take twice as long.
    federation = copy_of(founded, tmp_path, LossyLine({}, lost, list(Loss)[lost % len(Loss)]))
    hit = the_story(federation)
    assert federation.waiting() == {}
    acts = {name: [one.act for one in federation.journal(name) if one.subject == hit] for name in federation.nodes}
    assert acts[ALDOVA] == [Act.HIT_CONFIRMATION_REQUESTED, Act.HIT_CONFIRMED, Act.HIT_DENIED]
    assert [one for one in acts[BERGENIA] if one is not Act.HIT_ALERTED] == acts[ALDOVA]
    assert acts[BERGENIA].count(Act.HIT_ALERTED) <= 1
    assert acts[HUB] == [Act.HIT_ALERTED, Act.HIT_DENIED]
    with federation[ALDOVA].store.reading() as tx:
        assert tx.hits.get(hit).state is HitState.DENIED
    with federation[HUB].store.reading() as tx:
        assert tx.records.count() == {"smv": 1}
    assert {one.outcome for one in federation.ask("ada", STOLEN).sources} == {Outcome.NO_RECORD}
    for node in federation.nodes.values():
        node.log.sign()
        assert node.log.verify().size == node.log.size()
    federation.close()
