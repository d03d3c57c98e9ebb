"""What the pages of oversight, law and approvals need from the node, as small shapes."""

from collections.abc import Collection, Iterable, Sequence
from typing import Protocol

from comity.domain.bulletin import Proposal
from comity.domain.bundle import Gap, SignedBundle, SignedLaw
from comity.domain.bureau import Directory
from comity.domain.caller import Caller
from comity.domain.incident import Incident, Severity, ShownIncident
from comity.domain.instrument import Instrument
from comity.domain.journal import Opening
from comity.domain.measure import FiledMeasure
from comity.domain.misuse import AlarmState, MisuseAlarm
from comity.domain.oversight import ErasedOpening
from comity.domain.post import Alarm
from comity.domain.sanction import Sanction
from comity.domain.spot_check import Drawn
from comity.domain.supervision import Cover, HeldQuestion
from comity.domain.witnessing import LogAlarm
from comity.law.acted import Acted
from comity.law.decision import Law
from comity.web.officer import needs as officer


class Oversight(officer.Oversight, Protocol):
    def one(self, index: int, caller: Caller) -> Opening | ErasedOpening: ...


class SpotChecks(officer.SpotChecks, Protocol):
    def again(self, check_id: str, caller: Caller) -> tuple[Drawn, ...]: ...


class Incidents(officer.Incidents, Protocol):
    def assess(
        self,
        incident_id: str,
        severity: Severity,
        personal: bool,
        members: Iterable[str],
        assessment: str,
        caller: Caller,
    ) -> Incident: ...

    def contain(self, incident_id: str, entry: int, caller: Caller) -> Incident: ...

    def tell(self, incident_id: str, whom: str, what: str, reference: str, caller: Caller) -> Incident: ...

    def close(self, incident_id: str, lessons: str, caller: Caller) -> Incident: ...

    def every(self, caller: Caller) -> list[ShownIncident]: ...

    def show(self, incident_id: str, caller: Caller) -> ShownIncident: ...


class Log(Protocol):
    def prove(self, index: int) -> str: ...


class LogAlarms(Protocol):
    def every(self) -> dict[str, LogAlarm]: ...

    def clear(self, alarm_id: str, caller: Caller) -> LogAlarm: ...


class PostAlarms(Protocol):
    def alarms(self) -> dict[str, Alarm]: ...

    def clear(self, alarm_id: str, caller: Caller) -> None: ...


class Misuse(Protocol):
    def alarms(self, states: Sequence[AlarmState], caller: Caller) -> list[MisuseAlarm]: ...

    def show(self, alarm_id: str, caller: Caller) -> tuple[MisuseAlarm, list[Opening]]: ...

    def propose(self, alarm_id: str, why: str, caller: Caller) -> MisuseAlarm: ...

    def confirm(self, alarm_id: str, caller: Caller) -> MisuseAlarm: ...

    def dismiss(self, alarm_id: str, why: str, caller: Caller) -> MisuseAlarm: ...


class Agreements(Protocol):
    def every(self) -> list[tuple[Instrument, str]]: ...

    def gaps(self) -> list[Gap]: ...

    def acted_under(self) -> Acted: ...

    def law_today(self) -> Law: ...

    def published(self, digests: Collection[str]) -> dict[str, SignedLaw]: ...


class Bundles(Protocol):
    def proposals(self) -> list[Proposal]: ...

    def shown(self, name: str) -> SignedBundle: ...


class Supervision(Protocol):
    def held(self, caller: Caller) -> Sequence[HeldQuestion]: ...

    def release(self, question_id: str, caller: Caller) -> int: ...

    def refuse(self, question_id: str, reason: str, caller: Caller) -> None: ...


class LetterReview(Protocol):
    def every(self, caller: Caller) -> list[Cover]: ...

    def show(self, held_id: str, caller: Caller) -> Cover: ...

    def release(self, held_id: str, caller: Caller, with_earlier: bool = False) -> list[str]: ...

    def refuse(self, held_id: str, reason: str, caller: Caller) -> None: ...


class Measures(Protocol):
    def every(self, caller: Caller, member: str = "") -> Sequence[FiledMeasure]: ...

    def confirm(self, measure_id: str, caller: Caller) -> Directory: ...

    def drop(self, measure_id: str, reason: str, caller: Caller) -> None: ...


class Sanctions(Protocol):
    def every(self, caller: Caller) -> list[Sanction]: ...

    def confirm(self, sanction_id: str, caller: Caller) -> Sanction: ...
