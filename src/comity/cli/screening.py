"""A list of persons with an index of its own, and questions to it: whoever may be meant, the most probable first."""

import hashlib
import mmap
import shutil
from array import array
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any, Self

import msgspec
import numpy as np
from msgspec import Struct

from comity import __version__, matching
from comity.cli.comparing import Trouble
from comity.cli.in_order import in_order
from comity.domain.errors import Conflict, Missing
from comity.domain.match import FieldMatch, Match
from comity.domain.person import Person
from comity.domain.purpose import Purpose
from comity.formats import pairs
from comity.formats.pairs import Listed, Question, Unusable
from comity.matching import engine, persons, thresholds
from comity.matching.candidates import Candidates
from comity.matching.engine import Batch
from comity.matching.key_value import Shape
from comity.matching.seeking import Reason, search, why_not
from comity.matching.traits import Traits, traits_of
from comity.storage.index.environment import Environment

POOL = 500  # candidates that are compared in full for each question, the best of the index
_FAMILY = Shape("persons")
_ABOUT, _RECORDS, _PACKED, _PLACES, _INDEX = "about.json", "records.jsonl", "persons.bin", "places.npy", "index"
_OURS = frozenset((_ABOUT, _RECORDS, _PACKED, _PLACES, _INDEX))
_LINES_PER_BATCH = 2_000
_QUESTIONS_PER_BATCH = 50
_PERSONS_PER_TRANSACTION = 50_000
_TROUBLES_KEPT_MAX = 100


class About(Struct, frozen=True, kw_only=True):
    """What an index was made from, and with what: with anything else it is made anew."""

    digest: str  # SHA-256 of the list, as it lay there
    made_with: str  # version and digest of all that matches
    records: int
    refused: int
    first_refused: tuple[Trouble, ...]


class Hit(Struct, frozen=True):
    """One person of the list who may be the one looked for."""

    id: str | int | None
    line: int
    probability: float
    bits: float
    fields: tuple[FieldMatch, ...]


class Prepared(Struct, frozen=True, gc=False):
    """A line of the list as the index and the comparison take it, or why it cannot be."""

    line: int
    text: bytes
    traits: Traits
    packed: bytes
    refused: str = ""


class Screened(Struct, frozen=True):
    """A batch of questions as they are written with their hits, and what was wrong with them."""

    written: bytes
    questions: int
    troubles: tuple[Trouble, ...]
    unread: tuple[Trouble, ...]


# -- making an index --------------------------------------------------------------------------------------------------


