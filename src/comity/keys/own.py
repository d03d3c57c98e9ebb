"""What this node's custodians have signed, in files, and what is to be signed next."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from comity.domain import limits
from comity.domain.bureau import Manifest
from comity.domain.errors import Conflict
from comity.domain.keys import SUITE, Custodian, EpochKey, KeyManifest, Revocation, Root, epoch_number
from comity.keys.erasing import write_secret
from comity.wire.keys import (
    Chain,
    certificate_pin,
    continued,
    custodian,
    kept_chain,
    read,
    signed_keys,
    signed_root,
)
from comity.wire.pair import PublicPair, Signer
from comity.wire.signing_request import Contribution, SigningRequest, contribution, read_request, request_for, write

SIGNED_FOLDER = "signed"
REQUEST_FILE = "to-sign.json"
FOUNDER = "founder"  # the name of the one custodian with whom every node begins


class OwnDocuments:
    """`signed/00001.root.jws`, `signed/00002.keys.jws` and so on, as they were signed; the open request beside them."""

    def __init__(self, folder: Path, node: str, founder: str) -> None:
        """`founder` is the fingerprint of the root keys with which the node came into being."""
        self.folder = folder
        self.node = node
        self.founder = founder

    def every(self) -> list[bytes]:
        """In the order in which they were signed."""
        return [file.read_bytes() for file in self._files("*")]

    def chain(self) -> Chain | None:
        return kept_chain(self._newest("root"), self._newest("keys"))

    def keep(self, data: bytes) -> Chain:
        """Add what was signed. Raises as `wire.keys.continued`: nothing is kept that others would refuse."""
        chain = continued(data, self.chain(), self.founder)
        said = read(data)
        assert said is not None  # `continued` has read it
        kind = "root" if isinstance(said, Root) else "keys"
        number = len(self._files("*")) + 1
        write_secret(self.folder / SIGNED_FOLDER / f"{number:05}.{kind}.jws", data)
        self.withdraw_request()
        return chain

    def request(self) -> SigningRequest | None:
        """What waits for the custodians."""
        file = self.folder / REQUEST_FILE
        return read_request(file.read_bytes()) if file.exists() else None

    def ask(self, said: Root | KeyManifest) -> SigningRequest:
        request = request_for(said)
        write_secret(self.folder / REQUEST_FILE, write(request))
        return request

    def withdraw_request(self) -> None:
        (self.folder / REQUEST_FILE).unlink(missing_ok=True)

    def _newest(self, kind: str) -> bytes | None:
        files = self._files(kind)
        return files[-1].read_bytes() if files else None

    def _files(self, kind: str) -> list[Path]:
        return sorted((self.folder / SIGNED_FOLDER).glob(f"*.{kind}.jws"))


def first_root(node: str, founder: PublicPair, now: datetime) -> Root:
    """The root with which every node begins: one custodian, who is the node's own root key."""
    return _root(node, 1, "", 1, (custodian(FOUNDER, founder),), now)


def next_root(chain: Chain, custodians: Sequence[Custodian], threshold: int, now: datetime) -> Root:
    """Raises Invalid."""
    return _root(chain.node, chain.root.version + 1, chain.root_digest, threshold, tuple(custodians), now)


def next_keys(
    chain: Chain,
    manifest: Manifest,
    epochs: tuple[EpochKey, ...],
    now: datetime,
    revocations: tuple[Revocation, ...] = (),
    witness: str = "",
) -> KeyManifest:
    """The key manifest that goes with the plain one as it is now; it lasts as long as its last epoch.

    `witness` is the vkey by which the node cosigns logs; what was published before where none is given.
    """
    before = chain.manifest
    latest = now + timedelta(days=limits.KEY_MANIFEST_DAYS_MAX)
    return KeyManifest(
        node=chain.node,
        version=before.version + 1 if before else 1,
        previous=chain.manifest_digest,
        root=chain.root_digest,
        issued_at=now,
        expires_at=min(epochs[-1].ends_at, latest),
        suite=SUITE,
        manifest_version=manifest.version,
        node_ed25519=manifest.node_ed25519,
        node_mldsa65=manifest.node_mldsa65,
        tls_pins=(certificate_pin(manifest.tls_certificate),),
        epochs=epochs,
        revocations=(*(before.revocations if before else ()), *revocations),
        witness=witness or (before.witness if before else ""),
    )


def is_due(chain: Chain, manifest: Manifest, now: datetime) -> bool:
    """Whether a new key manifest is to be signed: weeks run out, another root, another plain manifest."""
    said = chain.manifest
    if said is None or said.root != chain.root_digest or said.manifest_version != manifest.version:
        return True
    return weeks_left(said, now) < limits.EPOCHS_AHEAD_MIN


def weeks_left(said: KeyManifest, now: datetime) -> int:
    """For how many epochs there are keys, this one included."""
    return max(0, said.epochs[-1].number - epoch_number(now) + 1)


def signed_alone(said: Root | KeyManifest, signer: Signer) -> bytes:
    """By one custodian, where one is enough."""
    request = request_for(said)
    both = contribution(request, FOUNDER, signer).signatures
    return signed_root(said, [both]) if isinstance(said, Root) else signed_keys(said, [both])


def gathered(request: SigningRequest, contributions: Sequence[Contribution]) -> bytes:
    """The signed document; whether enough have signed is found when it is kept. Raises Conflict, Invalid, TooLarge."""
    names = [one.custodian for one in contributions]
    if len(set(names)) != len(names):
        raise Conflict("One custodian's signatures were given twice.", do="Give each file once.")
    said, pairs = request.of, [one.signatures for one in contributions]
    return signed_root(said, pairs) if isinstance(said, Root) else signed_keys(said, pairs)


def _root(
    node: str, version: int, previous: str, threshold: int, custodians: tuple[Custodian, ...], now: datetime
) -> Root:
    return Root(
        node=node,
        version=version,
        previous=previous,
        issued_at=now,
        expires_at=now + timedelta(days=limits.ROOT_DAYS_MAX),
        threshold=threshold,
        custodians=custodians,
    )
