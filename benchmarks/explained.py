"""Ten hits and ten near misses in ten scripts, with everything that spoke for and against; nobody in them exists."""

from typing import NamedTuple

from comity.cli import comparing
from comity.cli.comparing import EXPECTED_SHARE
from comity.cli.waterfall import tell_match
from comity.domain.match import Match
from comity.formats.pairs import Pair, side

Told = dict[str, str]


class Example(NamedTuple):
    script: str
    asked: Told
    same: Told  # the same person as another country recorded them
    other: Told  # somebody else with a name that is near


EXAMPLES = (
    Example(
        "Arabic",
        {"name": "كريم عبد الرحمن زورفي", "dob": "1971-03-09"},
        {"name": "Kareem Abdulrahman Zorfi", "dob": "1971-09-03"},
        {"name": "Karima Abdulrahim Zorkani", "dob": "1983-05-30"},
    ),
    Example(
        "Cyrillic",
        {"name": "Юлия Сергеевна Зорвимель", "dob": "1980-11-02"},
        {"name": "Yuliya Zorvimel", "dob": "1980-11-02"},
        {"name": "Yulian Zorvimelov", "dob": "1958-01-20"},
    ),
    Example(
        "Greek",
        {"name": "Γεώργιος Ζορβίδης", "dob": "1966"},
        {"name": "Yeoryios Zorvidis", "dob": "1966-04-23"},
        {"name": "Grigorios Zervidis", "dob": "1941-12-08"},
    ),
    Example(
        "Hebrew",
        {"name": "יצחק זורבימל", "dob": "1959-07-14"},
        {"name": "Yitzhak Zorvimel", "dob": "1959-07-14"},
        {"name": "Isaac Zorbaman", "dob": "1977-02-11"},
    ),
    Example(
        "Georgian",
        {"name": "ნინო ზორვიშვილი", "dob": "1990-06-05"},
        {"name": "Nino Zorvishvili", "dob": "1990-06-06"},
        {"name": "Nina Zorkadze", "dob": "1990-12-24"},
    ),
    Example(
        "Han (Chinese)",
        {"name": "欧阳晓光", "dob": "1975-08-19"},
        {"name": "Ouyang Xiaoguang", "dob": "1975-08-19"},
        {"name": "Ou Xiaoyang", "dob": "1962-03-02"},
    ),
    Example(
        "Kana",
        {"name": "マルティナ・ゾルビメル", "dob": "1988-02-29"},
        {"name": "Martina Zorvimel", "dob": "1988-02"},
        {"name": "Marina Zolbinger", "dob": "1969-10-10"},
    ),
    Example(
        "Hangul",
        {"name": "남궁초롱", "dob": "1993-01-15"},
        {"name": "Namgoong Cho-rong", "dob": "1993-01-15"},
        {"name": "Nam Gung-cheol", "dob": "1948-09-01"},
    ),
    Example(
        "Devanagari",
        {"name": "राजेश्वरी ज़ोरविमल", "dob": "1984-12-12"},
        {"name": "Rajeshwari Zorvimal", "dob": "1984"},
        {"name": "Rajesh Zorawar", "dob": "1951-06-27"},
    ),
    Example(
        "Thai",
        {"name": "มาลี ซอร์วิมล", "dob": "1979-04-13"},
        {"name": "Malee Sorwimon", "dob": "1979-04-13"},
        {"name": "Manee Sornwilai", "dob": "1996-08-08"},
    ),
)


def main() -> None:
    prior_bits = comparing.prior_of(EXPECTED_SHARE)
    for example in EXAMPLES:
        hit, near_miss = matches(example)
        print(f"\n{example.script}: a hit")
        tell_match(hit, prior_bits)
        print(f"\n{example.script}: a near miss")
        tell_match(near_miss, prior_bits)


def matches(example: Example) -> tuple[Match, Match]:
    """(with the same person, with the other one)."""
    pairs = [Pair(1, {}, side(example.asked), side(found)) for found in (example.same, example.other)]
    hit, near_miss = comparing.matched(pairs, comparing.prior_of(EXPECTED_SHARE))
    return hit, near_miss


if __name__ == "__main__":
    main()
