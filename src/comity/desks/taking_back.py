"""What was passed on is taken back: its owner withdrew it, denied the hit, or took its consent back."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from comity.desks.needs import Transaction
from comity.domain import limits
from comity.domain.journal import Act, Entry
from comity.domain.letter import PassingWithdrawn
from comity.domain.passing import OVER, Passing, PassingState


def take_back(tx: Transaction, passings: Iterable[Passing], node: str, why: str, by: str, now: datetime) -> int:
    """Tell each receiver to erase it; how many. What is taken back already is not taken back again."""
    told = 0
    for one in passings:
        if one.sender != node or one.state in OVER or one.state is PassingState.WITHDRAWN:
            continue
        reason = why[: limits.TEXT_CHARS_MAX]
        tx.passings.put(msgspec.structs.replace(one, state=PassingState.WITHDRAWN, why=reason))
        tx.outbox.send(one.recipient, PassingWithdrawn(passing=one.id, reason=reason), now)
        tx.journal.record(passing_entry(Act.PASSING_WITHDRAWN, one, by, one.recipient, now, "asked", why=reason))
        told += 1
    return told


def passing_entry(
    act: Act, one: Passing, actor: str, for_whom: str, now: datetime, outcome: str, **details: object
) -> Entry:
    return Entry(
        act=act,
        at=now,
        actor=actor,
        for_whom=for_whom,
        subject=one.id,
        purpose=one.purpose,
        case=one.case,
        outcome=outcome,
        records=(one.record,),
        details={"owner": one.owner, "consent": one.consent, "until": str(one.until), **details},  # type: ignore[dict-item]
    )
