"""Spot checks of the journal: drawn by lot so that the draw can be made again, and judged by two people."""

from collections.abc import Callable
from datetime import date

from comity.analysis.sampling import CHECKED, drawn
from comity.desks.needs import Clock, Store, Transaction
from comity.desks.oversight import Oversight
from comity.domain import limits
from comity.domain.caller import Caller
from comity.domain.errors import Conflict, Invalid, Missing, TooLarge
from comity.domain.ids import new_id
from comity.domain.journal import Act, Entry, Opening
from comity.domain.oversight import on_behalf_of
from comity.domain.spot_check import Draw, Drawn, Judged, SpotCheck, Verdict
from comity.law.oversight import Sight, check_samples


class SpotChecks:
    def __init__(self, store: Store, clock: Clock, entropy: Callable[[int], bytes], oversight: Oversight) -> None:
        self.store = store
        self.clock = clock
        self.entropy = entropy
        self.oversight = oversight

    def draw(self, first: date, last: date, count: int, how: Draw, caller: Caller) -> SpotCheck:
        """Let the lot fall on so many entries of these days. Raises NotPermitted, Invalid, Conflict, TooLarge."""
        if not 0 < count <= limits.SPOT_CHECK_ENTRIES_MAX:
            raise Invalid(f"1 to {limits.SPOT_CHECK_ENTRIES_MAX} entries are drawn.", where="count")
        with self.store.transaction() as tx:
            seen = self._sight(tx, caller)
            self.oversight.caught_up(tx)
            seed, size = self.entropy(32).hex(), tx.journal.size()
            population = self._population(tx, seen, first, last, size)
            if not population:
                raise Conflict("Nothing of these days is there to be reviewed.", do="Name other days.")
            check = SpotCheck(
                id=new_id(self.clock(), self.entropy(10)),
                drawn_at=self.clock(),
                drawn_by=caller.account,
                draw=how,
                seed=seed,
                first_day=first,
                last_day=last,
                log_size=size,
                population=len(population),
                drawn=drawn(population, seed, count, how),
            )
            tx.spot_checks.put(check)
            self._note(tx, Act.SPOT_CHECK_DRAWN, check, caller, how.value, entries=len(check.drawn), seed=seed)
            tx.commit()
        return check

    def again(self, check_id: str, caller: Caller) -> tuple[Drawn, ...]:
        """The same draw from the journal as it was: whoever doubts that the lot decided, compares."""
        with self.store.transaction() as tx:
            seen = self._sight(tx, caller)
            check = self._get(tx, check_id)
            population = self._population(tx, seen, check.first_day, check.last_day, check.log_size)
            if len(population) != check.population:
                raise Conflict(
                    f"{check.population} entries were there, {len(population)} are left or are yours to see.",
                    do="Ask somebody who sees as much as whoever drew; what is erased cannot be drawn from again.",
                )
            self.oversight.note(tx, caller, check.id, {"entries": len(population)})
            tx.commit()
        return drawn(population, check.seed, len(check.drawn), check.draw)

    def every(self, caller: Caller) -> list[SpotCheck]:
        with self.store.reading() as tx:
            self._sight(tx, caller)
            return tx.spot_checks.every()

    def show(self, check_id: str, caller: Caller) -> tuple[SpotCheck, list[Opening]]:
        """With its entries, as far as the caller may see them; this is journalled."""
        with self.store.transaction() as tx:
            seen = self._sight(tx, caller)
            check = self._get(tx, check_id)
            found = tx.journal.some([one.index for one in check.drawn])
            openings = [one for one in found if seen.sees(one.entry)]
            self.oversight.note(tx, caller, check.id, {"entries": len(openings)})
            tx.commit()
        return check, openings

    def judge(self, check_id: str, index: int, verdict: Verdict, note: str, caller: Caller) -> SpotCheck:
        """The first person's verdict; `note` says why."""
        if not 0 < len(note.strip()) <= limits.TEXT_CHARS_MAX:
            raise Invalid("A reason is needed.", where="note", do="Say why in a few words.")
        judged = Judged(index=index, verdict=verdict, note=note, by=caller.account, at=self.clock())
        return self._after(
            check_id,
            index,
            Act.SPOT_CHECK_JUDGED,
            verdict.value,
            caller,
            lambda one, who: one.with_verdict(judged, who),
        )

    def second(self, check_id: str, index: int, agrees: bool, caller: Caller) -> SpotCheck:
        """The second person's: the verdict holds, or has to be given anew."""
        outcome = "agreed" if agrees else "disputed"
        return self._after(
            check_id,
            index,
            Act.SPOT_CHECK_SECONDED,
            outcome,
            caller,
            lambda one, who: one.seconded(index, agrees, caller.account, self.clock(), who),
        )

    def _after(
        self,
        check_id: str,
        index: int,
        act: Act,
        outcome: str,
        caller: Caller,
        step: Callable[[SpotCheck, str], SpotCheck],
    ) -> SpotCheck:
        with self.store.transaction() as tx:
            self._sight(tx, caller)
            check = self._get(tx, check_id)
            entry = next((one.entry for one in tx.journal.some([index])), None)
            check = step(check, _officer(entry) if entry else "")
            tx.spot_checks.put(check)
            self._note(tx, act, check, caller, outcome, entry=index)
            tx.commit()
        return check

    def _population(self, tx: Transaction, seen: Sight, first: date, last: date, size: int) -> list[Opening]:
        low, before = tx.openings.between(first, last)
        most = limits.SPOT_CHECK_POPULATION_MAX
        found: list[int] = []
        for act in CHECKED:
            found += tx.openings.having([f"act {act}"], low, min(before, size), most + 1)
        if len(found) > most:
            raise TooLarge(f"More than {most} entries are of these days.", do="Name fewer days.")
        of_these = (one for one in tx.journal.some(sorted(found)) if first <= one.entry.at.date() <= last)
        return [one for one in of_these if one.entry.act in CHECKED and seen.sees(one.entry)]

    def _sight(self, tx: Transaction, caller: Caller) -> Sight:
        seen = self.oversight.sight(tx, caller)
        check_samples(seen)
        return seen

    def _get(self, tx: Transaction, check_id: str) -> SpotCheck:
        found = tx.spot_checks.get(check_id)
        if found is None:
            raise Missing(f"There is no spot check {check_id}.", do="See `comity oversight checks`.")
        return found

    def _note(
        self, tx: Transaction, act: Act, check: SpotCheck, caller: Caller, outcome: str, **details: int | str
    ) -> None:
        entry = Entry(
            act=act,
            at=self.clock(),
            actor=caller.account,
            unit=caller.unit,
            subject=check.id,
            outcome=outcome,
            details={**details},
        )
        tx.journal.record(entry)


def _officer(entry: Entry) -> str:
    return on_behalf_of(entry) or entry.actor
