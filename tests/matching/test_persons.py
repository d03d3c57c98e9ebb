"""The same person under another spelling is found; another person is not; and every reason is told."""

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.domain.lookup import PersonQuery
from comity.domain.person import IdentityDocument, Name, Person, Sex
from comity.domain.purpose import Purpose
from comity.matching import engine, persons, thresholds
from comity.matching.compare import compare
from comity.matching.compiled import plainly
from comity.matching.likeness import ROMANISED, SPELLED, bits_for
from comity.matching.names import tokens
from comity.matching.weights import (
    DATE_CONFLICT,
    DATE_SAME,
    DATE_SAME_DAY,
    DATE_SAME_YEAR,
    LIKE_45,
    NATIVE_50,
    NATIVE_LESS_30,
    SOUND,
    WEIGHTS,
)
from comity.testing.fictitious import make

NAMES = st.sampled_from(
    ["Zorvimel Tepkuda", "زورا كافرالين", "Ben Bruvok", "Зорен Тепдевок", "Molida Kavrasut Nel", "O'Brien"]
)
BIRTHS = st.sampled_from(["", "1980", "1980-04", "1980-04-05", "1980-05-04", "1981-04-05", "1955-12-31"])
COUNTRIES = st.sampled_from(["", "XA", "XB", "XC"])
NUMBERS = st.sampled_from(["", "BE1234567", "AL7654321"])
QUERIES = st.builds(
    PersonQuery,
    name=NAMES,
    birth=BIRTHS,
    sex=st.sampled_from(Sex),
    nationality=COUNTRIES,
    document_number=NUMBERS,
    document_country=COUNTRIES,
)
PERSONS = st.builds(
    lambda names, births, sex, countries, numbers: Person(
        names=tuple(Name(full=name) for name in names),
        births=tuple(birth for birth in births if birth),
        sex=sex,
        nationalities=tuple(code for code in countries if code),
        documents=tuple(IdentityDocument(number=number) for number in numbers if number),
    ),
    st.lists(NAMES, max_size=3),
    st.lists(BIRTHS, max_size=2),
    st.sampled_from(Sex),
    st.lists(COUNTRIES, max_size=2),
    st.lists(NUMBERS, max_size=2),
)


def compared(name: str, recorded: str, **known: str):
    query = PersonQuery(name=name, **known)
    return persons.compare(persons.prepare(query), persons.prepare(Person(names=(Name(full=recorded),))))


def told(name: str, recorded: str, purpose: Purpose = Purpose.WANTED_PERSONS, **known: str) -> bool:
    """In a short list."""
    birth = (known["birth"],) if known else ()
    return (
        compare(PersonQuery(name=name, **known), Person(names=(Name(full=recorded),), births=birth), purpose)
        is not None
    )


# Invented people; the words are names as they occur, so that the spellings are real.
SAME = [
    ("Tepkuda, Zorvimel", "ZORVIMEL TEPKUDA"),
    ("عبد الرحمن المحمود", "Abdulrahman al-Mahmoud"),
    ("Abd al-Rahman Mahmud", "Abderrahmane Mahmoud"),
    ("شمس الدين يوسف", "Shamsuddin Yusuf"),
    ("Shams ud-Din Yousef", "Shamsuddin Yusuf"),
    ("سيف الله خالد", "Saifullah Khaled"),
    ("Щукин Фёдор", "Fyodor Shchukin"),
    ("Хусейн Джамалов", "Husein Jamalov"),
    ("Ντίνος Μπούρας", "Dinos Bouras"),
    ("יוסף לביא", "Yosef Lavi"),
    ("Müller-Łódź Jörg", "Joerg Mueller Lodz"),
    ("김정우", "Kim Jong-woo"),
    ("Wladimir Iwanow", "Владимир Иванов"),
]
DIFFERENT = [
    ("Fyodor Shchukin", "Fyodor Zaitsev"),
    ("Abdulrahman Mahmoud", "Abdulrahman Khalil"),
    ("Zorvimel Tepkuda", "Bruvok Halidak"),
    ("Kim Jong-woo", "Kim Mi-ran"),
]


@pytest.mark.parametrize(("name", "recorded"), SAME)
def test_another_spelling_or_script_is_found(name, recorded):
    assert told(name, recorded)


@pytest.mark.parametrize(("name", "recorded"), DIFFERENT)
def test_another_person_is_not_reported(name, recorded):
    assert not told(name, recorded)


@pytest.mark.parametrize(
    ("name", "recorded", "how"),
    [
        ("Ben Bruvok", "Bruvok BEN", "exact"),
        ("Щукин Фёдор", "Fyodor Shchukin", "transliterated"),
        ("Zorvimel Tepkuda", "Zorvimell Tepkudah", "spelling"),
        ("Zorvimel Tepkuda", "Zorvimel Molida Tepkuda", "part"),
        ("Zorvimel", "Halidak", "conflict"),
    ],
)
def test_the_explanation_says_how_the_names_compare(name, recorded, how):
    (field,) = compared(name, recorded).fields
    assert (field.field, field.how, field.asked, field.found) == ("name", how, name, recorded)


