"""The published law as it lies here: each item of the bulletin with its document, and how one id stands."""

import hashlib
from datetime import date

from comity.desks.needs import LawDocuments, Transaction
from comity.domain.bulletin import Publication
from comity.domain.bundle import SignedBundle, SignedLaw, SignedWithdrawal
from comity.domain.bureau import Directory
from comity.domain.errors import Conflict, Refusal
from comity.domain.instrument import Layer
from comity.law import bundles
from comity.law.bundles import Listed, ended_by
from comity.law.rulebook import Rulebook, shipped_rulebook

DAMAGED = "its document on file here is damaged; restore it from a backup, or remove it and follow the hub again."


def listed(tx: Transaction, documents: LawDocuments, of: str = "") -> list[Listed]:
    """Every item in order, or those of one id, with its document where that may be used."""
    found: list[Listed] = []
    for item, fault in tx.bulletin.items(of=of):
        document = None if fault else _opened(tx, documents, item.digest)
        found.append((item, document, fault or ("" if document else DAMAGED)))
    return found


def rulebook_on(tx: Transaction, documents: LawDocuments, day: date, before: int = 0) -> Rulebook:
    """By which law that begins that day is read, as far as items `before` that number say; 0 for all there are."""
    found: list[Listed] = []
    for item, fault in tx.bulletin.items():
        if item.layer is Layer.ORGANISATION and not (before and item.number >= before):
            document = None if fault else _opened(tx, documents, item.digest)
            found.append((item, document, fault))
    return bundles.rulebook_on(found, day) or shipped_rulebook()


def standing(tx: Transaction, documents: LawDocuments, of: str) -> tuple[SignedBundle | None, tuple[str, ...]]:
    """The newest published version of that id, and which nodes have ended what they signed of it."""
    found = listed(tx, documents, of)
    bundles = [one for _, one, _ in found if isinstance(one, SignedBundle)]
    withdrawals = [one for _, one, _ in found if isinstance(one, SignedWithdrawal)]
    held = bundles[-1] if bundles else None
    return held, ended_by(held, withdrawals) if held else ()


def parties(directory: Directory) -> dict[str, str]:
    """The members by node, each as instruments name it."""
    return {member.id: member.manifest.country or member.id for member in directory.members}


def directory_of(tx: Transaction) -> Directory:
    directory = tx.members.directory()
    if directory is None:
        raise Conflict("This node holds no directory yet.", do="Join a hub and follow it first.")
    return directory


def _opened(tx: Transaction, documents: LawDocuments, digest: str) -> SignedLaw | None:
    kept = tx.bulletin.document(digest)
    # A text that was changed on file would be law that nobody signed. Falls without it: tests/desks/test_bulletins.py
    if kept is None or hashlib.sha256(kept[1]).hexdigest() != digest:
        return None
    try:
        return documents.opened(Publication(kept[0]), kept[1])
    except Refusal:
        return None
