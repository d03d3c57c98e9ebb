"""A member as this node knows it: how it stands, its keys, when it was heard, its log, and what is wrong with it."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from comity.domain.bureau import Measure, Member, Standing
from comity.domain.journal import Checkpoint
from comity.domain.keys import KeyManifest, Root
from comity.domain.post import Alarm
from comity.domain.witnessing import LogAlarm


class KnownMember(Struct, frozen=True, kw_only=True):
    """`root` and `keys` are None where it has published none. Alarms by id, those that nobody has cleared."""

    member: Member
    standing: Standing  # today, at its gravest
    measure: Measure | None  # that makes it so
    root: Root | None
    keys: KeyManifest | None
    heard_at: datetime | None  # when its last letter was taken here
    checkpoint: Checkpoint | None  # of its log of disclosures, the largest that was proved here
    grown_at: datetime | None
    log_alarms: Mapping[str, LogAlarm]
    post_alarms: Mapping[str, Alarm]

    @property
    def alarms(self) -> int:
        return len(self.log_alarms) + len(self.post_alarms)

    @property
    def keys_end_at(self) -> datetime | None:
        """When nobody can seal to it any more, unless it publishes new keys."""
        return min(self.keys.epochs[-1].ends_at, self.keys.expires_at) if self.keys else None