def indexed(records: Path, folder: Path, processes: int, advance: Callable[[int], None]) -> About:
    """The index of this list in that folder: the one that is there if it is of this very list, or a new one.

    Raises Conflict where the folder holds anything else.
    """
    digest = _digest(records)
    held = _held(folder)
    if held and (held.digest, held.made_with) == (digest, _made_with()):
        return held
    # A mistyped folder must not be emptied. Falls without it: tests/cli/test_match_list.py, a folder of something else
    if (
        folder.exists()
        and not (held and _OURS.issuperset(one.name for one in folder.iterdir()))
        and any(folder.iterdir())
    ):
        raise Conflict(f"{folder} holds something other than an index.", do="Name an empty folder, or a new one.")
    draft = folder.with_name(f"{folder.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700, parents=True)
    try:
        about = _make(records, digest, draft, processes, advance)
        shutil.rmtree(folder, ignore_errors=True)
        draft.rename(folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return about


def _held(folder: Path) -> About | None:
    try:
        return msgspec.json.decode((folder / _ABOUT).read_bytes(), type=About)
    except (FileNotFoundError, NotADirectoryError, msgspec.DecodeError):
        return None


def _make(records: Path, digest: str, draft: Path, processes: int, advance: Callable[[int], None]) -> About:
    environment = Environment(draft / _INDEX, [_FAMILY], new=True)
    try:
        with Shelf(draft) as shelf:
            troubles: list[Trouble] = []
            refused = seen = 0
            for batch in in_order(prepared_lines, pairs.numbered_lines(records), _LINES_PER_BATCH, processes):
                wrong = [Trouble(one.line, one.refused) for one in batch if one.refused]
                troubles += wrong[: _TROUBLES_KEPT_MAX - len(troubles)]
                refused, seen = refused + len(wrong), seen + len(batch)
                shelf.put([one for one in batch if not one.refused], environment)
                advance(seen)
            shelf.write(environment)
            count = len(shelf)
        environment.sync()
    finally:
        environment.close()
    about = About(digest=digest, made_with=_made_with(), records=count, refused=refused, first_refused=tuple(troubles))
    (draft / _ABOUT).write_bytes(msgspec.json.encode(about))
    return about


class Shelf:
    """Where the lines of a list lie beside its index: as they were written, and prepared to be compared."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._records, self._packed = (folder / _RECORDS).open("wb"), (folder / _PACKED).open("wb")
        self._places = tuple(array("Q") for _ in range(3))  # line, place among the records, place among the prepared
        self._waiting: list[tuple[int, Traits]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._records.close()
        self._packed.close()

    def __len__(self) -> int:
        return len(self._places[0])

    def put(self, some: list[Prepared], environment: Environment) -> None:
        for one in some:
            self._waiting.append((len(self), one.traits))
            self._note(one.line)
            self._records.write(one.text)
            self._packed.write(one.packed)
        if len(self._waiting) >= _PERSONS_PER_TRANSACTION:
            self._index(environment)

    def write(self, environment: Environment) -> None:
        """All that is left, and where everything lies."""
        self._index(environment)
        self._note(0)
        np.save(self._folder / _PLACES, np.array(self._places, dtype=np.uint64))
        for places in self._places:
            places.pop()

    def _note(self, line: int) -> None:
        for places, place in zip(self._places, (line, self._records.tell(), self._packed.tell()), strict=True):
            places.append(place)

    def _index(self, environment: Environment) -> None:
        with environment.writing() as families:
            Candidates(families[_FAMILY.name]).set_many(dict(self._waiting))
        self._waiting = []


def prepared_lines(batch: list[tuple[int, bytes | None]]) -> list[Prepared]:
    """What the index takes from each line, or why it takes nothing."""
    return [_prepared(number, text) for number, text in batch]


def _prepared(number: int, text: bytes | None) -> Prepared:
    read = pairs.listed(number, text)
    if isinstance(read, Unusable) or text is None:
        return Prepared(number, b"", Traits(), b"", read.why if isinstance(read, Unusable) else "")
    person = read.listed.person
    return Prepared(number, text, traits_of(person), persons.prepare(person).packed)


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@cache
def _made_with() -> str:
    """An index knows a name by its readings: with other tables or rules it would no longer be found."""
    digest = hashlib.sha256()
    for source in sorted(Path(str(matching.__file__)).parent.rglob("*")):
        if source.is_file() and source.suffix not in (".pyc", ".nbc", ".nbi"):
            digest.update(source.read_bytes())
    return f"{__version__} {digest.hexdigest()[:16]}"


# -- asking it --------------------------------------------------------------------------------------------------------


class PersonList:
    """A list with its index, opened for questions."""

    def __init__(self, folder: Path, purpose: Purpose) -> None:
        self._environment = Environment(folder / _INDEX, [_FAMILY])
        self._lines, self._record_places, self._packed_places = np.load(folder / _PLACES)
        self._records, self._packed = (_mapped(folder / name) for name in (_RECORDS, _PACKED))
        self.prior_bits = thresholds.prior(len(self._lines) - 1, purpose)
        engine.load()  # many questions follow: worth the second that it takes

    def close(self) -> None:
        for one in (self._records, self._packed):
            if isinstance(one, mmap.mmap):
                one.close()
        self._environment.close()

    def hits(self, asked: Person, limit: int, pool: int, least: float = 0.0, explain: bool = True) -> list[Hit]:
        """The most probable first, of equal ones the earlier line; none below `least`.

        To explain a hit takes as long as to compare some hundred: without, a hit has no fields.
        """
        numbers = self._candidates(asked, max(limit, pool))
        prepared = persons.prepare(asked)
        batch = Batch([self._packed_of(number) for number in numbers])
        compared = persons.compare_many(prepared, batch, self.prior_bits, anyone=True)
        best = sorted(range(len(numbers)), key=lambda one: (-compared.bits[one], numbers[one]))[:limit]
        told = [one for one in best if compared.probabilities[one] >= least]
        if explain:
            return [self._explained(prepared, numbers[one]) for one in told]
        return [self._hit(numbers[one], float(compared.probabilities[one]), float(compared.bits[one])) for one in told]

    def _candidates(self, asked: Person, count: int) -> list[int]:
        with self._environment.reading() as families:
            found = search(Candidates(families[_FAMILY.name]), traits_of(asked), count)
        return [int(number) for number in found["number"]]

    def _packed_of(self, number: int) -> bytes:
        return self._packed[self._packed_places[number] : self._packed_places[number + 1]]

    def _hit(self, number: int, probability: float, bits: float) -> Hit:
        listed = self.listed(number)
        return Hit(listed.id, listed.line, probability, bits, ())

    def _explained(self, asked: persons.Prepared, number: int) -> Hit:
        """With every reason, from the record itself."""
        listed = self.listed(number)
        match = persons.compare(asked, persons.prepare(listed.listed.person), self.prior_bits, anyone=True)
        return Hit(listed.id, listed.line, match.probability, match.bits, match.fields)

    def number_of(self, id_: str) -> int:
        """The place in the list of the person with that id. Raises Missing."""
        for number in range(len(self._lines) - 1):
            if str(self.listed(number).id) == id_:
                return number
        raise Missing(f"Nobody in the list has the id {id_}.", do="See the list.")

    def why_not(self, asked: Person, number: int, limit: int, pool: int) -> tuple[Reason, ...]:
        """Why the index does not hand this person to the comparison; empty where it does."""
        with self._environment.reading() as families:
            return why_not(Candidates(families[_FAMILY.name]), traits_of(asked), number, max(limit, pool))

    def compared(self, asked: Person, number: int) -> Match:
        """The one person compared in full, whether the index leads there or not."""
        found = persons.prepare(self.listed(number).listed.person)
        return persons.compare(persons.prepare(asked), found, self.prior_bits, anyone=True)

    def listed(self, number: int) -> Listed:
        """The person in that place of the list."""
        text = self._records[self._record_places[number] : self._record_places[number + 1]]
        read = pairs.listed(int(self._lines[number]), text)
        assert isinstance(read, Listed)
        return read


def _mapped(file: Path) -> mmap.mmap | bytes:
    """As it lies on the disk: it takes memory only as far as it is read, and gives it back."""
    with file.open("rb") as stream:
        return mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) if file.stat().st_size else b""


def screened(questions: Path, folder: Path, asking: "Asking", processes: int) -> Iterator[Screened]:
    """The questions of a file to the list in that folder, in order, in batches."""
    work = partial(screen_lines, asking=asking)
    begin = partial(begin_screening, folder, asking.purpose)
    yield from in_order(work, pairs.numbered_lines(questions), _QUESTIONS_PER_BATCH, processes, begin)


class Asking(Struct, frozen=True, kw_only=True):
    """What is wanted of each question."""

    purpose: Purpose
    limit: int  # hits told
    pool: int = POOL  # candidates compared in full
    least: float = 0.0  # probability from which a hit is told
    explain: bool = True  # with the fields of each hit


_opened: dict[str, PersonList] = {}  # in each process that screens: the one list that it asks


def begin_screening(folder: Path, purpose: Purpose) -> None:
    """Before the first batch of a process."""
    if previous := _opened.pop("list", None):
        previous.close()
    _opened["list"] = PersonList(folder, purpose)


def screen_lines(batch: list[tuple[int, bytes | None]], asking: Asking) -> Screened:
    """Each line again, with its `hits`, or with `error`: one line out for each line in."""
    read = [pairs.question(number, text) for number, text in batch]
    written = [_refused(one) if isinstance(one, Unusable) else _told(one, asking) for one in read]
    asked = [one for one in read if isinstance(one, Question)]
    return Screened(
        b"".join(msgspec.json.encode(one) + b"\n" for one in written),
        len(read),
        tuple(Trouble(one.line, one.why) for one in read if isinstance(one, Unusable)),
        tuple(Trouble(one.line, ", ".join(one.asked.unread)) for one in asked if one.asked.unread),
    )


def _told(one: Question, asking: Asking) -> dict[str, Any]:
    hits = _opened["list"].hits(one.asked.person, asking.limit, asking.pool, asking.least, asking.explain)
    told = one.written | {"hits": hits}
    return told | {"unread": list(one.asked.unread)} if one.asked.unread else told


def _refused(one: Unusable) -> dict[str, Any]:
    return one.written | {"line": one.line, "error": one.why}
