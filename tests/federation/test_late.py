"""Whichever post is lost, on its way or on its way back, what comes late is told once."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from comity.domain.hit import HitState, Priority, Side
from comity.domain.journal import Act
from comity.domain.lookup import LookupRequest
from comity.domain.purpose import Purpose
from comity.domain.record import WithdrawalReason
from comity.testing.federation import ALDOVA, BERGENIA, HUB, Federation
from comity.testing.federation_line import Loss, LossyLine
from tests.federation.conftest import UNKNOWN, row, stolen_passport

POSTS = 42  # of the story below, when nothing is lost: letters, open and sealed, and questions for them


def the_story(federation: Federation) -> str:
    """Ada watches a passport that nobody knows; it is entered, told by owner and hub, confirmed, and taken back."""
    request = LookupRequest(query=UNKNOWN, purpose=Purpose.BORDER_CONTROL, case="T-1")
    ada, until = federation.cast["ada"], federation.time().date() + timedelta(days=20)
    watch, _ = federation[ALDOVA].watches.set(request, until, ada)
    federation.post()
    federation.enter(BERGENIA, "sltd", [row("D-1", stolen_passport(UNKNOWN.number))])
    told = federation[BERGENIA].late.compare()
    federation.post()
    assert (told, federation[HUB].late.compare()) == (1, 1)
    federation.post()
    [(_, finding)] = federation[ALDOVA].late.found(ada)
    federation[ALDOVA].hits.request(finding.hit, Priority.URGENT, "", ada)
    federation.post()
    federation[BERGENIA].hits.confirm(finding.hit, "", federation.cast["ben"])
    federation.post()
    operator = federation[BERGENIA].operator("test")
    federation[BERGENIA].records.withdraw("sltd", "D-1", "", WithdrawalReason.RECOVERED, operator)
    federation[ALDOVA].watches.cancel(watch.question.id, ada)
    federation.post()
    return finding.hit


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
@pytest.mark.parametrize("lost", range(0, POSTS, 10))  # all of them take several minutes
def test_the_story_ends_the_same_whichever_post_is_lost(founded: Path, tmp_path: Path, lost: int, loss: Loss):
    federation = copy_of(founded, tmp_path, LossyLine({}, lost, loss))
    hit = the_story(federation)
    assert federation.waiting() == {}
    acts = {name: [one.act for one in federation.journal(name)] for name in federation.nodes}
    shown = [one.outcome for one in federation.journal(ALDOVA) if one.act is Act.LOOKUP_SHOWN_LATE]
    assert sorted(shown) == ["hit", "not-applied"], "told by owner and hub, shown once"
    for name in (BERGENIA, HUB):
        assert acts[name].count(Act.LOOKUP_ANSWERED_LATE) == 1
        assert (acts[name].count(Act.WATCH_SET), acts[name].count(Act.WATCH_ENDED)) == (1, 1)
    for name, side in ((ALDOVA, Side.ASKER), (BERGENIA, Side.OWNER), (HUB, Side.ANSWERER)):
        with federation[name].store.reading() as tx:
            found = tx.hits.get(hit)
        assert (found.side, found.state) == (side, HitState.DENIED), name
    assert federation[ALDOVA].late.found(federation.cast["ada"]) == []
    for node in federation.nodes.values():
        with node.store.reading() as tx:
            assert tx.kept.noted(9) == []
        node.log.sign()
        assert node.log.verify().size == node.log.size()
    federation.close()
