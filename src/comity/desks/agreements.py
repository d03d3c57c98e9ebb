"""Agreements: which legal instruments this node has adopted and acts under."""

import hashlib
from collections.abc import Collection

from comity.desks.here import Here
from comity.desks.needs import Clock, Store, Transaction
from comity.domain import limits
from comity.domain.caller import Caller, Role, require
from comity.domain.errors import Invalid, TooLarge
from comity.domain.instrument import Instrument
from comity.domain.journal import Act, Entry
from comity.law.decision import Law
from comity.law.instruments import check_text, read_instrument
from comity.law.rulebook import shipped_rulebook

ADOPT = frozenset({Role.ADMINISTRATOR})


class Agreements:
    def __init__(self, here: Here, store: Store, clock: Clock) -> None:
        self.here = here
        self.store = store
        self.clock = clock
        self._law: tuple[tuple[str, ...], Law] | None = None

    def adopt(self, text: bytes, file_name: str, caller: Caller) -> Instrument:
        """Put an agreement into force here. One that fails its own examples is not adopted.

        A later text of the same agreement takes the place of the earlier, which stays on file.
        """
        require(caller, ADOPT, "adopt agreements")
        if len(text) > limits.AGREEMENT_BYTES_MAX:
            raise TooLarge(f"{file_name} is larger than {limits.AGREEMENT_BYTES_MAX} bytes.", do="Split the agreement.")
        agreement = read_instrument(text, file_name)
        if complaints := check_text(text, file_name):
            raise Invalid("; ".join(complaints), where=file_name, do="Correct the agreement; nothing was adopted.")
        digest = hashlib.sha256(text).hexdigest()
        with self.store.transaction() as tx:
            if digest not in tx.agreements.digests():
                tx.agreements.put(agreement, text, digest, self.clock())
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

    def every(self) -> list[tuple[Instrument, str]]:
        with self.store.reading() as tx:
            return tx.agreements.every()

    def law(self, tx: Transaction) -> Law:
        """The law as it stands in this very transaction: compiled once for each set of texts."""
        digests = tx.agreements.digests()
        if self._law is None or self._law[0] != digests:
            self._law = (digests, Law(tx.agreements.every()))
        return self._law[1]

    def texts(self, digests: Collection[str]) -> dict[str, bytes]:
        """Those of these texts that were ever adopted here, to the byte; of rulebooks too."""
        with self.store.reading() as tx:
            found = {digest: tx.agreements.text(digest) for digest in digests}
        return {digest: text for digest, text in found.items() if text is not None}
