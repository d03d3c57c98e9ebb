"""Members: who lets whom in, under which name and country, and what every follower must be able to take."""

from typing import Any

import msgspec
import pytest

from comity.domain import limits
from comity.domain.bureau import Directory, Manifest, NodeRole
from comity.domain.caller import Role
from comity.domain.errors import Conflict, Invalid, NotPermitted
from comity.domain.journal import Act
from comity.testing.federation import ALDOVA, HUB, Federation
from tests.desks.cast import everyone_but

CODE = "a code of sixteen bytes"
NOBODY = everyone_but(Role.ADMINISTRATOR)


def newcomer(federation: Federation, **fields: Any) -> Manifest:
    """A bureau of Deltania (a country that the test takes from the list), which signs nothing here."""
    return msgspec.structs.replace(
        federation[ALDOVA].manifest, **{"node": "deltania", "country": "FR", "address": "https://d:1", **fields}
    )


def approve(federation: Federation, manifest: Manifest, code: str = CODE) -> Directory:
    """As far as the signature, which no directory with an invented manifest gets."""
    hub = federation[HUB]
    return hub.members.approve(manifest, "", "", code, hub.operator("test"))


@pytest.fixture
def invited(standing: Federation) -> Federation:
    hub = standing[HUB]
    hub.members.invite("deltania", "FR", CODE, hub.operator("test"))
    return standing


def test_only_an_administrator_changes_who_is_a_member(standing: Federation):
    hub, bureau = standing[HUB].members, standing[ALDOVA].members
    own, signed, fingerprint = standing[HUB].manifest, standing[HUB].signed_manifest, standing[HUB].fingerprint
    for act in (
        lambda: hub.invite("deltania", "FR", CODE, NOBODY),
        lambda: hub.approve(newcomer(standing), "", "", CODE, NOBODY),
        lambda: bureau.join(own, signed, fingerprint, NOBODY),
    ):
        with pytest.raises(NotPermitted, match="Your roles"):
            act()


def test_what_a_hub_does_a_bureau_cannot_and_the_other_way_round(standing: Federation):
    aldova, hub = standing[ALDOVA], standing[HUB]
    operator = aldova.operator("test")
    for act in (
        lambda: aldova.members.invite("deltania", "FR", CODE, operator),
        lambda: aldova.members.approve(newcomer(standing), "", "", CODE, operator),
        lambda: aldova.members.found(aldova.manifest, aldova.signed_manifest, aldova.fingerprint),
        lambda: aldova.members.refresh(),
        lambda: hub.members.join(hub.manifest, hub.signed_manifest, hub.fingerprint, hub.operator("test")),
    ):
        with pytest.raises(Conflict, match="Run this at"):
            act()


@pytest.mark.parametrize(("node", "country"), [("Deltania!", "FR"), ("deltania", "nowhere"), ("deltania", "")])
def test_an_invitation_names_a_bureau_and_its_country(standing: Federation, node: str, country: str):
    with pytest.raises(Invalid):
        standing[HUB].members.invite(node, country, CODE, standing[HUB].operator("test"))


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, "another code"),
        ({"node": "epsilonia"}, CODE),
        ({"country": "DE"}, CODE),  # it would come in under the law of another country than was agreed
        ({"country": "FRA"}, CODE),
        ({"country": ""}, CODE),
    ],
)
def test_whoever_was_not_invited_so_is_not_let_in(invited: Federation, fields: dict[str, str], code: str):
    with pytest.raises(NotPermitted, match="was not invited with this code"):
        approve(invited, newcomer(invited, **fields), code)


def test_an_invitation_ends(federation: Federation):
    hub = federation[HUB]
    hub.members.invite("deltania", "FR", CODE, hub.operator("test"))
    federation.time.pass_by(days=limits.INVITATION_DAYS_MAX, seconds=1)
    with pytest.raises(NotPermitted, match="expired"):
        approve(federation, newcomer(federation))


def test_a_hub_does_not_come_in_as_a_bureau(invited: Federation):
    with pytest.raises(NotPermitted, match="Only a bureau"):
        approve(invited, newcomer(invited, role=NodeRole.HUB))


def test_a_country_has_one_bureau_and_a_name_one_member(standing: Federation):
    hub = standing[HUB]
    hub.members.invite("second", "XA", CODE, hub.operator("test"))
    with pytest.raises(Conflict, match="aldova is the bureau of XA"):
        approve(standing, newcomer(standing, node="second", country="XA"))
    with hub.store.transaction() as tx:  # invited before, let in meanwhile
        tx.members.invite(ALDOVA, tx.members.invitation("second")[0], standing.time())
        tx.commit()
    with pytest.raises(Conflict, match="aldova is a member already"):
        approve(standing, standing[ALDOVA].manifest)
    with pytest.raises(Conflict, match="already"):
        hub.members.invite(ALDOVA, "XA", CODE, hub.operator("test"))


def test_a_federation_is_not_larger_than_a_directory_may_be(invited: Federation, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "MEMBERS_MAX", 4)
    with pytest.raises(Conflict, match="at most 4 members"):
        approve(invited, newcomer(invited))


def test_a_directory_is_signed_anew_at_half_its_life_and_not_before(federation: Federation):
    members = federation[HUB].members
    version = members.directory().version
    assert not members.refresh()
    federation.time.pass_by(days=limits.DIRECTORY_DAYS_MAX / 2)
    assert members.refresh()
    assert members.directory().version == version + 1


def test_founding_again_changes_nothing(standing: Federation):
    hub = standing[HUB]
    held = hub.members.directory()
    assert hub.members.found(hub.manifest, hub.signed_manifest, hub.fingerprint) == held


def test_a_bureau_follows_one_hub(standing: Federation):
    aldova, hub = standing[ALDOVA], standing[HUB]
    aldova.members.join(hub.manifest, hub.signed_manifest, hub.fingerprint, aldova.operator("test"))  # again: nothing
    with pytest.raises(Conflict, match="joined hub already"):
        aldova.members.join(hub.manifest, hub.signed_manifest, "another", aldova.operator("test"))


def test_a_bureau_that_was_off_for_longer_than_a_directory_lasts_follows_its_hub_again(federation: Federation):
    federation.time.pass_by(days=30)
    assert federation[ALDOVA].directory() is None
    federation[HUB].members.refresh()
    assert federation[ALDOVA].follower.follow_once()
    assert federation[ALDOVA].directory().version == federation[HUB].members.directory().version
    assert [one.act for one in federation.journal(ALDOVA)][-1] is Act.DIRECTORY_FOLLOWED


def test_a_hub_that_was_off_for_longer_signs_anew_before_it_is_asked(federation: Federation):
    federation.time.pass_by(days=30)
    hub = federation[HUB]
    assert hub.directory() is None
    assert hub.bulletins.held()[0].expires_at < federation.time()
    (follow,) = [one for one in hub._rounds() if one.name == "follow"]
    follow.act()
    assert hub.directory() is not None
    assert hub.bulletins.held()[0].expires_at > federation.time()
