"""Attacks by a hub, or by a member, through the bulletin: others' law, forged law, law that others did not sign."""

from datetime import timedelta

import msgspec
import pytest

from comity.desks.bulletins import item_of
from comity.domain.bulletin import Publication
from comity.domain.bundle import Bundle, Signatory, SignedBundle
from comity.domain.errors import Conflict, Refusal, Unauthenticated
from comity.domain.instrument import Layer
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, HUB, Federation
from tests.desks.test_bundles import NATIONAL, TREATY, in_use
from tests.federation.conftest import federation, founded, furnished
from tests.wire.law_cast import text

__all__ = ["federation", "founded", "furnished"]


def bundle(content: bytes, *signatories: tuple[str, str], **fields: object) -> Bundle:
    layer = Layer.NATIONAL_LAW if b"national-law" in content else Layer.AGREEMENT
    return msgspec.structs.replace(
        Bundle(
            id=content.decode().split('"')[1],
            layer=layer,
            signatories=tuple(Signatory(node=node, party=party) for node, party in signatories),
            version=1,
            previous="",
            issued_at=fields.pop("now"),
            valid_from=fields.pop("day"),
            valid_until=fields.pop("until"),
            texts=(text(content.decode()),),
        ),
        **fields,
    )


def of(federation: Federation, content: bytes, *signatories: tuple[str, str], **fields: object) -> Bundle:
    now = federation.time()
    days = {"now": now, "day": now.date(), "until": now.date() + timedelta(days=90)}
    return bundle(content, *signatories, **days, **fields)


def smuggled(
    federation: Federation, found: SignedBundle, kind: Publication = Publication.BUNDLE, **changes: object
) -> str:
    """What the hub lists without looking at it, and how the bureaus take it: what is wrong with it at Corvia."""
    hub = federation[HUB].bulletins
    with federation[HUB].store.transaction() as tx:
        number, chain = tx.bulletin.place()
        item = msgspec.structs.replace(item_of(found, kind, number + 1, federation.time()), **changes)
        tx.bulletin.keep(item.digest, kind, found.document)
        tx.bulletin.add(item, hub.documents.chained(chain, item), "")
        hub._sign_head(tx)
        tx.commit()
    federation[CORVIA].bulletin_follower.follow_once()
    with federation[CORVIA].store.reading() as tx:
        return tx.bulletin.items()[-1][1]


def test_what_is_rightly_signed_is_taken_even_so(federation: Federation):
    law = of(federation, NATIONAL, (BERGENIA, "XB"))
    assert smuggled(federation, federation[BERGENIA].bundles.documents.sign(law)) == ""
    assert "law-of-bergenia" in in_use(federation, CORVIA)


def test_the_hub_cannot_write_a_members_law(federation: Federation):
    law = of(federation, NATIONAL, (HUB, "XB"))
    assert "hub cannot sign for XB" in smuggled(federation, federation[HUB].bundles.documents.sign(law))
    assert "law-of-bergenia" not in in_use(federation, CORVIA)
    assert any("cannot be used" in gap.why for gap in federation[CORVIA].agreements.gaps())


def test_the_hub_cannot_sign_in_a_members_name(federation: Federation):
    law = of(federation, NATIONAL, (BERGENIA, "XB"))
    forger = federation[HUB].bundles.documents
    forger.node = BERGENIA
    assert "two keys" in smuggled(federation, forger.sign(law))


def test_a_member_cannot_write_anothers_law(federation: Federation):
    law = of(federation, NATIONAL, (ALDOVA, "XB"))
    assert "aldova cannot sign for XB" in smuggled(federation, federation[ALDOVA].bundles.documents.sign(law))


def test_an_agreement_that_one_side_alone_signed_binds_nobody(federation: Federation):
    treaty = of(federation, TREATY, (ALDOVA, "XA"), (BERGENIA, "XB"))
    assert "not signed by bergenia" in smuggled(federation, federation[ALDOVA].bundles.documents.sign(treaty))
    assert "treaty" not in in_use(federation, CORVIA)


