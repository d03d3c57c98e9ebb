"""Law that our people sign, propose, have published and withdraw: what each side holds then, and what is refused."""

from datetime import date, timedelta

import msgspec
import pytest

from comity.desks.bundles import Text
from comity.domain import limits
from comity.domain.bulletin import Proposal, ProposalState
from comity.domain.bundle import SignedBundle
from comity.domain.caller import Role
from comity.domain.errors import Conflict, Invalid, Missing, NotPermitted, Refusal
from comity.domain.journal import Act
from comity.domain.letter import LawAnswer, LawProposal, LawSubmission
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, HUB, Federation
from tests.desks.cast import everyone_but, send

TREATY = b"""
id = "treaty"
title = "Treaty between Aldova and Bergenia"
source = "Fictitious"
parties = ["XA", "XB"]
in_force_from = 2024-01-01

[[clauses]]
id = "art-1"
title = "Firearms"
effect = "permit"
text = "The parties tell each other of firearms for security checks."
categories = ["firearms"]
purposes = ["security-check"]
reply = "core"
"""
NATIONAL = TREATY.replace(b'"treaty"', b'"law-of-bergenia"').replace(
    b'parties = ["XA", "XB"]', b'layer = "national-law"\nparties = ["XB"]'
)
FILE = Text("treaty.toml", TREATY)


def signed_at(federation: Federation, node: str, *texts: Text, **more) -> Proposal:
    desk = federation[node].bundles
    return desk.publish(list(texts or (FILE,)), federation[node].operator("test"), **more)


def stands(federation: Federation, node: str) -> dict[str, ProposalState]:
    return {one.id: one.state for one in federation[node].bundles.proposals()}


def in_use(federation: Federation, node: str) -> set[str]:
    return {one.id for one, _ in federation[node].agreements.every()}


def acts(federation: Federation, node: str, of: str) -> list[Act]:
    return [one.act for one in federation.journal(node) if one.subject == of]


def test_an_agreement_is_proposed_signed_by_the_other_and_then_law_everywhere(federation: Federation):
    proposal = signed_at(federation, ALDOVA)
    assert proposal.state is ProposalState.SENT
    federation.post()
    assert stands(federation, ALDOVA)["treaty"] is ProposalState.WAITING
    assert stands(federation, BERGENIA)["treaty"] is ProposalState.PROPOSED
    assert "treaty" not in stands(federation, CORVIA)
    federation.follow()
    assert not any("treaty" in in_use(federation, node) for node in federation.nodes)
    federation[BERGENIA].bundles.sign(proposal.digest[:12], federation[BERGENIA].operator("test"))
    federation.post()
    federation.follow()
    assert all("treaty" in in_use(federation, node) for node in federation.nodes)
    for node in (ALDOVA, BERGENIA):
        assert stands(federation, node)["treaty"] is ProposalState.PUBLISHED
        assert acts(federation, node, "treaty")[-1] is Act.LAW_PUBLISHED
    assert Act.LAW_SIGNED in acts(federation, ALDOVA, "treaty")
    assert acts(federation, BERGENIA, "treaty")[0] is Act.LAW_PROPOSED
    digests = {node: dict(map(reversed, _named(federation, node))) for node in federation.nodes}
    assert len({one["treaty"] for one in digests.values()}) == 1


def _named(federation: Federation, node: str) -> list[tuple[str, str]]:
    return [(digest, one.id) for one, digest in federation[node].agreements.every()]


def test_a_member_publishes_its_own_law_and_the_hub_the_organisations(federation: Federation):
    signed_at(federation, BERGENIA, Text("law.toml", NATIONAL))
    rules = NATIONAL.replace(b'"law-of-bergenia"', b'"rules"').replace(b'layer = "national-law"\nparties = ["XB"]', b"")
    rules = rules.replace(b'source = "Fict', b'layer = "organisation"\nsource = "Fict')
    assert signed_at(federation, HUB, Text("rules.toml", rules)).state is ProposalState.PUBLISHED
    federation.post()
    federation.follow()
    for node in federation.nodes:
        assert {"law-of-bergenia", "rules"} <= in_use(federation, node)


@pytest.mark.parametrize("node", [ALDOVA, HUB])
def test_nobody_publishes_anothers_law(federation: Federation, node: str):
    with pytest.raises((NotPermitted, Conflict)):
        signed_at(federation, node, Text("law.toml", NATIONAL))
    with pytest.raises(NotPermitted):
        federation[ALDOVA].bundles.publish([FILE], everyone_but(Role.ADMINISTRATOR))
    assert stands(federation, node).get("law-of-bergenia") is None


def test_a_text_that_is_not_law_is_not_signed(federation: Federation):
    with pytest.raises(Invalid):
        signed_at(federation, ALDOVA, Text("treaty.toml", TREATY.replace(b"core", b"everything")))
    with pytest.raises(Invalid, match="one name"):
        signed_at(federation, ALDOVA, FILE, Text("other.toml", TREATY.replace(b'"treaty"', b'"other"')))
    with pytest.raises(Refusal):
        signed_at(federation, ALDOVA, Text("treaty.toml", TREATY + b"#" * limits.AGREEMENT_BYTES_MAX))
    with pytest.raises(Invalid):
        signed_at(federation, ALDOVA, last_day=date(2200, 1, 1))
    assert federation.waiting() == {}


