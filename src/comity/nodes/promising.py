"""What this node promises with an answer: that its log will be shown to hold the entry of it, and by when."""

from msgspec.structs import replace

from comity.desks.needs import Clock
from comity.domain.lookup import SourceAnswer
from comity.domain.promise import Promise
from comity.wire.pair import Signer
from comity.wire.promise import signed_promise


class Promising:
    def __init__(self, signer: Signer, clock: Clock, merge_within_seconds: int) -> None:
        self.signer = signer
        self.clock = clock
        self.merge_within_seconds = merge_within_seconds

    def __call__(self, answer: SourceAnswer) -> SourceAnswer:
        """The answer with the promise; one that tells of nothing needs none."""
        if answer.receipt is None or not answer.findings:
            return answer
        promise = Promise(
            source=answer.source,
            question=answer.question,
            origin=answer.receipt.origin,
            index=answer.receipt.index,
            leaf=answer.receipt.leaf,
            at=self.clock(),
            merge_within_seconds=self.merge_within_seconds,
        )
        return replace(answer, promise=signed_promise(promise, self.signer))
