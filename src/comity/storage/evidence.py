"""The shelf of evidence: who signed that a letter came how far; and what of it another node has still to be told."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Column, Connection, LargeBinary, Table, bindparam, delete, func, insert, select

from comity.domain import limits
from comity.domain.evidence import Evidence, Proof, Step
from comity.storage.columns import BY_KEY, WHOLE, WIDE, WORD, Moment, Packed, metadata
from comity.wire.evidence import digest_of

evidence_pieces = Table(
    "evidence_pieces",
    metadata,
    Column("digest", WORD, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("noted_at", Moment, nullable=False, index=True),
    Column("evidence", Packed(Evidence), nullable=False),
    Column("signed", LargeBinary, nullable=False),
    **WIDE,
)
evidence_letters = Table(
    "evidence_letters",
    metadata,
    Column("letter", WORD, primary_key=True),
    Column("sender", WORD, primary_key=True),
    Column("recipient", WORD, primary_key=True),
    Column("step", WORD, primary_key=True),
    Column("piece", WORD, nullable=False, index=True),
    **BY_KEY,
)
evidence_to_tell = Table(
    "evidence_to_tell",
    metadata,
    Column("node", WORD, primary_key=True),
    Column("place", WHOLE, primary_key=True),
    Column("piece", WORD, nullable=False, index=True),
    **BY_KEY,
)

# Nodes that have signed that a letter of ours was opened: those know what it means.
opening_nodes = Table("opening_nodes", metadata, Column("node", WORD, primary_key=True), **BY_KEY)

# Written once: asked in every round of the post.
_TO_TELL = (
    select(evidence_pieces.c.signed)
    .select_from(evidence_to_tell.join(evidence_pieces, evidence_to_tell.c.piece == evidence_pieces.c.digest))
    .where(evidence_to_tell.c.node == bindparam("node"))
    .order_by(evidence_to_tell.c.place)
    .limit(bindparam("at_most"))
)
_ANYTHING = select(evidence_to_tell.c.place).where(evidence_to_tell.c.node == bindparam("of_node")).limit(1)
_ORDER = {step: place for place, step in enumerate(Step)}


class EvidenceShelf:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, proof: Proof, now: datetime, tell: str = "") -> bool:
        """Keep a verified piece, and note that node `tell` has still to be told of it.

        A step that is proved already keeps its first proof; False where the piece says nothing new.
        """
        digest = digest_of(proof.signed)
        known = self._known(proof.evidence)
        new = [one for one in proof.evidence.letters if (one.letter, one.recipient) not in known]
        if not new:
            return False
        row = {"digest": digest, "at": proof.evidence.at, "noted_at": now, "evidence": proof.evidence}
        self._connection.execute(insert(evidence_pieces).values(**row, signed=proof.signed))
        common = {"sender": proof.evidence.sender, "step": proof.evidence.step.value, "piece": digest}
        self._connection.execute(
            insert(evidence_letters), [{"letter": one.letter, "recipient": one.recipient, **common} for one in new]
        )
        if tell:
            self.tell(tell, digest)
        if proof.evidence.step is Step.OPENED and not self.opens(proof.evidence.by):
            self._connection.execute(insert(opening_nodes).values(node=proof.evidence.by))
        return True

    def opens(self, node: str) -> bool:
        """Whether that node has ever signed that a letter was opened."""
        return (
            self._connection.execute(select(opening_nodes.c.node).where(opening_nodes.c.node == node)).scalar()
            is not None
        )

    def _known(self, evidence: Evidence) -> set[tuple[str, str]]:
        """(letter, recipient) of those of its letters whose step is proved already."""
        letters = evidence_letters.c
        chosen = select(letters.letter, letters.recipient).where(
            letters.letter.in_([one.letter for one in evidence.letters]),
            letters.sender == evidence.sender,
            letters.step == evidence.step.value,
        )
        return {(row.letter, row.recipient) for row in self._connection.execute(chosen)}

    def piece(self, step: Step, sender: str, letter: str, recipient: str) -> str | None:
        """The digest of what proves it."""
        letters = evidence_letters.c
        chosen = select(letters.piece).where(
            letters.letter == letter,
            letters.sender == sender,
            letters.recipient == recipient,
            letters.step == step.value,
        )
        return self._connection.execute(chosen).scalar()

    def tell(self, node: str, piece: str) -> None:
        last = select(func.max(evidence_to_tell.c.place)).where(evidence_to_tell.c.node == node)
        place = (self._connection.execute(last).scalar() or 0) + 1
        self._connection.execute(insert(evidence_to_tell).values(node=node, place=place, piece=piece))

    def to_tell(self, node: str, limit: int) -> list[bytes]:
        """Signed pieces that the node has not taken yet, the oldest first."""
        return list(self._connection.execute(_TO_TELL, {"node": node, "at_most": limit}).scalars())

    def waits_for(self, node: str) -> bool:
        """Whether there is anything to tell it."""
        return self._connection.execute(_ANYTHING, {"of_node": node}).first() is not None

    def told(self, node: str, pieces: Sequence[str]) -> None:
        """The node has taken the pieces of these digests."""
        told = evidence_to_tell.c
        self._connection.execute(delete(evidence_to_tell).where(told.node == node, told.piece.in_(pieces)))

    def waits_to_be_told(self, node: str, piece: str) -> bool:
        told = evidence_to_tell.c
        same = select(told.place).where(told.node == node, told.piece == piece)
        return self._connection.execute(same).scalar() is not None

    def about(self, letter: str) -> list[Proof]:
        """Everything signed about one letter, the earliest first."""
        pieces, letters = evidence_pieces.c, evidence_letters.c
        mine = select(letters.piece).where(letters.letter == letter)
        chosen = select(pieces.evidence, pieces.signed).where(pieces.digest.in_(mine))
        proofs = [Proof(evidence=row.evidence, signed=row.signed) for row in self._connection.execute(chosen)]
        return sorted(proofs, key=lambda proof: (proof.evidence.at, _ORDER[proof.evidence.step]))

    def of_sender(self, sender: str) -> list[bytes]:
        """Signed pieces about letters of another sender that nobody has taken yet."""
        told, pieces, letters = evidence_to_tell.c, evidence_pieces.c, evidence_letters.c
        about = select(letters.piece).where(letters.sender == sender)
        joined = evidence_to_tell.join(evidence_pieces, told.piece == pieces.digest)
        chosen = select(pieces.signed).select_from(joined).where(told.piece.in_(about)).order_by(told.place)
        return list(self._connection.execute(chosen).scalars())

    def expire(self, now: datetime) -> None:
        """Forget what is past its days."""
        oldest = now - timedelta(days=limits.EVIDENCE_DAYS_KEPT)
        old = select(evidence_pieces.c.digest).where(evidence_pieces.c.noted_at < oldest)
        for table in (evidence_letters, evidence_to_tell):
            self._connection.execute(delete(table).where(table.c.piece.in_(old)))
        self._connection.execute(delete(evidence_pieces).where(evidence_pieces.c.noted_at < oldest))
