"""What the desks need from the floors around them, as small shapes; `nodes` joins them to the real things."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from comity.domain.batch import Batch, Queued, QueueState, Silence
from comity.domain.bureau import Directory
from comity.domain.caller import Account
from comity.domain.consent import ConsentCase
from comity.domain.held import Held
from comity.domain.hit import Hit
from comity.domain.importing import Import, RefusedRow
from comity.domain.instrument import Instrument
from comity.domain.journal import Checkpoint, Entry, Opening, Receipt
from comity.domain.kept import Kept, Late
from comity.domain.letter import Body, Lane, Letter, Parked
from comity.domain.link import LinkState, ProposedLink
from comity.domain.lookup import Finding, PersonQuery, Question, SourceAnswer
from comity.domain.measure import FiledMeasure
from comity.domain.onboarding import Check
from comity.domain.override import FiledOverride
from comity.domain.record import Record, Withdrawal
from comity.domain.supervision import HeldQuestion
from comity.matching.numbered import NumberKey
from comity.matching.seeking import Reason


class Clock(Protocol):
    def __call__(self) -> datetime:
        """Now, in UTC, with its time zone."""
        ...


class Stored(StrEnum):
    """What became of a record that was put."""

    NEW = "new"
    READMITTED = "readmitted"  # new again, after somebody had looked why it was gone
    AMENDED = "amended"
    UNCHANGED = "unchanged"
    WITHDRAWN = "withdrawn"  # a tombstone of this or a later version stands: not stored
    OLDER = "older"  # a later version stands: not stored


class Records(Protocol):
    """Records and tombstones. What is past `retain_until`, or withdrawn, is not found."""

    def put(self, records: Sequence[Record]) -> list[Stored]:
        """Store each where its version is newer than what stands; the same content again is UNCHANGED.

        A record handed in with version 0 gets the next version if its content differs from what stands.
        """
        ...

    def get(self, record_id: str, today: date) -> Held[Record] | None: ...

    def some(self, record_ids: Sequence[str], today: date) -> dict[str, Held[Record]]:
        """Those of them that stand, by id."""
        ...

    def owned(self, record_id: str) -> Record | None:
        """One of this node's own records, or one it hosts for an outside body: open, whatever its retention."""
        ...

    def numbered(self, keys: Sequence[NumberKey], near: bool, today: date) -> list[Held[Record]]:
        """Records that carry one of these numbers, where `near` also a number like it: the nearest first.

        No more than CANDIDATES_MAX. Unavailable where the index has to be built first.
        """
        ...

    def persons(self, query: PersonQuery, limit: int, today: date) -> list[Held[Record]]:
        """Persons whom the question may mean, the most likely first: no verdict, the comparison gives that."""
        ...

    def why_not(self, query: PersonQuery, record_id: str, limit: int) -> tuple[Reason, ...]:
        """Why that record is not among the `limit` that `persons` hands out; empty where it is."""
        ...

    def owners(self, kind: str) -> list[tuple[str, str, str]]:
        """(collection, source, country) of everything held of that kind of subject."""
        ...

    def withdraw(self, withdrawal: Withdrawal) -> bool:
        """Erase the record, keep a tombstone; True where a record was erased."""
        ...

    def dates(self, record_ids: Sequence[str], today: date) -> dict[str, tuple[date, date]]:
        """(retain_until, review_at) of those that stand, by id."""
        ...

    def own(self, source: str, collection: str, today: date) -> Iterator[Record]:
        """All of one source's records in one collection, by reference; for its own export."""
        ...

    def every(self, collection: str, today: date) -> Iterator[Held[Record]]:
        """All that is held in one collection, own and others'."""
        ...

    def expire(self, today: date) -> int:
        """Erase what is past its retention and keep a tombstone of each; how many."""
        ...

    def ending(self, by: date) -> Iterator[Record]:
        """This node's own records that end by that day, the first to end first."""
        ...

    def count(self) -> dict[str, int]:
        """Records by collection."""
        ...


class Consents(Protocol):
    """Consents to use a record further, asked for here or of us."""

    def put(self, case: ConsentCase) -> None: ...

    def get(self, consent_id: str) -> ConsentCase | None: ...

    def every(self) -> list[ConsentCase]: ...

    def of_record(self, record: str) -> list[ConsentCase]: ...


class Checklists(Protocol):
    def put(self, check: Check) -> None: ...

    def of(self, member: str) -> dict[str, Check]:
        """What was done of a new member's checklist, by item."""
        ...


