"""The index of persons: who is put in is found by their own name, who is taken out by nothing."""

import json
import os
import random
import subprocess
import sys
from fnmatch import fnmatchcase

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.domain.lookup import PersonQuery
from comity.domain.person import Description, IdentityDocument, Name, Person, Sex
from comity.matching import entries, pool, postings, vocabulary
from comity.matching.candidates import Candidates
from comity.matching.entries import Entry
from comity.matching.key_value import InMemory
from comity.matching.numbered import folded
from comity.matching.seeking import WORTH_ALWAYS, Options, Stage, search, why_not
from comity.matching.traits import Traits, traits_asked, traits_of

ADA, MOHAMMED, JONGUN, MARIA, IVAN, KEN = range(1, 7)
PEOPLE = {
    ADA: Person(names=(Name(full="Ada Example"),), births=("1980-05-06",), sex=Sex.FEMALE, nationalities=("XA",)),
    MOHAMMED: Person(names=(Name(full="Mohammed Hassan Fictif"),), births=("1970-01-02",), nationalities=("XB",)),
    JONGUN: Person(names=(Name(full="Jongun Invented"),), births=("1980-12",)),
    MARIA: Person(names=(Name(full="Maria Delacruz Sample"), Name(full="Mia Pattern")), births=("1999",)),
    IVAN: Person(
        names=(Name(full="Иван Придуманов"),), sex=Sex.MALE, documents=(IdentityDocument(number="XB 1234567"),)
    ),
    KEN: Person(
        names=(Name(full="架空 健"),),
        birth_place="Fictown",
        nationalities=("XC",),
        description=Description(height_cm=180, eyes="brown"),
    ),
}


@pytest.fixture
def index() -> Candidates:
    index = Candidates(InMemory())
    index.set_many({number: traits_of(person) for number, person in PEOPLE.items()})
    return index


def found(index: Candidates, query: PersonQuery, limit: int = 10, **options: object) -> list[int]:
    return [int(number) for number in search(index, traits_asked(query), limit, options=Options(**options))["number"]]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("Ada Example", ADA),
        ("EXAMPLE, Ada", ADA),
        ("Ada Exmaple", ADA),
        ("Adda Exampel", ADA),
        ("AdaExample", ADA),
        ("Muhamad Hasan Fiktif", MOHAMMED),
        ("Fictif", MOHAMMED),
        ("Jong Un Invented", JONGUN),
        ("Maria Dela Cruz Sample", MARIA),
        ("Mia Pattern", MARIA),
        ("Ivan Pridumanov", IVAN),
        ("Iwan Pridumanow", IVAN),
        ("Иван Придуманов", IVAN),
        ("Ада Ексампле", ADA),
        ("架空 健", KEN),
        ("架空健", KEN),
        ("Oda Example", ADA),
        ("Ada Wxample", ADA),
    ],
)
def test_a_person_is_found_however_the_name_is_written(index: Candidates, name: str, number: int) -> None:
    assert found(index, PersonQuery(name=name))[0] == number


def test_words_that_sound_quite_otherwise_find_nobody(index: Candidates) -> None:
    assert found(index, PersonQuery(name="Wolfgang Quirrenbach")) == []


@pytest.mark.parametrize(
    ("pattern", "number"), [("Exam*", ADA), ("*tern", MARIA), ("J?ngun", JONGUN), ("Pridum*", IVAN), ("Ada Ex*", ADA)]
)
def test_a_pattern_finds_whoever_fits_it(index: Candidates, pattern: str, number: int) -> None:
    assert found(index, PersonQuery(name=pattern, wildcard=True))[0] == number


def test_a_pattern_finds_nobody_who_does_not_fit(index: Candidates) -> None:
    assert found(index, PersonQuery(name="Exam?", wildcard=True)) == []


def test_a_name_that_sounds_alike_weighs_more_when_that_was_asked_for(index: Candidates) -> None:
    asked = traits_asked(PersonQuery(name="Egzampel"))
    usual, by_sound = (search(index, asked, 1, options=Options(sounds_like=loose)) for loose in (False, True))
    assert by_sound["number"][0] == ADA
    assert not len(usual) or usual["bits"][0] < by_sound["bits"][0]


