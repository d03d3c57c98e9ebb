"""How surely and how fast the index of persons finds the right fifty of a million, by what was done to their names."""

import argparse
import gzip
import os
import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from csv import DictReader, reader
from itertools import accumulate, islice
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import numpy as np

from benchmarks.figures import console, quantile, told
from comity.domain.lookup import PersonQuery
from comity.domain.person import Name, Person, Sex
from comity.matching.candidates import Candidates
from comity.matching.key_value import Shape
from comity.matching.seeking import Options, search
from comity.matching.traits import traits_asked, traits_of
from comity.matching.writing import folded
from comity.storage.index.environment import Environment

BEST = 50
BATCH = 250_000
FAMILY = Shape("persons")
LANGUAGES = ("arabic", "chinese", "hebrew", "japanese", "katakana", "korean", "russian")
# How the words of one name stand beside each other where they are written without Latin letters.
_BETWEEN = {"chinese": "·", "japanese": "・", "katakana": "・"}


class Made(NamedTuple):
    """A fictitious person: names put together by chance from lists of words."""

    words: tuple[str, ...]
    native: str  # the same in its own script, "" where it has none
    kind: str  # a language, "kanji", or "latin"
    in_native: bool  # recorded in that script
    birth: str
    sex: Sex
    nationality: str

    @property
    def recorded(self) -> str:
        return self.native if self.in_native else " ".join(self.words)

    def person(self) -> Person:
        return Person(
            names=(Name(full=self.recorded),), births=(self.birth,), sex=self.sex, nationalities=(self.nationality,)
        )


class Weighted:
    """Draws by weight."""

    def __init__(self, items: Sequence[tuple[object, float]]) -> None:
        self.items = [item for item, _ in items]
        self.sums = list(accumulate(weight for _, weight in items))

    def draw(self, chance: random.Random) -> object:
        return chance.choices(self.items, cum_weights=self.sums)[0]


class Words:
    """The lists that names are made of, and the variants that queries write for them."""

    def __init__(self, folder: Path) -> None:
        self.learnt = {one: _pairs(folder / f"transliteration/wd_{one}_64.gz") for one in LANGUAGES}
        self.unseen = {one: _pairs(folder / f"transliteration/wd_{one}_16.gz") for one in LANGUAGES}
        every = [(latin, count**0.5) for pairs in self.learnt.values() for latin, _, count in pairs]
        self.any = Weighted(every)
        self.of = {one: Weighted([(pair, pair[2] ** 0.5) for pair in pairs]) for one, pairs in self.unseen.items()}
        variants = folder / "variants"
        self.countries = _by_country(variants)
        self.kanji_family = [(row[3], row[0]) for row in _rows(variants / "ja_last_name_org.csv")]
        self.kanji_given = [
            (row[1], row[2])
            for sex in ("man", "woman")
            for row in _rows(variants / f"ja_first_name_{sex}_org.csv")
            if len(row) > 2
        ]
        self.variants = _variants(variants)


def _pairs(path: Path) -> list[tuple[str, str, int]]:
    found = []
    for line in gzip.decompress(path.read_bytes()).decode().splitlines():
        latin, native, count = line.split("\t")
        written = native.replace(" ", "")
        if len(folded(latin)) > 1 and written.isalpha():
            found.append((latin, written, int(count)))
    return found


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(reader(file))


def _by_country(folder: Path) -> dict[str, tuple[list[str], list[str]]]:
    both: list[dict[str, list[str]]] = []
    for file in ("common-forenames-by-country.csv", "common-surnames-by-country.csv"):
        by_country = defaultdict(list)
        with (folder / file).open(encoding="utf-8-sig", newline="") as rows:
            for row in DictReader(rows):
                if folded(row["Romanized Name"]):
                    by_country[row["Country"]].append(row["Romanized Name"])
        both.append(by_country)
    given, family = both
    return {country: (given[country], family[country]) for country in sorted(given) if country in family}


