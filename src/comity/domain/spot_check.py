"""A spot check: entries of the journal that are drawn by lot, and what two people say of each."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from comity.domain import limits
from comity.domain.dates import Moment
from comity.domain.errors import Conflict, Missing, NotPermitted


class Draw(StrEnum):
    """How the lot falls."""

    RANDOM = "random"  # on each entry alike
    BY_RISK = "by-risk"  # the more there is that could be wrong, the likelier


class Verdict(StrEnum):
    """What a reviewer says of an entry."""

    LAWFUL = "lawful"
    DOUBTFUL = "doubtful"  # somebody has to ask further
    UNLAWFUL = "unlawful"


class Drawn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry on which the lot fell, by which weight, and what it has for that."""

    index: int
    weight: float
    reasons: tuple[str, ...]


class Judged(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A verdict. It holds once a second person agrees."""

    index: int
    verdict: Verdict
    note: str
    by: str
    at: Moment
    second: str = ""
    second_at: Moment | None = None


class SpotCheck(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`seed` (hex), days and size of the log make the same draw again."""

    id: str
    drawn_at: Moment
    drawn_by: str
    draw: Draw
    seed: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
    first_day: date
    last_day: date
    log_size: int
    population: int
    drawn: Annotated[tuple[Drawn, ...], Meta(max_length=limits.SPOT_CHECK_ENTRIES_MAX)]
    judged: tuple[Judged, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether any entry still has no verdict of two."""
        return {one.index for one in self.judged if one.second} != {one.index for one in self.drawn}

    def verdict(self, index: int) -> Judged | None:
        return next((one for one in self.judged if one.index == index), None)

    def with_verdict(self, new: Judged, officer: str) -> "SpotCheck":
        """Somebody's verdict on an entry of that officer. Raises Missing, NotPermitted, Conflict."""
        if new.index not in {one.index for one in self.drawn}:
            raise Missing(f"Entry {new.index} is not of this spot check.", do="See `comity oversight check`.")
        # Nobody judges themselves. Falls without it: tests/desks/test_spot_checks.py
        if new.by == officer:
            raise NotPermitted("You did this yourself.", do="Let somebody else review it.")
        if self.verdict(new.index) is not None:
            raise Conflict(f"Entry {new.index} has a verdict.", do="A second person agrees, or does not.")
        return replace(self, judged=(*self.judged, new))

    def seconded(self, index: int, agrees: bool, by: str, at: Moment, officer: str) -> "SpotCheck":
        """A second person's word: the verdict holds, or is given anew. Raises Missing, Conflict, NotPermitted."""
        first = self.verdict(index)
        if first is None:
            raise Missing(f"Entry {index} has no verdict yet.", do="Give one.")
        if first.second:
            raise Conflict(f"Two people have spoken on entry {index}.", do="See `comity oversight check`.")
        # Four eyes, and none of them the officer's. Falls without it: tests/desks/test_spot_checks.py
        if by in (first.by, officer):
            raise NotPermitted("A second person is needed.", do="Let somebody else look at it.")
        others = tuple(one for one in self.judged if one.index != index)
        return replace(self, judged=(*others, replace(first, second=by, second_at=at)) if agrees else others)