class Overrides(Protocol):
    def put(self, filed: FiledOverride) -> None: ...

    def get(self, override_id: str) -> FiledOverride | None: ...

    def every(self) -> list[FiledOverride]: ...

    def of_case(self, bureau: str, case: str) -> list[FiledOverride]:
        """What was filed for one bureau's questions in one case."""
        ...


class Reviews(Protocol):
    """Which own records are to be looked at before their end, and which may be entered again."""

    def note(self, record_id: str, review_at: date, now: datetime) -> bool:
        """True where it was not noted yet for that day."""
        ...

    def due(self) -> list[str]: ...

    def done(self, record_ids: Sequence[str]) -> None: ...

    def readmit(self, record_id: str, by: str) -> None:
        """A record that was withdrawn or has expired may be entered again, once."""
        ...


class Journal(Protocol):
    def record(self, entry: Entry) -> Receipt:
        """Append one entry; it stands once the transaction has committed."""
        ...

    def record_all(self, entries: Sequence[Entry]) -> list[Receipt]:
        """Append many in their order."""
        ...

    def read(self, after: int, limit: int) -> list[Opening]: ...

    def about(self, subject: str) -> list[Opening]:
        """Entries on one question, hit, record ..., oldest first."""
        ...

    def leaves(self, start: int, stop: int) -> list[bytes]:
        """Leaf hashes (32 bytes) as stored, for checking the tree."""
        ...

    def size(self) -> int: ...

    def proof(self, index: int, size: int) -> list[bytes]:
        """The inclusion proof (RFC 6962) of a leaf in the tree of that size."""
        ...

    def root(self, size: int) -> bytes: ...

    def checkpoint(self) -> Checkpoint | None:
        """The last one signed."""
        ...

    def keep_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Raises Conflict where another root was signed for this size."""
        ...


class Outbox(Protocol):
    def send(self, recipient: str, body: Body, now: datetime) -> str:
        """Write a letter, next in the sequence of its lane; its id."""
        ...

    def waiting(self, now: datetime) -> list[tuple[str, Lane]]:
        """(recipient, lane) with letters that may be tried now."""
        ...

    def next(self, recipient: str, lane: Lane) -> Letter | None:
        """The oldest letter not yet delivered: none overtakes another in its lane."""
        ...

    def delivered(self, letter_id: str, now: datetime) -> None: ...

    def failed(self, letter_id: str, now: datetime, why: str) -> None:
        """Try again later: waits double from RETRY_FIRST_SECONDS to RETRY_LAST_SECONDS."""
        ...

    def retry_now(self, recipient: str) -> None:
        """The recipient was heard from: try at once."""
        ...

    def expire(self, now: datetime) -> list[Letter]:
        """Give up letters past their time; those given up."""
        ...

    def depths(self) -> dict[str, int]:
        """Letters waiting, by recipient."""
        ...


class Inbox(Protocol):
    def expected(self, sender: str, lane: Lane) -> int:
        """The sequence number that comes next from this sender."""
        ...

    def applied(self, letter: Letter | Parked, now: datetime) -> bool:
        """Note the letter as applied in this transaction; False where it was applied before.

        Raises Conflict where one before it in its lane has not arrived; the message names the number expected.
        """
        ...

    def park(self, letter: Parked, now: datetime) -> None: ...


class Members(Protocol):
    def directory(self) -> Directory | None:
        """The newest directory held, as verified when it was put."""
        ...

    def signed(self) -> bytes:
        """The same as signed bytes, b'' where none."""
        ...

    def signed_measures(self) -> bytes:
        """The measures that were signed for it, b'' where its hub knows of none."""
        ...

    def put(self, directory: Directory, signed: bytes, measures: bytes = b"") -> None:
        """Keep a verified directory with the measures signed for it; Conflict where its version does not rise."""
        ...

    def invite(self, node: str, code_digest: str, expires_at: datetime) -> None: ...

    def invitation(self, node: str) -> tuple[str, datetime] | None:
        """(digest of the code, expiry) of an open invitation."""
        ...

    def close_invitation(self, node: str) -> None: ...

    def invitations(self) -> list[tuple[str, datetime]]: ...

    def pin_hub(self, hub: str, fingerprint: str, signed_manifest: str) -> None:
        """The hub this bureau joined, by the fingerprint its people compared."""
        ...

    def hub(self) -> tuple[str, str, str] | None: ...


class Measures(Protocol):
    """Corrective measures as the hub files them, with who proposed and who confirmed each."""

    def put(self, filed: FiledMeasure) -> None: ...

    def get(self, measure_id: str) -> FiledMeasure | None: ...

    def every(self, member: str = "") -> list[FiledMeasure]:
        """Of one member or of all, in the order in which they were proposed."""
        ...

    def in_force(self, member: str) -> list[FiledMeasure]:
        """Confirmed and not ended; whether they are in effect is a matter of their days."""
        ...


class Accounts(Protocol):
    def put(self, account: Account) -> None: ...

    def get(self, login: str) -> Account | None: ...

    def of_id(self, account_id: str) -> Account | None: ...

    def every(self) -> list[Account]: ...

    def issue(self, account_id: str, token_digest: str, expires_at: datetime) -> None: ...

    def by_token(self, token_digest: str, now: datetime) -> Account | None:
        """Whose token it is, if it has not expired and the account is not suspended."""
        ...

    def revoke(self, account_id: str) -> int:
        """End all tokens of an account; how many."""
        ...


class Hits(Protocol):
    def put(self, hit: Hit) -> None: ...

    def get(self, hit_id: str) -> Hit | None: ...

    def every(self, limit: int) -> list[Hit]:
        """Newest first; those whose clock runs before all others."""
        ...

    def overdue(self, now: datetime) -> list[Hit]: ...

    def of_record(self, record_id: str) -> list[Hit]: ...


class Agreements(Protocol):
    def put(self, agreement: Instrument, text: bytes, digest: str, now: datetime) -> None: ...

    def every(self) -> list[tuple[Instrument, str]]:
        """Adopted agreements, the newest text of each, with the SHA-256 (hex) of that text."""
        ...

    def text(self, digest: str) -> bytes | None:
        """Of any that was ever adopted, and of every rulebook that was kept."""
        ...

    def keep_rulebook(self, digest: str, text: bytes) -> bool: ...

    def digests(self) -> tuple[str, ...]:
        """The digests of the same, sorted: tells cheaply whether anything has changed."""
        ...


class Imports(Protocol):
    def get(self, import_id: str) -> Import | None: ...

    def put(self, progress: Import) -> None: ...

    def refuse(self, import_id: str, rows: Sequence[RefusedRow]) -> None: ...

    def refused(self, import_id: str) -> list[RefusedRow]: ...

    def forget_refused(self, import_id: str) -> None:
        """The file is read in anew: what was refused before is not refused yet."""
        ...


class Nonces(Protocol):
    def use(self, key_id: str, nonce: str, until: datetime, now: datetime) -> None:
        """Note a nonce as used; Replayed where it was used before."""
        ...


class KeptQuestions(Protocol):
    """Questions kept until their last day, the records still to be compared with them, and what was found late."""

    def keep(self, kept: Kept) -> None:
        """Keep a question; one that is kept already is kept as it is handed in now."""
        ...

    def keep_all(self, many: Sequence[Kept]) -> None:
        """Keep those that are not kept yet; whatever stands under an id stays as it is."""
        ...

    def get(self, question_id: str, today: date) -> Kept | None: ...

    def forget(self, question_id: str) -> bool:
        """True where it was kept."""
        ...

    def watches(self, officer: str, today: date) -> list[Kept]:
        """Of one officer here, the newest first."""
        ...

    def watched_for(self, bureau: str) -> int:
        """How many watches stand for one bureau."""
        ...

    def sharing(self, keys: Mapping[str, Collection[int]], today: date) -> dict[str, list[tuple[Kept, int]]]:
        """For each record the questions under its keys (`matching.meeting`), with how many they share."""
        ...

    def any_near(self) -> bool:
        """Whether any question stands that asked for near numbers too."""
        ...

    def rekey(self, limit: int) -> int:
        """Make the keys of so many questions anew that an earlier release made; how many."""
        ...

    def note(self, record_ids: Sequence[str], kind: str) -> None:
        """These were put just now. Where nobody waits for such a one, nothing is noted."""
        ...

    def noted(self, limit: int) -> list[tuple[int, str]]:
        """(number, record) of those still to be compared, the oldest first; one put again has a new number."""
        ...

    def struck(self, numbers: Sequence[int]) -> None:
        """These are compared."""
        ...

    def file(self, late: Late, finding: Finding) -> None: ...

    def filed(self, unit: str, today: date, limit: int) -> list[tuple[Late, Held[Finding]]]:
        """What was found late for one unit, the newest first."""
        ...

    def unfile(self, hit: str) -> None:
        """The owner took the record back, or denied the hit."""
        ...

    def expire(self, today: date) -> int:
        """Erase what is past its last day; how many."""
        ...


class HeldQuestions(Protocol):
    """Questions of supervised members that wait until somebody has looked at them."""

    def put(self, held: HeldQuestion) -> None: ...

    def get(self, question_id: str) -> HeldQuestion | None: ...

    def every(self) -> list[HeldQuestion]:
        """The oldest first."""
        ...

    def past(self, today: date) -> list[HeldQuestion]:
        """Those whose last day is over."""
        ...

    def forget(self, question_id: str) -> None:
        """It is decided."""
        ...


class Batches(Protocol):
    """Lists that are looked up: how far each has come, and the queue of what was found."""

    def get(self, batch_id: str) -> Batch | None: ...

    def put(self, batch: Batch) -> None: ...

    def of_unit(self, unit: str, today: date, limit: int) -> list[Batch]:
        """The newest first."""
        ...

    def refuse(self, batch_id: str, rows: Sequence[RefusedRow]) -> None: ...

    def refused(self, batch_id: str) -> list[RefusedRow]: ...

    def silent(self, batch_id: str, silences: Sequence[Silence]) -> None:
        """Who did not answer on which line."""
        ...

    def heard(self, batch_id: str, silences: Sequence[Silence]) -> None:
        """These are asked again: whoever stays silent is noted anew."""
        ...

    def silences(self, batch_id: str) -> list[Silence]:
        """By line."""
        ...

    def queue(self, queued: Queued, finding: Finding) -> None: ...

    def queued(
        self, batch_id: str, state: QueueState | None, after: int, limit: int
    ) -> list[tuple[Queued, Held[Finding] | None]]:
        """The most probable first, from place `after` on; of every state where none is named."""
        ...

    def entry(self, hit: str) -> tuple[Queued, Held[Finding] | None] | None: ...

    def of_record(self, record_id: str) -> list[Queued]:
        """Entries of every queue that hold content of that record."""
        ...

    def decide(self, queued: Queued) -> None:
        """Keep what somebody decided; the content stays."""
        ...

    def empty(self, queued: Queued) -> None:
        """Keep the entry without its content: the record is gone."""
        ...

    def count(self, batch_id: str) -> dict[QueueState, int]:
        """Entries of its queue by state."""
        ...

    def erase(self, batch_id: str) -> None:
        """The batch with all that belongs to it."""
        ...

    def past(self, today: date) -> list[Batch]:
        """Batches whose last day is over."""
        ...


class Links(Protocol):
    """Proposed links. A link goes with either of its records, in the transaction that withdraws or expires it."""

    def put(self, link: ProposedLink) -> None: ...

    def get(self, link_id: str, today: date) -> ProposedLink | None: ...

    def queue(self, state: LinkState, today: date) -> Iterator[ProposedLink]:
        """Most probable first."""
        ...

    def every(self) -> Iterator[ProposedLink]: ...

    def erase(self, link_ids: Sequence[str]) -> None: ...


class Transaction(Protocol):
    """All shelves in one transaction. Nothing stands until `commit`; leaving without it undoes all."""

    @property
    def records(self) -> Records: ...
    @property
    def journal(self) -> Journal: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def inbox(self) -> Inbox: ...
    @property
    def members(self) -> Members: ...
    @property
    def measures(self) -> Measures: ...
    @property
    def accounts(self) -> Accounts: ...
    @property
    def hits(self) -> Hits: ...
    @property
    def agreements(self) -> Agreements: ...
    @property
    def imports(self) -> Imports: ...
    @property
    def nonces(self) -> Nonces: ...
    @property
    def links(self) -> Links: ...
    @property
    def kept(self) -> KeptQuestions: ...
    @property
    def consents(self) -> Consents: ...
    @property
    def onboarding(self) -> Checklists: ...
    @property
    def overrides(self) -> Overrides: ...
    @property
    def reviews(self) -> Reviews: ...
    @property
    def held(self) -> HeldQuestions: ...
    @property
    def batches(self) -> Batches: ...

    def commit(self) -> None: ...


class Store(Protocol):
    def transaction(self) -> AbstractContextManager[Transaction]:
        """A transaction that may write; they follow one another."""
        ...

    def reading(self) -> AbstractContextManager[Transaction]:
        """A consistent view for reading; never waits for a writer."""
        ...


class Once(Protocol):
    def __call__(self, tx: Transaction) -> None:
        """Note in this transaction that a signed request was taken. Raises Replayed where it was taken before."""
        ...


class Source(Protocol):
    """Another node that can be asked."""

    @property
    def name(self) -> str: ...

    def ask(self, question: Question, within_seconds: float) -> SourceAnswer:
        """Its answer, checked; raises Unavailable where it stays silent."""
        ...

    def ask_many(self, questions: Sequence[Question], within_seconds: float) -> list[SourceAnswer]:
        """Its answers to the first of them, in their order, at least one; Missing where it cannot take many at once."""
        ...


class Peers(Protocol):
    def sources(self) -> Iterable[Source]:
        """One for each active member other than this node."""
        ...
