"""What hand-written rules say of the letters of other scripts, and what clerks write for the same sound."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from anyascii import anyascii

Row = dict[str, float]  # Latin letters, and how often they are written

# Spellings that languages write for one another: what a rule says with certainty, a clerk may have written so.
_ALSO_WRITTEN = {
    "k": ("c", "q", "ck"),
    "q": ("k", "gh"),
    "kh": ("h", "ch", "x"),
    "gh": ("g", "q"),
    "g": ("gh", "gu"),
    "j": ("dj", "dzh", "dj"),
    "dz": ("z",),
    "zh": ("j", "z", "sh"),
    "sh": ("s", "sch", "ch", "sz"),
    "ch": ("c", "tch", "tsch", "cz"),
    "ts": ("tz", "c", "z"),
    "s": ("ss", "z", "c"),
    "z": ("s", "zz"),
    "f": ("ff", "ph"),
    "v": ("w", "f", "b"),
    "w": ("v", "u", "ou"),
    "y": ("i", "j", ""),
    "h": ("", "kh"),
    "t": ("th", "tt", "d"),
    "th": ("t",),
    "d": ("dd", "dh", "t"),
    "p": ("pp", "b"),
    "b": ("bb", "p"),
    "l": ("ll",),
    "m": ("mm",),
    "n": ("nn",),
    "r": ("rr",),
    "i": ("y", "ee", "e"),
    "u": ("ou", "oo", "w"),
    "o": ("u", "au"),
    "e": ("i", "a"),
    "a": ("aa", "e"),
    "ya": ("ia", "ja", "a"),
    "yu": ("iu", "ju", "u"),
    "ye": ("e", "ie", "je"),
    "yo": ("io", "jo", "o"),
}
_ALSO_WEIGHT = 0.03

# Pinyin to Wade and Giles: initials (longer ones first), finals, and syllables that follow neither.
_SPELT_AFTER_WADE_AND_GILES = {
    "initials": "zh:ch ch:ch sh:sh b:p p:p m:m f:f d:t t:t n:n l:l g:k k:k h:h j:ch q:ch x:hs r:j z:ts c:ts s:s",
    "finals": "ong:ung iong:iung ian:ien ie:ieh ue:ueh",
    "whole": "zhi:chih chi:chih shi:shih ri:jih zi:tzu ci:tzu si:szu er:erh yan:yen ye:yeh yue:yueh you:yu yong:yung "
    "yi:i gui:kuei kui:kuei",
}
_INITIALS, _FINALS, _WHOLE_SYLLABLES = (
    dict(pair.split(":") for pair in pairs.split()) for pairs in _SPELT_AFTER_WADE_AND_GILES.values()
)
_COMMON_HAN = range(0x4E00, 0xA000)

_NO_VOWEL: Row = {"": 1.0}
_HARDLY_A_VOWEL: Row = {"": 0.9, "a": 0.1}
_INHERENT: dict[str, Row] = {
    "indic": {"a": 0.75, "": 0.25},
    "tamil": {"a": 0.8, "": 0.2},
    "bengali": {"a": 0.4, "o": 0.35, "": 0.25},
}


def rule_row(table: str, unit: str) -> Row:
    """What hand-written rules say of a unit; where they say nothing, how it is written in ASCII."""
    row = rules().get(table, {}).get(unit) or {ascii_letters(unit): 1.0}
    whole = sum(row.values())
    return {letters: weight / whole for letters, weight in row.items()}


@cache
def rules() -> dict[str, dict[str, Row]]:
    """Rows written by hand: by table, by unit."""
    written = tomllib.loads((files("comity.matching") / "tables" / "letters.toml").read_text(encoding="utf-8"))
    tables = {name: {unit: _weights(row) for unit, row in table.items()} for name, table in written.items()}
    for name in ("indic", "tamil", "bengali"):
        tables[name] = tables.get(name, {}) | _with_inherent_vowels(
            tables.pop(f"{name}_consonants", {}), _INHERENT[name]
        )
    sounds = {ascii_letters(chr(code)) for code in _COMMON_HAN}
    tables["mandarin"] = {sound: _mandarin(sound) for sound in sorted(sounds - {""})}
    tables["cantonese"] = {
        sign: _beside(_mandarin(ascii_letters(sign)), row) for sign, row in tables["cantonese"].items()
    }
    return tables


def _mandarin(sound: str) -> Row:
    """A syllable in Pinyin, and after Wade and Giles, who ruled abroad until 1979 and on Taiwan until 2009."""
    return {wade_giles(sound): 0.2, sound: 0.8}


def wade_giles(sound: str) -> str:
    """A syllable of Pinyin as Wade and Giles wrote it, without apostrophes, as passports have it."""
    if sound in _WHOLE_SYLLABLES:
        return _WHOLE_SYLLABLES[sound]
    initial = next((one for one in _INITIALS if sound.startswith(one)), "")
    final = sound[len(initial) :]
    if final == "uo" and initial not in ("g", "k", "h", "sh"):
        final = "o"
    if final == "e" and initial in ("g", "k", "h"):
        final = "o"
    return _INITIALS.get(initial, "") + _FINALS.get(final, final)


def _beside(mandarin: Row, cantonese: Row) -> Row:
    whole = sum(cantonese.values())
    row = {letters: 0.7 * share for letters, share in mandarin.items()}
    for letters, weight in cantonese.items():
        row[letters] = row.get(letters, 0.0) + 0.3 * weight / whole
    return row


def _with_inherent_vowels(consonants: Mapping[str, Row], inherent: Row) -> dict[str, Row]:
    """A consonant of India sounds with a vowel, but before a vowel sign and mostly at the end (units.py marks both)."""
    return {
        unit + mark: {letters + vowel: p * q for letters, p in row.items() for vowel, q in vowels.items()}
        for unit, row in consonants.items()
        for mark, vowels in (("-", _NO_VOWEL), ("$", _HARDLY_A_VOWEL), ("", inherent))
    }


def _weights(row: str) -> Row:
    """`shch 6, sch 2, -`: what is written how often (once, where it is not said); `-` is nothing."""
    found: Row = {}
    for one in row.split(","):
        letters, _, weight = one.strip().partition(" ")
        found["" if letters == "-" else letters] = float(weight or 1)
    return found


def with_spellings(row: Mapping[str, float]) -> Row:
    """A rule with what clerks also write for its letters."""
    whole = sum(row.values())
    found = {letters: weight / whole for letters, weight in row.items()}
    for letters, weight in list(found.items()):
        for other in _also(letters):
            found[other] = found.get(other, 0.0) + _ALSO_WEIGHT * weight
    return found


def _also(letters: str) -> Iterator[str]:
    for width in (2, 1):
        for start in range(len(letters) - width + 1):
            part = letters[start : start + width]
            for other in _ALSO_WRITTEN.get(part, ()):
                yield letters[:start] + other + letters[start + width :]


def ascii_letters(unit: str) -> str:
    """How a unit is written in ASCII, with letters alone."""
    return "".join(letter for letter in anyascii(unit).lower() if "a" <= letter <= "z")
