"""What comes late: a new or amended record is compared with the questions that are kept, and who asked is told.

The law decides anew, as it stands on the day: nothing is told that a lookup of today would not tell. An officer here is
told at once; another bureau by letter, and then its own law decides what its officer sees. A hit's id follows from
question and record, so that nobody is told of one record twice, however often it is put and whoever tells it.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

import msgspec

from comity.desks import lookup_notes as notes
from comity.desks.alerting import Alerts, hit_of
from comity.desks.credible import credible
from comity.desks.here import Here
from comity.desks.holding import hold
from comity.desks.needs import Clock, Store, Transaction
from comity.desks.quotas import asked_so_far
from comity.desks.search import Search, Searched, lifting
from comity.desks.seen import seen
from comity.domain import limits
from comity.domain.bureau import Member
from comity.domain.caller import Account, Caller, Role, require
from comity.domain.collection import COLLECTIONS, collection
from comity.domain.decision import Taken
from comity.domain.errors import Unavailable
from comity.domain.held import Held
from comity.domain.hit import Side, hit_id
from comity.domain.journal import Act, Entry
from comity.domain.kept import Kept, Late
from comity.domain.letter import LateAnswer, Letter, QuestionReviewed, QuestionWatch, QuestionWatchEnd
from comity.domain.lookup import Finding, Outcome, Question, SourceAnswer
from comity.domain.record import Header, Record
from comity.law.decision import Law, of_officer
from comity.law.duties import erase_after_days
from comity.law.keeping import queue_until, watched_until_latest
from comity.law.release import header_of, release, show
from comity.law.retrieval import keys_of, likely
from comity.law.rulebook import Rulebook
from comity.law.standing import refusal
from comity.law.weighed import Weighed, by_own_rules, stated_with

SEE = frozenset({Role.OFFICER, Role.DUTY_OFFICER, Role.SUPERVISOR, Role.SYSTEM})
SHOWN_MAX = 500  # late findings in one listing
TOLD_BEFORE = "it was told before"


class LateAnswers:
    def __init__(
        self, here: Here, store: Store, search: Search, law: Callable[[Transaction], Law], clock: Clock
    ) -> None:
        self.here = here
        self.store = store
        self.search = search
        self.law = law
        self.clock = clock
        self.alerts = Alerts(here, clock)
        self.keyed = False  # whether all keys are known to be of this release

    # -- by the clock -------------------------------------------------------------------------------------------------

    def compare(self) -> int:
        """Compare every record that was put since the last round; how many questions were answered by them.

        What follows from a record, and that it was compared, stand in one transaction: a kill loses or doubles nothing.
        """
        self._rekey()
        told = 0
        while True:
            with self.store.reading() as tx:
                noted = tx.kept.noted(limits.RECORDS_COMPARED_AT_ONCE)
                pairs = self._answers(tx, [record_id for _, record_id in noted])
            if not noted:
                return told
            told += self._compared(noted, pairs)

    def _rekey(self) -> None:
        """After an upgrade first of all: a record would pass by questions whose keys are those of another release.

        Falls without it: tests/desks/test_late.py
        """
        while not self.keyed:
            with self.store.transaction() as tx:
                self.keyed = not tx.kept.rekey(limits.QUESTIONS_KEYED_AT_ONCE)
                tx.commit()

    def _answers(self, tx: Transaction, record_ids: Sequence[str]) -> list[tuple[str, str]]:
        """(record, question) where the one answers the other and may be told: worked out while others write."""
        today, near = self.clock().date(), tx.kept.any_near()
        records = tx.records.some(record_ids, today)
        met = tx.kept.sharing({one: keys_of(held, near) for one, held in records.items()}, today)
        pairs = [(kept, one, common) for one in record_ids for kept, common in met.get(one, ())]
        worth = likely([(kept.question, records[one], common) for kept, one, common in pairs])
        law = self.law(tx)
        return [
            (one, kept.question.id)
            for (kept, one, _), is_likely in zip(pairs, worth, strict=True)
            if is_likely and self._finding(tx, law, kept, records[one]) is not None
        ]

    def _compared(self, noted: Sequence[tuple[int, str]], pairs: Sequence[tuple[str, str]]) -> int:
        """Each pair is decided once more, in the transaction that tells.

        A question that was asked since they were read has found its records by itself; a record that was put again
        since stands under a new number, and is compared again.
        """
        told = 0
        with self.store.transaction() as tx:
            law, today = self.law(tx), self.clock().date()
            for record_id, question_id in pairs:
                held, kept = tx.records.get(record_id, today), tx.kept.get(question_id, today)
                if held is not None and kept is not None:
                    told += self._told(tx, law, kept, held)
            tx.kept.struck([number for number, _ in noted])
            tx.commit()
        return told

    def expire(self) -> int:
        """Erase questions past their last day, and what was found late and waited long enough."""
        with self.store.transaction() as tx:
            erased = tx.kept.expire(self.clock().date())
            if erased:
                entry = Entry(
                    act=Act.LOOKUPS_EXPIRED, at=self.clock(), actor=self.here.node, details={"erased": erased}
                )
                tx.journal.record(entry)
                tx.commit()
        return erased

    # -- one record, one question -------------------------------------------------------------------------------------

    def _told(self, tx: Transaction, law: Law, kept: Kept, held: Held[Record]) -> bool:
        """Tell whoever asked, if the record answers the question and the law lets it be told; once."""
        found = self._finding(tx, law, kept, held)
        if found is None:
            return False
        question = kept.question
        finding, taken = found
        if question.asker.bureau == self.here.node:
            return self._show(tx, law, kept, self.here.node, finding, "", taken)
        member = self._member(tx, question.asker.bureau)
        if member is not None and hold(tx, question, member, self.clock(), kept.until if kept.watch else None):
            return False
        self._write(tx, question, finding, header_of(held), taken)
        return True

    def _finding(
        self, tx: Transaction, law: Law, kept: Kept, held: Held[Record]
    ) -> tuple[Finding, tuple[Taken, ...]] | None:
        """What a lookup of today would find, with the decision; None also where it was told before."""
        question, header = kept.question, header_of(held)
        if tx.hits.get(hit_id(question.id, header.id)) is not None:
            return None
        if question.asker.bureau == self.here.node:
            account = tx.accounts.of_id(question.asker.officer)
            if account is None or account.suspended:
                return None
            question = _as_they_stand(question, account)
        return self._released(tx, law, question, held, header)

    def _released(
        self, tx: Transaction, law: Law, question: Question, held: Held[Record], header: Header
    ) -> tuple[Finding, tuple[Taken, ...]] | None:
        """As a lookup of today would tell it; what a supervised member asked, as it would be told after a review."""
        category, today = collection(header.collection).category, self.clock().date()
        if question.asker.bureau != self.here.node:
            member = self._member(tx, question.asker.bureau)
            if member is None or refusal(member, category, today, reviewed=True) is not None:
                return None
        weighed, compare = self._weighed(tx, law, question, today), self.search.comparison(tx, question)
        decision = weighed.owner(header.collection, header.source, header.country)
        found = release(held, decision, question.asker, question, compare, law.book, weighed)
        return None if found is None else (found, weighed.taken((header.id,)))

    def _weighed(self, tx: Transaction, law: Law, question: Question, today: date) -> Weighed:
        """As a lookup of today; under a quota its question was counted when it was asked."""
        asked = asked_so_far(tx, law, question.asker, today)
        return Weighed(law, question, today, {}, lifting(tx, self.here, question, today), asked)

    def _member(self, tx: Transaction, bureau: str) -> Member | None:
        directory = tx.members.directory()
        return directory.member(bureau) if directory else None

    def tell(self, tx: Transaction, question: Question, searched: Searched) -> int:
        """Write to the bureau that asked what was found, each record once; how many."""
        anew = [one for one in searched.answer.findings if tx.hits.get(one.hit) is None]
        for finding in anew:
            header = searched.headers[finding.hit]
            taken = tuple(one for one in searched.taken if one.envelope and one.envelope.record == header.id)
            self._write(tx, question, finding, header, taken)
        return len(anew)

    def _write(
        self, tx: Transaction, question: Question, finding: Finding, header: Header, taken: tuple[Taken, ...]
    ) -> None:
        """To the bureau that asked, with the receipt of our journal; and to the owner, as after any lookup."""
        now = self.clock()
        receipt = tx.journal.record(notes.answered_late(question, now, self.here.node, finding, header.id, taken))
        answer = SourceAnswer(
            source=self.here.node, question=question.id, outcome=Outcome.HIT, findings=(finding,), receipt=receipt
        )
        self.alerts.tell(tx, question, Searched(answer, {finding.hit: header}))
        tx.outbox.send(question.asker.bureau, LateAnswer(answer=answer), now)

    def _show(
        self,
        tx: Transaction,
        law: Law,
        kept: Kept,
        source: str,
        finding: Finding,
        receipt: str,
        taken: tuple[Taken, ...] = (),
    ) -> bool:
        """Cut a finding to what its officer may see as they stand today, enter the hit, keep it for them to look at."""
        question, now = kept.question, self.clock()
        if _told_before(tx, question, finding):
            tx.journal.record(notes.not_shown_late(question.id, now, source, TOLD_BEFORE))
            return False
        account = tx.accounts.of_id(question.asker.officer)
        if account is None or account.suspended:
            tx.journal.record(notes.not_shown_late(question.id, now, source, "whoever asked has no account any more"))
            return False
        asked = of_officer(account.roles, finding.category, question.purpose, kept.on_behalf_of, stated_with(question))
        decision = law.own_rules(asked, finding.level)
        visible = show(Held(finding), decision, law.book)
        if visible is None:
            tx.journal.record(notes.not_shown_late(question.id, now, source, "our own rules do not let them see it"))
            return False
        tx.hits.put(hit_of(question, visible, Side.ASKER, source, now))
        late = Late(
            hit=visible.hit,
            question=question,
            source=source,
            category=visible.category,
            told_at=now,
            keep_until=_keep_until(question, visible, now.date(), law.book),
        )
        tx.kept.file(late, visible)
        tx.journal.record(
            notes.shown_late(
                question,
                now,
                source,
                visible,
                receipt,
                (*taken, by_own_rules(law, asked, finding.level, decision, now.date())),
            )
        )
        return True

    # -- by letter, inside the transaction that receives it -----------------------------------------------------------

    def arrived(self, tx: Transaction, letter: Letter, late: LateAnswer) -> None:
        """A node that we asked before tells what came since. Believed as an answer is, or written down as not."""
        answer, now = late.answer, self.clock()
        kept = tx.kept.get(answer.question, now.date())
        if why := self._doubt(tx, letter, answer, kept):
            tx.journal.record(notes.not_shown_late(answer.question, now, letter.sender, why))
            return
        assert kept is not None
        law, receipt = self.law(tx), answer.receipt
        where = f"{letter.sender} {receipt.origin} {receipt.index} {receipt.leaf}" if receipt else ""
        for finding in answer.findings:
            if tx.hits.get(finding.hit) is None:
                self._show(tx, law, kept, letter.sender, finding, where)
            else:
                tx.journal.record(notes.not_shown_late(answer.question, now, letter.sender, TOLD_BEFORE))

    def _doubt(self, tx: Transaction, letter: Letter, answer: SourceAnswer, kept: Kept | None) -> str:
        """Why a late answer is not believed; '' where it is. Falls without each: tests/desks/test_late.py"""
        directory = tx.members.directory()
        member = directory.member(letter.sender) if directory else None
        if kept is None or kept.question.asker.bureau != self.here.node:
            return "no question of ours is kept under that id"
        if member is None or answer.source != letter.sender:
            return "it speaks for another node"
        if answer.outcome is not Outcome.HIT or not all(_fits(one, kept.question) for one in answer.findings):
            return "it is of another kind than was asked for"
        try:
            credible(answer, member, kept.question)
        except Unavailable as doubt:
            return doubt.what
        return ""

    def watched(self, tx: Transaction, letter: Letter, watch: QuestionWatch) -> None:
        """A bureau asks that a question of its be kept longer; whatever answers it already is told now.

        Kept no longer than our own rules let such a question be watched.
        """
        question, now = watch.question, self.clock()
        latest = watched_until_latest(question.purpose, now.date(), self.law(tx).book)
        if why := self._unwelcome(tx, letter, question, latest is not None):
            entry = Entry(
                act=Act.WATCH_SET,
                at=now,
                actor=letter.sender,
                subject=question.id,
                outcome="not-applied",
                details={"why": why},
            )
            tx.journal.record(entry)
            return
        assert latest is not None
        member = self._member(tx, letter.sender)
        if member is not None and hold(tx, question, member, now, min(watch.until, latest)):
            return
        tx.kept.keep(Kept(question=question, until=min(watch.until, latest), watch=True))
        tx.journal.record(_watch_entry(Act.WATCH_SET, question, letter.sender, now))
        self.tell(tx, question, self.search.answer(tx, self.law(tx), question, member, now.date()))

    def _unwelcome(self, tx: Transaction, letter: Letter, question: Question, may_be_watched: bool) -> str:
        """Why a question is not watched; '' where it is. Falls without each: tests/desks/test_late.py"""
        directory = tx.members.directory()
        member = directory.member(letter.sender) if directory else None
        held = tx.kept.get(question.id, self.clock().date())
        asker = question.asker
        if member is None or (asker.bureau, asker.country) != (member.id, member.manifest.country):
            return "it is the question of another"
        if held is not None and held.question != question:
            return "another question is kept under that id"
        if not may_be_watched:
            return "no watch may be set for that purpose"
        if tx.kept.watched_for(letter.sender) >= limits.WATCHES_PER_MEMBER_MAX:
            return f"{limits.WATCHES_PER_MEMBER_MAX} watches of that bureau stand already"
        return ""

    def reviewed(self, tx: Transaction, letter: Letter, told: QuestionReviewed) -> None:
        """What we asked was held at a node that supervises us, and is decided: nothing to tell, or refused."""
        kept = tx.kept.get(told.question, self.clock().date())
        ours = kept is not None and kept.question.asker.bureau == self.here.node
        clause, text = (told.reason.clause, told.reason.text) if told.reason else ("", "")
        entry = Entry(
            act=Act.LOOKUP_REVIEWED,
            at=self.clock(),
            actor=letter.sender,
            subject=told.question,
            outcome=told.outcome if ours else "not-applied",
            clauses=(clause,) if clause else (),
            details={"why": text if ours else "no question of ours is kept under that id"},
        )
        tx.journal.record(entry)

    def unwatched(self, tx: Transaction, letter: Letter, end: QuestionWatchEnd) -> None:
        """Only whoever asked may have its question forgotten."""
        held, now = tx.kept.get(end.question, self.clock().date()), self.clock()
        waiting = tx.held.get(end.question)
        if waiting is not None and waiting.question.asker.bureau == letter.sender:
            # Released later, it would be watched against its asker's word.
            # Falls without it: tests/desks/test_supervision.py
            tx.held.forget(end.question)
            tx.journal.record(_watch_entry(Act.WATCH_ENDED, waiting.question, letter.sender, now))
            return
        if held is None or held.question.asker.bureau != letter.sender:
            entry = Entry(
                act=Act.WATCH_ENDED,
                at=now,
                actor=letter.sender,
                subject=end.question,
                outcome="not-applied",
                details={"why": "no such question of that bureau is kept here"},
            )
            tx.journal.record(entry)
            return
        tx.kept.forget(end.question)
        tx.journal.record(_watch_entry(Act.WATCH_ENDED, held.question, letter.sender, now))

    # -- for people ---------------------------------------------------------------------------------------------------

    def found(self, caller: Caller) -> list[tuple[Late, Finding]]:
        """What was found late for the caller's unit, newest first, as far as our rules let this caller see it now."""
        require(caller, SEE, "see what was found late")
        with self.store.reading() as tx:
            law, filed = self.law(tx), tx.kept.filed(caller.unit, self.clock().date(), SHOWN_MAX)
        visible = (
            (late, seen(law, held, late.category, late.question.purpose, caller, stated_with(late.question)))
            for late, held in filed
        )
        return [(late, finding) for late, finding in visible if finding is not None]


