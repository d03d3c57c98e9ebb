"""Is this the person asked for? Names in any script, birth, sex, nationality and documents, weighed in bits."""

from functools import lru_cache
from itertools import pairwise
from math import exp, log

from msgspec import Struct

from comity.domain import limits
from comity.domain.country import country
from comity.domain.lookup import PersonQuery
from comity.domain.match import FieldMatch, Match
from comity.domain.person import Person, Sex
from comity.matching import numbers
from comity.matching.plain import Word, words
from comity.matching.tokens import Token, alike, may_be_alike, token

# Of the records that share a key with a question, about one in 180 is the person meant.
PRIOR_BITS = -7.5
# Words that stand between the parts of a name, and titles: no evidence for or against.
_PARTICLES = frozenset(
    """
    bin ibn ben bn bint al el ul ud as ash ad de da dos das del della di du la van von der den ter zu y e i und
    """.split()  # noqa: SIM905
)
_TITLES = frozenset(
    "mr mrs ms dr haji hajji hadji sheikh shaykh sheik mullah mulla maulavi mawlawi maulvi mawlavi qari".split()  # noqa: SIM905
)
# Second halves of compound names: Saif Allah, Shams al-Din.
_SECOND_HALVES = frozenset(
    ("allah", "allh", "ullah", "ollah", "ulah", "din", "deen", "uddin", "addin", "eddin", "eddine")
)
_SERVANT = frozenset(("abd", "abdu", "abdul", "abdel", "abdal", "abdoul"))


class PreparedName(Struct, frozen=True, gc=False):
    full: str
    tokens: tuple[Token, ...]
    latin: bool  # written in Latin letters


class Prepared(Struct, frozen=True):
    """A question or a record, ready to be compared many times."""

    names: tuple[PreparedName, ...]
    births: tuple[str, ...]
    sex: Sex
    nationalities: tuple[str, ...]
    documents: tuple[tuple[str, str], ...]  # canonical number, two-letter country or ""


def prepare(person: Person | PersonQuery) -> Prepared:
    """Normalise once what is compared often."""
    if isinstance(person, PersonQuery):
        number = numbers.document_number(person.document_number)
        return Prepared(
            names=_names((person.name,)),
            births=(person.birth,) if person.birth else (),
            sex=person.sex,
            nationalities=_countries((person.nationality,)),
            documents=((number, _country(person.document_country)),) if number else (),
        )
    return Prepared(
        names=_names(tuple(name.full for name in person.names)),
        births=person.births,
        sex=person.sex,
        nationalities=_countries(person.nationalities),
        documents=tuple((numbers.document_number(one.number), _country(one.country)) for one in person.documents),
    )


@lru_cache(maxsize=1024)
def _country(code: str) -> str:
    """Two letters, however the code was written; '' where there is none."""
    return country(code) if code else ""


def _countries(codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_country(code) for code in codes if code))


def _names(full_names: tuple[str, ...]) -> tuple[PreparedName, ...]:
    prepared = (prepared_name(full) for full in full_names)
    return tuple(name for name in prepared if name.tokens)


@lru_cache(maxsize=1 << 16)
def prepared_name(full: str) -> PreparedName:
    """A name as its words, without titles and particles; a servant name (abd al-...) is one word."""
    found = words(full)
    kept: list[Word] = []
    servant = False
    for index, word in enumerate(found):
        if servant and word.text not in _PARTICLES:
            kept[-1] = Word("abd" + word.text, kept[-1].abjad)
            servant = False
        elif word.text in _SERVANT and index + 1 < len(found):
            kept.append(word)
            servant = True
        elif word.text in _SECOND_HALVES and kept:
            kept[-1] = Word(kept[-1].text + word.text, kept[-1].abjad)
        elif word.text not in _PARTICLES and word.text not in _TITLES:
            kept.append(word)
    latin = all(letter < "\u0250" or not letter.isalpha() for letter in full)
    return PreparedName(full, tuple(token(word) for word in kept or found), latin)


