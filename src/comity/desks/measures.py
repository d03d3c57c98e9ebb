"""Corrective measures at the hub: one person proposes, another confirms, and from then on every node acts on it."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

import msgspec

from comity.desks.here import Here
from comity.desks.members import ADMIT, Members, onboarding_id
from comity.desks.needs import Clock, Store, Transaction
from comity.domain import limits
from comity.domain.bureau import Directory, Measure, Member, Standing
from comity.domain.caller import Caller, Role, require
from comity.domain.collection import Category
from comity.domain.errors import Conflict, Invalid, Missing, NotPermitted
from comity.domain.ids import new_id
from comity.domain.journal import Act, Entry
from comity.domain.measure import FiledMeasure, MeasureState

SIGN_FOR = ADMIT | {Role.SUPERVISOR, Role.REVIEWER}
SEE = SIGN_FOR | {Role.AUDITOR, Role.DATA_PROTECTION_OFFICER}
# what a confirmed measure makes of the member: how the journal calls it
ACTS = {
    Standing.ACTIVE: Act.MEMBER_RESTORED,
    Standing.SUPERVISED: Act.MEMBER_SUPERVISED,
    Standing.RESTRICTED: Act.MEMBER_RESTRICTED,
    Standing.SUSPENDED: Act.MEMBER_SUSPENDED,
}


class Measures:
    def __init__(
        self, here: Here, store: Store, clock: Clock, entropy: Callable[[int], bytes], members: Members
    ) -> None:
        self.here = here
        self.store = store
        self.clock = clock
        self.entropy = entropy
        self.members = members

    def propose(
        self,
        member: str,
        standing: Standing,
        reason: str,
        decided_by: str,
        caller: Caller,
        first_day: date | None = None,
        last_day: date | None = None,
        categories: Iterable[Category] = (),
    ) -> Measure:
        """File a measure; nothing changes until a second person confirms it. Without a first day, from today on.

        `standing` active proposes to end all that are in force against that member.
        """
        require(caller, ADMIT, "propose measures")
        self._hub_only()
        today = self.clock().date()
        measure = Measure(
            id=new_id(self.clock(), self.entropy(10)),
            member=member,
            standing=standing,
            reason=_said(reason, "reason", limits.TEXT_CHARS_MAX, "Say why; every member reads it."),
            decided_by=_said(decided_by, "decided-by", limits.NAME_CHARS_MAX, "Name the office that decided."),
            first_day=first_day or today,
            last_day=last_day,
            categories=tuple(sorted(set(categories))),
        )
        _check_days(measure, today)
        with self.store.transaction() as tx:
            self.file(tx, measure, caller)
            tx.commit()
        return measure

    def file(self, tx: Transaction, measure: Measure, caller: Caller) -> None:
        """The same of one that is made out, inside the caller's transaction."""
        require(caller, ADMIT, "propose measures")
        self._hub_only()
        self._check_subject(tx, measure)
        filed = FiledMeasure(
            measure=measure, state=MeasureState.PROPOSED, proposed_by=caller.account, proposed_at=self.clock()
        )
        tx.measures.put(filed)
        self._note(tx, Act.MEASURE_PROPOSED, measure, caller)

    def confirm(self, measure_id: str, caller: Caller) -> Directory:
        """The second person's word: in force from now on, and in the next directory."""
        with self.store.transaction() as tx:
            directory = self.put_in_force(tx, measure_id, caller)
            tx.commit()
        return directory

    def put_in_force(self, tx: Transaction, measure_id: str, caller: Caller) -> Directory:
        """The same inside the caller's transaction."""
        require(caller, SIGN_FOR, "confirm measures")
        self._hub_only()
        filed, now = self._proposed(tx, measure_id), self.clock()
        # Whoever can suspend alone can be bribed or forced alone. Falls without it: tests/desks/test_measures.py
        if caller.account == filed.proposed_by:
            raise NotPermitted(
                "You proposed this measure yourself.", do="A second person must confirm it, with their own token."
            )
        self._check_subject(tx, filed.measure)
        confirmed = msgspec.structs.replace(
            filed, state=MeasureState.IN_FORCE, confirmed_by=caller.account, confirmed_at=now
        )
        if filed.measure.standing is Standing.ACTIVE:
            directory = self._ended(tx, confirmed)
        else:
            tx.measures.put(confirmed)
            directory = self.members.publish(tx)
        self._note(tx, ACTS[filed.measure.standing], filed.measure, caller, proposed_by=filed.proposed_by)
        return directory

    def drop(self, measure_id: str, reason: str, caller: Caller) -> None:
        """A proposal that is not to become a measure; anyone who may sign for it may drop it."""
        require(caller, SIGN_FOR, "drop measures")
        self._hub_only()
        why = _said(reason, "reason", limits.TEXT_CHARS_MAX, "Say why.")
        with self.store.transaction() as tx:
            filed = self._proposed(tx, measure_id)
            dropped = msgspec.structs.replace(
                filed, state=MeasureState.DROPPED, ended_by=caller.account, ended_at=self.clock()
            )
            tx.measures.put(dropped)
            self._note(tx, Act.MEASURE_DROPPED, filed.measure, caller, why=why)
            tx.commit()

    def every(self, caller: Caller, member: str = "") -> Sequence[FiledMeasure]:
        """Proposed, in force, ended and dropped, the oldest first."""
        require(caller, SEE, "see how measures came about")
        with self.store.reading() as tx:
            return tx.measures.every(member)

    def _ended(self, tx: Transaction, restoring: FiledMeasure) -> Directory:
        """Every measure in force ends, except that a newcomer is not let in before its checklist is complete."""
        node, now = restoring.measure.member, self.clock()
        tx.measures.put(
            msgspec.structs.replace(restoring, state=MeasureState.ENDED, ended_by=restoring.id, ended_at=now)
        )
        for filed in tx.measures.in_force(node):
            # Falls without it: tests/desks/test_onboarding.py
            if filed.id != onboarding_id(node):
                ended = msgspec.structs.replace(filed, state=MeasureState.ENDED, ended_by=restoring.id, ended_at=now)
                tx.measures.put(ended)
        return self.members.publish(tx, lambda members: tuple(_restored(one, node) for one in members))

    def _proposed(self, tx: Transaction, measure_id: str) -> FiledMeasure:
        filed = tx.measures.get(measure_id)
        if filed is None:
            raise Missing(f"There is no measure {measure_id}.", do="See `comity member measures`.")
        if filed.state is not MeasureState.PROPOSED:
            raise Conflict(f"Measure {measure_id} is {filed.state}, not proposed.", do="See `comity member measures`.")
        return filed

    def _check_subject(self, tx: Transaction, measure: Measure) -> None:
        directory = tx.members.directory()
        member = directory.member(measure.member) if directory else None
        if member is None:
            raise Missing(f"{measure.member} is no member.", do="See `comity member list`.")
        if measure.member == self.here.node:
            raise Conflict("A hub cannot take measures against itself.", do="Stop the node instead.")
        restoring = measure.standing is Standing.ACTIVE
        if not restoring and member.standing is Standing.SUSPENDED and not member.measures:
            raise Conflict(f"{member.id} is suspended since an earlier release.", do="Restore it first.")
        if not restoring and len(tx.measures.in_force(member.id)) >= limits.MEASURES_PER_MEMBER_MAX:
            raise Conflict(
                f"{member.id} is under {limits.MEASURES_PER_MEMBER_MAX} measures already.", do="Restore it first."
            )

    def _hub_only(self) -> None:
        if not self.here.is_hub:
            raise Conflict(f"{self.here.node} is a bureau.", do="Run this at the hub.")

    def _note(self, tx: Transaction, act: Act, measure: Measure, caller: Caller, **details: str) -> None:
        told = {"measure": measure.id, "reason": measure.reason, "decided_by": measure.decided_by, **details}
        days = {"first_day": str(measure.first_day), "last_day": str(measure.last_day or "")}
        entry = Entry(
            act=act,
            at=self.clock(),
            actor=caller.account,
            unit=caller.unit,
            subject=measure.member,
            outcome=measure.standing,
            details={**told, **days, "categories": list(measure.categories)},
        )
        tx.journal.record(entry)


def _said(text: str, where: str, chars_max: int, do: str) -> str:
    """A longer text no follower would take, and no directory after it."""
    if not 0 < len(text.strip()) <= chars_max:
        raise Invalid(f"A {where} of at most {chars_max} characters is needed.", where=where, do=do)
    return text.strip()


def _check_days(measure: Measure, today: date) -> None:
    if measure.over(max(today, measure.first_day)):
        raise Invalid("The last day is past, or before the first.", where="until", do="Set a later one, or none.")
    if measure.first_day < today:
        raise Invalid("A measure does not begin in the past.", where="from", do="Leave it out: it begins today.")
    if (measure.standing is Standing.RESTRICTED) != bool(measure.categories):
        raise Invalid(
            "A restriction names its categories, and nothing else does.",
            where="category",
            do=f"Use one or more of {', '.join(Category)}, or suspend the member.",
        )


def _restored(member: Member, node: str) -> Member:
    if member.id != node:
        return member
    return msgspec.structs.replace(member, standing=Standing.ACTIVE, reason="", measures=())
