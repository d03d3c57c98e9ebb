"""The source of a record is asked what it says to a person's request, and two of its people give its word."""

from collections.abc import Callable
from datetime import timedelta

import msgspec

from comity.desks.here import Here
from comity.desks.needs import Clock, Store, Transaction
from comity.desks.rights_notes import DECIDE, SEE, another_person, consultation_of, note, request_of
from comity.domain import limits
from comity.domain.caller import Caller, require
from comity.domain.collection import COLLECTIONS
from comity.domain.dates import months_later
from comity.domain.errors import Conflict, Invalid, Missing
from comity.domain.ids import new_id
from comity.domain.journal import Act, Entry
from comity.domain.letter import Letter, LetterParked, RightsAnswer, RightsConsultation
from comity.domain.rights import Consultation, ConsultationState, RightsRequest, SourceWord
from comity.law.release import header_of

NOT_TOLD = "No record of ours under that id was told to you."
# From these a word may still be given: a source that was silent may speak as long as nothing is decided.
WITHOUT_WORD = frozenset({ConsultationState.ASKED, ConsultationState.PROPOSED, ConsultationState.SILENT})


class Consultations:
    def __init__(self, here: Here, store: Store, clock: Clock, entropy: Callable[[int], bytes]) -> None:
        self.here = here
        self.store = store
        self.clock = clock
        self.entropy = entropy

    # -- for people ---------------------------------------------------------------------------------------------------

    def consult(self, tx: Transaction, request: RightsRequest, record: str, caller: Caller) -> Consultation:
        """Ask its source, inside the caller's transaction; of our own records our own people give the word."""
        consulted, now = tx.rights.consulted(request.id), self.clock()
        if any(one.record == record for one in consulted):
            raise Conflict(f"Record {record} is consulted already.", do="See `comity rights show`.")
        if len(consulted) >= limits.LIST_ITEMS_MAX:
            raise Conflict(f"A request concerns {limits.LIST_ITEMS_MAX} records at most.", do="Take a second request.")
        consultation = Consultation(
            id=new_id(now, self.entropy(10)),
            request=request.id,
            kind=request.kind,
            said=request.said,
            record=record,
            owner=self._source(tx, record),
            asker=self.here.node,
            asked_at=now,
            due_at=max(request.reply_from, now + timedelta(days=limits.CONSULTATION_DAYS_MIN)),
        )
        if consultation.owner != self.here.node:
            body = RightsConsultation(
                consultation=consultation.id,
                record=record,
                asks=request.kind,
                said=request.said,
                by=consultation.due_at,
            )
            sent = tx.outbox.send(consultation.owner, body, now)
            consultation = msgspec.structs.replace(consultation, letter=sent)
        tx.rights.file(consultation)
        note(tx, Act.RIGHTS_CONSULTED, now, caller, consultation, "asked", for_whom=consultation.owner)
        return consultation

    def every(self, caller: Caller) -> list[Consultation]:
        """In which another node asks us."""
        require(caller, SEE, "see what sources are consulted on")
        with self.store.reading() as tx:
            return tx.rights.consulted("")

    def propose(self, consultation_id: str, word: SourceWord, caller: Caller) -> Consultation:
        """The first person's proposal of what we say as the source."""
        require(caller, DECIDE, "give the word of a source")
        if bool(word.told.strip()) != word.disclose:
            raise Invalid(
                "What the person may read is given where it may be told, and nowhere else.",
                where="told",
                do="Sum up what may be told, or say that nothing may.",
            )
        with self.store.transaction() as tx:
            consultation = self._ours(tx, consultation_id)
            if consultation.state not in WITHOUT_WORD:
                raise Conflict(f"It is {consultation.state}.", do="See `comity rights consultations`.")
            proposed = msgspec.structs.replace(
                consultation, state=ConsultationState.PROPOSED, word=word, word_by=caller.account
            )
            tx.rights.file(proposed)
            note(tx, Act.RIGHTS_ANSWERED, self.clock(), caller, proposed, proposed.state, proposed.asker)
            tx.commit()
        return proposed

    def confirm(self, consultation_id: str, caller: Caller) -> Consultation:
        """The second person's word: it is the source's from now on, and whoever asked is told."""
        require(caller, DECIDE, "confirm the word of a source")
        with self.store.transaction() as tx:
            consultation, now = self._ours(tx, consultation_id), self.clock()
            if consultation.state is not ConsultationState.PROPOSED or consultation.word is None:
                raise Conflict(f"It is {consultation.state}, not proposed.", do="Propose a word first.")
            another_person(consultation.word_by, caller)
            answered = msgspec.structs.replace(
                consultation, state=ConsultationState.ANSWERED, confirmed_by=caller.account, answered_at=now
            )
            tx.rights.file(answered)
            if answered.asker != self.here.node:
                tx.outbox.send(answered.asker, RightsAnswer(consultation=answered.id, word=consultation.word), now)
            note(tx, Act.RIGHTS_ANSWERED, now, caller, answered, answered.state, for_whom=answered.asker)
            tx.commit()
        return answered

    # -- by letter, inside the transaction that receives it -----------------------------------------------------------

    def asked(self, tx: Transaction, letter: Letter, body: RightsConsultation) -> None:
        """Another node has a request about a record of ours that it was told of: for our people, with its deadline."""
        now = self.clock()
        # Whoever was not told of a record must learn nothing by asking. Falls without it: tests/desks/test_rights.py
        if not self._was_told(tx, letter.sender, body.record):
            self._not_applied(tx, Act.RIGHTS_CONSULTED, letter, body.consultation, NOT_TOLD)
            return
        if tx.rights.consultation(body.consultation) is not None:
            self._not_applied(tx, Act.RIGHTS_CONSULTED, letter, body.consultation, "There is one under that id.")
            return
        consultation = Consultation(
            id=body.consultation,
            request="",
            kind=body.asks,
            said=body.said,
            record=body.record,
            owner=self.here.node,
            asker=letter.sender,
            asked_at=now,
            due_at=body.by,
        )
        tx.rights.file(consultation)
        note(tx, Act.RIGHTS_CONSULTED, now, letter.sender, consultation, "asked", for_whom=letter.sender)

    def answered(self, tx: Transaction, letter: Letter, body: RightsAnswer) -> None:
        """The source's word; nobody else's counts, and none once the request is decided."""
        consultation = tx.rights.consultation(body.consultation)
        # Falls without each: tests/desks/test_rights.py
        if consultation is None or consultation.owner != letter.sender or consultation.asker != self.here.node:
            self._not_applied(tx, Act.RIGHTS_ANSWERED, letter, body.consultation, "Nobody asked you that.")
            return
        if consultation.answered_at is not None or not request_of(tx, consultation.request).pending:
            self._not_applied(tx, Act.RIGHTS_ANSWERED, letter, body.consultation, "Nobody waits for it any more.")
            return
        now = self.clock()
        answered = msgspec.structs.replace(
            consultation, state=ConsultationState.ANSWERED, word=body.word, answered_at=now
        )
        tx.rights.file(answered)
        note(tx, Act.RIGHTS_ANSWERED, now, letter.sender, answered, answered.state)

    def unread(self, tx: Transaction, letter: Letter, parked: LetterParked) -> None:
        """The source's node knows no such letter: its people must be asked by other means, or count as silent."""
        for request in tx.rights.every():
            for one in tx.rights.consulted(request.id) if request.pending else ():
                if one.letter == parked.letter and one.owner == letter.sender and one.open:
                    unread = msgspec.structs.replace(one, state=ConsultationState.UNREAD)
                    tx.rights.file(unread)
                    note(tx, Act.RIGHTS_CONSULTED, self.clock(), letter.sender, unread, unread.state)

    # -- by the clock -------------------------------------------------------------------------------------------------

    def lapse(self, tx: Transaction) -> int:
        """Whose time is over counts as silent: it neither lets anything be told nor agrees; how many."""
        now = self.clock()
        late = tx.rights.late(now)
        for one in late:
            silent = msgspec.structs.replace(one, state=ConsultationState.SILENT, word=None, word_by="")
            tx.rights.file(silent)
            note(tx, Act.RIGHTS_ANSWERED, now, self.here.node, silent, silent.state)
        return len(late)

    def expire(self, tx: Transaction, months: int) -> int:
        """What others asked us so long ago says nothing any more; how many."""
        now = self.clock()
        over = [one for one in tx.rights.consulted("") if months_later(one.due_at, months) <= now]
        over = [one for one in over if one != one.bare()]
        for one in over:
            tx.rights.strip(one)
        return len(over)

    # -- steps --------------------------------------------------------------------------------------------------------

    def _source(self, tx: Transaction, record: str) -> str:
        """Which member gives the word; for an outside body's list whoever hosts it. Raises Missing."""
        held = tx.records.get(record, self.clock().date())
        header = header_of(held) if held is not None else tx.records.apart(record)
        told = [one.owner for one in tx.hits.of_record(record)]
        told += [one.hit.owner for one in tx.batches.of_record(record)]
        passed = [one.owner for one in tx.passings.every(limits.RIGHTS_SEARCHED_MAX) if one.record == record]
        source = header.source if header is not None else next(iter((*told, *passed)), "")
        if not source:
            raise Missing(f"Nothing of record {record} is held here.", do="Search first: comity rights search.")
        directory = tx.members.directory()
        return source if directory and directory.member(source) else self.here.node

    def _was_told(self, tx: Transaction, sender: str, record: str) -> bool:
        owned = tx.records.owned(record)
        header = owned.header if owned is not None else tx.records.apart(record)
        if header is None or header.source != self.here.node:
            return False
        if any(hit.asker == sender for hit in tx.hits.of_record(record)):
            return True
        directory = tx.members.directory()
        return directory is not None and directory.hub == sender and COLLECTIONS[header.collection].shared

    def _ours(self, tx: Transaction, consultation_id: str) -> Consultation:
        consultation = consultation_of(tx, consultation_id)
        if consultation.owner != self.here.node:
            raise Conflict(f"{consultation.owner} gives the word on it.", do="Wait for it, or for its deadline.")
        return consultation

    def _not_applied(self, tx: Transaction, act: Act, letter: Letter, subject: str, why: str) -> None:
        entry = Entry(
            act=act,
            at=self.clock(),
            actor=letter.sender,
            subject=subject,
            outcome="not-applied",
            details={"letter": letter.id, "why": why},
        )
        tx.journal.record(entry)
