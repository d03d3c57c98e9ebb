"""What the index says of records, and how far it has followed the table of changes: all in one of its transactions."""

import struct
from collections.abc import Mapping
from functools import cached_property

from comity.domain.record import Subject
from comity.matching.key_value import KeyValue, Shape
from comity.matching.numbered import number_keys
from comity.storage.changes import Place
from comity.storage.index.environment import ABOUT
from comity.storage.index.numbers import NUMBERED, NUMBERS, Numbers
from comity.storage.index.persons import PERSONS, Persons
from comity.storage.index.seal import Digests

SHAPES: tuple[Shape, ...] = (NUMBERS, NUMBERED, PERSONS)

_PLACE, _TAKEN_OUT = b"place", b"taken-out"
_WHOLE = struct.Struct(">Q")


class Contents:
    def __init__(self, families: Mapping[str, KeyValue], digests: Digests) -> None:
        self._families = families
        self._about = families[ABOUT.name]
        self.numbers = Numbers(families, digests)

    @cached_property
    def persons(self) -> Persons:
        """Opened when it is first asked for: most who look something up ask for a number."""
        return Persons(self._families)

    def set_many(self, subjects: Mapping[int, Subject | None]) -> bool:
        """Let the index agree with these rows, None where there is none any more; True where anything was taken out."""
        keys = {row: number_keys(subject) if subject else () for row, subject in subjects.items()}
        numbers_taken_out = self.numbers.set_many(keys)
        return self.persons.set_many(subjects) or numbers_taken_out

    def place(self) -> Place | None:
        """How far the changes were followed; None where the index was never filled."""
        stored = self._about.get(_PLACE)
        return Place(_WHOLE.unpack_from(stored)[0], stored[_WHOLE.size :]) if stored else None

    def set_place(self, place: Place) -> None:
        self._about.put(_PLACE, _WHOLE.pack(place.number) + place.mark)

    def taken_out_at(self) -> int:
        """Seconds since 1970 when the first of what may still lie in free pages was taken out; 0 for none."""
        stored = self._about.get(_TAKEN_OUT)
        return int(_WHOLE.unpack(stored)[0]) if stored else 0

    def note_taken_out(self, at_seconds: int) -> None:
        if not self.taken_out_at():
            self._about.put(_TAKEN_OUT, _WHOLE.pack(at_seconds))

    def forget_taken_out(self) -> None:
        """For a copy: it has no free pages."""
        self._about.delete(_TAKEN_OUT)
