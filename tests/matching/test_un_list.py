"""Real names in real spellings: everyone on the list of the United Nations is found by each of their names."""

import os
from pathlib import Path

import msgspec
import pytest

from benchmarks.un_list import ASKED_FOR, Asked, search_all, share
from comity.domain.lookup import PersonQuery
from comity.domain.person import NameKind, Person
from comity.domain.purpose import Purpose
from comity.formats import un_list
from comity.matching import persons
from comity.matching.compare import compare
from comity.matching.thresholds import prior, report_from
from comity.matching.writing import Script
from comity.testing.fictitious import make

SAMPLE = Path(os.environ.get("COMITY_SAMPLE_DATA", Path(__file__).parents[3] / "shared" / "data"))
LIST = SAMPLE / "sanctions" / "un_consolidated.xml"
pytestmark = pytest.mark.skipif(not LIST.exists(), reason="sample data: the consolidated list is not here")


@pytest.fixture(scope="module")
def listed() -> list[Person]:
    return [row.subject for row in un_list.read(LIST) if isinstance(row.subject, Person)]


def reported(name: str, person: Person, held: int) -> bool:
    return compare(PersonQuery(name=name), person, ASKED_FOR, held) is not None


def test_everyone_is_found_by_each_of_their_own_names(listed):
    missed = [
        (index, kind)
        for index, person in enumerate(listed)
        for name, kind in ((name.full, name.kind) for name in person.names)
        if not reported(name, person, len(listed))
    ]
    assert missed == []


def test_nineteen_in_twenty_are_found_by_their_original_script_against_latin_names_alone(listed):
    results = []
    for person in listed:
        latin = msgspec.structs.replace(
            person, names=tuple(name for name in person.names if name.kind is not NameKind.ORIGINAL_SCRIPT)
        )
        native = [name.full for name in person.names if name.kind is NameKind.ORIGINAL_SCRIPT]
        results += [reported(name, latin, len(listed)) for name in native]
    assert sum(results) / len(results) >= 0.95


def test_hardly_any_invented_name_finds_anyone(listed):
    records = [persons.prepare(person) for person in listed]
    batch = persons.batch_of(records)
    people = [msgspec.json.decode(line)["subject"]["names"][0]["full"] for line in make("nominals", 200, 11, "XA")]
    wrong = 0
    for name in people:
        asked = persons.prepare(PersonQuery(name=name))
        compared = persons.compare_many(asked, batch, prior(len(listed), ASKED_FOR), anyone=True)
        wrong += bool((compared.probabilities >= report_from(ASKED_FOR)).any())
    assert wrong <= len(people) // 200


# -- through the index, as a question goes ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def searched(listed, tmp_path_factory) -> list[Asked]:
    """Names of one in five, in the whole list; names in other scripts in the list without them; invented names.

    All of them: `python -m benchmarks.un_list`.
    """
    return search_all(listed, tmp_path_factory.mktemp("un"), every=5)


@pytest.mark.slow
def test_latin_names_lead_through_the_index_to_their_bearers(searched):
    latin = [one for one in searched if one.script is Script.LATIN and one.place >= 0]
    print(f"\n{len(latin)} Latin names, in the first 50: {share(latin, Asked.found):.4f}")
    assert share(latin, Asked.found) >= 0.998


@pytest.mark.slow
def test_names_in_other_scripts_lead_through_the_index_to_records_in_latin_letters(searched):
    for script in Script:
        asked = [one for one in searched if one.script is script and script is not Script.LATIN]
        if asked:
            found, first = share(asked, Asked.found), share(asked, Asked.first)
            print(f"\n{script}: {len(asked)} names, in the first 50 {found:.3f}, first {first:.3f}")
    asked = [one for one in searched if one.script is not Script.LATIN]
    assert share(asked, Asked.found) >= 0.9


@pytest.mark.slow
def test_few_others_are_told_beside_whoever_was_meant(searched):
    """Many on the list are of one family, or share two frequent names; who bears the very name is told in any case."""
    for purpose, latin_max, native_max in ((Purpose.BORDER_CONTROL, 0.2, 0.6), (ASKED_FOR, 0.9, 3.2)):
        for asked, most in (
            ([one for one in searched if one.script is Script.LATIN and one.place >= 0], latin_max),
            ([one for one in searched if one.script is not Script.LATIN], native_max),
        ):
            others = sum(one.others(purpose) for one in asked) / len(asked)
            print(f"\n{purpose}: {others:.2f} others a name")
            assert others <= most


@pytest.mark.slow
def test_invented_names_hardly_ever_have_anyone_reported(searched):
    invented = [one for one in searched if one.place < 0]
    wrong = share(invented, lambda one: one.others(Purpose.CRIMINAL_INVESTIGATION) > 0)
    print(f"\n{len(invented)} invented names, anybody reported for {wrong:.4f}")
    assert wrong <= 0.02
