"""What a word of another script may be in Latin letters: in bits for a given spelling, and as readings."""

import gzip
import itertools
import json
import os
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.matching.emissions import emissions, letters_of
from comity.matching.romanise import (
    EVIDENCE_BITS_MAX,
    EVIDENCE_BITS_MIN,
    READINGS_MAX,
    evidence,
    evidence_pairs,
    pack_latins,
    pack_natives,
    readings,
)
from comity.matching.rules import wade_giles
from comity.matching.units import units
from comity.matching.writing import Script, folded, pieces

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLES = Path(os.environ.get("COMITY_SAMPLE_DATA", ROOT.parent / "shared" / "data"))
PAIRS = SAMPLES / "names" / "dev-pairs"
EVERY = 5  # of the pairs, which are two thousand a script
SAME_BITS = 6.0  # from here on a word speaks for being the same, taken alone

# What is written, and how it is written in Latin letters somewhere: by tradition.
TRADITIONS = {
    "Arabic": [("محمد", "muhammad mohamed mohammed mehmet"), ("الرحمن", "rahman alrahman"), ("يوسف", "yusuf youssef")],
    "Arabic without hamza": [("ابراهيم", "ibrahim ebrahim"), ("إبراهيم", "ibrahim"), ("احمد", "ahmad ahmed")],
    "Persian": [("پروانه", "parvaneh parvane"), ("ژاله", "zhaleh jaleh"), ("گلنار", "golnar"), ("چنگیز", "changiz")],
    "Urdu": [("کھوکھر", "khokhar"), ("ٹیپو", "tipu"), ("بٹ", "butt"), ("چوہدری", "chaudhry choudhary")],
    "Pashto": [("ښاپېرۍ", "shaperai"), ("څرګند", "tsargand"), ("ځدراڼ", "dzadran zadran")],
    "Hebrew": [("יוסף", "yosef josef"), ("ג'ורג'", "george"), ("חיים", "haim chaim"), ("צבי", "zvi tzvi")],
    "Russian": [("щукин", "shchukin schukin"), ("фёдор", "fedor fyodor"), ("юлия", "yulia iuliia julia")],
    "Ukrainian": [("ющенко", "yushchenko iushchenko"), ("григорій", "hryhorii grigoriy"), ("їжак", "yizhak izhak")],
    "Kazakh": [("қайрат", "kairat qairat kayrat"), ("нұрсұлтан", "nursultan"), ("әсел", "asel")],
    "Bulgarian": [("щерев", "shterev"), ("къдрин", "kadrin"), ("ценов", "tsenov")],
    "Serbian": [("љубиша", "ljubisa"), ("ђорђе", "djordje dorde"), ("живковић", "zivkovic")],
    "Greek": [("ντίνος", "dinos ntinos"), ("παπαδόπουλος", "papadopoulos"), ("γιώργος", "giorgos yorgos")],
    "Georgian": [("გიორგი", "giorgi"), ("ქეთევან", "ketevan"), ("წერეთელი", "tsereteli")],
    "Armenian": [("հարություն", "harutyun haroutioun"), ("գրիգոր", "grigor krikor"), ("սարգսյան", "sargsyan")],
    "Hindi": [("प्रसाद", "prasad"), ("शर्मा", "sharma"), ("लक्ष्मी", "lakshmi laxmi"), ("विजय", "vijay")],
    "Bengali": [("রহমান", "rahman"), ("চট্টোপাধ্যায়", "chattopadhyay"), ("হোসেন", "hossain hosen")],
    "Tamil": [("முருகன்", "murugan"), ("கண்ணன்", "kannan"), ("தமிழ்", "thamizh tamil")],
    "Thai": [("สมชาย", "somchai"), ("ประยุทธ์", "prayut prayuth"), ("สุดา", "suda")],
    "Amharic": [("አበበ", "abebe"), ("ገብረ", "gebre gebrie"), ("ተስፋዬ", "tesfaye")],
    "Chinese": [("王", "wang wong"), ("陈", "chen chan tan"), ("陳", "chen chan tran"), ("張", "chang cheung")],
    "Chinese given names": [
        ("国强", "guoqiang"),
        ("小明", "xiaoming hsiaoming"),
        ("志強", "zhiqiang chihchiang"),
        ("偉明", "weiming waiming"),
    ],
    "Chinese of foreign names": [("克里斯蒂娜", "christina"), ("亞歷山大", "alexander")],
    "Japanese": [("田中", "tanaka"), ("佐藤", "sato satou satoh"), ("美咲", "misaki"), ("翔太", "shota shouta")],
    "Kana": [("ナカムラ", "nakamura"), ("ジョージ", "george joji"), ("ヴィクトル", "viktor victor")],
    "Korean": [("김", "kim gim"), ("이", "lee yi rhee"), ("박", "park pak bak"), ("정우", "jungwoo jeongu chongu")],
}
CASES = [
    (tradition, native, latin)
    for tradition, names in TRADITIONS.items()
    for native, latins in names
    for latin in latins.split()
]


@pytest.mark.parametrize(("tradition", "native", "latin"), CASES)
def test_each_tradition_of_writing_a_name_is_known(tradition, native, latin):
    (word,) = pieces(native)
    enough = SAME_BITS if len(latin) > 4 else SAME_BITS / 2
    assert evidence(word.native, word.script, latin) > enough


@pytest.mark.parametrize("native", [native for names in TRADITIONS.values() for native, _ in names])
def test_another_name_is_no_spelling_of_it(native):
    (word,) = pieces(native)
    assert evidence(word.native, word.script, "xquillibrandt") < 0


