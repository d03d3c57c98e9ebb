"""The shelf of letters that this node has sealed and whose recipients have not said that they have them."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    LargeBinary,
    Select,
    Table,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from comity.domain.letter import RANK, Lane, Letter
from comity.domain.post import InPost
from comity.domain.sealed import Place, Route, Sealed
from comity.storage.columns import BY_KEY, WIDE, WORD, Moment, Packed, metadata
from comity.storage.contents import Contents
from comity.storage.outbox import content_of
from comity.storage.rows import put_row

OUT, IN = "out", "in"
# As `relayed_at` before it is known: as long as any other moment, so that the database changes it where it stands and
# does not write the letter anew.
NOT_YET = datetime(9999, 12, 31, tzinfo=UTC)

sealed_letters = Table(
    "sealed_letters",
    metadata,
    Column("id", WORD, primary_key=True),
    Column("recipient", WORD, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("sealed_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    Column("relayed_at", Moment, nullable=True),  # NOT_YET until the hub has signed that it holds it
    Column("try_at", Moment, nullable=False),
    Column("failure", WORD, nullable=False),  # the last one, for the operator
    Column("letter", LargeBinary, nullable=False),
    Column("route", Packed(Route), nullable=False),
    Column("signed", LargeBinary, nullable=False),
    Column("box", LargeBinary, nullable=False),
    **WIDE,
)
# The last sealed letter of each lane, sent and taken: what the next one must name as the one before it.
post_chains = Table(
    "post_chains",
    metadata,
    Column("way", WORD, primary_key=True),
    Column("peer", WORD, primary_key=True),
    Column("lane", WORD, primary_key=True),
    Column("sequence", Integer, nullable=False),
    Column("digest", WORD, nullable=False),
    **BY_KEY,
)

_LETTERS = select(sealed_letters.c.id, sealed_letters.c.letter)
_PLACE = select(post_chains.c.sequence, post_chains.c.digest).where(
    post_chains.c.way == bindparam("of_way"),
    post_chains.c.peer == bindparam("of_peer"),
    post_chains.c.lane == bindparam("of_lane"),
)

# Written once: asked in every round of the post.
_DEPTHS = select(sealed_letters.c.recipient, func.count()).group_by(sealed_letters.c.recipient)


class SealedShelf:
    def __init__(self, connection: Connection, contents: Contents) -> None:
        self._connection = connection
        self._contents = contents
        # Within one transaction nobody else moves them: each is read and written once.
        self._places: dict[tuple[str, str, Lane], Place] = {}
        self._moved: set[tuple[str, str, Lane]] = set()

    def sent(self, recipient: str, lane: Lane) -> Place:
        """The last letter sealed in that lane."""
        return self._place(OUT, recipient, lane)

    def taken(self, sender: str, lane: Lane) -> Place:
        """The last sealed letter of that lane that was taken here."""
        return self._place(IN, sender, lane)

    def took(self, sender: str, lane: Lane, place: Place) -> None:
        self._put_place(IN, sender, lane, place)

    def flush(self) -> None:
        """Write where the lanes stand now; it is done as the transaction commits."""
        for way, peer, lane in self._moved:
            place = self._places[way, peer, lane]
            row = {"way": way, "peer": peer, "lane": lane.value, "sequence": place.seq, "digest": place.ct_sha256}
            put_row(self._connection, post_chains, row)

    def put(self, letters: Sequence[tuple[Letter, InPost]], now: datetime) -> None:
        """Keep letters of one lane under their seals, in order: the same bytes leave however often they are brought."""
        if not letters:
            return
        self._connection.execute(insert(sealed_letters), [self._row(*one, now) for one in letters])
        last, under_seal = letters[-1]
        seq = self.sent(last.recipient, last.lane).seq + len(letters)
        self._put_place(OUT, last.recipient, last.lane, Place(seq=seq, ct_sha256=under_seal.route.ct_sha256))

    def to_submit(self, now: datetime, letters_max: int, bytes_max: int) -> list[InPost]:
        """What the hub has not taken yet: higher lanes first, in each lane in order; at least one where any waits."""
        letters = sealed_letters.c
        due = and_(_waits(), letters.try_at <= now)
        order = (letters.rank, letters.sealed_at, letters.recipient, letters.sequence)
        sizes = select(letters.id, func.length(letters.box) + func.length(letters.signed)).where(due).order_by(*order)
        chosen: list[str] = []
        size_bytes = 0
        for letter_id, size in self._connection.execute(sizes.limit(letters_max)):
            if chosen and size_bytes + size > bytes_max:
                break
            chosen.append(letter_id)
            size_bytes += size
        return self._some(chosen)

    def relayed(self, letter_ids: Sequence[str], at: datetime) -> None:
        """The hub has signed that it holds these."""
        self._connection.execute(
            update(sealed_letters).where(sealed_letters.c.id.in_(letter_ids)).values(relayed_at=at, failure="")
        )

    def failed(self, letter_id: str, again_at: datetime, why: str) -> None:
        """It is brought again then, and all behind it in its lane with it: none overtakes it."""
        letters = sealed_letters.c
        row = self._connection.execute(select(letters.recipient, letters.rank).where(letters.id == letter_id)).one()
        lane = and_(letters.recipient == row.recipient, letters.rank == row.rank, _waits())
        self._connection.execute(update(sealed_letters).where(lane).values(try_at=again_at, failure=why))

    def routes(self, letter_ids: Sequence[str]) -> dict[str, Route]:
        """The outsides of those of these letters of which nobody has said that their recipients have them."""
        letters = sealed_letters.c
        chosen = select(letters.id, letters.route).where(letters.id.in_(letter_ids))
        return {row.id: row.route for row in self._connection.execute(chosen)}

    def get(self, letter_id: str) -> tuple[Letter, InPost] | None:
        """The letter and its seal, while nobody has said that its recipient has it."""
        letters = sealed_letters.c
        chosen = select(letters.letter, letters.route, letters.signed, letters.box)
        row = self._connection.execute(chosen.where(letters.id == letter_id)).one_or_none()
        if row is None:
            return None
        letter = self._contents.open_passing(content_of(letter_id), Letter, row.letter)
        return letter, _in_post(row.route, row.signed, row.box)

    def delivered(self, letter_ids: Sequence[str]) -> int:
        """Their recipients have done with these: seals and contents go. Of how many that was not known."""
        return self._connection.execute(delete(sealed_letters).where(sealed_letters.c.id.in_(letter_ids))).rowcount

    def undelivered(self, recipient: str = "") -> list[InPost]:
        """To one recipient or to all, in the order in which they must be taken."""
        letters = sealed_letters.c
        chosen = select(letters.id).order_by(letters.recipient, letters.rank, letters.sequence)
        if recipient:
            chosen = chosen.where(letters.recipient == recipient)
        return self._some(list(self._connection.execute(chosen).scalars()))

    def of_lane(self, recipient: str, lane: Lane, first: int, last: int) -> list[Letter]:
        """Of these numbers, those that are not delivered yet, in order."""
        letters = sealed_letters.c
        lane_of = and_(letters.recipient == recipient, letters.rank == RANK[lane])
        chosen = _LETTERS.where(lane_of, letters.sequence.between(first, last))
        return self._letters(chosen.order_by(letters.sequence))

    def sealed_before(self, lane: Lane, moment: datetime) -> list[Letter]:
        """Of one lane, sealed before a moment, and not delivered yet."""
        letters = sealed_letters.c
        chosen = _LETTERS.where(letters.rank == RANK[lane], letters.sealed_at < moment)
        return self._letters(chosen.order_by(letters.sealed_at))

    def expire(self, now: datetime) -> list[Letter]:
        """Give up letters past their time; those given up. The hub keeps their outside in their place."""
        late = sealed_letters.c.expires_at < now
        letters = self._letters(_LETTERS.where(late, ~_waits()).order_by(sealed_letters.c.sealed_at))
        self.delivered([letter.id for letter in letters])
        return letters

    def lanes(self) -> dict[tuple[str, Lane], tuple[int, datetime]]:
        """(recipient, lane): how many have not arrived, and since when the oldest of them is under seal."""
        letters = sealed_letters.c
        counted = select(letters.recipient, letters.rank, func.count(), func.min(letters.sealed_at))
        lanes = {rank: lane for lane, rank in RANK.items()}
        return {
            (row[0], lanes[row[1]]): (row[2], row[3])
            for row in self._connection.execute(counted.group_by(letters.recipient, letters.rank))
        }

    def depths(self) -> dict[str, int]:
        """Letters under seal, by recipient."""
        return {row[0]: row[1] for row in self._connection.execute(_DEPTHS)}

    def _some(self, letter_ids: Sequence[str]) -> list[InPost]:
        letters = sealed_letters.c
        chosen = select(letters.id, letters.route, letters.signed, letters.box).where(letters.id.in_(letter_ids))
        found = {row.id: _in_post(row.route, row.signed, row.box) for row in self._connection.execute(chosen)}
        return [found[letter_id] for letter_id in letter_ids]

    def _place(self, way: str, peer: str, lane: Lane) -> Place:
        if (way, peer, lane) not in self._places:
            asked = {"of_way": way, "of_peer": peer, "of_lane": lane.value}
            row = self._connection.execute(_PLACE, asked).one_or_none()
            self._places[way, peer, lane] = Place(seq=row.sequence, ct_sha256=row.digest) if row else Place()
        return self._places[way, peer, lane]

    def _put_place(self, way: str, peer: str, lane: Lane, place: Place) -> None:
        self._places[way, peer, lane] = place
        self._moved.add((way, peer, lane))

    def _letters(self, chosen: Select[str, bytes]) -> list[Letter]:
        rows = self._connection.execute(chosen)
        return [self._contents.open_passing(content_of(row.id), Letter, row.letter) for row in rows]

    def _row(self, letter: Letter, sealed: InPost, now: datetime) -> dict[str, object]:
        return {
            "id": letter.id,
            "recipient": letter.recipient,
            "rank": RANK[letter.lane],
            "sequence": letter.sequence,
            "sealed_at": now,
            "expires_at": sealed.route.expires,
            "relayed_at": NOT_YET,
            "try_at": now,
            "failure": "",
            "letter": self._contents.seal_passing(content_of(letter.id), letter),
            "route": sealed.route,
            "signed": sealed.sealed.route,
            "box": sealed.sealed.box,
        }


def _waits() -> ColumnElement[bool]:
    """The hub has not signed yet that it holds it."""
    return sealed_letters.c.relayed_at == NOT_YET


def _in_post(route: Route, signed: bytes, box: bytes) -> InPost:
    return InPost(route=route, sealed=Sealed(route=signed, box=box))
