"""Have other members show that their logs hold what they disclosed to us: letters, and answers under a promise."""

from collections.abc import Callable, Sequence

import structlog
from msgspec.structs import replace

from comity.desks.proofs import Proofs
from comity.domain import limits
from comity.domain.bureau import Directory, Member
from comity.domain.disclosed import Awaited, Shown, tells_of
from comity.domain.errors import Missing, Refusal
from comity.domain.journal import DISCLOSURES, Checkpoint, Opening
from comity.domain.promise import Promise
from comity.domain.supervision import HeldLetter
from comity.peers.exchange import Exchange
from comity.peers.log_follower import LOGS, Broken, LogFollower
from comity.wire.checkpoint import verified
from comity.wire.disclosed import leaf_of, read_disclosed, write_asked
from comity.wire.log_policy import quorum_of, read_policy
from comity.wire.manifest import member_pair
from comity.wire.merkle import Read, inclusion_proof, root_from_inclusion
from comity.wire.note import b64
from comity.wire.tiles import COSIGNED_PATH, reader

DISCLOSED = "/federation/v1/disclosures"

log = structlog.get_logger("comity.peers.proofs")


class ProofFollower:
    """`policy` is whom this node believes about logs, as a file."""

    def __init__(
        self,
        node: str,
        exchange: Exchange,
        directory: Callable[[], Directory | None],
        logs: LogFollower,
        policy: Callable[[], bytes],
        desk: Proofs,
    ) -> None:
        self.node = node
        self.exchange = exchange
        self.directory = directory
        self.logs = logs
        self.policy = policy
        self.desk = desk

    def follow(self) -> int:
        """Ask each member for what it has still to show; how many letters were applied for it."""
        directory, applied = self.directory(), 0
        for name, awaited in self.desk.awaited().items():
            member = directory.member(name) if directory else None
            shown = self._shown(member, awaited) if member else Shown(why="It is no member that can be asked.")
            applied += self.desk.settle(name, awaited, shown)
        return applied

    def _shown(self, member: Member, awaited: Awaited) -> Shown:
        try:
            openings = self._openings(member, awaited.letters)
        except Missing:
            return Shown(of_earlier_release=True, why="Its release proves nothing.")
        except Refusal as refusal:
            return Shown(why=refusal.what)
        try:
            checkpoint = self._cosigned(member)
        except Refusal as refusal:
            return Shown(why=refusal.what)
        return self._proved(member, awaited, openings, checkpoint)

    def _openings(self, member: Member, letters: Sequence[HeldLetter]) -> dict[str, Opening]:
        """By letter, the entry in which its sender says that it stands. Raises Missing of an earlier release."""
        if not letters:
            return {}
        body = write_asked([one.letter.id for one in letters])
        response = self.exchange.post(
            member, DISCLOSED, body, limits.WITNESS_WITHIN_SECONDS, limits.DISCLOSURES_BYTES_MAX
        )
        openings = read_disclosed(response.body)
        return {
            held.letter.id: opening
            for held in letters
            for opening in openings
            if tells_of(opening.entry, member.id, self.node, held.letter.id, held.digest)
        }

    def _cosigned(self, member: Member) -> Checkpoint:
        """The newest checkpoint of its log that its node and enough witnesses signed. Raises Refusal."""
        target = f"{LOGS}/{DISCLOSURES}/{COSIGNED_PATH}"
        response = self.exchange.get(member, target, limits.WITNESS_WITHIN_SECONDS, limits.NOTE_BYTES_MAX)
        note = response.body.decode("utf-8", "replace")
        checkpoint = verified(note, f"{member.id}/{DISCLOSURES}", member_pair(member))
        # Its own word alone proves nothing to others. Falls without it: tests/federation/test_no_proof_no_read.py
        quorum_of(note, read_policy(self.policy()))
        return checkpoint

    def _proved(self, member: Member, awaited: Awaited, openings: dict[str, Opening], checkpoint: Checkpoint) -> Shown:
        read = reader(checkpoint.size, lambda tile: self.logs.tile(member, DISCLOSURES, tile))
        shown = Shown(size=checkpoint.size, note=checkpoint.note)
        try:
            proved = [letter for letter, one in openings.items() if _stands(one.index, leaf_of(one), checkpoint, read)]
            there = [one for one in awaited.promises if one.index < checkpoint.size]
            kept = [one for one in there if _stands(one.index, bytes.fromhex(one.leaf), checkpoint, read)]
            broken = {one.question: _other(one, checkpoint, read) for one in there if one not in kept}
        except (Broken, Refusal) as wrong:
            log.warning("a log proves nothing", member=member.id, why=str(wrong))
            return replace(shown, why="What it shows of its log does not lead to what it signed.")
        return replace(
            shown,
            proved=frozenset(proved),
            kept=frozenset(one.question for one in kept),
            broken=broken,
            why="" if len(proved) == len(awaited.letters) else "Its log has shown no such entry.",
        )


def _stands(index: int, leaf: bytes, checkpoint: Checkpoint, read: Read) -> bool:
    """Whether that leaf stands there in the log that was signed. Raises Invalid, Unauthenticated, Broken."""
    if index >= checkpoint.size:
        return False
    proof = inclusion_proof(index, checkpoint.size, read)
    return root_from_inclusion(leaf, index, checkpoint.size, proof).hex() == checkpoint.root


def _other(promise: Promise, checkpoint: Checkpoint, read: Read) -> tuple[str, ...]:
    """The leaf that stands there instead, with what proves it. Raises Broken where the tiles are not those signed."""
    leaf = read(0, promise.index)
    # Falls without it: tests/federation/test_no_proof_no_read.py
    if not _stands(promise.index, leaf, checkpoint, read):
        raise Missing("Its tiles are not those that it signed.")
    proof = inclusion_proof(promise.index, checkpoint.size, read)
    return tuple(b64(one) for one in (leaf, *proof))
