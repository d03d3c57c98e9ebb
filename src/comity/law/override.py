"""Overrides as the law looks at them: confirmed by a second person and not past their day."""

from collections.abc import Iterable
from datetime import date

from comity.domain import limits
from comity.domain.circumstances import Override
from comity.domain.ids import derived_id
from comity.domain.override import FiledOverride
from comity.domain.stated import StatedOverride


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
