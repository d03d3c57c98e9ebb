"""Which script a word is written in, and its letters without what writers add or leave out at will."""

import unicodedata
from collections import Counter
from collections.abc import Callable
from enum import Enum, StrEnum
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from anyascii import anyascii


class Script(StrEnum):
    LATIN = "latin"
    ARABIC = "arabic"
    ARMENIAN = "armenian"
    CYRILLIC = "cyrillic"
    ETHIOPIC = "ethiopic"
    GEORGIAN = "georgian"
    GREEK = "greek"
    HAN = "han"  # Chinese, and Japanese with kanji
    HANGUL = "hangul"
    HEBREW = "hebrew"
    INDIC = "indic"  # the nine scripts of India that Unicode lays out in parallel
    KANA = "kana"
    THAI = "thai"
    OTHER = "other"


# first and last code point, script; after NFKC, so that presentation forms and half widths are gone
_BLOCKS = (
    (0x0041, 0x024F, Script.LATIN),
    (0x0370, 0x03FF, Script.GREEK),
    (0x0400, 0x052F, Script.CYRILLIC),
    (0x0531, 0x058F, Script.ARMENIAN),
    (0x0591, 0x05F2, Script.HEBREW),
    (0x0610, 0x06FF, Script.ARABIC),
    (0x0750, 0x077F, Script.ARABIC),
    (0x08A0, 0x08FF, Script.ARABIC),
    (0x0900, 0x0D7F, Script.INDIC),
    (0x0E01, 0x0E4E, Script.THAI),
    (0x10A0, 0x10FF, Script.GEORGIAN),
    (0x1200, 0x139F, Script.ETHIOPIC),
    (0x1C90, 0x1CBF, Script.GEORGIAN),
    (0x1E00, 0x1EFF, Script.LATIN),
    (0x1F00, 0x1FFF, Script.GREEK),
    (0x2C60, 0x2C7F, Script.LATIN),
    (0x2D00, 0x2D2F, Script.GEORGIAN),
    (0x3005, 0x3007, Script.HAN),
    (0x3041, 0x30FF, Script.KANA),
    (0x31F0, 0x31FF, Script.KANA),
    (0x3400, 0x4DBF, Script.HAN),
    (0x4E00, 0x9FFF, Script.HAN),
    (0xA640, 0xA69F, Script.CYRILLIC),
    (0xA720, 0xA7FF, Script.LATIN),
    (0xAC00, 0xD7A3, Script.HANGUL),
    (0xF900, 0xFAFF, Script.HAN),
    (0x20000, 0x3FFFF, Script.HAN),
)
# Scripts whose marks above and below are vowels, not decoration.
_MARKS_ARE_LETTERS = frozenset((Script.INDIC, Script.THAI, Script.OTHER))
# Letters that writers interchange, or that belong to another keyboard: left is read as right.
_INTERCHANGED = (
    ("ىیېۍےۓ", "ي"),
    ("کڪ", "ك"),
    ("ڭګڰ", "گ"),
    ("ھہە", "ه"),
    ("ۀۂةۃ", "ة"),
    ("ۆۇۈۋ", "و"),
    ("ٱٲٳٵ", "ا"),
    ("ך", "כ"),
    ("ם", "מ"),
    ("ן", "נ"),
    ("ף", "פ"),
    ("ץ", "צ"),
    ("ς", "σ"),
    ("ϑ", "θ"),
    ("ヰ", "イ"),
    ("ヱ", "エ"),
    ("ヂ", "ジ"),
    ("ヅ", "ズ"),
    ("ヮ", "ワ"),
    ("ヵ", "カ"),
    ("ヶ", "ケ"),
)
_READ_AS = {ord(letter): same for letters, same in _INTERCHANGED for letter in letters}
_KATAKANA = {hiragana: hiragana + 0x60 for hiragana in range(0x3041, 0x3097)}
_DROPPED = frozenset("ـءʹʺʻʼʽʾʿˈ՚՛՜՝՞՟")
_APOSTROPHES = frozenset("'’‘`´′׳")
_TAKES_GERESH = frozenset("גזצץתדעחטסר")
GERESH = "׳"
# Capital letters of one shape, as small letters: Cyrillic or Greek, and Latin.
_LOOK_ALIKES = {
    Script.CYRILLIC: dict(zip("авсеніјкморѕтху", "abcehijkmopstxy", strict=True)),
    Script.GREEK: dict(zip("αβεηικμνορτυχζ", "abehikmnoptyxz", strict=True)),
}
_TO_LATIN = {letter: latin for pairs in _LOOK_ALIKES.values() for letter, latin in pairs.items()}
_FROM_LATIN = {script: {latin: letter for letter, latin in pairs.items()} for script, pairs in _LOOK_ALIKES.items()}
_LIKENESSES = frozenset((Script.LATIN, Script.CYRILLIC, Script.GREEK))
_JAPANESE = frozenset((Script.HAN, Script.KANA))


