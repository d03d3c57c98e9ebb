"""A bureau comes in by comparing fingerprints; whoever is suspended is told so and answered nothing."""

from pathlib import Path

import pytest

from comity.domain.bureau import Standing
from comity.domain.errors import Conflict, NotPermitted, Refusal
from comity.domain.lookup import Outcome
from comity.nodes import enrolment
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, HUB, Federation
from tests.federation.conftest import STOLEN


def test_every_node_holds_the_same_directory_with_the_fingerprints_that_were_compared(federation: Federation):
    directories = {name: node.members.directory() for name, node in federation.nodes.items()}
    assert len({directory.version for directory in directories.values()}) == 1
    for name, node in federation.nodes.items():
        assert directories[HUB].member(name).fingerprint == node.fingerprint


def test_a_wrong_fingerprint_of_the_hub_stops_the_bureau(federation: Federation, tmp_path: Path):
    hub, corvia = federation[HUB], federation[CORVIA]
    data = enrolment.invitation(hub.folder, hub.members, hub.keys.node, "newland", "XC", hub.operator("test"))
    with pytest.raises(NotPermitted, match="fingerprint"):
        enrolment.membership_request(
            corvia.folder,
            corvia.members,
            data,
            corvia.fingerprint,
            corvia.keys.root,
            federation.time(),
            corvia.operator("test"),
        )


def test_an_invitation_is_good_for_one_name_only(federation: Federation):
    hub, corvia = federation[HUB], federation[CORVIA]
    data = enrolment.invitation(hub.folder, hub.members, hub.keys.node, "newland", "XC", hub.operator("test"))
    with pytest.raises(Conflict, match="newland"):
        enrolment.membership_request(
            corvia.folder,
            corvia.members,
            data,
            hub.fingerprint,
            corvia.keys.root,
            federation.time(),
            corvia.operator("test"),
        )


def test_a_member_cannot_be_invited_again(federation: Federation):
    hub = federation[HUB]
    with pytest.raises(Conflict, match="already"):
        hub.members.invite(CORVIA, "XC", "code", hub.operator("test"))


def test_a_suspended_member_is_refused_by_all_and_nothing_of_its_is_lost(federation: Federation):
    federation.measure(ALDOVA, Standing.SUSPENDED, "unpaid fictitious dues")
    federation[BERGENIA].follower.follow_once()
    refused = federation.answer_of(HUB, federation.ask("ada", STOLEN))
    assert refused.outcome is Outcome.REFUSED
    assert "unpaid fictitious dues" in refused.reason.text
    with pytest.raises(Refusal, match="suspended"):
        federation[ALDOVA].follower.follow_once()
    federation.measure(ALDOVA, Standing.ACTIVE, "paid")
    federation.follow()
    assert federation.answer_of(HUB, federation.ask("ada", STOLEN)).outcome is Outcome.HIT


def test_an_expired_directory_is_not_used(federation: Federation):
    federation.time.pass_by(days=4)
    assert federation[HUB].bulletins.refresh()  # it alone: under an expired one nobody would be asked in any case
    federation[ALDOVA].bulletin_follower.follow_once()
    federation.time.pass_by(days=4)
    assert federation[ALDOVA].directory() is None
    assert federation[ALDOVA].bulletins.held()[0].expires_at > federation.time()
    answers = {one.source: one.outcome for one in federation.ask("ada", STOLEN).sources}
    # Whoever cannot be asked is shown as silent, not left out.
    assert answers == {ALDOVA: Outcome.NO_RECORD, HUB: Outcome.SILENT, BERGENIA: Outcome.SILENT}
    assert federation[HUB].members.refresh() is True
    assert federation[HUB].members.refresh() is False
