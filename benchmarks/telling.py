"""How often lookups tell of somebody who was not meant, how often they miss who was: by purpose, size, what is known.

Collections of fictitious persons are asked through the index of persons, as a desk asks it, for people who stand in
them (their names misspelt, in another script, with parts missing, one date of birth in seven wrong or only a year) and
for as many who do not. `--write`: keep the rates in matching/tables/thresholds.toml.
"""

import argparse
import os
import random
import time
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.candidates import Made, Words, people, questions
from benchmarks.figures import console, told
from comity.domain import limits
from comity.domain.lookup import PersonQuery
from comity.domain.person import Sex
from comity.domain.purpose import Purpose
from comity.matching import engine, persons
from comity.matching.candidates import Candidates
from comity.matching.compare import compare
from comity.matching.key_value import InMemory
from comity.matching.particulars import Field
from comity.matching.seeking import search
from comity.matching.thresholds import Aim
from comity.matching.traits import traits_asked, traits_of

SIZES = (1_000, 10_000, 100_000)
EACH = 25  # questions of each kind of change
ABSENT = 400
KNOWN = ("name", "name-birth", "name-birth-sex-nationality")
PURPOSES = {Aim.FEW_FALSE_STOPS: Purpose.BORDER_CONTROL, Aim.FEW_MISSES: Purpose.CRIMINAL_INVESTIGATION}
RATES = "\n# Measured by `python -m benchmarks.telling --write`"
EVIDENCE_PERSONS = 6_000
POOLS = (50, 100, 200, 500, 1_000)
COMPARED = 50


class Question(NamedTuple):
    name: str
    target: int  # place in the collection; -1 for nobody
    about: Made
    birth: str  # as it was stated

    def query(self, known: str) -> PersonQuery:
        return PersonQuery(
            name=self.name,
            birth=self.birth if "birth" in known else "",
            sex=self.about.sex if "sex" in known else Sex.UNSPECIFIED,
            nationality=self.about.nationality if "sex" in known else "",
        )


class Rates(NamedTuple):
    """Of the questions about somebody in the collection; and of those about nobody in it."""

    misses: float
    false: float  # tellings a question


class Listed:
    """A collection of fictitious persons with its index."""

    def __init__(self, words: Words, count: int) -> None:
        self.made = list(people(words, count, 5))
        self.people = [one.person() for one in self.made]
        self.index = Candidates(InMemory())
        self.index.set_many({place: traits_of(person) for place, person in enumerate(self.people)})

    def told(self, query: PersonQuery, purpose: Purpose) -> set[int]:
        """The places of those who would be told of."""
        found = search(self.index, traits_asked(query), limits.CANDIDATES_MAX)["number"].tolist()
        batch = persons.batch_of([persons.prepare(self.people[place]) for place in found])
        names = persons.compare_many(persons.prepare(query), batch).fields[:, Field.NAME]
        worth = [place for place, bits in zip(found, names, strict=True) if bits > -2.0]  # else nothing is in common
        return {place for place in worth if compare(query, self.people[place], purpose, len(self.people))}


def asked(words: Words, listed: Listed, each: int, absent: int) -> Iterator[Question]:
    chance = random.Random(3)
    for one in questions(words, len(listed.made), 5, each):
        about = listed.made[one.target]
        yield Question(one.name, one.target, about, _stated(about.birth, chance))
    for about in people(words, absent, 77):
        yield Question(about.recorded, -1, about, _stated(about.birth, chance))


def _stated(birth: str, chance: random.Random) -> str:
    """Six in seven right; day and month exchanged, another day, or the year alone."""
    year, month, day = birth.split("-")
    lot = chance.random()
    if lot < 0.05 and int(day) <= 12:
        return f"{year}-{day}-{month}"
    if lot < 0.10:
        return f"{year}-{month}-{int(day) % 28 + 1:02}"
    return year if lot < 0.15 else birth


def rates(listed: Listed, put: Sequence[Question], known: str, purpose: Purpose) -> Rates:
    missed, false = [], []
    for one in put:
        found = listed.told(one.query(known), purpose)
        if one.target < 0:
            false.append(len(found))
        else:
            missed.append(one.target not in found)
    return Rates(float(np.mean(missed)), float(np.mean(false)))