class Piece(NamedTuple):
    """One word as it was written, cleaned."""

    native: str
    script: Script
    mixed: bool = False  # held letters of another script that look like this one's


@lru_cache(maxsize=1 << 14)
def script_of(letter: str) -> Script:
    code = ord(letter)
    for first, last, script in _BLOCKS:
        if first <= code <= last:
            return script
    return Script.OTHER


def pieces(name: str) -> tuple[Piece, ...]:
    """The words of a name, each cleaned and with its script, in the order written."""
    return tuple(
        Piece(native, script, mixed)
        for chunk in _chunks(unicodedata.normalize("NFKC", name).lower())
        for native, script, mixed in _by_script(chunk)
    )


def folded(latin: str) -> str:
    """Letters a-z alone, for whatever marks a Latin letter bears."""
    bare = (sign for sign in unicodedata.normalize("NFKD", latin) if not unicodedata.combining(sign))
    return "".join(sign for sign in anyascii("".join(bare)).lower() if "a" <= sign <= "z")


def _chunks(text: str) -> list[str]:
    """Runs of letters; apostrophes, joiners, vowel points and tatweel do not end a word, all else does."""
    kept: list[str] = []
    for sign in text:
        fate = _fate(sign)
        if fate is _Fate.KEPT:
            kept.append(sign)
        elif fate is _Fate.ENDS_WORD:
            kept.append(" ")
        elif sign in _APOSTROPHES and kept and kept[-1] in _TAKES_GERESH:
            kept.append(GERESH)
    return "".join(kept).split()


class _Fate(Enum):
    KEPT = 0
    DROPPED = 1
    ENDS_WORD = 2


@lru_cache(maxsize=1 << 15)
def _fate(sign: str) -> _Fate:
    if sign in _DROPPED or sign in _APOSTROPHES:
        return _Fate.DROPPED
    category = unicodedata.category(sign)
    if category in ("Mn", "Mc"):
        return _Fate.KEPT if script_of(sign) in _MARKS_ARE_LETTERS and sign > "\u0900" else _Fate.DROPPED
    if category == "Cf":
        return _Fate.DROPPED
    return _Fate.KEPT if category[0] == "L" or sign == "〇" else _Fate.ENDS_WORD


def _by_script(chunk: str) -> list[Piece]:
    """A chunk as one word; as several where it changes between scripts that cannot be mistaken for one another."""
    scripts = {script_of(letter) for letter in chunk if letter != GERESH}
    if len(scripts) == 1:
        return [_piece(chunk, scripts.pop())]
    if scripts <= _LIKENESSES and (one := _unmixed(chunk)):
        return [one]
    return [_piece("".join(run), script) for script, run in groupby(chunk, _run_of(chunk))]


def _run_of(chunk: str) -> Callable[[str], Script]:
    """Kanji and hiragana make one word (okurigana); a run of katakana beside kanji is a word of its own."""
    katakana = sum("ァ" <= letter <= "ヺ" and letter not in "ヶケノツ" for letter in chunk)

    def script(letter: str) -> Script:
        found = script_of(letter)
        joins = found is Script.KANA and (letter < "ァ" or katakana == 0)
        return Script.HAN if joins and any(script_of(one) is Script.HAN for one in chunk) else found

    return script


def _unmixed(chunk: str) -> Piece | None:
    """Letters of another script that only look like this word's, put right; None where they look like nothing here."""
    counts = Counter(script_of(letter) for letter in chunk)
    # what can only be of one script decides; then the majority
    telling = Counter(script_of(letter) for letter in chunk if not _looks_elsewhere(letter))
    script = max(telling or counts, key=lambda one: (telling[one], counts[one]))
    put_right = "".join(_as(letter, script) for letter in chunk)
    if any(script_of(letter) is not script for letter in put_right):
        return None
    return _piece(put_right, script)._replace(mixed=True)


def _looks_elsewhere(letter: str) -> bool:
    return letter in _TO_LATIN or any(letter in pairs for pairs in _FROM_LATIN.values())


def _as(letter: str, script: Script) -> str:
    if script_of(letter) is script:
        return letter
    latin = _TO_LATIN.get(letter, letter)
    return latin if script is Script.LATIN else _FROM_LATIN[script].get(latin, letter)


def _piece(chunk: str, script: Script) -> Piece:
    if script is Script.LATIN:
        return Piece(chunk, script)
    if script in _JAPANESE:
        chunk = chunk.translate(_KATAKANA)
    return Piece(chunk.translate(_READ_AS), script)
