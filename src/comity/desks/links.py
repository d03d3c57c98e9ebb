"""Links: records that may mean the same person, proposed by a run over all of them, decided by a human one by one.

Nothing is ever merged: an accepted link is a human's word that two records belong together, and both stay as they are.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from msgspec import Struct

from comity.analysis.linkage import Pair, Resolution
from comity.analysis.resolve import Resolve
from comity.desks.here import Here
from comity.desks.needs import Clock, Store, Transaction
from comity.domain import limits
from comity.domain.caller import Asker, Caller, Role, require
from comity.domain.collection import COLLECTIONS, Collection, collection
from comity.domain.errors import Conflict, Invalid, Missing
from comity.domain.held import Held
from comity.domain.journal import Act, Entry
from comity.domain.link import LinkKind, LinkLine, LinkState, ProposedLink, WholeLink, codes, link_id
from comity.domain.person import Person
from comity.domain.purpose import Purpose
from comity.domain.record import Record
from comity.law.decision import Law
from comity.law.linkage import Analysis, Seen, decided, seen

PROPOSE = frozenset({Role.ANALYST, Role.SUPERVISOR})  # who starts a run sees numbers alone
DECIDE = frozenset({Role.ANALYST})
ANALYSTS = frozenset({Role.ANALYST})


class _Shown(NamedTuple):
    """A link with both records as far as its reader may see them."""

    link: ProposedLink
    left: Seen
    right: Seen


class LinkageRun(Struct, frozen=True, kw_only=True):
    """What became of a run: numbers alone."""

    collections: tuple[str, ...]
    records: int
    proposed: int  # new, or put in the place of an earlier proposal
    decided: int  # found again, and decided already
    withdrawn: int  # earlier proposals that the run did not find again
    model: str
    learned: bool
    common_keys: int
    more: bool


class Links:
    def __init__(
        self, here: Here, store: Store, law: Callable[[Transaction], Law], resolve: Resolve, clock: Clock
    ) -> None:
        self.here = here
        self.store = store
        self.law = law
        self.resolve = resolve
        self.clock = clock

    def propose(self, collection_codes: Sequence[str], report_from: float, caller: Caller) -> LinkageRun:
        """Compare all persons of these collections that an analyst may see, and queue what may be the same.

        Two transactions: the first reads and is over before the computing begins; in the second, what was withdrawn
        meanwhile is left out. What the run no longer finds goes, unless a human has decided on it.
        """
        require(caller, PROPOSE, "propose links")
        chosen = self._collections(collection_codes)
        if not 0.0 < report_from < 1.0:
            raise Invalid(f"{report_from} is no probability between 0 and 1.", where="from", do="Give 0.5 or 0.95.")
        read: list[Seen] = []
        found = self.resolve(self._persons(chosen, caller, read), report_from)
        with self.store.transaction() as tx:
            run = self._queue(tx, [one.code for one in chosen], read, found)
            tx.journal.record(self._run_entry(run, caller))
            tx.commit()
        return run

    def queue(self, state: LinkState, caller: Caller, limit: int = limits.LINKS_SHOWN_MAX) -> list[LinkLine]:
        """Most probable first: those of which this caller may see both records."""
        require(caller, DECIDE, "see proposed links")
        shown: list[LinkLine] = []
        with self.store.reading() as tx:
            for link in tx.links.queue(state, self.clock().date()):
                if one := self._shown(tx, link, caller):
                    shown.append(_line(one))
                if len(shown) == min(limit, limits.LINKS_SHOWN_MAX):
                    break
        return shown

    def show(self, link_id: str, caller: Caller) -> WholeLink:
        """One link with both records, which is written down."""
        require(caller, DECIDE, "see proposed links")
        with self.store.transaction() as tx:
            shown = self._one(tx, link_id, caller)
            tx.journal.record(self._entry(Act.LINK_SHOWN, shown.link, caller))
            tx.commit()
        return WholeLink(line=_line(shown), left=shown.left.subject, right=shown.right.subject)

    def accept(self, link_id: str, why: str, caller: Caller) -> ProposedLink:
        """A human says that both are the same. Both records stay as they are."""
        return self._decide(link_id, LinkState.ACCEPTED, Act.LINK_ACCEPTED, why, caller)

    def reject(self, link_id: str, why: str, caller: Caller) -> ProposedLink:
        """A human says that they are not. Not proposed again until one of them is amended."""
        return self._decide(link_id, LinkState.REJECTED, Act.LINK_REJECTED, why, caller)

    # -- a run --------------------------------------------------------------------------------------------------------

    def _collections(self, codes: Sequence[str]) -> list[Collection]:
        if self.here.is_hub:
            raise Conflict("A hub has no analysts who could decide on links.", do="Propose links at a bureau.")
        chosen = [collection(code) for code in dict.fromkeys(codes)] or [
            one for one in COLLECTIONS.values() if one.kind == _PERSON
        ]
        for one in chosen:
            if one.kind != _PERSON:
                raise Invalid(
                    f"{one.code} holds no persons.",
                    where="collection",
                    do="Documents and things meet by their numbers.",
                )
        return chosen

    def _persons(self, chosen: Sequence[Collection], caller: Caller, read: list[Seen]) -> Iterator[Person]:
        """What analysts may see of each person; notes in `read` which record it was, without its content."""
        today = self.clock().date()
        with self.store.reading() as tx:
            look = _Look(self.here, self.law(tx), caller, ANALYSTS, today)
            for one in chosen:
                for held in tx.records.every(one.code, today):
                    if (visible := look.at(held)) and isinstance(visible.subject, Person):
                        read.append(_without_content(visible))
                        yield visible.subject

    def _queue(self, tx: Transaction, chosen: Sequence[str], read: Sequence[Seen], found: Resolution) -> LinkageRun:
        proposals = {link.id: link for link in (self._link(read, pair, found.model) for pair in found.pairs)}
        ids = sorted({record for link in proposals.values() for record in (link.left, link.right)})
        # Withdrawn while the run was computing. Falls without it: tests/desks/test_links.py
        there = tx.records.dates(ids, self.clock().date())
        earlier = {link.id: link for link in tx.links.every()}
        put = [
            link
            for link in proposals.values()
            if link.left in there and link.right in there
            if (before := earlier.get(link.id)) is None or before.outlived(link)
        ]
        for link in put:
            tx.links.put(link)
        compared = {one.record for one in read}
        stale = [
            link.id
            for link in earlier.values()
            if link.state is LinkState.PROPOSED and link.id not in proposals and {link.left, link.right} <= compared
        ]
        tx.links.erase(stale)
        return LinkageRun(
            collections=tuple(chosen),
            records=len(read),
            proposed=len(put),
            decided=sum(link_id in earlier for link_id in proposals.keys() - {link.id for link in put}),
            withdrawn=len(stale),
            model=found.model,
            learned=found.learned,
            common_keys=found.common_keys,
            more=found.more,
        )

    def _link(self, read: Sequence[Seen], pair: Pair, model: str) -> ProposedLink:
        left, right = sorted((read[pair.left], read[pair.right]), key=lambda one: one.record)
        same_file = (left.collection, left.source) == (right.collection, right.source)
        return ProposedLink(
            id=link_id(left.record, right.record),
            kind=LinkKind.DUPLICATE if same_file else LinkKind.LINK,
            left=left.record,
            right=right.record,
            left_version=left.version,
            right_version=right.version,
            probability=pair.match.probability,
            bits=pair.match.bits,
            prior_bits=pair.prior_bits,
            fields=codes(pair.match),
            model=model,
            proposed_at=self.clock(),
        )

    # -- one link -----------------------------------------------------------------------------------------------------

    def _decide(self, link_id: str, state: LinkState, act: Act, why: str, caller: Caller) -> ProposedLink:
        require(caller, DECIDE, "decide on links")
        if not why.strip():
            raise Invalid("A decision needs its reason.", where="why", do="Say what decided it, in a few words.")
        with self.store.transaction() as tx:
            link = self._one(tx, link_id, caller).link
            decided = link.decided(state, caller.account, why.strip(), self.clock())
            tx.links.put(decided)
            tx.journal.record(self._entry(act, decided, caller))
            tx.commit()
        return decided

    def _one(self, tx: Transaction, link_id: str, caller: Caller) -> _Shown:
        """A link that this caller may see. Raises Missing, whether it is not there or not to be told."""
        link = tx.links.get(link_id, self.clock().date())
        shown = self._shown(tx, link, caller) if link else None
        if shown is None:
            raise Missing(
                f"There is no link {link_id}.", do="Take it from the queue; it goes when a record is withdrawn."
            )
        return shown

    def _shown(self, tx: Transaction, link: ProposedLink, caller: Caller) -> _Shown | None:
        today = self.clock().date()
        look = _Look(self.here, self.law(tx), caller, caller.roles, today)
        sides = [look.at(held) if (held := tx.records.get(one, today)) else None for one in (link.left, link.right)]
        left, right = sides
        return _Shown(link=link, left=left, right=right) if left and right else None

    # -- the journal --------------------------------------------------------------------------------------------------

    def _run_entry(self, run: LinkageRun, caller: Caller) -> Entry:
        return Entry(
            act=Act.LINKS_PROPOSED,
            at=self.clock(),
            actor=caller.account,
            unit=caller.unit,
            purpose=Purpose.ANALYSIS,
            details={
                "collections": list(run.collections),
                "records": run.records,
                "proposed": run.proposed,
                "decided": run.decided,
                "withdrawn": run.withdrawn,
                "model": run.model,
            },
        )

    def _entry(self, act: Act, link: ProposedLink, caller: Caller) -> Entry:
        return Entry(
            act=act,
            at=self.clock(),
            actor=caller.account,
            unit=caller.unit,
            subject=link.id,
            purpose=Purpose.ANALYSIS,
            outcome=link.state,
            records=(link.left, link.right),
            details={"probability": round(link.probability, 4), "model": link.model},
        )


_PERSON = str(Person.__struct_config__.tag)


class _Look:
    """What may be seen for analysis: by agreements where a record is another's, and always by our own rules.

    Whoever starts a run, it sees what analysts may see, for it shows nothing; whoever looks at a link sees it by all of
    their own roles, one of which may forbid it.
    """

    def __init__(self, here: Here, law: Law, caller: Caller, roles: frozenset[Role], today: date) -> None:
        self.law = law
        self.today = today
        asker = Asker(
            bureau=here.node,
            country=here.country,
            unit=caller.unit,
            officer=caller.account,
            roles=tuple(sorted(roles)),
        )
        self.who = Analysis(asker=asker, party=here.party, roles=roles)

    def at(self, held: Held[Record]) -> Seen | None:
        return seen(held, decided(held, self.who, self.law, self.today), self.who.asker, self.law.book)


def _line(shown: _Shown) -> LinkLine:
    link, left, right = shown
    return LinkLine(
        link=link,
        left_collection=left.collection,
        left_reference=left.reference,
        right_collection=right.collection,
        right_reference=right.reference,
        amended=(left.version, right.version) != (link.left_version, link.right_version),
    )


def _without_content(one: Seen) -> Seen:
    return Seen(
        record=one.record,
        collection=one.collection,
        source=one.source,
        reference=one.reference,
        version=one.version,
        subject=Person(),
    )