def places(listed: Listed, put: Sequence[Question]) -> list[tuple[object, ...]]:
    """For so many candidates: how many of those who are meant are among them, and what comparing them all takes."""
    meant = [one for one in put if one.target >= 0]
    found = [search(listed.index, traits_asked(one.query(KNOWN[0])), max(POOLS))["number"].tolist() for one in meant]
    rows: list[tuple[object, ...]] = []
    for pool in POOLS:
        began = time.thread_time()
        for one, numbers in zip(meant[:COMPARED], found, strict=False):
            for place in numbers[:pool]:
                compare(one.query(KNOWN[0]), listed.people[place], Purpose.LOCATE, len(listed.people))
        taken = (time.thread_time() - began) * 1000 / COMPARED
        share = np.mean([one.target in numbers[:pool] for one, numbers in zip(meant, found, strict=True)])
        rows.append((pool, f"{share:.4f}", f"{taken:.0f}"))
    return rows


def evidence(words: Words) -> list[tuple[object, ...]]:
    """log2 of how much more frequent so many bits of a name are of the same person than of anyone at all."""
    listed = [one.person() for one in people(words, EVIDENCE_PERSONS, 5)]
    batch = persons.batch_of([persons.prepare(one) for one in listed])
    same, others = [], []
    for one in questions(words, EVIDENCE_PERSONS, 5, 2 * EACH):
        bits = persons.compare_many(persons.prepare(PersonQuery(name=one.name)), batch).fields[:, Field.NAME]
        same.append(bits[one.target])
        others.append(np.delete(bits, one.target))
    rows: list[tuple[object, ...]] = []
    for at in range(-3, 12):
        shares = _between(np.array(same), at), _between(np.concatenate(others), at)
        proves = np.log2(max(shares[0], 1e-9) / max(shares[1], 1e-9))
        rows.append((at, *(f"{share:.1e}" for share in shares), f"{proves:.1f}"))
    return rows


def _between(bits: NDArray[np.float64], at: int) -> float:
    return float(((bits >= at) & (bits < at + 1)).mean())


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES, help="persons in the collections")
    parser.add_argument("--evidence", action="store_true", help="what the bits of a name prove against anyone")
    parser.add_argument("--places", action="store_true", help="how many candidates it takes")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args(arguments)
    sample = Path(os.environ.get("COMITY_SAMPLE_DATA", Path(__file__).parents[2] / "shared" / "data")) / "names"
    if not sample.is_dir():
        console.print("left out: there are no lists of names; set COMITY_SAMPLE_DATA")
        return
    engine.load()
    words = Words(sample)
    if given.evidence:
        told("names", ("bits from", "of the same", "of others", "proves"), evidence(words))
        return
    lines = []
    for size in given.sizes:
        listed = Listed(words, size)
        put = list(asked(words, listed, EACH, ABSENT))
        if given.places:
            heads = ("candidates", "recall by name alone", "CPU ms to compare them")
            told(f"{size:,} persons, {len(put) - ABSENT} questions", heads, places(listed, put))
            continue
        rows: list[tuple[object, ...]] = []
        for known in KNOWN:
            found = {aim: rates(listed, put, known, purpose) for aim, purpose in PURPOSES.items()}
            rows.append((known, *(f"{rate:.4f}" for aim in PURPOSES for rate in found[aim])))
            lines.append(_written(size, known, found))
        columns = ("known", *(f"{PURPOSES[aim]}: {what}" for aim in PURPOSES for what in ("missed", "told a question")))
        told(f"{size:,} persons, {len(put) - ABSENT} questions about them, {ABSENT} about others", columns, rows)
    if given.write:
        _write(lines)


def _written(size: int, known: str, found: dict[Aim, Rates]) -> str:
    rows = [f"{aim} = {{ misses = {one.misses:.4f}, false = {one.false:.4f} }}" for aim, one in found.items()]
    return "\n".join((f"[measured.{known}.{size}]", *rows))


def _write(measured: Sequence[str]) -> None:
    path = Path(str(files("comity.matching") / "tables" / "thresholds.toml"))
    stated = path.read_text(encoding="utf-8").partition(RATES)[0]
    about = f"{RATES}: `misses` of the questions about somebody in a collection of so many\n"
    about += "# fictitious persons; `false`: how many are told of for a question about somebody who is not in it.\n"
    path.write_text(stated + about + "\n" + "\n\n".join(measured) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
