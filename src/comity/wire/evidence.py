"""Evidence as it travels: signed by the node whose word counts for the step, and by nobody else."""

import hashlib
from collections.abc import Callable

from comity.domain.errors import Unauthenticated
from comity.domain.evidence import SIGNED_BY, Evidence, Party, Proof
from comity.wire.canonical import decode, encode
from comity.wire.pair import PublicPair, Signer
from comity.wire.signed import EVIDENCE, sign, verified_by_itself


def write_evidence(evidence: Evidence, signer: Signer) -> Proof:
    """The evidence under its node's two signatures."""
    return Proof(evidence=evidence, signed=sign(encode(evidence), EVIDENCE, signer))


def read_evidence(data: bytes, pair_of: Callable[[str], PublicPair], hub: str) -> Proof:
    """What the node that it names signed; `pair_of` gives the keys of a member, `hub` is the one of this federation.

    Raises Unauthenticated where another signed it, or one whose word does not count for that step; Invalid, TooLarge.
    """
    payload = verified_by_itself(data, EVIDENCE, lambda claimed: pair_of(_read(claimed).by))
    evidence = _read(payload)
    # The hub could say that a letter was delivered. Falls without it: tests/federation/test_hostile_hub.py
    if not _may_say(evidence, hub):
        raise Unauthenticated(f"It is not for {evidence.by} to say that a letter was {evidence.step}.")
    return Proof(evidence=evidence, signed=data)


def digest_of(signed: bytes) -> str:
    """By which a piece is known: SHA-256 (hex) of its signed bytes."""
    return hashlib.sha256(signed).hexdigest()


def _may_say(evidence: Evidence, hub: str) -> bool:
    match SIGNED_BY[evidence.step]:
        case Party.SENDER:
            return evidence.by == evidence.sender
        case Party.HUB:
            return evidence.by == hub
        case Party.RECIPIENT:
            return all(one.recipient == evidence.by for one in evidence.letters)


def _read(payload: bytes) -> Evidence:
    return decode(payload, Evidence, "evidence")
