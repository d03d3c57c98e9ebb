"""The units of a written word that stand for sounds: letters, letter pairs, parts of a syllable."""

from comity.matching.writing import GERESH, Script

# How much of a unit's surroundings a row of a table may name, the most first.
CONTEXTS = ("between", "followed", "preceded", "alone")
# Two signs that spell one sound.
_PAIRS = {
    Script.GREEK: frozenset("ου μπ ντ γκ γγ ευ αυ ει οι αι τσ τζ".split()),  # noqa: SIM905
    Script.ARMENIAN: frozenset(("ու", "եւ")),
}
_ONSETS = tuple("ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ")
_VOWELS = tuple("ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ")
_CODAS = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
_SMALL_KANA = frozenset("ァィゥェォャュョ")
_INDIC_FIRST, _INDIC_BLOCK = 0x0900, 0x80
_DEVANAGARI_CONSONANTS = frozenset(chr(code) for code in (*range(0x0915, 0x093A), *range(0x0958, 0x0960)))
_VIRAMA, _NUKTA = "\u094d", "\u093c"
_MATRAS = frozenset(chr(code) for code in (*range(0x093E, 0x094D), 0x094E, 0x094F, 0x0962, 0x0963))
_NASAL_MARKS = frozenset("\u0900\u0901\u0902\u0903")
_THAI_BEFORE = frozenset("เแโใไ")
_THAI_CONSONANTS = frozenset(chr(code) for code in range(0x0E01, 0x0E2F))
_THAI_SILENT, _THAI_DROPPED = "\u0e4c", frozenset("\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4e")
# Ethiopic lays its syllables out by consonant, eight to a row, vowels in this order.
ETHIOPIC_FIRST, ETHIOPIC_LAST, _ETHIOPIC_ROW = 0x1200, 0x1357, 8


def units(native: str, script: Script) -> tuple[str, ...]:
    """What a table has rows for, in the order heard."""
    match script:
        case Script.HANGUL:
            return tuple(unit for syllable in native for unit in _jamo(syllable))
        case Script.KANA:
            return _kana(native)
        case Script.INDIC:
            return _indic(native)
        case Script.THAI:
            return _thai(native)
        case Script.HEBREW:
            return _joined_to_the_last(native, frozenset(GERESH))
        case Script.GREEK | Script.ARMENIAN:
            return _paired(native, _PAIRS[script])
        case Script.ETHIOPIC:
            return tuple(unit for letter in native for unit in _ethiopic(letter))
    return tuple(native)


def context_keys(found: tuple[str, ...], at: int) -> tuple[str, str, str, str]:
    """Names of the rows that unit `at` may have, in the order of `CONTEXTS`; ^ and $ stand for the ends of the word."""
    unit = found[at]
    before = found[at - 1] if at else "^"
    after = found[at + 1] if at + 1 < len(found) else "$"
    return f"{before}\t{unit}\t{after}", f"\t{unit}\t{after}", f"{before}\t{unit}\t", f"\t{unit}\t"


def _jamo(syllable: str) -> tuple[str, ...]:
    """Consonant before, vowel, consonant after (marked `-`, for it sounds otherwise there); silent ㅇ is left out."""
    index = ord(syllable) - 0xAC00
    if not 0 <= index < 11172:
        return (syllable,)
    onset, vowel, coda = _ONSETS[index // 588], _VOWELS[index % 588 // 28], _CODAS[index % 28]
    before = () if onset == "ㅇ" else (onset,)
    return (*before, vowel, coda + "-") if coda else (*before, vowel)


def _kana(native: str) -> tuple[str, ...]:
    return _joined_to_the_last(native, _SMALL_KANA)


def _joined_to_the_last(native: str, joining: frozenset[str]) -> tuple[str, ...]:
    found: list[str] = []
    for letter in native:
        if letter in joining and found and len(found[-1]) == 1:
            found[-1] += letter
        else:
            found.append(letter)
    return tuple(found)


def _paired(native: str, pairs: frozenset[str]) -> tuple[str, ...]:
    found: list[str] = []
    index = 0
    while index < len(native):
        width = 2 if native[index : index + 2] in pairs else 1
        found.append(native[index : index + width])
        index += width
    return tuple(found)


def _indic(native: str) -> tuple[str, ...]:
    """Letters of Devanagari; a consonant is marked `-` before a vowel sign or virama, `$` at the end."""
    letters = [_as_devanagari(letter) for letter in native]
    letters = [letter for letter in letters if letter != _NUKTA]
    found: list[str] = []
    for letter, follower in zip(letters, (*letters[1:], ""), strict=True):
        if letter in _DEVANAGARI_CONSONANTS:
            vowelless = follower in _MATRAS or follower == _VIRAMA
            found.append(letter + ("-" if vowelless else "" if follower else "$"))
        elif letter != _VIRAMA:
            found.append(letter)
    return tuple(found)


def _as_devanagari(letter: str) -> str:
    """Unicode lays the scripts of India out in parallel, after ISCII: the same place, the same sound."""
    return chr(_INDIC_FIRST + (ord(letter) - _INDIC_FIRST) % _INDIC_BLOCK)


def _thai(native: str) -> tuple[str, ...]:
    """Vowels that are written before their consonant come after it; silenced letters and tone marks go.

    A consonant that ends a syllable cannot be told from one that begins it without a dictionary; one that ends the
    word can, and is marked `-`.
    """
    letters: list[str] = []
    for letter in native:
        if letter == _THAI_SILENT:
            if letters:
                letters.pop()
        elif letter not in _THAI_DROPPED:
            letters.append(letter)
    index = 0
    while index + 1 < len(letters):
        if letters[index] in _THAI_BEFORE and letters[index + 1] in _THAI_CONSONANTS:
            letters[index], letters[index + 1] = letters[index + 1], letters[index]
            index += 1
        index += 1
    if len(letters) > 1 and letters[-1] in _THAI_CONSONANTS:
        letters[-1] += "-"
    return tuple(letters)


def _ethiopic(letter: str) -> tuple[str, ...]:
    """Consonant (its first-order sign) and the number of its vowel."""
    code = ord(letter)
    if not ETHIOPIC_FIRST <= code <= ETHIOPIC_LAST:
        return (letter,)
    row, vowel = divmod(code - ETHIOPIC_FIRST, _ETHIOPIC_ROW)
    return (chr(ETHIOPIC_FIRST + row * _ETHIOPIC_ROW), str(vowel))
