"""A pair of private keys in memory, made from two seeds."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey, MLDSA87PrivateKey

from comity.wire.pair import Level, PublicPair

SEED_BYTES = 32

_MLDSA: dict[int, type[MLDSA65PrivateKey] | type[MLDSA87PrivateKey]] = {65: MLDSA65PrivateKey, 87: MLDSA87PrivateKey}


class PairSigner:
    """Signs with both keys. The seeds are not kept, and nothing of them is shown."""

    def __init__(self, ed25519_seed: bytes, mldsa_seed: bytes, level: Level) -> None:
        self._ed25519 = Ed25519PrivateKey.from_private_bytes(ed25519_seed)
        self._mldsa = _MLDSA[level].from_seed_bytes(mldsa_seed)
        self.public = PublicPair(
            self._ed25519.public_key().public_bytes_raw(), self._mldsa.public_key().public_bytes_raw(), level
        )

    def __repr__(self) -> str:
        return f"PairSigner({', '.join(self.public.key_ids)})"

    @property
    def now(self) -> "PairSigner":
        return self

    def sign_ed25519(self, data: bytes) -> bytes:
        return self._ed25519.sign(data)

    def sign_mldsa(self, data: bytes) -> bytes:
        """FIPS 204, hedged, with an empty context."""
        return self._mldsa.sign(data)
