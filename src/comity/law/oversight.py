"""What of the journal this reader may see, and how long the text of an entry is kept."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.caller import Caller, Role
from comity.domain.errors import NotPermitted
from comity.domain.held import Held
from comity.domain.journal import Act, Entry
from comity.domain.lookup import Query
from comity.domain.record import Header, Record
from comity.matching.concerned import means

Text = Annotated[str, Meta(min_length=1, max_length=limits.TEXT_CHARS_MAX)]
Code = Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX)]
Years = Annotated[int, Meta(ge=1, le=limits.RETENTION_YEARS_MAX)]
DEFAULT = "default"
WATCHERS = (Role.DATA_PROTECTION_OFFICER, Role.AUDITOR, Role.SUPERVISOR, Role.SUPERVISORY_BODY)


class Watching(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one role sees of the journal, and does with it."""

    kinds: tuple[Code, ...] = ()  # of acts; none named: all
    own_unit: bool = False
    years_back: Years
    seeks_persons: bool = False
    samples: bool = False
    answers_persons: bool = False
    source: Text


class OpeningTerm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long the text of an entry is kept."""

    years: Years
    source: Text


class Sight(Struct, frozen=True):
    """What a caller sees of the journal: by each of their roles that watch over it."""

    rules: tuple[Watching, ...]
    unit: str
    today: date

    @property
    def own_unit_alone(self) -> bool:
        return all(one.own_unit for one in self.rules)

    def sees(self, entry: Entry) -> bool:
        return any(self._by(one, entry) for one in self.rules)

    def counts(self, act: Act, since: date) -> str | None:
        """Within which unit the caller may count such entries from that day on; '' for all units, None for none."""
        rules = [one for one in self.rules if self._covers(one, act, since)]
        if any(not one.own_unit for one in rules):
            return ""
        return self.unit or None if rules else None

    def _covers(self, rule: Watching, act: Act, day: date) -> bool:
        return (not rule.kinds or kind_of(act) in rule.kinds) and day >= years_before(self.today, rule.years_back)

    def _by(self, rule: Watching, entry: Entry) -> bool:
        # Falls without each of them: tests/law/test_oversight.py
        return self._covers(rule, entry.act, entry.at.date()) and (
            not rule.own_unit or (bool(self.unit) and entry.unit == self.unit)
        )


def kind_of(act: Act) -> str:
    """What stands before the dot: `lookup` of `lookup.asked`."""
    return act.value.partition(".")[0]


ENTRY_KINDS = frozenset(map(kind_of, Act))


def sight(caller: Caller, watching: Mapping[str, Watching], today: date) -> Sight:
    """What the caller may see. Raises NotPermitted for whoever watches over nothing."""
    rules = tuple(watching[role] for role in WATCHERS if role in caller.roles)
    if not rules:
        raise NotPermitted(
            "Your roles do not let you read the journal.", do=f"Ask someone who is {', '.join(sorted(WATCHERS))}."
        )
    return Sight(rules, caller.unit, today)


def check_seeks(seen: Sight) -> None:
    """Raises NotPermitted where a caller may not ask the journal about persons."""
    if not any(one.seeks_persons for one in seen.rules):
        raise NotPermitted(
            "Your roles do not let you ask the journal about somebody.", do="Ask the data-protection officer."
        )


def check_samples(seen: Sight) -> None:
    """Raises NotPermitted where a caller draws no entries for review and judges none."""
    if not any(one.samples for one in seen.rules):
        raise NotPermitted("Your roles do not let you review the journal by lot.", do="Ask the auditor.")


def check_answers(seen: Sight) -> None:
    """Raises NotPermitted where a caller does not answer the persons whom records are about."""
    if not any(one.answers_persons for one in seen.rules):
        raise NotPermitted(
            "Your roles do not let you answer the persons whom records are about.",
            do="Ask the data-protection officer.",
        )


def term_of(act: Act, terms: Mapping[str, OpeningTerm]) -> tuple[str, OpeningTerm]:
    """The rule by which the text of such an entry is kept, with its name."""
    kind = kind_of(act)
    return (kind, terms[kind]) if kind in terms else (DEFAULT, terms[DEFAULT])


def years_before(day: date, years: int) -> date:
    """The same day so many years before; of 29 February the 28th."""
    try:
        return day.replace(year=max(day.year - years, 1))
    except ValueError:
        return day.replace(year=max(day.year - years, 1), day=28)


def headers_meant(sought: Query, found: list[Held[Record]]) -> list[Header]:
    """Of those records that are about whom, or what, is sought, whose they are: nothing else leaves their boxes."""
    return [one._content.header for one in found if means(sought, one._content.subject)]
