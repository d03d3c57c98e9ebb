"""The shelf of proposed links. A link goes with either of its records, in the transaction that withdraws or expires it.

An amendment leaves it: what a human decided stands until somebody decides anew.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from sqlalchemy import BindParameter, Column, Connection, Integer, Select, Table, bindparam, delete, or_, select, tuple_

from comity.domain.link import LinkState, ProposedLink
from comity.storage.columns import WIDE, WORD, Packed, metadata, ordinal
from comity.storage.rows import put_row

proposed_links = Table(
    "proposed_links",
    metadata,
    Column("id", WORD, primary_key=True),
    Column("left_record", WORD, nullable=False, index=True),
    Column("right_record", WORD, nullable=False, index=True),
    Column("state", WORD, nullable=False, index=True),
    Column("weight", Integer, nullable=False),  # thousandths of a bit
    Column("link", Packed(ProposedLink), nullable=False),
    **WIDE,
)

IDS_AT_ONCE = 500  # parameters of one statement
READ_AT_ONCE = 500
_RECORDS: BindParameter[str] = bindparam("records", expanding=True)
_OF_RECORDS = delete(proposed_links).where(
    or_(proposed_links.c.left_record.in_(_RECORDS), proposed_links.c.right_record.in_(_RECORDS))
)
_ERASE = delete(proposed_links).where(proposed_links.c.id.in_(bindparam("ids", expanding=True)))


def erase_links(connection: Connection, record_ids: Sequence[str]) -> None:
    """Of records that are gone.

    Falls without it: tests/shelves/test_links.py
    """
    for chunk in _chunks(record_ids):
        connection.execute(_OF_RECORDS, {"records": chunk})


class Links:
    def __init__(self, connection: Connection, erased: Callable[[], None]) -> None:
        """`erased` is told whenever bytes should leave the disk too."""
        self._connection = connection
        self._erased = erased

    def put(self, link: ProposedLink) -> None:
        row = {
            "id": link.id,
            "left_record": link.left,
            "right_record": link.right,
            "state": link.state.value,
            "weight": _weight(link),
            "link": link,
        }
        put_row(self._connection, proposed_links, row)

    def get(self, link_id: str, today: date) -> ProposedLink | None:
        """None also where one of the records is past its retention."""
        return self._connection.execute(_standing(today).where(proposed_links.c.id == link_id)).scalar()

    def queue(self, state: LinkState, today: date) -> Iterator[ProposedLink]:
        """Most probable first; without those of which a record is past its retention."""
        links = proposed_links.c
        ordered = _standing(today).where(links.state == state.value).order_by(links.weight.desc(), links.id)
        last: tuple[int, str] | None = None
        while True:
            page = ordered if last is None else ordered.where(tuple_(-links.weight, links.id) > last)
            found = self._connection.execute(page.limit(READ_AT_ONCE)).scalars().all()
            yield from found
            if len(found) < READ_AT_ONCE:
                return
            last = -_weight(found[-1]), found[-1].id

    def every(self) -> Iterator[ProposedLink]:
        yield from self._connection.execute(select(proposed_links.c.link)).scalars()

    def erase(self, link_ids: Sequence[str]) -> None:
        for chunk in _chunks(link_ids):
            self._connection.execute(_ERASE, {"ids": chunk})
        if link_ids:
            self._erased()


def _weight(link: ProposedLink) -> int:
    return round(link.bits * 1000)


def _standing(today: date) -> Select[ProposedLink]:
    # By name: this file knows nothing of the shelf of records, which knows this one.
    records = metadata.tables["records"]
    left, right = records.alias("left_side"), records.alias("right_side")
    return (
        select(proposed_links.c.link)
        .join(left, left.c.id == proposed_links.c.left_record)
        .join(right, right.c.id == proposed_links.c.right_record)
        .where(left.c.retain_until >= ordinal(today), right.c.retain_until >= ordinal(today))
    )


def _chunks(items: Sequence[str]) -> Iterator[Sequence[str]]:
    return (items[start : start + IDS_AT_ONCE] for start in range(0, len(items), IDS_AT_ONCE))