def _told_before(tx: Transaction, question: Question, finding: Finding) -> bool:
    """Whether its officer knows of that record by the same question under another id, as where a silent source was
    asked again. Falls without it: tests/desks/test_late.py
    """
    known = tx.hits.of_record(finding.record) if finding.record else []
    others = (tx.kept.get(hit.question, question.asked_at.date()) for hit in known if hit.question != question.id)
    return any(other is not None and _alike(other.question, question) for other in others)


def _alike(one: Question, other: Question) -> bool:
    stated = [(each.asker.officer, each.query, each.purpose, each.case) for each in (one, other)]
    return stated[0] == stated[1]


def _as_they_stand(question: Question, account: Account) -> Question:
    """Asked today, it would be asked under the roles of today."""
    asker = msgspec.structs.replace(question.asker, roles=tuple(sorted(account.roles)), unit=account.unit)
    return msgspec.structs.replace(question, asker=asker)


def _fits(finding: Finding, question: Question) -> bool:
    """Whether a finding is of the kind that was asked for, and calls itself what it is."""
    kind = question.query.__struct_config__.tag
    named = [one for one in COLLECTIONS.values() if one.kind == kind and one.category == finding.category]
    if finding.subject is None:
        return bool(named)
    return finding.subject.__struct_config__.tag == kind and finding.collection in [one.code for one in named]


def _keep_until(question: Question, finding: Finding, today: date, book: Rulebook) -> date:
    """As long as our own rules let what was found wait, and no longer than its owner lets us keep it.

    Falls without it: tests/desks/test_passing.py
    """
    days = erase_after_days(finding.obligations)
    ours = queue_until(question.purpose, today, book)
    return ours if days is None else min(ours, today + timedelta(days=days))


def _watch_entry(act: Act, question: Question, actor: str, at: datetime) -> Entry:
    return Entry(act=act, at=at, actor=actor, subject=question.id, purpose=question.purpose, case=question.case)