def _variants(folder: Path) -> dict[str, list[str]]:
    found = defaultdict(list)
    for row in _rows(folder / "nicknames.csv")[1:]:
        found[row[0]].append(row[2])
    for file in ("given_variants_clorinda_reviewed.tsv", "surname_variants_clorinda_reviewed.tsv"):
        for line in (folder / file).read_text(encoding="utf-8").splitlines():
            one, other = line.split("\t")[:2]
            found[one].append(other)
    return found


def people(words: Words, count: int, seed: int) -> Iterator[Made]:
    """The same for the same seed."""
    chance = random.Random(seed)
    countries = list(words.countries)
    for _ in range(count):
        kind, native, in_native = "latin", "", False
        country = chance.choice(countries)
        lot = chance.random()
        if lot < 0.40:
            given, family = words.countries[country]
            parts = [_common(given, chance)]
            if chance.random() < 0.25:
                parts.append(_common(given, chance))
            parts.append(_common(family, chance) if chance.random() < 0.4 else str(words.any.draw(chance)))
        elif lot < 0.92:
            parts = [str(words.any.draw(chance)) for _ in range(2 if chance.random() < 0.75 else 3)]
        elif lot < 0.97:
            kind = chance.choice(LANGUAGES)
            pairs = [words.of[kind].draw(chance) for _ in range(2 if chance.random() < 0.75 else 3)]
            parts = [pair[0] for pair in pairs]  # type: ignore[index]
            native = _BETWEEN.get(kind, " ").join(pair[1] for pair in pairs)  # type: ignore[index]
            in_native = chance.random() < 0.33
        else:
            kind = "kanji"
            family_name, family_signs = chance.choice(words.kanji_family)
            given_name, signs = chance.choice(words.kanji_given)
            parts = [given_name, family_name]
            native = f"{family_signs} {signs}" if chance.random() < 0.5 else family_signs + signs
            in_native = chance.random() < 0.33
        day = f"{chance.randint(1940, 2005)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        sex = Sex.FEMALE if chance.random() < 0.5 else Sex.MALE
        yield Made(tuple(parts), native, kind, in_native, day, sex, country)


def _common(names: list[str], chance: random.Random) -> str:
    """By rank, the first names many times as often as the last."""
    return names[min(int(chance.expovariate(3.0 / len(names))), len(names) - 1)]


# --- what a question does to a name; None where it cannot be done to this one

Change = Callable[[Made, Words, random.Random], str | None]


def same(made: Made, words: Words, chance: random.Random) -> str | None:
    return " ".join(made.words)


def one_typo(made: Made, words: Words, chance: random.Random) -> str | None:
    if made.in_native:
        return None
    parts = [folded(word) for word in made.words]
    place = chance.randrange(len(parts))
    parts[place] = _mistyped(parts[place], chance)
    return " ".join(parts)


def two_typos(made: Made, words: Words, chance: random.Random) -> str | None:
    if made.in_native:
        return None
    return " ".join(_mistyped(folded(word), chance) if place < 2 else word for place, word in enumerate(made.words))


def _mistyped(word: str, chance: random.Random) -> str:
    """One letter wrong, missing, too many, or two neighbours exchanged."""
    place = chance.randrange(len(word))
    letter = chance.choice("abcdefghijklmnopqrstuvwxyz")
    match chance.randrange(4):
        case 0:
            return word[:place] + letter + word[place + 1 :]
        case 1 if len(word) > 2:
            return word[:place] + word[place + 1 :]
        case 2:
            return word[:place] + letter + word[place:]
        case _:
            place = min(place, len(word) - 2)
            return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def variant(made: Made, words: Words, chance: random.Random) -> str | None:
    if made.in_native:
        return None
    parts = [folded(word) for word in made.words]
    with_variants = [place for place, part in enumerate(parts) if part in words.variants]
    if not with_variants:
        return None
    place = chance.choice(with_variants)
    parts[place] = chance.choice(words.variants[parts[place]])
    return " ".join(parts)


