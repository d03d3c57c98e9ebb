"""Every name on the list of the United Nations, in every script, looked for in the whole list through the real index.

Names in other scripts than Latin are taken out of the list before they are asked for: what finds them is what they
sound like. Nothing in the product was learned from this list. Invented names show how many are reported for nothing.
"""

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from math import log2
from pathlib import Path
from typing import NamedTuple

import msgspec

from benchmarks.figures import console, told
from comity.cli import screening
from comity.cli.screening import POOL, Hit, PersonList
from comity.domain.person import Name, Person
from comity.domain.purpose import Purpose
from comity.formats import un_list
from comity.matching.thresholds import prior, report_from
from comity.matching.writing import Script, script_of
from comity.testing import fictitious

SAMPLE = Path(os.environ.get("COMITY_SAMPLE_DATA", Path(__file__).parents[2] / "shared" / "data"))
LIST = SAMPLE / "sanctions" / "un_consolidated.xml"
BEST = 50
INVENTED = 400
ASKED_FOR = Purpose.CRIMINAL_INVESTIGATION
PURPOSES = (Purpose.BORDER_CONTROL, ASKED_FOR)


class Asked(NamedTuple):
    """One name that was asked for, and what came of it."""

    name: str
    script: Script
    place: int  # in the list, of the one meant; -1 for an invented name
    hits: list[Hit]

    def found(self) -> bool:
        """Among the BEST."""
        return any(hit.id == self.place for hit in self.hits)

    def first(self) -> bool:
        return bool(self.hits) and self.hits[0].id == self.place

    def told(self, purpose: Purpose) -> set[object]:
        """Who is reported: the prior of the purpose in place of the one that was asked with."""
        least = log2(report_from(purpose) / (1 - report_from(purpose)))
        more = prior(0, purpose) - prior(0, ASKED_FOR)
        return {hit.id for hit in self.hits if hit.bits + more >= least}

    def reported(self, purpose: Purpose) -> bool:
        return self.place in self.told(purpose)

    def others(self, purpose: Purpose) -> int:
        """Persons reported who were not meant."""
        return len(self.told(purpose) - {self.place})


def main() -> None:
    if not LIST.exists():
        console.print("left out: the list is not here; set COMITY_SAMPLE_DATA to the folder of the sample data")
        return
    people = listed()
    with tempfile.TemporaryDirectory() as folder:
        asked = search_all(people, Path(folder))
    for purpose in PURPOSES:
        tell(asked, len(people), purpose)


def listed() -> list[Person]:
    return [row.subject for row in un_list.read(LIST) if isinstance(row.subject, Person)]


def search_all(people: Sequence[Person], folder: Path, every: int = 1) -> list[Asked]:
    """Latin names in the list as it is; the others in the list without them; invented names in the list as it is.

    All, or those of every so many persons.
    """
    whole = opened(people, folder / "whole")
    latin_only = [_with(one, [name for name in one.names if script(name.full) is Script.LATIN]) for one in people]
    latin = opened(latin_only, folder / "latin")
    asked = [
        Asked(name.full, of, place, ask(whole if of is Script.LATIN else latin, name.full))
        for place, one in list(enumerate(people))[::every]
        for name in one.names
        if (of := script(name.full)) is Script.LATIN or latin_only[place].names
    ]
    asked += [Asked(name, Script.LATIN, -1, ask(whole, name)) for name in list(invented())[::every]]
    whole.close()
    latin.close()
    return asked


def opened(people: Iterable[Person], folder: Path) -> PersonList:
    """A list with its index; the id of each is the place in the list."""
    folder.mkdir()
    file = folder / "records.jsonl"
    lines = ({"reference": place, "subject": person} for place, person in enumerate(people) if person.names)
    file.write_bytes(b"".join(msgspec.json.encode(line) + b"\n" for line in lines))
    screening.indexed(file, folder / "index", 1, lambda _: None)
    return PersonList(folder / "index", ASKED_FOR)


def ask(one: PersonList, name: str) -> list[Hit]:
    return one.hits(Person(names=(Name(full=name),)), BEST, POOL, explain=False)


def invented() -> Iterator[str]:
    for line in fictitious.make("nominals", INVENTED, 11, "XA"):
        yield msgspec.json.decode(line)["subject"]["names"][0]["full"]


def script(name: str) -> Script:
    """Of the first letter that is not Latin; of most names, of all letters."""
    scripts = [script_of(letter) for letter in name if letter.isalpha()]
    return next((one for one in scripts if one is not Script.LATIN), Script.LATIN)


def _with(person: Person, names: Sequence[Name]) -> Person:
    return msgspec.structs.replace(person, names=tuple(names))


def tell(asked: Sequence[Asked], count: int, purpose: Purpose) -> None:
    meant = [one for one in asked if one.place >= 0]
    rows = [
        _row(one.value, [each for each in meant if each.script is one], purpose)
        for one in Script
        if any(each.script is one for each in meant)
    ]
    rows.append(_row("all", meant, purpose))
    columns = ("script", "names asked", f"in first {BEST}", "first", "reported", "others reported a name")
    told(f"the UN list, {count} persons, {purpose}, reported from {report_from(purpose):g}", columns, rows)
    nobody = [one for one in asked if one.place < 0]
    wrong = share(nobody, lambda one: one.others(purpose) > 0)
    console.print(f"invented names: {len(nobody)}, for which anybody was reported: {wrong:.2%}")


def _row(name: str, asked: Sequence[Asked], purpose: Purpose) -> tuple[str, int, str, str, str, float]:
    return (
        name,
        len(asked),
        f"{share(asked, Asked.found):.3f}",
        f"{share(asked, Asked.first):.3f}",
        f"{share(asked, lambda one: one.reported(purpose)):.3f}",
        sum(one.others(purpose) for one in asked) / len(asked),
    )


def share(asked: Sequence[Asked], what: Callable[[Asked], bool]) -> float:
    """Of these names, those for which that holds."""
    return sum(map(what, asked)) / len(asked) if asked else 0.0


if __name__ == "__main__":
    main()
