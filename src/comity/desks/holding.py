"""Hold what a supervised member asks or writes until somebody has looked at it: nothing is lost, or acted on yet."""

from datetime import date, datetime, timedelta

from comity.desks.needs import Transaction
from comity.desks.search import categories
from comity.domain import limits
from comity.domain.bureau import Measure, Member, Standing
from comity.domain.journal import Act, Entry
from comity.domain.letter import (
    CaseMessageTranslated,
    Letter,
    LetterReviewed,
    RecordPassed,
    RecordsShare,
    kind_of,
    purpose_of,
)
from comity.domain.lookup import Outcome, Query, Question, Reason
from comity.domain.record import Withdrawal, WithdrawalReason
from comity.domain.supervision import HeldLetter, HeldQuestion, HeldState, about, may_wait
from comity.law.release import header_of
from comity.law.standing import held as held_reason
from comity.law.standing import supervised


def held_under(member: Member, query: Query, on: date) -> Measure | None:
    """The measure under which its question is held that day; None where it is answered or refused at once."""
    touched = [category for category in categories(query) if member.stands(on, category) is Standing.SUPERVISED]
    return member.measure(on, touched[0]) if touched else None


def hold(
    tx: Transaction, question: Question, member: Member, now: datetime, watch_until: date | None = None
) -> Reason | None:
    """Keep a question for review where its asker is supervised: what the asker is told; None where it is not.

    Asked again under the same id it is held once, for as long as at first.
    """
    measure = held_under(member, question.query, now.date())
    if measure is None:
        return None
    before = tx.held.get(question.id)
    # Whoever was asked too knows the id, and must not put a question of its own in the place of another's.
    # Falls without it: tests/desks/test_supervision.py
    if before is None:
        waiting = HeldQuestion(
            question=question,
            measure=measure.id,
            held_at=now,
            until=now.date() + timedelta(days=limits.HELD_DAYS_MAX),
            watch_until=watch_until,
        )
        tx.held.put(waiting)
        tx.journal.record(_entry(question, measure, now))
    return held_reason(member, measure)


def _entry(question: Question, measure: Measure, now: datetime) -> Entry:
    return Entry(
        act=Act.LOOKUP_HELD,
        at=now,
        actor=question.asker.bureau,
        unit=question.asker.unit,
        for_whom=question.asker.bureau,
        subject=question.id,
        purpose=question.purpose,
        case=question.case,
        outcome=Outcome.REFUSED,
        clauses=(f"directory measure {measure.id}",),
    )


def hold_letter(tx: Transaction, letter: Letter, now: datetime) -> bool:
    """Keep a letter whole for review where its sender is supervised; whether it was kept.

    It has used its number, so that its lane goes on. Its sender is told.
    """
    measure = _measure(tx, letter, now.date())
    if measure is None:
        return False
    until = now.date() + timedelta(days=limits.HELD_DAYS_MAX)
    if isinstance(letter.body, RecordPassed):  # what it brings may be kept no longer than that
        until = min(until, letter.body.until)
    tx.held_letters.put(HeldLetter(letter=letter, measure=measure, held_at=now, until=until))
    if isinstance(letter.body, RecordsShare):
        _hide_older(tx, letter, letter.body, now)
    told = LetterReviewed(letter=letter.id, about=about(letter.body), state=HeldState.HELD)
    tx.outbox.send(letter.sender, told, now)
    entry = Entry(
        act=Act.LETTER_HELD,
        at=now,
        actor=letter.sender,
        subject=letter.id,
        purpose=purpose_of(letter.body) or "",
        outcome=kind_of(letter.body),
        clauses=(f"directory measure {measure}",),
        details={"about": about(letter.body), "lane": letter.lane, "sequence": letter.sequence},
    )
    tx.journal.record(entry)
    return True


def _measure(tx: Transaction, letter: Letter, today: date) -> str | None:
    """The id of the measure under which a letter is held."""
    if not may_wait(letter.body):
        return None
    directory = tx.members.directory()
    member = directory.member(letter.sender) if directory else None
    measure = supervised(member, today) if member else None
    if measure is not None:
        return measure.id
    if isinstance(letter.body, CaseMessageTranslated):
        # What it translates may still wait: applied now, it would be a translation of nothing, and lost.
        # Falls without it: tests/desks/test_letter_review.py
        spoken = tx.held_letters.speaking_of(letter.sender, about(letter.body))
        waiting = [one for one in spoken if one.measure]
        return waiting[0].measure if waiting else None
    return None


def _hide_older(tx: Transaction, letter: Letter, share: RecordsShare, now: datetime) -> None:
    """A copy that its own source has amended answers nothing while the amendment waits: it is not so any more.

    Its tombstone names the older version alone, so that the newer one takes its place once it is released.
    Falls without it: tests/desks/test_letter_review.py
    """
    for record in share.records:
        held = tx.records.get(record.header.id, now.date())
        standing = header_of(held) if held is not None else None
        # Or a supervised member could have another's copy erased by naming it.
        if standing is None or standing.source != letter.sender or standing.version >= record.header.version:
            continue
        withdrawal = Withdrawal(
            id=standing.id,
            collection=standing.collection,
            source=standing.source,
            reference=standing.reference,
            version=standing.version,
            reason=WithdrawalReason.CONDITIONS_GONE,
            withdrawn_at=now,
        )
        tx.records.withdraw(withdrawal)
