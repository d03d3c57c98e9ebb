"""What the officers' door needs from the node: its desks, as small shapes."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from msgspec import Struct

from comity.domain.batch import (
    Batch,
    BatchRequest,
    BatchStatus,
    ListLine,
    Queued,
    QueuePage,
    QueueState,
    Silence,
)
from comity.domain.caller import Caller
from comity.domain.case import Case, Item, ItemKind, NewCase, Reference, WholeCase
from comity.domain.circumstances import Harm, Use
from comity.domain.consent import ConsentCase
from comity.domain.disclosed import Waiting
from comity.domain.event import Event
from comity.domain.files import FileNote, NewFile
from comity.domain.hit import Hit, Priority
from comity.domain.importing import RefusedRow
from comity.domain.incident import Incident, IncidentKind
from comity.domain.journal import Opening
from comity.domain.kept import Kept, Late
from comity.domain.link import LinkLine, LinkState, ProposedLink, WholeLink
from comity.domain.lookup import Answer, Finding, LookupRequest, Query
from comity.domain.mail import Draft, Mail, Translation
from comity.domain.marking import Marking
from comity.domain.operation import Deed, Operation, WholeOperation
from comity.domain.override import FiledOverride, OverrideKind, ReceivedNotice
from comity.domain.oversight import Counted, Criteria, FoundOpenings, ToldOf
from comity.domain.passing import PassedRecord, Passing
from comity.domain.purpose import Purpose
from comity.domain.rights import Consultation, RightsRequest, SourceWord, WholeRequest
from comity.domain.site import Site
from comity.domain.spot_check import Draw, SpotCheck, Verdict


class Lookups(Protocol):
    def ask(self, request: LookupRequest, caller: Caller) -> Answer: ...


class Hits(Protocol):
    def every(self, caller: Caller) -> list[Hit]: ...

    def one(self, hit_id: str, caller: Caller) -> Hit: ...

    def request(self, hit_id: str, priority: Priority, note: str, caller: Caller) -> Hit: ...

    def confirm(self, hit_id: str, note: str, caller: Caller) -> Hit: ...

    def deny(self, hit_id: str, note: str, caller: Caller) -> Hit: ...

    def promise(self, hit_id: str, by: datetime, note: str, caller: Caller) -> Hit: ...


class Proofs(Protocol):
    def waiting(self, caller: Caller) -> list[Waiting]: ...


class Links(Protocol):
    def queue(self, state: LinkState, caller: Caller) -> list[LinkLine]: ...

    def show(self, link_id: str, caller: Caller) -> WholeLink: ...

    def accept(self, link_id: str, why: str, caller: Caller) -> ProposedLink: ...

    def reject(self, link_id: str, why: str, caller: Caller) -> ProposedLink: ...


class Batches(Protocol):
    def begin(self, request: BatchRequest, caller: Caller) -> Batch: ...

    def screen(self, batch_id: str, lines: Sequence[ListLine], last: bool, caller: Caller) -> Batch: ...

    def ask_again(self, batch_id: str, lines: Sequence[ListLine], caller: Caller) -> Batch: ...

    def every(self, caller: Caller) -> list[Batch]: ...

    def status(self, batch_id: str, caller: Caller) -> BatchStatus: ...

    def refused(self, batch_id: str, caller: Caller) -> list[RefusedRow]: ...

    def silences(self, batch_id: str, caller: Caller) -> list[Silence]: ...

    def queue(self, batch_id: str, state: QueueState | None, after: int, caller: Caller) -> QueuePage: ...

    def export(self, batch_id: str, after: int, caller: Caller) -> QueuePage: ...

    def dismiss(self, hit_id: str, reason: str, caller: Caller) -> Queued: ...

    def take_up(self, hit_id: str, caller: Caller) -> Hit: ...

    def erase(self, batch_id: str, caller: Caller) -> Batch: ...


class Watches(Protocol):
    def set(self, request: LookupRequest, until: date, caller: Caller) -> tuple[Kept, Answer]: ...

    def every(self, caller: Caller) -> list[Kept]: ...

    def cancel(self, question: str, caller: Caller) -> Kept: ...


class LateAnswers(Protocol):
    def found(self, caller: Caller) -> list[tuple[Late, Finding]]: ...


class Cases(Protocol):
    def open(self, about: NewCase, caller: Caller) -> Case: ...

    def every(self, caller: Caller) -> list[Case]: ...

    def show(self, case_id: str, caller: Caller) -> WholeCase: ...

    def admit(self, case_id: str, login: str, caller: Caller) -> Case: ...

    def dismiss(self, case_id: str, login: str, caller: Caller) -> Case: ...

    def refer(self, case_id: str, reference: Reference, caller: Caller) -> Case: ...

    def attach(self, case_id: str, kind: ItemKind, item_id: str, marking: Marking, caller: Caller) -> Item: ...

    def close(self, case_id: str, because: str, caller: Caller) -> Case: ...

    def reopen(self, case_id: str, caller: Caller) -> Case: ...


class Mails(Protocol):
    def write(self, case_id: str, draft: Draft, caller: Caller) -> Mail: ...

    def reply(self, mail_id: str, draft: Draft, caller: Caller) -> Mail: ...

    def amend(self, mail_id: str, draft: Draft, caller: Caller) -> Mail: ...

    def discard(self, mail_id: str, caller: Caller) -> Mail: ...
    def again(self, mail_id: str, bureau: str, caller: Caller) -> Mail: ...

    def send(self, mail_id: str, caller: Caller) -> Mail: ...

    def every(self, caller: Caller) -> list[Mail]: ...

    def show(self, mail_id: str, caller: Caller) -> Mail: ...

    def thread(self, mail_id: str, caller: Caller) -> list[Mail]: ...

    def file(self, mail_id: str, case_id: str, caller: Caller) -> Mail: ...


class Files(Protocol):
    def begin(self, mail_id: str, new: NewFile, caller: Caller) -> FileNote: ...

    def write(self, file_id: str, offset: int, part: bytes, caller: Caller) -> FileNote: ...

    def show(self, file_id: str, caller: Caller) -> FileNote: ...

    def of_mail(self, mail_id: str, caller: Caller) -> list[FileNote]: ...

    def read(self, file_id: str, offset: int, length: int, caller: Caller) -> tuple[FileNote, bytes]: ...

    def discard(self, file_id: str, caller: Caller) -> FileNote: ...


class MessageRecalls(Protocol):
    def recall(self, mail_id: str, reason: str, bureau: str, caller: Caller) -> Mail: ...


class Translations(Protocol):
    def translate(self, mail_id: str, language: str, text: str, by_machine: bool, caller: Caller) -> Translation: ...

    def every(self, mail_id: str, caller: Caller) -> list[Translation]: ...


class Passings(Protocol):
    def pass_on(self, record: str, recipient: str, purpose: Purpose, case: str, caller: Caller) -> Passing: ...

    def take_back(self, passing_id: str, why: str, caller: Caller) -> Passing: ...

    def every(self, caller: Caller) -> list[Passing]: ...

    def one(self, passing_id: str, caller: Caller) -> PassedRecord: ...


class Consents(Protocol):
    def request(
        self, hit_id: str, use: Use, purpose: Purpose, recipient: str, reason: str, caller: Caller
    ) -> ConsentCase: ...

    def give(self, consent_id: str, until: date, note: str, caller: Caller) -> ConsentCase: ...

    def refuse(self, consent_id: str, note: str, caller: Caller) -> ConsentCase: ...

    def every(self, caller: Caller) -> list[ConsentCase]: ...


class Overrides(Protocol):
    def propose(
        self, kind: OverrideKind, against: Harm, bureau: str, case: str, reason: str, until: date, caller: Caller
    ) -> FiledOverride: ...

    def confirm(self, override_id: str, caller: Caller) -> FiledOverride: ...

    def every(self, caller: Caller) -> list[FiledOverride]: ...

    def notices(self, caller: Caller) -> list[FiledOverride]: ...

    def received(self, caller: Caller) -> list[ReceivedNotice]: ...

    def see(self, override_id: str, caller: Caller) -> FiledOverride: ...

    def see_received(self, override_id: str, caller: Caller) -> ReceivedNotice: ...


class Rights(Protocol):
    def every(self, caller: Caller) -> list[WholeRequest]: ...


class RightsDecisions(Protocol):
    def confirm(self, request_id: str, caller: Caller) -> RightsRequest: ...


class Consultations(Protocol):
    def every(self, caller: Caller) -> list[Consultation]: ...

    def propose(self, consultation_id: str, word: SourceWord, caller: Caller) -> Consultation: ...

    def confirm(self, consultation_id: str, caller: Caller) -> Consultation: ...


class Precaution(Protocol):
    def confirm(self, consultation_id: str, caller: Caller) -> Consultation: ...


class Incidents(Protocol):
    def report(self, kind: IncidentKind, what: str, known_at: datetime | None, caller: Caller) -> Incident: ...


class Operations(Protocol):
    def found(self, case_id: str, name: str, caller: Caller) -> WholeOperation: ...

    def write(
        self, operation_id: str, deed: Deed, marking: Marking, shares_from: int, caller: Caller
    ) -> WholeOperation: ...

    def every(self, caller: Caller) -> list[Operation]: ...

    def show(self, operation_id: str, caller: Caller) -> WholeOperation: ...

    def file(self, operation_id: str, case_id: str, caller: Caller) -> WholeOperation: ...


class Oversight(Protocol):
    def search(self, criteria: Criteria, why: str, caller: Caller, after: int, limit: int) -> FoundOpenings: ...


class Disclosures(Protocol):
    def of(self, sought: Query, request: str, caller: Caller) -> ToldOf: ...


class Statistics(Protocol):
    def of(self, first: date, last: date, caller: Caller) -> tuple[Counted, ...]: ...


class SpotChecks(Protocol):
    def draw(self, first: date, last: date, count: int, how: Draw, caller: Caller) -> SpotCheck: ...

    def every(self, caller: Caller) -> list[SpotCheck]: ...

    def show(self, check_id: str, caller: Caller) -> tuple[SpotCheck, list[Opening]]: ...

    def judge(self, check_id: str, index: int, verdict: Verdict, note: str, caller: Caller) -> SpotCheck: ...

    def second(self, check_id: str, index: int, agrees: bool, caller: Caller) -> SpotCheck: ...


class Events(Protocol):
    def newest(self) -> int: ...

    def after(self, number: int, caller: Caller) -> tuple[list[Event], int]: ...


class Accounts(Protocol):
    def caller(self, token: str, on_behalf_of: str = "") -> Caller:
        """Raises Unauthenticated."""
        ...


class Counter(Protocol):
    def looked_up(self, kind: str, outcomes: Mapping[str, str], seconds: float) -> None: ...


class Desks(Struct, frozen=True, kw_only=True):
    """`name_of` gives a member's name in words, as the directory has it."""

    lookups: Lookups
    hits: Hits
    batches: Batches
    watches: Watches
    late: LateAnswers
    links: Links
    cases: Cases
    mail: Mails
    proofs: Proofs
    files: Files
    translations: Translations
    message_recalls: MessageRecalls
    passings: Passings
    consents: Consents
    overrides: Overrides
    rights: Rights
    rights_decisions: RightsDecisions
    consultations: Consultations
    precaution: Precaution
    incidents: Incidents
    operations: Operations
    oversight: Oversight
    disclosures: Disclosures
    statistics: Statistics
    spot_checks: SpotChecks
    events: Events
    accounts: Accounts
    sites: tuple[Site, ...] = ()
    name_of: Callable[[str], str]
    counter: Counter
