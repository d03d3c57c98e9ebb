"""By which keys a kept question and a record that comes later meet: two that share none are not compared."""

from comity.domain import limits
from comity.domain.lookup import PersonQuery, Query
from comity.domain.person import Person
from comity.domain.record import Subject
from comity.matching import persons
from comity.matching.numbered import NumberKey, folded, number_keys, number_keys_asked


def keys_asked(query: Query) -> tuple[str, ...]:
    """Under which a question is kept."""
    by_name = sorted(persons.keys(persons.prepare(query))) if isinstance(query, PersonQuery) else []
    return _each_once(number_keys_asked(query), by_name)


def keys_of(subject: Subject) -> tuple[str, ...]:
    """By which the questions are found that a record may answer."""
    by_name = sorted(persons.keys(persons.prepare(subject))) if isinstance(subject, Person) else []
    return _each_once(number_keys(subject), by_name)


def _each_once(numbers: tuple[NumberKey, ...], by_name: list[str]) -> tuple[str, ...]:
    """Numbers first: they say most. Folded, so that look-alikes meet too; whether they count, `compare` decides."""
    by_number = [f"{key.kind}:{key.scope}:{folded(key.number)}" for key in numbers]
    return tuple(dict.fromkeys([*by_number[: limits.KEPT_KEYS_MAX], *by_name[: limits.KEPT_KEYS_MAX]]))
