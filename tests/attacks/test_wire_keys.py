"""Attacks on the keys of a node: rolled back, frozen, mixed with older ones, signed by too few, by others, twice."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from comity.domain.errors import Conflict, Invalid, Refusal, Unauthenticated
from comity.domain.keys import KeyManifest, Root
from comity.keys.own import first_root, next_root
from comity.wire.canonical import b64u, decode, encode
from comity.wire.keys import Chain, check_goes_with, check_now, continued, custodian
from comity.wire.threshold import KEYS, ROOT, gathered, signatures
from tests.wire.cast import ALDOVA, BERGENIA, NOW, manifest, root, signer
from tests.wire.key_cast import (
    ANNA,
    BORIS,
    CLARA,
    DORIS,
    FIRST_KEYS,
    FIRST_ROOT,
    FOUNDED,
    FOUNDER,
    IN_FORCE,
    LATER,
    PUBLISHED,
    SECOND_KEYS,
    SECOND_ROOT,
    SHARED,
    THREE,
    identity,
    keys_after,
    revocation,
    signed,
    taken,
)

ACCEPT, REJECT = (Path(__file__).parent / folder / "keys" for folder in ("accept", "reject"))
MALLORY = signer("mallory", 87)
SOON = LATER + timedelta(days=7)


def third_keys(**changes: object) -> KeyManifest:
    return keys_after(IN_FORCE, SOON, **changes)


def third_root(*names: str, threshold: int = 2, **changes: object) -> Root:
    people = {"anna": ANNA, "boris": BORIS, "clara": CLARA, "doris": DORIS, "mallory": MALLORY}
    plain = next_root(IN_FORCE, [custodian(name, people[name].public) for name in names], threshold, SOON)
    return msgspec.structs.replace(plain, **changes)


def changed(said: Root | KeyManifest, *by: object, **changes: object) -> bytes:
    """With fields that the code itself would not make."""
    payload = encode({**decode(encode(said), dict, "plain"), **changes})
    typ = ROOT if isinstance(said, Root) else KEYS
    return gathered(payload, [signatures(payload, typ, one) for one in by])  # type: ignore[arg-type]


def once_classical(said: KeyManifest) -> bytes:
    """The post-quantum half of Boris's two signatures left out, Anna's Ed25519 given instead."""
    payload = encode(said)
    anna, boris = (signatures(payload, KEYS, one) for one in (ANNA, BORIS))
    return gathered(payload, [anna, (boris[0], anna[1])])


REVOKED = revocation(identity("aldova", FIRST_KEYS.epochs[-1].number).recipient.key_id)
# name: (what is shown, what is held)
ATTACKS: dict[str, tuple[Callable[[], bytes], Chain | None]] = {
    # rollback
    "an older key manifest": (lambda: signed(SECOND_KEYS, ANNA, BORIS), IN_FORCE),
    "an older root": (lambda: signed(SECOND_ROOT, FOUNDER, ANNA, BORIS), IN_FORCE),
    "the first root again": (lambda: signed(FIRST_ROOT, FOUNDER), IN_FORCE),
    "a revocation taken back": (
        lambda: signed(third_keys(revocations=()), ANNA, BORIS),
        msgspec.structs.replace(IN_FORCE, manifest=msgspec.structs.replace(SECOND_KEYS, revocations=(REVOKED,))),
    ),
    # fork and gap
    "another of the same version": (lambda: signed(keys_after(SHARED, SOON), ANNA, BORIS), IN_FORCE),
    "a version left out": (lambda: signed(third_keys(version=4), ANNA, BORIS), IN_FORCE),
    "not chained to what is held": (lambda: signed(third_keys(previous="0" * 64), ANNA, BORIS), IN_FORCE),
    "a root left out": (lambda: signed(third_root("anna", "boris", version=4), ANNA, BORIS), IN_FORCE),
    "a root not chained": (lambda: signed(third_root("anna", "boris", previous="0" * 64), ANNA, BORIS), IN_FORCE),
    # mix-and-match
    "keys under the root of before": (
        lambda: signed(third_keys(root=PUBLISHED.root_digest), FOUNDER),
        IN_FORCE,
    ),
    "keys that name the root of before, signed by today's": (
        lambda: signed(third_keys(root=PUBLISHED.root_digest), ANNA, BORIS),
        IN_FORCE,
    ),
    "keys of a node that has no root": (lambda: signed(FIRST_KEYS, FOUNDER), None),
    # too few, the wrong ones
    "one custodian of two": (lambda: signed(third_keys(), ANNA), IN_FORCE),
    "one custodian twice": (lambda: signed(third_keys(), ANNA, ANNA), IN_FORCE),
    "two custodians and one of them again": (lambda: signed(third_keys(), ANNA, BORIS, BORIS), IN_FORCE),
    "one custodian and a stranger": (lambda: signed(third_keys(), ANNA, MALLORY), IN_FORCE),
    "two custodians and a stranger": (lambda: signed(third_keys(), ANNA, BORIS, MALLORY), IN_FORCE),
    "the founder, who has handed over": (lambda: signed(third_keys(), FOUNDER), IN_FORCE),
    "nobody": (lambda: signed(third_keys()), IN_FORCE),
    "a post-quantum signature borrowed": (lambda: once_classical(third_keys()), IN_FORCE),
    "signed as a root": (lambda: signed(third_keys(), ANNA, BORIS, typ=ROOT), IN_FORCE),
    # a new root
    "a root by the new custodians alone": (
        lambda: signed(third_root("mallory", "doris"), MALLORY, DORIS),
        IN_FORCE,
    ),
    "a root by the old custodians alone": (lambda: signed(third_root("clara", "doris"), ANNA, BORIS), IN_FORCE),
    "a root by one old and both new": (lambda: signed(third_root("boris", "doris"), BORIS, DORIS), IN_FORCE),
    "one key under two names": (
        lambda: changed(
            SECOND_ROOT,
            FOUNDER,
            ANNA,
            custodians=[
                {"name": name, "ed25519": b64u(ANNA.public.ed25519), "mldsa87": b64u(ANNA.public.mldsa)}
                for name in ("anna", "boris")
            ],
        ),
        PUBLISHED,
    ),
    "more signatures asked than there are custodians": (
        lambda: changed(SECOND_ROOT, FOUNDER, ANNA, BORIS, CLARA, threshold=4),
        PUBLISHED,
    ),
    "no signature asked": (lambda: changed(SECOND_ROOT, FOUNDER, threshold=0), PUBLISHED),
    # the beginning
    "a first root of other keys": (lambda: signed(first_root("aldova", MALLORY.public, NOW), MALLORY), None),
    "a first root of two": (
        lambda: signed(msgspec.structs.replace(FIRST_ROOT, custodians=(*FIRST_ROOT.custodians, THREE[0])), FOUNDER),
        None,
    ),
    "a beginning with version 2": (lambda: signed(msgspec.structs.replace(FIRST_ROOT, version=2), FOUNDER), None),
    "another node's chain": (
        lambda: signed(msgspec.structs.replace(third_keys(), node="bergenia"), ANNA, BORIS),
        IN_FORCE,
    ),
    # contents
    "a field that is not known": (lambda: changed(third_keys(), ANNA, BORIS, more=1), IN_FORCE),
    "an epoch left out": (
        lambda: changed(third_keys(), ANNA, BORIS, epochs=_plain(third_keys().epochs[0], third_keys().epochs[2])),
        IN_FORCE,
    ),
    "one key for two epochs": (
        lambda: signed(
            third_keys(
                epochs=tuple(
                    msgspec.structs.replace(one, xwing=third_keys().epochs[0].xwing) for one in third_keys().epochs
                )
            ),
            ANNA,
            BORIS,
        ),
        IN_FORCE,
    ),
    "good for longer than it may": (
        lambda: changed(third_keys(), ANNA, BORIS, expires_at="2027-03-08T12:01:00Z"),
        IN_FORCE,
    ),
    "issued before the one held": (lambda: signed(third_keys(issued_at=NOW), ANNA, BORIS), IN_FORCE),
    "a lower suite": (
        lambda: signed(third_keys(), ANNA, BORIS),
        msgspec.structs.replace(IN_FORCE, manifest=msgspec.structs.replace(SECOND_KEYS, suite=2)),
    ),
}


def _plain(*epochs: object) -> object:
    return [{"number": one.number, "xwing": one.xwing} for one in epochs]  # type: ignore[attr-defined]


@pytest.mark.parametrize("attack", ["an older key manifest", "an older root", "another of the same version"])
def test_what_is_older_is_told_from_what_does_not_follow(attack: str):
    """The one is a rollback, or a copy that came late; the other a log that forked."""
    data, held = ATTACKS[attack]
    with pytest.raises(Conflict, match="not newer"):
        taken(data(), held)


@pytest.mark.parametrize("attack", ATTACKS)
def test_attack_is_refused(attack: str):
    data, held = ATTACKS[attack]
    with pytest.raises(Refusal) as refused:
        taken(data(), held)
    assert isinstance(refused.value, Unauthenticated | Conflict | Invalid)


def life() -> Chain:
    """The chain in `accept/keys`, file by file."""
    chain = None
    for file in sorted(ACCEPT.glob("*.jws")):
        chain = taken(file.read_bytes(), chain)
    assert chain is not None
    return chain


def test_the_files_of_a_life_are_taken_in_their_order():
    chain = life()
    assert (chain.root, chain.manifest and chain.manifest.epochs) == (
        msgspec.structs.replace(SECOND_ROOT, previous=chain.root.previous),
        SECOND_KEYS.epochs,
    )
    assert (ACCEPT / "1_root.jws").read_bytes().split(b'","signatures"')[0] == signed(FIRST_ROOT).split(
        b'","signatures"'
    )[0]


@pytest.mark.parametrize("file", sorted(REJECT.glob("*.jws")), ids=lambda file: file.stem)
def test_a_hostile_file_is_refused(file: Path):
    """Each was made to follow the life in `accept/keys`, with the one defect after which it is named."""
    with pytest.raises((Unauthenticated, Conflict, Invalid)):
        taken(file.read_bytes(), life())


def test_a_chain_that_continues_is_taken():
    keys = taken(signed(third_keys(), BORIS, CLARA), IN_FORCE)
    assert keys.manifest is not None
    assert keys.manifest.version == 3
    assert taken(signed(third_root("anna", "doris"), ANNA, BORIS, DORIS), IN_FORCE).root.version == 3
    assert FOUNDED.manifest is None


def test_freeze_what_has_expired_is_not_published():
    """Whoever keeps a node on old keys keeps stolen ones alive: they end by themselves."""
    with pytest.raises(Unauthenticated, match="expired"):
        check_now(SECOND_KEYS, SECOND_KEYS.expires_at)
    with pytest.raises(Unauthenticated, match="expired"):
        check_now(SECOND_ROOT, SECOND_ROOT.expires_at)
    with pytest.raises(Invalid, match="future"):
        check_now(SECOND_KEYS, NOW - timedelta(minutes=1))
    check_now(SECOND_KEYS, SOON)


def test_mix_and_match_an_older_directory_beside_newer_keys_is_refused():
    renewed = manifest("aldova", "XA", version=2)
    newer = keys_after(IN_FORCE, SOON, renewed)
    check_goes_with(newer, renewed)
    with pytest.raises(Unauthenticated, match="at version 1"):
        check_goes_with(newer, ALDOVA)
    with pytest.raises(Unauthenticated, match="at version"):
        check_goes_with(newer, BERGENIA)


@pytest.mark.parametrize(
    "change",
    [
        {"node_ed25519": b64u(signer("mallory").public.ed25519)},
        {"node_mldsa65": b64u(signer("mallory").public.mldsa)},
    ],
    ids=["ed25519", "ml-dsa"],
)
def test_a_directory_with_other_node_keys_than_the_custodians_signed_is_refused(change: dict[str, str]):
    with pytest.raises(Unauthenticated, match="other keys"):
        check_goes_with(FIRST_KEYS, manifest("aldova", "XA", **change))


def test_a_directory_with_another_certificate_than_the_custodians_signed_is_refused():
    with pytest.raises(Unauthenticated, match="other keys"):
        check_goes_with(msgspec.structs.replace(FIRST_KEYS, tls_pins=("0" * 64,)), ALDOVA)


def test_whoever_holds_anothers_root_cannot_begin_its_chain():
    with pytest.raises(Unauthenticated, match="not the one it came with"):
        continued(signed(FIRST_ROOT, FOUNDER), None, "WRONG")
    assert root("aldova").public == FOUNDER.public
