"""Codes in words: the catalogue of each language, with its plural forms, and forms put into words by it."""

import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum, StrEnum
from functools import cache
from importlib import resources

import msgspec
from msgspec import Struct

from comity.domain.forms import AnyForm
from comity.domain.mail import Message

FIRST_MILLION = 1_000_000


class CatalogueLanguage(StrEnum):
    """Languages into which codes translate."""

    ARABIC = "ar"
    ENGLISH = "en"
    FRENCH = "fr"
    SPANISH = "es"


class Catalogue(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`codes` by vocabulary and code, `plurals` by what is counted and form (Unicode CLDR)."""

    language: CatalogueLanguage
    name: str  # the language's own
    list_separator: str
    forms: Mapping[str, str]
    fields: Mapping[str, str]
    codes: Mapping[str, Mapping[str, str]]
    plurals: Mapping[str, Mapping[str, str]]

    def counted(self, what: str, count: int) -> str:
        """`3 hours`, in the plural form that the language has for that count."""
        return self.plurals[what][PLURAL_FORMS[self.language](count)].format(count)

    def code(self, one: Enum) -> str:
        """A code of a vocabulary in words."""
        return self.codes[type(one).__name__][one.value]


def _arabic(count: int) -> str:
    if count in (0, 1, 2):
        return ("zero", "one", "two")[count]
    rest = count % 100
    return "few" if 3 <= rest <= 10 else "many" if rest >= 11 else "other"


def _english(count: int) -> str:
    return "one" if count == 1 else "other"


def _romance(ones: tuple[int, ...]) -> Callable[[int], str]:
    def form(count: int) -> str:
        if count in ones:
            return "one"
        return "many" if count and count % FIRST_MILLION == 0 else "other"

    return form


# language: which form a count takes (Unicode CLDR 46, cardinals of whole numbers)
PLURAL_FORMS: dict[CatalogueLanguage, Callable[[int], str]] = {
    CatalogueLanguage.ARABIC: _arabic,
    CatalogueLanguage.ENGLISH: _english,
    CatalogueLanguage.FRENCH: _romance((0, 1)),
    CatalogueLanguage.SPANISH: _romance((1,)),
}


@cache
def catalogue(language: CatalogueLanguage) -> Catalogue:
    """The catalogue of one language, as it is shipped."""
    text = resources.files("comity.formats").joinpath(f"catalogues/{language.value}.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), Catalogue)


def in_words(form: AnyForm, language: CatalogueLanguage) -> list[str]:
    """A form as lines in that language: its title, then each field that is filled in."""
    words = catalogue(language)
    lines = [words.forms[str(form.__struct_config__.tag)]]
    for field in form.__struct_fields__:
        if told := _told(field, getattr(form, field), words):
            lines.append(f"{words.fields[field]}: {told}")
    return lines


def message_in_words(message: Message, language: CatalogueLanguage) -> list[str]:
    """What of a message is in codes: how urgent, about what, why; and its form. Free text stays in its own language."""
    words = catalogue(language)
    codes = words.list_separator.join(words.code(one) for one in (message.urgency, message.category, message.purpose))
    return [codes, *(in_words(message.form, language) if message.form is not None else [])]


def _told(field: str, value: object, words: Catalogue) -> str:
    """A value in words; '' where there is none. What people wrote stays as they wrote it."""
    match value:
        case Enum():
            return words.code(value)
        case tuple():
            return words.list_separator.join(_told(field, one, words) for one in value)
        case date():
            return value.isoformat()
        case bool() | None:
            return ""
        case int():
            return words.counted(field, value)
    return str(value)
