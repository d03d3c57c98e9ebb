"""Follow the hub's directory: take over a newer one only where it continues what is held."""

from collections.abc import Callable

from comity.desks.needs import Clock, Store, Transaction
from comity.domain import limits
from comity.domain.bureau import Directory, Member
from comity.domain.errors import Missing, Unauthenticated, Unavailable
from comity.peers.exchange import Exchange
from comity.wire.directory import digest, verified_directory
from comity.wire.keys import kept_chain, unrevoked
from comity.wire.manifest import member_pair, verified_manifest
from comity.wire.measures import with_measures
from comity.wire.pair import same_fingerprint
from comity.wire.threshold import KEYS, ROOT

DIRECTORY = "/federation/v1/directory"
MEASURES = "/federation/v1/measures"
MANIFESTS = "/federation/v1/manifest"


class Follower:
    """Asks the hub whether there is a newer directory; keeps the old one while the new one is refused."""

    def __init__(
        self, store: Store, exchange: Exchange, follow: Callable[[Directory, bytes, bytes], None], clock: Clock
    ) -> None:
        """`follow` puts a verified directory with its measures and journals it, in one transaction."""
        self.store = store
        self.exchange = exchange
        self.follow = follow
        self.clock = clock

    def follow_once(self) -> bool:
        """True where a newer directory was taken over.

        Raises Unavailable where the hub is silent, another Refusal where what it gave must not be followed.
        """
        with self.store.reading() as tx:
            hub, held, signed = pinned_hub(tx), tx.members.directory(), tx.members.signed()
        target = f"{DIRECTORY}?after={held.version if held else 0}"
        response = self.exchange.get(hub, target, limits.DIRECTORY_WITHIN_SECONDS, limits.DIRECTORY_BYTES_MAX)
        if response.status == 304:
            return False
        held_digest = digest(signed) if held else ""
        directory = verified_directory(response.body, member_pair(hub), held, held_digest, self.clock())
        if held and directory.version == held.version:
            return False
        measures = self._measures(hub)
        if measures:
            directory = with_measures(directory, response.body, measures, member_pair(hub))
        self.follow(directory, response.body, measures)
        return True

    def _measures(self, hub: Member) -> bytes:
        """What the hub signed beside its directory; b'' from a hub of an earlier release, which has no such address.

        Both are taken over or neither: a directory alone would suspend whoever is only supervised.
        """
        try:
            response = self.exchange.get(hub, MEASURES, limits.DIRECTORY_WITHIN_SECONDS, limits.MEASURES_BYTES_MAX)
        except Missing:
            return b""
        return response.body


def pinned_hub(tx: Transaction) -> Member:
    """The hub that this bureau joined, as it is held now. Raises Unavailable, Unauthenticated."""
    pinned = tx.members.hub()
    if pinned is None:
        raise Unavailable("This node has joined no hub yet.", do="Run `comity member join`.")
    hub = _hub(*pinned, tx.members.directory())
    if not hub.earlier:
        return hub
    chain = kept_chain(tx.key_log.newest(hub.id, ROOT), tx.key_log.newest(hub.id, KEYS))
    return unrevoked(hub, chain.manifest if chain else None)


def _hub(node: str, fingerprint: str, signed_manifest: str, held: Directory | None) -> Member:
    """The hub by the root keys whose fingerprint our people compared, where the directory last saw it.

    Falls without it: tests/peers/test_follower.py, a hub with other root keys.
    """
    known = held.member(node) if held else None
    manifest, found = verified_manifest(known.signed_manifest if known else signed_manifest)
    if manifest.node != node or not same_fingerprint(found, fingerprint):
        raise Unauthenticated(
            f"{node} is not the hub whose fingerprint was compared.", do="Compare the fingerprint by telephone again."
        )
    return known or Member(manifest=manifest, signed_manifest=signed_manifest, fingerprint=found)
