"""The log of keys at a hub: what members publish is proved, appended and signed before anybody reads it."""

from comity.desks.needs import Clock, Store, Transaction
from comity.desks.shelves.keys import KeyEntry
from comity.domain import limits
from comity.domain.bureau import Member
from comity.domain.errors import Conflict, Invalid, Missing, NotPermitted
from comity.domain.journal import Act, Checkpoint, Entry
from comity.domain.keys import KeyManifest, Root
from comity.wire.canonical import b64u
from comity.wire.checkpoint import write
from comity.wire.key_page import KeyPage, write_page
from comity.wire.keys import Chain, check_goes_with, check_now, continued, digest, kept_chain, read
from comity.wire.merkle import consistency_proof, root_of, subtrees_of
from comity.wire.note import read_vkey
from comity.wire.pair import Signer
from comity.wire.threshold import KEYS, ROOT
from comity.wire.witness import witness_of


def key_origin(hub: str) -> str:
    """The name of a federation's log of keys, in its checkpoints."""
    return f"{hub}/keys"


def chain_in(tx: Transaction, node: str) -> Chain | None:
    """What the log has of one node."""
    return kept_chain(tx.key_log.newest(node, ROOT), tx.key_log.newest(node, KEYS))


class KeyLog:
    """At a hub."""

    def __init__(self, hub: str, store: Store, signer: Signer, clock: Clock) -> None:
        self.hub = hub
        self.store = store
        self.signer = signer
        self.clock = clock

    def publish(self, data: bytes, member: Member) -> int:
        """Append what a member's custodians signed; its position. The same document again has the same position.

        Raises NotPermitted, Unauthenticated, Conflict, Invalid, TooLarge.
        """
        said = read(data)
        if said is None:
            raise Invalid("This hub does not know this type of entry.", do="Ask the hub to take the newer release.")
        # Falls without it: tests/federation/test_keys.py
        if said.node != member.id:
            raise NotPermitted(f"{member.id} cannot publish keys of {said.node}.")
        with self.store.transaction() as tx:
            before = next((place for place, one in tx.key_log.of(member.id) if one.signed == data), None)
            if before is not None:
                return before
            now = self.clock()
            check_now(said, now)
            chain = continued(data, chain_in(tx, member.id), member.fingerprint)
            if chain.manifest is not None and not isinstance(said, Root):
                check_goes_with(chain.manifest, member.manifest)
                _check_own_witness(tx, chain.manifest)
            position = tx.key_log.size()
            typ = ROOT if isinstance(said, Root) else KEYS
            tx.key_log.append([KeyEntry(said.node, typ, said.version, data)])
            self._sign(tx)
            details: dict[str, str | int | float | bool | list[str]] = {"sha256": digest(data), "position": position}
            subject = f"{typ} {said.node} {said.version}"
            tx.journal.record(Entry(act=Act.KEYS_LOGGED, at=now, actor=said.node, subject=subject, details=details))
            tx.commit()
        return position

    def page(self, after: int, root: str) -> bytes | None:
        """What follows the first `after` entries; None where nothing does and `root` (hex) is that of all."""
        with self.store.reading() as tx:
            checkpoint = tx.key_log.checkpoint()
            if checkpoint is None:
                raise Missing("Nobody has published keys here yet.", do="Ask again later.")
            if (after, root) == (checkpoint.size, checkpoint.root):
                return None
            entries = _that_fit(tx.key_log.entries(after, limits.KEY_ENTRIES_PER_PAGE_MAX))
            end = after + len(entries)
            proof = consistency_proof(end, checkpoint.size, subtrees_of(tx.key_log.leaves())) if entries else []
        page = KeyPage(entries=tuple(entries), note=checkpoint.note, consistency=tuple(b64u(one) for one in proof))
        return write_page(page)

    def _sign(self, tx: Transaction) -> None:
        """In the transaction that appends: no size is ever signed twice over, and none is served unsigned."""
        size, root = tx.key_log.size(), root_of(tx.key_log.leaves())
        origin = key_origin(self.hub)
        note = write(origin, size, root, self.signer, origin)
        tx.key_log.keep_checkpoint(Checkpoint(origin=origin, size=size, root=root.hex(), note=note))


def _check_own_witness(tx: Transaction, said: KeyManifest) -> None:
    """A key by which two would cosign logs makes a policy of both invalid. Raises Conflict, Invalid.

    Falls without it: tests/federation/test_hostile_logs.py
    """
    mine, directory = witness_of(said), tx.members.directory()
    if mine is None or directory is None:
        return
    for other in directory.members:
        held = chain_in(tx, other.id) if other.id != said.node else None
        theirs = read_vkey(held.manifest.witness) if held and held.manifest and held.manifest.witness else None
        if theirs and theirs.key in {key.key for key in mine.keys}:
            raise Conflict(f"This witness key is that of {other.id}.", where="witness", do="Publish a key of your own.")


def _that_fit(entries: list[bytes]) -> list[str]:
    """As many as one answer takes."""
    found, room = [], limits.KEYS_PAGE_BYTES_MAX - limits.NOTE_BYTES_MAX
    for one in entries:
        room -= 2 * len(one)  # a document in a string: each of its quotes is escaped
        if room < 0:
            break
        found.append(one.decode("ascii"))
    return found
