"""This node as a witness (C2SP tlog-witness): it cosigns what continues all that it has seen of a log, nothing else."""

from collections.abc import Callable

from comity.desks.log_alarms import noted
from comity.desks.needs import Clock, Once, Store, Transaction
from comity.domain.bureau import Directory, Member
from comity.domain.errors import Conflict, Invalid, Missing, NotPermitted, Unauthenticated, Unproved
from comity.domain.journal import DISCLOSURES, KEYS, Checkpoint
from comity.domain.witnessing import LogAlarm, LogWrong, OtherSize, SeenLog
from comity.wire.checkpoint import read_text, verified
from comity.wire.cosignature import Cosigner, cosign
from comity.wire.manifest import member_pair
from comity.wire.merkle import check_consistency
from comity.wire.note import b64, split
from comity.wire.witness import Submission, read_submission


class Witness:
    def __init__(
        self, node: str, store: Store, directory: Callable[[], Directory | None], keys: Cosigner, clock: Clock
    ) -> None:
        self.node = node
        self.store = store
        self.directory = directory
        self.keys = keys
        self.clock = clock

    def add(self, body: bytes, by: Member, once: Once) -> str:
        """The lines of this witness under a checkpoint that continues what it has seen.

        In one transaction it is compared with what was seen and kept, before anything is signed: neither two requests
        at once nor a crash can make this witness sign two histories. Raises Invalid, TooLarge; Missing for a log that
        it does not know, NotPermitted where its node did not sign, OtherSize, Conflict for a fork, Unproved.
        """
        submission = read_submission(body)
        checkpoint = self._signed(submission.note)
        if submission.old > checkpoint.size:
            raise Invalid(f"The proof begins at {submission.old}, behind the checkpoint of {checkpoint.size}.")
        with self.store.transaction() as tx:
            once(tx)
            now = self.clock()
            held = tx.witnessing.seen(checkpoint.origin)
            try:
                _check_continues(submission, checkpoint, held)
            except (Conflict, Unproved) as refusal:
                # Whoever brings a wrong proof may be anybody; two roots for one size are the log's own doing.
                if _forked(checkpoint, held) or (isinstance(refusal, Unproved) and _is_of(checkpoint, by)):
                    self._alarm(tx, submission, checkpoint, held, refusal.what)
                    tx.commit()
                raise
            grown_at = held.grown_at if held and held.checkpoint.size == checkpoint.size else now
            tx.witnessing.see(SeenLog(checkpoint=checkpoint, grown_at=grown_at))
            tx.commit()
        return cosign(checkpoint, self.keys, now)

    def _signed(self, note: str) -> Checkpoint:
        origin, _, _ = read_text(split(note)[0])
        member = self._keeper(origin)
        try:
            return verified(note, origin, member_pair(member))
        except Unauthenticated as wrong:
            raise NotPermitted(wrong.what, do="Bring what the log's own node has signed.") from wrong

    def _keeper(self, origin: str) -> Member:
        """The member whose log that is; our own is for others to cosign."""
        directory = self.directory()
        node, _, log = origin.partition("/")
        member = directory.member(node) if directory else None
        known = (DISCLOSURES, KEYS) if directory and node == directory.hub else (DISCLOSURES,)
        if member is None or log not in known or node == self.node:
            raise Missing(f"This witness does not know the log {origin[:100]!r}.")
        return member

    def _alarm(
        self, tx: Transaction, submission: Submission, checkpoint: Checkpoint, held: SeenLog | None, what: str
    ) -> None:
        alarm = LogAlarm(
            wrong=LogWrong.FORK,
            origin=checkpoint.origin,
            what=what,
            held=held.checkpoint.note if held else "",
            shown=checkpoint.note,
            proof=tuple(b64(one) for one in submission.proof),
            noted_at=self.clock(),
        )
        noted(tx, alarm)


def _check_continues(submission: Submission, checkpoint: Checkpoint, held: SeenLog | None) -> None:
    """In the order of the standard. Falls without each: tests/federation/test_hostile_logs.py"""
    before = held.checkpoint if held else None
    if before and before.size == checkpoint.size and before.root != checkpoint.root:
        raise Conflict(
            f"{checkpoint.origin} of {checkpoint.size} entries was seen here with another root.",
            do="It has two histories: tell its node and the other members.",
        )
    if submission.old != (before.size if before else 0):
        raise OtherSize(before.size if before else 0)
    if submission.old == 0 or before is None:
        if submission.proof:
            raise Unproved("Nothing is continued, so there is nothing to prove.")
        return
    try:
        root, before_root = bytes.fromhex(checkpoint.root), bytes.fromhex(before.root)
        check_consistency(before.size, before_root, checkpoint.size, root, submission.proof)
    except (Unauthenticated, Invalid) as wrong:
        raise Unproved(wrong.what, do="Prove that the log only grew.") from wrong


def _forked(checkpoint: Checkpoint, held: SeenLog | None) -> bool:
    before = held.checkpoint if held else None
    return before is not None and before.size == checkpoint.size and before.root != checkpoint.root


def _is_of(checkpoint: Checkpoint, member: Member) -> bool:
    return checkpoint.origin.partition("/")[0] == member.id