def test_some_parties_cannot_change_what_binds_the_others(federation: Federation):
    held = federation[ALDOVA].bundles.shown("convention-on-police-information")
    new = msgspec.structs.replace(held.bundle, version=2, previous=held.payload_digest)
    signed = federation[BERGENIA].bundles.documents.countersign(federation[ALDOVA].bundles.documents.sign(new))
    assert "not signed by corvia" in smuggled(federation, signed)


def test_a_version_that_follows_no_other_is_refused(federation: Federation):
    held = federation[ALDOVA].bundles.shown("aldova-bergenia-bilateral")
    forked = msgspec.structs.replace(held.bundle, version=2, previous="0" * 64)
    signed = federation[BERGENIA].bundles.documents.countersign(federation[ALDOVA].bundles.documents.sign(forked))
    assert "does not continue" in smuggled(federation, signed)


def test_a_version_after_a_missing_one_must_still_continue_it(federation: Federation):
    """The hub withholds the second version: the third is taken where it follows that one, and no other."""
    held = federation[ALDOVA].bundles.shown("aldova-bergenia-bilateral")
    sign, countersign = federation[ALDOVA].bundles.documents.sign, federation[BERGENIA].bundles.documents.countersign
    second = countersign(sign(msgspec.structs.replace(held.bundle, version=2, previous=held.payload_digest)))
    assert smuggled(federation, second, digest="e" * 64) != ""
    third = msgspec.structs.replace(held.bundle, version=3, previous=second.payload_digest)
    assert smuggled(federation, countersign(sign(third))) == ""
    other = msgspec.structs.replace(held.bundle, version=4, previous="f" * 64)
    assert "does not continue" in smuggled(federation, countersign(sign(other)))


def test_an_item_that_says_another_thing_than_its_document_is_refused(federation: Federation):
    law = federation[BERGENIA].bundles.documents.sign(of(federation, NATIONAL, (BERGENIA, "XB")))
    assert "says something else" in smuggled(federation, law, id="harmless")


def test_another_document_in_its_place_is_refused(federation: Federation):
    law = federation[BERGENIA].bundles.documents.sign(of(federation, NATIONAL, (BERGENIA, "XB")))
    assert "another document" in smuggled(federation, law, digest="d" * 64)


def test_a_withdrawal_by_another_ends_nothing(federation: Federation):
    held = federation[BERGENIA].bundles.shown("bergenia-corvia-bilateral")
    withdrawal = federation[BERGENIA].bundles
    withdrawal.withdraw("bergenia-corvia-bilateral", None, "Denounced", federation[BERGENIA].operator("test"))
    with federation[BERGENIA].store.reading() as tx:
        kept = next(one for one in tx.bulletin.proposals() if one.kind is Publication.WITHDRAWAL)
        _, document = tx.bulletin.proposal(kept.digest)
    ended = federation[BERGENIA].bundles.documents.opened(Publication.WITHDRAWAL, document).withdrawal
    forger = federation[ALDOVA].bundles.documents
    forged = forger.end(ended)
    assert "two keys" in smuggled(federation, forged, Publication.WITHDRAWAL)
    assert held.bundle.id == ended.bundle


@pytest.mark.parametrize("shown", ["shorter", "another"])
def test_a_list_that_does_not_continue_the_one_held_is_not_followed(federation: Federation, shown: str):
    hub, bureau = federation[HUB], federation[CORVIA]
    before = bureau.bulletins.held()
    with hub.store.transaction() as tx:
        connection = tx.bulletin._connection
        if shown == "shorter":
            connection.exec_driver_sql("DELETE FROM bulletin_items WHERE number > 1")
        else:
            connection.exec_driver_sql("UPDATE bulletin_items SET chain = 'other'")
        connection.exec_driver_sql("DELETE FROM bulletin_heads")
        hub.bulletins._sign_head(tx)
        tx.commit()
    with pytest.raises((Conflict, Unauthenticated)):
        bureau.bulletin_follower.follow_once()
    assert bureau.bulletins.held() == before


def test_a_hub_that_gives_no_newer_list_is_not_followed_for_ever(federation: Federation):
    federation.time.pass_by(days=7, seconds=1)
    with pytest.raises(Refusal):
        federation[CORVIA].bulletin_follower.follow_once()
