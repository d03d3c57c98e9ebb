"""Whose key is good now? What is sealed to, and what a signature is compared with, out of the log of keys."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from msgspec.structs import replace

from comity.desks.needs import Store
from comity.domain import limits
from comity.domain.bureau import Directory, Member, Standing, succeeding
from comity.domain.errors import Invalid, Missing, Unauthenticated, Unavailable
from comity.domain.keys import SUITE, EpochKey, KeyManifest
from comity.wire.age import Recipient
from comity.wire.canonical import unb64u
from comity.wire.cosignature import Witness
from comity.wire.keys import Chain, check_goes_with, epoch_key_id, kept_chain, node_keys, unrevoked
from comity.wire.manifest import node_pair
from comity.wire.pair import PublicPair
from comity.wire.threshold import KEYS, ROOT
from comity.wire.witness import witness_of

_FRESH = timedelta(seconds=limits.KEYS_HEARD_WITHIN_SECONDS_MAX)


class KeyBook:
    """Reads our copy of the log of keys. Every refusal says what to do; none is passed over in silence."""

    def __init__(self, store: Store, directory: Callable[[], Directory | None], is_hub: bool) -> None:
        """`directory` is the one that may be used now; the hub's own copy is the log itself, and always fresh."""
        self.store = store
        self.directory = directory
        self.is_hub = is_hub
        self._read: dict[str, tuple[int, Chain | None]] = {}
        self._as_revoked: tuple[tuple[str, int, str, int, date], Directory] | None = None

    def recipient_of(self, node: str, now: datetime) -> Recipient:
        """The key to seal to at this moment. Raises Unavailable, Missing, Unauthenticated: then nothing is sent."""
        return Recipient(unb64u(self.epoch_of(node, now).xwing))

    def epoch_of(self, node: str, now: datetime) -> EpochKey:
        """The same with its epoch."""
        manifest = self.manifest_of(node, now)
        key = manifest.epoch(now)
        if key is None:
            raise Unavailable(
                f"{node} has published no key for this week.", do=f"Wait, or tell {node}: its custodians must sign."
            )
        # A key that its owner has given up may be in other hands. Falls without it: tests/federation/test_keys.py
        if revocation := manifest.revoked(epoch_key_id(key)):
            raise Unavailable(
                f"{node} has revoked its key of this week: {revocation.reason}.", do=f"Wait for the next key of {node}."
            )
        return key

    def signer_of(self, node: str, now: datetime) -> PublicPair:
        """The node's own signing keys. Raises as `recipient_of`; Unauthenticated where they are revoked."""
        manifest = self.manifest_of(node, now)
        pair = node_keys(manifest)
        # Falls without it: tests/federation/test_keys.py
        if revocation := next(filter(None, map(manifest.revoked, pair.key_ids)), None):
            raise Unauthenticated(
                f"{node} has revoked its node keys: {revocation.reason}.", do=f"Wait until {node} has new ones."
            )
        return pair

    def manifest_of(self, node: str, now: datetime) -> KeyManifest:
        """Its key manifest in force. Raises Unavailable where our copy is not fresh, or its own has expired."""
        self.check_heard(now)
        member, chain = self._member(node), self.chain_of(node)
        if member is None or chain is None or chain.manifest is None:
            raise Missing(
                f"{node} has published no keys to seal to.", do="Its node is of an earlier release, or has just joined."
            )
        for what, expires_at in (("root", chain.root.expires_at), ("key manifest", chain.manifest.expires_at)):
            # Falls without it: tests/federation/test_keys.py
            if now >= expires_at:
                raise Unavailable(
                    f"The {what} of {node} expired at {expires_at.isoformat()}.",
                    do=f"Tell {node}: its custodians must sign a new one.",
                )
        check_goes_with(chain.manifest, member.manifest)
        if chain.manifest.suite > SUITE:
            raise Unavailable(f"{node} takes suite {chain.manifest.suite} and above.", do="Install the next release.")
        return chain.manifest

    def as_revoked(self, directory: Directory, entries: int, today: date) -> Directory:
        """The directory, with members suspended whose node keys their custodians have revoked; `entries` the log has.

        Whoever stole such a key is turned away at every door, and nothing is sent to them, until the member brings
        new ones. Falls without it: tests/federation/test_keys.py
        """
        issue = (directory.hub, directory.version, directory.issued_at, entries, today)
        if self._as_revoked is None or self._as_revoked[0] != issue:
            members = tuple(self._standing(succeeding(one, one, today)) for one in directory.members)
            self._as_revoked = (issue, replace(directory, members=members))
        return self._as_revoked[1]

    def _standing(self, member: Member) -> Member:
        chain = self.chain_of(member.id)
        if chain is None or chain.manifest is None:
            return member
        member = unrevoked(member, chain.manifest)
        revoked = (chain.manifest.revoked(kid) for kid in node_pair(member.manifest).key_ids)
        if (first := next((one for one in revoked if one), None)) is None:
            return member
        reason = f"its custodians have revoked its node keys: {first.reason}"[: limits.TEXT_CHARS_MAX]
        return replace(member, standing=Standing.SUSPENDED, reason=reason, measures=())

    def chain_of(self, node: str) -> Chain | None:
        """What the log says of a node, in force or not."""
        with self.store.reading() as tx:
            size = tx.key_log.size()
            read = self._read.get(node)
            if read is None or read[0] != size:
                read = (size, kept_chain(tx.key_log.newest(node, ROOT), tx.key_log.newest(node, KEYS)))
                self._read[node] = read
        return read[1]

    def witness_of(self, node: str) -> Witness | None:
        """The node as a witness, by what its custodians have signed; None where they named no key that could be one.

        One member's nonsense must not keep a node from asking all the others.
        """
        chain = self.chain_of(node)
        try:
            return witness_of(chain.manifest) if chain and chain.manifest else None
        except Invalid:  # Falls without it: tests/federation/test_hostile_logs.py
            return None

    def check_heard(self, now: datetime) -> None:
        """Whoever keeps us from the hub keeps stolen keys alive here: refused after an hour. Raises Unavailable."""
        if self.is_hub:
            return
        with self.store.reading() as tx:
            heard_at = tx.key_log.heard_at()
        if heard_at is None:
            raise Unavailable(
                "This node holds no copy of the log of keys.",
                do="Wait for the hub; one of an earlier release has none.",
            )
        # Falls without it: tests/federation/test_keys.py
        if now - heard_at > _FRESH:
            raise Unavailable(
                f"The hub has not confirmed our copy of the log of keys since {heard_at:%d %b %H:%M} UTC.",
                do="See that this node reaches its hub; nothing is sealed or opened until then.",
            )

    def _member(self, node: str) -> Member | None:
        directory = self.directory()
        if directory is None:
            raise Unavailable("This node holds no directory that may be used.", do="See that it can reach its hub.")
        return directory.member(node)
