"""The cases of a fictitious bureau: what they are about, who works on them, whom they concern."""

import random
from typing import NamedTuple

from comity.domain.purpose import Purpose
from comity.testing.misuse_year.people import Bureau, Officer, Somebody, Unit, Work

# about: (share of cases, purposes with their shares)
MATTERS: dict[str, tuple[int, dict[Purpose, int]]] = {
    "theft": (40, {Purpose.CRIMINAL_INVESTIGATION: 82, Purpose.IDENTIFY: 12, Purpose.LOCATE: 6}),
    "violence": (20, {Purpose.CRIMINAL_INVESTIGATION: 75, Purpose.WANTED_PERSONS: 15, Purpose.WARN: 10}),
    "fugitive": (10, {Purpose.WANTED_PERSONS: 80, Purpose.LOCATE: 20}),
    "missing": (10, {Purpose.LOCATE: 80, Purpose.IDENTIFY: 20}),
    "fraud": (14, {Purpose.CRIMINAL_INVESTIGATION: 85, Purpose.FORENSICS: 8, Purpose.IDENTIFY: 7}),
    "event": (6, {Purpose.SECURITY_CHECK: 95, Purpose.IDENTIFY: 5}),
}


class Case(NamedTuple):
    number: str
    unit: Unit
    purposes: tuple[tuple[Purpose, ...], tuple[int, ...]]
    people: list[Somebody]
    plates: list[str]
    officers: list[Officer]
    first_day: int
    last_day: int

    def purpose(self, draw: random.Random) -> Purpose:
        return draw.choices(*self.purposes)[0]


class Cases:
    """Opened all year round; `of(officer, day)` are those that are under way."""

    def __init__(self, bureau: Bureau, draw: random.Random, weeks: int) -> None:
        self.bureau = bureau
        self.draw = draw
        self.every: list[Case] = []
        self._of: dict[str, list[Case]] = {}
        self._families: dict[str, list[list[Somebody]]] = {}
        for unit in bureau.units:
            rate = _OPENED_EACH_WEEK.get(unit.work, 0.0) * len(bureau.by_unit[unit.name])
            # Those that were open before the year began.
            for week in range(-8, weeks):
                for _ in range(int(rate) + (draw.random() < rate % 1)):
                    self._open(unit, week * 7 + draw.randrange(7))

    def of(self, officer: Officer, day: int) -> list[Case]:
        return [one for one in self._of.get(officer.account.id, ()) if one.first_day <= day <= one.last_day]

    def elsewhere(self, officer: Officer, day: int) -> Case:
        """Any case of any unit that is under way."""
        while True:
            one = self.draw.choice(self.every)
            if one.first_day <= day <= one.last_day and officer not in one.officers:
                return one

    def _open(self, unit: Unit, day: int) -> None:
        draw = self.draw
        about = draw.choices(list(MATTERS), [share for share, _ in MATTERS.values()])[0]
        shares = MATTERS[about][1]
        staff = self.bureau.by_unit[unit.name]
        case = Case(
            number=f"{unit.name}/{len(self.every):05d}",
            unit=unit,
            purposes=(tuple(shares), tuple(shares.values())),
            people=self._people(unit, about),
            plates=[f"B{draw.randrange(10**6):06d}" for _ in range(draw.randrange(3))],
            officers=draw.sample(staff, min(len(staff), draw.choice((1, 1, 2, 2, 3, 4)))),
            first_day=day,
            last_day=day + int(min(300, draw.lognormvariate(3.2, 0.9))) + 2,
        )
        self.every.append(case)
        for officer in case.officers:
            self._of.setdefault(officer.account.id, []).append(case)

    def _people(self, unit: Unit, about: str) -> list[Somebody]:
        """Mostly strangers and regulars; one family in case after case of some units; of an event, a list."""
        draw, bureau = self.draw, self.bureau
        if about == "event":
            return draw.sample(bureau.population, draw.randrange(20, 120))
        if unit.work is Work.DETECTIVES and draw.random() < 0.15:
            known = self._families.setdefault(unit.name, [])
            if len(known) < 3:
                head = draw.choice(bureau.population)
                known.append(
                    [
                        head._replace(number=10**6 + len(self.every) * 20 + at, given=one.given, birth=one.birth)
                        for at, one in enumerate(draw.sample(bureau.population, 9))
                    ]
                )
            return draw.sample(draw.choice(known), draw.randrange(3, 8))
        found = draw.sample(bureau.population, draw.randrange(1, 5))
        if draw.random() < 0.4:
            found.append(draw.choice(bureau.regulars[unit.name]))
        if draw.random() < 0.004:  # an officer of the bureau as victim or witness
            found.append(draw.choice(bureau.officers).self_)
        return found


_OPENED_EACH_WEEK = {Work.DETECTIVES: 0.22, Work.PATROL: 0.06, Work.DESK: 0.05}  # for each officer
