"""Attacks by a hub, or by whoever stands between: a list that shrinks, forks, skips, ages, or is another's."""

from datetime import timedelta

import pytest

from comity.domain import limits
from comity.domain.bulletin import BulletinHead, BulletinItem
from comity.domain.errors import Conflict, Invalid, Refusal, TooLarge, Unauthenticated
from comity.wire.bulletin import chained, continued, read_page, signed_head, verified_head, write_page
from tests.wire.cast import NOW, signer
from tests.wire.law_cast import ITEMS, chain_of, head, item

HUB = signer("hub")
LATER = NOW + timedelta(days=1)


def read(one: BulletinHead, held: BulletinHead | None = None, by: str = "hub") -> BulletinHead:
    return verified_head(signed_head(one, signer(by)), "hub", HUB.public, held, LATER)


def test_a_list_that_continues_the_one_held_is_taken():
    held = head(ITEMS[:1])
    found = read(head(), held)
    assert continued(found, 1, held.chain, ITEMS[1:])[-1] == found.chain
    assert continued(read(head(), head()), 3, head().chain, ()) == []


@pytest.mark.parametrize(
    ("one", "held"),
    [
        pytest.param(head(ITEMS[:2]), head(), id="rollback"),
        pytest.param(head((*ITEMS[:2], item(3, version=2))), head(), id="fork"),
        pytest.param(head(hub="corvia"), None, id="another's bulletin"),
        pytest.param(head(issued_at=NOW - timedelta(days=9), expires_at=NOW - timedelta(days=2)), None, id="expired"),
        pytest.param(head(issued_at=LATER + timedelta(hours=1)), None, id="of the future"),
        pytest.param(head(expires_at=NOW + timedelta(days=60)), None, id="good for months"),
        pytest.param(head(expires_at=NOW - timedelta(days=1)), None, id="backwards"),
    ],
)
def test_a_head_with_this_defect_is_refused(one: BulletinHead, held: BulletinHead | None):
    with pytest.raises((Conflict, Unauthenticated, Invalid)):
        read(one, held)


def test_a_head_that_another_signed_is_refused():
    with pytest.raises(Unauthenticated):
        read(head(), by="aldova")
    with pytest.raises(Refusal):
        verified_head(b"{}", "hub", HUB.public, None, LATER)


@pytest.mark.parametrize(
    "items",
    [
        pytest.param((ITEMS[2],), id="gap"),
        pytest.param((ITEMS[0], *ITEMS[1:]), id="from the beginning again"),
        pytest.param((ITEMS[2], ITEMS[1]), id="another order"),
        pytest.param((item(2, version=9), ITEMS[2]), id="item changed"),
        pytest.param((ITEMS[1], item(3, digest="f" * 64)), id="document exchanged"),
        pytest.param((*ITEMS[1:], item(4)), id="more than the head says"),
    ],
)
def test_items_that_do_not_lead_to_the_head_are_refused(items: tuple[BulletinItem, ...]):
    with pytest.raises((Conflict, Unauthenticated)):
        continued(head(), 1, chain_of(ITEMS[:1]), items)


def test_a_page_is_read_strictly():
    page = write_page(signed_head(head(), HUB), ITEMS)
    assert read_page(page).items == ITEMS
    for wrong in (page + b" ", page.replace(b'"items"', b'"itemz"'), page.replace(b'"number":1', b'"number":0')):
        with pytest.raises(Invalid):
            read_page(wrong)
    with pytest.raises(TooLarge):
        read_page(b"[" * (limits.BULLETIN_PAGE_BYTES_MAX + 1))


def test_the_chain_is_of_every_item_in_its_place():
    assert len({chained("", one) for one in ITEMS}) == len(ITEMS)
    assert chained("", ITEMS[0]) != chained(chained("", ITEMS[0]), ITEMS[0])
