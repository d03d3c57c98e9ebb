"""Bundles of law: which may be published, and what of the published ones is in use on a day."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache

from comity.domain import limits
from comity.domain.bulletin import BulletinItem, Publication
from comity.domain.bundle import Bundle, BundleText, Gap, LawWithdrawal, SignedBundle, SignedLaw, SignedWithdrawal
from comity.domain.errors import Conflict, Invalid, NotPermitted
from comity.domain.instrument import Instrument, Layer
from comity.law.instruments import check, read_instrument, shaped
from comity.law.published import Filed, Published
from comity.law.rulebook import NUL, Rulebook, kept_rulebook

# An item, its document if that may be used here, and why not.
Listed = tuple[BulletinItem, SignedLaw | None, str]


# -- what may be published ------------------------------------------------------------------------------------------


def check_bundle(bundle: Bundle, hub: str, parties: Mapping[str, str], book: Rulebook) -> list[Instrument]:
    """Its instruments, once all of it may be signed by these signatories. Raises NotPermitted, Invalid.

    `parties` are the members of the federation by node, each as instruments name it; `book` is the rulebook by which
    its texts are read, where it brings none itself.
    """
    _check_signatories(bundle, hub, parties)
    instruments = list(_sound(bundle.texts, rulebook_of(bundle) or book))
    if len({one.id for one in instruments}) != len(instruments):
        raise Invalid(f"{bundle.id} holds two instruments of one id.", where="texts")
    for one in instruments:
        _check_layer(bundle, one)
    return instruments


def check_continues(new: SignedBundle, held: SignedBundle | None) -> Publication:
    """What its publication would be: a version, or an accession to the one held. Raises Conflict, NotPermitted."""
    bundle = new.bundle
    if held is not None and new.payload_digest == held.payload_digest:
        # Falls without it: tests/law/test_bundles.py, a signature vanished.
        if not set(held.signed) < set(new.signed):
            raise Conflict(f"{bundle.id} version {bundle.version} is published with these signatures.")
        return Publication.ACCESSION
    before = (held.bundle.version, held.payload_digest) if held else (0, "")
    # Falls without it: tests/law/test_bundles.py, rollback, gap, fork.
    if (bundle.version - 1, bundle.previous) != before:
        raise Conflict(
            f"{bundle.id} version {bundle.version} does not continue version {before[0]}, which is published.",
            do="Follow the hub and sign the next version.",
        )
    if held is not None and bundle.layer is not held.bundle.layer:
        raise Conflict(f"{bundle.id} is {held.bundle.layer}.", do="Choose another id.")
    if held is not None and bundle.layer is not Layer.AGREEMENT and bundle.signatories != held.bundle.signatories:
        raise NotPermitted(f"{bundle.id} is the law of {', '.join(held.bundle.parties)}.", do="Choose another id.")
    return Publication.BUNDLE


def awaited(new: SignedBundle, held: SignedBundle | None, withdrawn: Collection[str]) -> tuple[str, ...]:
    """Which nodes must still sign before it is published; `withdrawn` have ended what they signed of the one held.

    Some parties cannot change what binds the others too, and an agreement binds nobody before two have signed.
    Falls without it: tests/law/test_bundles.py, tests/attacks/test_bulletin.py
    """
    if held is not None and held.payload_digest != new.payload_digest:
        missing = set(held.signed) - set(withdrawn) - set(new.signed)
        if missing:
            return tuple(sorted(missing))
    if new.bundle.layer is Layer.AGREEMENT and len(new.bound) < 2:
        return tuple(node for node in new.bundle.nodes if node not in new.signed)
    return ()


def check_withdrawal(withdrawal: LawWithdrawal, held: SignedBundle | None) -> None:
    """A signatory ends what it signed, from a day to come. Raises Conflict, NotPermitted."""
    if held is None or (withdrawal.version, withdrawal.payload) != (held.bundle.version, held.payload_digest):
        raise Conflict(f"{withdrawal.bundle} version {withdrawal.version} is not the one that is published.")
    bundle, signatory = held.bundle, withdrawal.signatory
    # Falls without it: tests/law/test_bundles.py, another's law withdrawn.
    if signatory not in bundle.signatories or signatory.node not in held.signed or withdrawal.layer is not bundle.layer:
        raise NotPermitted(f"{signatory.node} did not sign {bundle.id} for {signatory.party}.")
    if withdrawal.first_day < withdrawal.issued_at.date():
        raise NotPermitted(
            "What was law until now cannot be withdrawn for days that are past.", do="Name a day to come."
        )


def instruments_of(bundle: Bundle) -> list[Instrument]:
    """Raises Invalid, with file and line, where this release cannot read one.

    Whether they can be executed, by the rulebook of the day, is seen where they are (`law.texts.Texts`).
    """
    return [shaped(one.text.encode(), one.name) for one in bundle.texts]


def rulebook_text(bundle: Bundle) -> bytes:
    """The rulebook in it as one text, b"" where it holds none."""
    return NUL.join(name.encode() + NUL + bundle.rulebook[name].encode() for name in sorted(bundle.rulebook))


def rulebook_of(bundle: Bundle) -> Rulebook | None:
    return kept_rulebook(rulebook_text(bundle)) if bundle.rulebook else None


@lru_cache(limits.BUNDLES_CHECKED_KEPT)
def _sound(texts: tuple[BundleText, ...], book: Rulebook) -> tuple[Instrument, ...]:
    """Texts that can be executed and say what their own examples say. Raises Invalid.

    Remembered: the same texts come with each signature more.
    """
    instruments = [read_instrument(one.text.encode(), one.name, book) for one in texts]
    for one in instruments:
        if complaints := check(one, book):
            raise Invalid("; ".join(complaints), where=one.id, do="Correct the text.")
    return tuple(instruments)


def _check_signatories(bundle: Bundle, hub: str, parties: Mapping[str, str]) -> None:
    for one in bundle.signatories:
        stands_for = parties.get(one.node)
        hosted = one.node == hub and one.party not in parties.values()
        # Nobody makes law for another. Falls without it: tests/law/test_bundles.py, tests/attacks/test_bulletin.py
        if stands_for is None or (one.party != stands_for and not hosted):
            raise NotPermitted(f"{one.node} cannot sign for {one.party}.", do="Each member signs for itself.")
    nodes = bundle.nodes
    if bundle.layer is Layer.ORGANISATION and nodes != (hub,):
        raise NotPermitted("The organisation's rules are published by the hub alone.", do="Ask the hub.")
    if bundle.layer is Layer.NATIONAL_LAW and len(bundle.signatories) != 1:
        raise NotPermitted("A national law is published by the one member whose it is.")
    if bundle.layer is Layer.AGREEMENT and len(bundle.signatories) < 2:
        raise NotPermitted("An agreement has two parties at least.")
    if bundle.rulebook and bundle.layer is not Layer.ORGANISATION:
        raise NotPermitted("The rulebook is the organisation's own.", where="rulebook", do="Publish it from the hub.")


def _check_layer(bundle: Bundle, one: Instrument) -> None:
    # Falls without each: tests/law/test_bundles.py
    if one.layer is not bundle.layer:
        raise NotPermitted(f"{one.id} is {one.layer}, and its bundle is {bundle.layer}.", where=one.id)
    if bundle.layer is Layer.NATIONAL_LAW and one.parties != bundle.parties:
        raise NotPermitted(f"{one.id} is not the law of {bundle.parties[0]} alone.", where=one.id)
    strangers = set(bundle.parties) - set(one.parties)
    if bundle.layer is Layer.AGREEMENT and strangers:
        raise NotPermitted(f"{', '.join(sorted(strangers))} is no party to {one.id}.", where=one.id)


# -- what is in use ---------------------------------------------------------------------------------------------------


def in_use(listed: Sequence[Listed], today: date) -> Published:
    """What the bulletin puts into use on that day: of each id the newest version whose first day has come."""
    by_id: dict[str, list[Listed]] = {}
    for one in listed:
        by_id.setdefault(one[0].id, []).append(one)
    found = [_series(versions, today) for versions in by_id.values()]
    filed: list[Filed] = []
    gaps = [gap for one in found for gap in one.gaps]
    taken: set[str] = set()
    for each in (each for part in found for each in part.filed):
        # Two laws of one name would both be taken for the one. Falls without it: tests/law/test_bundles.py
        if each.instrument.id in taken:
            gaps.append(_twice(each))
        else:
            taken.add(each.instrument.id)
            filed.append(each)
    rulebook = next((part.rulebook for part in reversed(found) if part.rulebook), b"")
    return Published(tuple(filed), tuple(gaps), rulebook)


def rulebook_on(listed: Sequence[Listed], day: date) -> Rulebook | None:
    """By which texts that begin that day are read; None where none is published.

    Also one that has run out by then: nothing is told under it, but what its codes mean is known.
    """
    by_id: dict[str, Rulebook | None] = {}
    for _, found, _ in listed:
        if isinstance(found, SignedBundle) and found.bundle.valid_from <= day:
            by_id[found.bundle.id] = rulebook_of(found.bundle)
        elif isinstance(found, SignedWithdrawal) and found.withdrawal.first_day <= day:
            by_id[found.withdrawal.bundle] = None
    return next((book for book in reversed(by_id.values()) if book is not None), None)


def of_document(signed: SignedBundle, withdrawals: Iterable[SignedWithdrawal], today: date) -> Published:
    """What one version puts into use on that day, after these withdrawals from it."""
    bundle = signed.bundle
    ended = [one for one in withdrawals if _ends(one.withdrawal, bundle, today)]
    digests = (signed.digest, *(one.digest for one in ended))
    if ended and bundle.layer is not Layer.AGREEMENT:
        return Published()
    try:
        instruments, book = instruments_of(bundle), rulebook_of(bundle)
    except Invalid as unread:
        return Published(gaps=(_gap(bundle, f"cannot be read: {unread.what}", "A release that can read it.", digests),))
    if today > bundle.valid_until:
        why = f"expired on {bundle.valid_until}"
        return Published(gaps=(_gap(bundle, why, f"{_owners(bundle)} must sign and publish it anew.", digests),))
    rulebook = book.text if book else b""
    if bundle.layer is not Layer.AGREEMENT:
        return Published(tuple(Filed(one, digests) for one in instruments), (), rulebook)
    bound = signed.bound - {one.withdrawal.signatory.party for one in ended}
    filed = tuple(Filed(one, digests, _with_territory(one, bound)) for one in instruments)
    return Published(filed, tuple(_unbound(signed, instruments, bound, ended, digests)))


def ended_by(held: SignedBundle, withdrawals: Iterable[SignedWithdrawal]) -> tuple[str, ...]:
    """The nodes that have ended what they signed of this version, from whatever day."""
    return tuple(one.withdrawal.signatory.node for one in withdrawals if one.withdrawal.payload == held.payload_digest)


def _series(listed: Sequence[Listed], today: date) -> Published:
    """All versions of one id, in their order."""
    withdrawals = [found for _, found, _ in listed if isinstance(found, SignedWithdrawal)]
    chosen: SignedBundle | None = None
    gap: Gap | None = None
    for item, found, why in listed:
        if isinstance(found, SignedBundle):
            if found.bundle.valid_from <= today:
                chosen, gap = found, None
        elif found is None and item.kind is Publication.BUNDLE:
            # Never the version before: it may be what the missing one ends. Falls without it: tests/law/test_bundles.py
            gap = _missing(item, why)
        elif found is None and item.kind is Publication.WITHDRAWAL:
            gap = _missing(item, why)
    if gap is not None:
        return Published(gaps=(gap,))
    return of_document(chosen, withdrawals, today) if chosen else Published()


def _ends(withdrawal: LawWithdrawal, bundle: Bundle, today: date) -> bool:
    return withdrawal.bundle == bundle.id and bundle.version <= withdrawal.version and withdrawal.first_day <= today


def _with_territory(one: Instrument, bound: frozenset[str]) -> frozenset[str]:
    return bound | {code for party in bound for code in one.territory.get(party, ())}


def _unbound(
    signed: SignedBundle,
    instruments: Sequence[Instrument],
    bound: frozenset[str],
    ended: Sequence[SignedWithdrawal],
    digests: tuple[str, ...],
) -> Iterator[Gap]:
    """Each party of the text that it does not bind, with the reason."""
    since = {one.withdrawal.signatory.party: one.withdrawal.first_day for one in ended}
    everyone = tuple(dict.fromkeys(party for one in instruments for party in one.parties))
    for party in everyone:
        if party not in bound:
            ends = since.get(party)
            why = f"ended for {party} on {ends}" if ends else f"was not signed by {party}"
            yield _gap(signed.bundle, why, f"{party} must sign and publish it.", digests, everyone, (party,))


def _gap(
    bundle: Bundle,
    why: str,
    needed: str,
    digests: tuple[str, ...],
    parties: tuple[str, ...] = (),
    unbound: tuple[str, ...] = (),
) -> Gap:
    return Gap(
        name=f"bundle {bundle.id}",
        layer=bundle.layer,
        parties=() if bundle.layer is Layer.ORGANISATION else parties or bundle.parties,
        unbound=unbound,
        why=f"{bundle.id} version {bundle.version} {why}.",
        needed=needed,
        digests=digests,
        rulebook=bool(bundle.rulebook),
    )


def _missing(item: BulletinItem, why: str) -> Gap:
    which = f"{item.id} version {item.version}, item {item.number} of the bulletin ({item.digest[:16]})"
    return Gap(
        name=f"bundle {item.id}",
        layer=item.layer,
        parties=() if item.layer is Layer.ORGANISATION else tuple(one.party for one in item.signatories),
        why=f"{which}, cannot be used: {why}",
        needed="This node asks its hub for it again and again; its owner may have to sign it anew.",
        rulebook=item.layer is Layer.ORGANISATION,
    )


def _twice(one: Filed) -> Gap:
    instrument = one.instrument
    return Gap(
        name=instrument.id,
        layer=instrument.layer,
        parties=() if instrument.layer is Layer.ORGANISATION else instrument.parties,
        why=f"There are two published texts of {instrument.id}.",
        needed="One of their owners must withdraw it.",
    )


def _owners(bundle: Bundle) -> str:
    return ", ".join(bundle.nodes)
