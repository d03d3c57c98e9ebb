"""What an officer gets to see of an answer: the same facts, with words where the answer has numbers and codes."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from comity.domain.journal import Receipt
from comity.domain.lookup import Answer, Finding, Outcome, Reason, SourceAnswer
from comity.domain.marking import Marking
from comity.domain.match import Match
from comity.domain.promise import Promise
from comity.domain.record import Subject
from comity.domain.reply import ReplyLevel
from comity.law.standing import HELD_CLAUSE

Level = Literal["nothing", "hit", "core", "full"]


class ShownFinding(Struct, frozen=True, kw_only=True):
    """As much of one record as the law let out. A lead, never proof: the owner confirms before anyone acts."""

    hit: Annotated[str, Meta(description="The hit's id, for /v1/hits/{id}")]
    owner: Annotated[str, Meta(description="The member that owns the record")]
    contact: Annotated[str, Meta(description="The owner's duty desk, day and night")]
    category: str
    level: Annotated[Level, Meta(description="How much was let out: hit: only that there is one; core; full")]
    collection: str
    record: str
    reference: Annotated[str, Meta(description="The owner's own file number")]
    version: int
    amended_at: datetime | None
    marking: Marking | None
    subject: Subject | None
    match: Annotated[Match | None, Meta(description="How alike question and record are, and why")]
    clauses: Annotated[tuple[str, ...], Meta(description="The clauses that allowed it")]
    obligations: Annotated[tuple[str, ...], Meta(description="What whoever receives it owes")]


class ShownSource(Struct, frozen=True, kw_only=True):
    """How one source stands to the question. "No record" never means clear."""

    source: str
    says: Annotated[str, Meta(description="The outcome as a sentence, for a screen")]
    question: str
    outcome: Outcome
    findings: tuple[ShownFinding, ...]
    reason: Annotated[Reason | None, Meta(description="Why it refused, stayed silent or answered less than was asked")]
    receipt: Annotated[Receipt | None, Meta(description="Where the source wrote its answer down")]
    more: Annotated[bool, Meta(description="There were more findings than the limit")]
    took_ms: float


class ShownAnswer(Struct, frozen=True, kw_only=True):
    """Every source that was asked, with how it stands."""

    question: Annotated[str, Meta(description="The id under which all journals have it")]
    asked_at: datetime
    sources: tuple[ShownSource, ...]
    receipt: Annotated[Receipt | None, Meta(description="Where the asking bureau wrote it down")]
    took_ms: float


def shown(answer: Answer, name_of: Callable[[str], str]) -> ShownAnswer:
    """An answer for a screen; `name_of` gives a member's name in words."""
    sources = tuple(_shown_source(source, name_of) for source in answer.sources)
    return ShownAnswer(**{**msgspec.structs.asdict(answer), "sources": sources})


def says(answer: SourceAnswer, name: str) -> str:
    """How a source stands to the question, as a sentence that cannot be read as "clear"."""
    match answer.outcome:
        case Outcome.HIT:
            return f"{name}: {_found(answer)} A hit is a lead: have its owner confirm it before you act.{_also(answer)}"
        case Outcome.NO_RECORD:
            return f"{name}: no record. This does not mean the person or thing is clear.{_also(answer)}"
        case Outcome.SILENT:
            return f"{name}: no answer. Nothing is known from there; ask again or call its duty desk."
        case Outcome.REFUSED if answer.reason and answer.reason.clause == HELD_CLAUSE:
            return f"{name}: not answered yet. {answer.reason.text}"
        case Outcome.REFUSED:
            return f"{name}: refused. {_refused(answer.reason)}".rstrip()


def _also(answer: SourceAnswer) -> str:
    """What else is to be known of an answer: that less was asked than the officer did."""
    return f" {_said(answer.reason)} {answer.reason.needed}".rstrip() if answer.reason else ""


def _found(answer: SourceAnswer) -> str:
    count = len(answer.findings)
    records = f"{count} record{'' if count == 1 else 's'} found{', and more than are shown' if answer.more else ''}."
    bare = sorted({finding.contact for finding in answer.findings if finding.level is ReplyLevel.HIT})
    return f"{records} For its content ask {', '.join(bare)}." if bare else records


def _refused(reason: Reason | None) -> str:
    return f"{_said(reason)} {reason.do}".rstrip() if reason else ""


def _said(reason: Reason) -> str:
    named = not reason.clause or reason.text.startswith(reason.clause)  # the text may name its clause itself
    clause = "" if named else f"{reason.clause}: "
    return f"{clause}{reason.text}"


def _shown_source(answer: SourceAnswer, name_of: Callable[[str], str]) -> ShownSource:
    told = msgspec.structs.asdict(answer)
    del told["promise"]
    findings = tuple(shown_finding(finding) for finding in answer.findings)
    said = f"{says(answer, name_of(answer.source))} {_proof(answer)}".rstrip()
    return ShownSource(**{**told, "findings": findings, "says": said})


def _proof(answer: SourceAnswer) -> str:
    """What is shown so far of the source's own log. Of what lies here there is no receipt, and nothing to show."""
    if not answer.findings or answer.receipt is None:
        return ""
    if not isinstance(answer.promise, Promise):
        return "It does not promise that its log holds this disclosure: a node of an earlier release cannot."
    return (
        f"It promises to show by {answer.promise.merge_by:%H:%M:%S} UTC that its log holds this disclosure; "
        "if it does not, there is an alarm."
    )


def shown_finding(finding: Finding) -> ShownFinding:
    """A finding for a screen: its level as a word."""
    return ShownFinding(**{**msgspec.structs.asdict(finding), "level": finding.level.word})
