"""This node's own keys, tended by the clock: made ahead, signed, handed to the hub, destroyed when they are over."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from comity.desks.needs import Clock, Store
from comity.domain import limits
from comity.domain.bureau import Manifest
from comity.domain.errors import Conflict, Missing
from comity.domain.journal import Act, Entry
from comity.domain.keys import KeyManifest, Revocation, Root, epoch_number
from comity.keys.custody import Card
from comity.keys.epochs import EpochKeys
from comity.keys.erasing import alone, destroy, write_secret
from comity.keys.files import ROOT_FILE, secret_file
from comity.keys.own import (
    FOUNDER,
    OwnDocuments,
    first_root,
    gathered,
    is_due,
    next_keys,
    next_root,
    signed_alone,
    weeks_left,
)
from comity.keys.recovery import seal_package
from comity.keys.wrapping import Wrapping
from comity.nodes.preserved import CARDS_FILE, CARDS_NEXT_FILE, FOUNDER_FILE, read_cards
from comity.wire.canonical import encode
from comity.wire.keys import Chain, digest, pair_of
from comity.wire.manifest import root_pair
from comity.wire.pair import Signer
from comity.wire.signing_request import SigningRequest, contribution, read_contribution


class OwnKeys:
    """`root` is the founding root key where it lies beside the node; None where custodians keep theirs offline."""

    def __init__(
        self,
        folder: Path,
        manifest: Manifest,
        fingerprint: str,
        root: Signer | None,
        wrapping: Wrapping,
        witness: str,
        store: Store,
        clock: Clock,
    ) -> None:
        """`folder` is that of the keys, `witness` the vkey by which this node cosigns logs."""
        self.folder = folder
        self.manifest = manifest
        self.root = root
        self.witness = witness
        self.store = store
        self.clock = clock
        self.documents = OwnDocuments(folder, manifest.node, fingerprint)
        self.epochs = EpochKeys(folder, wrapping)

    def tend(self) -> None:
        """Destroy what is over; see that keys of the weeks to come are signed, or that the custodians are asked."""
        now = self.clock()
        with alone(self.folder):
            if destroyed := self.epochs.destroy_due(now):
                self._note(Act.KEYS_DESTROYED, f"epochs {', '.join(map(str, destroyed))}", "")
            chain = self.documents.chain() or self._founded(now)
            if chain is not None and (is_due(chain, self.manifest, now) or self._other_witness(chain)):
                self._renew(chain, now)

    def rotate(self, revocations: tuple[Revocation, ...] = ()) -> KeyManifest:
        """The next key manifest, at once: signed where the root lies here, else asked of the custodians."""
        now = self.clock()
        with alone(self.folder):
            chain = self.documents.chain() or self._founded(now)
            if chain is None:
                raise Conflict("The root key is not here, and nothing was signed yet.", do="Bring keys/root.json back.")
            return self._renew(chain, now, revocations)

    def take(self, signed: bytes) -> Chain:
        """Keep what custodians have signed. Raises as `wire.keys.continued`."""
        with alone(self.folder):
            return self._take(signed)

    def _take(self, signed: bytes) -> Chain:
        chain = self.documents.keep(signed)
        said = chain.manifest if chain.manifest and digest(signed) == chain.manifest_digest else chain.root
        self._note(Act.KEYS_SIGNED, _subject(said), digest(signed))
        return chain

    def chain(self) -> Chain | None:
        """What our custodians have signed so far."""
        return self.documents.chain()

    def hand_over(self, cards: Sequence[Card], threshold: int) -> SigningRequest:
        """The next root, with these custodians, as it is to be signed by enough of those before and of these."""
        now = self.clock()
        with alone(self.folder):
            chain = self.documents.chain() or self._founded(now)
            if chain is None:
                raise Conflict("The root key is not here, and nothing was signed yet.", do="Bring keys/root.json back.")
            said = next_root(chain, [one.custodian for one in cards], threshold, now)
            write_secret(self.folder / CARDS_NEXT_FILE, encode(list(cards)))
            return self.documents.ask(said)

    def gather(self, contributions: Sequence[bytes]) -> Chain:
        """Put the custodians' signatures under the open request. Raises Missing, Unauthenticated, Conflict, Invalid.

        With a new root the founding key leaves the machine, sealed to the custodians; then a key manifest is due.
        """
        with alone(self.folder):
            request = self.documents.request()
            if request is None:
                raise Missing("Nothing waits for signatures.", do="See `comity keys show`.")
            given = [read_contribution(one, request) for one in contributions]
            held = self.documents.chain()
            if self.root is not None and held is not None and self._signs_alone(held):
                given.append(contribution(request, FOUNDER, self.root))
            chain = self._take(gathered(request, given))
            if isinstance(request.of, Root):
                self._handed_over(chain)
            if is_due(chain, self.manifest, self.clock()):
                self._renew(chain, self.clock())
        return chain

    def _handed_over(self, chain: Chain) -> None:
        """Falls without it: tests/federation/test_recovery.py, a founding key left on the machine."""
        (self.folder / CARDS_NEXT_FILE).rename(self.folder / CARDS_FILE)
        file = self.folder / ROOT_FILE
        if file.exists():
            cards = read_cards(self.folder)
            files = {f"keys/{ROOT_FILE}": secret_file(file)}
            write_secret(self.folder / FOUNDER_FILE, seal_package(chain.node, files, cards, chain.root.threshold))
            destroy(file)
        self.root = None

    def advice(self) -> str:
        """'' where all is well; else what somebody should see to."""
        chain = self.documents.chain()
        if chain is None or chain.manifest is None:
            return "no keys are published yet" + (
                "" if self.root else ": bring keys/root.json back, and take it away again"
            )
        if self._signs_alone(chain):
            return "the root key lies beside the node: good for a trial; see `comity keys ceremony`"
        left = weeks_left(chain.manifest, self.clock())
        if self.documents.request() is not None and self._founder_rules(chain):
            return f"bring keys/root.json back, or hand over to custodians: there are keys for {left} more weeks"
        if self.documents.request() is not None:
            return f"custodians must sign keys/to-sign.json: there are keys for {left} more weeks"
        return "take keys/root.json off this machine" if (self.folder / ROOT_FILE).exists() else ""

    def failing(self) -> str:
        """'' where others can seal to this node today."""
        chain = self.documents.chain()
        if chain is None or chain.manifest is None:
            return ""  # a node that has just begun, or one of an earlier release: nobody seals to it
        now = self.clock()
        if chain.manifest.epoch(now) is None or now >= chain.manifest.expires_at:
            return "this week has no key that is signed: the custodians must sign keys/to-sign.json"
        return ""

    def _founded(self, now: datetime) -> Chain | None:
        """The first root, where the root key is here: one custodian, who is the node's own root key."""
        if self.root is None:
            return None
        return self._take(signed_alone(first_root(self.manifest.node, self.root.public, now), self.root))

    def _renew(self, chain: Chain, now: datetime, revocations: tuple[Revocation, ...] = ()) -> KeyManifest:
        current = epoch_number(now)
        revoked = {one.kid for one in (*(chain.manifest.revocations if chain.manifest else ()), *revocations)}
        epochs = self.epochs.keys(range(current, current + limits.EPOCHS_AHEAD), revoked)
        said = next_keys(chain, self.manifest, epochs, now, revocations, self.witness)
        if self.root is not None and self._signs_alone(chain):
            self._take(signed_alone(said, self.root))
        elif self.documents.request() is None or revocations:
            self.documents.ask(said)
        return said

    def _other_witness(self, chain: Chain) -> bool:
        """Custodians are not called for this alone: the key comes with their next manifest."""
        return self._signs_alone(chain) and chain.manifest is not None and chain.manifest.witness != self.witness

    def _signs_alone(self, chain: Chain) -> bool:
        """Whether the key beside the node is the one custodian of this root."""
        return self.root is not None and self._founder_rules(chain)

    def _founder_rules(self, chain: Chain) -> bool:
        one = chain.root.custodians
        return len(one) == 1 and pair_of(one[0]) == root_pair(self.manifest)

    def _note(self, act: Act, subject: str, sha256: str) -> None:
        details: dict[str, str | int | float | bool | list[str]] = {"sha256": sha256} if sha256 else {}
        with self.store.transaction() as tx:
            entry = Entry(act=act, at=self.clock(), actor=self.manifest.node, subject=subject, details=details)
            tx.journal.record(entry)
            tx.commit()


def _subject(said: Root | KeyManifest) -> str:
    return f"{'root' if isinstance(said, Root) else 'key manifest'} {said.node} {said.version}"
