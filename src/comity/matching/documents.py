"""Travel documents: is this the document asked for? Issuer, number, type, and what check digits say (ICAO Doc 9303)."""

import unicodedata
from collections.abc import Sequence

from anyascii import anyascii

from comity.domain.country import issuer
from comity.domain.document import DocumentType, TravelDocument
from comity.domain.lookup import DocumentQuery
from comity.domain.match import FieldMatch, Match
from comity.matching import numbers
from comity.matching.checks import Checked, checked, malformed
from comity.matching.number_bits import CHECK_DIGIT_BITS, as_match, is_exact, is_hit, is_near, unique_number

_WEIGHTS = (7, 3, 1)  # Doc 9303-3, section 4.9
_VALUES = {sign: value for value, sign in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")} | {"<": 0}
TYPE_BITS = 2.0
# What a zone or a clerk calls one by the name of the other: until 2026 every passport might begin with P<, and cards
# of every kind with I, A or C (Doc 9303-4, -5). In one family any type may stand for the first.
_FAMILIES = (
    (
        DocumentType.PASSPORT,
        DocumentType.DIPLOMATIC_PASSPORT,
        DocumentType.OFFICIAL_PASSPORT,
        DocumentType.REFUGEE_TRAVEL_DOCUMENT,
        DocumentType.LAISSEZ_PASSER,
    ),
    (DocumentType.IDENTITY_CARD, DocumentType.RESIDENCE_PERMIT),
)


def compare(query: DocumentQuery, document: TravelDocument) -> Match | None:
    """How near the document is to the one asked for; None where it is another.

    Issuer and number name a document: an exact number is certain. A near number is told only where the query asks.
    """
    number = unique_number("number", query.number, document.number, numbers.document_number, query.near, 0.0)
    kind = _type(query.type, document.type)
    found = as_match((number, kind, _check_digit_appended(query.number, document.number) if is_near(number) else None))
    # All is worked out first: what agrees and is withheld must not take longer than what does not agree.
    # Falls without it: tests/law/test_withheld.py
    same_issuer = bool(document.country) and issuer(query.country) == issuer(document.country)
    if not same_issuer or not is_hit(number) or (kind is not None and kind.how == "conflict"):
        return None
    return Match(probability=1.0, bits=found.bits, fields=found.fields) if is_exact(number) else found


def _type(asked: DocumentType | None, found: DocumentType) -> FieldMatch | None:
    if asked is None:
        return None
    if asked is found:
        return FieldMatch(field="type", bits=TYPE_BITS, how="exact", asked=asked, found=found)
    how = "related" if _related(asked, found) else "conflict"
    return FieldMatch(field="type", bits=0.0, how=how, asked=asked, found=found)


def _related(one: DocumentType, other: DocumentType) -> bool:
    if DocumentType.OTHER in (one, other):
        return True
    return any({one, other} <= set(family) and family[0] in (one, other) for family in _FAMILIES)


def _check_digit_appended(asked: str, found: str) -> FieldMatch | None:
    """Whoever copies the zone copies the check digit after the number with it."""
    one, other = numbers.document_number(asked), numbers.document_number(found)
    if one[:-1] != other or not other or one[-1:] != check_digit(other):
        return None
    return FieldMatch(field="check-digit", bits=2 * CHECK_DIGIT_BITS, how="appended")


def check_digit(field: str) -> str:
    """The check digit of a field of a machine-readable zone; '' where it holds what no zone can hold.

    Letters count 10 to 35 modulo 10, so G and 6 are the same to it: it finds errors, it does not mend them.
    """
    if not all(sign in _VALUES for sign in field):
        return ""
    return str(sum(_VALUES[sign] * _WEIGHTS[place % 3] for place, sign in enumerate(field)) % 10)


def check_number(number: str, digit: str) -> Checked:
    """A document's number beside the check digit that its zone gives."""
    canonical = numbers.document_number(number)
    right = check_digit(canonical.ljust(9, "<"))
    if not canonical or not right or len(digit) != 1 or not digit.isdigit():
        return malformed(canonical, "characters")
    return checked(canonical, right == digit)


def zone_name_fits(zone: Sequence[str], names: Sequence[str], room: int) -> bool:
    """Whether the names in a machine-readable zone may be these, cut to the room that it has.

    `zone`: the words as read, in order; `names`: the words of the whole name, in the order of the document (family
    name first). A word that was cut, and words that found no room, are no mismatch (Doc 9303-3, section 4.6), but only
    where the zone is full: `room` is 39 in passports, 31 in TD2, 30 in TD1.
    """
    read, whole = [_zone_word(word) for word in zone], [_zone_word(name) for name in names]
    read, whole = [word for word in read if word], [word for word in whole if word]
    if read == whole:
        return bool(read)
    # Two fillers divide family from given names, one any other words.
    full = sum(map(len, read)) + len(read) >= room - 1
    if not read or not full or len(read) > len(whole):
        return False
    return all(name.startswith(word) for word, name in zip(read, whole, strict=False))


def _zone_word(text: str) -> str:
    """A word as a zone can write it: A to Z."""
    plain = anyascii("".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign)))
    return "".join(sign for sign in plain.upper() if "A" <= sign <= "Z")
