"""The shelf of kept questions: by which keys a record that comes later finds them, and which records are still to come.

Keys go with their question, and a question with its last day. A record that was put is noted here with a number that
only rises; whoever compares takes a few, does what follows, and strikes them out in the same transaction. So each is
compared once, whatever breaks, and one that is put again meanwhile stands under a new number.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

import msgspec
from sqlalchemy import (
    BindParameter,
    Column,
    Connection,
    ForeignKey,
    Integer,
    Table,
    bindparam,
    delete,
    func,
    select,
)

from comity.domain import limits
from comity.domain.held import Held
from comity.domain.kept import Kept, Late
from comity.domain.lookup import Finding
from comity.matching.meeting import ANY_NEAR, THIS_VERSION, keys_asked
from comity.storage.columns import BY_KEY, WHOLE, WIDE, WORD, Moment, Packed, metadata, ordinal
from comity.storage.rows import add_rows, put_row

kept_questions = Table(
    "kept_questions",
    metadata,
    Column("number", WHOLE, primary_key=True, autoincrement=False),  # of the row: short in every key
    Column("id", WORD, nullable=False, unique=True),  # of the question
    Column("kind", WORD, nullable=False, index=True),
    Column("bureau", WORD, nullable=False),  # whose question it is
    Column("officer", WORD, nullable=False),
    Column("until", Integer, nullable=False, index=True),  # a day
    Column("watch", Integer, nullable=False),
    Column("kept", Packed(Kept), nullable=False),
    **WIDE,
)
kept_keys = Table(
    "kept_keys",
    metadata,
    Column("key", WHOLE, primary_key=True, autoincrement=False),  # matching.meeting
    Column(
        "question",
        WHOLE,
        ForeignKey("kept_questions.number", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        index=True,
    ),
    **BY_KEY,
)
records_to_compare = Table(
    "records_to_compare",
    metadata,
    Column("id", WORD, primary_key=True),
    Column("number", WHOLE, nullable=False, unique=True),  # in the order in which they were put
    **BY_KEY,
)
late_findings = Table(
    "late_findings",
    metadata,
    Column("hit", WORD, primary_key=True),
    Column("unit", WORD, nullable=False),
    Column("told_at", Moment, nullable=False),
    Column("keep_until", Integer, nullable=False, index=True),  # a day
    Column("late", Packed(Late), nullable=False),
    Column("finding", Packed(Finding), nullable=False),
    **WIDE,
)

AT_ONCE = 500  # parameters of one statement
_KEYS: BindParameter[int] = bindparam("keys", expanding=True)
_NUMBERS: BindParameter[int] = bindparam("numbers", expanding=True)
_SHARING = select(kept_keys.c.key, kept_keys.c.question).where(kept_keys.c.key.in_(_KEYS))
_KEPT = select(kept_questions.c.number, kept_questions.c.kept).where(
    kept_questions.c.number.in_(_NUMBERS), kept_questions.c.until >= bindparam("today")
)
_of_this_version = select(kept_keys.c.question).where(
    kept_keys.c.key == THIS_VERSION, kept_keys.c.question == kept_questions.c.number
)
_OUTDATED = select(kept_questions.c.number, kept_questions.c.kept).where(~_of_this_version.exists())
_STANDING = select(kept_questions.c.id).where(kept_questions.c.id.in_(bindparam("ids", expanding=True)))
_LAST = select(func.max(kept_questions.c.number))
_encode = msgspec.json.Encoder().encode


class KeptQuestions:
    def __init__(self, connection: Connection, node: str, erased: Callable[[], None]) -> None:
        """`erased` is told whenever bytes should leave the disk too."""
        self._connection = connection
        self._node = node
        self._erased = erased

    # -- questions ----------------------------------------------------------------------------------------------------

    def keep(self, kept: Kept) -> None:
        """Keep a question; one that is kept already is kept as it is handed in now."""
        self._connection.execute(delete(kept_questions).where(kept_questions.c.id == kept.question.id))
        self.keep_all([kept])

    def keep_all(self, many: Sequence[Kept]) -> None:
        """Keep those that are not kept yet; whatever stands under an id stays as it is."""
        by_id = {kept.question.id: kept for kept in many}
        ids = list(by_id)
        for start in range(0, len(ids), AT_ONCE):
            chunk = ids[start : start + AT_ONCE]
            for standing in self._connection.execute(_STANDING, {"ids": chunk}).scalars():
                del by_id[standing]
        numbered = list(enumerate(by_id.values(), self._next_number()))
        add_rows(self._connection, kept_questions, [_row(number, kept) for number, kept in numbered])
        self._add_keys(numbered)

    def get(self, question_id: str, today: date) -> Kept | None:
        kept = kept_questions.c
        chosen = select(kept.kept).where(kept.id == question_id, kept.until >= ordinal(today))
        return self._connection.execute(chosen).scalar()

    def forget(self, question_id: str) -> bool:
        """True where it was kept."""
        gone = self._connection.execute(delete(kept_questions).where(kept_questions.c.id == question_id)).rowcount
        if gone:
            self._erased()
        return bool(gone)

    def watches(self, officer: str, today: date) -> list[Kept]:
        """Of one officer here, the newest first."""
        kept = kept_questions.c
        mine = select(kept.kept).where(
            kept.bureau == self._node, kept.officer == officer, kept.watch == 1, kept.until >= ordinal(today)
        )
        return list(self._connection.execute(mine.order_by(kept.number.desc())).scalars())

    def watched_for(self, bureau: str) -> int:
        """How many watches stand for one bureau."""
        kept = kept_questions.c
        counted = select(func.count()).where(kept.bureau == bureau, kept.watch == 1)
        return int(self._connection.execute(counted).scalar_one())

    def sharing(self, keys: Mapping[str, Collection[int]], today: date) -> dict[str, list[tuple[Kept, int]]]:
        """For each record the questions under its keys, with how many they share, the most first: found by key, never
        by looking at all.
        """
        under = self._under({key for own in keys.values() for key in own})
        met: dict[str, list[tuple[int, int]]] = {}
        for record_id, own in keys.items():
            common = Counter(question for key in own for question in under.get(key, ()))
            if common:
                met[record_id] = common.most_common(limits.KEPT_QUESTIONS_COMPARED_MAX)
        kept = self._kept({question for some in met.values() for question, _ in some}, today)
        return {one: [(kept[number], shared) for number, shared in some if number in kept] for one, some in met.items()}

    def any_near(self) -> bool:
        """Whether any question stands that asked for near numbers too."""
        found = self._connection.execute(_SHARING.limit(1), {"keys": [ANY_NEAR]})
        return found.first() is not None

    def rekey(self, limit: int) -> int:
        """Make the keys of so many questions anew that an earlier release made; how many."""
        numbered = [(row.number, row.kept) for row in self._connection.execute(_OUTDATED.limit(limit))]
        for chunk in _chunks([number for number, _ in numbered]):
            self._connection.execute(delete(kept_keys).where(kept_keys.c.question.in_(chunk)))
        self._add_keys(numbered)
        return len(numbered)

    def _add_keys(self, numbered: Iterable[tuple[int, Kept]]) -> None:
        keys = [(key, number) for number, kept in numbered for key in keys_asked(kept.question.query)]
        add_rows(self._connection, kept_keys, keys)

    def _under(self, keys: Collection[int]) -> dict[int, list[int]]:
        """The questions of each key that has any."""
        under: defaultdict[int, list[int]] = defaultdict(list)
        for chunk in _chunks(sorted(keys)):  # in the order in which the tree has them
            for key, question in self._connection.execute(_SHARING, {"keys": chunk}).all():
                under[key].append(question)
        return under

    def _kept(self, numbers: Collection[int], today: date) -> dict[int, Kept]:
        found: dict[int, Kept] = {}
        for chunk in _chunks(sorted(numbers)):
            rows = self._connection.execute(_KEPT, {"numbers": chunk, "today": ordinal(today)})
            found.update((row.number, row.kept) for row in rows)
        return found

    # -- records that are still to be compared ------------------------------------------------------------------------

    def note(self, record_ids: Sequence[str], kind: str) -> None:
        """These were put just now. Where nobody waits for such a one, nothing is noted."""
        if not record_ids or not self._anybody_waits_for(kind):
            return
        last = self._connection.execute(select(func.max(records_to_compare.c.number))).scalar() or 0
        ids = list(dict.fromkeys(record_ids))
        for start in range(0, len(ids), AT_ONCE):
            again = records_to_compare.c.id.in_(ids[start : start + AT_ONCE])
            self._connection.execute(delete(records_to_compare).where(again))
        rows = [(record_id, number) for number, record_id in enumerate(ids, last + 1)]
        add_rows(self._connection, records_to_compare, rows)

    def noted(self, limit: int) -> list[tuple[int, str]]:
        """(number, record) of the oldest of them."""
        one = records_to_compare.c
        oldest = select(one.number, one.id).order_by(one.number).limit(limit)
        return [(row.number, row.id) for row in self._connection.execute(oldest)]

    def struck(self, numbers: Sequence[int]) -> None:
        """These are compared."""
        for start in range(0, len(numbers), AT_ONCE):
            done = records_to_compare.c.number.in_(numbers[start : start + AT_ONCE])
            self._connection.execute(delete(records_to_compare).where(done))

    # -- what came late -----------------------------------------------------------------------------------------------

    def file(self, late: Late, finding: Finding) -> None:
        row = {
            "hit": late.hit,
            "unit": late.question.asker.unit,
            "told_at": late.told_at,
            "keep_until": ordinal(late.keep_until),
            "late": late,
            "finding": finding,
        }
        put_row(self._connection, late_findings, row)

    def filed(self, unit: str, today: date, limit: int) -> list[tuple[Late, Held[Finding]]]:
        """What was found late for one unit, the newest first."""
        found = late_findings.c
        chosen = select(found.late, found.finding).where(found.unit == unit, found.keep_until >= ordinal(today))
        rows = self._connection.execute(chosen.order_by(found.told_at.desc(), found.hit).limit(limit))
        return [(row.late, Held(row.finding)) for row in rows]

    def late(self, hit: str, today: date) -> tuple[Late, Held[Finding]] | None:
        """One of what was found late."""
        found = late_findings.c
        chosen = select(found.late, found.finding).where(found.hit == hit, found.keep_until >= ordinal(today))
        row = self._connection.execute(chosen).first()
        return (row.late, Held(row.finding)) if row else None

    def unfile(self, hit: str) -> None:
        """The owner took the record back, or denied the hit."""
        if self._connection.execute(delete(late_findings).where(late_findings.c.hit == hit)).rowcount:
            self._erased()

    def expire(self, today: date) -> int:
        """Erase questions past their last day, and what was found late and is past its own; how many."""
        past = (
            delete(kept_questions).where(kept_questions.c.until < ordinal(today)),
            delete(late_findings).where(late_findings.c.keep_until < ordinal(today)),
        )
        erased = sum(self._connection.execute(one).rowcount for one in past)
        if erased:
            self._erased()
        return erased

    def _next_number(self) -> int:
        # Safe to count on: writers follow one another.
        return (self._connection.execute(_LAST).scalar() or 0) + 1

    def _anybody_waits_for(self, kind: str) -> bool:
        one = select(kept_questions.c.number).where(kept_questions.c.kind == kind).limit(1)
        return self._connection.execute(one).scalar() is not None


def _chunks(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    return (numbers[start : start + AT_ONCE] for start in range(0, len(numbers), AT_ONCE))


def _row(number: int, kept: Kept) -> tuple[object, ...]:
    """Every column in its order, as the database takes it."""
    question = kept.question
    return (
        number,
        question.id,
        str(question.query.__struct_config__.tag),
        question.asker.bureau,
        question.asker.officer,
        ordinal(kept.until),
        int(kept.watch),
        _encode(kept),
    )
