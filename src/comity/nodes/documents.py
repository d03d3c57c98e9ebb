"""Law as signed documents, for the desks: written with this node's keys, read with those of the members."""

from comity.domain.bulletin import BulletinHead, BulletinItem, Publication
from comity.domain.bundle import Bundle, LawWithdrawal, SignedBundle, SignedLaw, SignedWithdrawal
from comity.domain.bureau import Directory
from comity.domain.errors import Unauthenticated
from comity.wire import bulletin as wire_bulletin
from comity.wire import bundle as wire_bundle
from comity.wire.manifest import member_pair
from comity.wire.pair import Signer


class Documents:
    """What `desks.needs.LawDocuments` asks for."""

    def __init__(self, node: str, signer: Signer) -> None:
        self.node = node
        self.signer = signer

    def sign(self, bundle: Bundle) -> SignedBundle:
        return wire_bundle.opened_bundle(wire_bundle.signed_bundle(bundle, self.node, self.signer))

    def countersign(self, signed: SignedBundle) -> SignedBundle:
        return wire_bundle.opened_bundle(wire_bundle.countersigned_bundle(signed.document, self.node, self.signer))

    def joined(self, one: SignedBundle, other: SignedBundle) -> SignedBundle:
        return wire_bundle.opened_bundle(wire_bundle.joined_bundle(one.document, other.document))

    def end(self, withdrawal: LawWithdrawal) -> SignedWithdrawal:
        return wire_bundle.opened_withdrawal(wire_bundle.signed_withdrawal(withdrawal, self.signer))

    def verified(self, kind: Publication, document: bytes, directory: Directory) -> SignedLaw:
        pairs = {member.id: member_pair(member) for member in directory.members}
        if kind is not Publication.WITHDRAWAL:
            return wire_bundle.verified_bundle(document, pairs)
        claimed = wire_bundle.opened_withdrawal(document).withdrawal.signatory.node
        if claimed not in pairs:
            raise Unauthenticated(f"{claimed} is no member whose signature counts here.")
        return wire_bundle.verified_withdrawal(document, pairs[claimed])

    def opened(self, kind: Publication, document: bytes) -> SignedLaw:
        if kind is Publication.WITHDRAWAL:
            return wire_bundle.opened_withdrawal(document)
        return wire_bundle.opened_bundle(document)

    def sign_head(self, head: BulletinHead) -> bytes:
        return wire_bulletin.signed_head(head, self.signer)

    def chained(self, before: str, item: BulletinItem) -> str:
        return wire_bulletin.chained(before, item)
