"""How much a record's own marking lets out, and what it makes the receiver owe."""

from comity.domain.caller import Asker
from comity.domain.country import country
from comity.domain.marking import Handling, Marking
from comity.domain.record import Header
from comity.domain.reply import ReplyLevel
from comity.law.program import LEVELS
from comity.law.rulebook import Rulebook


def level(header: Header, asker: Asker, book: Rulebook) -> ReplyLevel:
    """The deepest reply that the source's marking allows this asker. Every part of it is looked at."""
    return level_of(header.marking, header.source, header.country, asker, book)


def level_of(marking: Marking, source: str, country_of_source: str, asker: Asker, book: Rulebook) -> ReplyLevel:
    """The same of a marking by itself."""
    return min(_by_country(marking, source, country_of_source, asker), _by_role(marking, asker, book))


def obligations(marking: Marking, book: Rulebook) -> tuple[str, ...]:
    """Codes of the rulebook, then the source's own conditions in its words. A condition counts with or without H3."""
    codes = [
        book.handling[code].obligation for code in marking.handling if code is not Handling.H3 or not marking.conditions
    ]
    return tuple(dict.fromkeys([*codes, *marking.conditions]))


def _by_country(marking: Marking, source: str, country_of_source: str, asker: Asker) -> ReplyLevel:
    return ReplyLevel.FULL if is_open_to(marking, source, country_of_source, asker) else ReplyLevel.NOTHING


def is_open_to(marking: Marking, source: str, country_of_source: str, asker: Asker) -> bool:
    """Whether the list of countries lets that asker's in; its owner's own is never kept out."""
    asking = _two_letters(asker.country)
    closed = asking in _countries(marking.closed_to)
    # An organisation has no country: it is on no positive list.
    outside = bool(marking.only_for) and asking not in _countries(marking.only_for)
    own = asker.bureau == source or (asking != "" and asking == _two_letters(country_of_source))
    return own or not (closed or outside)


def _by_role(marking: Marking, asker: Asker, book: Rulebook) -> ReplyLevel:
    secrecy = book.confidentiality[marking.confidentiality]
    if not secrecy.roles or not set(secrecy.roles).isdisjoint(asker.roles):
        return ReplyLevel.FULL
    return LEVELS[secrecy.others] if secrecy.others else ReplyLevel.NOTHING


def _countries(codes: tuple[str, ...]) -> set[str]:
    # A source may write XCV or xc and means XC; compared as written it would be open to Corvia.
    # Falls without it: tests/law/test_marking.py
    return {country(code) for code in codes}


def _two_letters(code: str) -> str:
    return country(code) if code else ""
