"""The shelf of the bulletin: the list of published law, its documents to the byte, and what waits for signatures."""

from sqlalchemy import Column, Connection, Integer, LargeBinary, Table, func, insert, select, update

from comity.domain.bulletin import BulletinHead, BulletinItem, Proposal, Publication
from comity.domain.errors import Conflict
from comity.storage.columns import WIDE, WORD, Packed, metadata
from comity.storage.rows import put_row

heads = Table(
    "bulletin_heads",
    metadata,
    Column("hub", WORD, primary_key=True),
    Column("head", Packed(BulletinHead), nullable=False),
    Column("signed", LargeBinary, nullable=False),
    **WIDE,
)
items = Table(
    "bulletin_items",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("id", WORD, nullable=False, index=True),
    Column("item", Packed(BulletinItem), nullable=False),
    Column("chain", WORD, nullable=False),
    Column("fault", WORD, nullable=False),  # why its document cannot be used; '' where it can
    **WIDE,
)
documents = Table(
    "law_documents",
    metadata,
    Column("digest", WORD, primary_key=True),
    Column("kind", WORD, nullable=False),
    Column("document", LargeBinary, nullable=False),
    **WIDE,
)
proposals = Table(
    "law_proposals",
    metadata,
    Column("digest", WORD, primary_key=True),
    Column("proposal", Packed(Proposal), nullable=False),
    Column("document", LargeBinary, nullable=False),
    **WIDE,
)


class Bulletin:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def head(self) -> BulletinHead | None:
        found: BulletinHead | None = self._connection.execute(select(heads.c.head)).scalar()
        return found

    def signed_head(self) -> bytes:
        return bytes(self._connection.execute(select(heads.c.signed)).scalar() or b"")

    def put_head(self, head: BulletinHead, signed: bytes) -> None:
        """Conflict where the list would become shorter."""
        held = self.head()
        # Falls without it: tests/shelves/test_bulletin.py
        if held is not None and (head.hub != held.hub or head.number < held.number):
            raise Conflict(f"The bulletin of {held.hub} with {held.number} items is held.", do="Follow the hub again.")
        put_row(self._connection, heads, {"hub": head.hub, "head": head, "signed": signed})

    def place(self) -> tuple[int, str]:
        last = select(items.c.number, items.c.chain).order_by(items.c.number.desc()).limit(1)
        row = self._connection.execute(last).one_or_none()
        return (row.number, row.chain) if row else (0, "")

    def add(self, item: BulletinItem, chain: str, fault: str) -> None:
        """Conflict where it is not the next one."""
        held, _ = self.place()
        if item.number != held + 1:
            raise Conflict(
                f"Item {item.number} of the bulletin does not follow item {held}.", do="Follow the hub again."
            )
        row = {"number": item.number, "id": item.id, "item": item, "chain": chain, "fault": fault}
        self._connection.execute(insert(items).values(**row))

    def mend(self, number: int, fault: str) -> None:
        self._connection.execute(update(items).where(items.c.number == number).values(fault=fault))

    def items(self, after: int = 0, limit: int | None = None, of: str = "") -> list[tuple[BulletinItem, str]]:
        chosen = select(items.c.item, items.c.fault).where(items.c.number > after).order_by(items.c.number)
        if of:
            chosen = chosen.where(items.c.id == of)
        return [(row.item, row.fault) for row in self._connection.execute(chosen.limit(limit))]

    def mark(self) -> tuple[int, int]:
        at_fault = func.count(items.c.number).filter(items.c.fault != "")
        row = self._connection.execute(select(func.count(items.c.number), at_fault)).one()
        return int(row[0]), int(row[1])

    def keep(self, digest: str, kind: Publication, document: bytes) -> None:
        put_row(self._connection, documents, {"digest": digest, "kind": str(kind), "document": document})

    def document(self, digest: str) -> tuple[Publication, bytes] | None:
        chosen = select(documents.c.kind, documents.c.document).where(documents.c.digest == digest)
        row = self._connection.execute(chosen).one_or_none()
        return (Publication(row.kind), bytes(row.document)) if row else None

    def propose(self, proposal: Proposal, document: bytes) -> None:
        """Where the same was proposed before, as it stands now."""
        put_row(self._connection, proposals, {"digest": proposal.digest, "proposal": proposal, "document": document})

    def proposal(self, digest: str) -> tuple[Proposal, bytes] | None:
        chosen = select(proposals.c.proposal, proposals.c.document).where(proposals.c.digest == digest)
        row = self._connection.execute(chosen).one_or_none()
        return (row.proposal, bytes(row.document)) if row else None

    def proposals(self) -> list[Proposal]:
        found: list[Proposal] = list(self._connection.execute(select(proposals.c.proposal)).scalars())
        return sorted(found, key=lambda one: (one.at, one.id))
