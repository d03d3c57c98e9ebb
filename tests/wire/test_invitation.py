"""The files of the enrolment ceremony: who may write them, and until when they are good."""

from datetime import timedelta

import pytest

from comity.domain.errors import Invalid, Unauthenticated
from comity.wire.canonical import encode
from comity.wire.invitation import verified_invitation, verified_request, write_invitation, write_request
from comity.wire.pair import fingerprint
from comity.wire.signed import INVITATION, MEMBERSHIP_REQUEST, sign
from tests.wire.cast import BERGENIA, HUB, MEMBERS, NOW, root, signer

CODE = "x7-3kd-a-one-time-code"
UNTIL = NOW + timedelta(days=14)
HUB_SIGNED, BERGENIA_SIGNED = MEMBERS[0].signed_manifest, MEMBERS[2].signed_manifest


def invited(**changes: object) -> dict[str, object]:
    return {"hub": HUB_SIGNED, "node": "bergenia", "country": "XB", "code": CODE, "expires_at": UNTIL, **changes}


def test_an_invitation_is_read_with_the_hub_and_its_fingerprint():
    data = write_invitation(HUB_SIGNED, "bergenia", "XB", CODE, UNTIL, signer("hub"))
    invitation, hub, found = verified_invitation(data, NOW)
    assert (invitation.node, invitation.country, invitation.code, invitation.expires_at) == (
        "bergenia",
        "XB",
        CODE,
        UNTIL,
    )
    assert (hub, found, invitation.hub) == (HUB, fingerprint(root("hub").public), HUB_SIGNED)


def test_an_invitation_ends():
    data = write_invitation(HUB_SIGNED, "bergenia", "XB", CODE, UNTIL, signer("hub"))
    with pytest.raises(Invalid, match="expired"):
        verified_invitation(data, UNTIL)


def test_only_a_hub_invites():
    with pytest.raises(Invalid):
        write_invitation(BERGENIA_SIGNED, "aldova", "XA", CODE, UNTIL, signer("bergenia"))
    forged = sign(encode(invited(hub=BERGENIA_SIGNED)), INVITATION, signer("bergenia"))
    with pytest.raises(Invalid, match="no hub"):
        verified_invitation(forged, NOW)


def test_an_invitation_in_the_hubs_name_by_another_is_refused():
    with pytest.raises(Invalid):
        write_invitation(HUB_SIGNED, "bergenia", "XB", CODE, UNTIL, signer("aldova"))
    with pytest.raises(Unauthenticated):
        verified_invitation(sign(encode(invited()), INVITATION, signer("aldova")), NOW)


@pytest.mark.parametrize("change", [{"node": "BERGENIA"}, {"country": "XX9"}, {"code": "short"}, {"also": 1}])
def test_an_invitation_with_a_wrong_field_is_refused(change):
    with pytest.raises(Invalid):
        verified_invitation(sign(encode(invited(**change)), INVITATION, signer("hub")), NOW)


def test_a_membership_request_is_read_with_the_bureau_and_its_fingerprint():
    request, bureau, found = verified_request(write_request(BERGENIA_SIGNED, CODE, root("bergenia")))
    assert (request.code, request.manifest) == (CODE, BERGENIA_SIGNED)
    assert (bureau, found) == (BERGENIA, fingerprint(root("bergenia").public))


def test_a_membership_request_with_anothers_manifest_is_refused():
    """Who has seen Bergenia's manifest and got hold of its code still lacks its root."""
    with pytest.raises(Invalid):
        write_request(BERGENIA_SIGNED, CODE, root("corvia"))
    forged = sign(encode({"manifest": BERGENIA_SIGNED, "code": CODE}), MEMBERSHIP_REQUEST, root("corvia"))
    with pytest.raises(Unauthenticated):
        verified_request(forged)
    by_node_keys = sign(encode({"manifest": BERGENIA_SIGNED, "code": CODE}), MEMBERSHIP_REQUEST, signer("bergenia"))
    with pytest.raises(Unauthenticated):
        verified_request(by_node_keys)


def test_an_invitation_is_no_membership_request():
    data = write_invitation(HUB_SIGNED, "bergenia", "XB", CODE, UNTIL, signer("hub"))
    with pytest.raises(Invalid):
        verified_request(data)
