"""Overrides as the law looks at them: confirmed by a second person and not past their day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from comity.domain import limits
from comity.domain.circumstances import Override
from comity.domain.ids import derived_id
from comity.domain.override import FiledOverride
from comity.domain.stated import StatedOverride


@dataclass(frozen=True)
class Lifting:
    """Overrides at the node that answers, and whose law they lift: its own, and that of nobody else.

    A hub answers for the organisation and for bodies without a node, never for the `others`: members with their own.
    """

    overrides: tuple[Override, ...] = ()
    of_hub: bool = False
    others: frozenset[str] = frozenset()

    def for_owner(self, party: str) -> tuple[Override, ...]:
        # Falls without it: tests/law/test_in_force.py
        return () if party in self.others else self.overrides

    @property
    def for_organisation(self) -> tuple[Override, ...]:
        return self.overrides if self.of_hub else ()


NOTHING_LIFTED = Lifting()


def in_force(filed: Iterable[FiledOverride], on: date) -> tuple[Override, ...]:
    """Those that hold that day, with both who answer for them."""
    return tuple(
        Override(
            against=one.against,
            persons=(one.proposed_by, one.confirmed_by),
            reason=one.reason,
            until=one.until,
        )
        for one in _holding(filed, on)
    )


def stated(filed: Iterable[FiledOverride], on: date) -> tuple[StatedOverride, ...]:
    """Those that hold that day, as a question says them: who the two are stays here, where the id leads to them."""
    return tuple(
        StatedOverride(
            id=one.id,
            kind=one.kind,
            against=one.against,
            persons=(_unnamed(one, one.proposed_by), _unnamed(one, one.confirmed_by)),
            reason=one.reason,
            until=one.until,
        )
        for one in _holding(filed, on)
    )[: limits.OVERRIDES_MAX]


def _holding(filed: Iterable[FiledOverride], on: date) -> list[FiledOverride]:
    """Those that a second person confirmed, and that have not run out."""
    return [one for one in filed if one.holds(on)]


def _unnamed(filed: FiledOverride, account: str) -> str:
    """Two are told apart, and the same person is the same; nobody elsewhere learns who it is."""
    return derived_id("override", filed.id, account)
