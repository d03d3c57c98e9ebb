"""Sessions: who is signed in at the console, for how long, and what they chose for their screen and their shift."""

from collections.abc import Callable
from datetime import timedelta

import msgspec

from comity.desks.accounts import caller_of, digest
from comity.desks.here import Here
from comity.desks.needs import Clock, Store, Transaction
from comity.domain import limits
from comity.domain.caller import Account, Role
from comity.domain.errors import Invalid, Unauthenticated
from comity.domain.ids import new_id
from comity.domain.journal import Act, Entry
from comity.domain.session import KeptSession, Language, Screen, Session, SignInBy, Theme

OF_THE_SCREEN: dict[str, type[Language | Theme]] = {"language": Language, "theme": Theme}
OF_THE_SHIFT = frozenset({"purpose", "case"})


class Sessions:
    """`hours` in all and `idle_minutes` without a request: then a session ends."""

    def __init__(
        self,
        here: Here,
        store: Store,
        clock: Clock,
        entropy: Callable[[int], bytes],
        hours: float = limits.SESSION_HOURS_MAX,
        idle_minutes: float = limits.SESSION_IDLE_MINUTES_MAX,
    ) -> None:
        self.here = here
        self.store = store
        self.clock = clock
        self.entropy = entropy
        self.hours = hours
        self.idle_minutes = idle_minutes

    def open(self, login: str, by: SignInBy) -> tuple[str, Session]:
        """For whoever has proved that the account is theirs; a token that nobody had before.

        Raises Unauthenticated: unknown, suspended and a system look alike.
        """
        now, token = self.clock(), self.entropy(32).hex()
        with self.store.transaction() as tx:
            account = tx.accounts.get(login)
            if account is None or account.suspended or Role.SYSTEM in account.roles:
                tx.journal.record(Entry(act=Act.SIGN_IN_REFUSED, at=now, actor="unknown", details={"by": by.value}))
                tx.commit()
                raise Unauthenticated("Nobody can sign in with this.", do="Ask your administrator.")
            kept = KeptSession(
                id=new_id(now, self.entropy(10)),
                csrf=self.entropy(32).hex(),
                account=account.id,
                by=by,
                began_at=now,
                seen_at=now,
            )
            tx.sessions.forget(now - timedelta(hours=limits.SESSION_HOURS_MAX))
            for oldest, _ in tx.sessions.of(account.id)[limits.SESSIONS_PER_ACCOUNT_MAX - 1 :]:
                tx.sessions.end(oldest)
            tx.sessions.put(digest(token), kept)
            self._note(tx, Act.SIGNED_IN, kept, by=by.value)
            screen = tx.sessions.screen(account.id)
            tx.commit()
        return token, self._session(kept, account, screen)

    def people(self) -> list[Account]:
        """Who may sign in, for a demonstration's list."""
        with self.store.reading() as tx:
            return [one for one in tx.accounts.every() if not one.suspended and Role.SYSTEM not in one.roles]

    def session(self, token: str, is_asked: bool = True) -> Session:
        """Whose cookie it is; `is_asked`: by a person, whose session goes on.

        Raises Unauthenticated: unknown, ended and suspended look alike.
        """
        with self.store.reading() as tx:
            kept, account = self._standing(tx, token)
            screen = tx.sessions.screen(account.id)
        if is_asked and self.clock() - kept.seen_at >= timedelta(seconds=limits.SESSION_SEEN_SECONDS):
            kept = self._changed(token)
        return self._session(kept, account, screen)

    def end(self, token: str) -> None:
        """Raises Unauthenticated where it has ended already."""
        with self.store.transaction() as tx:
            kept, _ = self._standing(tx, token)
            tx.sessions.end(digest(token))
            self._note(tx, Act.SIGNED_OUT, kept)
            tx.commit()

    def choose(self, token: str, **chosen: str) -> Session:
        """Remember a `language` or `theme`, of the person; a `purpose` or `case`, of this shift. Raises Invalid."""
        of_screen = {name: _one_of(name, text) for name, text in chosen.items() if name in OF_THE_SCREEN}
        of_shift = {name: _short(name, text) for name, text in chosen.items() if name in OF_THE_SHIFT}
        if unknown := chosen.keys() - of_screen.keys() - of_shift.keys():
            raise Invalid(f"Nobody chooses {', '.join(sorted(unknown))} here.", do="Choose something else.")
        with self.store.transaction() as tx:
            kept, account = self._standing(tx, token)
            screen = msgspec.structs.replace(tx.sessions.screen(account.id), **of_screen)
            if of_screen:
                tx.sessions.put_screen(account.id, screen)
            kept = msgspec.structs.replace(kept, **of_shift, seen_at=self.clock())
            tx.sessions.put(digest(token), kept)
            tx.commit()
        return self._session(kept, account, screen)

    def say(self, token: str, said: str) -> None:
        """What the next page tells: a message of ours, in English."""
        self._changed(token, said=said)

    def told(self, token: str) -> None:
        """What was to be told stands on a page: it is not told again."""
        self._changed(token, said="")

    def _changed(self, token: str, **fields: str) -> KeptSession:
        with self.store.transaction() as tx:
            kept, _ = self._standing(tx, token)
            kept = msgspec.structs.replace(kept, **fields, seen_at=self.clock())
            tx.sessions.put(digest(token), kept)
            tx.commit()
        return kept

    def _standing(self, tx: Transaction, token: str) -> tuple[KeptSession, Account]:
        kept = tx.sessions.get(digest(token))
        account = tx.accounts.of_id(kept.account) if kept else None
        # Each of these has its case in tests/desks/test_sessions.py.
        ended = kept is None or kept.ends_at(self.hours, self.idle_minutes) <= self.clock()
        if kept is None or ended or account is None or account.suspended:
            raise Unauthenticated("Nobody is signed in here.", do="Sign in.")
        return kept, account

    def _session(self, kept: KeptSession, account: Account, screen: Screen) -> Session:
        return Session(
            id=kept.id,
            csrf=kept.csrf,
            caller=caller_of(account, self.here),
            name=account.name,
            language=screen.language,
            theme=screen.theme,
            purpose=kept.purpose,
            case=kept.case,
            by=kept.by,
            said=kept.said,
            ends_at=kept.ends_at(self.hours, self.idle_minutes),
        )

    def _note(self, tx: Transaction, act: Act, kept: KeptSession, **details: str) -> None:
        details["session"] = kept.id
        tx.journal.record(
            Entry(act=act, at=self.clock(), actor=kept.account, subject=kept.account, details={**details})
        )


def _one_of(name: str, text: str) -> Language | Theme:
    kind = OF_THE_SCREEN[name]
    try:
        return kind(text)
    except ValueError:
        raise Invalid(f"There is no {name} {text!r}.", where=name, do=f"Choose {', '.join(kind)}.") from None


def _short(name: str, text: str) -> str:
    if len(text) > limits.NAME_CHARS_MAX:
        raise Invalid(f"This is over {limits.NAME_CHARS_MAX} characters.", where=name, do="Write less.")
    return text.strip()
