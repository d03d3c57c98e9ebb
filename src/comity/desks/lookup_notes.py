"""What the journal says of a lookup, on either side of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from comity.domain.decision import Taken
from comity.domain.errors import Invalid
from comity.domain.hit import Hit
from comity.domain.journal import Act, Entry
from comity.domain.lookup import Finding, Outcome, Question, Reason, SourceAnswer
from comity.domain.reply import ReplyLevel

Details = dict[str, str | int | float | bool | list[str]]


def asked(
    question: Question, on_behalf_of: str, refusal: Reason | None, taken: tuple[Taken, ...] = (), site: str = ""
) -> Entry:
    """By an officer here: admitted, or refused by our own rules, with their decisions."""
    details = _query(question) | _stated(question) | (written(taken) if taken else {})
    if on_behalf_of:
        details["on_behalf_of"] = on_behalf_of
    if site:
        details["site"] = site
    if refusal is None:
        return _entry(Act.LOOKUP_ASKED, question, question.asked_at, details=details)
    return _entry(
        Act.LOOKUP_REFUSED,
        question,
        question.asked_at,
        outcome=Outcome.REFUSED,
        clauses=(refusal.clause,),
        details=details,
    )


def shown(question: Question, at: datetime, answers: Sequence[SourceAnswer], taken: tuple[Taken, ...] = ()) -> Entry:
    """To the officer who asked: what each source said, and where each source says that it wrote it down.

    `taken` are the decisions of our own rules on what they may see of it.
    """
    findings = [finding for answer in answers for finding in answer.findings]
    receipts = [
        f"{answer.source} {answer.receipt.origin} {answer.receipt.index} {answer.receipt.leaf}"
        for answer in answers
        if answer.receipt is not None
    ]
    return _entry(
        Act.LOOKUP_SHOWN,
        question,
        at,
        outcome=_outcome(answers),
        level=_deepest(findings),
        clauses=_clauses(findings),
        records=tuple(dict.fromkeys(finding.record or finding.hit for finding in findings)),
        details={
            "sources": [f"{answer.source} {answer.outcome}" for answer in answers],
            "receipts": receipts,
            **(written(taken) if taken else {}),
        },
    )


def answered(
    question: Question, at: datetime, answer: SourceAnswer, records: tuple[str, ...], taken: tuple[Taken, ...] = ()
) -> Entry:
    """To another node: what it was told of which records, or by which clause it was refused; and by which decisions."""
    refused = answer.reason.clause if answer.reason is not None else ""
    return _entry(
        Act.LOOKUP_REFUSED if answer.outcome is Outcome.REFUSED else Act.LOOKUP_ANSWERED,
        question,
        at,
        for_whom=question.asker.bureau,
        outcome=answer.outcome,
        level=_deepest(answer.findings),
        clauses=(refused,) if refused else _clauses(answer.findings),
        records=records,
        details=_query(question) | (written(taken) if taken else {}),
    )


def written(taken: Sequence[Taken]) -> Details:
    """Decisions of the law, so that each can be made again."""
    return {"decisions": [msgspec.json.encode(one, order="sorted").decode() for one in taken]}


def decisions(entry: Entry) -> tuple[Taken, ...]:
    """The decisions that an entry holds. Raises Invalid where they cannot be read by this release."""
    found = entry.details.get("decisions", [])
    try:
        return tuple(msgspec.json.decode(one, type=Taken) for one in found) if isinstance(found, list) else ()
    except msgspec.ValidationError as wrong:
        raise Invalid(
            f"The decisions of this entry cannot be read: {wrong}.", do="Use the release that wrote it."
        ) from None


def alerted(question: Question, at: datetime, hit: Hit) -> Entry:
    """The owner of a record is told that it was found."""
    return _entry(Act.HIT_ALERTED, question, at, subject=hit.id, for_whom=hit.owner, details={"question": question.id})


def answered_late(
    question: Question, at: datetime, by: str, finding: Finding, record: str, taken: tuple[Taken, ...]
) -> Entry:
    """To the bureau that asked before: a record came that answers its question, told by that node of itself."""
    told, details = (record,), written(taken) if taken else {}
    act, whom = Act.LOOKUP_ANSWERED_LATE, question.asker.bureau
    return _late(act, question, at, by, finding, told, for_whom=whom, details=details)


def shown_late(
    question: Question, at: datetime, source: str, finding: Finding, receipt: str, taken: tuple[Taken, ...]
) -> Entry:
    """To the officer here who asked before, by the decisions of the law and of our own rules."""
    records, details = (finding.record or finding.hit,), {"receipts": [receipt], **written(taken)}
    return _late(Act.LOOKUP_SHOWN_LATE, question, at, source, finding, records, details=details)


def not_shown_late(question_id: str, at: datetime, source: str, why: str) -> Entry:
    """What came late is written down also where nobody may be told of it any more."""
    return Entry(
        act=Act.LOOKUP_SHOWN_LATE,
        at=at,
        actor=source,
        subject=question_id,
        outcome="not-applied",
        details={"why": why},
    )


def _late(
    act: Act, question: Question, at: datetime, actor: str, finding: Finding, records: tuple[str, ...], **more: Any
) -> Entry:
    return Entry(
        act=act,
        at=at,
        actor=actor,
        unit=question.asker.unit,
        subject=question.id,
        purpose=question.purpose,
        case=question.case,
        outcome=Outcome.HIT,
        level=finding.level.word,
        clauses=finding.clauses,
        records=records,
        **more,
    )


def _outcome(answers: Sequence[SourceAnswer]) -> Outcome:
    """Of all sources together: no record only where at least one of them looked."""
    told = {answer.outcome for answer in answers if answer.findings or answer.outcome is not Outcome.HIT}
    for outcome in (Outcome.HIT, Outcome.NO_RECORD, Outcome.REFUSED):
        if outcome in told:
            return outcome
    return Outcome.SILENT


def _entry(act: Act, question: Question, at: datetime, subject: str = "", **more: Any) -> Entry:
    """The officer is named by the opaque id, which only their own bureau can resolve."""
    return Entry(
        act=act,
        at=at,
        actor=question.asker.officer,
        unit=question.asker.unit,
        subject=subject or question.id,
        purpose=question.purpose,
        case=question.case,
        **more,
    )


def _query(question: Question) -> Details:
    return {"query": msgspec.json.encode(question.query, order="sorted").decode()}


def _stated(question: Question) -> Details:
    """What the officer stated beside it, for which their bureau answers. What they left out is left out here."""
    said = {"stated": question.stated, "offence": question.offence, "overrides": question.overrides or None}
    return {name: msgspec.json.encode(one, order="sorted").decode() for name, one in said.items() if one is not None}


def _deepest(findings: Sequence[Finding]) -> str:
    return max((finding.level for finding in findings), default=ReplyLevel.NOTHING).word


def _clauses(findings: Sequence[Finding]) -> tuple[str, ...]:
    return tuple(sorted({clause for finding in findings for clause in finding.clauses}))
