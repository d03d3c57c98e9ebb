"""Misuse as it is planted: ten kinds after what police of several countries have been convicted of."""

import random
from collections.abc import Callable
from enum import StrEnum

from comity.domain.journal import Act
from comity.domain.purpose import Purpose
from comity.testing.misuse_year.cases import Cases
from comity.testing.misuse_year.duty import Duty, poisson
from comity.testing.misuse_year.lines import Pen, Sought, document, person, vehicle
from comity.testing.misuse_year.people import (
    DAY_SECONDS,
    HOUR_SECONDS,
    WEEK_SECONDS,
    Bureau,
    Officer,
    Somebody,
    Work,
)


class Kind(StrEnum):
    STALKING = "stalking"  # one private person, for months, under whatever case is at hand
    KIN = "kin"  # relatives, colleagues, oneself
    BROKER = "broker"  # sells what is held of strangers
    ENUMERATION = "enumeration"  # walks through numbers, or through everybody of a name
    OFF_SHIFT = "off-shift"  # browses from home, in the night, on days off
    VETTING = "vetting"  # checks applicants for a private firm as security checks
    DORMANT = "dormant"  # an account that slept, in somebody else's hands
    REMOVALS = "removals"  # is paid to have records withdrawn and hits denied
    TIP_OFF = "tip-off"  # tells the wanted that they are wanted
    LENT_ACCOUNT = "lent-account"  # two people in two towns work under one name


class Planted:
    """One officer's misuse: of which kind, in which weeks it shows, by how many acts."""

    def __init__(self, kind: Kind, officer: Officer) -> None:
        self.kind = kind
        self.officer = officer
        self.weeks: set[int] = set()
        self.acts = 0


