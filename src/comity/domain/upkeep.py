"""What whoever runs a node sees of it: its health, what waits, what it keeps, how it is set."""

from datetime import datetime

from msgspec import Struct

from comity.domain.health import Health
from comity.domain.letter import Lane
from comity.domain.mail import Urgency
from comity.domain.post import Alarm


class RoundTold(Struct, frozen=True, kw_only=True):
    """Something the node does by the clock. `done_ago_seconds` is None where it was not done since the start."""

    name: str
    every_seconds: float
    done_ago_seconds: float | None
    fault: str  # the kind of fault of its last step, "" where that went well


class Queue(Struct, frozen=True, kw_only=True):
    """Sealed letters that wait: at a hub to be fetched, at a bureau to arrive."""

    recipient: str
    urgency: Urgency
    letters: int
    oldest_at: datetime


class StillLane(Struct, frozen=True, kw_only=True):
    """Letters of a member that are not applied until people take the lane up again; why."""

    sender: str
    lane: Lane
    alarms: tuple[Alarm, ...]


class QuotaUse(Struct, frozen=True, kw_only=True):
    """How much of a quota a party has used in its days."""

    party: str
    clause: str
    asked: int
    questions: int
    days: int


class SettingTold(Struct, frozen=True, kw_only=True):
    """`is_default`: nothing else is said in the file. No secret is ever told."""

    key: str
    value: str
    is_default: bool


class Section(Struct, frozen=True, kw_only=True):
    """Settings that belong together, and what they mean."""

    name: str
    meaning: str
    settings: tuple[SettingTold, ...]


class Kept(Struct, frozen=True, kw_only=True):
    """What of the node lies where. Times are None where there is no such file."""

    database_bytes: int
    package_at: datetime | None  # the recovery package beside the keys
    copy_at: datetime | None  # of it, on another machine
    has_custodians: bool


class NodeState(Struct, frozen=True, kw_only=True):
    version: str
    health: Health
    rounds: tuple[RoundTold, ...]
    open_letters: dict[str, int]  # by recipient: those that are not under seal yet
    queues: tuple[Queue, ...]
    still: tuple[StillLane, ...]
    kept: Kept
    quotas: tuple[QuotaUse, ...]
