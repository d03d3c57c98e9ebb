"""Everybody follows one list of law: what is too old, damaged or not to be had denies, and says so."""

from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import update

from comity.domain import limits
from comity.domain.journal import Act
from comity.domain.lookup import Outcome, SourceAnswer
from comity.storage.bulletin import documents, items
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, HUB, Federation
from tests.desks.test_bundles import TREATY, in_use
from tests.desks.test_lookups import answered, question
from tests.federation.conftest import STOLEN

CONVENTION = "convention-on-police-information"


def told(federation: Federation, number: int = 1) -> SourceAnswer:
    """Aldova asks Bergenia for its stolen passport."""
    return answered(federation, BERGENIA, question(federation, number, query=STOLEN))


def why(answer: SourceAnswer) -> str:
    assert answer.outcome is Outcome.REFUSED
    assert answer.reason is not None
    return f"{answer.reason.clause}: {answer.reason.text} {answer.reason.needed}"


def test_two_nodes_that_follow_the_same_bulletin_hold_the_same_law(federation: Federation):
    found = {node: {digest for _, digest in federation[node].agreements.every()} for node in federation.nodes}
    assert len(found[HUB]) == 4
    assert all(one == found[HUB] for one in found.values())
    assert len({federation[node].bulletins.held()[1:] for node in federation.nodes}) == 1


def test_each_item_is_written_down_where_it_is_taken_over(federation: Federation):
    for node in federation.nodes:
        entries = [one for one in federation.journal(node) if one.act is Act.LAW_PUBLISHED]
        assert [one.details["number"] for one in entries] == list(range(1, len(entries) + 1))


def test_a_list_that_is_too_old_denies_everything_until_the_hub_is_reached(federation: Federation):
    federation.time.pass_by(days=limits.BULLETIN_DAYS_MAX, seconds=1)
    desk = federation[BERGENIA].agreements
    assert [gap.name for gap in desk.gaps() if not gap.parties] == ["bulletin"]
    federation.follow()
    assert [gap.name for gap in desk.gaps() if not gap.parties] == []
    assert told(federation).outcome is Outcome.HIT


def test_while_it_is_too_old_a_question_is_refused_with_that_reason(federation: Federation):
    bureau = federation[BERGENIA]
    with bureau.store.transaction() as tx:
        head = tx.bulletin.head()
        tx.bulletin.put_head(msgspec.structs.replace(head, expires_at=federation.time()), tx.bulletin.signed_head())
        tx.commit()
    assert "This node must reach hub" in why(told(federation))


def test_the_hub_signs_its_list_anew_before_it_is_too_old(federation: Federation):
    hub = federation[HUB].bulletins
    assert not hub.refresh()
    federation.time.pass_by(days=limits.BULLETIN_DAYS_MAX / 2)
    assert hub.refresh()
    head, number, chain = hub.held()
    assert (head.number, head.chain) == (number, chain)
    assert head.expires_at - federation.time() == timedelta(days=limits.BULLETIN_DAYS_MAX)


def test_a_document_that_was_changed_on_file_denies(federation: Federation):
    bureau = federation[BERGENIA]
    with bureau.store.transaction() as tx:
        last = tx.bulletin.items(of=CONVENTION)[-1][0]
        _, document = tx.bulletin.document(last.digest)
        connection = tx.bulletin._connection
        connection.execute(update(documents).where(documents.c.digest == last.digest).values(document=document + b" "))
        tx.commit()
    assert any("not signed by XC" in gap.why for gap in bureau.agreements.gaps()), "the one before the accession"
    with bureau.store.transaction() as tx:
        for item, _ in tx.bulletin.items(of=CONVENTION):
            connection = tx.bulletin._connection
            connection.execute(update(documents).where(documents.c.digest == item.digest).values(document=b"{}"))
        tx.commit()
    bureau.agreements._law = None  # as a node that was started again
    assert "damaged" in why(told(federation))


def test_what_could_not_be_fetched_denies_and_is_asked_for_again(federation: Federation):
    bureau = federation[BERGENIA]
    federation.publish(("treaty.toml", TREATY))
    with bureau.store.transaction() as tx:  # as where the line broke just then
        number = tx.bulletin.items(of=CONVENTION)[0][0].number
        for item, _ in tx.bulletin.items(of=CONVENTION):
            tx.bulletin.mend(item.number, "its document could not be fetched.")
        tx.commit()
    assert number == bureau.bulletins.wanted()[0].number
    assert "could not be fetched" in why(told(federation))
    bureau.bulletin_follower.follow_once()
    assert bureau.bulletins.wanted() == []
    assert told(federation, 2).outcome is Outcome.HIT
    assert "treaty" in in_use(federation, BERGENIA)


def test_a_node_that_joins_late_reads_the_whole_list(federation: Federation):
    bureau = federation[CORVIA]
    with bureau.store.transaction() as tx:
        connection = tx.bulletin._connection
        connection.execute(items.delete())
        connection.execute(documents.delete())
        tx.commit()
    assert in_use(federation, CORVIA) == set()
    bureau.bulletin_follower.follow_once()
    assert in_use(federation, CORVIA) == in_use(federation, ALDOVA)


@pytest.mark.parametrize("page", [1, 3])
def test_a_list_comes_in_pages(federation: Federation, monkeypatch: pytest.MonkeyPatch, page: int):
    with federation[CORVIA].store.transaction() as tx:
        tx.bulletin._connection.execute(items.delete())
        tx.commit()
    monkeypatch.setattr(limits, "BULLETIN_ITEMS_PER_PAGE_MAX", page)
    assert federation[CORVIA].bulletin_follower.follow_once() == federation[HUB].bulletins.held()[1]
