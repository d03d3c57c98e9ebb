"""Every owner learns that its record was found: the register here, a letter to whoever is elsewhere."""

from datetime import datetime

import msgspec

from comity.desks import lookup_notes as notes
from comity.desks.here import Here
from comity.desks.hits import named_by
from comity.desks.needs import Clock, Transaction
from comity.desks.search import Searched
from comity.domain.errors import Conflict
from comity.domain.hit import Hit, Side
from comity.domain.letter import HitAlert
from comity.domain.lookup import Finding, Question
from comity.domain.reply import ReplyLevel


class Alerts:
    """Works inside the transaction that answers."""

    def __init__(self, here: Here, clock: Clock) -> None:
        self.here = here
        self.clock = clock

    def tell(self, tx: Transaction, question: Question, searched: Searched) -> None:
        """Enter each finding of an answer as a hit, once, and tell its owner."""
        directory, now = tx.members.directory(), self.clock()
        for finding in searched.answer.findings:
            side = Side.OWNER if finding.owner == self.here.node else Side.ANSWERER
            header = searched.headers[finding.hit]
            held = tx.hits.get(finding.hit)
            if held is not None and held.record:
                self._check_first_time(question, held)
                continue
            found = msgspec.structs.replace(
                hit_of(question, finding, side, self.here.node, now),
                record=header.id,
                reference=header.reference,
                collection=header.collection,
            )
            hit = named_by(held, found)
            tx.hits.put(hit)
            owner = directory.member(finding.owner) if directory else None
            if side is Side.ANSWERER and owner is not None and owner.id != question.asker.bureau:
                tx.outbox.send(owner.id, _alert_letter(hit, finding.level), now)
                tx.journal.record(notes.alerted(question, now, hit))

    def _check_first_time(self, question: Question, held: Hit) -> None:
        """Whoever asks again under one question's id, or under another bureau's, would be hidden from the owner.

        Not so where the hub's alert of this very question came first. Falls without it: tests/desks/test_lookups.py
        """
        if held.asker != question.asker.bureau or held.answered_by == self.here.node:
            raise Conflict(f"There was a question {question.id} before.", do="Ask under a new id.")


def hit_of(question: Question, finding: Finding, side: Side, answered_by: str, found_at: datetime) -> Hit:
    """A finding as it stands in a register."""
    return Hit(
        id=finding.hit,
        question=question.id,
        side=side,
        asker=question.asker.bureau,
        asker_unit=question.asker.unit,
        owner=finding.owner,
        answered_by=answered_by,
        collection=finding.collection,
        record=finding.record,
        reference=finding.reference,
        purpose=question.purpose,
        case=question.case,
        found_at=found_at,
    )


def _alert_letter(hit: Hit, level: ReplyLevel) -> HitAlert:
    return HitAlert(
        hit=hit.id,
        question=hit.question,
        asker=hit.asker,
        asker_unit=hit.asker_unit,
        collection=hit.collection,
        record=hit.record,
        reference=hit.reference,
        purpose=hit.purpose,
        case=hit.case,
        level=level.word,
        found_at=hit.found_at,
    )
