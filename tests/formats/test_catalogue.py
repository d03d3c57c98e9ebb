"""Every language has every word, in every plural form that it needs; and forms come out in words."""

import enum
import typing
from datetime import date

import msgspec
import pytest
from msgspec.structs import replace

from comity.domain import forms
from comity.domain.collection import Category
from comity.domain.errors import Invalid
from comity.domain.forms import (
    AnyForm,
    ArrestFollowUp,
    Custody,
    IdentityCheck,
    InformationRequest,
    Means,
    NextStep,
    Sought,
    Trace,
    TracedThing,
)
from comity.domain.mail import Urgency
from comity.formats.catalogue import PLURAL_FORMS, CatalogueLanguage, catalogue, in_words, message_in_words
from tests.law.test_mail import MESSAGE

KINDS = typing.get_args(AnyForm)
# Written by a message beside its form.
ALSO = (Urgency, Category)
# language: every plural form that Unicode CLDR names for whole numbers
NEEDED = {
    "ar": {"zero", "one", "two", "few", "many", "other"},
    "en": {"one", "other"},
    "fr": {"one", "many", "other"},
    "es": {"one", "many", "other"},
}
ARREST = ArrestFollowUp(
    hit="h-1",
    arrested_on=date(2031, 5, 3),
    place="Port Lethe",
    custody=Custody.DETAINED,
    hours_until_release=11,
    next_steps=(NextStep.WARRANT, NextStep.INTERPRETER),
)


def vocabularies() -> set[type[enum.Enum]]:
    """All that a field of any form may be a code of."""
    found: set[type[enum.Enum]] = set(ALSO)
    for kind in KINDS:
        for field in msgspec.structs.fields(kind):
            found |= set(_codes(field.type))
    return found


def _codes(kind: object) -> typing.Iterator[type[enum.Enum]]:
    if isinstance(kind, enum.EnumMeta):
        yield kind
    for inner in typing.get_args(kind):
        yield from _codes(inner)


@pytest.mark.parametrize("language", CatalogueLanguage)
def test_a_catalogue_is_complete_and_has_nothing_else(language: CatalogueLanguage):
    words = catalogue(language)
    assert words.language is language
    assert set(words.forms) == {kind.__struct_config__.tag for kind in KINDS}
    assert set(words.fields) == {field for kind in KINDS for field in kind.__struct_fields__}
    assert {name: set(codes) for name, codes in words.codes.items()} == {
        kind.__name__: {one.value for one in kind} for kind in vocabularies()
    }
    every = [words.forms, words.fields, *words.codes.values()]
    assert all(one.strip() for told in every for one in told.values())


@pytest.mark.parametrize("language", CatalogueLanguage)
def test_every_count_has_its_plural_form(language: CatalogueLanguage):
    counted = {field.name for kind in KINDS for field in msgspec.structs.fields(kind) if _counts(field.type)}
    words = catalogue(language)
    assert set(words.plurals) == counted
    for forms_of in words.plurals.values():
        assert set(forms_of) == NEEDED[language]
    told = {PLURAL_FORMS[language](count) for count in (*range(200), 1_000_000)}
    assert told == NEEDED[language]


def _counts(kind: object) -> bool:
    return kind is int or any(_counts(inner) for inner in typing.get_args(kind))


@pytest.mark.parametrize(
    ("language", "count", "told"),
    [
        ("en", 1, "1 hour"),
        ("en", 0, "0 hours"),
        ("fr", 0, "0 heure"),
        ("fr", 2, "2 heures"),
        ("es", 1, "1 hora"),
        ("es", 21, "21 horas"),
        ("ar", 2, "ساعتان"),
        ("ar", 3, "3 ساعات"),
        ("ar", 11, "11 ساعة"),
        ("ar", 103, "103 ساعات"),
    ],
)
def test_counts_are_told_as_the_language_tells_them(language: str, count: int, told: str):
    assert catalogue(CatalogueLanguage(language)).counted("hours_until_release", count) == told


def test_a_form_comes_out_in_words_and_what_people_wrote_as_they_wrote_it():
    assert in_words(ARREST, CatalogueLanguage.FRENCH) == [
        "Suites d'une arrestation",
        "Réponse positive: h-1",
        "Arrestation le: 2031-05-03",
        "Lieu: Port Lethe",
        "Détention: en détention",
        "Remise en liberté dans: 11 heures",
        "Suite demandée: mandat d'arrêt, interprète",
    ]
    asked = InformationRequest(sought=(Sought.IDENTITY, Sought.OWNER), names=("Анна",))
    assert in_words(asked, CatalogueLanguage.ARABIC) == ["طلب معلومات", "المطلوب: الهوية، المالك", "الأسماء: Анна"]
    trace = Trace(thing=TracedThing.FIREARM, number="A1", sought=(Sought.MAKER_RECORD,))
    assert in_words(trace, CatalogueLanguage.SPANISH)[1:] == [
        "Objeto: arma de fuego",
        "Número: A1",
        "Se solicita: registro del fabricante",
    ]


def test_the_codes_of_a_message_come_before_its_form():
    message = replace(MESSAGE, form=ARREST)
    assert message_in_words(message, CatalogueLanguage.SPANISH)[:2] == [
        "urgente, personas, investigación penal",
        "Seguimiento de una detención",
    ]
    assert message_in_words(MESSAGE, CatalogueLanguage.ENGLISH) == ["urgent, persons, criminal investigation"]


@pytest.mark.parametrize("how", [{"births": ("31.12.1990",)}, {"nationalities": ("QQ",)}], ids=str)
def test_dates_and_countries_of_a_form_are_checked(how: dict[str, tuple[str, ...]]):
    with pytest.raises(Invalid):
        IdentityCheck(names=("Anna",), means=(Means.DOCUMENT,), **how)
    with pytest.raises(Invalid):
        InformationRequest(sought=(Sought.OWNER,), **how)


def test_every_form_is_one_kind_on_the_wire():
    for kind in KINDS:
        assert getattr(forms, kind.__name__) is kind
    assert msgspec.json.decode(msgspec.json.encode(ARREST), type=AnyForm) == ARREST
