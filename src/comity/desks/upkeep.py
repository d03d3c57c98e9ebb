"""The upkeep of a node, for its administrators: is it well, what waits, what stands still, how it is set."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from comity.desks.lanes import STANDS_STILL
from comity.desks.needs import Clock, Store, Transaction
from comity.domain.caller import Caller, Role, require
from comity.domain.health import Health
from comity.domain.letter import RANK, Lane
from comity.domain.post import PRIORITIES, Alarm
from comity.domain.post import RANK as URGENCY_RANK
from comity.domain.upkeep import Kept, NodeState, Queue, QuotaUse, RoundTold, Section, StillLane
from comity.law.decision import Law

TEND = frozenset({Role.ADMINISTRATOR})


class Upkeep:
    """What it is handed answers at once: nobody outside this machine is asked."""

    def __init__(
        self,
        store: Store,
        law: Callable[[Transaction], Law],
        clock: Clock,
        version: str,
        settings: Sequence[Section],
        health: Callable[[], Health],
        rounds: Callable[[], Sequence[RoundTold]],
        kept: Callable[[], Kept],
    ) -> None:
        self.store = store
        self.law = law
        self.clock = clock
        self.version = version
        self._settings = tuple(settings)
        self.health = health
        self.rounds = rounds
        self.kept = kept

    def state(self, caller: Caller) -> NodeState:
        require(caller, TEND, "see how the node is")
        health, kept = self.health(), self.kept()
        with self.store.reading() as tx:
            return NodeState(
                version=self.version,
                health=health,
                rounds=tuple(self.rounds()),
                open_letters=tx.outbox.depths(),
                queues=_queues(tx),
                still=_still(tx.alarms.every().values()),
                kept=kept,
                quotas=self._quotas(tx),
            )

    def settings(self, caller: Caller) -> tuple[Section, ...]:
        require(caller, TEND, "see the settings of the node")
        return self._settings

    def _quotas(self, tx: Transaction) -> tuple[QuotaUse, ...]:
        directory, law, today = tx.members.directory(), self.law(tx), self.clock().date()
        found: dict[tuple[str, str], QuotaUse] = {}
        for member in directory.members if directory else ():
            quotas = law.texts.quotas(member.manifest.country or member.id)
            for clause, one in quotas.items():
                asked = tx.quotas.asked(one.party, {clause: one.first_day(today)}).get(clause, 0)
                found[one.party, clause] = QuotaUse(
                    party=one.party, clause=clause, asked=asked, questions=one.questions, days=one.days
                )
        return tuple(found[key] for key in sorted(found))


def _queues(tx: Transaction) -> tuple[Queue, ...]:
    """At a hub what lies in the post room, elsewhere what has left and has not arrived."""
    lying = {(recipient, urgency): one for (recipient, urgency), one in tx.postroom.lanes().items()}
    leaving = {(recipient, PRIORITIES[lane]): one for (recipient, lane), one in tx.sealed.lanes().items()}
    found = [
        Queue(recipient=recipient, urgency=urgency, letters=letters, oldest_at=oldest)
        for each in (lying, leaving)
        for (recipient, urgency), (letters, oldest) in each.items()
    ]
    return tuple(sorted(found, key=lambda one: (URGENCY_RANK[one.urgency], one.oldest_at)))


def _still(alarms: Iterable[Alarm]) -> tuple[StillLane, ...]:
    found: dict[tuple[str, Lane], list[Alarm]] = defaultdict(list)
    for alarm in alarms:
        if alarm.wrong in STANDS_STILL and alarm.lane is not None:
            found[alarm.sender, alarm.lane].append(alarm)
    lanes = sorted(found, key=lambda one: (RANK[one[1]], one[0]))
    return tuple(StillLane(sender=sender, lane=lane, alarms=tuple(found[sender, lane])) for sender, lane in lanes)
