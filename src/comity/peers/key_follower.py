"""Follow the hub's log of keys: a full copy of it, every entry proved, and nothing that forks."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from comity.desks.needs import Clock, Store, Transaction
from comity.desks.shelves.keys import KeyEntry
from comity.domain import limits
from comity.domain.bureau import Directory, Member
from comity.domain.errors import Conflict, Invalid, Refusal, Unauthenticated, Unavailable
from comity.domain.journal import Act, Checkpoint, Entry
from comity.domain.keys import Root
from comity.peers.exchange import Exchange
from comity.peers.follower import pinned_hub
from comity.wire.canonical import unb64u
from comity.wire.checkpoint import verified
from comity.wire.key_page import KeyPage, read_page
from comity.wire.keys import Chain, continued, kept_chain, read
from comity.wire.manifest import member_pair
from comity.wire.merkle import check_consistency, leaf_hash, root_of
from comity.wire.threshold import KEYS, ROOT

KEY_ENTRIES = "/federation/v1/keys"
_NOTED_EVERY = timedelta(seconds=limits.KEYS_HEARD_WITHIN_SECONDS_MAX / 60)


class KeyFollower:
    def __init__(self, store: Store, exchange: Exchange, clock: Clock) -> None:
        self.store = store
        self.exchange = exchange
        self.clock = clock
        self._complained_of = ""  # the checkpoint that was refused last: noted once

    def follow_once(self) -> bool:
        """True where something was new; the copy is complete when this returns.

        Raises Unavailable where the hub is silent or of an earlier release, another Refusal where what it shows must
        not be believed: then nothing of it is kept.
        """
        news = False
        while True:
            with self.store.reading() as tx:
                hub, size, root = pinned_hub(tx), tx.key_log.size(), root_of(tx.key_log.leaves())
            asked_at = self.clock()
            target = f"{KEY_ENTRIES}?after={size}&root={root.hex()}"
            response = self.exchange.get(hub, target, limits.KEYS_WITHIN_SECONDS, limits.KEYS_PAGE_BYTES_MAX)
            if response.status == 304:
                self._heard(asked_at)
                return news
            news = True
            if self._taken(read_page(response.body), hub, asked_at):
                return news

    def publish(self, documents: Sequence[bytes]) -> int:
        """Hand the hub what our custodians signed and its log does not have yet; how many it took."""
        with self.store.reading() as tx:
            hub = pinned_hub(tx)
        for document in documents:
            self.exchange.post(hub, KEY_ENTRIES, document, limits.KEYS_WITHIN_SECONDS, limits.QUESTION_BYTES_MAX)
        return len(documents)

    def _taken(self, page: KeyPage, hub: Member, asked_at: datetime) -> bool:
        """Keep a page that continues what is held; whether the copy is complete."""
        with self.store.transaction() as tx:
            try:
                checkpoint = verified(page.note, f"{hub.id}/keys", member_pair(hub))
                entries = [one.encode("utf-8") for one in page.entries]
                check_continues(tx.key_log.leaves(), entries, checkpoint, page.consistency)
                proved = _proved(tx, entries)
            except (Unauthenticated, Conflict, Invalid) as refusal:
                self._complain(tx, hub.id, page.note, refusal)
                raise
            tx.key_log.append(proved)
            complete = tx.key_log.size() == checkpoint.size
            if complete:
                tx.key_log.keep_checkpoint(checkpoint)
                tx.key_log.heard(asked_at)
            subject = f"{checkpoint.origin} {tx.key_log.size()}"
            tx.journal.record(Entry(act=Act.KEYS_FOLLOWED, at=self.clock(), actor=hub.id, subject=subject))
            tx.commit()
        return complete

    def _heard(self, at: datetime) -> None:
        """Noted once a minute, not each time: it is good for an hour."""
        with self.store.reading() as tx:
            before = tx.key_log.heard_at()
        if before is None or at - before >= _NOTED_EVERY:
            with self.store.transaction() as tx:
                tx.key_log.heard(at)
                tx.commit()

    def _complain(self, tx: Transaction, hub: str, note: str, refusal: Refusal) -> None:
        """Both signed checkpoints go into the journal: they prove that the log forked, or what stands in it unproved.

        Falls without it: tests/federation/test_hostile_keys.py
        """
        if note == self._complained_of:
            return
        held = tx.key_log.checkpoint()
        details: dict[str, str | int | float | bool | list[str]] = {"shown": note, "held": held.note if held else ""}
        entry = Entry(
            act=Act.KEYS_REFUSED,
            at=self.clock(),
            actor=hub,
            subject=f"{hub}/keys",
            outcome=refusal.what,
            details=details,
        )
        tx.journal.record(entry)
        tx.commit()
        self._complained_of = note


def check_continues(
    held: Sequence[bytes], entries: Sequence[bytes], checkpoint: Checkpoint, consistency: Sequence[str]
) -> None:
    """That leaves held and entries new are the beginning of the log that the checkpoint signs.

    Raises Unauthenticated for a log that went back or forked.
    """
    size = len(held) + len(entries)
    # Falls without each: tests/attacks/test_key_log.py
    if checkpoint.size < len(held):
        raise Unauthenticated(
            f"The log of keys went back from {len(held)} to {checkpoint.size}.", do="Call the hub; tell other members."
        )
    if size > checkpoint.size or (not entries and size < checkpoint.size):
        raise Unauthenticated(f"The log of keys has {checkpoint.size} entries, and {size} were shown.")
    root = root_of([*held, *(leaf_hash(one) for one in entries)])
    if size == checkpoint.size:
        if root.hex() != checkpoint.root:
            raise Unauthenticated(
                f"The log of keys of {size} entries is another one than is held here.",
                do="Keep both checkpoints (see the journal) and tell the other members: the hub forked its log.",
            )
        return
    check_consistency(size, root, checkpoint.size, bytes.fromhex(checkpoint.root), [unb64u(one) for one in consistency])


def _proved(tx: Transaction, entries: Sequence[bytes]) -> list[KeyEntry]:
    """Each entry as it continues the chain of its node."""
    directory = tx.members.directory()
    chains: dict[str, Chain | None] = {}
    found = []
    for data in entries:
        said = read(data)
        if said is None:  # of a later release: part of the log, and nothing is concluded from it
            found.append(KeyEntry("", "", 0, data))
            continue
        node = said.node
        if node not in chains:
            chains[node] = kept_chain(tx.key_log.newest(node, ROOT), tx.key_log.newest(node, KEYS))
        chains[node] = continued(data, chains[node], _founder(directory, node))
        found.append(KeyEntry(node, ROOT if isinstance(said, Root) else KEYS, said.version, data))
    return found


def _founder(directory: Directory | None, node: str) -> str:
    member = directory.member(node) if directory else None
    if member is None:
        raise Unavailable(f"The directory held here does not know {node} yet.", do="Follow the directory first.")
    return member.fingerprint
