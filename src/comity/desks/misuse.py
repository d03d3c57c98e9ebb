"""Misuse: the journal is scanned for what is unusual, people look at each alarm, and what they find is learned from."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from comity.analysis.misuse.examples import REVIEWED_COUNTS_AS, Example
from comity.analysis.misuse.suspect import Reviewed, Suspect
from comity.analysis.misuse.suspects import Suspecting
from comity.analysis.misuse.traces import monday, peers_of, week_of
from comity.analysis.misuse.weeks import Watched
from comity.desks.here import Here
from comity.desks.needs import Clock, Store, Transaction
from comity.domain import limits
from comity.domain.caller import Caller, Role, require
from comity.domain.errors import Invalid, Missing
from comity.domain.ids import derived_id
from comity.domain.journal import Act, Entry, Opening
from comity.domain.misuse import UNDECIDED, AlarmState, MisuseAlarm
from comity.domain.site import Site

WATCHES = frozenset({Role.AUDITOR, Role.DATA_PROTECTION_OFFICER, Role.SUPERVISOR})


class Scan(Struct, frozen=True, kw_only=True):
    """What became of a scan."""

    entries: int
    officers: int
    weeks: int
    threshold: float
    raised: tuple[MisuseAlarm, ...]
    learned_from: int  # alarms that people had decided on


class Misuse:
    """Nobody here sees or decides an alarm about themselves."""

    def __init__(
        self,
        here: Here,
        store: Store,
        suspecting: Suspecting,
        sites: Iterable[Site],
        false_alarms: float,
        clock: Clock,
    ) -> None:
        """`false_alarms` for 200 officers in a week."""
        self.here = here
        self.store = store
        self.suspecting = suspecting
        self.sites = tuple(sites)
        self.false_alarms = false_alarms
        self.clock = clock

    def scan(self, caller: Caller, weeks: int = 4) -> Scan:
        """Compare a year of weeks, and raise an alarm for what is most unusual in the last `weeks` that have ended.

        The journal is read in pieces, so nobody waits for it; the alarms are raised in one transaction.
        """
        require(caller, WATCHES, "scan the journal for misuse")
        if not 1 <= weeks <= limits.MISUSE_WEEKS_COMPARED:
            raise Invalid(f"{weeks} weeks cannot be judged.", where="weeks", do="Ask for 1 to 52.")
        now = self.clock()
        this_week = week_of(now.timestamp())
        with self.store.reading() as tx:
            honey = {record: since.timestamp() for record, since in tx.honey.every().items()}
            watched = Watched(peers_of(tx.accounts.every()), self.sites, honey)
            decided = tx.misuse_alarms.every((AlarmState.FOUND, AlarmState.DISMISSED))
        reader = _Reader(self.store, now - timedelta(weeks=limits.MISUSE_WEEKS_COMPARED))
        judged = range(this_week - weeks, this_week + 1)
        found = self.suspecting(
            reader.entries(now + timedelta(seconds=limits.CLOCK_SKEW_SECONDS_MAX)),
            watched,
            _reviewed(decided),
            self.false_alarms,
            judged,
        )
        with self.store.transaction() as tx:
            raised = tuple(self._raise(tx, one, found.threshold, now) for one in found.found if not _known(tx, one))
            scan = Scan(
                entries=reader.read,
                officers=found.officers,
                weeks=found.weeks,
                threshold=round(found.threshold, 2),
                raised=raised,
                learned_from=len(decided),
            )
            self._note(tx, Act.MISUSE_SCANNED, caller, "", entries=scan.entries, weeks=scan.weeks, raised=len(raised))
            tx.commit()
        return scan

    def alarms(self, states: Sequence[AlarmState], caller: Caller) -> list[MisuseAlarm]:
        """In these states (none: those that nobody has decided on), the newest first; written down."""
        require(caller, WATCHES, "see alarms of misuse")
        with self.store.transaction() as tx:
            found = [one for one in tx.misuse_alarms.every(states or UNDECIDED) if not _about(one, caller)]
            self._note(tx, Act.MISUSE_LISTED, caller, "", alarms=len(found))
            tx.commit()
        return found

    def show(self, alarm_id: str, caller: Caller) -> tuple[MisuseAlarm, list[Opening]]:
        """One alarm with the officer's entries of that week; who has looked stays with it, and is written down."""
        with self.store.transaction() as tx:
            alarm = self._one(tx, alarm_id, caller, "see alarms of misuse").looked_at(caller.account)
            tx.misuse_alarms.put(alarm)
            self._note(tx, Act.MISUSE_SHOWN, caller, alarm.id)
            tx.commit()
        begin = datetime.combine(alarm.week, datetime.min.time(), tzinfo=alarm.raised_at.tzinfo)
        openings = _Reader(self.store, begin).openings(begin + timedelta(weeks=1))
        account = alarm.officer.partition("/")[0]
        return alarm, [one for one in openings if one.entry.actor == account][: limits.MISUSE_ENTRIES_SHOWN_MAX]

    def propose(self, alarm_id: str, why: str, caller: Caller) -> MisuseAlarm:
        """One person finds that it was misuse; it counts once a second one does."""
        with self.store.transaction() as tx:
            alarm = self._one(tx, alarm_id, caller, "find misuse").proposed(caller.account, _reason(why))
            return self._decided(tx, alarm, Act.MISUSE_PROPOSED, caller, why)

    def confirm(self, alarm_id: str, caller: Caller) -> MisuseAlarm:
        """The second pair of eyes. Raises NotPermitted for whoever proposed it."""
        with self.store.transaction() as tx:
            alarm = self._one(tx, alarm_id, caller, "find misuse").confirmed(caller.account, self.clock())
            return self._decided(tx, alarm, Act.MISUSE_FOUND, caller, alarm.why)

    def dismiss(self, alarm_id: str, why: str, caller: Caller) -> MisuseAlarm:
        """It was lawful, and why. Later scans weigh such weeks less."""
        with self.store.transaction() as tx:
            alarm = self._one(tx, alarm_id, caller, "dismiss alarms")
            alarm = alarm.dismissed(caller.account, _reason(why), self.clock())
            return self._decided(tx, alarm, Act.MISUSE_DISMISSED, caller, why)

    def place_honey(self, record: str, caller: Caller) -> None:
        """From now on whoever is shown this own record has an alarm. Raises Missing."""
        require(caller, WATCHES, "place honey records")
        with self.store.transaction() as tx:
            found = tx.records.owned(record)
            if found is None:
                raise Missing(f"There is no own record {record}.", do="Enter it first, of a person who does not exist.")
            tx.honey.put(record, caller.account, self.clock())
            self._note(tx, Act.HONEY_PLACED, caller, _unsaid(record))
            tx.commit()

    def remove_honey(self, record: str, caller: Caller) -> None:
        require(caller, WATCHES, "remove honey records")
        with self.store.transaction() as tx:
            if not tx.honey.forget(record):
                raise Missing(f"{record} is no honey record.", do="Check the id.")
            self._note(tx, Act.HONEY_REMOVED, caller, _unsaid(record))
            tx.commit()

    # -- pieces -------------------------------------------------------------------------------------------------------

    def _raise(self, tx: Transaction, suspect: Suspect, threshold: float, now: datetime) -> MisuseAlarm:
        alarm = MisuseAlarm(
            id=_alarm_id(suspect),
            officer=suspect.officer,
            unit=suspect.unit,
            week=monday(suspect.week).date(),
            score=suspect.score,
            threshold=round(threshold, 2),
            signs=suspect.signs,
            bits=suspect.bits,
            raised_at=now,
        )
        tx.misuse_alarms.put(alarm)
        entry = Entry(
            act=Act.MISUSE_ALARMED,
            at=now,
            actor=self.here.node,
            unit=alarm.unit,
            subject=alarm.id,
            details={"officer": alarm.officer, "score": alarm.score, "signs": [one.oddity for one in alarm.signs]},
        )
        tx.journal.record(entry)
        return alarm

    def _one(self, tx: Transaction, alarm_id: str, caller: Caller, act: str) -> MisuseAlarm:
        """Raises Missing also where it is about the caller."""
        require(caller, WATCHES, act)
        alarm = tx.misuse_alarms.get(alarm_id)
        # Whoever watches is watched: nobody dismisses, or learns of, an alarm about themselves.
        # Falls without it: tests/desks/test_misuse.py
        if alarm is None or _about(alarm, caller):
            raise Missing(f"There is no alarm {alarm_id}.", do="See `comity misuse alarms`.")
        return alarm

    def _decided(self, tx: Transaction, alarm: MisuseAlarm, act: Act, caller: Caller, why: str) -> MisuseAlarm:
        tx.misuse_alarms.put(alarm)
        self._note(tx, act, caller, alarm.id, officer=alarm.officer, why=why.strip())
        tx.commit()
        return alarm

    def _note(self, tx: Transaction, act: Act, caller: Caller, subject: str, **details: str | int) -> None:
        entry = Entry(
            act=act, at=self.clock(), actor=caller.account, unit=caller.unit, subject=subject, details={**details}
        )
        tx.journal.record(entry)