@pytest.mark.parametrize(
    ("known", "number"),
    [
        (Traits(births=("1980-05-06",)), ADA),
        (Traits(births=("1980-06-05",)), ADA),
        (Traits(births=("1980-05",)), ADA),
        (Traits(births=("1999-03-01",)), MARIA),
        (Traits(numbers=(folded("XB1234567"),)), IVAN),
        (Traits(places=("fictown",)), KEN),
        (Traits(nationalities=("XC",)), KEN),
        (Traits(sex="F"), ADA),
        (Traits(height_cm=178, eyes="brown"), KEN),
        (Traits(sex="M", nationalities=("XB",), births=("1970",)), MOHAMMED),
    ],
)
def test_without_a_name_whatever_else_is_known_finds(index: Candidates, known: Traits, number: int) -> None:
    assert search(index, known, 5)["number"][0] == number


def test_a_number_is_found_by_its_look_alikes(index: Candidates) -> None:
    assert found(index, PersonQuery(document_number="XB I23456 7"))[0] == IVAN


def test_what_else_is_known_decides_between_namesakes() -> None:
    index = Candidates(InMemory())
    twins = {
        number: Person(names=(Name(full="Ben Specimen"),), births=(birth,), sex=sex, nationalities=(country,))
        for number, (birth, sex, country) in enumerate(
            [("1990-01-01", Sex.MALE, "XA"), ("1990-01-10", Sex.MALE, "XA"), ("1971-07-08", Sex.FEMALE, "XB")]
        )
    }
    index.set_many({number: traits_of(person) for number, person in twins.items()})
    for number, person in twins.items():
        query = PersonQuery(
            name="Ben Specimen", birth=person.births[0], sex=person.sex, nationality=person.nationalities[0]
        )
        assert found(index, query)[0] == number


def test_whoever_is_taken_out_leaves_nothing_behind(index: Candidates) -> None:
    for number in PEOPLE:
        assert index.remove(number)
        assert not index.remove(number)
        assert index.entries([number]) == {}
    assert index.persons == 0
    assert [key for key, _ in index.store.range()] == [b"m"]


def test_whoever_stays_is_found_after_others_have_gone(index: Candidates) -> None:
    index.remove(ADA)
    assert found(index, PersonQuery(name="Ada Example")) == []
    assert found(index, PersonQuery(name="Mohammed Fictif"))[0] == MOHAMMED


def test_an_amended_person_is_found_by_the_new_name_alone(index: Candidates) -> None:
    index.set_many({ADA: traits_of(Person(names=(Name(full="Bea Instance"),)))})
    assert found(index, PersonQuery(name="Bea Instance"))[0] == ADA
    assert found(index, PersonQuery(name="Ada Example")) == []
    assert index.persons == len(PEOPLE)


def test_the_same_again_changes_nothing(index: Candidates) -> None:
    before = dict(index.store.range())
    assert not index.set_many({ADA: traits_of(PEOPLE[ADA])})
    assert dict(index.store.range()) == before


def test_another_reader_of_the_same_store_sees_what_was_written(index: Candidates) -> None:
    again = Candidates(index.store)
    assert again.persons == len(PEOPLE)
    assert found(again, PersonQuery(name="Ada Example"))[0] == ADA


def test_pages_make_up_the_whole(index: Candidates) -> None:
    index.set_many({number: traits_of(Person(names=(Name(full="Ben Specimen"),))) for number in range(100, 130)})
    asked = traits_asked(PersonQuery(name="Ben Specimen"))
    whole = search(index, asked, 30)["number"].tolist()
    pages = [search(index, asked, 7, after)["number"].tolist() for after in range(0, 30, 7)]
    assert whole == [number for page in pages for number in page] == list(range(100, 130))


def test_why_not_names_the_stage(index: Candidates) -> None:
    asked = traits_asked(PersonQuery(name="Ada Quirrenbach"))
    assert why_not(index, asked, ADA, 10) == ()
    assert [one.stage for one in why_not(index, asked, 999, 10)] == [Stage.NOT_RECORDED]
    stages = why_not(index, asked, MARIA, 10)
    assert [one.stage for one in stages] == [Stage.NO_SUCH_WORD, Stage.NO_SUCH_WORD, Stage.NOT_IN_POOL]
    assert stages[1].asked == "quirrenbach"
    index.set_many({number: traits_of(Person(names=(Name(full="Ada Quirrenbach"),))) for number in range(50, 80)})
    (*_, last) = why_not(Candidates(index.store), asked, ADA, 10)
    assert last.stage is Stage.OUTRANKED
    assert last.place == 31
    assert last.bits < last.bits_needed