def test_what_the_hub_refuses_comes_back_with_the_reason(federation: Federation):
    convention = federation[ALDOVA].bundles.shown("convention-on-police-information").bundle
    forged = msgspec.structs.replace(convention, version=7, previous="0" * 64)
    document = federation[ALDOVA].bundles.documents.sign(forged)
    send(federation, ALDOVA, HUB, LawSubmission(what="bundle", document=document.document.decode()))
    told = [one for one in federation.journal(HUB) if one.act is Act.LAW_REFUSED]
    assert "does not continue version 1" in str(told[-1].details["why"])
    signed = signed_at(federation, ALDOVA)
    federation.post()
    send(federation, HUB, ALDOVA, LawAnswer(digest=signed.digest, state=ProposalState.REFUSED, note="Because."))
    assert stands(federation, ALDOVA)["treaty"] is ProposalState.REFUSED
    assert "Because." in [one.note for one in federation[ALDOVA].bundles.proposals()]


def test_only_the_hub_says_what_became_of_it(federation: Federation):
    signed = signed_at(federation, ALDOVA)
    send(federation, BERGENIA, ALDOVA, LawAnswer(digest=signed.digest, state=ProposalState.PUBLISHED, number=9))
    assert stands(federation, ALDOVA)["treaty"] is ProposalState.WAITING


def test_a_bureau_publishes_nothing_for_others(federation: Federation):
    document = federation[ALDOVA].bundles.documents.sign(_bundle(federation)).document.decode()
    send(federation, ALDOVA, BERGENIA, LawSubmission(what="bundle", document=document))
    assert "is a bureau" in str([one for one in federation.journal(BERGENIA) if one.act is Act.LAW_REFUSED][-1])


def _bundle(federation: Federation):
    signed_at(federation, ALDOVA)
    federation.post()
    return federation[ALDOVA].bundles.shown(federation[ALDOVA].bundles.proposals()[-1].digest).bundle


def test_a_proposal_that_is_not_ours_is_written_down_and_left(federation: Federation):
    document = federation[ALDOVA].bundles.documents.sign(_bundle(federation)).document.decode()
    for body in (LawProposal(document=document), LawProposal(document="{}")):
        send(federation, ALDOVA, CORVIA, body)
    refused = [one for one in federation.journal(CORVIA) if one.act is Act.LAW_REFUSED]
    assert len(refused) == 2
    assert federation[CORVIA].bundles.proposals() == [] or "treaty" not in stands(federation, CORVIA)
    with pytest.raises(Missing):
        federation[CORVIA].bundles.sign("0" * 8, federation[CORVIA].operator("test"))


def test_nobody_can_fill_another_with_proposals(federation: Federation, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "PROPOSALS_PER_MEMBER_MAX", len(federation[BERGENIA].bundles.proposals()))
    signed_at(federation, ALDOVA)
    federation.post()
    monkeypatch.setattr(limits, "PROPOSALS_PER_MEMBER_MAX", 0)
    signed_at(federation, ALDOVA, Text("second.toml", TREATY.replace(b'"treaty"', b'"second"')))
    federation.post()
    assert "second" not in stands(federation, BERGENIA)


def test_the_next_version_waits_for_all_who_signed_the_one_before(federation: Federation):
    federation.publish(("treaty.toml", TREATY))
    amended = TREATY.replace(b'"core"', b'"hit"')
    proposal = signed_at(federation, BERGENIA, Text("treaty.toml", amended))
    assert proposal.version == 2
    federation.post()
    federation.follow()
    assert federation[CORVIA].bundles.shown("treaty").bundle.version == 1
    federation[ALDOVA].bundles.sign(proposal.digest, federation[ALDOVA].operator("test"))
    federation.post()
    federation.follow()
    assert federation[CORVIA].bundles.shown("treaty").bundle.version == 2


def test_a_party_withdraws_and_everybody_knows(federation: Federation):
    federation.publish(("treaty.toml", TREATY))
    desk, operator = federation[BERGENIA].bundles, federation[BERGENIA].operator("test")
    day = federation.time().date() + timedelta(days=1)
    assert desk.withdraw("treaty", day, "Denounced", operator).state is ProposalState.SENT
    federation.post()
    federation.follow()
    assert not any("ended for XB" in gap.why for gap in federation[CORVIA].agreements.gaps())
    federation.time.pass_by(days=1)
    assert any(f"ended for XB on {day}" in gap.why for gap in federation[CORVIA].agreements.gaps())
    for refused in ("treaty", "no-such-law"):
        with pytest.raises(Missing):
            desk.withdraw(refused, None, "Again", operator)
    with pytest.raises(Invalid):
        federation[ALDOVA].bundles.withdraw("treaty", None, " ", operator)
    with pytest.raises(NotPermitted):
        federation[ALDOVA].bundles.withdraw("treaty", date(2024, 1, 1), "Long ago", federation[ALDOVA].operator("test"))


def test_an_id_that_another_law_has_is_not_published_twice(federation: Federation):
    signed_at(federation, BERGENIA, Text("law.toml", NATIONAL), bundle_id="a-name-of-its-own")
    federation.post()
    signed_at(federation, BERGENIA, Text("law.toml", NATIONAL), bundle_id="another-name")
    federation.post()
    assert stands(federation, BERGENIA)["a-name-of-its-own"] is ProposalState.PUBLISHED
    assert stands(federation, BERGENIA)["another-name"] is ProposalState.REFUSED


def test_what_was_signed_is_shown_to_the_letter(federation: Federation):
    proposal = signed_at(federation, ALDOVA)
    shown = federation[ALDOVA].bundles.shown(proposal.digest)
    assert isinstance(shown, SignedBundle)
    assert (shown.signed, shown.bundle.texts[0].text) == ((ALDOVA,), TREATY.decode())
