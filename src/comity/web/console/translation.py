"""The language of a reader: which one, its catalogue, and from which side it is written."""

from collections.abc import Sequence
from functools import cache
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from comity.domain.session import Language

LANGUAGES = Path(__file__).parent / "languages"
OWN_NAMES = {
    Language.ENGLISH: "English",
    Language.FRENCH: "Français",
    Language.SPANISH: "Español",
    Language.ARABIC: "العربية",
}
RIGHT_TO_LEFT = frozenset({Language.ARABIC})
ACCEPTED_MAX = 20  # languages of a browser that are looked at


@cache
def translations(language: Language) -> NullTranslations:
    """The catalogue of a language, read and compiled once; English is what stands in the templates."""
    if language is Language.ENGLISH:
        return NullTranslations()
    with (LANGUAGES / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language.value, abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


@cache
def locale(language: Language) -> Locale:
    return Locale("en", "GB") if language is Language.ENGLISH else Locale(language.value)


def direction(language: Language) -> str:
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def preferred(accepted: str) -> Language:
    """Of a browser's Accept-Language field, the first that we have (RFC 9110, section 12.5.4); English where none."""
    wanted = sorted(_weighed(accepted), key=lambda one: -one[1])
    known = set(Language)
    return next((Language(tag) for tag, weight in wanted if weight > 0 and tag in known), Language.ENGLISH)


def _weighed(accepted: str) -> Sequence[tuple[str, float]]:
    """Each language without its region, with how much it is wanted."""
    every = []
    for one in accepted.split(",")[:ACCEPTED_MAX]:
        tag, _, weight = one.partition(";")
        every.append((tag.strip().lower().partition("-")[0], _weight(weight)))
    return every


def _weight(text: str) -> float:
    name, _, number = text.strip().partition("=")
    if not text.strip():
        return 1.0
    try:
        return min(1.0, float(number)) if name.strip() == "q" else 0.0
    except ValueError:
        return 0.0