@pytest.mark.parametrize(
    ("asked", "recorded", "how"),
    [
        ("1980-04-05", "1980-04-05", "exact"),
        ("1980-04-05", "1980-05-04", "day-month-swapped"),
        ("1980-04-05", "1980-04-06", "one-digit"),
        ("1980-04-05", "1980", "year-only"),
        ("1980-04", "1980-04-05", "month-only"),
        ("1980-04-05", "1981-04-05", "one-digit"),
        ("1979-04-05", "1980-04-05", "one-year-apart"),
        ("1980-04-05", "1980-01-01", "new-year"),
        ("1980-04-05", "1981-11-23", "near"),
        ("1980-04-05", "1955-12-31", "conflict"),
    ],
)
def test_the_explanation_says_how_the_dates_of_birth_compare(asked, recorded, how):
    record = persons.prepare(Person(names=(Name(full="Ben Bruvok"),), births=("1900", recorded)))
    found = persons.compare(persons.prepare(PersonQuery(name="Ben Bruvok", birth=asked)), record)
    assert [field.how for field in found.fields if field.field == "birth"] == [how]


def test_whoever_shows_anothers_document_is_reported():
    record = Person(names=(Name(full="Ben Bruvok"),), documents=(IdentityDocument(number="BE-1234567", country="XBE"),))
    query = PersonQuery(name="Zorvimel Tepkuda", birth="1980", document_number="be1234567", document_country="XB")
    assert persons.compare(persons.prepare(query), persons.prepare(record)).probability > 0.99


@settings(max_examples=60, deadline=None)
@given(QUERIES, PERSONS)
def test_a_field_that_agrees_never_lowers_and_one_that_conflicts_never_raises(query, person):
    found = persons.compare(persons.prepare(query), persons.prepare(person))
    for field in found.fields:
        agrees = field.how not in ("conflict", "same-year", "near")
        if field.field != "name":
            assert field.bits >= 0 if agrees else field.bits <= 0
    assert found.bits == pytest.approx(persons.PRIOR_BITS + sum(field.bits for field in found.fields))
    assert 0 <= found.probability <= 1


@settings(max_examples=60, deadline=None)
@given(QUERIES, PERSONS)
def test_a_record_that_also_bears_the_name_asked_for_is_never_less_alike(query, person):
    before = persons.compare(persons.prepare(query), persons.prepare(person))
    bears_it = Person(
        names=(*person.names, Name(full=query.name)),
        births=person.births,
        sex=person.sex,
        nationalities=person.nationalities,
    )
    without_documents = PersonQuery(name=query.name, birth=query.birth, sex=query.sex, nationality=query.nationality)
    after = persons.compare(persons.prepare(without_documents), persons.prepare(bears_it))
    name_before = [field.bits for field in before.fields if field.field == "name"]
    assert [field.bits for field in after.fields if field.field == "name"] >= name_before


WORD = st.text(alphabet="abdefgiklmnoprstuvz", min_size=3, max_size=9)
# Some are no words of their own: umm (mother of), ibn.
PLAIN = WORD.filter(lambda word: len(tokens(f"{word} zorvimel")) == len(tokens(f"zorvimel {word}")) == 2)
TWO_OR_MORE = st.lists(PLAIN, min_size=2, max_size=4, unique=True)


@settings(max_examples=80, deadline=None)
@given(TWO_OR_MORE, st.data())
def test_a_slip_of_the_pen_never_makes_a_name_more_alike(words, data):
    at = data.draw(st.integers(0, len(words) - 1))
    letter = data.draw(st.integers(0, len(words[at]) - 1))
    slipped = words[at][:letter] + data.draw(st.sampled_from("abdeiknorstuz")) + words[at][letter + 1 :]
    other = [*words[:at], slipped, *words[at + 1 :]]
    name, changed = " ".join(words), " ".join(other)
    assert compared(name, changed).bits <= compared(name, name).bits + 0.3  # a rarer word may be what came out


@settings(max_examples=80, deadline=None)
@given(WORD, WORD, WORD)
def test_another_family_name_never_makes_a_person_more_alike(given_name, family, other):
    same = compared(f"{family}, {given_name}", f"{family}, {given_name}")
    conflict = compared(f"{family}, {given_name}", f"{other}, {given_name}")
    assert conflict.bits <= same.bits + 0.3


