"""What linkage compares of a person: romanised names by their parts, canonical numbers, keys that meet."""

import pytest

from comity.analysis.person_forms import PersonForms, forms, sound
from comity.domain.person import IdentityDocument, Name, NameKind, Person, Sex


def of(*names: Name | str, **more: object) -> PersonForms:
    written = tuple(Name(full=name) if isinstance(name, str) else name for name in names)
    return forms(Person(names=written, **more))  # type: ignore[arg-type]


def test_parts_are_those_of_the_source_else_of_the_comma_else_of_the_order():
    for one in (
        of(Name(full="Mira Oleander", family="Oleander", given="Mira")),
        of("OLEANDER, Mira"),
        of("Mira Oleander"),
    ):
        assert (one.family, one.given) == ("oleander", "mira")


def test_in_east_asia_the_first_word_is_the_family_name():
    assert {"kim", "gim"} & set(of("김철수").families)
    assert of("毛泽东").family == "mao"


def test_the_main_name_stands_first_and_every_other_name_counts():
    one = of(Name(full="Tor Quast", kind=NameKind.ALIAS), "Mira Oleander")
    assert (one.family, one.given) == ("oleander", "mira")
    assert "quast" in one.families
    assert "tor" in one.givens


def test_a_name_in_another_script_is_compared_by_its_readings():
    assert "petrov" in of("Владимир Петров").families
    assert set(of("محمد الهاشمي").families) & {"hashemi", "hashimi", "alhashemi"}


def test_a_short_form_stands_beside_the_name():
    assert "william" in of("Bill Oleander").given_variants
    assert "william" not in of("Bill Oleander").givens


def test_what_is_not_told_is_empty():
    one = of("Mira Oleander", sex=Sex.UNSPECIFIED)
    assert (one.sex, one.birth, one.place, one.address, one.parents) == ("",) * 5
    assert one.documents == one.contacts == one.nationalities == ()
    assert one.sure == ""


def test_numbers_are_canonical_and_folded_beside():
    one = of("Mira Oleander", documents=(IdentityDocument(number="xa-O123 456"),))
    assert one.documents == ("XAO123456",)
    assert one.documents_folded == of("Tor Quast", documents=(IdentityDocument(number="XA0I23456"),)).documents_folded


@pytest.mark.parametrize("written", ["+000 20 123 4567", "020 1234567", "(000) 20-123-4567"])
def test_a_telephone_is_known_with_and_without_its_country(written: str):
    assert of("Mira Oleander", phones=(written,)).contacts == ("201234567",)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mira Oleander", "Mira Oleandar"),
        ("Mira Oleander", "Oleander Mira"),
        ("Vladimir Petrov", "Владимир Петров"),
        ("Mohammed Hashemi", "محمد الهاشمي"),
        ("Katarina Schmitt", "Catharina Schmidt"),
    ],
)
def test_two_spellings_of_a_name_share_a_key(one: str, other: str):
    assert set(of(one).keys) & set(of(other).keys)


def test_a_birth_with_day_and_month_swapped_shares_a_key():
    one, other = of("Mira Oleander", births=("1981-05-07",)), of("Mira Quast", births=("1981-07-05",))
    assert {key for key in one.keys if key.startswith("b ")} & set(other.keys)


def test_strangers_share_none():
    assert not set(of("Mira Oleander", births=("1981-05-07",)).keys) & set(of("Tor Quast", births=("1975-11-23",)).keys)


@pytest.mark.parametrize(
    ("one", "other"), [("schmitt", "shmid"), ("yusuf", "jusuf"), ("philip", "filip"), ("anna", "ana")]
)
def test_words_that_sound_alike_have_one_sound(one: str, other: str):
    assert sound(one) == sound(other)
