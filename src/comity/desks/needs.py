"""What the desks need from the floors around them, as small shapes; `nodes` joins them to the real things."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from comity.desks.shelves.accounts import Accounts, Units
from comity.desks.shelves.cases import Cases, Mails
from comity.desks.shelves.journal import Journal
from comity.desks.shelves.keys import KeyLog
from comity.desks.shelves.law import Agreements, Checklists, Consents, Measures, Overrides, Passings, Quotas
from comity.desks.shelves.letters import Inbox, Members, Nonces, Outbox
from comity.desks.shelves.lookups import Batches, HeldQuestions, Hits, KeptQuestions
from comity.desks.shelves.operations import Operations
from comity.desks.shelves.records import Imports, Links, Records, Reviews
from comity.domain.lookup import Question, SourceAnswer


class Clock(Protocol):
    def __call__(self) -> datetime:
        """Now, in UTC, with its time zone."""
        ...


class Transaction(Protocol):
    """All shelves in one transaction. Nothing stands until `commit`; leaving without it undoes all."""

    @property
    def records(self) -> Records: ...
    @property
    def journal(self) -> Journal: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def inbox(self) -> Inbox: ...
    @property
    def members(self) -> Members: ...
    @property
    def measures(self) -> Measures: ...
    @property
    def accounts(self) -> Accounts: ...
    @property
    def units(self) -> Units: ...
    @property
    def quotas(self) -> Quotas: ...
    @property
    def hits(self) -> Hits: ...
    @property
    def agreements(self) -> Agreements: ...
    @property
    def imports(self) -> Imports: ...
    @property
    def nonces(self) -> Nonces: ...
    @property
    def links(self) -> Links: ...
    @property
    def kept(self) -> KeptQuestions: ...
    @property
    def consents(self) -> Consents: ...
    @property
    def onboarding(self) -> Checklists: ...
    @property
    def overrides(self) -> Overrides: ...
    @property
    def passings(self) -> Passings: ...
    @property
    def reviews(self) -> Reviews: ...
    @property
    def held(self) -> HeldQuestions: ...
    @property
    def batches(self) -> Batches: ...
    @property
    def cases(self) -> Cases: ...
    @property
    def mail(self) -> Mails: ...
    @property
    def key_log(self) -> KeyLog: ...
    @property
    def operations(self) -> Operations: ...

    def commit(self) -> None: ...


class Store(Protocol):
    def transaction(self) -> AbstractContextManager[Transaction]:
        """A transaction that may write; they follow one another."""
        ...

    def reading(self) -> AbstractContextManager[Transaction]:
        """A consistent view for reading; never waits for a writer."""
        ...


class Once(Protocol):
    def __call__(self, tx: Transaction) -> None:
        """Note in this transaction that a signed request was taken. Raises Replayed where it was taken before."""
        ...


class Source(Protocol):
    """Another node that can be asked."""

    @property
    def name(self) -> str: ...

    def ask(self, question: Question, within_seconds: float) -> SourceAnswer:
        """Its answer, checked; raises Unavailable where it stays silent."""
        ...

    def ask_many(self, questions: Sequence[Question], within_seconds: float) -> list[SourceAnswer]:
        """Its answers to the first of them, in their order, at least one; Missing where it cannot take many at once."""
        ...


class Peers(Protocol):
    def sources(self) -> Iterable[Source]:
        """One for each active member other than this node."""
        ...
