"""What the console needs from the node beyond what officers' programs ask for, as small shapes."""

from collections.abc import Callable, Sequence
from typing import Protocol

from comity.domain.caller import Account, Caller
from comity.domain.passkey import Asked, Passkey
from comity.domain.session import Session, SignInBy
from comity.web.console import needs_casework as casework
from comity.web.console import needs_tending as tending
from comity.web.console import needs_watching as watching
from comity.web.officer import needs as officer
from comity.web.officer.needs import Desks


class Sessions(Protocol):
    def open(self, login: str, by: SignInBy) -> tuple[str, Session]:
        """For whoever has proved that the account is theirs, with a token that nobody had before."""
        ...

    def people(self) -> list[Account]:
        """Who may sign in, for a demonstration's list."""
        ...

    def session(self, token: str, is_asked: bool = True) -> Session:
        """Whose cookie it is; `is_asked`: by a person, whose session goes on.

        Raises Unauthenticated: unknown, ended and suspended look alike.
        """
        ...

    def end(self, token: str) -> None: ...

    def say(self, token: str, said: str) -> None:
        """What the next page tells: a message of ours, in English."""
        ...

    def told(self, token: str) -> None:
        """What was to be told stands on a page: it is not told again."""
        ...

    def choose(self, token: str, **chosen: str) -> Session:
        """Remember a `language`, `theme`, `purpose` or `case`. Raises Invalid."""
        ...


class Lookups(officer.Lookups, Protocol):
    def owed(self, codes: Sequence[str]) -> tuple[str, ...]:
        """What obligations ask, in words."""
        ...


class Passkeys(Protocol):
    def invited(self, link: str) -> Account:
        """Whose link it is. Raises Unauthenticated."""
        ...

    def challenge(self, asked: Asked, account: str = "") -> bytes: ...

    def take(self, challenge: bytes, asked: Asked, account: str = "") -> None:
        """That we asked this, of them, lately and for the first time. Raises Unauthenticated."""
        ...

    def enrol(self, link: str, made: Passkey) -> Account: ...

    def add(self, made: Passkey, caller: Caller) -> None: ...

    def own(self, caller: Caller) -> list[Passkey]: ...

    def remove(self, passkey_id: str, caller: Caller) -> None: ...

    def of_credential(self, credential: str) -> Passkey:
        """Raises Unauthenticated."""
        ...

    def used(self, passkey: Passkey, uses: int) -> str:
        """After the device has signed: the login whose passkey it is."""
        ...


class ConsoleDesks(Desks, frozen=True, kw_only=True):
    """The desks of the officers' door, and those that only people at a screen ask."""

    sessions: Sessions
    passkeys: Passkeys
    lookups: Lookups

    # oversight, law, approvals
    oversight: watching.Oversight
    spot_checks: watching.SpotChecks
    incidents: watching.Incidents
    log: watching.Log
    log_policy: Callable[[], bytes]
    log_alarms: watching.LogAlarms
    post_alarms: watching.PostAlarms
    misuse: watching.Misuse
    agreements: watching.Agreements
    bundles: watching.Bundles
    supervision: watching.Supervision
    letter_review: watching.LetterReview
    measures: tending.Measures
    sanctions: watching.Sanctions

    # cases, letters, operations, records, persons' rights
    cases: casework.Cases
    post: casework.Post
    directory: casework.Members
    own_records: casework.OwnRecords
    records: casework.Records
    keeping: casework.Keeping
    rights: casework.Rights
    rights_decisions: casework.RightsDecisions
    precaution: casework.Precaution

    # members, administration
    membership: tending.Membership
    onboarding: tending.Onboarding
    accounts: tending.Accounts
    lanes: tending.Lanes
    upkeep: tending.Upkeep
