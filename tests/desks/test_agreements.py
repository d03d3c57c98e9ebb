"""Texts that are put here by hand: for a trial alone, and those of an earlier release until law of their id comes."""

from collections.abc import Iterator

import pytest

from comity.desks.agreements import Agreements
from comity.domain import limits
from comity.domain.caller import Role
from comity.domain.errors import Conflict, Invalid, NotPermitted, TooLarge
from comity.domain.reply import ReplyLevel
from comity.law.decision import decide
from comity.law.instruments import read_instrument
from comity.testing.federation import ALDOVA, BERGENIA, Federation
from tests.desks.cast import everyone_but
from tests.desks.test_offences import TREATY
from tests.law.test_bundles import asked, reason

TREATY_OF_DOCUMENTS = TREATY.replace(b'"persons"', b'"travel-documents"').replace(b'"security-check"', b'"locate"')
BY_HAND = b"""
id = "by-hand"
title = "Exchange of Letters"
source = "Fictitious"
parties = ["XA", "un"]
in_force_from = 2024-01-01

[[clauses]]
id = "par-1"
title = "Documents"
effect = "permit"
text = "The parties tell each other of documents."
categories = ["travel-documents"]
reply = "full"
"""


@pytest.fixture
def trial(federation: Federation) -> Iterator[Agreements]:
    desk = federation[ALDOVA].agreements
    desk.trial = True
    yield desk
    desk.trial = False


def told(federation: Federation, desk: Agreements):
    with federation[ALDOVA].store.reading() as tx:
        return decide(asked("un", "XA"), None, desk.law(tx), federation.time().date())


def test_nothing_is_adopted_by_hand_where_law_is_published(federation: Federation):
    desk, operator = federation[ALDOVA].agreements, federation[ALDOVA].operator("test")
    with pytest.raises(Conflict, match="published here, not adopted"):
        desk.adopt(BY_HAND, "by-hand.toml", operator)


def test_for_a_trial_it_is_adopted_by_administrators_whole_and_once(federation: Federation, trial: Agreements):
    operator = federation[ALDOVA].operator("test")
    with pytest.raises(NotPermitted):
        trial.adopt(BY_HAND, "by-hand.toml", everyone_but(Role.ADMINISTRATOR))
    with pytest.raises(TooLarge):
        trial.adopt(BY_HAND + b"#" * limits.AGREEMENT_BYTES_MAX, "by-hand.toml", operator)
    with pytest.raises(Invalid):
        trial.adopt(BY_HAND.replace(b'"full"', b'"whole"'), "by-hand.toml", operator)
    trial.adopt(BY_HAND, "by-hand.toml", operator)
    before = len(federation.journal(ALDOVA))
    trial.adopt(BY_HAND, "by-hand.toml", operator)
    assert len(federation.journal(ALDOVA)) == before
    assert told(federation, trial).level is ReplyLevel.FULL
    assert [one.id for one, _ in trial.by_hand()] == ["by-hand"]


def test_an_earlier_text_can_be_put_into_force_again(federation: Federation, trial: Agreements):
    digests = []
    for one in (BY_HAND, BY_HAND + b"\n# amended\n", BY_HAND):
        federation.time.pass_by(seconds=1)
        trial.adopt(one, "by-hand.toml", federation[ALDOVA].operator("test"))
        digests.append(next(digest for held, digest in trial.by_hand() if held.id == "by-hand"))
    assert digests[0] == digests[2] != digests[1]


def test_once_the_trial_is_over_it_denies_because_nobody_signed_it(federation: Federation, trial: Agreements):
    trial.adopt(BY_HAND, "by-hand.toml", federation[ALDOVA].operator("test"))
    trial.trial = False
    trial._law = None  # as a node that was started again
    assert "by-hand" in reason(told(federation, trial))
    assert "nobody signed it" in reason(told(federation, trial))
    assert trial.by_hand() == []
    assert any("nobody signed it" in gap.why for gap in trial.gaps())


def test_a_text_of_an_earlier_release_goes_on_until_law_of_its_id_is_published(federation: Federation):
    desk = federation[ALDOVA].agreements
    text = BY_HAND.replace(b'id = "by-hand"', b'id = "security-checks"', 1)
    with federation[ALDOVA].store.transaction() as tx:  # as it stands there after an upgrade
        tx.agreements.put(read_instrument(text, "by-hand.toml"), text, "d" * 64, federation.time())
        tx.commit()
    assert told(federation, desk).level is ReplyLevel.FULL
    federation.publish(("treaty.toml", TREATY_OF_DOCUMENTS))
    assert desk.by_hand() == []
    assert told(federation, desk).level is ReplyLevel.NOTHING
    assert any(one.id == "security-checks" for one, _ in federation[BERGENIA].agreements.every())
