"""The checklist of a new member at the hub: until all of it is done, the member is restricted in every category."""

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
from comity.law.onboarding import Item, checklist

SIGN = ADMIT | {Role.REVIEWER, Role.SUPERVISOR}
SEE = SIGN | {Role.AUDITOR, Role.DATA_PROTECTION_OFFICER}


class Onboarding:
    def __init__(self, here: Here, store: Store, clock: Clock, members: Members) -> None:
        self.here = here
        self.store = store
        self.clock = clock
        self.members = members

    def checklist(self, member: str, caller: Caller) -> list[tuple[str, Item, Check | None]]:
        """Every item with what was done of it."""
        require(caller, SEE, "see checklists")
        with self.store.reading() as tx:
            done = tx.onboarding.of(member)
        return [(code, item, done.get(code)) for code, item in checklist().items()]

    def check(self, member: str, item: str, evidence: str, caller: Caller) -> bool:
        """Sign for one item, alone or as the second of two; True where that was the last and the member is let in."""
        require(caller, SIGN, "sign for items of a checklist")
        if item not in checklist():
            raise Invalid(f"{item!r} is no item.", where="item", do=f"Use one of {', '.join(checklist())}.")
        if not 0 < len(evidence.strip()) <= limits.TEXT_CHARS_MAX:
            raise Invalid("Evidence is needed.", where="evidence", do="Say what was done, when, and where it is filed.")
        with self.store.transaction() as tx:
            filed, check = self._open(tx, member), self._signed(tx, member, item, evidence.strip(), caller)
            tx.onboarding.put(check)
            self._note(tx, Act.ONBOARDING_CHECKED, member, caller, item=item, evidence=check.evidence)
            complete = _complete(tx, member)
            if complete:
                let_in = msgspec.structs.replace(
                    filed, state=MeasureState.ENDED, ended_by=caller.account, ended_at=self.clock()
                )
                tx.measures.put(let_in)
                self.members.publish(tx)
                self._note(tx, Act.MEMBER_ONBOARDED, member, caller)
            tx.commit()
        return complete

    def _open(self, tx: Transaction, member: str) -> FiledMeasure:
        filed = tx.measures.get(onboarding_id(member))
        if filed is None or filed.state is not MeasureState.IN_FORCE:
            raise Conflict(f"{member} has no open checklist here.", do="See `comity member list`.")
        return filed

    def _signed(self, tx: Transaction, member: str, item: str, evidence: str, caller: Caller) -> Check:
        done, now = tx.onboarding.of(member).get(item), self.clock()
        if done is None:
            return Check(member=member, item=item, evidence=evidence, first_by=caller.account, first_at=now)
        if done.persons >= checklist()[item].persons:
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


def _complete(tx: Transaction, member: str) -> bool:
    done = tx.onboarding.of(member)
    return all(code in done and done[code].persons >= item.persons for code, item in checklist().items())