@settings(max_examples=60, deadline=None)
@given(TWO_OR_MORE, st.randoms(use_true_random=False))
def test_the_order_of_words_without_a_comma_says_nothing(words, lot):
    mixed = list(words)
    lot.shuffle(mixed)
    found = compared(" ".join(words), " ".join(mixed)).bits
    assert found == pytest.approx(compared(" ".join(words), " ".join(words)).bits, abs=1.5)


def test_weights_keep_their_signs_and_their_order():
    learned = engine.learned_weights()
    for weight, (name, _, least, most) in zip(learned, WEIGHTS, strict=True):
        assert least <= weight <= most, name
    alike = [1.0, *learned[SOUND : LIKE_45 + 1], 0.0]
    assert alike == sorted(alike, reverse=True)
    native = [0.0, *learned[NATIVE_LESS_30 : NATIVE_50 + 1], 1.0]
    assert native == sorted(native)
    agreeing, conflicting = learned[DATE_SAME : DATE_SAME_DAY + 1], learned[DATE_SAME_YEAR : DATE_CONFLICT + 1]
    assert list(agreeing) == sorted(agreeing, reverse=True)
    assert list(conflicting) == sorted(conflicting, reverse=True)
    assert agreeing[-1] >= 0 >= conflicting[0]


@given(st.floats(0, 0.7), st.floats(0, 0.7), st.floats(4, 16))
def test_two_words_weigh_less_the_farther_apart_they_are(one, other, rarity):
    near, far = sorted((one, other))
    weights = engine.learned_weights()
    bits = plainly(bits_for)
    assert bits(SPELLED + near, rarity, weights) >= bits(SPELLED + far, rarity, weights)
    assert bits(ROMANISED + 2 * near, rarity, weights) >= bits(ROMANISED + 2 * far, rarity, weights)
    assert bits(0.0, rarity, weights) >= bits(SPELLED + near, rarity, weights)


@given(st.sampled_from(Purpose), st.integers(0, 10**9), st.integers(0, 10**9))
def test_the_more_records_the_less_a_name_alone_can_prove(purpose, one, other):
    fewer, more = sorted((one, other))
    assert thresholds.prior(fewer, purpose) >= thresholds.prior(more, purpose)


def test_a_traveller_is_stopped_on_more_than_an_investigator_is_told():
    assert thresholds.report_from(Purpose.BORDER_CONTROL) > thresholds.report_from(Purpose.CRIMINAL_INVESTIGATION)
    assert thresholds.prior(10_000, Purpose.BORDER_CONTROL) < thresholds.prior(10_000, Purpose.CRIMINAL_INVESTIGATION)
    near = "Zorvimell Tepkudah", "Zorvimel Tepkuda"
    assert told(*near)
    assert not told(*near, Purpose.BORDER_CONTROL)
    assert told(*near, Purpose.BORDER_CONTROL, birth="1980-04-05")


def test_sizes_count_by_doublings_so_that_an_answer_does_not_tell_how_many_are_held():
    priors = {thresholds.prior(records, Purpose.BORDER_CONTROL) for records in range(0, 70_000, 7)}
    assert len(priors) == 4  # to 16,384, to 32,768, to 65,536, more


ROW = st.lists(st.floats(-12, 12), min_size=6, max_size=6)


@given(ROW, ROW, st.lists(st.integers(-1, 5), min_size=6, max_size=6))
def test_what_weighs_more_against_near_names_weighs_no_less_against_anyone(one, other, hows):
    rows = np.sort(np.array([one, other]), axis=0)
    less, more = thresholds.against_anyone(rows, np.array([hows, hows]))
    assert (less <= more).all()
    assert (np.sign(thresholds.against_anyone(rows, np.full((2, 6), -1))) == np.sign(rows)).all()


def test_every_purpose_has_an_aim():
    assert set(thresholds.AIMS) == set(Purpose)


def test_many_at_once_weigh_what_one_by_one_does():
    asked = persons.prepare(PersonQuery(name="Tepkuda, Zorvimel", birth="1980-04-05", sex=Sex.FEMALE, nationality="XB"))
    people = [
        Person(names=(Name(full=name),), births=(birth,), sex=Sex.MALE, nationalities=("XB", "XA"))
        for name in ("Zorvimel Tepkuda", "Molida Tepkuda", "Зорвимель Тепкуда")
        for birth in ("1980-05-04", "1980", "1955-12-31")
    ]
    prepared = [persons.prepare(one) for one in people]
    found = persons.compare_many(asked, persons.batch_of(prepared), prior_bits=-2.0)
    one_by_one = [persons.compare(asked, one, prior_bits=-2.0) for one in prepared]
    assert found.bits == pytest.approx([one.bits for one in one_by_one])
    assert found.probabilities == pytest.approx([one.probability for one in one_by_one])


