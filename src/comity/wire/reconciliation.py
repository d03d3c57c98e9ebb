"""Two journals compared, as it travels: what one side has, and what the other says of it, signed."""

from comity.domain import limits
from comity.domain.errors import TooLarge, Unauthenticated
from comity.domain.reconciliation import Reconciled, ReconciliationAsked
from comity.wire.canonical import decode, encode
from comity.wire.pair import PublicPair, Signer
from comity.wire.signed import RECONCILIATION, sign, verified


def write_reconciliation(asked: ReconciliationAsked) -> bytes:
    """Raises TooLarge."""
    data = encode(asked)
    if len(data) > limits.RECONCILIATION_BYTES_MAX:
        raise TooLarge("That period has too many exchanges.", do="Take a shorter one.")
    return data


def read_reconciliation(data: bytes) -> ReconciliationAsked:
    """Raises Invalid."""
    return decode(data, ReconciliationAsked, "reconciliation")


def signed_reconciled(said: Reconciled, signer: Signer) -> bytes:
    return sign(encode(said), RECONCILIATION, signer)


def verified_reconciled(data: bytes, asked: ReconciliationAsked, by: str, to: str, pair: PublicPair) -> Reconciled:
    """What the other side signed to this very question. Raises Unauthenticated, Invalid, TooLarge."""
    said = decode(verified(data, RECONCILIATION, pair), Reconciled, "reconciliation")
    # An answer of another day, or to somebody else, would look like peace. Falls without it:
    # tests/attacks/test_reconciliation.py
    if (said.by, said.to, said.since, said.until) != (by, to, asked.since, asked.until):
        raise Unauthenticated(f"{by} answered another question.")
    return said
