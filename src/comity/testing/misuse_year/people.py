"""The officers of a fictitious bureau, their units and sites, and the people whom they meet."""

import random
from enum import StrEnum
from typing import NamedTuple

from comity.domain.caller import Account, Role
from comity.domain.ids import derived_id
from comity.domain.person import Sex
from comity.domain.site import Site
from comity.testing.fictitious import family_name, given_name

HOUR_SECONDS = 3_600
DAY_SECONDS = 24 * HOUR_SECONDS
WEEK_SECONDS = 7 * DAY_SECONDS
PERSONS = 60_000
REGULARS_PER_UNIT = 60  # whom every patrol meets again and again


class Work(StrEnum):
    """What a unit does all day."""

    BORDER = "border"
    PATROL = "patrol"
    DETECTIVES = "detectives"
    DESK = "desk"
    ANALYSIS = "analysis"
    REGISTRY = "registry"
    HEADQUARTERS = "headquarters"


# work: (units, officers in each, role, lookups in a shift)
STAFF = {
    Work.BORDER: (8, 36, Role.OFFICER, 4.5),
    Work.PATROL: (11, 34, Role.OFFICER, 3.0),
    Work.DETECTIVES: (8, 22, Role.OFFICER, 2.6),
    Work.DESK: (2, 22, Role.DUTY_OFFICER, 4.0),
    Work.ANALYSIS: (1, 20, Role.ANALYST, 2.0),
    Work.REGISTRY: (2, 16, Role.DUTY_OFFICER, 0.8),
    Work.HEADQUARTERS: (1, 40, Role.SUPERVISOR, 0.25),
}
ROUND_THE_CLOCK = frozenset({Work.BORDER, Work.PATROL, Work.DESK})


class Unit(NamedTuple):
    name: str
    work: Work
    site: str


class Somebody(NamedTuple):
    """One of the population: officers' relatives and officers themselves are among them."""

    number: int
    given: str
    family: str
    birth: str
    wanted: bool  # a record of theirs is held somewhere

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}"

    @property
    def record(self) -> str:
        return derived_id("record", str(self.number))


class Officer:
    """One account with the habits of whoever holds it."""

    def __init__(self, number: int, unit: Unit, role: Role, pace: float, draw: random.Random, self_: Somebody) -> None:
        self.unit = unit
        self.account = Account(
            id=derived_id("account", str(number)),
            login=f"o{number:04d}",
            name=self_.name,
            unit=unit.name,
            roles=frozenset({role}),
        )
        self.self_ = self_
        self.relatives: list[Somebody] = []
        self.pace = pace * draw.lognormvariate(0.0, 0.45)  # lookups in a shift
        self.diligence = draw.betavariate(9, 2)  # of hits, the share that is followed up
        self.team = draw.randrange(10)  # of the rota
        self.remote = draw.random() < 0.06  # sometimes works through the line of headquarters
        self.joined_week = -1  # before it: not there yet; for two months after it: a trainee
        self.away: list[tuple[int, int]] = []  # days of leave, from and until
        self.cases: list[int] = []


class Bureau:
    """Everybody, made from one seed. `scale` 1.0 is 1,000 officers."""

    def __init__(self, draw: random.Random, scale: float, weeks: int) -> None:
        self.draw = draw
        families = [family_name(draw).latin for _ in range(1_600)]
        # A few names are everywhere, most are rare.
        shares = [1.0 / (place + 12) for place in range(len(families))]
        chosen = draw.choices(families, shares, k=PERSONS)
        self.population = [self._somebody(number, family) for number, family in enumerate(chosen)]
        self.sites = _sites(draw)
        self.officers: list[Officer] = []
        self.units: list[Unit] = []
        for work, (units, size, role, pace) in STAFF.items():
            for place in range(max(1, round(units * scale)) if units > 1 else 1):
                unit = Unit(f"{work}-{place + 1}", work, draw.choice(self.sites[1:]).name)
                self.units.append(unit)
                people = size if units > 1 else max(6, round(size * scale))
                for _ in range(people):
                    self.officers.append(self._officer(unit, role, pace))
        self.by_unit = {unit.name: [one for one in self.officers if one.unit is unit] for unit in self.units}
        self.regulars = {unit.name: draw.sample(self.population, REGULARS_PER_UNIT) for unit in self.units}
        self._leave(weeks)

    def _somebody(self, number: int, family: str) -> Somebody:
        draw = self.draw
        birth = f"{1945 + draw.randrange(60)}-{1 + draw.randrange(12):02d}-{1 + draw.randrange(28):02d}"
        given = given_name(draw, draw.choice(_SEXES)).latin
        return Somebody(number, given, family, birth, draw.random() < 0.03)

    def _officer(self, unit: Unit, role: Role, pace: float) -> Officer:
        number = len(self.officers)
        officer = Officer(number, unit, role, pace, self.draw, self.population[number * 7])
        of_the_name = [one for one in self.population[number::997] if one.family == officer.self_.family]
        by_marriage = self.draw.sample(self.population, 3)
        officer.relatives = [
            Somebody(PERSONS + number * 4 + place, one.given, officer.self_.family, one.birth, False)
            for place, one in enumerate(self.draw.sample(self.population, 4))
        ]
        officer.relatives += of_the_name[:2] + by_marriage
        return officer

    def _leave(self, weeks: int) -> None:
        """Five weeks a year for everybody; months for some; some come late in the year."""
        draw = self.draw
        for officer in self.officers:
            days = weeks * 7
            for _ in range(max(1, round(3 * weeks / 52))):
                first = draw.randrange(days)
                officer.away.append((first, first + draw.choice((5, 7, 12, 14))))
            if draw.random() < 0.05:
                first = draw.randrange(days)
                officer.away.append((first, first + draw.randrange(8, 30) * 7))
            if draw.random() < 0.05:
                officer.joined_week = draw.randrange(weeks)

    def here(self, officer: Officer, day: int) -> bool:
        return day >= officer.joined_week * 7 and not any(first <= day < until for first, until in officer.away)

    def trainee(self, officer: Officer, day: int) -> bool:
        return officer.joined_week >= 0 and 0 <= day - officer.joined_week * 7 < 56


def shift(officer: Officer, day: int) -> tuple[int, int] | None:
    """By the rota: seconds of that day, from and until; None on a day off."""
    if officer.unit.work not in ROUND_THE_CLOCK:
        return (8 * HOUR_SECONDS, 17 * HOUR_SECONDS) if day % 7 < 5 else None
    # Two early, two late, two nights, four off.
    turn = (day + officer.team) % 10
    return None if turn >= 6 else (_FIRST_HOURS[turn // 2] * HOUR_SECONDS, (_FIRST_HOURS[turn // 2] + 8) * HOUR_SECONDS)


def _sites(draw: random.Random) -> list[Site]:
    towns = [
        Site(name=f"town-{place}", latitude=round(draw.uniform(44, 50), 3), longitude=round(draw.uniform(10, 18), 3))
        for place in range(12)
    ]
    return [Site(name="headquarters", latitude=47.0, longitude=14.0), *towns]


_FIRST_HOURS = (6, 14, 22)
_SEXES = (Sex.FEMALE, Sex.MALE)
