"""What this node wrote down of exchanges with another, and whether the other wrote down the same."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from comity.desks.here import Here
from comity.desks.log_alarms import noted
from comity.desks.needs import Clock, Store, Transaction
from comity.domain import limits
from comity.domain.bureau import Member
from comity.domain.caller import Caller, Role, require
from comity.domain.disclosed import DIGESTS
from comity.domain.errors import Invalid, TooLarge
from comity.domain.ids import moment_of
from comity.domain.journal import DISCLOSURES, Act, Entry, Opening
from comity.domain.lookup import Outcome
from comity.domain.reconciliation import (
    Exchange,
    Exchanged,
    Own,
    Reconciled,
    ReconciliationAsked,
    Recorded,
    compared,
    findings,
    key_of,
)
from comity.domain.witnessing import LogAlarm, LogWrong

RECONCILES = frozenset({Role.ADMINISTRATOR, Role.AUDITOR, Role.DATA_PROTECTION_OFFICER, Role.SUPERVISOR})
_PAGE = 1_000
_EARLIER = timedelta(days=1)  # an entry may stand a little before the id that it speaks of was made
_SETTLED = timedelta(seconds=limits.RECONCILED_SETTLED_SECONDS)
_ENDED = frozenset({Act.LETTER_RECALLED, Act.LETTER_EXPIRED, Act.LETTER_REFUSED})
_READ = frozenset({Act.LETTER_PROVED, Act.LETTER_UNPROVED, Act.LETTER_REVIEWED})


class Reconciliation:
    def __init__(self, here: Here, store: Store, clock: Clock) -> None:
        self.here = here
        self.store = store
        self.clock = clock

    def asked(self, other: str, since: datetime, until: datetime, caller: Caller) -> ReconciliationAsked:
        """What we have of that period, as it is told to the other side; this reading is journalled."""
        require(caller, RECONCILES, "compare the journal with another member's")
        self._check(since, until)
        recorded = self._recorded(other, since, until)
        self._note(caller.account, other, since, until)
        return ReconciliationAsked(since=since, until=until, exchanged=tuple(one.exchanged for one in recorded.own))

    def answer(self, asked: ReconciliationAsked, member: Member) -> Reconciled:
        """What that member has and we have not, and the other way round: of exchanges with itself alone."""
        self._check(asked.since, asked.until)
        missing, differing, beside = compared(asked, self._recorded(member.id, asked.since, asked.until))
        if max(map(len, (missing, differing, beside))) > limits.RECONCILED_DIFFERENCES_MAX:
            raise TooLarge("There are too many differences to name.", do="Ask for a shorter period.")
        self._note(member.id, member.id, asked.since, asked.until)
        return Reconciled(
            by=self.here.node,
            to=member.id,
            since=asked.since,
            until=asked.until,
            at=self.clock(),
            missing=missing,
            differing=differing,
            beside=beside,
        )

    def found(self, said: Reconciled, signed: str) -> list[str]:
        """What does not agree, in plain words; an alarm keeps it, with what the other side signed."""
        lines = findings(said, self._recorded(said.by, said.since, said.until))
        if lines:
            alarm = LogAlarm(
                wrong=LogWrong.UNMATCHED,
                origin=f"{said.by}/{DISCLOSURES}",
                what=" ".join(lines)[: limits.REASON_CHARS_MAX],
                about=signed,
                noted_at=self.clock(),
            )
            with self.store.transaction() as tx:
                if noted(tx, alarm):
                    tx.commit()
        return lines

    def _check(self, since: datetime, until: datetime) -> None:
        """What is under way would look as if one side had left it out."""
        if not since < until <= self.clock() - _SETTLED:
            raise Invalid(
                "This is no period that has settled.",
                do=f"Let it end {limits.RECONCILED_SETTLED_SECONDS // 60} minutes ago at the latest.",
            )
        if until - since > timedelta(days=limits.RECONCILED_DAYS_MAX):
            raise TooLarge(f"A period has {limits.RECONCILED_DAYS_MAX} days at most.", do="Ask for several.")

    def _recorded(self, other: str, since: datetime, until: datetime) -> Recorded:
        reading = _Reading(self.here.node, other, since, until)
        with self.store.reading() as tx:
            for opening in _entries(tx, since - _EARLIER):
                reading.take(opening, tx)
            for held in tx.held_letters.every():
                if held.letter.sender == other and held.digest:
                    reading.add(Exchange.LETTER, other, held.letter.id, held.digest)
        return reading.recorded()

    def _note(self, actor: str, other: str, since: datetime, until: datetime) -> None:
        details: dict[str, str | int | float | bool | list[str]] = {
            "since": f"{since:%FT%TZ}",
            "until": f"{until:%FT%TZ}",
        }
        entry = Entry(act=Act.JOURNAL_RECONCILED, at=self.clock(), actor=actor, for_whom=other, details=details)
        with self.store.transaction() as tx:
            tx.journal.record(entry)
            tx.commit()


class _Reading:
    """The journal of a node, looked through for what passed between it and another."""

    def __init__(self, here: str, other: str, since: datetime, until: datetime) -> None:
        self.here, self.other, self.since, self.until = here, other, since, until
        self.own: list[Own] = []
        self.explained: dict[str, str] = {}

    def take(self, opening: Opening, tx: Transaction) -> None:
        entry = opening.entry
        if entry.act in (Act.LOOKUP_ANSWERED, Act.LOOKUP_REFUSED) and entry.for_whom == self.other:
            (leaf,) = tx.journal.leaves(opening.index, opening.index + 1)
            self.add(Exchange.ANSWER, self.here, entry.subject, leaf.hex())
        elif entry.act is Act.LOOKUP_SHOWN:
            self._shown(entry)
        elif entry.act is Act.LETTERS_SEALED and entry.for_whom == self.other:
            digests = entry.details.get(DIGESTS)
            for letter, box in zip(entry.records, digests if isinstance(digests, list) else (), strict=False):
                self.add(Exchange.LETTER, self.here, letter, box)
                if tx.sealed.get(letter) is not None:
                    self._explain(Exchange.LETTER, self.here, letter, "on its way")
        elif (
            entry.act in _READ
            and (digest := entry.details.get("digest"))
            and self.other
            in (
                entry.actor,
                entry.for_whom,
            )
        ):
            self.add(Exchange.LETTER, self.other, entry.subject, str(digest))
        elif entry.act in _ENDED:
            for source in (self.here, self.other):
                self._explain(Exchange.LETTER, source, entry.subject, entry.act)

    def add(self, kind: Exchange, source: str, id_: str, digest: str) -> None:
        made = moment_of(id_)
        if made is not None and self.since <= made < self.until:
            key = key_of(kind, source, self._to(source), id_)
            self.own.append(Own(Exchanged(kind=kind, source=source, key=key, digest=digest), id_))

    def recorded(self) -> Recorded:
        if len(self.own) > limits.RECONCILED_MAX:
            raise TooLarge(f"That period has more than {limits.RECONCILED_MAX} exchanges.", do="Take a shorter one.")
        return Recorded(tuple(dict.fromkeys(self.own)), self.explained)

    def _shown(self, entry: Entry) -> None:
        receipts, sources = entry.details.get("receipts"), entry.details.get("sources")
        for receipt in receipts if isinstance(receipts, list) else ():
            source, *_, leaf = receipt.split(" ")
            if source == self.other:
                self.add(Exchange.ANSWER, source, entry.subject, leaf)
        if isinstance(sources, list) and f"{self.other} {Outcome.SILENT}" in sources:
            self._explain(Exchange.ANSWER, self.other, entry.subject, "it came too late, or could not be believed")

    def _explain(self, kind: Exchange, source: str, id_: str, why: str) -> None:
        self.explained[key_of(kind, source, self._to(source), id_)] = why

    def _to(self, source: str) -> str:
        return self.other if source == self.here else self.here


def _entries(tx: Transaction, since: datetime) -> Iterator[Opening]:
    """From the first that was written then; all that follow, for a letter may be read much later than it was sealed."""
    first, last = 0, tx.journal.size()
    while first < last:
        middle = (first + last) // 2
        found = tx.journal.read(middle - 1, 1)
        if found and found[0].entry.at < since:
            first = middle + 1
        else:
            last = middle
    after = first - 1
    while page := tx.journal.read(after, _PAGE):
        yield from page
        after = page[-1].index
