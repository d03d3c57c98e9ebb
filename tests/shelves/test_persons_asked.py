"""What of a question the index of persons heeds besides names: how they sound, and where somebody was born."""

from comity.domain.lookup import PersonQuery
from comity.domain.person import Description, Name, Person
from comity.matching.key_value import InMemory
from comity.storage.index.persons import PERSONS, Persons


def index() -> Persons:
    persons = Persons({PERSONS.name: InMemory()})
    described = Description(height_cm=172, eyes="brown")
    persons.set_many(
        {
            1: Person(names=(Name(full="Ada Example"),), birth_place="Tepkudar"),
            2: Person(names=(Name(full="Ben Specimen"),), birth_place="Molidavo", description=described),
        }
    )
    return persons


def test_a_name_that_only_sounds_alike_is_found_where_that_was_asked_for():
    usual, by_sound = (
        [row for row, _ in index().search(PersonQuery(name="Egzampel", sounds_like=loose), 5)]
        for loose in (False, True)
    )
    assert (usual, by_sound) == ([], [1])


def test_a_place_and_a_description_lead_to_whoever_has_them():
    query = PersonQuery(place="Molidavo", nationality="XB", height_cm=170, eyes="Brown")
    assert next(row for row, _ in index().search(query, 5)) == 2
    assert index().why_not(query, 2, 1) == ()
