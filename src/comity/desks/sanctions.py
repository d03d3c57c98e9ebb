"""Sanctions for misuse: one person proposes, another confirms, and the act that there is for it is done."""

from collections.abc import Callable

import msgspec

from comity.desks.accounts import Accounts
from comity.desks.here import Here
from comity.desks.measures import Measures
from comity.desks.needs import Clock, Store, Transaction
from comity.domain import limits
from comity.domain.bureau import Measure, Standing
from comity.domain.caller import Account, Caller, Role, require
from comity.domain.errors import Conflict, Invalid, Missing, NotPermitted
from comity.domain.ids import new_id
from comity.domain.journal import Act, Entry
from comity.domain.sanction import Sanction, SanctionKind

ANSWER_FOR = frozenset({Role.SUPERVISOR, Role.DATA_PROTECTION_OFFICER, Role.ADMINISTRATOR})
SEE = ANSWER_FOR | {Role.AUDITOR}


class Sanctions:
    def __init__(
        self,
        here: Here,
        store: Store,
        accounts: Accounts,
        measures: Measures,
        clock: Clock,
        entropy: Callable[[int], bytes],
    ) -> None:
        self.here = here
        self.store = store
        self.accounts = accounts
        self.measures = measures
        self.clock = clock
        self.entropy = entropy

    def propose(self, kind: SanctionKind, subject: str, reason: str, incident: str, caller: Caller) -> Sanction:
        """The first person; nothing happens to anybody yet. Of a member, a measure is proposed with it."""
        require(caller, ANSWER_FOR, "propose sanctions")
        if not 0 < len(reason.strip()) <= limits.TEXT_CHARS_MAX:
            raise Invalid("A reason is needed.", where="reason", do="Say what was misused, and how.")
        now = self.clock()
        sanction = Sanction(
            id=new_id(now, self.entropy(10)),
            kind=kind,
            subject=subject,
            reason=reason.strip(),
            incident=incident,
            proposed_by=caller.account,
            proposed_at=now,
        )
        with self.store.transaction() as tx:
            if incident and tx.incidents.get(incident) is None:
                raise Missing(f"There is no incident {incident}.", where="incident", do="See `comity incident list`.")
            if kind is SanctionKind.MEMBER:
                sanction = msgspec.structs.replace(sanction, measure=self._propose_measure(tx, sanction, caller))
            else:
                self._touched(tx, sanction)
            tx.sanctions.put(sanction)
            self._note(tx, Act.SANCTION_PROPOSED, sanction, caller)
            tx.commit()
        return sanction

    def confirm(self, sanction_id: str, caller: Caller) -> Sanction:
        """The second person, whom it does not concern: it is carried out now."""
        require(caller, ANSWER_FOR, "confirm sanctions")
        with self.store.transaction() as tx:
            sanction = tx.sanctions.get(sanction_id)
            if sanction is None or sanction.confirmed_at is not None:
                raise Conflict(f"No sanction {sanction_id} is proposed.", do="See `comity incident sanctions`.")
            touched = self._touched(tx, sanction)
            # Falls without each: tests/desks/test_incidents.py
            if caller.account == sanction.proposed_by:
                raise NotPermitted(
                    "You proposed it yourself.", do="A second person must confirm, with their own token."
                )
            if any(caller.account == one.id for one in touched):
                raise NotPermitted("It concerns yourself.", do="Somebody else must confirm it.")
            self._carry_out(tx, sanction, touched, caller)
            confirmed = msgspec.structs.replace(
                sanction,
                confirmed_by=caller.account,
                confirmed_at=self.clock(),
                accounts=tuple(one.login for one in touched),
            )
            tx.sanctions.put(confirmed)
            self._note(tx, Act.SANCTION_CONFIRMED, confirmed, caller)
            tx.commit()
        return confirmed

    def every(self, caller: Caller) -> list[Sanction]:
        """The oldest first, warnings too."""
        require(caller, SEE, "see sanctions")
        with self.store.reading() as tx:
            return tx.sanctions.every()

    def _propose_measure(self, tx: Transaction, sanction: Sanction, caller: Caller) -> str:
        measure = Measure(
            id=new_id(self.clock(), self.entropy(10)),
            member=sanction.subject,
            standing=Standing.SUSPENDED,
            reason=sanction.reason,
            decided_by=self.here.node,
            first_day=self.clock().date(),
        )
        self.measures.file(tx, measure, caller)
        return measure.id

    def _touched(self, tx: Transaction, sanction: Sanction) -> list[Account]:
        """The accounts that it concerns, as they stand now. Raises Missing where there are none."""
        if sanction.kind is SanctionKind.MEMBER:
            return []
        of_unit = sanction.kind is SanctionKind.UNIT
        found = [one for one in tx.accounts.every() if sanction.subject == (one.unit if of_unit else one.login)]
        if not found:
            raise Missing(
                f"There is no {'unit' if of_unit else 'account'} {sanction.subject}.", do="See `comity account list`."
            )
        return found

    def _carry_out(self, tx: Transaction, sanction: Sanction, touched: list[Account], caller: Caller) -> None:
        if sanction.kind is SanctionKind.MEMBER:
            self.measures.put_in_force(tx, sanction.measure, caller)
        elif sanction.kind is not SanctionKind.WARNING:
            for one in touched:
                self.accounts.shut_out(tx, one, f"sanction {sanction.id}", caller)

    def _note(self, tx: Transaction, act: Act, sanction: Sanction, caller: Caller) -> None:
        entry = Entry(
            act=act,
            at=self.clock(),
            actor=caller.account,
            unit=caller.unit,
            for_whom=sanction.subject,
            subject=sanction.id,
            outcome=sanction.kind,
            details={"reason": sanction.reason, "incident": sanction.incident, "accounts": list(sanction.accounts)},
        )
        tx.journal.record(entry)
