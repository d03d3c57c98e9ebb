"""A name in any script with a date of birth, a sex and a nationality typed after it."""

import re
import unicodedata
from collections.abc import Sequence

from msgspec import Struct

from comity.domain import limits
from comity.domain.country import country, country_called
from comity.domain.dates import partial_date
from comity.domain.errors import Invalid
from comity.domain.lookup import PersonQuery
from comity.domain.person import Sex
from comity.formats.country_names import code_of
from comity.web.console.reading import Reading

# The first three letters of a month in the languages of the pages; longer words are cut to them.
_MONTHS = {
    word: month
    for words in (
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "jan fév mar avr mai jui jui aoû sep oct nov déc",
        "ene feb mar abr may jun jul ago sep oct nov dic",
    )
    for month, word in reversed(list(enumerate(words.split(), 1)))
} | {"jun": 6, "jul": 7}
_LONG_MONTHS = {"juin": 6, "juillet": 7}
_ISO = re.compile(r"\d{4}(-\d{2}){0,2}")
_NUMERIC = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})")
_WORDED = re.compile(r"(\d{1,2})[. ]?([^\W\d_]{3,})\.?[ ]?(\d{4})")
_SEXES = {"M": Sex.MALE, "F": Sex.FEMALE}
_COUNTRY_WORDS_MAX = 4
_YEARS_OF_BIRTH = range(1850, 2100)  # 1234 between letters stands on a plate; years of Hijra are for the fields


class Particulars(Struct, frozen=True, kw_only=True):
    """What was told from the rest: `births` holds a second reading where day and month may stand either way."""

    name: str
    births: tuple[str, ...] = ()
    sex: Sex = Sex.UNSPECIFIED
    nationality: str = ""
    document: str = ""  # a number that stands behind a name


def person_readings(text: str) -> tuple[Reading, ...]:
    """The likeliest first; none where no name is in it."""
    told = particulars(text)
    if sum(map(str.isalpha, told.name)) < 2 or len(told.name) > limits.NAME_CHARS_MAX:
        return ()
    births = told.births or ("",)
    found = [Reading(code="person", text=told.name, queries=(_query(told, births[0]),))]
    if len(births) > 1:
        found.append(Reading(code="person-month-first", text=told.name, queries=(_query(told, births[1]),)))
    *words, last = told.name.split()
    if words and not told.nationality and last.isupper() and (code := _country(last)):
        shorter = Particulars(
            name=" ".join(words), births=told.births, sex=told.sex, nationality=code, document=told.document
        )
        found.append(Reading(code="person-nationality", text=shorter.name, queries=(_query(shorter, births[0]),)))
    return tuple(found)


def particulars(text: str) -> Particulars:
    """Tell name, date, sex, nationality and a document's number apart."""
    plain = _with_plain_digits(text)
    before, births, after = _date_in(plain)
    if not before.strip():
        before, after = after, ""
    parts = [part.strip(" ()") for part in re.split(r"[,;\n]", before)]
    name_words = [*parts[0].split()] if parts else []
    # "Sorokin, Ivan": a part that is no country belongs to the name.
    rest: list[str] = []
    for part in filter(None, parts[1:]):
        if _country(part) or part in _SEXES:
            rest.append(part)
        else:
            name_words += part.split()
    rest += [word for word in re.split(r"[,;()\n]", after) if word.strip()]
    sex, nationality, left = _told_behind(rest)
    document = ""
    # Falls without it: tests/web/console/test_understanding.py (a number behind a name)
    if len(name_words) > 2 and any(map(str.isdigit, name_words[-1])):
        document = name_words.pop()
    name = " ".join((*name_words, *left))
    return Particulars(name=name, births=births, sex=sex, nationality=nationality, document=document)


def _query(told: Particulars, birth: str) -> PersonQuery:
    return PersonQuery(
        name=told.name, birth=birth, sex=told.sex, nationality=told.nationality, document_number=told.document
    )


def _told_behind(parts: Sequence[str]) -> tuple[Sex, str, list[str]]:
    """Sex and nationality among what stands behind name and date, and the words that are neither."""
    sex, nationality, left = Sex.UNSPECIFIED, "", list[str]()
    for part in parts:
        if (code := _country(part)) and not nationality:
            nationality = code
            continue
        for word in part.split():
            if word.upper() in _SEXES and sex is Sex.UNSPECIFIED:
                sex = _SEXES[word.upper()]
            elif not nationality and (code := _country(word)):
                nationality = code
            else:
                left.append(word)
    return sex, nationality, left


def _country(text: str) -> str:
    """Two letters; '' where it names no country. Codes count in capitals alone: "de" and "la" belong to names."""
    word = " ".join(text.split()).strip(".")
    if len(word.split()) > _COUNTRY_WORDS_MAX:
        return ""
    if word.isupper() and word.isascii() and len(word) in (2, 3):
        try:
            return country(word)
        except Invalid:
            return ""
    return country_called(word) or code_of(word)


def _date_in(text: str) -> tuple[str, tuple[str, ...], str]:
    """What stands before a date, its readings, what stands behind it."""
    for pattern, read in ((_NUMERIC, _numeric), (_WORDED, _worded), (_ISO, _iso)):
        for found in pattern.finditer(text):
            around = text[found.start() - 1 : found.start()] + text[found.end() : found.end() + 1]
            if any(sign.isalnum() for sign in around):
                continue
            if dates := read(found):
                return text[: found.start()], dates, text[found.end() :]
    return text, (), ""


def _iso(found: re.Match[str]) -> tuple[str, ...]:
    return _real(found.group(0))


def _numeric(found: re.Match[str]) -> tuple[str, ...]:
    """Day first, as most of the world writes; the other way round too where that is a date."""
    first, _, second, year = found.groups()
    ways = [(second, first)] if first == second else [(second, first), (first, second)]
    return tuple(one for month, day in ways for one in _real(f"{year}-{int(month):02}-{int(day):02}"))


def _worded(found: re.Match[str]) -> tuple[str, ...]:
    day, word, year = found.groups()
    month = _LONG_MONTHS.get(word.casefold()) or _MONTHS.get(word.casefold()[:3])
    return _real(f"{year}-{month:02}-{int(day):02}") if month else ()


def _real(text: str) -> tuple[str, ...]:
    try:
        return (partial_date(text),) if int(text[:4]) in _YEARS_OF_BIRTH else ()
    except Invalid:
        return ()


def _with_plain_digits(text: str) -> str:
    """١٩٧١ is 1971."""
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)
