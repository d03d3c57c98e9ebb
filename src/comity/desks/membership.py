"""Who is in the federation, as this node knows each: for every officer, who must know whom to ring."""

from collections.abc import Callable
from typing import Protocol

from comity.desks.here import Here
from comity.desks.needs import Clock, Store, Transaction
from comity.domain.bureau import Directory, Member
from comity.domain.caller import Caller, Role, require
from comity.domain.errors import Missing
from comity.domain.journal import DISCLOSURES
from comity.domain.keys import KeyManifest, Root
from comity.domain.membership import KnownMember

TEND_KEYS = frozenset({Role.ADMINISTRATOR})


class PublishedKeys(Protocol):
    @property
    def root(self) -> Root: ...

    @property
    def manifest(self) -> KeyManifest | None: ...


class Membership:
    """`advice` on our own keys: what somebody should see to, '' where all is well."""

    def __init__(
        self,
        here: Here,
        store: Store,
        directory: Callable[[], Directory | None],
        keys_of: Callable[[str], PublishedKeys | None],
        advice: tuple[Callable[[], str], ...],
        clock: Clock,
    ) -> None:
        self.here = here
        self.store = store
        self.directory = directory
        self.keys_of = keys_of
        self._advice = advice
        self.clock = clock

    def is_hub(self) -> bool:
        """Whether this node is one, with its checklists and measures."""
        return self.here.is_hub

    def every(self) -> list[KnownMember]:
        """By name; none where no directory is held that may be used."""
        directory = self.directory()
        members = sorted(directory.members, key=lambda one: one.manifest.name) if directory else []
        with self.store.reading() as tx:
            return [self._known(tx, one) for one in members]

    def one(self, node: str) -> KnownMember:
        """Raises Missing."""
        directory = self.directory()
        member = directory.member(node) if directory else None
        if member is None:
            raise Missing(f"{node} is no member.", do="See the list of members.")
        with self.store.reading() as tx:
            return self._known(tx, member)

    def advice(self, caller: Caller) -> tuple[str, ...]:
        """What somebody should see to with our own keys."""
        require(caller, TEND_KEYS, "see what our own keys need")
        return tuple(filter(None, (advise() for advise in self._advice)))

    def _known(self, tx: Transaction, member: Member) -> KnownMember:
        today, origin = self.clock().date(), f"{member.id}/{DISCLOSURES}"
        keys, seen = self.keys_of(member.id), tx.witnessing.seen(origin)
        ours = tx.witnessing.cosigned(origin) if member.id == self.here.node else None
        return KnownMember(
            member=member,
            standing=member.stands(today),
            measure=member.measure(today),
            root=keys.root if keys else None,
            keys=keys.manifest if keys else None,
            heard_at=tx.inbox.heard(member.id),
            checkpoint=seen.checkpoint if seen else ours,
            grown_at=seen.grown_at if seen else None,
            log_alarms={
                key: one for key, one in tx.witnessing.alarms().items() if one.origin.partition("/")[0] == member.id
            },
            post_alarms={key: one for key, one in tx.alarms.every().items() if one.sender == member.id},
        )
