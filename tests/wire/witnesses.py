"""Witnesses with keys from fixed seeds, and checkpoints for them to sign."""

import hashlib

from comity.keys.witness import WitnessKeys
from tests.wire.cast import signer


def witness(name: str) -> WitnessKeys:
    """The same keys for the same name, every time."""
    return WitnessKeys(name, signer(name), hashlib.sha256(f"{name} witness".encode()).digest())