def test_who_has_too_little_in_common_is_not_compared_in_full() -> None:
    index = Candidates(InMemory())
    others = {number: traits_of(Person(names=(Name(full=f"Ada {word}"),))) for number, word in enumerate(_made(400))}
    index.set_many(others | {5_000: traits_of(PEOPLE[ADA])})
    asked = traits_asked(PersonQuery(name="Ada Example"))
    every = search(index, asked, 100)["number"].tolist()
    worth = search(index, asked, 100, options=Options(worth=True))["number"].tolist()
    assert worth == every[:WORTH_ALWAYS]
    assert worth[0] == 5_000
    (*_, last) = why_not(index, asked, every[WORTH_ALWAYS], 100, Options(worth=True))
    assert (last.stage, last.place) == (Stage.TOO_LITTLE, WORTH_ALWAYS + 1)
    assert why_not(index, asked, every[WORTH_ALWAYS], 100) == ()


def test_whoever_has_as_much_in_common_as_the_best_is_compared_however_many_they_are(index: Candidates) -> None:
    index.set_many({number: traits_of(Person(names=(Name(full="Ben Specimen"),))) for number in range(100, 160)})
    assert found(index, PersonQuery(name="Ben Specimen"), limit=100, worth=True) == list(range(100, 160))


def _made(count: int) -> list[str]:
    """Words that are near to nothing."""
    return ["q" + "".join(_SYLLABLES[number // 12**place % 12] for place in range(4)) for number in range(count)]


_SYLLABLES = ("ba", "der", "mi", "lo", "kan", "tsu", "rish", "ov", "el", "go", "phi", "zu")
_WORDS = st.lists(st.sampled_from(_SYLLABLES), min_size=2, max_size=4).map("".join)
_SCRIPTS = st.sampled_from(("Вымышлен", "נערך", "مثال", "架空", "가공", "カクウ", "Πλαστός"))
_NAMES = st.lists(_WORDS | _SCRIPTS, min_size=1, max_size=4).map(" ".join)


@settings(max_examples=30, deadline=None)
@given(st.lists(_NAMES, min_size=1, max_size=30), st.data())
def test_everybody_is_found_by_their_own_name_until_they_are_taken_out(full: list[str], data: st.DataObject) -> None:
    index = Candidates(InMemory())
    index.set_many({number: traits_of(Person(names=(Name(full=name),))) for number, name in enumerate(full)})
    gone = data.draw(st.sets(st.sampled_from(range(len(full)))))
    for number in gone:
        index.remove(number)
    for number, name in enumerate(full):
        assert (number in found(index, PersonQuery(name=name), limit=len(full))) is (number not in gone)


_CHANGES = st.lists(
    st.tuples(st.sets(st.integers(0, 5_000), max_size=900), st.sets(st.integers(0, 5_000), max_size=500)), max_size=6
)


@settings(max_examples=40, deadline=None)
@given(_CHANGES)
def test_a_list_holds_what_was_added_and_not_taken_out(changes: list[tuple[set[int], set[int]]]) -> None:
    store = InMemory()
    expected: set[int] = set()
    for plus, minus in changes:
        postings.change(store, {b"l": sorted(plus)}, {b"l": minus - plus})
        expected = (expected | plus) - (minus - plus)
        assert postings.read(store, b"l") == sorted(expected)
    postings.change(store, {}, {b"l": expected})
    assert list(store.range()) == []


_HASHES = st.lists(st.integers(1, 2**32 - 1), max_size=15).map(tuple)
_ENTRIES = st.builds(
    Entry,
    names=st.lists(st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=15).map(tuple), max_size=5).map(tuple),
    births=st.lists(st.integers(0, 2**24 - 1), max_size=15).map(tuple),
    sex=st.integers(0, 2),
    nationalities=st.lists(st.integers(1, 2**16 - 1), max_size=15).map(tuple),
    places=_HASHES,
    numbers=_HASHES,
    height_cm=st.integers(0, 280),
    colours=st.tuples(st.integers(0, 255), st.integers(0, 255)),
)


@given(_ENTRIES)
def test_an_entry_is_read_as_it_was_written(entry: Entry) -> None:
    assert entries.unpacked(entries.packed(entry)) == entry


def test_the_heaviest_are_gathered_whichever_span_they_lie_in() -> None:
    chance = random.Random(1)
    lists = [sorted(chance.sample(range(200_000), chance.randrange(1, 4_000))) for _ in range(9)]
    strands = [0, 0, 0, 1, 1, 2, 2, 2, 3]
    weights = [5.0, 3.0, 1.0, 4.0, 2.0, 6.0, 2.5, 0.5, 1.5]
    sums: dict[int, float] = {}
    for number in {number for one in lists for number in one}:
        by_strand: dict[int, float] = {}
        for one, strand, weight in zip(lists, strands, weights, strict=True):
            if number in one:
                by_strand.setdefault(strand, weight)
        sums[number] = sum(by_strand.values())
    best = sorted(sums.values(), reverse=True)[:500]
    found, scores = gathered(lists, strands, weights, 500)
    assert sorted(scores, reverse=True) == best
    assert all(sums[number] == score for number, score in zip(found, scores, strict=True))


def gathered(
    lists: list[list[int]], strands: list[int], weights: list[float], wanted: int
) -> tuple[list[int], list[float]]:
    ends = np.cumsum([len(one) for one in lists])
    found, scores = np.empty(wanted + pool.SPAN + 1, np.uint32), np.empty(wanted + pool.SPAN + 1, np.float32)
    count = pool.gather(
        np.array([number for one in lists for number in one], np.uint32),
        np.concatenate(([0], ends[:-1])),
        ends,
        np.array(strands),
        np.array(weights, np.float32),
        np.zeros(pool.SPAN, np.float32),
        np.zeros(pool.SPAN, np.uint8),
        np.empty(pool.SPAN, np.int64),
        found,
        scores,
        wanted,
    )
    return found[:count].tolist(), scores[:count].tolist()


@pytest.mark.parametrize("pattern", ["", "a*", "*a", "a?a", "*b*", "?", "**", "ab*ba", "a*b*a", "abc"])
def test_patterns_mean_what_they_mean_elsewhere(pattern: str) -> None:
    for text in ("", "a", "ab", "aba", "abba", "abcba", "b", "abc", "aab"):
        letters = np.frombuffer(text.encode(), np.uint8)
        fits = vocabulary.fits(letters, 0, len(letters), np.frombuffer(pattern.encode(), np.uint8))
        assert fits == fnmatchcase(text, pattern), (text, pattern)


def test_without_the_compiler_the_same_is_found() -> None:
    """The same story in two processes, one with machine code and one without."""
    compiled, plain = (
        subprocess.run(
            [sys.executable, "-c", _STORY],
            env={**os.environ, "COMITY_COMPILED": wanted},
            capture_output=True,
            check=True,
            text=True,
        ).stdout.splitlines()
        for wanted in ("1", "0")
    )
    assert len(compiled) == len(plain) == 3
    for one, other in zip(map(json.loads, compiled), map(json.loads, plain), strict=True):
        assert [number for number, _ in one] == [number for number, _ in other]
        assert [bits for _, bits in one] == pytest.approx([bits for _, bits in other], abs=0.01)


_STORY = """
import json
from comity.domain.person import Name, Person
from comity.domain.lookup import PersonQuery
from comity.matching.candidates import Candidates
from comity.matching.key_value import InMemory
from comity.matching.seeking import search
from comity.matching.traits import traits_asked, traits_of
names = ("Ada Example", "Aida Exemple", "Иван Придуманов", "Adam Sample", "Jong Un Invented")
index = Candidates(InMemory())
index.set_many({n: traits_of(Person(names=(Name(full=name),), births=("1980-05-06",))) for n, name in enumerate(names)})
for query in (PersonQuery(name="Ada Exampel", birth="1980-06-05"), PersonQuery(name="Ivan Pridumanof"),
              PersonQuery(name="Jongun Inv*")):
    print(json.dumps(search(index, traits_asked(query), 5).tolist()))
"""
