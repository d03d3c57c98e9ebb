"""A node's signing keys while it runs: others may take their place, and nobody who signs need know."""

from comity.wire.pair import PublicPair, Signer


class RollingSigner:
    def __init__(self, signer: Signer) -> None:
        self.now = signer  # replaced as a whole: whoever has begun to sign goes on with what they have

    def __repr__(self) -> str:
        return f"RollingSigner({self.now!r})"

    @property
    def public(self) -> PublicPair:
        return self.now.public

    def sign_ed25519(self, data: bytes) -> bytes:
        return self.now.sign_ed25519(data)

    def sign_mldsa(self, data: bytes) -> bytes:
        return self.now.sign_mldsa(data)
