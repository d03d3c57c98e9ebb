"""Law goes its way over a line that loses posts: published once, and the same law everywhere at the end."""

import shutil
from itertools import product
from pathlib import Path

import msgspec
import pytest

from comity.desks.bundles import Text
from comity.desks.lookup_notes import decisions
from comity.domain.bulletin import ProposalState
from comity.domain.collection import Category
from comity.domain.journal import Act
from comity.domain.lookup import Outcome
from comity.domain.purpose import Purpose
from comity.domain.reply import ReplyLevel
from comity.law.decision import decide
from comity.law.replay import differences, replay
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, HUB, Federation
from comity.testing.federation_line import Loss, LossyLine
from tests.desks.test_bundles import NATIONAL, TREATY, stands
from tests.federation.conftest import STOLEN, with_the_usual_records
from tests.law.test_bundles import asked

POSTS = 14  # of the story below, when nothing is lost: letters, open and sealed, and questions for them
FORBIDDING = NATIONAL.replace(b'effect = "permit"', b'effect = "forbid"').replace(b'reply = "core"', b"")
CLOSED = FORBIDDING.replace(b'"firearms"', b'"travel-documents"').replace(b'purposes = ["security-check"]', b"")
NARROW = (
    NATIONAL.replace(b"law-of-bergenia", b"law-of-corvia").replace(b'["XB"]', b'["XC"]')
    .replace(b'categories = ["firearms"]\npurposes = ["security-check"]\nreply = "core"', b'reply = "hit"')
)  # fmt: skip


def the_story(federation: Federation) -> None:
    """Aldova proposes a treaty, Bergenia signs; it publishes a law of its own and withdraws from the treaty."""
    aldova, bergenia = federation[ALDOVA], federation[BERGENIA]
    proposal = aldova.bundles.publish([Text("treaty.toml", TREATY)], aldova.operator("test"))
    federation.post()
    bergenia.bundles.sign(proposal.digest, bergenia.operator("test"))
    bergenia.bundles.publish([Text("law.toml", NATIONAL)], bergenia.operator("test"))
    federation.post()
    federation.follow()
    bergenia.bundles.withdraw("treaty", None, "Denounced", bergenia.operator("test"))
    federation.post()
    federation.follow()


def copy_of(founded: Path, tmp_path: Path, line: LossyLine) -> Federation:
    shutil.copytree(founded, tmp_path / "federation")
    return Federation(tmp_path / "federation", line)


def check(federation: Federation) -> None:
    assert federation.waiting() == {}
    laws = [
        {(one.id, digest) for one, digest in federation[node].agreements.every()}
        for node in (HUB, ALDOVA, BERGENIA, CORVIA)
    ]
    assert all(one == laws[0] for one in laws)
    assert "law-of-bergenia" in {name for name, _ in laws[0]}
    chains = {federation[node].bulletins.held()[1:] for node in federation.nodes}
    assert len(chains) == 1
    published = [one.subject for one in federation.journal(HUB) if one.act is Act.LAW_PUBLISHED]
    assert (published.count("treaty"), published.count("law-of-bergenia")) == (2, 1)
    assert stands(federation, ALDOVA)["treaty"] is ProposalState.PUBLISHED
    for node in federation.nodes:
        assert any("ended for XB" in gap.why for gap in federation[node].agreements.gaps())


def test_the_story_has_as_many_posts_as_are_lost_below(founded: Path, tmp_path: Path):
    federation = copy_of(founded, tmp_path, LossyLine({}))
    before = federation.line.posts
    the_story(federation)
    check(federation)
    assert federation.line.posts - before == POSTS
    federation.close()


@pytest.mark.slow
@pytest.mark.parametrize("loss", Loss)
@pytest.mark.parametrize("lost", range(0, POSTS, 10))  # all of them take several minutes
def test_the_story_ends_the_same_whichever_post_is_lost(founded: Path, tmp_path: Path, lost: int, loss: Loss):
    federation = copy_of(founded, tmp_path, LossyLine({}, lost, loss))
    the_story(federation)
    check(federation)
    federation.close()


def test_a_law_that_is_published_changes_what_is_told_and_the_earlier_decision_is_made_again(federation: Federation):
    with_the_usual_records(federation)
    assert federation.answer_of(BERGENIA, federation.ask("ada", STOLEN)).outcome is Outcome.HIT
    federation.publish(("law.toml", CLOSED))
    told = federation.answer_of(BERGENIA, federation.ask("ada", STOLEN))
    assert told.outcome is Outcome.REFUSED
    assert told.reason is not None
    assert told.reason.clause == "law-of-bergenia art-1"
    entries = [one for one in federation.journal(BERGENIA) if decisions(one)]
    desk = federation[BERGENIA].agreements
    assert len(entries) >= 1
    for entry in entries:
        for taken in decisions(entry):
            digests = taken.decision.digests
            assert set(digests) == {*desk.texts(digests), *desk.published(digests)}
            assert not differences(taken.decision, replay(taken, desk.texts(digests), desk.published(digests)))


def test_two_nodes_that_follow_the_same_bulletin_decide_alike(federation: Federation):
    """Down to the reason and the digests: for everybody, about everybody, whichever node decides."""
    federation.publish(("law.toml", NARROW), ("treaty.toml", TREATY))
    parties, today = ("XA", "XB", "XC", "un", "hub"), federation.time().date()
    said = []
    for node in federation.nodes.values():
        with node.store.reading() as tx:
            law = node.agreements.law(tx)
        said.append(
            [
                decide(msgspec.structs.replace(asked(asker, owner, category), purpose=purpose), None, law, today)
                for asker, owner in product(parties, parties)
                for category, purpose in product(Category, (Purpose.BORDER_CONTROL, Purpose.SECURITY_CHECK))
            ]
        )
    assert all(one == said[0] for one in said)
    assert {one.level for one in said[0]} >= {ReplyLevel.NOTHING, ReplyLevel.HIT, ReplyLevel.CORE, ReplyLevel.FULL}