class Planting:
    """Chooses who misuses, and writes it down among the lawful work of each week."""

    def __init__(
        self, bureau: Bureau, cases: Cases, duty: Duty, pen: Pen, draw: random.Random, weeks: int, of_each: int
    ) -> None:
        self.bureau = bureau
        self.cases = cases
        self.duty = duty
        self.pen = pen
        self.draw = draw
        self.every: list[Planted] = []
        self.bait = [_bait(draw, number) for number in range(40)]
        self._acts: dict[int, list[Callable[[], None]]] = {}
        free = [one for one in bureau.officers if one.joined_week < 0]
        draw.shuffle(free)
        for kind in Kind:
            for _ in range(of_each):
                chosen = next(one for one in free if one.unit.work in _WHO[kind])
                free.remove(chosen)
                self._plant(Planted(kind, chosen), weeks)

    def week(self, week: int) -> None:
        for act in self._acts.pop(week, ()):
            act()

    # -- how it is spread ---------------------------------------------------------------------------------------------

    def _plant(self, planted: Planted, weeks: int) -> None:
        draw = self.draw
        least, most = _LASTS_WEEKS[planted.kind]
        lasts = draw.randint(min(least, weeks // 2), min(most, weeks // 2))
        first = draw.randrange(min(10, weeks // 3), weeks - lasts)
        self.every.append(planted)
        begin = {
            Kind.STALKING: self._stalking,
            Kind.KIN: self._kin,
            Kind.BROKER: self._broker,
            Kind.ENUMERATION: self._enumeration,
            Kind.OFF_SHIFT: self._off_shift,
            Kind.VETTING: self._vetting,
            Kind.DORMANT: self._dormant,
            Kind.REMOVALS: self._removals,
            Kind.TIP_OFF: self._tip_off,
            Kind.LENT_ACCOUNT: self._lent,
        }[planted.kind]
        if planted.kind is Kind.DORMANT:
            # Nobody used it for two months and more; then somebody does.
            planted.officer.away.append((max(0, first - draw.randint(9, 26)) * 7, first * 7 + 7 * lasts + 14))
        weekly = begin(planted)
        for week in range(first, first + lasts):
            self._acts.setdefault(week, []).append(lambda week=week: weekly(week))  # type: ignore[misc]

    def _note(self, planted: Planted, at: float) -> None:
        planted.weeks.add(int(at // WEEK_SECONDS))
        planted.acts += 1

    def _ask(self, planted: Planted, at: float, sought: Sought, purpose: Purpose, case: str, site: str = "") -> None:
        self.pen.lookup(planted.officer, at, sought, purpose, case, site or planted.officer.unit.site)
        self._note(planted, at)

    def _on_shift(self, planted: Planted, week: int) -> float | None:
        spans = self.duty.shifts_of_week[planted.officer.account.id]
        return self.draw.uniform(*self.draw.choice(spans)) if spans else None

    def _cover(self, officer: Officer, at: float) -> tuple[Purpose, str]:
        """A case that is at hand: one's own, an invented incident, or one of somebody else."""
        draw, own = self.draw, self.cases.of(officer, int(at // DAY_SECONDS))
        if own and draw.random() < 0.7:
            case = draw.choice(own)
            return case.purpose(draw), case.number
        if officer.unit.work is Work.BORDER:
            return Purpose.BORDER_CONTROL, f"{officer.unit.name}/b{int(at // DAY_SECONDS)}-{draw.choice((6, 14, 22))}"
        if officer.unit.work is Work.PATROL:
            return Purpose.IDENTIFY, f"{officer.unit.name}/p9{draw.randrange(10**5):05d}"
        case = self.cases.elsewhere(officer, int(at // DAY_SECONDS))
        return case.purpose(draw), case.number

    def _stranger(self) -> Sought:
        """Anybody; now and then somebody of whom everybody talks, which is a honey record."""
        if self.draw.random() < 0.02:
            return person(self.draw.choice(self.bait))
        return person(self.draw.choice(self.bureau.population))

    # -- the kinds ----------------------------------------------------------------------------------------------------

    def _stalking(self, planted: Planted) -> Callable[[int], None]:
        draw = self.draw
        target, plate = draw.choice(self.bureau.population), f"B{draw.randrange(10**6):06d}"
        rate = draw.uniform(0.8, 3.5)

        def weekly(week: int) -> None:
            for _ in range(poisson(draw, rate)):
                if (at := self._on_shift(planted, week)) is not None:
                    sought = vehicle(plate) if draw.random() < 0.25 else person(target)
                    self._ask(planted, at, sought, *self._cover(planted.officer, at))

        return weekly

    def _kin(self, planted: Planted) -> Callable[[int], None]:
        draw, officer = self.draw, planted.officer
        colleagues = [one.self_ for one in draw.sample(self.bureau.by_unit[officer.unit.name], 4)]
        circle = [officer.self_, *officer.relatives, *colleagues]
        rate = draw.uniform(1.5, 5.0)

        def weekly(week: int) -> None:
            for _ in range(max(1, poisson(draw, rate))):
                if (at := self._on_shift(planted, week)) is not None:
                    self._ask(planted, at, person(draw.choice(circle)), *self._cover(officer, at))

        return weekly

    def _broker(self, planted: Planted) -> Callable[[int], None]:
        draw, officer = self.draw, planted.officer
        rate, kept = draw.uniform(8, 30), [""]
        purpose = [Purpose.IDENTIFY]

        def weekly(week: int) -> None:
            for _ in range(poisson(draw, rate)):
                if (at := self._on_shift(planted, week)) is not None:
                    if not kept[0] or draw.random() < 0.1:
                        purpose[0], kept[0] = self._cover(officer, at)
                    sought = vehicle(f"B{draw.randrange(10**6):06d}") if draw.random() < 0.4 else self._stranger()
                    self._ask(planted, at, sought, purpose[0], kept[0])

        return weekly

    def _enumeration(self, planted: Planted) -> Callable[[int], None]:
        draw, officer = self.draw, planted.officer
        by_name = draw.random() < 0.3

        def weekly(week: int) -> None:
            at = self._on_shift(planted, week)
            if at is None:
                return
            purpose, case = self._cover(officer, at)
            family = draw.choice(self.bureau.population).family
            number, count = draw.randrange(10**6), draw.randint(10, 50)
            for one in draw.sample(self.bureau.population, count):
                number += draw.choice((1, 1, 1, 2, 3))
                if by_name:
                    sought = person(one._replace(family=family), with_birth=False)
                else:
                    sought = (
                        document(f"BE{number:07d}") if officer.unit.work is Work.BORDER else vehicle(f"B{number:06d}")
                    )
                self._ask(planted, at, sought, purpose, case)
                at += draw.uniform(8, 90)

        return weekly

    def _off_shift(self, planted: Planted) -> Callable[[int], None]:
        draw, officer = self.draw, planted.officer

        def weekly(week: int) -> None:
            at = self._free_moment(planted, week)
            for _ in range(draw.randint(2, 8)):
                self._ask(planted, at, self._stranger(), *self._cover(officer, at))
                at += draw.uniform(20, 500)

        return weekly

    def _free_moment(self, planted: Planted, week: int) -> float:
        """At least two hours away from every shift."""
        draw, spans = self.draw, self.duty.shifts_of_week[planted.officer.account.id]
        while True:
            at = week * WEEK_SECONDS + draw.uniform(0, WEEK_SECONDS - HOUR_SECONDS)
            if all(at < begin - 2 * HOUR_SECONDS or at > end + 2 * HOUR_SECONDS for begin, end in spans):
                return at

    def _vetting(self, planted: Planted) -> Callable[[int], None]:
        draw, officer = self.draw, planted.officer
        rate = draw.uniform(4, 12)

        def weekly(week: int) -> None:
            for _ in range(poisson(draw, rate)):
                if (at := self._on_shift(planted, week)) is not None:
                    _, case = self._cover(officer, at)
                    self._ask(planted, at, self._stranger(), Purpose.SECURITY_CHECK, case)

        return weekly

    def _dormant(self, planted: Planted) -> Callable[[int], None]:
        draw, officer = self.draw, planted.officer

        def weekly(week: int) -> None:
            at = week * WEEK_SECONDS + draw.uniform(0, WEEK_SECONDS - DAY_SECONDS)
            for _ in range(draw.randint(4, 25)):
                self._ask(planted, at, self._stranger(), *self._cover(officer, at))
                at += draw.uniform(30, 3_000)

        return weekly

    def _removals(self, planted: Planted) -> Callable[[int], None]:
        draw, officer = self.draw, planted.officer

        def weekly(week: int) -> None:
            for _ in range(draw.choice((1, 1, 2, 2, 3))):
                if (at := self._on_shift(planted, week)) is not None:
                    one = draw.choice(self.bureau.population)._replace(wanted=True)
                    self._ask(planted, at, person(one), *self._cover(officer, at))
                    act = Act.HIT_DENIED if draw.random() < 0.3 else Act.RECORD_WITHDRAWN
                    self.pen.act(officer, at + draw.uniform(60, 900), act, one.record)
                    self._note(planted, at)

        return weekly

    def _tip_off(self, planted: Planted) -> Callable[[int], None]:
        draw, officer = self.draw, planted.officer
        rate, share = draw.uniform(3, 9), draw.uniform(0.35, 0.75)

        def weekly(week: int) -> None:
            for _ in range(poisson(draw, rate)):
                if (at := self._on_shift(planted, week)) is not None:
                    one = draw.choice(self.bureau.population)._replace(wanted=draw.random() < share)
                    self._ask(planted, at, person(one), *self._cover(officer, at))

        return weekly

    def _lent(self, planted: Planted) -> Callable[[int], None]:
        draw, officer = self.draw, planted.officer
        site = draw.choice([one.name for one in self.bureau.sites if one.name != officer.unit.site])

        def weekly(week: int) -> None:
            at = self._on_shift(planted, week)
            if at is None:
                return
            for _ in range(draw.randint(2, 10)):
                self._ask(planted, at, self._stranger(), *self._cover(officer, at), site=site)
                at += draw.uniform(30, 900)

        return weekly


def _bait(draw: random.Random, number: int) -> Somebody:
    """A person who does not exist and of whom everybody talks."""
    return Somebody(2 * 10**6 + number, f"Famous{number}", "Starfish", f"19{60 + draw.randrange(40)}-05-05", True)


_ANYBODY = frozenset({Work.BORDER, Work.PATROL, Work.DETECTIVES, Work.DESK})
_WHO = dict.fromkeys(Kind, _ANYBODY) | {
    Kind.REMOVALS: frozenset({Work.DETECTIVES, Work.DESK, Work.REGISTRY}),
    Kind.VETTING: frozenset({Work.BORDER, Work.PATROL, Work.DETECTIVES}),
    Kind.DORMANT: _ANYBODY | {Work.HEADQUARTERS},
}
# how many weeks it goes on, at least and at most
_LASTS_WEEKS = {
    Kind.STALKING: (4, 16),
    Kind.KIN: (1, 4),
    Kind.BROKER: (3, 12),
    Kind.ENUMERATION: (1, 3),
    Kind.OFF_SHIFT: (2, 6),
    Kind.VETTING: (2, 8),
    Kind.DORMANT: (1, 2),
    Kind.REMOVALS: (1, 6),
    Kind.TIP_OFF: (2, 8),
    Kind.LENT_ACCOUNT: (2, 6),
}
