"""The bulletin: the hub lists what owners have signed, in order; every member follows it and acts under it."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from comity.desks.here import Here
from comity.desks.needs import Clock, LawDocuments, Store, Transaction
from comity.desks.published import directory_of, listed, parties, rulebook_on, standing
from comity.domain import limits
from comity.domain.bulletin import BulletinHead, BulletinItem, Proposal, ProposalState, Publication
from comity.domain.bundle import SignedBundle, SignedLaw, SignedWithdrawal
from comity.domain.errors import Conflict, Refusal
from comity.domain.journal import Act, Entry
from comity.domain.letter import LawAnswer, LawSubmission, Letter
from comity.law import bundles
from comity.law.rulebook import shipped_rulebook


class Bulletins:
    def __init__(self, here: Here, store: Store, clock: Clock, documents: LawDocuments) -> None:
        self.here = here
        self.store = store
        self.clock = clock
        self.documents = documents

    # -- at the hub -------------------------------------------------------------------------------------------------

    def submitted(self, tx: Transaction, letter: Letter, told: LawSubmission) -> None:
        """A member wants law published; it hears by letter what became of it."""
        document = told.document.encode()
        digest = hashlib.sha256(document).hexdigest()
        try:
            found = self.documents.verified(told.what, document, directory_of(tx))
            digest = name_of(found)
            answer = self.enter(tx, found, letter.sender)
        except Refusal as refusal:
            self._note(tx, Act.LAW_REFUSED, letter.sender, told.what, digest, why=str(refusal))
            note = str(refusal)[: limits.TEXT_CHARS_MAX]
            answer = LawAnswer(digest=digest, state=ProposalState.REFUSED, note=note)
        tx.outbox.send(letter.sender, answer, self.clock())

    def enter(self, tx: Transaction, found: SignedLaw, sender: str) -> LawAnswer:
        """Publish what was verified, or keep it until all have signed whom it takes. Raises a Refusal."""
        if not self.here.is_hub:
            raise Conflict(f"{self.here.node} is a bureau.", do="Submit law to the hub.")
        if isinstance(found, SignedWithdrawal):
            return self._end(tx, found, sender)
        return self._enter_bundle(tx, found, sender)

    def _enter_bundle(self, tx: Transaction, found: SignedBundle, sender: str) -> LawAnswer:
        bundle = found.bundle
        book = rulebook_on(tx, self.documents, bundle.valid_from)
        instruments = bundles.check_bundle(bundle, self.here.node, parties(directory_of(tx)), book)
        self._no_other_has(tx, bundle.id, {one.id for one in instruments})
        held, withdrawn = standing(tx, self.documents, bundle.id)
        same = held is not None and held.payload_digest == found.payload_digest
        waiting = tx.bulletin.proposal(found.payload_digest)
        earlier = held.document if held is not None and same else waiting[1] if waiting else None
        if earlier is not None:
            found = self.documents.joined(self._opened_bundle(earlier), found)
        if held is not None and same and found.signed == held.signed:  # brought again
            return LawAnswer(digest=found.payload_digest, state=ProposalState.PUBLISHED)
        kind = bundles.check_continues(found, held)
        if awaited := bundles.awaited(found, held, withdrawn):
            note = f"It waits for the signature of {', '.join(awaited)}."
            self._keep_waiting(tx, found, sender, note)
            return LawAnswer(digest=found.payload_digest, state=ProposalState.WAITING, note=note)
        item = self._publish(tx, kind, found, sender)
        return LawAnswer(digest=found.payload_digest, state=ProposalState.PUBLISHED, number=item.number)

    def _end(self, tx: Transaction, found: SignedWithdrawal, sender: str) -> LawAnswer:
        held, withdrawn = standing(tx, self.documents, found.withdrawal.bundle)
        bundles.check_withdrawal(found.withdrawal, held)
        if found.withdrawal.signatory.node in withdrawn:
            raise Conflict(f"{found.withdrawal.signatory.node} has ended it already.")
        item = self._publish(tx, Publication.WITHDRAWAL, found, sender)
        return LawAnswer(digest=found.digest, state=ProposalState.PUBLISHED, number=item.number)

    def _publish(self, tx: Transaction, kind: Publication, found: SignedLaw, sender: str) -> BulletinItem:
        """The item, its document, the head that says so and the journal entry: together."""
        number, chain = tx.bulletin.place()
        item = item_of(found, kind, number + 1, self.clock())
        chain = self.documents.chained(chain, item)
        tx.bulletin.keep(item.digest, kind, found.document)
        tx.bulletin.add(item, chain, "")
        self._sign_head(tx)
        self._keep_rulebook(tx, found)
        self._mark(tx, found, ProposalState.PUBLISHED)
        self._note(tx, Act.LAW_PUBLISHED, sender, kind, item.digest, item)
        return item

    def refresh(self) -> bool:
        """At the hub: sign the list anew before it is too old to be used; whether it was due."""
        with self.store.transaction() as tx:
            head = tx.bulletin.head()
            lasts = timedelta(days=limits.BULLETIN_DAYS_MAX)
            if head is not None and head.expires_at - self.clock() > lasts / 2:
                return False
            self._sign_head(tx)
            tx.commit()
        return True

    def page(self, after: int) -> tuple[bytes, list[BulletinItem]]:
        """The head as signed, and the items that come next; b'' at a node that publishes none."""
        if not self.here.is_hub:
            return b"", []
        with self.store.reading() as tx:
            items = tx.bulletin.items(after, limits.BULLETIN_ITEMS_PER_PAGE_MAX)
            return tx.bulletin.signed_head(), [item for item, _ in items]

    def document(self, digest: str) -> bytes | None:
        """A published document, for whoever follows this node."""
        with self.store.reading() as tx:
            found = tx.bulletin.document(digest)
        return found[1] if found and self.here.is_hub else None

    # -- at whoever follows -----------------------------------------------------------------------------------------

    def held(self) -> tuple[BulletinHead | None, int, str]:
        """The head held, and how far the list reaches and to what it comes."""
        with self.store.reading() as tx:
            return (tx.bulletin.head(), *tx.bulletin.place())

    def wanted(self) -> list[BulletinItem]:
        """Items whose documents cannot be used here: they are asked for again."""
        with self.store.reading() as tx:
            return [item for item, fault in tx.bulletin.items() if fault]

    def follow(
        self, head: BulletinHead, signed: bytes, items: Sequence[BulletinItem], documents: Mapping[str, bytes]
    ) -> None:
        """Take over a list that was verified to continue the one held. A document that is wrong spoils its item alone.

        `documents` are by digest; what is not among them is asked for again.
        """
        with self.store.transaction() as tx:
            _, chain = tx.bulletin.place()
            for item in items:
                chain = self.documents.chained(chain, item)
                fault = self._taken(tx, item, documents.get(item.digest))
                tx.bulletin.add(item, chain, fault)
                self._journalled(tx, item, head.hub, fault)
            tx.bulletin.put_head(head, signed)
            tx.commit()

    def mend(self, item: BulletinItem, document: bytes) -> bool:
        """A document that came late, or came right at last; whether it may be used now."""
        with self.store.transaction() as tx:
            before = next((fault for one, fault in tx.bulletin.items(of=item.id) if one.number == item.number), "")
            fault = self._taken(tx, item, document)
            if fault == before:
                return not fault
            tx.bulletin.mend(item.number, fault)
            self._journalled(tx, item, self.here.node, fault)
            tx.commit()
        return not fault

    def _taken(self, tx: Transaction, item: BulletinItem, document: bytes | None) -> str:
        """Keep an item's document; else why it cannot be used."""
        if document is None:
            return "its document could not be fetched."
        if hashlib.sha256(document).hexdigest() != item.digest:
            return "what the hub gives in its place is another document."
        try:
            found = self.documents.verified(item.kind, document, directory_of(tx))
            self._check_item(tx, item, found)
        except Refusal as refusal:
            return str(refusal)[: limits.REASON_CHARS_MAX]
        tx.bulletin.keep(item.digest, item.kind, document)
        self._keep_rulebook(tx, found)
        self._mark(tx, found, ProposalState.PUBLISHED)
        return ""

    def _check_item(self, tx: Transaction, item: BulletinItem, found: SignedLaw) -> None:
        """The hub is believed nothing about others' law: each member looks at what the hub had to look at."""
        # Falls without each: tests/attacks/test_bulletin.py
        if item_of(found, item.kind, item.number, item.at) != item:
            raise Conflict("The bulletin says something else of it than what was signed.")
        before = [one for one in listed(tx, self.documents, item.id) if one[0].number < item.number]
        versions = [one for _, one, _ in before if isinstance(one, SignedBundle)]
        ended = [one for _, one, _ in before if isinstance(one, SignedWithdrawal)]
        held = versions[-1] if versions else None
        if isinstance(found, SignedWithdrawal):
            bundles.check_withdrawal(found.withdrawal, held)
            return
        directory = directory_of(tx)
        book = rulebook_on(tx, self.documents, found.bundle.valid_from, before=item.number)
        bundles.check_bundle(found.bundle, directory.hub, parties(directory), book)
        last = next((each for each, _, _ in reversed(before) if each.kind is not Publication.WITHDRAWAL), None)
        if last is not None and (held is None or held.payload_digest != last.payload):
            # The one before cannot be used here; that this one continues it can still be seen.
            if (found.bundle.version - 1, found.bundle.previous) != (last.version, last.payload):
                raise Conflict(f"It does not continue version {last.version}.")
            return
        bundles.check_continues(found, held)
        if awaited := bundles.awaited(found, held, bundles.ended_by(held, ended) if held else ()):
            raise Conflict(f"It is not signed by {', '.join(awaited)}.")

    # -- shared -------------------------------------------------------------------------------------------------------

    def _sign_head(self, tx: Transaction) -> None:
        (number, chain), now = tx.bulletin.place(), self.clock()
        until = now + timedelta(days=limits.BULLETIN_DAYS_MAX)
        head = BulletinHead(hub=self.here.node, number=number, chain=chain, issued_at=now, expires_at=until)
        tx.bulletin.put_head(head, self.documents.sign_head(head))

    def _no_other_has(self, tx: Transaction, bundle_id: str, instruments: set[str]) -> None:
        """Falls without it: tests/desks/test_bulletins.py"""
        for item, found, _ in listed(tx, self.documents):
            if item.id != bundle_id and isinstance(found, SignedBundle):
                names = {one.id for one in bundles.instruments_of(found.bundle)}
                if both := sorted(names & instruments):
                    raise Conflict(f"{both[0]} is published as part of {item.id}.", do="Choose another id.")

    def _opened_bundle(self, document: bytes) -> SignedBundle:
        found = self.documents.opened(Publication.BUNDLE, document)
        assert isinstance(found, SignedBundle)
        return found

    def _keep_waiting(self, tx: Transaction, found: SignedBundle, sender: str, note: str) -> None:
        proposal = Proposal(
            digest=found.payload_digest,
            id=found.bundle.id,
            version=found.bundle.version,
            layer=found.bundle.layer,
            kind=Publication.BUNDLE,
            state=ProposalState.WAITING,
            by=sender,
            at=self.clock(),
            note=note,
        )
        tx.bulletin.propose(proposal, found.document)
        self._note(tx, Act.LAW_PROPOSED, sender, Publication.BUNDLE, found.digest, why=note)

    def _keep_rulebook(self, tx: Transaction, found: SignedLaw) -> None:
        """So that what is decided under it can be decided again."""
        book = bundles.rulebook_of(found.bundle) if isinstance(found, SignedBundle) else None
        for one in (shipped_rulebook(), book):
            if one is not None:
                tx.agreements.keep_rulebook(one.digest, one.text)

    def _mark(self, tx: Transaction, found: SignedLaw, state: ProposalState) -> None:
        """What we signed is published; what we were asked to sign may still be signed: that would be an accession."""
        ours = isinstance(found, SignedWithdrawal) or self.here.node in found.signed
        kept = tx.bulletin.proposal(name_of(found))
        if kept and (ours or self.here.is_hub):
            tx.bulletin.propose(msgspec.structs.replace(kept[0], state=state, note=""), found.document)

    def _journalled(self, tx: Transaction, item: BulletinItem, by: str, fault: str) -> None:
        act = Act.LAW_REFUSED if fault else Act.LAW_PUBLISHED
        self._note(tx, act, by, item.kind, item.digest, item, why=fault)

    def _note(
        self,
        tx: Transaction,
        act: Act,
        actor: str,
        kind: Publication,
        digest: str,
        item: BulletinItem | None = None,
        why: str = "",
    ) -> None:
        details: dict[str, str | int | float | bool | list[str]] = {"sha256": digest}
        if item is not None:
            details |= {"number": item.number, "version": item.version}
        if why:
            details["why"] = why
        subject = item.id if item else ""
        tx.journal.record(
            Entry(act=act, at=self.clock(), actor=actor, subject=subject, outcome=str(kind), details=details)
        )


def item_of(found: SignedLaw, kind: Publication, number: int, at: datetime) -> BulletinItem:
    """The item that announces that document."""
    if isinstance(found, SignedWithdrawal):
        ends = found.withdrawal
        return BulletinItem(
            number=number,
            at=at,
            kind=kind,
            digest=found.digest,
            payload=ends.payload,
            id=ends.bundle,
            version=ends.version,
            layer=ends.layer,
            signatories=(ends.signatory,),
        )
    bundle = found.bundle
    return BulletinItem(
        number=number,
        at=at,
        kind=kind,
        digest=found.digest,
        payload=found.payload_digest,
        id=bundle.id,
        version=bundle.version,
        layer=bundle.layer,
        signatories=bundle.signatories,
    )


def name_of(found: SignedLaw) -> str:
    """By which what somebody signed is known here: of a bundle its payload, whoever else signs it."""
    return found.digest if isinstance(found, SignedWithdrawal) else found.payload_digest
