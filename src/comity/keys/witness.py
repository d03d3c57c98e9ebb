"""The keys by which this node cosigns the logs of others: its node's Ed25519 key, and an ML-DSA-44 key of its own."""

from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from comity.wire.cosignature import ED25519, ML_DSA_44, Witness
from comity.wire.note import VerifierKey
from comity.wire.pair import Signer


class WitnessKeys:
    """The Ed25519 key also signs other things; what a cosignature begins with, none of those begins with."""

    def __init__(self, node: str, signer: Signer, seed: bytes) -> None:
        """`seed`: 32 bytes (`keys.files.witness_seed`)."""
        self._node = node
        self._signer = signer
        self._ml_dsa_44 = MLDSA44PrivateKey.from_seed_bytes(seed)
        self._public = self._ml_dsa_44.public_key().public_bytes_raw()

    @property
    def witness(self) -> Witness:
        """With the node key of this moment: the running node may change it."""
        keys = (ED25519, self._signer.public.ed25519), (ML_DSA_44, self._public)
        first, second = (VerifierKey(self._node, kind, key) for kind, key in keys)
        return Witness(self._node, (first, second))

    @property
    def vkey(self) -> str:
        """What the key manifest names: the key that nobody knows from elsewhere."""
        return str(self.witness.keys[1])

    def sign(self, kind: int, data: bytes) -> bytes:
        return self._ml_dsa_44.sign(data) if kind == ML_DSA_44 else self._signer.sign_ed25519(data)
