"""Bundles of law: what our own people sign, propose to other parties, have published, and withdraw."""

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta

import msgspec
from msgspec import Struct

from comity.desks.bulletins import Bulletins, name_of
from comity.desks.here import Here
from comity.desks.needs import Clock, LawDocuments, Store, Transaction
from comity.desks.published import directory_of, parties, rulebook_on, standing
from comity.domain import limits
from comity.domain.bulletin import Proposal, ProposalState, Publication
from comity.domain.bundle import Bundle, BundleText, LawWithdrawal, Signatory, SignedBundle, SignedLaw
from comity.domain.bureau import Directory
from comity.domain.caller import Caller, Role, require
from comity.domain.errors import Conflict, Invalid, Missing, Refusal, TooLarge
from comity.domain.instrument import Instrument, Layer
from comity.domain.journal import Act, Entry
from comity.domain.letter import LawAnswer, LawProposal, LawSubmission, Letter
from comity.law import bundles
from comity.law.instruments import shaped

SIGN = frozenset({Role.ADMINISTRATOR})


class Text(Struct, frozen=True):
    """A file of an instrument."""

    name: str
    content: bytes


class Bundles:
    def __init__(self, here: Here, store: Store, clock: Clock, documents: LawDocuments, bulletins: Bulletins) -> None:
        self.here = here
        self.store = store
        self.clock = clock
        self.documents = documents
        self.bulletins = bulletins

    # -- for people ---------------------------------------------------------------------------------------------------

    def publish(
        self,
        texts: Sequence[Text],
        caller: Caller,
        bundle_id: str = "",
        first_day: date | None = None,
        last_day: date | None = None,
        rulebook: dict[str, str] | None = None,
    ) -> Proposal:
        """Sign the next version of a law and bring it on its way: to the hub, and to the other parties to sign.

        The id is that of its one instrument where none is given. Nothing is sent that the hub would refuse.
        """
        require(caller, SIGN, "sign law")
        instruments = [_read(one) for one in texts]
        if not instruments or (len(instruments) > 1 and not bundle_id):
            raise Invalid("Several texts need one name.", do="Give the id by which they are published together.")
        with self.store.transaction() as tx:
            directory = directory_of(tx)
            name = bundle_id or instruments[0].id
            held, _ = standing(tx, self.documents, name)
            first = first_day or self.clock().date()
            bundle = Bundle(
                id=name,
                layer=instruments[0].layer,
                signatories=self._signatories(instruments, directory),
                version=held.bundle.version + 1 if held else 1,
                previous=held.payload_digest if held else "",
                issued_at=self.clock(),
                valid_from=first,
                valid_until=last_day or first + timedelta(days=limits.BUNDLE_DAYS),
                texts=tuple(
                    BundleText(
                        name=one.name, sha256=hashlib.sha256(one.content).hexdigest(), text=one.content.decode("utf-8")
                    )
                    for one in texts
                ),
                rulebook=rulebook or {},
            )
            self._check(tx, bundle, directory)
            if self.here.node not in bundle.nodes:
                raise Conflict(f"{name} is not ours to sign.", do=f"{', '.join(bundle.nodes)} may sign it.")
            signed = self.documents.sign(bundle)
            for node in bundle.nodes:
                if node not in (self.here.node, directory.hub):
                    tx.outbox.send(node, LawProposal(document=signed.document.decode("ascii")), self.clock())
            proposal = self._sent(tx, signed, Publication.BUNDLE, directory.hub, caller)
            tx.commit()
        return proposal

    def sign(self, digest: str, caller: Caller) -> Proposal:
        """Sign what another party proposed, exactly as it stands, and send it to the hub.

        `digest` may be shortened; of what is published already the id does.
        """
        require(caller, SIGN, "sign law")
        with self.store.transaction() as tx:
            held, _ = standing(tx, self.documents, digest)
            document = held.document if held else _named(tx, digest)[1]
            directory = directory_of(tx)
            found = self.documents.verified(Publication.BUNDLE, document, directory)
            if not isinstance(found, SignedBundle) or self.here.node in found.signed:
                raise Conflict(f"{digest} is signed already.", do="See `comity agreement list`.")
            self._check(tx, found.bundle, directory)
            proposal = self._sent(tx, self.documents.countersign(found), Publication.BUNDLE, directory.hub, caller)
            tx.commit()
        return proposal

    def withdraw(self, bundle_id: str, first_day: date | None, reason: str, caller: Caller) -> Proposal:
        """End what we signed: our own law as a whole, an agreement for ourselves; from today or a day to come."""
        require(caller, SIGN, "withdraw law")
        if not 0 < len(reason.strip()) <= limits.TEXT_CHARS_MAX:
            raise Invalid("A reason is needed.", where="reason", do="Say why; every member reads it.")
        with self.store.transaction() as tx:
            held, withdrawn = standing(tx, self.documents, bundle_id)
            if held is None or self.here.node not in held.signed or self.here.node in withdrawn:
                raise Missing(f"{bundle_id} is no published law that we signed.", do="See `comity agreement list`.")
            ours = next(one for one in held.bundle.signatories if one.node == self.here.node)
            withdrawal = LawWithdrawal(
                bundle=bundle_id,
                version=held.bundle.version,
                payload=held.payload_digest,
                layer=held.bundle.layer,
                signatory=ours,
                first_day=first_day or self.clock().date(),
                reason=reason.strip(),
                issued_at=self.clock(),
            )
            bundles.check_withdrawal(withdrawal, held)
            signed = self.documents.end(withdrawal)
            proposal = self._sent(tx, signed, Publication.WITHDRAWAL, directory_of(tx).hub, caller)
            tx.commit()
        return proposal

    def proposals(self) -> list[Proposal]:
        """Signed here, or for us to sign; the oldest first."""
        with self.store.reading() as tx:
            return tx.bulletin.proposals()

    def shown(self, name: str) -> SignedBundle:
        """A bundle by the id of published law, or by the digest of a proposal."""
        with self.store.reading() as tx:
            held, _ = standing(tx, self.documents, name)
            if held is not None:
                return held
            _, document = _named(tx, name)
            found = self.documents.opened(Publication.BUNDLE, document)
        if not isinstance(found, SignedBundle):
            raise Missing(f"{name} is a withdrawal.", do="See `comity agreement list`.")
        return found

    # -- by letter, inside the transaction that receives it -----------------------------------------------------------

    def submitted(self, tx: Transaction, letter: Letter, told: LawSubmission) -> None:
        self.bulletins.submitted(tx, letter, told)

    def proposed(self, tx: Transaction, letter: Letter, told: LawProposal) -> None:
        """For our people to read, and to sign or not. What we could not sign is written down and left."""
        document = told.document.encode()
        try:
            directory = directory_of(tx)
            found = self.documents.verified(Publication.BUNDLE, document, directory)
            if not isinstance(found, SignedBundle) or self.here.node not in found.bundle.nodes:
                raise Conflict("It is not ours to sign.")
            self._check(tx, found.bundle, directory)
            # Falls without it: tests/desks/test_bundles.py
            if sum(one.by == letter.sender for one in tx.bulletin.proposals()) >= limits.PROPOSALS_PER_MEMBER_MAX:
                raise TooLarge(f"{letter.sender} has proposed {limits.PROPOSALS_PER_MEMBER_MAX} texts.")
        except Refusal as refusal:
            self._note(tx, Act.LAW_REFUSED, letter.sender, letter.id, "", str(refusal))
            return
        if tx.bulletin.proposal(found.payload_digest) is None:
            self._file(tx, found, Publication.BUNDLE, ProposalState.PROPOSED, letter.sender)
            self._note(tx, Act.LAW_PROPOSED, letter.sender, found.bundle.id, found.payload_digest)

    def answered(self, tx: Transaction, letter: Letter, told: LawAnswer) -> None:
        """What became of what we submitted; only the hub's word counts."""
        kept = tx.bulletin.proposal(told.digest)
        # Falls without it: tests/desks/test_bundles.py
        if kept is None or letter.sender != directory_of(tx).hub:
            return
        proposal, document = kept
        if proposal.state is ProposalState.PUBLISHED:  # its own bulletin was followed first
            return
        tx.bulletin.propose(msgspec.structs.replace(proposal, state=told.state, note=told.note), document)
        if told.state is ProposalState.REFUSED:
            self._note(tx, Act.LAW_REFUSED, letter.sender, proposal.id, told.digest, told.note)

    # -- shared -------------------------------------------------------------------------------------------------------

    def _check(self, tx: Transaction, bundle: Bundle, directory: Directory) -> None:
        """Whether the hub would publish it. Raises NotPermitted, Invalid."""
        book = rulebook_on(tx, self.documents, bundle.valid_from)
        bundles.check_bundle(bundle, directory.hub, parties(directory), book)

    def _signatories(self, instruments: Sequence[Instrument], directory: Directory) -> tuple[Signatory, ...]:
        """Who must sign: the hub, the one member, or every party, the hub in the name of those without a node."""
        layer, nodes = instruments[0].layer, {party: node for node, party in parties(directory).items()}
        if layer is Layer.ORGANISATION:
            return (Signatory(node=directory.hub, party=parties(directory)[directory.hub]),)
        named = tuple(dict.fromkeys(party for one in instruments for party in one.parties))
        hosted = [party for party in named if party not in nodes and not party.isupper()]
        return tuple(
            Signatory(node=directory.hub if party in hosted else nodes[party], party=party)
            for party in named
            if party in hosted or party in nodes
        )

    def _sent(self, tx: Transaction, signed: SignedLaw, kind: Publication, hub: str, caller: Caller) -> Proposal:
        """On its way to the hub; at the hub itself, entered at once."""
        proposal = self._file(tx, signed, kind, ProposalState.SENT, self.here.node)
        self._note(tx, Act.LAW_SIGNED, caller.account, proposal.id, signed.digest)
        if not self.here.is_hub:
            tx.outbox.send(hub, LawSubmission(what=kind, document=signed.document.decode("ascii")), self.clock())
            return proposal
        answer = self.bulletins.enter(tx, signed, self.here.node)
        kept = tx.bulletin.proposal(proposal.digest)
        document = kept[1] if kept else signed.document
        proposal = msgspec.structs.replace(proposal, state=answer.state, note=answer.note)
        tx.bulletin.propose(proposal, document)
        return proposal

    def _file(self, tx: Transaction, signed: SignedLaw, kind: Publication, state: ProposalState, by: str) -> Proposal:
        about = signed.bundle if isinstance(signed, SignedBundle) else signed.withdrawal
        proposal = Proposal(
            digest=name_of(signed),
            id=about.id if isinstance(about, Bundle) else about.bundle,
            version=about.version,
            layer=about.layer,
            kind=kind,
            state=state,
            by=by,
            at=self.clock(),
        )
        tx.bulletin.propose(proposal, signed.document)
        return proposal

    def _note(self, tx: Transaction, act: Act, actor: str, subject: str, digest: str, why: str = "") -> None:
        details: dict[str, str | int | float | bool | list[str]] = {"sha256": digest} if digest else {}
        if why:
            details["why"] = why
        tx.journal.record(Entry(act=act, at=self.clock(), actor=actor, subject=subject, details=details))


def _read(text: Text) -> Instrument:
    if len(text.content) > limits.AGREEMENT_BYTES_MAX:
        raise TooLarge(f"{text.name} is larger than {limits.AGREEMENT_BYTES_MAX} bytes.", do="Split the agreement.")
    return shaped(text.content, text.name)


def _named(tx: Transaction, digest: str) -> tuple[Proposal, bytes]:
    """The one proposal whose digest begins so. Raises Missing, Conflict."""
    found = [one for one in tx.bulletin.proposals() if digest and one.digest.startswith(digest)]
    if len(found) > 1:
        raise Conflict(f"Several proposals begin with {digest}.", do="Give more of the digest.")
    kept = tx.bulletin.proposal(found[0].digest) if found else None
    if kept is None:
        raise Missing(f"There is no law {digest} here.", do="See `comity agreement list`.")
    return kept