def across(made: Made, words: Words, chance: random.Random) -> str | None:
    if not made.native:
        return None
    return " ".join(made.words) if made.in_native else made.native


def missing(made: Made, words: Words, chance: random.Random) -> str | None:
    if made.in_native or len(made.words) < 3:
        return None
    gone = chance.randrange(len(made.words))
    return " ".join(word for place, word in enumerate(made.words) if place != gone)


def reordered(made: Made, words: Words, chance: random.Random) -> str | None:
    return None if made.in_native else " ".join(reversed(made.words))


def joined(made: Made, words: Words, chance: random.Random) -> str | None:
    if made.in_native:
        return None
    return made.words[0] + made.words[1].lower() + "".join(f" {word}" for word in made.words[2:])


KINDS: dict[str, Change] = {
    "the same": same,
    "one typing error": one_typo,
    "two typing errors": two_typos,
    "nickname or variant": variant,
    "parts missing": missing,
    "reordered": reordered,
    "two parts joined": joined,
}


class Asked(NamedTuple):
    kind: str
    name: str
    target: int  # place among the people
    birth: str


def questions(words: Words, count: int, seed: int, each: int) -> list[Asked]:
    """Of each kind so many, of people spread over all."""
    chance = random.Random(seed + 1)
    found: list[Asked] = []
    wanted = dict.fromkeys(KINDS, each) | {f"across: {one}": each // 4 for one in (*LANGUAGES, "kanji")}
    share = min(1.0, 40 * each / count)
    for place, made in enumerate(people(words, count, seed)):
        rare = made.kind != "latin"
        if chance.random() > (min(1.0, share * 12) if rare else share):
            continue
        kind = f"across: {made.kind}" if rare else chance.choice(list(KINDS))
        change = across if rare else KINDS[kind]
        if wanted[kind] > 0 and (name := change(made, words, chance)):
            wanted[kind] -= 1
            found.append(Asked(kind, name, place, made.birth))
    return found


def _same_name(made: Made) -> int:
    """People of one name in one script cannot be told apart by name: any of them is right."""
    return crc32(" ".join([str(made.in_native), *sorted(folded(word) for word in made.words)]).encode())


class Built(NamedTuple):
    environment: Environment
    names: "np.ndarray[tuple[int], np.dtype[np.uint32]]"
    seconds: float


def build(folder: Path, words: Words, count: int, seed: int, secret: bytes | None) -> Built:
    if (folder / "names.npy").exists():
        return Built(Environment(folder / "index", [FAMILY], secret), np.load(folder / "names.npy"), 0.0)
    environment = Environment(folder / "index", [FAMILY], secret, new=True)
    names = np.zeros(count, np.uint32)
    made = people(words, count, seed)
    taken, first = 0.0, 0
    while some := list(islice(made, BATCH)):
        names[first : first + len(some)] = [_same_name(one) for one in some]
        persons = [one.person() for one in some]
        began = time.perf_counter()
        with environment.writing() as families:
            Candidates(families[FAMILY.name]).set_many(
                {first + place: traits_of(person) for place, person in enumerate(persons)}
            )
        taken += time.perf_counter() - began
        first += len(some)
    np.save(folder / "names.npy", names)
    return Built(environment, names, taken)


def asked_of(built: Built, asked: list[Asked], with_birth: bool = False) -> list[tuple[Asked, bool, bool, float]]:
    """(question, whether among the best, whether in the pool, CPU milliseconds: others share the machine)."""
    results = []
    for one in asked:
        right = built.names == built.names[one.target]
        began = time.thread_time()
        with built.environment.reading() as families:
            query = PersonQuery(name=one.name, birth=one.birth if with_birth else "")
            found = search(Candidates(families[FAMILY.name]), traits_asked(query), Options().pool)
        taken = (time.thread_time() - began) * 1000
        hits = right[found["number"]] if not with_birth else found["number"] == one.target
        results.append((one, bool(hits[:BEST].any()), bool(hits.any()), taken))
    return results


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=100_000, help="up to 10,000,000")
    parser.add_argument("--each", type=int, default=200, help="questions of each kind")
    parser.add_argument("--sealed", action="store_true", help="the index encrypted")
    parser.add_argument("--folder", type=Path, help="where to keep the index; taken again if it stands")
    parser.add_argument("--show-missed", default="", help="kinds whose lost questions are shown")
    given = parser.parse_args(arguments)
    sample = Path(os.environ.get("COMITY_SAMPLE_DATA", Path(__file__).parents[2] / "shared" / "data")) / "names"
    if not sample.is_dir():
        console.print("left out: there are no lists of names; set COMITY_SAMPLE_DATA")
        return
    words = Words(sample)
    with tempfile.TemporaryDirectory() as temporary:
        built = build(given.folder or Path(temporary), words, given.persons, 1, b"s" * 32 if given.sealed else None)
        measure(built, words, len(built.names), given.each, given.show_missed)
        built.environment.close()


