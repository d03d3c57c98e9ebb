"""A hit: a lead that its owner must confirm before anyone acts on it."""

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec
from msgspec import Struct

from comity.domain import limits
from comity.domain.clocks import ran_out
from comity.domain.errors import Conflict
from comity.domain.ids import derived_id
from comity.domain.purpose import Purpose


class HitState(StrEnum):
    OPEN = "open"  # nobody has asked for confirmation yet
    REQUESTED = "requested"  # the clock runs
    PROMISED = "promised"  # the owner gave a time
    CONFIRMED = "confirmed"
    DENIED = "denied"


class Priority(StrEnum):
    """Urgent: the hit alone would justify detention. After Nlets YQ/YR."""

    URGENT = "urgent"
    ROUTINE = "routine"


CLOCK = {
    Priority.URGENT: timedelta(seconds=limits.CONFIRM_URGENT_SECONDS),
    Priority.ROUTINE: timedelta(seconds=limits.CONFIRM_ROUTINE_SECONDS),
}

# step: (states it starts from, state it leads to)
STEPS: dict[str, tuple[frozenset[HitState], HitState]] = {
    "request": (frozenset({HitState.OPEN, HitState.DENIED}), HitState.REQUESTED),
    "promise": (frozenset({HitState.REQUESTED, HitState.PROMISED}), HitState.PROMISED),
    "confirm": (frozenset({HitState.REQUESTED, HitState.PROMISED}), HitState.CONFIRMED),
    "deny": (frozenset(HitState) - {HitState.DENIED}, HitState.DENIED),
}


class Side(StrEnum):
    """Which part this node has in the hit; the same hit stands in several registers."""

    ASKER = "asker"
    OWNER = "owner"
    ANSWERER = "answerer"  # a hub that answered for the owner


class Hit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One match of a question with a record, in one node's register."""

    id: str
    question: str
    side: Side
    asker: str  # bureau
    asker_unit: str
    owner: str
    answered_by: str
    collection: str
    record: str  # its id; "" at an asker who was told of the hit alone
    reference: str
    purpose: Purpose
    case: str
    found_at: datetime
    state: HitState = HitState.OPEN
    priority: Priority | None = None
    requested_at: datetime | None = None  # at the owner: when the request arrived; the clock starts here
    due_at: datetime | None = None
    escalated_at: datetime | None = None
    answered_at: datetime | None = None
    note: str = ""

    def after(self, step: str, **changes: object) -> "Hit":
        """The hit after a step of STEPS. Raises Conflict where the step does not fit the state."""
        starts, leads_to = STEPS[step]
        if self.state not in starts:
            fits = ", ".join(sorted(starts))
            raise Conflict(
                f"Cannot {step} hit {self.id}: it is {self.state}, not {fits}.",
                do="Look at the hit as it stands now.",
            )
        return msgspec.structs.replace(self, state=leads_to, **changes)

    def overdue(self, now: datetime) -> bool:
        """The clock has run out and nobody has been told yet."""
        running = self.state in (HitState.REQUESTED, HitState.PROMISED)
        return running and ran_out(self.due_at, self.escalated_at, now)


def hit_id(question: str, record: str) -> str:
    """The same at every node that learns of the hit, and says nothing of the record."""
    return derived_id("hit", question, record)
