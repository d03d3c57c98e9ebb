"""Accounts: the people and systems of this bureau, and how they prove who they are."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import msgspec

from comity.desks.here import Here
from comity.desks.needs import Clock, Store, Transaction
from comity.domain import limits
from comity.domain.caller import Account, Caller, Role, require
from comity.domain.circumstances import EntityKind
from comity.domain.errors import Conflict, Invalid, Missing, Unauthenticated
from comity.domain.ids import new_id, slug
from comity.domain.journal import Act, Entry

ADMINISTER = frozenset({Role.ADMINISTRATOR})
# Who never looks anything up.
AT_A_HUB = frozenset(
    {Role.ADMINISTRATOR, Role.REVIEWER, Role.AUDITOR, Role.DATA_PROTECTION_OFFICER, Role.SUPERVISORY_BODY}
)
PREFIX = "comity_"  # so that a leaked token is recognised as one


class Accounts:
    """Officers belong to their bureau; a hub has none, only those who sign for its measures and watch over it."""

    def __init__(self, here: Here, store: Store, clock: Clock, entropy: Callable[[int], bytes]) -> None:
        self.here = here
        self.store = store
        self.clock = clock
        self.entropy = entropy
        self._refused: list[datetime] = []

    def open(self, login: str, name: str, unit: str, roles: Iterable[Role], caller: Caller) -> Account:
        require(caller, ADMINISTER, "open accounts")
        held = frozenset(roles)
        if self.here.is_hub and not held <= AT_A_HUB:
            raise Conflict("A hub has no officers.", do="Open the account at the officer's own bureau.")
        if not held:
            raise Invalid("An account needs at least one role.", where="role", do=f"Use {', '.join(Role)}.")
        if Role.SYSTEM in held and len(held) > 1:
            raise Invalid("A system has no other role.", where="role", do="Open a second account for the person.")
        for field, text in (("name", name), ("unit", unit)):
            if not 0 < len(text.strip()) <= limits.NAME_CHARS_MAX:
                raise Invalid(
                    f"A {field} of 1 to {limits.NAME_CHARS_MAX} characters is needed.", where=field, do="Write it out."
                )
        account = Account(
            id=new_id(self.clock(), self.entropy(10)), login=slug(login, "login"), name=name, unit=unit, roles=held
        )
        with self.store.transaction() as tx:
            if tx.accounts.get(login) is not None:
                raise Conflict(f"There is an account {login} already.", do="Choose another login.")
            tx.accounts.put(account)
            self._note(tx, Act.ACCOUNT_OPENED, account.id, caller.account, roles=", ".join(sorted(held)))
            tx.commit()
        return account

    def every(self, caller: Caller) -> list[Account]:
        require(caller, ADMINISTER | {Role.AUDITOR, Role.DATA_PROTECTION_OFFICER, Role.SUPERVISOR}, "see accounts")
        with self.store.reading() as tx:
            return tx.accounts.every()

    def issue(self, login: str, valid: timedelta, caller: Caller) -> tuple[str, datetime]:
        """A new token and its end: hours for a person, days for a system. Shown once; only its digest is kept."""
        require(caller, ADMINISTER, "issue tokens")
        with self.store.transaction() as tx:
            account = self._get(tx, login)
            if account.suspended:
                raise Conflict(f"{login} is suspended.", do="Restore the account first.")
            longest = (
                timedelta(days=limits.API_KEY_DAYS_MAX)
                if Role.SYSTEM in account.roles
                else timedelta(minutes=limits.TOKEN_MINUTES_MAX)
            )
            if not timedelta(0) < valid <= longest:
                raise Invalid(f"A token for {login} lasts at most {longest}.", where="minutes", do="Ask for less.")
            token, expires_at = PREFIX + self.entropy(32).hex(), self.clock() + valid
            tx.accounts.issue(account.id, digest(token), expires_at)
            self._note(tx, Act.SIGNED_IN, account.id, caller.account, until=expires_at.isoformat())
            tx.commit()
        return token, expires_at

    def place(self, unit: str, kind: EntityKind, caller: Caller) -> None:
        """Say which kind of body a unit belongs to: other nodes learn it with each question of its officers."""
        require(caller, ADMINISTER, "say what kind of body a unit is")
        if not 0 < len(unit.strip()) <= limits.NAME_CHARS_MAX:
            raise Invalid("The unit is not named.", where="unit", do="Write it as its accounts have it.")
        with self.store.transaction() as tx:
            tx.units.put(unit, kind)
            self._note(tx, Act.UNIT_PLACED, unit, caller.account, kind=kind.value)
            tx.commit()

    def units(self, caller: Caller) -> dict[str, EntityKind]:
        """Every unit that was placed; all others are the bureau's own."""
        require(caller, ADMINISTER | {Role.AUDITOR, Role.DATA_PROTECTION_OFFICER, Role.SUPERVISOR}, "see units")
        with self.store.reading() as tx:
            return tx.units.every()

    def suspend(self, login: str, reason: str, caller: Caller) -> Account:
        """End all tokens and sessions at once; nothing is deleted."""
        return self._stand(login, True, reason, Act.ACCOUNT_SUSPENDED, caller)

    def restore(self, login: str, reason: str, caller: Caller) -> Account:
        return self._stand(login, False, reason, Act.ACCOUNT_RESTORED, caller)

    def caller(self, token: str, on_behalf_of: str = "") -> Caller:
        """Whose token it is. Raises Unauthenticated: unknown, expired and suspended look alike."""
        with self.store.reading() as tx:
            account = tx.accounts.by_token(digest(token), self.clock())
        if account is None:
            self._note_refusal()
            raise Unauthenticated(
                "This token is not valid.", do="Sign in again: ask your administrator for a new token."
            )
        return caller_of(account, self.here, on_behalf_of)

    def _stand(self, login: str, suspended: bool, reason: str, act: Act, caller: Caller) -> Account:
        require(caller, ADMINISTER, "suspend or restore accounts")
        if not reason.strip():
            raise Invalid("A reason is needed.", where="reason", do="Say why; it is journalled.")
        with self.store.transaction() as tx:
            account = self._put(tx, self._get(tx, login), suspended, reason, act, caller)
            tx.commit()
        return account

    def shut_out(self, tx: Transaction, account: Account, reason: str, caller: Caller) -> Account:
        """As `suspend`, inside the caller's transaction, which has decided who may."""
        return self._put(tx, account, True, reason, Act.ACCOUNT_SUSPENDED, caller)

    def _put(self, tx: Transaction, before: Account, suspended: bool, reason: str, act: Act, caller: Caller) -> Account:
        account = msgspec.structs.replace(before, suspended=suspended)
        tx.accounts.put(account)
        # Falls without it: tests/desks/test_sessions.py
        ended = tx.accounts.revoke(account.id) + tx.sessions.end_all(account.id) if suspended else 0
        self._note(tx, act, account.id, caller.account, reason=reason, tokens_ended=str(ended))
        return account

    def _get(self, tx: Transaction, login: str) -> Account:
        account = tx.accounts.get(login)
        if account is None:
            raise Missing(f"There is no account {login}.", do="See `comity account list`.")
        return account

    def _note_refusal(self) -> None:
        now = self.clock()
        self._refused = [moment for moment in self._refused if now - moment < timedelta(minutes=1)]
        if len(self._refused) >= limits.REFUSED_SIGN_INS_NOTED_PER_MINUTE:
            return
        self._refused.append(now)
        with self.store.transaction() as tx:
            tx.journal.record(Entry(act=Act.SIGN_IN_REFUSED, at=now, actor="unknown"))
            tx.commit()

    def _note(self, tx: Transaction, act: Act, subject: str, actor: str, **details: str) -> None:
        tx.journal.record(Entry(act=act, at=self.clock(), actor=actor, subject=subject, details={**details}))


def caller_of(account: Account, here: Here, on_behalf_of: str = "") -> Caller:
    """The holder of an account, once they have proved that they are."""
    return Caller(
        account=account.id,
        login=account.login,
        bureau=here.node,
        country=here.country,
        unit=account.unit,
        roles=account.roles,
        on_behalf_of=on_behalf_of,
    )


def digest(token: str) -> str:
    """Tokens are 256 random bits, so a plain hash is enough: there is nothing to guess."""
    return hashlib.sha256(token.encode()).hexdigest()
