"""Watches: an officer asks that a question be kept until a day, here and wherever it was asked."""

from datetime import date

import msgspec

from comity.desks.behalf import require_officer_named
from comity.desks.here import Here
from comity.desks.lookups import Lookups
from comity.desks.needs import Clock, Store, Transaction
from comity.domain import limits
from comity.domain.caller import Caller, Role, require
from comity.domain.errors import Conflict, Invalid, Missing
from comity.domain.journal import Act, Entry
from comity.domain.kept import Kept
from comity.domain.letter import QuestionWatch, QuestionWatchEnd
from comity.domain.lookup import Answer, LookupRequest, Outcome
from comity.domain.purpose import Purpose
from comity.law.keeping import watched_until_latest
from comity.law.rulebook import Rulebook

SET = frozenset({Role.OFFICER, Role.DUTY_OFFICER, Role.SUPERVISOR, Role.SYSTEM})


class Watches:
    def __init__(self, here: Here, store: Store, lookups: Lookups, clock: Clock) -> None:
        self.here = here
        self.store = store
        self.lookups = lookups
        self.clock = clock

    def set(self, request: LookupRequest, until: date, caller: Caller) -> tuple[Kept, Answer]:
        """Ask now, and have the question kept until that day by every node that was asked.

        Raises as a lookup does; Invalid where the purpose allows no such day.
        """
        require(caller, SET, "set a watch")
        with self.store.reading() as tx:
            self._check_day(request.purpose, until, self.lookups.law(tx).book)
            standing = len(tx.kept.watches(caller.account, self.clock().date()))
        if standing >= limits.WATCHES_PER_ACCOUNT_MAX:
            raise Conflict(f"{standing} watches of yours stand already.", do="Cancel those you need no more.")
        answer = self.lookups.ask(request, caller)
        with self.store.transaction() as tx:
            now = self.clock()
            kept = tx.kept.get(answer.question, now.date())
            if kept is None:
                raise Conflict("The question is not kept any more.", do="Set the watch again.")
            told = [one.source for one in answer.sources if one.outcome is not Outcome.REFUSED]
            others = tuple(source for source in told if source != self.here.node)
            watch = msgspec.structs.replace(kept, until=until, watch=True, told=others)
            tx.kept.keep(watch)
            for node in others:
                # One of an earlier release would park what it does not know.
                # Falls without it: tests/desks/test_stated.py
                asked, _ = self.lookups.elsewhere.known_to(node, watch.question)
                tx.outbox.send(node, QuestionWatch(question=asked, until=until), now)
            self._note(tx, Act.WATCH_SET, watch, caller)
            tx.commit()
        return watch, answer

    def every(self, caller: Caller) -> list[Kept]:
        """The caller's own, newest first."""
        require(caller, SET, "see watches")
        with self.store.reading() as tx:
            return tx.kept.watches(caller.account, self.clock().date())

    def cancel(self, question: str, caller: Caller) -> Kept:
        """Have the question forgotten, here and wherever it is watched."""
        require(caller, SET, "cancel a watch")
        require_officer_named(caller)
        with self.store.transaction() as tx:
            now = self.clock()
            watch = tx.kept.get(question, now.date())
            if watch is None or not watch.watch or not self._is_own(watch, caller):
                raise Missing(f"You have no watch {question}.", do="See `comity watch list`.")
            tx.kept.forget(question)
            for node in watch.told:
                tx.outbox.send(node, QuestionWatchEnd(question=question), now)
            self._note(tx, Act.WATCH_ENDED, watch, caller)
            tx.commit()
        return watch

    def _is_own(self, watch: Kept, caller: Caller) -> bool:
        asker = watch.question.asker
        return (asker.bureau, asker.officer) == (self.here.node, caller.account)

    def _check_day(self, purpose: Purpose, until: date, book: Rulebook) -> None:
        today = self.clock().date()
        latest = watched_until_latest(purpose, today, book)
        if latest is None:
            raise Invalid(f"No watch may be set for {purpose}.", where="purpose", do="Look it up again when needed.")
        if not today < until <= latest:
            raise Invalid(
                f"{until} has come, or is later than {latest}.", where="until", do="Name a day to come, up to that one."
            )

    def _note(self, tx: Transaction, act: Act, watch: Kept, caller: Caller) -> None:
        question = watch.question
        entry = Entry(
            act=act,
            at=self.clock(),
            actor=caller.account,
            unit=caller.unit,
            subject=question.id,
            purpose=question.purpose,
            case=question.case,
            details={"until": watch.until.isoformat(), "told": list(watch.told)},
        )
        tx.journal.record(entry)
