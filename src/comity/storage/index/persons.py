"""Which records are about whom: the index of persons (matching/candidates) as one family of the environment."""

from collections.abc import Mapping

from comity.domain.lookup import PersonQuery
from comity.domain.person import Person
from comity.domain.record import Subject
from comity.matching.candidates import Candidates
from comity.matching.key_value import KeyValue, Shape
from comity.matching.seeking import Options, Reason, search, why_not
from comity.matching.traits import Traits, traits_asked, traits_of

PERSONS = Shape("persons")  # read key by key alone, never by ranges: sealed, its keys need not lie together


class Persons:
    """The persons of all records, by row number, within one transaction of the index."""

    def __init__(self, families: Mapping[str, KeyValue]) -> None:
        self._candidates = Candidates(families[PERSONS.name])

    def set_many(self, subjects: Mapping[int, Subject | None]) -> bool:
        """Let the index say of each row what is given, and nothing else; True where anything was taken out."""
        changed: dict[int, Traits | None] = dict(_traits({row: one for row, one in subjects.items() if one}))
        others = [row for row in subjects if row not in changed]
        changed |= dict.fromkeys(self._candidates.entries(others))  # most are no persons, and never were
        return self._candidates.set_many(changed) if changed else False

    def search(self, query: PersonQuery, limit: int, after: int = 0) -> list[tuple[int, float]]:
        """(row, bits), the best first: bits rank, the comparison with the record decides."""
        found = search(self._candidates, traits_asked(query), limit, after, _options(query))
        return [(int(row), float(bits)) for row, bits in found.tolist()]

    def why_not(self, query: PersonQuery, row: int, limit: int) -> tuple[Reason, ...]:
        """Why a record is not among the `limit` best; empty where it is."""
        return why_not(self._candidates, traits_asked(query), row, limit, _options(query))

    def expected(self, subjects: Mapping[int, Subject]) -> tuple[int, int]:
        """Places where the persons among these rows belong; how many lack them."""
        return self._candidates.expected(_traits(subjects))

    def places(self) -> int:
        """All that are taken."""
        return self._candidates.places()


def _options(query: PersonQuery) -> Options:
    # Who fits a wildcard, a sound or a description is told of however few bits that brings.
    told_of_anyway = query.wildcard or query.sounds_like or query.height_cm or query.eyes or query.hair
    return Options(sounds_like=query.sounds_like, worth=bool(query.name.strip()) and not told_of_anyway)


def _traits(subjects: Mapping[int, Subject]) -> dict[int, Traits]:
    return {row: traits_of(subject) for row, subject in subjects.items() if isinstance(subject, Person)}
