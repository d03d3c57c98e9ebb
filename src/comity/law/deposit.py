"""May an owner's record lie with the hub, which answers for it? Every answer from there is decided once more."""

from collections.abc import Iterator
from datetime import date

import msgspec

from comity.domain.circumstances import Trait
from comity.domain.collection import COLLECTIONS
from comity.domain.held import Held
from comity.domain.instrument import Clause, Effect
from comity.domain.lookup import Reason
from comity.domain.record import Record
from comity.law import reasons
from comity.law.decision import Law
from comity.law.envelope import traits
from comity.law.facts import ANYONE_ELSE
from comity.law.texts import Bound

# A clause with none of these but the first three holds for whoever asks, whatever for.
_LOOKED_AT = ("categories", "owners", "traits")
_NOT_CONDITIONS = (
    *("id", "title", "effect", "text", "source", "reply", "onward", "evidence", "answer_within", "duties"),
    "obligations",
)


class Deposit:
    """What the rules of the organisations and the owner's own law say of it on one day.

    A record of which nobody could ever be told is not put where others are answered. Who asks, and what for, is not
    known yet, so that agreements and all other conditions wait until somebody does.
    """

    def __init__(self, law: Law, owner: str, today: date) -> None:
        self.law = law
        self.owner = owner
        self.today = today
        self._said: dict[tuple[str, tuple[str, ...]], Reason | None] = {}

    def why_not(self, record: Record) -> Reason | None:
        """The clause that keeps it at home; None where it may go."""
        return self._why_not(COLLECTIONS[record.header.collection].category, traits(record.subject, self.today))

    def why_not_any_more(self, held: Held[Record]) -> Reason | None:
        """The same of a copy that lies at a hub."""
        return self.why_not(held._content)

    def keeps_some(self, collection: str) -> bool:
        """Whether any record of that collection may have to stay at home, whatever it tells of."""
        category = COLLECTIONS[collection].category
        # What forbids some traits forbids all of them together; what permits nothing permits nothing of any.
        return any(self._why_not(category, of) is not None for of in ((), tuple(Trait)))

    def _why_not(self, category: str, of: tuple[str, ...]) -> Reason | None:
        if (category, of) not in self._said:
            self._said[category, of] = next(self._against(category, of), None)
        return self._said[category, of]

    def _against(self, category: str, of: tuple[str, ...]) -> Iterator[Reason]:
        bound = self.law.texts.slice(ANYONE_ELSE, self.owner)
        for one in bound.organisation:
            if why := one.out_of_force(self.today, self.owner):
                yield _lapsed(one, why, "The rules that are in force.")
            yield from self._by(one, category, of)
        in_force = [one for one in bound.owner_law if not one.out_of_force(self.today, self.owner)]
        for one in in_force:
            yield from self._by(one, category, of)
        lapsed = [one for one in bound.owner_law if one.instrument.in_force_from <= self.today]
        for one in () if in_force else lapsed[:1]:
            why = one.out_of_force(self.today, self.owner)
            yield reasons.lapsed(self.owner, one.program.name, why)

    def _by(self, one: Bound, category: str, of: tuple[str, ...]) -> Iterator[Reason]:
        """One text that must permit: a clause forbids it to everybody, or none could ever permit it."""
        side, name = one.program.side(self.owner), one.program.name
        about = [clause for clause in one.instrument.clauses if _is_about(clause, category, side)]
        for clause in about:
            if clause.effect is Effect.FORBID and _is_plain(clause) and set(clause.traits) <= set(of):
                yield Reason(clause=f"{name} {clause.id}", text=clause.text, needed="Another rule of its own texts.")
        if not any(clause.effect is Effect.PERMIT for clause in about):
            yield reasons.nothing_permits(name)


def _is_about(clause: Clause, category: str, side: str) -> bool:
    return (not clause.categories or category in clause.categories) and (not clause.owners or side in clause.owners)


def _is_plain(clause: Clause) -> bool:
    """Nothing else restricts it: it forbids whatever anybody could ask. Whatever a later release adds restricts too."""
    return all(
        getattr(clause, field.name) == field.default
        for field in msgspec.structs.fields(clause)
        if field.name not in (*_LOOKED_AT, *_NOT_CONDITIONS)
    )


def _lapsed(one: Bound, why: str, needed: str) -> Reason:
    return Reason(clause=one.program.name, text=f"{one.program.name} {why}.", needed=needed)