def test_place_of_birth_is_a_field_and_its_words_may_agree_alone():
    def at(place: str) -> persons.Prepared:
        return persons.prepare(Person(names=(Name(full="Ben Bruvok"),), birth_place=place))

    def place_of(one: str, other: str):
        return next(field for field in persons.compare(at(one), at(other)).fields if field.field == "place")

    assert place_of("Tepkudar", "tepkudar").how == "exact"
    assert place_of("Tepkudar", "Tepkudr").how == "spelling"
    assert place_of("Tepkudar", "Tepkudar Nord").bits > 0
    assert place_of("Tepkudar", "Zorvimel").bits < 0


def test_a_date_of_another_calendar_agrees_with_ours():
    def born(birth: str) -> persons.Prepared:
        return persons.prepare(Person(names=(Name(full="Ben Bruvok"),), births=(birth,)))

    def birth_bits(one: str, other: str) -> float:
        return persons.compare(born(one), born(other)).fields[-1].bits

    assert birth_bits("1365-05-12", "1986-08-03") > 0  # Solar Hijri
    assert birth_bits("1986-08-03", "1986-08-03") > birth_bits("1365-05-12", "1986-08-03")


def test_states_that_were_one_agree_a_little():
    def of(country: str) -> persons.Prepared:
        return persons.prepare(Person(names=(Name(full="Ben Bruvok"),), nationalities=(country,)))

    bits = [persons.compare(of("KZ"), of(other)).fields[-1].bits for other in ("KZ", "RU", "BR")]
    assert bits == sorted(bits, reverse=True)
    assert bits[1] > 0 > bits[2]


def test_a_look_alike_number_is_told_as_such():
    def with_number(number: str) -> persons.Prepared:
        return persons.prepare(Person(documents=(IdentityDocument(number=number, country="XB"),)))

    (field,) = persons.compare(with_number("BE1O34567"), with_number("BE1034567")).fields
    assert (field.how, field.asked, field.found) == ("look-alike", "BE1O34567", "BE1034567")


def test_the_explanation_shows_how_each_word_was_read():
    (field,) = compared("Щукин Фёдор", "Fyodor Shchukin").fields
    assert {(word.asked, word.found, word.how) for word in field.words} == {
        ("щукин", "shchukin", "transliterated"),
        ("фёдор", "fyodor", "transliterated"),
    }
    assert all(word.read_as and word.one_in > 1 for word in field.words)


def test_what_is_not_known_yet_is_told_with_what_it_would_change():
    asked = persons.prepare(PersonQuery(name="Zorvimel Tepkuda"))
    found = persons.prepare(Person(names=(Name(full="Zorvimel Tepkuda"),), births=("1980-04-05",)))
    now = persons.compare(asked, found).probability
    changes = persons.would_change(asked, found)
    assert {one.field for one in changes} == {"birth", "sex", "place"}
    assert all(one.if_it_conflicts < now < one.if_it_agrees for one in changes)
    assert changes[0].field == "birth"


def test_two_words_read_as_one_are_told_as_joined():
    (field,) = compared("김정우", "Kim Jong-woo").fields
    assert ("정우", "jong woo", "joined") in {(word.asked, word.found, word.how) for word in field.words}


@given(st.lists(st.sampled_from(["zor", "tep", "mol", "kav", "bru"]), min_size=2, max_size=5, unique=True), st.data())
def test_asking_for_more_of_the_name_that_stands_there_never_lowers(words, data):
    recorded = " ".join(word + "imel" for word in words)
    some = data.draw(st.integers(1, len(words) - 1))
    fewer, more = (" ".join(recorded.split()[:count]) for count in (some, some + 1))
    assert compared(fewer, recorded).bits <= compared(more, recorded).bits


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.text(min_size=1, max_size=40).filter(str.strip), min_size=1, max_size=30), st.lists(BIRTHS, max_size=5)
)
def test_nothing_is_too_strange_to_compare(names, births):
    person = Person(names=tuple(Name(full=name) for name in names), births=tuple(birth for birth in births if birth))
    prepared = persons.prepare(person)
    persons.compare(persons.prepare(PersonQuery(name=names[0])), prepared)


def test_the_same_name_is_always_reported_however_short():
    record = Person(names=(Name(full="LI"),), births=("1980-04-05",))
    found = compare(PersonQuery(name="Li"), record)
    assert found is not None
    assert found.probability < thresholds.report_from(
        Purpose.WANTED_PERSONS
    )  # a frequent name proves little, and that is said
    assert compare(PersonQuery(name="Li", birth="1955-12-31"), record) is None


def test_fictitious_people_rarely_meet():
    lines = [msgspec.json.decode(line) for line in make("nominals", 60, 5, "XB")]
    people = [line["subject"]["names"][0]["full"] for line in lines]
    met = [(a, b) for a in people for b in people if a != b and told(a, b)]
    assert len(met) <= len(people) ** 2 // 100