class _Reader:
    """The journal from a moment on, in pieces that each are a short transaction."""

    def __init__(self, store: Store, begin: datetime) -> None:
        self.store = store
        self.begin = begin
        self.read = 0

    def entries(self, end: datetime) -> Iterator[Entry]:
        for opening in self.openings(end):
            self.read += 1
            yield opening.entry

    def openings(self, end: datetime) -> Iterator[Opening]:
        after = self._first() - 1
        while True:
            with self.store.reading() as tx:
                page = tx.journal.read(after, limits.MISUSE_ENTRIES_READ_AT_ONCE)
            for opening in page:
                if opening.entry.at >= end:
                    return
                if opening.entry.at >= self.begin:
                    yield opening
            if len(page) < limits.MISUSE_ENTRIES_READ_AT_ONCE:
                return
            after = page[-1].index

    def _first(self) -> int:
        """Where to begin: entries stand in the order of time, so halves are enough."""
        with self.store.reading() as tx:
            low, high = 0, tx.journal.size()
            while low < high:
                middle = (low + high) // 2
                page = tx.journal.read(middle - 1, 1)
                if page and page[0].entry.at < self.begin:
                    low = page[0].index + 1
                else:
                    high = middle
        return low


def _reviewed(decided: Sequence[MisuseAlarm]) -> Reviewed:
    examples = tuple(
        Example(bits=one.bits, misuse=one.state is AlarmState.FOUND, counts=REVIEWED_COUNTS_AS) for one in decided
    )
    found = frozenset(
        (one.officer, week_of(datetime.combine(one.week, datetime.min.time(), one.raised_at.tzinfo).timestamp()))
        for one in decided
        if one.state is AlarmState.FOUND
    )
    return Reviewed(examples, found)


def _known(tx: Transaction, suspect: Suspect) -> bool:
    return tx.misuse_alarms.get(_alarm_id(suspect)) is not None


def _alarm_id(suspect: Suspect) -> str:
    return derived_id("misuse", suspect.officer, str(suspect.week))


def _about(alarm: MisuseAlarm, caller: Caller) -> bool:
    return caller.account in (alarm.officer, alarm.officer.partition("/")[2])


def _unsaid(record: str) -> str:
    """Which record it is, to whoever knows it; the journal has many readers."""
    return derived_id("honey", record)


def _reason(why: str) -> str:
    if not 0 < len(why.strip()) <= limits.TEXT_CHARS_MAX:
        raise Invalid("A decision needs its reason.", where="why", do="Say what decided it, in a few words.")
    return why.strip()