def keys(prepared: Prepared) -> frozenset[str]:
    """By which a record is stored and found: two that share none are not compared.

    `doc:` numbers, `b:` birth dates with the first consonant of a word, `s:` consonants of a word, `f:` words as spelt.
    """
    chosen = [f"doc:{number}" for number, _ in prepared.documents[: limits.PERSON_KEYS_MAX // 4] if number]
    chosen += _birth_keys(prepared)[: limits.PERSON_KEYS_MAX // 4]
    chosen += _name_keys(prepared)
    return frozenset(list(dict.fromkeys(chosen))[: limits.PERSON_KEYS_MAX])


def _birth_keys(prepared: Prepared) -> list[str]:
    initials = dict.fromkeys(one.skeletons[0][:1] for name in prepared.names for one in name.tokens)
    return [
        f"b:{birth[:4]}{''.join(sorted((birth[5:7], birth[8:])))}{initial}"  # day and month may have been swapped
        for birth in prepared.births
        if len(birth) == len("YYYY-MM-DD")
        for initial in initials
    ]


def _name_keys(prepared: Prepared) -> list[str]:
    tokens = dict.fromkeys(one for name in prepared.names for one in name.tokens)
    by_sound = [f"s:{skeleton}" for one in tokens for skeleton in one.skeletons if len(skeleton) > 1]
    joined = [
        f"s:{skeleton}"
        for name in prepared.names
        for one in _compounds(name.tokens)
        for skeleton in one.skeletons[:1]
        if len(skeleton) > 1
    ]
    by_spelling = [f"f:{one.text}" for one in tokens]
    return [*by_sound, *joined, *by_spelling]


def _compounds(tokens: tuple[Token, ...]) -> list[Token]:
    """Two short words that others write as one: Jong Un, Abu Bakr."""
    return [
        token(Word(one.text + other.text, one.abjad))
        for one, other in pairwise(tokens)
        if len(one.text) <= 5 and len(other.text) <= 5
    ]


def compare(asked: Prepared, found: Prepared) -> Match:
    """How alike a question and a record are, with every reason.

    Agreement never lowers the bits, conflict never raises them.
    """
    fields = [
        field
        for field in (
            _name(asked, found),
            _document(asked, found),
            _birth(asked, found),
            _sex(asked, found),
            _nationality(asked, found),
        )
        if field
    ]
    bits = PRIOR_BITS + sum(field.bits for field in fields)
    return Match(probability=_probability(bits), bits=bits, fields=tuple(fields))


def _probability(bits: float) -> float:
    return 1.0 / (1.0 + exp(-max(-60.0, min(60.0, bits)) * log(2)))


def _name(asked: Prepared, found: Prepared) -> FieldMatch | None:
    if not asked.names or not found.names:
        return None
    question = asked.names[0]
    near = {
        other
        for other in {other for name in found.names for other in name.tokens}
        if any(may_be_alike(one, other) and alike(one, other) for one in question.tokens)
    }
    best_bits, best, how = _NAME_BITS_MIN, found.names[0], "conflict"
    for name in found.names:
        if not near.isdisjoint(name.tokens):
            bits, kind = _compare_names(question, name)
            if bits > best_bits:
                best_bits, best, how = bits, name, kind
    return FieldMatch(field="name", bits=best_bits, how=how, asked=question.full, found=best.full)


def _compare_names(question: PreparedName, name: PreparedName) -> tuple[float, str]:
    """The better of both names as they stand and, where one has a word more, with two of its words joined."""
    asked, found = question.tokens, name.tokens
    bits, least, whole = _align(asked, found)
    pairs: list[tuple[tuple[Token, ...], tuple[Token, ...]]] = []
    if len(asked) == len(found) + 1:
        pairs = [(joined, found) for joined in _with_two_joined(asked)]
    elif len(found) == len(asked) + 1:
        pairs = [(asked, joined) for joined in _with_two_joined(found)]
    for one, other in pairs:
        bits, least, whole = max((bits, least, whole), _align(one, other))
    if not whole:
        return bits, "part"
    if question.latin is not name.latin:
        return bits, "transliterated"
    return bits, "exact" if least == 1.0 else "spelling"


def _with_two_joined(tokens: tuple[Token, ...]) -> list[tuple[Token, ...]]:
    """A name with each two neighbours in turn written as one: Jong Un, Jongun."""
    return [
        (*tokens[:place], token(Word(one.text + other.text, one.abjad)), *tokens[place + 2 :])
        for place, (one, other) in enumerate(pairwise(tokens))
    ]


_CONFLICT_BITS = -6.0  # per word of the question that the record has another word for
_EXTRA_ASKED_BITS = -2.0  # per word that only the question has
_EXTRA_FOUND_BITS = -0.7  # per word that only the record has
_WHOLE_NAME_BITS = 2.0  # nothing left over on either side
_SAME_NAME_BITS = 0.5 - PRIOR_BITS  # whoever bears the very name that was asked for is always told
_NAME_BITS_MIN = -15.0


def _align(asked: tuple[Token, ...], found: tuple[Token, ...]) -> tuple[float, float, bool]:
    """(bits, the least likeness, whether every word found its like): words in any order, each used once."""
    pairs = [
        (likeness, one.bits if one.bits < other.bits else other.bits, i, j)
        for i, one in enumerate(asked)
        for j, other in enumerate(found)
        if may_be_alike(one, other) and (likeness := alike(one, other))
    ]
    pairs.sort(reverse=True)
    asked_left, found_left = set(range(len(asked))), set(range(len(found)))
    bits, least = 0.0, 1.0
    for likeness, weight, i, j in pairs:
        if i in asked_left and j in found_left:
            asked_left.remove(i)
            found_left.remove(j)
            bits += weight * _share(likeness)
            least = likeness
    if not asked_left and not found_left:
        bits += _WHOLE_NAME_BITS * _share(least)
        return (max(bits, _SAME_NAME_BITS) if least == 1.0 else bits), least, True
    conflicts = min(len(asked_left), len(found_left))
    bits += conflicts * _CONFLICT_BITS
    bits += (len(asked_left) - conflicts) * _EXTRA_ASKED_BITS + (len(found_left) - conflicts) * _EXTRA_FOUND_BITS
    return max(bits, _NAME_BITS_MIN), least, False


def _share(likeness: float) -> float:
    """How much of a word's bits a spelling earns: all at 1.0, a quarter at the 0.7 where words stop being alike."""
    return (likeness - 0.6) * 2.5


# An exact number outweighs a name that does not fit: whoever shows another's document is just who is looked for.
_DOCUMENT_BITS = {"exact": 40.0, "exact-country-unknown": 25.0, "exact-other-country": 8.0}


def _document(asked: Prepared, found: Prepared) -> FieldMatch | None:
    """The best of the documents with the number asked for; other documents say nothing, for people have several."""
    same = [
        (_DOCUMENT_BITS[how], how, number)
        for number, issued_by in asked.documents
        for other, other_issued_by in found.documents
        if number == other and (how := _compare_issuers(issued_by, other_issued_by))
    ]
    if not same:
        return None
    bits, how, number = max(same)
    return FieldMatch(field="document", bits=bits, how=how, asked=number, found=number)


def _compare_issuers(one: str, other: str) -> str:
    if not one or not other:
        return "exact-country-unknown"
    return "exact" if one == other else "exact-other-country"


def _birth(asked: Prepared, found: Prepared) -> FieldMatch | None:
    if not asked.births or not found.births:
        return None
    one = asked.births[0]
    bits, how, other = max((*_compare_dates(one, other), other) for other in found.births)
    return FieldMatch(field="birth", bits=bits, how=how, asked=one, found=other)


def _compare_dates(one: str, other: str) -> tuple[float, str]:
    if one == other:
        return {10: 11.0, 7: 7.0, 4: 4.0}[len(one)], "exact"
    shorter = min(len(one), len(other))
    if one[:shorter] == other[:shorter]:
        return (3.5, "year-only") if shorter == 4 else (6.5, "month-only")
    if len(one) == len(other) == 10:
        if one[:4] == other[:4] and one[5:7] == other[8:] and one[8:] == other[5:7]:
            return 7.0, "day-month-swapped"
        if sum(a != b for a, b in zip(one, other, strict=True)) == 1:
            return 5.0, "one-digit"
    apart = abs(int(one[:4]) - int(other[:4]))
    if apart == 0:
        return 0.5, "same-year"
    if apart == 1:
        return 0.0, "one-year-apart"
    return (-4.0 if apart < 5 else -7.0), "conflict"


def _sex(asked: Prepared, found: Prepared) -> FieldMatch | None:
    if Sex.UNSPECIFIED in (asked.sex, found.sex):
        return None
    bits, how = (0.8, "exact") if asked.sex is found.sex else (-5.0, "conflict")
    return FieldMatch(field="sex", bits=bits, how=how, asked=asked.sex, found=found.sex)


def _nationality(asked: Prepared, found: Prepared) -> FieldMatch | None:
    if not asked.nationalities or not found.nationalities:
        return None
    one = asked.nationalities[0]
    bits, how = (2.5, "exact") if one in found.nationalities else (-2.0, "conflict")
    return FieldMatch(field="nationality", bits=bits, how=how, asked=one, found=" ".join(found.nationalities))