@pytest.mark.parametrize(
    ("native", "latin"),
    [("김", "kim"), ("박", "park"), ("王", "wang"), ("петров", "petrov"), ("鈴木", "suzuki")],
)
def test_the_likeliest_reading_is_the_usual_one(native, latin):
    (word,) = pieces(native)
    assert readings(word.native, word.script)[0].text == latin


@pytest.mark.parametrize(
    ("pinyin", "expected"),
    [("xiao", "hsiao"), ("zhong", "chung"), ("guo", "kuo"), ("duo", "to"), ("he", "ho"), ("qian", "chien")],
)
def test_pinyin_after_wade_and_giles(pinyin, expected):
    assert wade_giles(pinyin) == expected


@given(st.sampled_from([native for names in TRADITIONS.values() for native, _ in names]), st.integers(1, READINGS_MAX))
def test_readings_are_few_different_and_probabilities(native, n):
    (word,) = pieces(native)
    found = readings(word.native, word.script, n)
    assert 1 <= len(found) <= n
    assert len({one.text for one in found}) == len(found)
    assert all(one.text.isascii() and one.text.isalpha() and one.text.islower() for one in found)
    assert all(one.bits <= 0 for one in found)
    assert sum(2**one.bits for one in found) <= 1 + 1e-9


@given(st.text(alphabet="абвгдежзийклмнопрстуфхцчшщъыьэюяңқ", min_size=1, max_size=40), st.text("abcxyz", max_size=50))
def test_evidence_keeps_within_limits(native, latin):
    assert EVIDENCE_BITS_MIN <= evidence(native, Script.CYRILLIC, latin) <= EVIDENCE_BITS_MAX


def test_a_batch_says_what_one_by_one_says():
    natives, latins = ["петров", "щукин", "юлия"], ["petrov", "iuliia", "shchukin"]
    packed = pack_natives([(one, Script.CYRILLIC) for one in natives]), pack_latins(latins)
    left, right = np.divmod(np.arange(9, dtype=np.int32), np.int32(3))
    together = evidence_pairs(*packed, left, right).reshape(3, 3)
    apart = [[evidence(native, Script.CYRILLIC, latin) for latin in latins] for native in natives]
    np.testing.assert_allclose(together, apart)


def test_rows_of_the_tables_are_probabilities():
    table = emissions()
    sums = np.add.reduceat(table.probabilities, table.starts[:-1])
    np.testing.assert_allclose(sums, 1.0)
    assert (np.diff(table.starts) > 0).all()


def test_letters_and_their_codes_agree():
    table = emissions()
    for entry in range(0, len(table.codes), 997):
        assert len(letters_of(int(table.codes[entry]))) == table.lengths[entry]


@pytest.mark.parametrize(
    ("native", "script", "expected"),
    [
        ("김정우", Script.HANGUL, "ㄱ ㅣ ㅁ- ㅈ ㅓ ㅇ- ㅜ"),
        ("シャッター", Script.KANA, "シャ ッ タ ー"),
        ("राम", Script.INDIC, "र- ा म$"),
        ("เมธี", Script.THAI, "ม เ ธ ี"),
        ("አበበ", Script.ETHIOPIC, "አ 0 በ 0 በ 0"),
        ("ג׳ון", Script.HEBREW, "ג׳ ו ן"),
        ("παπαδοπουλοσ", Script.GREEK, "π α π α δ ο π ου λ ο σ"),
    ],
)
def test_words_are_read_by_units_that_sound(native, script, expected):
    assert " ".join(units(native, script)) == expected


@pytest.mark.skipif(not PAIRS.is_dir(), reason="COMITY_SAMPLE_DATA: no labelled pairs here")
@pytest.mark.parametrize("script", ["arabic", "chinese", "hebrew", "japanese", "russian", "ja_kanji"])
def test_words_of_one_name_are_told_from_words_of_another(script):
    """Labelled names of two words: the words of one name speak for each other, in one order or the other."""
    with gzip.open(PAIRS / f"comp_{script}.jsonl.gz", "rt", encoding="utf-8") as lines:
        found = [json.loads(line) for line in itertools.islice(lines, 0, None, EVERY)]
    same = np.array([bool(one["match"]) for one in found])
    bits = np.array([_bits(one["l"]["name"], one["r"]["name"]) for one in found])
    assert np.median(bits[same]) > 25
    assert (bits[~same] < np.quantile(bits[same], 0.1)).mean() > 0.98


@lru_cache(maxsize=1 << 14)
def _word_bits(native: str, script: Script, latin: str) -> float:
    return evidence(native, script, latin)


def _bits(native: str, latin: str) -> float:
    left, right = pieces(native), [folded(piece.native) for piece in pieces(latin)]
    if len(left) != len(right):
        return 0.0
    orders = (right, right[::-1])
    return max(
        sum(_word_bits(one.native, one.script, other) for one, other in zip(left, order, strict=True))
        for order in orders
    )


def test_without_machine_code_the_results_are_the_same():
    """The same source, run as Python: COMITY_COMPILED=0."""
    program = (
        "from comity.matching.romanise import evidence, readings\n"
        "from comity.matching.writing import Script\n"
        "print([round(evidence('юлия', Script.CYRILLIC, one), 6) for one in ('yulia', 'iuliia', 'anna')])\n"
        "print([(text, round(bits, 6)) for text, bits in readings('юлия', Script.CYRILLIC, 8)])\n"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "COMITY_COMPILED": compiled},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for compiled in "01"
    ]
    assert said[0] == said[1]


def test_importing_does_not_load_the_compiler():
    program = "import sys, comity.matching.scripts; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
