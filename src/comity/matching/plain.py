"""Names in any script as small Latin letters, so that spellings can be laid side by side."""

import re
import unicodedata
from typing import NamedTuple

from anyascii import anyascii


class Word(NamedTuple):
    text: str  # a-z
    abjad: bool = False  # from a script that leaves most vowels out (Arabic, Hebrew)


# Each group: letters of the script, and how each is written in Latin letters. Hamza, vowel marks and tatweel go.
_ABJAD_GROUPS = (
    ("اآأإٱةۃىع", "a a a i a a a a a"),
    ("بپتٹټثجچځحخ", "b p t t t th j ch z h kh"),
    ("دڈډذرڑړزژږڅ", "d d d dh r r r z zh zh ts"),
    ("سشښصضطظغ", "s sh sh s dh t dh gh"),
    ("فڤقکكگڭګ", "f v q k k g g g"),
    ("لمنںڼوؤۋۆۇ", "l m n n n w w w w w"),
    ("هھہۀيیئۍېےۓ", "h h h h y y y y y y y"),
    ("אבגדהוזחטיךכ", "a b g d h w z h t y k k"),
    ("לםמןנסעףפץצקרשת", "l m m n n s a p p ts ts k r sh t"),
)
_ABJAD = {
    letter: latin for letters, latins in _ABJAD_GROUPS for letter, latin in zip(letters, latins.split(), strict=True)
}
_DROPPED = frozenset("ءـ'’‘`´ʻʼʹʺ״׳ьъЬЪ")
# Two Greek letters that spell one sound.
_GREEK = {
    "ου": "u",
    "μπ": "b",
    "ντ": "d",
    "γκ": "g",
    "γγ": "ng",
    "ευ": "ev",
    "αυ": "av",
    "ει": "i",
    "οι": "i",
    "αι": "e",
}
_GREEK_LETTER = re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]")
_GREEK_PAIR = re.compile("|".join(_GREEK))

# The article is written onto its word; God's name keeps it.
_ARTICLE = re.compile(r"(?<![ء-ۓ])ال(?!ل[هہ](?![ء-ۓ]))(?=[ء-ۓ]{2})")

_ABJAD_MARK = "\x1e"  # stands before each letter of an abjad
_SYLLABLE = "\x1f"  # stands before each syllable of Han and Hangul
_WORD = re.compile(r"[a-z\x1e\x1f]+")
_WEAK_W = re.compile(r"(?<=[b-df-hj-np-tvxz])w(?![aiu])")
_WEAK_Y = re.compile(r"(?<=[b-df-hj-np-tvxz])y(?![aiu])")
_SYLLABLES_OF_A_NAME_MAX = 4
# Family names that passports hardly ever write by the rules of romanisation.
_KOREAN_FAMILIES = {
    "gim": "kim",
    "i": "lee",
    "bak": "park",
    "choe": "choi",
    "gang": "kang",
    "jo": "cho",
    "gwon": "kwon",
}


def words(name: str) -> list[Word]:
    """The words of a name, in Latin letters. A Han or Hangul name without a blank is read family name first."""
    text = unicodedata.normalize("NFKC", name).lower()
    if _GREEK_LETTER.search(text):
        text = _GREEK_PAIR.sub(lambda pair: _GREEK[pair.group()], _without_accents(text))
    if "ال" in text:
        text = _ARTICLE.sub("", text)
    found = _WORD.findall(text.translate(_LETTERS))
    if len(found) == 1 and 1 < found[0].count(_SYLLABLE) <= _SYLLABLES_OF_A_NAME_MAX:
        family, given = found[0][1:].split(_SYLLABLE, 1)
        return [Word(_KOREAN_FAMILIES.get(family, family)), Word(given.replace(_SYLLABLE, ""))]
    return [word for word in map(_word, found) if word.text]


def _word(marked: str) -> Word:
    if _ABJAD_MARK not in marked:
        return Word(marked.replace(_SYLLABLE, ""))
    text = marked.replace(_ABJAD_MARK, "")
    # Between consonants waw and ya stand for long vowels.
    return Word(_WEAK_Y.sub("i", _WEAK_W.sub("u", text)), abjad=True)


def _without_accents(text: str) -> str:
    """Greek accents would keep the pairs apart: ού is ου."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))


class _Letters(dict[int, str]):
    """What becomes of each character, worked out when it is first met."""

    def __missing__(self, codepoint: int) -> str:
        latin = self[codepoint] = _latin(chr(codepoint))
        return latin


def _latin(letter: str) -> str:
    if letter in _DROPPED or unicodedata.category(letter) in ("Mn", "Cf"):
        # Marks above and below; in scripts of India and South-East Asia they are vowels and stay.
        return anyascii(letter).lower() if "\u0900" <= letter <= "\u109f" else ""
    if letter in _ABJAD:
        return _ABJAD_MARK + _ABJAD[letter]
    if _is_syllable(letter):
        return _SYLLABLE + _small_latin(anyascii(letter))
    if not letter.isalpha():
        return " "
    bare = letter if "\u3040" <= letter <= "\u30ff" else unicodedata.normalize("NFKD", letter)[0]
    return _small_latin(anyascii(bare)) or " "


def _is_syllable(letter: str) -> bool:
    return "\u3400" <= letter <= "\u9fff" or "\uac00" <= letter <= "\ud7a3" or "\U00020000" <= letter <= "\U0003ffff"


def _small_latin(text: str) -> str:
    return "".join(sign for sign in text.lower() if "a" <= sign <= "z")


_LETTERS = _Letters()
