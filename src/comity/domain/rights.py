"""Rights of the person: a request for access, correction or deletion, what its sources say to it, and its decision."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.dates import Moment, months_later
from comity.domain.lookup import PersonQuery
from comity.domain.record import Subject

Code = Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX)]
Text = Annotated[str, Meta(max_length=limits.TEXT_CHARS_MAX)]


class RightsKind(StrEnum):
    """What a person asks for."""

    ACCESS = "access"
    CORRECTION = "correction"
    DELETION = "deletion"


# From admission. CCF practice: 4 months for access, 9 for correction or deletion.
ANSWER_MONTHS = {
    RightsKind.ACCESS: limits.ACCESS_ANSWER_MONTHS,
    RightsKind.CORRECTION: limits.CORRECTION_ANSWER_MONTHS,
    RightsKind.DELETION: limits.CORRECTION_ANSWER_MONTHS,
}


class IdentityProof(StrEnum):
    """How the person proved who they are."""

    SEEN_IN_PERSON = "seen-in-person"  # with an identity document
    CERTIFIED_COPY = "certified-copy"
    CONSULATE = "consulate"
    ELECTRONIC = "electronic"


class Inadmissible(StrEnum):
    """Why a request is not examined. None of these says anything of what is held."""

    IDENTITY_NOT_PROVED = "identity-not-proved"
    NO_POWER_OF_ATTORNEY = "no-power-of-attorney"
    NOTHING_STATED = "nothing-stated"  # no summary of what is asked and why
    LANGUAGE = "language"  # in none that this node works in
    REPEATED = "repeated"  # decided before, and nothing new
    ABUSIVE = "abusive"
    NOT_COMPETENT = "not-competent"


class ExtensionReason(StrEnum):
    """Why a decision takes longer. None of these says anything of what is held."""

    MANY_REQUESTS = "many-requests"
    COMPLEX = "complex"
    PAPERS_AWAITED = "papers-awaited"  # from the person
    TRANSLATION = "translation"


class RightsGround(StrEnum):
    """Why something stays as it is."""

    ACCURATE = "accurate"  # what is held is right
    STILL_NEEDED = "still-needed"
    PROCEEDINGS = "proceedings"
    SAFETY = "safety"  # of others
    RETENTION_BY_LAW = "retention-by-law"


class RightsState(StrEnum):
    RECEIVED = "received"
    NOT_ADMITTED = "not-admitted"
    ADMITTED = "admitted"  # the clock runs
    PROPOSED = "proposed"  # a decision, by the first person
    DECIDED = "decided"
    EMPTIED = "emptied"  # its time is over: only dates, kind and outcome are left


class ConsultationState(StrEnum):
    """How far the source of one record is with its word."""

    ASKED = "asked"
    PROPOSED = "proposed"  # by one of its people; a second one must confirm
    ANSWERED = "answered"
    SILENT = "silent"  # the deadline is over
    UNREAD = "unread"  # its node is of an earlier release: ask by other means


class BlockState(StrEnum):
    """Whether a record is out of reach while a request about it is pending."""

    NONE = "none"
    PROPOSED = "proposed"
    BLOCKED = "blocked"
    RELEASED = "released"


class SourceWord(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a source says: may the person learn that anything is held, and should it be corrected or deleted?"""

    disclose: bool
    agrees: bool = False
    told: Text = ""  # what the person may read of it; empty unless `disclose`
    note: Text = ""  # for whoever decides, never for the person


class Consultation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One record that a request concerns, and its source's word on it; in the registers of both sides."""

    id: str
    request: str  # '' at a source that another node asks
    kind: RightsKind
    said: Text  # what the person wants changed, and why
    record: Code
    owner: str
    asker: str
    asked_at: Moment
    due_at: Moment
    letter: str = ""  # by which it was asked
    state: ConsultationState = ConsultationState.ASKED
    word: SourceWord | None = None
    word_by: str = ""
    confirmed_by: str = ""
    answered_at: Moment | None = None
    block: BlockState = BlockState.NONE
    block_by: str = ""
    block_why: Text = ""
    blocked_by: str = ""  # the second person
    shares: tuple[str, ...] = ()  # under which the hub was told to erase its copy

    @property
    def open(self) -> bool:
        return self.state in (ConsultationState.ASKED, ConsultationState.PROPOSED)

    def bare(self) -> "Consultation":
        """Without what anybody said."""
        return msgspec.structs.replace(self, said="", word=None, block_why="")


class RightsDecision(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Of the records named what the person asked for is done; of all others nothing, on the ground given."""

    granted: Annotated[tuple[str, ...], Meta(max_length=limits.LIST_ITEMS_MAX)] = ()
    ground: RightsGround | None = None
    reason: Text = ""  # never for the person
    corrected: Subject | None = None  # of the one record granted
    proposed_by: str
    proposed_at: Moment
    confirmed_by: str = ""
    confirmed_at: Moment | None = None


class RightsPublication(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A decision as anyone may read it. The outcome is left out where the person was told neither yes nor no."""

    number: str
    kind: RightsKind
    quarter: str  # 2031-Q2
    in_time: bool
    outcome: str = ""
    ground: RightsGround | None = None
    excerpt: Text = ""


class RightsRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    id: str
    kind: RightsKind
    person: PersonQuery | None  # None once it is emptied
    said: Text
    by_attorney: bool
    received_at: Moment
    received_by: str
    state: RightsState = RightsState.RECEIVED
    not_admitted: Inadmissible | None = None
    identity: IdentityProof | None = None
    admitted_at: Moment | None = None
    admitted_by: str = ""
    due_at: Moment | None = None
    extended: ExtensionReason | None = None
    escalated_at: Moment | None = None
    decision: RightsDecision | None = None
    reply: Text = ""
    openly: bool = False  # the person was told what was done
    publication: RightsPublication | None = None

    @property
    def reply_from(self) -> datetime:
        """No reply leaves sooner, whatever is held: the day on which it comes must not tell."""
        return (self.admitted_at or self.received_at) + timedelta(days=limits.CONSULTATION_DAYS)

    @property
    def pending(self) -> bool:
        return self.state in (RightsState.ADMITTED, RightsState.PROPOSED)

    def deadline(self) -> datetime:
        """From admission, with the extension if there is one."""
        months = ANSWER_MONTHS[self.kind] + (limits.RIGHTS_EXTENDED_MONTHS if self.extended else 0)
        return months_later(self.admitted_at or self.received_at, months)


class Concerned(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something held here that may be about the person; a human says whether it is."""

    record: str
    collection: str
    reference: str
    owner: str
    held: str  # own, copy, found (by an officer here) or passed (to us)
    probability: float


class Propagated(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One copy elsewhere of what was corrected, blocked or deleted, and whether its holder has acknowledged."""

    record: str
    holder: str
    acknowledged: bool


class WholeRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A request with what its sources said and where its consequences have come to."""

    request: RightsRequest
    clock: str  # what is left of it
    reply_from: Moment | None
    consultations: tuple[Consultation, ...]
    propagated: tuple[Propagated, ...]
