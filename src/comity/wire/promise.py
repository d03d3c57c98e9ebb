"""A promise as it travels in an answer: signed by whoever answers, so that a broken one convicts it."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from comity.domain import limits
from comity.domain.errors import Unauthenticated
from comity.domain.journal import DISCLOSURES
from comity.domain.lookup import SourceAnswer
from comity.domain.promise import Promise
from comity.wire.canonical import decode, encode
from comity.wire.pair import PublicPair, Signer
from comity.wire.signed import PROMISE, sign, verified

_SKEW = timedelta(seconds=limits.CLOCK_SKEW_SECONDS_MAX + limits.SIGNATURE_LIFETIME_SECONDS)


def signed_promise(promise: Promise, signer: Signer) -> Promise:
    """The same under the node's two signatures."""
    plain = replace(promise, signed="")
    return replace(plain, signed=sign(encode(plain), PROMISE, signer).decode("ascii"))


def checked_promise(answer: SourceAnswer, pair: PublicPair, now: datetime) -> Promise | None:
    """What the answer's source promises of its entry; None where it promises nothing.

    Raises Unauthenticated where it is not signed by that source, or speaks of something else; Invalid, TooLarge.
    """
    if not isinstance(answer.promise, Promise):
        return None
    promise, receipt = answer.promise, answer.receipt
    signed = decode(verified(promise.signed.encode(), PROMISE, pair), Promise, "promise")
    # Else what is shown to others one day would be another promise than the one that was believed.
    # Falls without each: tests/attacks/test_promises.py
    if signed != replace(promise, signed=""):
        raise Unauthenticated("The promise is not the one that was signed.")
    told = (promise.source, promise.question, promise.origin)
    if told != (answer.source, answer.question, f"{answer.source}/{DISCLOSURES}"):
        raise Unauthenticated("The promise is not of this answer.")
    if receipt is None or (receipt.origin, receipt.index, receipt.leaf) != (
        promise.origin,
        promise.index,
        promise.leaf,
    ):
        raise Unauthenticated("The promise is of another entry than the receipt.")
    if abs(promise.at - now) > _SKEW:
        raise Unauthenticated("The promise is not of now.")
    return promise
