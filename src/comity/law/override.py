"""Overrides as the law looks at them: confirmed by a second person and not past their day."""

from collections.abc import Iterable
from datetime import date

from comity.domain.circumstances import Override
from comity.domain.override import FiledOverride


def in_force(filed: Iterable[FiledOverride], on: date) -> tuple[Override, ...]:
    """Those that hold that day, with both who answer for them."""
    return tuple(
        Override(
            against=one.against,
            persons=(one.proposed_by, one.confirmed_by),
            reason=one.reason,
            until=one.until,
        )
        for one in filed
        if one.holds(on)
    )
