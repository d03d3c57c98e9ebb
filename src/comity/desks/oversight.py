"""Oversight: who reads the journal, what each may see of it, and that this too is written down."""

from collections.abc import Callable, Sequence
from datetime import date

import msgspec

from comity.desks.here import Here
from comity.desks.needs import Clock, Store, Transaction
from comity.domain import limits
from comity.domain.caller import Caller
from comity.domain.errors import Invalid, Missing, TooLarge, Unavailable
from comity.domain.journal import Act, Entry, Opening
from comity.domain.lookup import PersonQuery, Query
from comity.domain.oversight import Criteria, ErasedOpening, FoundOpenings, asked_of, on_behalf_of
from comity.domain.record import Header
from comity.law.decision import Law
from comity.law.oversight import Sight, check_seeks, headers_meant, sight
from comity.matching.concerned import concerns
from comity.matching.numbered import number_keys_asked

ANYTHING = Criteria()


class Oversight:
    def __init__(self, here: Here, store: Store, law: Callable[[Transaction], Law], clock: Clock) -> None:
        self.here = here
        self.store = store
        self.law = law
        self.clock = clock

    def read(self, caller: Caller, about: str = "", after: int = -1, limit: int = 100) -> list[Opening]:
        """The first entries after an index; with `about` only those on that question, hit, record, member, account."""
        with self.store.transaction() as tx:
            seen = self.sight(tx, caller)
            if about:
                found = [one for one in tx.journal.about(about) if one.index > after and seen.sees(one.entry)][:limit]
            else:
                found, _ = self._seen(seen, self._all(tx, after), limit)
            self.note(tx, caller, about, {"after": after, "entries": len(found)})
            tx.commit()
        return found

    def one(self, index: int, caller: Caller) -> Opening | ErasedOpening:
        """One entry, or what is left of it. Raises Missing also where the caller may not see it."""
        with self.store.transaction() as tx:
            seen = self.sight(tx, caller)
            found: list[Opening | ErasedOpening] = [one for one in tx.journal.some([index]) if seen.sees(one.entry)]
            found += tx.journal.erased(index, index + 1)
            if not found:
                raise Missing(f"There is no entry {index} that you may see.", do="See `comity journal show`.")
            self.note(tx, caller, "", {"after": index - 1, "entries": 1})
            tx.commit()
        return found[0]

    def erased(self, start: int, stop: int, caller: Caller) -> list[ErasedOpening]:
        """Which entries from the one index up to the other are erased, and by which rule."""
        with self.store.reading() as tx:
            self.sight(tx, caller)
            return tx.journal.erased(start, stop)

    def search(
        self, criteria: Criteria, why: str, caller: Caller, after: int = -1, limit: int = limits.OPENINGS_SHOWN_MAX
    ) -> FoundOpenings:
        """The entries that say all of it, as far as the caller may see them; what was sought, and why, is journalled.

        Raises TooLarge where too many may concern whom is sought, Unavailable while the index is made.
        """
        if not why.strip():
            raise Invalid("A reason is needed.", where="why", do="Say why; it is journalled.")
        with self.store.transaction() as tx:
            seen = self.sight(tx, caller)
            if criteria.concerning is not None:
                check_seeks(seen)
            self.caught_up(tx)
            found, after_these = self._found(tx, criteria, seen, after, min(limit, limits.OPENINGS_SHOWN_MAX))
            self.note(tx, caller, criteria.about, {"entries": len(found), "why": why, **_written(criteria)})
            tx.commit()
        return FoundOpenings(openings=tuple(found), after=after_these)

    def follow(self) -> bool:
        """The index follows the journal, so many entries at once; whether there are more."""
        with self.store.reading() as tx:
            if not tx.openings.behind():
                return False
        with self.store.transaction() as tx:
            taken = tx.openings.follow(limits.OPENINGS_INDEXED_AT_ONCE)
            tx.commit()
        return taken == limits.OPENINGS_INDEXED_AT_ONCE

    # -- for the other desks that watch -----------------------------------------------------------------------------

    def sight(self, tx: Transaction, caller: Caller) -> Sight:
        """What the caller may see. Raises NotPermitted."""
        return sight(caller, self.law(tx).book.oversight, self.clock().date())

    def concerned(self, tx: Transaction, sought: Query) -> list[Opening]:
        """Every entry on whom, or what, is sought: questions, what followed, what was told of their records."""
        met = tx.openings.concerning(sought, limits.OPENINGS_MET_MAX)
        if len(met) == limits.OPENINGS_MET_MAX:
            raise TooLarge(
                f"{len(met)} entries or more may be meant.", do="Give the day of birth or the number of a document too."
            )
        asked = [one for one in tx.journal.some(met) if concerns_entry(one.entry, sought)]
        ids = [*(one.id for one in self.records(tx, sought)), *{one.entry.subject for one in asked} - {""}]
        others = tx.openings.about(ids, limits.OPENINGS_MET_MAX)
        known = {one.index: one for one in asked}
        known |= {one.index: one for one in tx.journal.some([at for at in others if at not in known])}
        return [known[index] for index in sorted(known)]

    def records(self, tx: Transaction, sought: Query) -> list[Header]:
        """Whose the records are that stand here now and are about whom is sought: what they say stays where it is."""
        today = self.clock().date()
        found = list(tx.records.numbered(number_keys_asked(sought), False, today))
        if isinstance(sought, PersonQuery):
            found += tx.records.persons(sought, limits.CANDIDATES_MAX, today)
        return list({one.id: one for one in headers_meant(sought, found)}.values())

    def caught_up(self, tx: Transaction) -> None:
        """Raises Unavailable where the index is too far behind to wait for it."""
        behind = tx.openings.behind()
        if behind > limits.OPENINGS_CAUGHT_UP_MAX:
            raise Unavailable(
                f"The index of the journal is being made; {behind} entries are to come.",
                do="Try again in some minutes.",
            )
        # Whoever did not wait would miss what was done last. Falls without it: tests/desks/test_oversight.py
        while tx.openings.follow(limits.OPENINGS_INDEXED_AT_ONCE):
            pass

    def note(self, tx: Transaction, caller: Caller, subject: str, details: dict[str, str | int]) -> None:
        """Who read the journal, what for, and how much."""
        entry = Entry(
            act=Act.JOURNAL_READ,
            at=self.clock(),
            actor=caller.account,
            unit=caller.unit,
            subject=subject,
            details={**details},
        )
        tx.journal.record(entry)

    # -- searching --------------------------------------------------------------------------------------------------

    def _found(
        self, tx: Transaction, criteria: Criteria, seen: Sight, after: int, limit: int
    ) -> tuple[list[Opening], int | None]:
        criteria = self._by_account(tx, criteria)
        wanted = _terms(criteria) + ([f"unit {seen.unit}"] if seen.own_unit_alone else [])
        if criteria.concerning is not None:
            every = [one for one in self.concerned(tx, criteria.concerning) if one.index > after]
            return _first([one for one in every if _fits(criteria, one.entry) and seen.sees(one.entry)], limit)
        if criteria.about:
            ids = tx.openings.about([criteria.about], limits.OPENINGS_MET_MAX)
            every = tx.journal.some([at for at in ids if at > after])
            return _first([one for one in every if _fits(criteria, one.entry) and seen.sees(one.entry)], limit)
        low, before = tx.openings.between(criteria.first_day, criteria.last_day)

        def page(start: int) -> list[Opening]:
            if not wanted:
                found = tx.journal.read(max(start, low), limits.OPENINGS_INDEXED_AT_ONCE)
                return [one for one in found if one.index < before]
            return tx.journal.some(tx.openings.having(wanted, max(start, low), before, limits.OPENINGS_INDEXED_AT_ONCE))

        return self._seen(seen, page, limit, after, criteria)

    def _seen(
        self,
        seen: Sight,
        page: Callable[[int], Sequence[Opening]],
        limit: int,
        after: int | None = None,
        criteria: Criteria = ANYTHING,
    ) -> tuple[list[Opening], int | None]:
        """The first of them that fit and that the caller may see, and where to go on."""
        found: list[Opening] = []
        looked_at, place = 0, -1 if after is None else after
        while some := page(place):
            for one in some:
                looked_at, place = looked_at + 1, one.index
                if _fits(criteria, one.entry) and seen.sees(one.entry):
                    found.append(one)
                if len(found) == limit or looked_at == limits.OPENINGS_LOOKED_AT_MAX:
                    return found, place
        return found, None

    def _all(self, tx: Transaction, after: int) -> Callable[[int], Sequence[Opening]]:
        return lambda place: tx.journal.read(max(place, after), limits.OPENINGS_INDEXED_AT_ONCE)

    def _by_account(self, tx: Transaction, criteria: Criteria) -> Criteria:
        """Of this bureau's officers the login will do."""
        account = tx.accounts.get(criteria.officer) if criteria.officer else None
        return msgspec.structs.replace(criteria, officer=account.id) if account else criteria


