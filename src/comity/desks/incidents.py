"""Security incidents: reported by anyone, assessed, contained by acts of the journal, told in time, closed."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from comity.desks.here import Here
from comity.desks.needs import Clock, Store, Transaction
from comity.domain import limits
from comity.domain.caller import Caller, Role, require
from comity.domain.clocks import left, ran_out
from comity.domain.errors import Conflict, Invalid, Missing
from comity.domain.ids import derived_id, new_id
from comity.domain.incident import (
    AUTHORITY,
    CONTAINS,
    PERSONS,
    Contained,
    Due,
    Incident,
    IncidentKind,
    IncidentState,
    IncidentTold,
    Severity,
    ShownIncident,
)
from comity.domain.journal import Act, Entry
from comity.domain.letter import IncidentNotice, Letter
from comity.law.decision import Law
from comity.law.incidents import tell_within_hours

REPORT = frozenset(Role)
DEAL_WITH = frozenset({Role.DATA_PROTECTION_OFFICER, Role.SUPERVISOR, Role.ADMINISTRATOR})
SEE = DEAL_WITH | {Role.AUDITOR}


class Incidents:
    def __init__(
        self,
        here: Here,
        store: Store,
        law: Callable[[Transaction], Law],
        clock: Clock,
        entropy: Callable[[int], bytes],
    ) -> None:
        self.here = here
        self.store = store
        self.law = law
        self.clock = clock
        self.entropy = entropy

    # -- for people ---------------------------------------------------------------------------------------------------

    def report(self, kind: IncidentKind, what: str, known_at: datetime | None, caller: Caller) -> Incident:
        """Anyone may, and should at once. The clocks run from when it was known; None is now."""
        require(caller, REPORT, "report incidents")
        now = self.clock()
        if known_at is not None and known_at > now:
            raise Invalid("It cannot be known before it is.", where="known_at", do="Give the moment, or leave it out.")
        incident = Incident(
            id=new_id(now, self.entropy(10)),
            kind=kind,
            what=_said(what, "what"),
            known_at=known_at or now,
            reported_by=caller.account,
        )
        with self.store.transaction() as tx:
            tx.incidents.put(incident)
            self._note(tx, Act.INCIDENT_REPORTED, incident, caller, incident.kind)
            tx.commit()
        return incident

    def assess(
        self,
        incident_id: str,
        severity: Severity,
        personal: bool,
        members: Iterable[str],
        assessment: str,
        caller: Caller,
    ) -> Incident:
        """How grave it is and whom it concerns: from this follows who must be told, and until when."""
        require(caller, DEAL_WITH, "assess incidents")
        with self.store.transaction() as tx:
            incident = _open(tx, incident_id)
            due = self._due(tx, incident, severity, personal, sorted(set(members)))
            assessed = msgspec.structs.replace(
                incident,
                state=IncidentState.ASSESSED,
                severity=severity,
                personal=personal,
                assessment=_said(assessment, "assessment"),
                assessed_by=caller.account,
                due=due,
            )
            tx.incidents.put(assessed)
            self._note(tx, Act.INCIDENT_ASSESSED, assessed, caller, severity, whom=[one.whom for one in due])
            tx.commit()
        return assessed

    def contain(self, incident_id: str, entry: int, caller: Caller) -> Incident:
        """Point at what was done against it, by its place in the journal: an act that contains, done since."""
        require(caller, DEAL_WITH, "contain incidents")
        with self.store.transaction() as tx:
            incident = _open(tx, incident_id)
            opening = next((one for one in tx.journal.read(entry - 1, 1) if one.index == entry), None)
            if opening is None:
                raise Missing(f"The journal has no entry {entry}.", do="See `comity journal show`.")
            done = opening.entry
            # Else something long past, or nothing at all, would stand for it. Falls without it:
            # tests/desks/test_incidents.py
            if done.act not in CONTAINS or done.at < incident.known_at:
                raise Conflict(
                    f"Entry {entry} ({done.act}) contains nothing of it.",
                    where="entry",
                    do="Suspend, block, revoke, withdraw or recall first; then name that entry.",
                )
            if any(one.entry == entry for one in incident.contained):
                return incident
            step = Contained(entry=entry, act=done.act, subject=done.subject, at=done.at)
            contained = msgspec.structs.replace(incident, contained=(*incident.contained, step))
            tx.incidents.put(contained)
            self._note(tx, Act.INCIDENT_CONTAINED, contained, caller, done.act, entry=entry)
            tx.commit()
        return contained

    def tell(self, incident_id: str, whom: str, what: str, reference: str, caller: Caller) -> Incident:
        """A member is told by letter; the authority and the persons outside this network, under a reference."""
        require(caller, DEAL_WITH, "tell others of incidents")
        with self.store.transaction() as tx:
            incident, now = _open(tx, incident_id), self.clock()
            owed = next((one for one in incident.due if one.whom == whom and one.told_at is None), None)
            if owed is None or incident.severity is None:
                raise Conflict(f"{whom} is not to be told, or was.", do="See `comity incident show`.")
            if whom in (AUTHORITY, PERSONS):
                told = msgspec.structs.replace(owed, reference=_said(reference, "reference"))
            else:
                notice = IncidentTold(
                    id=incident.id,
                    kind=incident.kind,
                    severity=incident.severity,
                    personal=incident.personal,
                    known_at=incident.known_at,
                    what=_said(what, "what"),
                )
                told = msgspec.structs.replace(owed, reference=tx.outbox.send(whom, IncidentNotice(notice=notice), now))
            told = msgspec.structs.replace(told, told_at=now, told_by=caller.account)
            after = msgspec.structs.replace(
                incident, due=tuple(told if one.whom == whom else one for one in incident.due)
            )
            tx.incidents.put(after)
            in_time = "in time" if now < owed.due_at else "late"
            self._note(tx, Act.INCIDENT_TOLD, after, caller, in_time, for_whom=whom, reference=told.reference)
            tx.commit()
        return after

    def close(self, incident_id: str, lessons: str, caller: Caller) -> Incident:
        """With what was learnt from it; not before it is assessed, contained and told."""
        require(caller, DEAL_WITH, "close incidents")
        with self.store.transaction() as tx:
            incident = _open(tx, incident_id)
            # Falls without each: tests/desks/test_incidents.py
            missing = [f"{one.whom} was not told" for one in incident.due if one.told_at is None]
            if incident.state is not IncidentState.ASSESSED:
                missing.append("it is not assessed")
            if not incident.contained and incident.severity is not Severity.LOW:
                missing.append("nothing contains it")
            if missing:
                raise Conflict(f"It cannot be closed: {', '.join(missing)}.", do="Do that first.")
            closed = msgspec.structs.replace(
                incident,
                state=IncidentState.CLOSED,
                lessons=_said(lessons, "lesson"),
                closed_by=caller.account,
                closed_at=self.clock(),
            )
            tx.incidents.put(closed)
            self._note(tx, Act.INCIDENT_CLOSED, closed, caller, closed.state)
            tx.commit()
        return closed

    def every(self, caller: Caller) -> list[ShownIncident]:
        """With their clocks, the oldest first."""
        require(caller, SEE, "see incidents")
        with self.store.reading() as tx:
            return [self._shown(one) for one in tx.incidents.every()]

    def show(self, incident_id: str, caller: Caller) -> ShownIncident:
        """One with all that was said of it; this is written down."""
        require(caller, SEE, "see incidents")
        with self.store.transaction() as tx:
            incident = _get(tx, incident_id)
            self._note(tx, Act.INCIDENT_SHOWN, incident, caller, incident.state)
            tx.commit()
        return self._shown(incident)

    # -- by letter, inside the transaction that receives it -----------------------------------------------------------

    def noticed(self, tx: Transaction, letter: Letter, body: IncidentNotice) -> None:
        """A member tells us of an incident there that touches us: for our people to assess, under an id of our own."""
        told = body.notice
        incident = Incident(
            id=derived_id("incident", letter.sender, told.id),
            kind=told.kind,
            what=told.what,
            known_at=self.clock(),  # our own clocks run from when we know
            reported_by=letter.sender,
            told_by_member=letter.sender,
            severity=told.severity,
            personal=told.personal,
        )
        # Told again, it must not undo what our people have done since. Falls without it: tests/desks/test_incidents.py
        if tx.incidents.get(incident.id) is not None:
            return
        tx.incidents.put(incident)
        self._note(tx, Act.INCIDENT_REPORTED, incident, letter.sender, incident.kind)

    # -- by the clock -------------------------------------------------------------------------------------------------

    def tend(self) -> int:
        """Note whoever was not told in time; how many are new."""
        now, done = self.clock(), 0
        with self.store.reading() as tx:
            if not any(_late(one, now) for incident in tx.incidents.every() for one in incident.due):
                return 0
        with self.store.transaction() as tx:
            for incident in tx.incidents.every():
                late = [one.whom for one in incident.due if _late(one, now)]
                if not late:
                    continue
                due = [
                    msgspec.structs.replace(one, escalated_at=now) if one.whom in late else one for one in incident.due
                ]
                tx.incidents.put(msgspec.structs.replace(incident, due=tuple(due)))
                self._note(tx, Act.INCIDENT_OVERDUE, incident, self.here.node, incident.state, whom=late)
                done += len(late)
            tx.commit()
        return done

    # -- steps --------------------------------------------------------------------------------------------------------

    def _due(
        self, tx: Transaction, incident: Incident, severity: Severity, personal: bool, members: Sequence[str]
    ) -> tuple[Due, ...]:
        """What was told already stays told, whoever it is assessed to concern now."""
        directory, law, today = tx.members.directory(), self.law(tx), self.clock().date()
        hours: dict[str, int] = {}
        if personal:
            hours[AUTHORITY] = limits.INCIDENT_AUTHORITY_HOURS
        if personal and severity is Severity.HIGH:
            hours[PERSONS] = limits.INCIDENT_AUTHORITY_HOURS
        for name in members:
            member = directory.member(name) if directory else None
            if member is None or name == self.here.node:
                raise Missing(f"{name} is no other member.", where="member", do="See `comity member list`.")
            theirs = member.manifest.country or member.id
            hours[name] = tell_within_hours(law, self.here.party, theirs, today)
        before = {one.whom: one for one in incident.due}
        owed = {
            whom: msgspec.structs.replace(
                before.get(whom) or Due(whom=whom, due_at=incident.known_at),
                due_at=incident.known_at + timedelta(hours=within),
            )
            for whom, within in hours.items()
        }
        told = {whom: one for whom, one in before.items() if one.told_at is not None}
        return tuple((owed | told).values())

    def _shown(self, incident: Incident) -> ShownIncident:
        now = self.clock()
        running = [one for one in incident.due if one.told_at is None]
        return ShownIncident(
            incident=incident, clocks={one.whom: left(one.due_at, one.escalated_at, now) for one in running}
        )

    def _note(
        self,
        tx: Transaction,
        act: Act,
        incident: Incident,
        caller: Caller | str,
        outcome: str,
        for_whom: str = "",
        **details: str | int | list[str],
    ) -> None:
        actor, unit = (caller, "") if isinstance(caller, str) else (caller.account, caller.unit)
        entry = Entry(
            act=act,
            at=self.clock(),
            actor=actor,
            unit=unit,
            for_whom=for_whom,
            subject=incident.id,
            outcome=outcome,
            details={**details},
        )
        tx.journal.record(entry)


def _get(tx: Transaction, incident_id: str) -> Incident:
    found = tx.incidents.get(incident_id)
    if found is None:
        raise Missing(f"There is no incident {incident_id}.", do="See `comity incident list`.")
    return found


def _open(tx: Transaction, incident_id: str) -> Incident:
    found = _get(tx, incident_id)
    if found.state is IncidentState.CLOSED:
        raise Conflict(f"Incident {incident_id} is closed.", do="Report what is new as another.")
    return found


def _late(one: Due, now: datetime) -> bool:
    return one.told_at is None and ran_out(one.due_at, one.escalated_at, now)


def _said(text: str, where: str) -> str:
    if not 0 < len(text.strip()) <= limits.TEXT_CHARS_MAX:
        raise Invalid(
            f"A {where} of at most {limits.TEXT_CHARS_MAX} characters is needed.", where=where, do="Write it."
        )
    return text.strip()