def measure(built: Built, words: Words, count: int, each: int, shown: str) -> None:
    asked = questions(words, count, 1, each)
    asked_of(built, asked[:20])  # compiled, and read once
    results = asked_of(built, asked)
    rows = _rows_of(results)
    dated = asked_of(built, [one for one in asked if one.kind in ("two typing errors", "nickname or variant")], True)
    rows += [(f"{row[0]}, date of birth", *row[1:]) for row in _rows_of(dated)[:-2]]
    told(
        f"{count:,} persons, {len(asked):,} questions",
        ("by name alone", f"recall@{BEST}", "in the pool", "p50 CPU ms", "p95 CPU ms"),
        rows,
    )
    grown, packed = built.environment.bytes_used() / 1e6, _packed_megabytes(built.environment)
    console.print(
        f"{packed:,.1f} MB packed, {packed * 1e6 / count:.1f} MB per million; {grown:,.1f} MB as it grew; "
        + (f"built in {built.seconds:,.1f} s, {count / built.seconds:,.0f} a second" if built.seconds else "")
    )
    for one, best, pool, taken in results:
        if shown and shown in one.kind and not best:
            right = next(islice(people(words, count, 1), one.target, None))
            console.print(
                f"{one.kind}: {one.name!r} for {right.recorded!r}{'' if pool else ', not in the pool'} {taken:.1f}"
            )


def _packed_megabytes(environment: Environment) -> float:
    """As the index is after it was built anew: in order, without free pages."""
    with tempfile.TemporaryDirectory() as folder:
        packed = Environment(Path(folder) / "packed", [FAMILY], None, new=True)
        environment.copy_into(packed)
        megabytes = packed.bytes_used() / 1e6
        packed.close()
    return megabytes


def _rows_of(results: list[tuple[Asked, bool, bool, float]]) -> list[tuple[object, ...]]:
    by_kind = defaultdict(list)
    for one in results:
        by_kind[one[0].kind].append(one)
        if one[0].kind.startswith("across"):
            by_kind["across scripts, all"].append(one)
        by_kind["all"].append(one)
    order = [*KINDS, *(f"across: {one}" for one in (*LANGUAGES, "kanji")), "across scripts, all", "all"]
    return [_row(kind, by_kind[kind]) for kind in order if by_kind[kind]]


def _row(kind: str, results: list[tuple[Asked, bool, bool, float]]) -> tuple[object, ...]:
    taken = [one[3] for one in results]
    best, pool = sum(one[1] for one in results), sum(one[2] for one in results)
    return kind, f"{best / len(results):.3f}", f"{pool / len(results):.3f}", quantile(taken, 0.5), quantile(taken, 0.95)


if __name__ == "__main__":
    main()
