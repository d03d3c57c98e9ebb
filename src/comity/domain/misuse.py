"""An alarm of misuse: what was unusual about one officer's week, compared with whom, and what people found."""

from datetime import date
from enum import StrEnum

import msgspec
from msgspec import Struct

from comity.domain.dates import Moment
from comity.domain.errors import Conflict, NotPermitted


class Oddity(StrEnum):
    """In what way a week is unusual; each has a detector."""

    VOLUME = "volume"  # more lookups than peers at the same hours, and than before
    ONE_CASE = "one-case"  # many persons and things under one case, whom nobody else asked for in it
    FOREIGN_CASE = "foreign-case"  # a case of a unit that is not theirs
    NO_FOLLOW_UP = "no-follow-up"  # hits after which nothing was done
    SAME_PERSON = "same-person"  # one person or thing under several cases
    KIN = "kin"  # oneself, one's family, one's colleagues
    ODD_HOURS = "odd-hours"  # when neither they nor their unit work
    OFF_ROTA = "off-rota"  # when those who share their rota are off duty
    PURPOSE = "purpose"  # another purpose than the case is worked on for
    ENUMERATION = "enumeration"  # number after number, or everybody of a name
    DORMANT = "dormant"  # an account that was not used for long
    REMOVALS = "removals"  # withdrawals, denials, recalls
    TRAVEL = "travel"  # at two sites in less time than the way between them takes
    HONEY = "honey"  # a record of nobody that is there to be found by whoever has no reason to look


class AlarmState(StrEnum):
    """How far the review of an alarm has come."""

    OPEN = "open"
    LOOKED_AT = "looked-at"
    PROPOSED = "proposed"  # one person finds misuse
    FOUND = "found"  # and a second one too
    DISMISSED = "dismissed"


UNDECIDED = (AlarmState.OPEN, AlarmState.LOOKED_AT, AlarmState.PROPOSED)


class Sign(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way in which the week is unusual. `bits`: of 2^bits weeks of peers, one goes as far."""

    oddity: Oddity
    bits: float
    score: float  # its part of the alarm's
    told: str


class MisuseAlarm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """`officer` is an account's id, `operator:LOGIN`, or SYSTEM/OFFICER of whom a system asks for."""

    id: str
    officer: str
    unit: str
    week: date  # its Monday
    score: float
    threshold: float  # as it was when the alarm was raised
    signs: tuple[Sign, ...]  # what weighs most, first
    bits: dict[Oddity, float]  # of every detector: what a later model learns from
    raised_at: Moment
    state: AlarmState = AlarmState.OPEN
    looked_at_by: tuple[str, ...] = ()
    proposed_by: str = ""
    decided_by: str = ""
    decided_at: Moment | None = None
    why: str = ""

    def looked_at(self, by: str) -> "MisuseAlarm":
        """Who has seen it stays with it."""
        state = AlarmState.LOOKED_AT if self.state is AlarmState.OPEN else self.state
        seen = self.looked_at_by if by in self.looked_at_by else (*self.looked_at_by, by)
        return msgspec.structs.replace(self, state=state, looked_at_by=seen)

    def proposed(self, by: str, why: str) -> "MisuseAlarm":
        self._undecided(by)
        if self.state is AlarmState.PROPOSED:
            raise Conflict(f"Misuse is proposed in {self.id} already.", do="A second person confirms or dismisses it.")
        return msgspec.structs.replace(self, state=AlarmState.PROPOSED, proposed_by=by, why=why)

    def confirmed(self, by: str, at: Moment) -> "MisuseAlarm":
        """The second pair of eyes."""
        self._undecided(by)
        if self.state is not AlarmState.PROPOSED:
            raise Conflict(f"Nobody has proposed a finding in {self.id}.", do="Propose it, with the reason.")
        # One person's word alone must not make a colleague guilty. Falls without it: tests/desks/test_misuse.py
        if by == self.proposed_by:
            raise NotPermitted("You proposed this finding yourself.", do="A second person must confirm it.")
        return msgspec.structs.replace(self, state=AlarmState.FOUND, decided_by=by, decided_at=at)

    def dismissed(self, by: str, why: str, at: Moment) -> "MisuseAlarm":
        self._undecided(by)
        return msgspec.structs.replace(self, state=AlarmState.DISMISSED, decided_by=by, decided_at=at, why=why)

    def _undecided(self, by: str) -> None:
        if self.state in (AlarmState.FOUND, AlarmState.DISMISSED):
            raise Conflict(f"Alarm {self.id} is {self.state} already.", do="See `comity misuse show`.")
        # A decision that nobody looked for is a click. Falls without it: tests/desks/test_misuse.py
        if by not in self.looked_at_by:
            raise Conflict(f"You have not looked at alarm {self.id}.", do="Run `comity misuse show` first.")