def concerns_entry(entry: Entry, sought: Query) -> bool:
    """Whether what was asked, as the entry says it, was about whom is sought."""
    asked = asked_of(entry)
    return asked is not None and concerns(asked, sought)


def _first(every: list[Opening], limit: int) -> tuple[list[Opening], int | None]:
    return every[:limit], every[limit - 1].index if len(every) > limit else None


def _terms(criteria: Criteria) -> list[str]:
    """As the index has them, the rarest first."""
    named = (
        ("case", criteria.case),
        ("officer", criteria.officer),
        ("clause", criteria.clause),
        ("unit", criteria.unit),
        ("bureau", criteria.bureau),
        ("act", criteria.act),
        ("purpose", criteria.purpose),
    )
    return [f"{name} {value}" for name, value in named if value]


def _fits(criteria: Criteria, entry: Entry) -> bool:
    """All but whom it concerns and what it is about. Two texts may have one key in the index, and days lie close."""
    clauses = {clause for one in entry.clauses for clause in (one, one.partition(" ")[0])}
    return (
        criteria.officer in ("", entry.actor, on_behalf_of(entry))
        and criteria.unit in ("", entry.unit)
        and criteria.bureau in ("", entry.for_whom)
        and criteria.purpose in (None, entry.purpose)
        and criteria.case in ("", entry.case)
        and (not criteria.clause or criteria.clause in clauses)
        and criteria.act in (None, entry.act)
        and (criteria.first_day or date.min) <= entry.at.date() <= (criteria.last_day or date.max)
    )


def _written(criteria: Criteria) -> dict[str, str | int]:
    """What was sought, as a question is written down: so whoever seeks somebody is found by it too."""
    found: dict[str, str | int] = {}
    if criteria.concerning is not None:
        found["query"] = msgspec.json.encode(criteria.concerning, order="sorted").decode()
    rest = msgspec.structs.replace(criteria, concerning=None)
    return {**found, "criteria": msgspec.json.encode(rest, order="sorted").decode()}
