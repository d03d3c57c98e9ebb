"""What the pages of cases, letters, operations, records and persons' rights need from the node, as small shapes."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from comity.desks.own_records import FoundOwn
from comity.domain.bureau import Directory
from comity.domain.caller import Account, Caller
from comity.domain.evidence import Proof
from comity.domain.importing import Import, RefusedRow
from comity.domain.lookup import PersonQuery
from comity.domain.record import Header, Record, Subject, Withdrawal, WithdrawalReason
from comity.domain.rights import (
    Concerned,
    Consultation,
    ExtensionReason,
    IdentityProof,
    Inadmissible,
    RightsGround,
    RightsKind,
    RightsRequest,
    WholeRequest,
)
from comity.formats.row import Row
from comity.web.officer import needs as officer


class Cases(officer.Cases, Protocol):
    def people(self, case_id: str, caller: Caller) -> list[Account]: ...


class Post(Protocol):
    def evidence(self, letter_id: str) -> list[Proof]: ...


class Members(Protocol):
    def __call__(self) -> Directory | None:
        """The directory that may be used now."""
        ...


class OwnRecords(Protocol):
    def found(self, collection_code: str, text: str, caller: Caller) -> FoundOwn: ...

    def enter(self, collection_code: str, row: Row, caller: Caller) -> Record: ...

    def amend(self, collection_code: str, row: Row, version: int, caller: Caller) -> Record: ...


class Records(Protocol):
    def show(self, collection_code: str, reference: str, source: str, caller: Caller) -> Record: ...

    def withdraw(
        self, collection_code: str, reference: str, source: str, reason: WithdrawalReason, caller: Caller
    ) -> Withdrawal: ...

    def imports(self, caller: Caller) -> list[Import]: ...

    def progress(self, import_id: str, caller: Caller) -> Import: ...

    def refused_rows(self, progress: Import) -> list[RefusedRow]: ...


class Keeping(Protocol):
    def due(self, caller: Caller) -> list[Header]: ...

    def extend(
        self, collection_code: str, reference: str, source: str, until: date, reason: str, caller: Caller
    ) -> Record: ...

    def readmit(self, collection_code: str, reference: str, source: str, reason: str, caller: Caller) -> str: ...


class Rights(officer.Rights, Protocol):
    def receive(
        self, kind: RightsKind, person: PersonQuery, text: str, by_attorney: bool, caller: Caller
    ) -> RightsRequest: ...

    def admit(
        self, request_id: str, identity: IdentityProof, attorney_proved: bool, caller: Caller
    ) -> RightsRequest: ...

    def turn_away(self, request_id: str, why: Inadmissible, caller: Caller) -> RightsRequest: ...

    def search(self, request_id: str, caller: Caller) -> list[Concerned]: ...

    def concern(self, request_id: str, record: str, caller: Caller) -> Consultation: ...

    def extend(self, request_id: str, why: ExtensionReason, caller: Caller) -> RightsRequest: ...

    def show(self, request_id: str, caller: Caller) -> WholeRequest: ...


class RightsDecisions(officer.RightsDecisions, Protocol):
    def propose(
        self,
        request_id: str,
        granted: Sequence[str],
        ground: RightsGround | None,
        reason: str,
        caller: Caller,
        corrected: Subject | None = None,
    ) -> RightsRequest: ...


class Precaution(officer.Precaution, Protocol):
    def propose(self, consultation_id: str, why: str, caller: Caller) -> Consultation: ...

    def release(self, consultation_id: str, why: str, caller: Caller) -> Consultation: ...
