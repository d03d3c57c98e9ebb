"""Lawful work, week by week, with all that is odd about it: incidents, swapped shifts, trainees, long lists."""

import math
import random
from typing import NamedTuple

from comity.domain.ids import derived_id
from comity.domain.journal import Act
from comity.domain.purpose import Purpose
from comity.testing.misuse_year.cases import Case, Cases
from comity.testing.misuse_year.lines import Pen, Sought, document, person, vehicle
from comity.testing.misuse_year.people import DAY_SECONDS, HOUR_SECONDS, Bureau, Officer, Somebody, Work, shift

Span = tuple[float, float]  # seconds since the first day


class Incident(NamedTuple):
    """For some days a few units do nothing else, longer than their shifts, and others are called in."""

    first_day: int
    last_day: int
    units: frozenset[str]
    factor: float
    case: str
    people: list[Somebody]


class Duty:
    def __init__(self, bureau: Bureau, cases: Cases, pen: Pen, draw: random.Random, weeks: int, scale: float) -> None:
        self.bureau = bureau
        self.cases = cases
        self.pen = pen
        self.draw = draw
        self.incidents = [self._incident(place, weeks) for place in range(max(1, weeks // 8))]
        # Weeks in which the registry clears up after a judgment or the end of a retention.
        self.campaigns = frozenset(draw.sample(range(weeks), max(1, weeks // 17)))
        self.batches_a_week = 0.5 * scale  # of stolen blanks, whose numbers somebody checks one by one
        self.shifts_of_week: dict[str, list[Span]] = {}
        self._incident_number = 0
        self._sites = [one.name for one in bureau.sites]
        self._seconded: dict[str, str] = {}  # officer: the site at which they work this week

    def week(self, week: int) -> None:
        draw, self.shifts_of_week = self.draw, {}
        for officer in self.bureau.officers:
            spans: list[Span] = []
            swapped = draw.choice(_SWAPS) * HOUR_SECONDS if draw.random() < 0.02 else 0
            self._seconded[officer.account.id] = draw.choice(self._sites) if draw.random() < 0.01 else ""
            for day in range(week * 7, week * 7 + 7):
                if self.bureau.here(officer, day):
                    once = draw.choice(_SWAPS) * HOUR_SECONDS if draw.random() < 0.01 else 0
                    self._day(officer, day, swapped or once, spans)
            self.shifts_of_week[officer.account.id] = spans
        for _ in range(poisson(draw, self.batches_a_week)):
            self._stolen_batch()

    # -- one day ------------------------------------------------------------------------------------------------------

    def _day(self, officer: Officer, day: int, swapped: int, spans: list[Span]) -> None:
        draw, incident = self.draw, self._under_way(day)
        planned = shift(officer, day)
        if planned is None:
            if incident is not None and draw.random() < (0.3 if officer.unit.name in incident.units else 0.02):
                called = day * DAY_SECONDS + draw.randrange(20) * HOUR_SECONDS
                self._span(officer, day, (called, called + 8 * HOUR_SECONDS), incident, spans)
            elif officer.unit.work is Work.DETECTIVES and draw.random() < 0.015:
                self._called_out(officer, day)
            return
        if draw.random() < 0.04:  # ill, in court, on a course
            return
        begin, end = (float(day * DAY_SECONDS + edge + swapped) for edge in planned)
        if draw.random() < 0.04:
            end += draw.uniform(0.5, 4) * HOUR_SECONDS
        if incident is not None and officer.unit.name in incident.units:
            end += 4 * HOUR_SECONDS
        self._span(officer, day, (max(0.0, begin), end), incident, spans)
        if officer.unit.work is Work.DETECTIVES and draw.random() < 0.008:
            self._called_out(officer, day)

    def _span(self, officer: Officer, day: int, span: Span, incident: Incident | None, spans: list[Span]) -> None:
        """What one does in one shift."""
        spans.append(span)
        draw = self.draw
        helping = incident is not None and (officer.unit.name in incident.units or draw.random() < 0.03)
        learning = 1.6 if self.bureau.trainee(officer, day) else 1.0
        count = poisson(draw, officer.pace * learning * (span[1] - span[0]) / (8 * HOUR_SECONDS))
        if helping and incident is not None:
            for _ in range(poisson(draw, officer.pace * incident.factor)):
                sought = self._in_incident(incident)
                self._ask(officer, self._at(span), sought, Purpose.CRIMINAL_INVESTIGATION, incident.case)
        _WORK[officer.unit.work](self, officer, day, span, count)

    def _at(self, span: Span) -> float:
        return self.draw.uniform(*span)

    def _site(self, officer: Officer) -> str:
        if officer.remote and self.draw.random() < 0.05:
            return "headquarters"
        return self._seconded[officer.account.id] or officer.unit.site

    def _ask(self, officer: Officer, at: float, sought: Sought, purpose: Purpose, case: str) -> None:
        """Ask, and follow a hit up as far as this officer, or a colleague in their place, does so."""
        draw = self.draw
        id_ = self.pen.lookup(officer, at, sought, purpose, case, self._site(officer))
        if not sought.record or draw.random() > officer.diligence:
            return
        by = officer if draw.random() < 0.85 else draw.choice(self.bureau.by_unit[officer.unit.name])
        act = draw.choice((Act.HIT_CONFIRMATION_REQUESTED, Act.HIT_CONFIRMATION_REQUESTED, Act.CASE_CHANGED))
        later = min(draw.expovariate(1 / (6 * HOUR_SECONDS)), 5 * DAY_SECONDS) + 120
        self.pen.act(by, at + later, act, derived_id("hit", id_), purpose, case)

    # -- what each kind of unit does ----------------------------------------------------------------------------------

    def _border(self, officer: Officer, day: int, span: Span, count: int) -> None:
        draw = self.draw
        case = f"{officer.unit.name}/b{day}-{int(span[0] % DAY_SECONDS) // HOUR_SECONDS}"
        for _ in range(count):
            at = self._at(span)
            if draw.random() < 0.7:
                self._document(officer, day, at, case)
            else:
                self._ask(officer, at, person(draw.choice(self.bureau.population)), Purpose.BORDER_CONTROL, case)
        if draw.random() < 0.05:
            one = draw.choice(self.bureau.population)
            self._ask(officer, self._at(span), person(one), Purpose.WANTED_PERSONS, f"{case}-2")

    def _document(self, officer: Officer, day: int, at: float, case: str) -> None:
        draw = self.draw
        number = draw.randrange(10**7)
        record = derived_id("document", str(number)) if draw.random() < 0.01 else ""
        if draw.random() < (0.15 if self.bureau.trainee(officer, day) else 0.03):  # misread, and once more
            misread = number // 10 * 10 + draw.randrange(10)
            self._ask(officer, at - 30, document(f"BE{misread:07d}"), Purpose.BORDER_CONTROL, case)
        self._ask(officer, at, document(f"BE{number:07d}", record), Purpose.BORDER_CONTROL, case)

    def _patrol(self, officer: Officer, day: int, span: Span, count: int) -> None:
        draw = self.draw
        while count > 0:
            if draw.random() < 0.2 and (own := self.cases.of(officer, day)):
                self._in_case(officer, span, draw.choice(own))
                count -= 1
                continue
            self._incident_number += 1
            case, at = f"{officer.unit.name}/p{self._incident_number:06d}", self._at(span)
            purpose = draw.choices(_ON_PATROL, _ON_PATROL_SHARES)[0]
            for _ in range(min(count, draw.choice((1, 1, 2, 2, 3)))):
                self._ask(officer, at, self._met(officer), purpose, case)
                at += draw.uniform(20, 400)
                count -= 1

    def _met(self, officer: Officer) -> Sought:
        draw = self.draw
        if draw.random() < 0.45:
            return vehicle(f"B{draw.randrange(10**6):06d}")
        regular = draw.random() < 0.25
        return person(draw.choice(self.bureau.regulars[officer.unit.name] if regular else self.bureau.population))

    def _detective(self, officer: Officer, day: int, span: Span, count: int) -> None:
        draw, own = self.draw, self.cases.of(officer, day)
        for _ in range(count if own else count // 2):
            self._in_case(officer, span, draw.choice(own) if own else self.cases.elsewhere(officer, day))
        if own and draw.random() < 0.6:
            one = draw.choice(own)
            self.pen.act(officer, self._at(span), Act.CASE_SHOWN, derived_id("case", one.number), case=one.number)
        if draw.random() < 0.012:  # before a trial: everybody of an old case once more
            over = [one for one in self.cases.every if officer in one.officers and one.last_day < day]
            for one in draw.sample(over, min(2, len(over))):
                for somebody in one.people:
                    self._ask(officer, self._at(span), person(somebody), one.purpose(draw), one.number)
        if draw.random() < 0.02:
            self._withdraw(officer, self._at(span))

    def _in_case(self, officer: Officer, span: Span, case: Case) -> None:
        draw = self.draw
        if draw.random() < 0.1:
            case.people.append(draw.choice(self.bureau.population))
        if case.plates and draw.random() < 0.25:
            sought = vehicle(draw.choice(case.plates))
        else:
            sought = person(draw.choice(case.people), draw.random() < 0.8)
        self._ask(officer, self._at(span), sought, case.purpose(draw), case.number)

    def _desk(self, officer: Officer, day: int, span: Span, count: int) -> None:
        draw = self.draw
        for _ in range(count):
            self._in_case(officer, span, self.cases.elsewhere(officer, day))
        for _ in range(poisson(draw, 0.5)):
            act = Act.HIT_DENIED if draw.random() < 0.3 else Act.HIT_CONFIRMED
            self.pen.act(officer, self._at(span), act, derived_id("asked of us", str(draw.random())))
        if draw.random() < 0.02:
            self._withdraw(officer, self._at(span))

    def _analyst(self, officer: Officer, day: int, span: Span, count: int) -> None:
        draw = self.draw
        project = f"analysis/{day // 30}-{officer.team % 4}"
        at = self._at(span)
        if draw.random() < 0.07:  # a whole list
            for one in draw.sample(self.bureau.population, draw.randrange(20, 160)):
                self.pen.lookup(officer, at, person(one), Purpose.ANALYSIS, project, officer.unit.site)
                at += 0.05
        for _ in range(count):
            one = draw.choice(self.bureau.population)
            self._ask(officer, self._at(span), person(one), Purpose.ANALYSIS, project)

    def _registrar(self, officer: Officer, day: int, span: Span, count: int) -> None:
        draw = self.draw
        for _ in range(poisson(draw, 14.0 if day // 7 in self.campaigns else 1.6)):
            self._withdraw(officer, self._at(span))
        for _ in range(count):
            self._in_case(officer, span, self.cases.elsewhere(officer, day))

    def _headquarters(self, officer: Officer, day: int, span: Span, count: int) -> None:
        for _ in range(count):
            self._in_case(officer, span, self.cases.elsewhere(officer, day))

    def _withdraw(self, officer: Officer, at: float) -> None:
        self.pen.act(officer, at, Act.RECORD_WITHDRAWN, derived_id("own record", str(self.draw.random())))

    # -- what happens now and then ------------------------------------------------------------------------------------

    def _called_out(self, officer: Officer, day: int) -> None:
        """At night, for an hour, to a case of one's own or a new one."""
        draw, own = self.draw, self.cases.of(officer, day)
        case = draw.choice(own) if own else self.cases.elsewhere(officer, day)
        begin = day * DAY_SECONDS + draw.choice((0, 1, 2, 4, 20, 21, 22, 23)) * HOUR_SECONDS
        for _ in range(draw.randrange(1, 6)):
            self._in_case(officer, (begin, begin + HOUR_SECONDS), case)

    def _stolen_batch(self) -> None:
        """A series of blanks was stolen: somebody at the border, or at a desk, looks its numbers up."""
        draw = self.draw
        officer = draw.choice([one for one in self.bureau.officers if one.unit.work in _LOOKS_BATCHES_UP])
        if spans := self.shifts_of_week[officer.account.id]:
            span, first = draw.choice(spans), draw.randrange(10**7 - 100)
            at, case = self._at(span), f"{officer.unit.name}/s{first}"
            for number in range(first, first + draw.randrange(6, 50)):
                self.pen.lookup(officer, at, document(f"BE{number:07d}"), Purpose.IDENTIFY, case, officer.unit.site)
                at += draw.uniform(5, 60)

    def _incident(self, place: int, weeks: int) -> Incident:
        draw = self.draw
        first, units = draw.randrange(weeks * 7), [one.name for one in self.bureau.units if one.work in _IN_INCIDENTS]
        return Incident(
            first_day=first,
            last_day=first + draw.randrange(4),
            units=frozenset(draw.sample(units, min(len(units), draw.randrange(2, 6)))),
            factor=draw.uniform(1.5, 5.0),
            case=f"incident/{place}",
            people=draw.sample(self.bureau.population, 150),
        )

    def _under_way(self, day: int) -> Incident | None:
        return next((one for one in self.incidents if one.first_day <= day <= one.last_day), None)

    def _in_incident(self, incident: Incident) -> Sought:
        draw = self.draw
        if draw.random() < 0.3:
            return vehicle(f"B{draw.randrange(10**6):06d}")
        return person(draw.choice(incident.people))


def poisson(draw: random.Random, mean: float) -> int:
    """By Knuth below 30, by the bell curve above."""
    if mean > 30:
        return max(0, round(draw.gauss(mean, math.sqrt(mean))))
    count, product, least = 0, draw.random(), math.exp(-mean)
    while product > least:
        count += 1
        product *= draw.random()
    return count


_SWAPS = (-8, 8, 12)  # hours
_ON_PATROL = (Purpose.IDENTIFY, Purpose.LOCATE, Purpose.WANTED_PERSONS, Purpose.CRIMINAL_INVESTIGATION, Purpose.WARN)
_ON_PATROL_SHARES = (55, 12, 12, 18, 3)
_IN_INCIDENTS = frozenset({Work.BORDER, Work.PATROL, Work.DETECTIVES, Work.DESK})
_LOOKS_BATCHES_UP = frozenset({Work.BORDER, Work.DESK, Work.DETECTIVES})
_WORK = {
    Work.BORDER: Duty._border,
    Work.PATROL: Duty._patrol,
    Work.DETECTIVES: Duty._detective,
    Work.DESK: Duty._desk,
    Work.ANALYSIS: Duty._analyst,
    Work.REGISTRY: Duty._registrar,
    Work.HEADQUARTERS: Duty._headquarters,
}
