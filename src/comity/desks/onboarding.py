"""The checklist of a new member at the hub: until all of it is done, the member is restricted in every category."""

from collections.abc import Callable, Mapping

import msgspec

from comity.desks.here import Here
from comity.desks.members import ADMIT, Members, onboarding_id
from comity.desks.needs import Clock, Store, Transaction
from comity.domain import limits
from comity.domain.caller import Caller, Role, require
from comity.domain.errors import Conflict, Invalid, NotPermitted
from comity.domain.journal import Act, Entry
from comity.domain.measure import FiledMeasure, MeasureState
from comity.domain.onboarding import Check
from comity.law.decision import Law
from comity.law.onboarding import Item

SIGN = ADMIT | {Role.REVIEWER, Role.SUPERVISOR}
SEE = SIGN | {Role.AUDITOR, Role.DATA_PROTECTION_OFFICER}


class Onboarding:
    """The checklist is that of the rulebook in force on the day on which somebody signs."""

    def __init__(
        self, here: Here, store: Store, law: Callable[[Transaction], Law], clock: Clock, members: Members
    ) -> None:
        self.here = here
        self.store = store
        self.law = law
        self.clock = clock
        self.members = members

    def checklist(self, member: str, caller: Caller) -> list[tuple[str, Item, Check | None]]:
        """Every item with what was done of it."""
        require(caller, SEE, "see checklists")
        with self.store.reading() as tx:
            done, items = tx.onboarding.of(member), self.law(tx).book.onboarding
        return [(code, item, done.get(code)) for code, item in items.items()]

    def check(self, member: str, item: str, evidence: str, caller: Caller) -> bool:
        """Sign for one item, alone or as the second of two; True where that was the last and the member is let in."""
        require(caller, SIGN, "sign for items of a checklist")
        if not 0 < len(evidence.strip()) <= limits.TEXT_CHARS_MAX:
            raise Invalid("Evidence is needed.", where="evidence", do="Say what was done, when, and where it is filed.")
        with self.store.transaction() as tx:
            items = self.law(tx).book.onboarding
            if item not in items:
                raise Invalid(f"{item!r} is no item.", where="item", do=f"Use one of {', '.join(items)}.")
            filed, check = self._open(tx, member), self._signed(tx, member, item, items, evidence.strip(), caller)
            tx.onboarding.put(check)
            self._note(tx, Act.ONBOARDING_CHECKED, member, caller, item=item, evidence=check.evidence)
            complete = _complete(tx, member, items)
            if complete:
                self._let_in(tx, filed, caller)
            tx.commit()
        return complete

    def _let_in(self, tx: Transaction, filed: FiledMeasure, caller: Caller) -> None:
        let_in = msgspec.structs.replace(
            filed, state=MeasureState.ENDED, ended_by=caller.account, ended_at=self.clock()
        )
        tx.measures.put(let_in)
        self.members.publish(tx)
        self._note(tx, Act.MEMBER_ONBOARDED, filed.measure.member, caller)

    def _open(self, tx: Transaction, member: str) -> FiledMeasure:
        filed = tx.measures.get(onboarding_id(member))
        if filed is None or filed.state is not MeasureState.IN_FORCE:
            raise Conflict(f"{member} has no open checklist here.", do="See `comity member list`.")
        return filed

    def _signed(
        self, tx: Transaction, member: str, item: str, items: Mapping[str, Item], evidence: str, caller: Caller
    ) -> Check:
        done, now = tx.onboarding.of(member).get(item), self.clock()
        if done is None:
            return Check(member=member, item=item, evidence=evidence, first_by=caller.account, first_at=now)
        if done.persons >= items[item].persons:
            if _complete(tx, member, items):  # a checklist that was published since asks for no more than was done
                return done
            raise Conflict(f"{item} is done already.", do=f"See `comity member checklist {member}`.")
        # Falls without it: tests/desks/test_onboarding.py
        if caller.account == done.first_by:
            raise NotPermitted("You signed for it yourself.", do="A second person must, with their own token.")
        together = f"{done.evidence}; {evidence}"[: limits.TEXT_CHARS_MAX]
        return msgspec.structs.replace(done, evidence=together, second_by=caller.account, second_at=now)

    def _note(self, tx: Transaction, act: Act, member: str, caller: Caller, **details: str) -> None:
        entry = Entry(
            act=act, at=self.clock(), actor=caller.account, unit=caller.unit, subject=member, details={**details}
        )
        tx.journal.record(entry)


def _complete(tx: Transaction, member: str, items: Mapping[str, Item]) -> bool:
    done = tx.onboarding.of(member)
    return all(code in done and done[code].persons >= item.persons for code, item in items.items())
