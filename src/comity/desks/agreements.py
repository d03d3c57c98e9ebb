"""Agreements: which law this node acts under, published or, for a trial, put here by hand."""

import hashlib
from collections.abc import Collection
from datetime import date

from comity.desks.here import Here
from comity.desks.needs import Clock, LawDocuments, Store, Transaction
from comity.desks.published import listed, rulebook_on
from comity.domain import limits
from comity.domain.bundle import Gap, SignedLaw
from comity.domain.caller import Caller, Role, require
from comity.domain.errors import Conflict, Invalid, TooLarge
from comity.domain.instrument import Instrument, Layer
from comity.domain.journal import Act, Entry
from comity.law.acted import Acted
from comity.law.bundles import Listed, in_use
from comity.law.decision import Law
from comity.law.instruments import check_text, read_instrument
from comity.law.published import Published
from comity.law.rulebook import Rulebook, kept_rulebook, shipped_rulebook

ADOPT = frozenset({Role.ADMINISTRATOR})
Texts = list[tuple[Instrument, str]]


class Agreements:
    """`trial`: texts that somebody puts here by hand count as law at this node; nobody signed them."""

    def __init__(self, here: Here, store: Store, clock: Clock, documents: LawDocuments, trial: bool = False) -> None:
        self.here = here
        self.store = store
        self.clock = clock
        self.documents = documents
        self.trial = trial
        self._law: tuple[tuple[object, ...], Law] | None = None

    def adopt(self, text: bytes, file_name: str, caller: Caller) -> Instrument:
        """Put an agreement into force here, for a trial. One that fails its own examples is not adopted.

        A later text of the same agreement takes the place of the earlier, which stays on file.
        """
        require(caller, ADOPT, "adopt agreements")
        # What nobody signed must not become law by somebody typing it. Falls without it: tests/desks/test_agreements.py
        if not self.trial:
            raise Conflict(
                "Law is signed and published here, not adopted by hand.",
                do="Use `comity agreement publish`; for a trial set law.trial_texts in comity.toml.",
            )
        if len(text) > limits.AGREEMENT_BYTES_MAX:
            raise TooLarge(f"{file_name} is larger than {limits.AGREEMENT_BYTES_MAX} bytes.", do="Split the agreement.")
        book = self.book()
        agreement = read_instrument(text, file_name, book)
        if complaints := check_text(text, file_name, book):
            raise Invalid("; ".join(complaints), where=file_name, do="Correct the agreement; nothing was adopted.")
        digest = hashlib.sha256(text).hexdigest()
        with self.store.transaction() as tx:
            if digest not in tx.agreements.digests():
                tx.agreements.put(agreement, text, digest, self.clock())
                tx.agreements.mark_trial(digest)
                entry = Entry(
                    act=Act.AGREEMENT_ADOPTED,
                    at=self.clock(),
                    actor=caller.account,
                    subject=agreement.id,
                    details={"sha256": digest},
                )
                tx.journal.record(entry)
                tx.agreements.keep_rulebook(shipped_rulebook().digest, shipped_rulebook().text)
                tx.commit()
        return agreement

    def keep_rulebook(self) -> None:
        """Before a node of this release answers anybody: decisions name it, and are made again from its text."""
        book = shipped_rulebook()
        with self.store.transaction() as tx:
            if tx.agreements.keep_rulebook(book.digest, book.text):
                tx.commit()

    def book(self) -> Rulebook:
        """The rulebook by which law that begins today is read."""
        with self.store.reading() as tx:
            return rulebook_on(tx, self.documents, self.clock().date())

    def every(self) -> list[tuple[Instrument, str]]:
        """All law in use today, with the digest of what carries it."""
        with self.store.reading() as tx:
            published, by_hand, _ = self._in_use(tx, self.clock().date())
        return [*((one.instrument, one.digests[0]) for one in published.filed), *by_hand]

    def by_hand(self) -> list[tuple[Instrument, str]]:
        """Those of them that nobody signed: put here for a trial, or by an earlier release."""
        with self.store.reading() as tx:
            return self._in_use(tx, self.clock().date())[1]

    def gaps(self) -> list[Gap]:
        """Law that should be in use today and may not be."""
        with self.store.reading() as tx:
            published, _, unsigned = self._in_use(tx, self.clock().date())
            return [*published.gaps, *unsigned, *self._too_old(tx)]

    def acted_under(self) -> Acted:
        """All that the law of today is made of, for whoever wants to see what a change of it would do."""
        with self.store.reading() as tx:
            return self._acted_under(tx, self.clock().date(), self._too_old(tx))

    def law_today(self) -> Law:
        """The law as it stands now, for whoever wants it explained."""
        with self.store.reading() as tx:
            return self.law(tx)

    def law(self, tx: Transaction) -> Law:
        """The law as it stands in this very transaction: compiled once for each set of texts, each day."""
        today = self.clock().date()
        too_old = self._too_old(tx)
        mark = (tx.agreements.digests(), tx.bulletin.mark(), today, too_old)
        if self._law is None or self._law[0] != mark:
            self._law = (mark, self._acted_under(tx, today, too_old).law)
        return self._law[1]

    def texts(self, digests: Collection[str]) -> dict[str, bytes]:
        """Those of these texts that were ever adopted here, to the byte; of rulebooks too."""
        with self.store.reading() as tx:
            found = {digest: tx.agreements.text(digest) for digest in digests}
        return {digest: text for digest, text in found.items() if text is not None}

    def published(self, digests: Collection[str]) -> dict[str, SignedLaw]:
        """Those of these that are published documents, whether they are in use or not."""
        with self.store.reading() as tx:
            found = {digest: tx.bulletin.document(digest) for digest in digests}
        return {digest: self.documents.opened(*one) for digest, one in found.items() if one is not None}

    def _acted_under(self, tx: Transaction, today: date, too_old: tuple[Gap, ...]) -> Acted:
        published, by_hand, unsigned = self._in_use(tx, today)
        book = kept_rulebook(published.rulebook) if published.rulebook else shipped_rulebook()
        whole = Published(published.filed, (*published.gaps, *unsigned, *too_old))
        return Acted(tuple(by_hand), book, whole)

    def _in_use(self, tx: Transaction, today: date) -> tuple[Published, Texts, tuple[Gap, ...]]:
        """What is published; what was put here by hand and counts; and what was, and does not."""
        found = listed(tx, self.documents)
        published = in_use(found, today)
        superseded = _names(found, published)
        by_hand = [one for one in tx.agreements.every() if one[0].id not in superseded]
        trial = tx.agreements.trial()
        # A text of an earlier release goes on until law of its id is published, so that a node can be upgraded.
        counts = [(one, digest) for one, digest in by_hand if self.trial or digest not in trial]
        refused = tuple(_unsigned(one, digest) for one, digest in by_hand if not self.trial and digest in trial)
        return published, counts, refused

    def _too_old(self, tx: Transaction) -> tuple[Gap, ...]:
        """Whoever keeps a node from its hub keeps withdrawn law alive there.

        Falls without it: tests/desks/test_bulletins.py
        """
        head = tx.bulletin.head()
        if self.here.is_hub or head is None or head.expires_at > self.clock():
            return ()
        gap = Gap(
            name="bulletin",
            layer=Layer.ORGANISATION,
            why=f"The list of published law that is held here was good until {head.expires_at:%Y-%m-%d %H:%M} UTC.",
            needed=f"This node must reach {head.hub}, which signs a newer one every few days.",
        )
        return (gap,)


def _names(found: Collection[Listed], published: Published) -> set[str]:
    return {item.id for item, _, _ in found} | {one.instrument.id for one in published.filed}


def _unsigned(one: Instrument, digest: str) -> Gap:
    return Gap(
        name=one.id,
        layer=one.layer,
        parties=() if one.layer is Layer.ORGANISATION else one.parties,
        why=f"{one.id} ({digest[:16]}) was put here by hand, and nobody signed it.",
        needed="Its owners must sign and publish it; for a trial set law.trial_texts in comity.toml.",
    )
