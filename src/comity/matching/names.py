"""A full name as its words: titles and particles gone, compounds joined, each word with its role and its rarity."""

import re
from functools import lru_cache
from itertools import product

import msgspec

from comity.domain.limits import WORDS_KEPT_MAX
from comity.matching.emissions import rows_of
from comity.matching.frequency import rarity
from comity.matching.packed import TOKENS_MAX, Role, Token
from comity.matching.romanise import pack_latins
from comity.matching.scripts import Script, Word, words

# Words that stand between the parts of a name: no evidence for or against.
PARTICLES = frozenset(
    """
    bin ibn ben bn bint binti binte al el ul ud ur as ash ad an ar at az as ed er es ez
    de da do dos das del della delle di du la le las los lo
    van von vom der den ter ten zu zum zur y e i und of the af av zoda
    """.split()  # noqa: SIM905
)
TITLES = frozenset(
    """
    mr mrs ms dr prof sir lord lady hon rev haji hajji hadji hajj sheikh shaykh sheik mullah mulla maulavi mawlawi
    maulvi mawlavi qari ustad ustaz sayyid sayed syed seyed seyyed doctor mister señor don dona
    jr sr ii iii iv st nd rd th
    """.split()  # noqa: SIM905
)
# Second halves of compound names: Saif Allah, Shams al-Din.
_SECOND_HALVES = frozenset(
    "allah allh ullah ollah ulah din deen uddin addin eddin eddine aldin eldin aldeen eldeen addeen".split()  # noqa: SIM905
)
_NATIVE_SECOND_HALVES = {"الدين": "دين", "دين": "دين", "الله": "الله"}
_COMPOUND = re.compile(
    r"^(?:[aeiou]?[dl]{1,2})?(?P<half>d(?:i|ee|ie|y)ne?)$"
    r"|(?<=[a-z]{2})[aeiou]?[dl]{1,2}(?P<din>d(?:i|ee|ie|y)ne?)$"
    r"|(?:^|(?<=[a-z]{2}))[aeou]ll?ah$"
)
_SERVANT = frozenset("abd abdu abdul abdel abdal abdoul abdol abdur abdus".split())  # noqa: SIM905
_KUNYA = frozenset("abu abou abo umm um oum".split())  # noqa: SIM905
_SERVANT_OF = re.compile(r"^abd[aeiou]+(?:l|r(?=r)|s(?=s)|n(?=n)|sh(?=sh))(?!l?ah$)(?=[a-z]{3})")
_SLAVIC_PATRONYMIC = re.compile(
    r"(?:ovich|evich|ovych|ovitch|evitch|ovic|ovna|evna|ivna|yvna|ichna|inichna|ogly|oglu|kyzy|qizi)$"
)
_KINDS = {
    Script.HAN: 1,
    Script.HANGUL: 2,
    Script.KANA: 3,
    Script.CYRILLIC: 4,
    Script.ARABIC: 5,
    Script.HEBREW: 5,
}
_FURTHER = {Role.GIVEN: Role.MIDDLE, Role.FAMILY: Role.FAMILY_MORE}
_PREFIX_READ = {**dict.fromkeys(_SERVANT, "abd"), **dict.fromkeys(("umm", "um", "oum"), "um")}
_ARABIC_ARTICLE = re.compile("^ال(?=..)")
_DIGITS = re.compile(r"[0-9]+")


@lru_cache(maxsize=1 << 15)
def tokens(full: str, family: str = "", given: str = "") -> tuple[Token, ...]:
    """The words of a name, at most 8. A comma, or `family` and `given`, tell which are the family name."""
    if family.strip() and given.strip():
        parts = [(family, Role.FAMILY), (given, Role.GIVEN)]
    else:
        before, comma, after = full.partition(",")
        parts = [(before, Role.FAMILY), (after, Role.GIVEN)] if comma and after.strip() else [(full, Role.UNKNOWN)]
    found = [one for text, role in parts for one in _part(text, role)]
    return tuple(found[:TOKENS_MAX])


def _part(text: str, role: Role) -> list[Token]:
    found = list(words(_DIGITS.sub("", text)))
    kept = _joined(found) or [(word, None) for word in found]
    return [_token(word, prefix, _role(word, role, place)) for place, (word, prefix) in enumerate(kept)]


def _role(word: Word, part: Role, place: int) -> Role:
    if part is not Role.FAMILY and _SLAVIC_PATRONYMIC.search(_text(word)):
        return Role.PATRONYMIC
    return _FURTHER.get(part, part) if place else part


def _text(word: Word) -> str:
    return word.readings[0].text if word.readings else ""


def _joined(found: list[Word]) -> list[tuple[Word, Word | None]]:
    """Without titles and particles; a servant name (abd al-…) and a kunya (abu …) are one word with what follows."""
    kept: list[tuple[Word, Word | None]] = []
    prefix: Word | None = None
    for index, word in enumerate(found):
        text = _text(word)
        follows = index + 1 < len(found)
        if text in _SERVANT | _KUNYA and follows and not prefix:
            prefix = word
        elif prefix and (text not in PARTICLES or not follows):
            kept.append((word, prefix))
            prefix = None
        elif (text in _SECOND_HALVES or word.native in _NATIVE_SECOND_HALVES) and kept:
            joined, before = kept[-1]
            kept[-1] = (_append(joined, word), before)
        elif text and text not in PARTICLES and text not in TITLES:
            kept.append((word, prefix))
    return kept


def _append(word: Word, more: Word) -> Word:
    native = word.native + _NATIVE_SECOND_HALVES.get(more.native, more.native)
    after = _COMPOUND.sub(_half_read, _text(more))
    readings = tuple(one._replace(text=one.text + after) for one in word.readings)
    return msgspec.structs.replace(word, native=native, readings=readings)


@lru_cache(maxsize=WORDS_KEPT_MAX)
def _token(word: Word, prefix: Word | None, role: Role) -> Token:
    before = _PREFIX_READ.get(_text(prefix), "abu") if prefix else ""
    best = word.readings[0].bits if word.readings else 0.0
    readings = tuple((before + _plain(one.text), best - one.bits) for one in word.readings if one.text)
    text = readings[0][0] if readings else ""
    rows = _rows(word, prefix)
    cost = 0.0 if word.native else letters_cost(text)
    native = (prefix.native if prefix else "") + word.native
    return Token(
        text=text,
        readings=readings,
        role=role,
        rarity=rarity(text),
        native=native,
        rows=rows,
        cost=cost,
        script=_KINDS.get(word.script, 0),
    )


@lru_cache(maxsize=1 << 16)
def letters_cost(text: str) -> float:
    return float(pack_latins([text]).bits[0])


def _plain(text: str) -> str:
    """Compounds without the article between their halves, which no two clerks write alike: abdrahman, shamsdin."""
    return _COMPOUND.sub(_half_read, _SERVANT_OF.sub("abd", text))


def _half_read(found: re.Match[str]) -> str:
    return "din" if found["din"] or found["half"] else "allah"


def _rows(word: Word, prefix: Word | None) -> tuple[tuple[int, ...], ...]:
    """Of the romanisation table; after a prefix the article of the word goes: عبد الرحمن is read abd-rahman."""
    if not word.native:
        return ()
    if not prefix or not prefix.native:
        return rows_of(word.native, word.script)
    bare = _ARABIC_ARTICLE.sub("", word.native)
    return tuple(
        one + other for one, other in product(rows_of(prefix.native, prefix.script)[:1], rows_of(bare, word.script))
    )
