"""Custodians without a passphrase: to stretch one takes most of a second."""

import secrets

from comity.keys.custody import CustodianKeys
from comity.keys.pair import SEED_BYTES


def keys_of(name: str) -> CustodianKeys:
    return CustodianKeys(name, *(secrets.token_bytes(SEED_BYTES) for _ in range(3)))
