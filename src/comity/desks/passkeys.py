"""Passkeys: who may register one, which there are, and what a device is asked to sign."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from comity.desks.accounts import ADMINISTER, digest
from comity.desks.needs import Clock, Store, Transaction
from comity.domain import limits
from comity.domain.caller import Account, Caller, Role, require
from comity.domain.errors import Conflict, Invalid, Missing, Unauthenticated
from comity.domain.ids import new_id
from comity.domain.journal import Act, Entry
from comity.domain.passkey import Asked, Challenge, EnrolmentLink, Passkey


class Passkeys:
    """What a device signed is verified at the door; here is decided what that is worth."""

    def __init__(self, store: Store, clock: Clock, entropy: Callable[[int], bytes]) -> None:
        self.store = store
        self.clock = clock
        self.entropy = entropy

    def invite(self, login: str, caller: Caller) -> tuple[str, datetime]:
        """What stands in the link by which a person registers a passkey, once; and its end. Only its digest is kept."""
        require(caller, ADMINISTER, "let somebody register a passkey")
        link, ends_at = self.entropy(32).hex(), self.clock() + timedelta(hours=limits.ENROLMENT_HOURS_MAX)
        with self.store.transaction() as tx:
            account = tx.accounts.get(login)
            if account is None:
                raise Missing(f"There is no account {login}.", do="See `comity account list`.")
            if account.suspended or Role.SYSTEM in account.roles:
                raise Conflict(f"{login} signs in nowhere.", do="Restore it, or choose a person's account.")
            tx.passkeys.put_link(digest(link), EnrolmentLink(account=account.id, ends_at=ends_at))
            self._note(tx, Act.PASSKEY_INVITED, account.id, caller.account, until=ends_at.isoformat())
            tx.commit()
        return link, ends_at

    def invited(self, link: str) -> Account:
        """Whose link it is. Raises Unauthenticated: unknown, used, expired and suspended look alike."""
        with self.store.reading() as tx:
            return self._invited(tx, link)

    def challenge(self, asked: Asked, account: str = "") -> bytes:
        """32 bytes for a device to sign, once, soon."""
        made = self.entropy(32)
        with self.store.transaction() as tx:
            ends_at = self.clock() + timedelta(seconds=limits.CHALLENGE_SECONDS_MAX)
            tx.passkeys.ask(_digest_of(made), Challenge(asked=asked, account=account), ends_at)
            tx.commit()
        return made

    def take(self, challenge: bytes, asked: Asked, account: str = "") -> None:
        """That we asked this, of them, lately and for the first time. Raises Unauthenticated."""
        with self.store.transaction() as tx:
            found = tx.passkeys.take(_digest_of(challenge), self.clock())
            tx.commit()
        # Falls without it: tests/web/console/test_passkeys.py
        if found != Challenge(asked=asked, account=account):
            raise Unauthenticated("This was not asked, or too long ago.", do="Open the page again.")

    def enrol(self, link: str, made: Passkey) -> Account:
        """The passkey that came by a link, which ends."""
        with self.store.transaction() as tx:
            account = self._invited(tx, link)
            self._put(tx, account.id, made)
            tx.passkeys.end_links(account.id)
            tx.commit()
        return account

    def add(self, made: Passkey, caller: Caller) -> None:
        """A further one of their own."""
        with self.store.transaction() as tx:
            self._put(tx, caller.account, made)
            tx.commit()

    def own(self, caller: Caller) -> list[Passkey]:
        with self.store.reading() as tx:
            return tx.passkeys.of(caller.account)

    def remove(self, passkey_id: str, caller: Caller) -> None:
        """One of their own. The last one stays: without any they could not come back."""
        with self.store.transaction() as tx:
            own = tx.passkeys.of(caller.account)
            if passkey_id not in {one.id for one in own}:
                raise Missing("You have no such passkey.", do="Open the list again.")
            if len(own) == 1:
                raise Conflict("This is your last passkey.", do="Add another one first.")
            tx.passkeys.remove(passkey_id)
            self._note(tx, Act.PASSKEY_REMOVED, passkey_id, caller.account)
            tx.commit()

    def of_credential(self, credential: str) -> Passkey:
        """Raises Unauthenticated."""
        with self.store.reading() as tx:
            found = tx.passkeys.by_credential(credential)
        if found is None:
            raise Unauthenticated("This passkey is not known here.", do="Use another, or ask your administrator.")
        return found

    def used(self, passkey: Passkey, uses: int) -> str:
        """After the device has signed: the login whose passkey it is. Raises Unauthenticated."""
        with self.store.transaction() as tx:
            account = tx.accounts.of_id(passkey.account)
            if account is None:
                raise Unauthenticated("This passkey is not known here.", do="Ask your administrator.")
            tx.passkeys.put(msgspec.structs.replace(passkey, uses=uses, used_at=self.clock()))
            tx.commit()
        return account.login

    def _invited(self, tx: Transaction, link: str) -> Account:
        found = tx.passkeys.link(digest(link))
        account = tx.accounts.of_id(found.account) if found else None
        if found is None or account is None or account.suspended or found.ends_at <= self.clock():
            raise Unauthenticated("This link is not good, or not any more.", do="Ask your administrator for another.")
        return account

    def _put(self, tx: Transaction, account: str, made: Passkey) -> None:
        now = self.clock()
        if tx.passkeys.by_credential(made.credential) is not None:
            raise Conflict("This passkey is registered already.", do="Use another device.")
        if len(tx.passkeys.of(account)) >= limits.PASSKEYS_PER_ACCOUNT_MAX:
            raise Conflict(f"There are {limits.PASSKEYS_PER_ACCOUNT_MAX} passkeys already.", do="Remove one first.")
        if not 0 < len(made.name) <= limits.NAME_CHARS_MAX:
            raise Invalid("The device has no name.", where="name", do=f"1 to {limits.NAME_CHARS_MAX} characters.")
        kept = msgspec.structs.replace(made, id=new_id(now, self.entropy(10)), account=account, added_at=now)
        tx.passkeys.put(kept)
        self._note(tx, Act.PASSKEY_ADDED, kept.id, account)

    def _note(self, tx: Transaction, act: Act, subject: str, actor: str, **details: str) -> None:
        tx.journal.record(Entry(act=act, at=self.clock(), actor=actor, subject=subject, details={**details}))


def _digest_of(challenge: bytes) -> str:
    return hashlib.sha256(challenge).hexdigest()
