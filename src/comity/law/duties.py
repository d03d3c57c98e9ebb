"""What a receiver owes when several clauses and layers ask: every obligation once, of figures the strictest."""

from collections.abc import Iterable
from functools import lru_cache

import msgspec

from comity.domain import limits
from comity.domain.instrument import Clause, Duties, Onward, Release

# Two of one kind: the first of these that anyone asks for goes before the ones after it.
_ONWARD = ("no-onward", "no-onward-without-permission")
_COURT = ("no-court-use", "no-court-use-without-permission")

ERASE_AFTER = "erase-after-days"
# a duty of a clause: its obligation in the rulebook, which takes the figure
OBLIGATION = {name: name.replace("_", "-") for name in Duties.__struct_fields__}


def owed(clause: Clause) -> tuple[str, ...]:
    """What one clause asks: its codes, then what follows from its duties and from how far it may be used."""
    duties = msgspec.structs.asdict(clause.duties) if clause.duties else {}
    figures = [f"{OBLIGATION[name]} {figure}" for name, figure in duties.items() if figure is not None]
    return tuple(dict.fromkeys([*clause.obligations, *figures, *_further_use(clause)]))


def add_up(codes: Iterable[str]) -> tuple[str, ...]:
    """Each once, in their order; of one code with several figures the least, but of how long to keep the most."""
    return _added_up(tuple(codes))


@lru_cache(limits.DECISIONS_KEPT_MAX)  # the same few texts owe the same again and again
def _added_up(codes: tuple[str, ...]) -> tuple[str, ...]:
    figures: dict[str, int] = {}
    order: dict[str, None] = {}
    for code in codes:
        name, figure = split(code)
        if figure is None:
            order[code] = None
            continue
        order[name] = None
        strictest = max if name.startswith("keep-") else min
        figures[name] = strictest(figures.get(name, figure), figure)
    told = [f"{name} {figures[name]}" if name in figures else name for name in order]
    return tuple(code for code in told if not _covered(code, told))


def split(code: str) -> tuple[str, int | None]:
    """`erase-after-days 30` as its code and figure; None where it has none."""
    name, _, figure = code.rpartition(" ")
    return (name, int(figure)) if name in OBLIGATION.values() and figure.isdecimal() else (code, None)


def erase_after_days(obligations: Iterable[str]) -> int | None:
    """How long a receiver may keep what it was told; None where nobody sets a time."""
    found = (split(code) for code in obligations)
    return min((days for name, days in found if name == ERASE_AFTER and days is not None), default=None)


def _further_use(clause: Clause) -> list[str]:
    """Written down only where the clause speaks of it; what it does not say is with the owner's consent."""
    found = []
    if clause.onward is not None:
        found += _passing_on(clause.onward)
    if clause.evidence is not None:
        found += {Release.NEVER: ["no-court-use"], Release.WITH_CONSENT: ["no-court-use-without-permission"]}.get(
            clause.evidence, []
        )
    return found


def _passing_on(onward: Onward) -> list[str]:
    if onward.rule is Release.NEVER:
        return ["no-onward"]
    if onward.rule is Release.WITH_CONSENT:
        return ["no-onward-without-permission"]
    return [f"onward-only-to {', '.join(onward.parties)}"] if onward.parties else []


def _covered(code: str, told: list[str]) -> bool:
    """Whether a stricter one of the same kind is asked as well."""
    for kind in (_ONWARD, _COURT):
        if code in kind:
            return any(stricter in told for stricter in kind[: kind.index(code)])
    return False
