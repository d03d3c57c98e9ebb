"""Follow the hub's bulletin: take over what continues the list held, with the documents of law in it."""

from collections.abc import Iterable

from comity.desks.bulletins import Bulletins
from comity.desks.needs import Clock, Store
from comity.domain import limits
from comity.domain.bulletin import BulletinHead, BulletinItem
from comity.domain.bureau import Member
from comity.domain.errors import Conflict, Missing, Refusal, Unavailable
from comity.peers.exchange import Exchange
from comity.wire.bulletin import Page, continued, read_page, verified_head
from comity.wire.manifest import member_pair

BULLETIN = "/federation/v1/bulletin"
LAW = "/federation/v1/law"


class BulletinFollower:
    """Asks the hub what is new; keeps the list as it is while what comes does not continue it."""

    def __init__(self, store: Store, exchange: Exchange, bulletins: Bulletins, clock: Clock) -> None:
        self.store = store
        self.exchange = exchange
        self.bulletins = bulletins
        self.clock = clock

    def follow_once(self) -> int:
        """How many items were taken over; 0 from a hub of an earlier release, which has no bulletin.

        Raises Unavailable where the hub is silent, another Refusal where what it gave must not be followed.
        """
        hub = self._hub()
        held, number, chain = self.bulletins.held()
        try:
            page = self._page(hub, number)
        except Missing:
            return 0
        head = verified_head(page.head.encode(), hub.id, member_pair(hub), held, self.clock())
        items = self._items(hub, head, number, page)
        continued(head, number, chain, items)
        newer = held is None or head.issued_at > held.issued_at
        if items or newer:
            self.bulletins.follow(head, page.head.encode(), items, self._documents(hub, items))
        self._mend(hub)
        return len(items)

    def _hub(self) -> Member:
        with self.store.reading() as tx:
            directory = tx.members.directory()
        hub = directory.member(directory.hub) if directory else None
        if hub is None:
            raise Unavailable("This node follows no hub yet.", do="Run `comity member join`.")
        return hub

    def _page(self, hub: Member, after: int) -> Page:
        target = f"{BULLETIN}?after={after}"
        within, most = limits.DIRECTORY_WITHIN_SECONDS, limits.BULLETIN_PAGE_BYTES_MAX
        return read_page(self.exchange.get(hub, target, within, most).body)

    def _items(self, hub: Member, head: BulletinHead, number: int, first: Page) -> list[BulletinItem]:
        """All up to the head: nothing is proved before the last of them is here."""
        items = list(first.items)
        while number + len(items) < head.number:
            more = self._page(hub, number + len(items)).items
            if not more:
                raise Conflict(f"The bulletin has {head.number} items, and no more came.", do="Ask the hub.")
            items.extend(more)
        return items[: max(0, head.number - number)]

    def _documents(self, hub: Member, items: Iterable[BulletinItem]) -> dict[str, bytes]:
        """Those that could be fetched. One that cannot does not hold up the list: what it bears on is refused."""
        found = {}
        for item in items:
            document = self._document(hub, item)
            if document is not None:
                found[item.digest] = document
        return found

    def _document(self, hub: Member, item: BulletinItem) -> bytes | None:
        target = f"{LAW}?digest={item.digest}"
        try:
            return self.exchange.get(hub, target, limits.DIRECTORY_WITHIN_SECONDS, limits.BUNDLE_BYTES_MAX).body
        except Refusal:
            return None

    def _mend(self, hub: Member) -> None:
        for item in self.bulletins.wanted():
            document = self._document(hub, item)
            if document is not None:
                self.bulletins.mend(item, document)
