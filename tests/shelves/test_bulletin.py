"""The bulletin on its shelf: item after item, never shorter, documents to the byte."""

import pytest

from comity.domain.bulletin import Proposal, ProposalState, Publication
from comity.domain.errors import Conflict
from comity.domain.instrument import Layer
from comity.storage.database import Database
from tests.wire.cast import NOW
from tests.wire.law_cast import ITEMS, head


def test_items_are_kept_in_order_with_what_is_wrong_with_them(store: Database):
    with store.transaction() as tx:
        assert tx.bulletin.place() == (0, "")
        for item in ITEMS:
            tx.bulletin.add(item, f"chain {item.number}", "lost" if item.number == 2 else "")
        with pytest.raises(Conflict):
            tx.bulletin.add(ITEMS[1], "again", "")
        tx.commit()
    with store.reading() as tx:
        assert tx.bulletin.place() == (3, "chain 3")
        assert tx.bulletin.items() == [(ITEMS[0], ""), (ITEMS[1], "lost"), (ITEMS[2], "")]
        assert tx.bulletin.items(after=1, limit=1) == [(ITEMS[1], "lost")]
        assert tx.bulletin.items(of="law-3") == [(ITEMS[2], "")]
        assert tx.bulletin.mark() == (3, 1)
    with store.transaction() as tx:
        tx.bulletin.mend(2, "")
        assert tx.bulletin.mark() == (3, 0)


def test_the_list_never_becomes_shorter_nor_anothers(store: Database):
    with store.transaction() as tx:
        assert (tx.bulletin.head(), tx.bulletin.signed_head()) == (None, b"")
        tx.bulletin.put_head(head(), b"signed")
        assert (tx.bulletin.head(), tx.bulletin.signed_head()) == (head(), b"signed")
        for wrong in (head(ITEMS[:2]), head(hub="corvia")):
            with pytest.raises(Conflict):
                tx.bulletin.put_head(wrong, b"signed")


def test_documents_and_proposals_are_kept_to_the_byte(store: Database):
    proposal = Proposal(
        digest="a" * 64,
        id="treaty",
        version=1,
        layer=Layer.AGREEMENT,
        kind=Publication.BUNDLE,
        state=ProposalState.SENT,
        by="aldova",
        at=NOW,
    )
    with store.transaction() as tx:
        tx.bulletin.keep("b" * 64, Publication.WITHDRAWAL, b"document")
        tx.bulletin.keep("b" * 64, Publication.WITHDRAWAL, b"document")
        assert tx.bulletin.document("b" * 64) == (Publication.WITHDRAWAL, b"document")
        assert tx.bulletin.document("c" * 64) is None
        tx.bulletin.propose(proposal, b"one")
        tx.bulletin.propose(proposal, b"two")
        assert tx.bulletin.proposal("a" * 64) == (proposal, b"two")
        assert (tx.bulletin.proposal("b" * 64), tx.bulletin.proposals()) == (None, [proposal])


def test_texts_put_here_for_a_trial_are_marked(store: Database):
    with store.transaction() as tx:
        tx.agreements.mark_trial("d" * 64)
        tx.agreements.mark_trial("d" * 64)
        assert tx.agreements.trial() == frozenset({"d" * 64})
