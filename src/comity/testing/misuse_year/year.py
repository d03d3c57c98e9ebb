"""The year itself: all entries in their order, who is who, and what was planted."""

import random
from collections.abc import Iterator

from comity.domain.caller import Account
from comity.domain.journal import Entry
from comity.domain.site import Site
from comity.testing.misuse_year.cases import Cases
from comity.testing.misuse_year.duty import Duty
from comity.testing.misuse_year.lines import FIRST_DAY, Pen
from comity.testing.misuse_year.people import WEEK_SECONDS, Bureau
from comity.testing.misuse_year.planted import Planted, Planting


class Year:
    """The same for the same seed. Walk through `entries` once; `planted` is complete then."""

    def __init__(self, seed: int, scale: float = 1.0, weeks: int = 52, of_each: int = 10) -> None:
        """`scale` 1.0 is 1,000 officers; `of_each` kind of misuse so many are planted."""
        draw = random.Random(f"misuse/{seed}")
        self.weeks = weeks
        self.pen = Pen()
        self.bureau = Bureau(draw, scale, weeks)
        cases = Cases(self.bureau, draw, weeks)
        self.duty = Duty(self.bureau, cases, self.pen, draw, weeks, scale)
        self.planting = Planting(self.bureau, cases, self.duty, self.pen, draw, weeks, of_each)

    @property
    def accounts(self) -> list[Account]:
        return [officer.account for officer in self.bureau.officers]

    @property
    def sites(self) -> list[Site]:
        return self.bureau.sites

    @property
    def honey(self) -> dict[str, float]:
        """Records of nobody that are bait, all year."""
        return {one.record: FIRST_DAY.timestamp() for one in self.planting.bait}

    @property
    def planted(self) -> list[Planted]:
        return self.planting.every

    def entries(self) -> Iterator[Entry]:
        for week in range(self.weeks):
            self.duty.week(week)
            self.planting.week(week)
            yield from self.pen.until((week + 1) * WEEK_SECONDS)
