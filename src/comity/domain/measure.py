"""How a corrective measure comes about: one person proposes it, another confirms it, and it stands until its end."""

from enum import StrEnum

from msgspec import Struct

from comity.domain.bureau import Measure
from comity.domain.dates import Moment


class MeasureState(StrEnum):
    PROPOSED = "proposed"
    IN_FORCE = "in-force"
    ENDED = "ended"
    DROPPED = "dropped"


class FiledMeasure(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A measure as the hub files it. Who signed for it, by account, stays at the hub."""

    measure: Measure
    state: MeasureState
    proposed_by: str
    proposed_at: Moment
    confirmed_by: str = ""
    confirmed_at: Moment | None = None
    ended_by: str = ""  # the measure that ended it, or who dropped it
    ended_at: Moment | None = None

    @property
    def id(self) -> str:
        return self.measure.id
