"""A bundle of law, a withdrawal from it and a bulletin, signed by the usual cast with fixed keys."""

import hashlib
from datetime import date, timedelta

import msgspec

from comity.domain.bulletin import BulletinHead, BulletinItem, Publication
from comity.domain.bundle import Bundle, BundleText, LawWithdrawal, Signatory
from comity.domain.instrument import Layer
from comity.wire.bulletin import chained
from comity.wire.bundle import countersigned_bundle, opened_bundle, signed_bundle
from tests.wire.cast import NOW, signer

TREATY = """\
id = "treaty"
title = "Treaty between Aldova and Bergenia"
source = "Fictitious"
parties = ["XA", "XB"]
in_force_from = 2026-01-01

[[clauses]]
id = "art-1"
title = "Documents"
effect = "permit"
text = "The parties tell each other of stolen documents."
categories = ["travel-documents"]
reply = "full"
"""
PAIRS = {name: signer(name).public for name in ("hub", "aldova", "bergenia", "corvia")}


def text(content: str = TREATY, name: str = "treaty.toml") -> BundleText:
    return BundleText(name=name, sha256=hashlib.sha256(content.encode()).hexdigest(), text=content)


BUNDLE = Bundle(
    id="treaty",
    layer=Layer.AGREEMENT,
    signatories=(Signatory(node="aldova", party="XA"), Signatory(node="bergenia", party="XB")),
    version=1,
    previous="",
    issued_at=NOW,
    valid_from=date(2026, 3, 1),
    valid_until=date(2027, 3, 1),
    texts=(text(),),
)


def changed(**fields: object) -> Bundle:
    return msgspec.structs.replace(BUNDLE, **fields)


def signed(bundle: Bundle = BUNDLE, *nodes: str) -> bytes:
    """By these in turn; by all its signatories where none is named."""
    first, *others = nodes or bundle.nodes
    document = signed_bundle(bundle, first, signer(first))
    for node in others:
        document = countersigned_bundle(document, node, signer(node))
    return document


WITHDRAWAL = LawWithdrawal(
    bundle="treaty",
    version=1,
    payload=opened_bundle(signed()).payload_digest,
    layer=Layer.AGREEMENT,
    signatory=Signatory(node="bergenia", party="XB"),
    first_day=date(2026, 6, 1),
    reason="Denounced by note of 1 March 2026",
    issued_at=NOW,
)


def item(number: int, **fields: object) -> BulletinItem:
    """Of documents that nobody wrote: a list is a chain of digests whatever they name."""
    plain = BulletinItem(
        number=number,
        at=NOW,
        kind=Publication.BUNDLE,
        digest=f"{number:064x}",
        payload=f"{number + 1000:064x}",
        id=f"law-{number}",
        version=1,
        layer=Layer.AGREEMENT,
        signatories=BUNDLE.signatories,
    )
    return msgspec.structs.replace(plain, **fields)


ITEMS = tuple(item(number) for number in (1, 2, 3))


def chain_of(items: tuple[BulletinItem, ...]) -> str:
    chain = ""
    for one in items:
        chain = chained(chain, one)
    return chain


def head(items: tuple[BulletinItem, ...] = ITEMS, **fields: object) -> BulletinHead:
    plain = BulletinHead(
        hub="hub", number=len(items), chain=chain_of(items), issued_at=NOW, expires_at=NOW + timedelta(days=7)
    )
    return msgspec.structs.replace(plain, **fields)
