"""One question before the law: what may be told of an owner's records, then of each record; kept for the journal."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from importlib.metadata import version

import msgspec

from comity.domain.bureau import Standing
from comity.domain.caller import Caller
from comity.domain.circumstances import Circumstances, EntityKind, Override, StatedOffence
from comity.domain.collection import COLLECTIONS
from comity.domain.decision import Decision, Envelope, Request, Taken
from comity.domain.lookup import Question, Reason
from comity.domain.record import Record
from comity.domain.reply import ReplyLevel
from comity.domain.stated import Stated, StatedOverride
from comity.law.decision import Law, decide, of_officer
from comity.law.envelope import envelope_of
from comity.law.override import NOTHING_LIFTED, Lifting
from comity.law.published import without_documents


class Weighed:
    """`today` is the answering node's own day; `standings` how the asker stands, by category where it is not active.

    `asked` is by "instrument clause" what was asked so far under each clause with a quota; None where nobody counted.
    """

    def __init__(
        self,
        law: Law,
        question: Question,
        today: date,
        standings: Mapping[str, Standing],
        lifting: Lifting = NOTHING_LIFTED,
        asked: Mapping[str, int] | None = None,
    ) -> None:
        self.law = law
        self.question = question
        self.today = today
        self.standings = standings
        self.lifting = lifting
        self.asked = asked
        # By record; by category and owner what was said before any search.
        self._noted: dict[str, tuple[Request, Envelope | None, Decision]] = {}
        self._sorts: dict[Envelope, tuple[Request, Decision]] = {}

    def owner(self, code: str, source: str, country: str) -> Decision:
        """What may be told of any record of that collection and source at the most."""
        return self.party(COLLECTIONS[code].category, country or source)

    def party(self, category: str, owner: str) -> Decision:
        """What may be told of any record of that category and party at the most."""
        request = self._request(category, owner)
        found = decide(request, None, self.law, self.today)
        self._noted[f"{category} of {owner}"] = request, None, found
        return found

    def record(self, record: Record) -> Decision:
        """What may be told of this very record. Only the law calls this: it holds the open box."""
        envelope = envelope_of(record, self.today)
        # Of a thousand candidates most are of one source and marked alike: the law is asked for each sort once.
        sort = msgspec.structs.replace(envelope, record="", retain_until=min(envelope.retain_until, self.today))
        if sort not in self._sorts:
            header = record.header
            request = self._request(COLLECTIONS[header.collection].category, header.country or header.source)
            self._sorts[sort] = request, decide(request, envelope, self.law, self.today)
        request, found = self._sorts[sort]
        self._noted[envelope.record] = request, envelope, found
        return found

    def decoy(self, record: Record) -> None:
        """The work of `record`, done for one that does not exist, of an owner of whom it was asked."""
        first = next(iter(self._noted.values()), None)
        request = first[0] if first else self._request(COLLECTIONS[record.header.collection].category, "")
        decide(request, envelope_of(record, self.today), self.law, self.today)

    def taken(self, records: tuple[str, ...]) -> tuple[Taken, ...]:
        """The decisions on these records, as the journal keeps them."""
        return tuple(self._taken(*self._noted[one]) for one in records if one in self._noted)

    def refused(self, reason: Reason | None) -> tuple[Taken, ...]:
        """The decision from which this reason comes."""
        return tuple(self._taken(*one) for one in self._noted.values() if one[2].reason is reason)[:1]

    def counted(self) -> tuple[str, ...]:
        """The clauses with a quota under which something may be told, as "instrument clause": it counts under each."""
        names = {name for _, _, decision in self._noted.values() if decision.level for name in decision.clauses}
        return tuple(sorted(names & set(self.asked or ())))

    def _taken(self, request: Request, envelope: Envelope | None, decision: Decision) -> Taken:
        gaps = without_documents(self.law.texts.slice(request.asker, request.owner).gaps)
        return Taken(request=request, envelope=envelope, on=self.today, engine=engine(), decision=decision, gaps=gaps)

    def _request(self, category: str, owner: str) -> Request:
        asker = self.question.asker
        party = asker.country or asker.bureau
        return Request(
            asker=party,
            owner=owner,
            category=category,
            purpose=self.question.purpose,
            roles=tuple(sorted(asker.roles)),
            officer=asker.officer,
            bureau=asker.bureau,
            circumstances=self._circumstances(party, owner),
            standing=self.standings.get(category, Standing.ACTIVE),
        )

    def _circumstances(self, party: str, owner: str) -> Circumstances:
        """What the asker stated, what two persons here answer for, and what was counted."""
        return msgspec.structs.replace(
            stated_with(self.question),
            overrides=self.lifting.for_owner(owner),
            organisation_overrides=self.lifting.for_organisation,
            asked=self._asked(party, owner),
        )

    def _asked(self, party: str, owner: str) -> dict[str, int] | None:
        """Of what was counted, what bears on these two."""
        if not self.asked:
            return None
        bearing = self.law.texts.named(party, owner)
        return {name: count for name, count in self.asked.items() if name.split(" ")[0] in bearing} or None


def stated_with(question: Question) -> Circumstances:
    """What the asker stated with it, and what two persons there answer for."""
    asker = question.asker
    party = asker.country or asker.bureau
    return what_is_stated(party, question.offence, question.stated, asker.entity, question.overrides)


def what_is_stated(
    party: str,
    offence: StatedOffence | None,
    stated: Stated | None,
    entity: EntityKind | None,
    overrides: Iterable[StatedOverride] = (),
) -> Circumstances:
    """As the law looks at what an officer of that party states."""
    said = stated or Stated()
    return Circumstances(
        entity=entity,
        offence=offence,
        priority=said.priority,
        language=said.language,
        necessity=said.necessity,
        # Whose word it is comes from the key that signed the question, never from its text.
        # Falls without it: tests/desks/test_stated.py
        assurances=tuple(one.of(party) for one in said.assurances),
        asker_overrides=tuple(
            Override(against=one.against, persons=one.persons, reason=one.reason, until=one.until) for one in overrides
        ),
    )


def by_own_rules(law: Law, request: Request, level: ReplyLevel, decision: Decision, today: date) -> Taken:
    """A decision of our own rules for somebody here (`law.decision.of_officer`), as the journal keeps it."""
    gaps = without_documents(law.gaps_of_own_rules)
    return Taken(request=request, on=today, engine=engine(), decision=decision, own_rules=level, gaps=gaps)


def own_rules_on(
    law: Law, caller: Caller, question: Question, told: Iterable[tuple[str, ReplyLevel]], today: date
) -> tuple[Taken, ...]:
    """What our own rules let somebody here see, by category and level of what was told: once for each."""
    found, stated = [], stated_with(question)
    for category, level in dict.fromkeys(told):
        asked = of_officer(caller.roles, category, question.purpose, caller.on_behalf_of, stated)
        found.append(by_own_rules(law, asked, level, law.own_rules(asked, level), today))
    return tuple(found)


@cache
def engine() -> str:
    """What executes the law: a decision made again by another may differ, and then it is said by which."""
    return f"comity {version('comity')}, cedarpy {version('cedarpy')}"
