"""Attacks by a hub, or by whoever has its keys: a member's keys exchanged, a line removed, an old one kept alive."""

from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest

from comity.domain.bureau import Directory, Manifest, Member, NodeRole, Standing
from comity.domain.errors import Conflict, Invalid, Refusal, Unauthenticated
from comity.wire.canonical import b64u, decode, encode
from comity.wire.directory import digest, signed_directory, verified_directory
from comity.wire.manifest import signed_manifest
from comity.wire.signed import DIRECTORY, sign, verified
from tests.wire.cast import ALDOVA, BERGENIA, HUB, MEMBERS, NOW, directory, manifest, member, root, signer

HUB_KEYS = signer("hub")
HELD = directory()
SIGNED = signed_directory(HELD, HUB_KEYS)
LATER = NOW + timedelta(days=3)


def as_bytes(of: Directory, signer=HUB_KEYS) -> bytes:
    """Signed whatever it says, as a hostile hub would."""
    lines = [
        {"signed_manifest": one.signed_manifest, "standing": one.standing, "reason": one.reason} for one in of.members
    ]
    payload = {name: getattr(of, name) for name in Directory.__struct_fields__ if name != "members"}
    return sign(encode({**payload, "members": lines}), DIRECTORY, signer)


def follow(data: bytes, held: Directory | None = HELD, now=LATER) -> Directory:
    return verified_directory(data, HUB_KEYS.public, held, digest(SIGNED) if held else "", now)


def next_one(*members: Member, **changes: object) -> Directory:
    new = directory(*members, version=2, previous=digest(SIGNED), issued=LATER)
    return msgspec.structs.replace(new, **changes)


def instead(name: str, new: Manifest | Member) -> tuple[Member, ...]:
    replacement = new if isinstance(new, Member) else member(new, root(new.node))
    return tuple(replacement if one.id == name else one for one in MEMBERS)


def with_root_of(name: str, other: str, **changes: object) -> Manifest:
    keys = root(other).public
    return manifest(
        name, "XA", root_ed25519=b64u(keys.ed25519), root_mldsa87=b64u(keys.mldsa), **{"version": 2, **changes}
    )


def suspended(name: str) -> tuple[Member, ...]:
    return tuple(
        msgspec.structs.replace(one, standing=Standing.SUSPENDED, reason="keys lost") if one.id == name else one
        for one in MEMBERS
    )


RENEWED = manifest("aldova", "XA", version=2, node_ed25519=b64u(signer("aldova 2").public.ed25519))


def test_the_first_directory_is_taken():
    assert follow(SIGNED, None) == HELD


@pytest.mark.parametrize(
    "new",
    [
        next_one(),
        next_one(*MEMBERS, member(manifest("daleland", ""))),
        next_one(*suspended("aldova")),
        next_one(*instead("aldova", RENEWED)),
        next_one(version=5, previous="0" * 64),
    ],
    ids=["unchanged", "new member", "suspended", "new node keys", "versions missed"],
)
def test_a_directory_that_continues_is_taken(new):
    assert follow(signed_directory(new, HUB_KEYS)) == new


def test_the_directory_that_is_held_may_come_again():
    assert follow(SIGNED) == HELD


ATTACKS: dict[str, Callable[[], bytes]] = {
    "signed by a member": lambda: as_bytes(next_one(), signer("aldova")),
    "another of the same version": lambda: as_bytes(directory(*MEMBERS[:3], issued=NOW)),
    "of version nought": lambda: as_bytes(next_one(version=0)),
    "not chained to what is held": lambda: as_bytes(next_one(previous="0" * 64)),
    "first of a chain again": lambda: as_bytes(next_one(previous="")),
    "of another hub": lambda: as_bytes(next_one(hub="aldova")),
    "of a member made hub": lambda: as_bytes(
        next_one(*MEMBERS, member(manifest("daleland", "", NodeRole.HUB)), hub="daleland")
    ),
    "a member removed": lambda: as_bytes(next_one(*MEMBERS[:3])),
    "the hub itself removed": lambda: as_bytes(next_one(*MEMBERS[1:])),
    "the hub suspended": lambda: as_bytes(next_one(*suspended("hub"))),
    "a member's root exchanged": lambda: as_bytes(
        next_one(*instead("aldova", member(with_root_of("aldova", "mallory"), root("mallory"))))
    ),
    "two manifests of one version": lambda: as_bytes(
        next_one(*instead("aldova", manifest("aldova", "XA", contact="elsewhere")))
    ),
    "a member in another country": lambda: as_bytes(next_one(*instead("aldova", manifest("aldova", "XC", version=2)))),
    "a member turned hub": lambda: as_bytes(
        next_one(*instead("aldova", manifest("aldova", "XA", NodeRole.HUB, version=2)))
    ),
    "a manifest by the hub's root": lambda: as_bytes(
        next_one(*instead("aldova", msgspec.structs.replace(MEMBERS[1], signed_manifest=forged("aldova"))))
    ),
    "one name twice": lambda: as_bytes(next_one(*MEMBERS, MEMBERS[1])),
    "one name twice, with other keys": lambda: as_bytes(next_one(*MEMBERS, second_aldova())),
    "one address twice": lambda: as_bytes(
        next_one(*MEMBERS, member(manifest("daleland", "", address=BERGENIA.address)))
    ),
    "one address twice, written otherwise": lambda: as_bytes(
        next_one(
            *MEMBERS,
            member(manifest("daleland", "", address="https://daleland.example:443")),
            member(manifest("erewhon", "", address="https://daleland.example/")),
        )
    ),
    "another's node key": lambda: as_bytes(
        next_one(*MEMBERS, member(manifest("daleland", "", node_ed25519=BERGENIA.node_ed25519)))
    ),
    "another's post-quantum node key": lambda: as_bytes(
        next_one(*MEMBERS, member(manifest("daleland", "", node_mldsa65=BERGENIA.node_mldsa65)))
    ),
    "another's root as node key": lambda: as_bytes(
        next_one(*MEMBERS, member(manifest("daleland", "", node_ed25519=BERGENIA.root_ed25519)))
    ),
    "expired": lambda: as_bytes(next_one(issued_at=NOW.isoformat(), expires_at=LATER.isoformat())),
    "good for too long": lambda: as_bytes(next_one(expires_at=(LATER + timedelta(days=8)).isoformat())),
    "of the future": lambda: as_bytes(
        directory(version=2, previous=digest(SIGNED), issued=LATER + timedelta(seconds=31))
    ),
    "expires before it begins": lambda: as_bytes(next_one(expires_at=(LATER - timedelta(days=1)).isoformat())),
    "moment without a zone": lambda: as_bytes(next_one(expires_at="2026-03-08T12:00:00")),
    "moment with another zone": lambda: as_bytes(next_one(expires_at="2026-03-08T12:00:00+02:00")),
}


def second_aldova() -> Member:
    keys = signer("mallory").public
    changes = {"node_ed25519": b64u(keys.ed25519), "node_mldsa65": b64u(keys.mldsa), "address": "https://m.example"}
    return member(with_root_of("aldova", "mallory", **changes), root("mallory"))


def forged(name: str) -> str:
    """A manifest that names a member's root, signed by the hub's."""
    return sign(encode(manifest(name, "XA", version=2)), "comity.manifest", root("hub")).decode()


@pytest.mark.parametrize("attack", ATTACKS)
def test_attack_is_refused(attack):
    with pytest.raises(Refusal) as refused:
        follow(ATTACKS[attack]())
    assert isinstance(refused.value, Unauthenticated | Conflict | Invalid)


def test_an_older_directory_is_refused_though_it_is_not_expired():
    """With it a member comes back that has been suspended since."""
    held = next_one(*suspended("aldova"))
    held_digest = digest(signed_directory(held, HUB_KEYS))
    with pytest.raises(Conflict, match="not newer"):
        verified_directory(SIGNED, HUB_KEYS.public, held, held_digest, LATER)


def test_a_members_manifest_of_before_is_refused():
    """With it the keys come back that the member gave up, perhaps because they were stolen."""
    held = next_one(*instead("aldova", RENEWED))
    held_digest = digest(signed_directory(held, HUB_KEYS))
    back = directory(*MEMBERS, version=3, previous=held_digest, issued=LATER)
    with pytest.raises(Unauthenticated, match="went back"):
        verified_directory(as_bytes(back), HUB_KEYS.public, held, held_digest, LATER)


def test_a_node_without_a_directory_takes_none_by_other_keys_of_the_hub():
    other = signer("hub 2")
    with pytest.raises(Unauthenticated, match="other keys"):
        verified_directory(as_bytes(HELD, other), other.public, None, "", LATER)


def test_a_bureau_that_signs_a_directory_is_no_hub():
    data = as_bytes(directory(hub="aldova"), signer("aldova"))
    with pytest.raises(Invalid, match="not an active member"):
        verified_directory(data, signer("aldova").public, None, "", LATER)


def test_an_expired_directory_is_not_taken_even_as_the_first():
    with pytest.raises(Unauthenticated, match="expired"):
        follow(SIGNED, None, NOW + timedelta(days=7))
    assert follow(SIGNED, None, NOW + timedelta(days=7, seconds=-1)) == HELD


def test_a_hub_cannot_sign_what_no_member_would_take():
    twice = member(manifest("daleland", "", address=BERGENIA.address))
    with pytest.raises(Conflict, match="address"):
        signed_directory(next_one(*MEMBERS, twice), HUB_KEYS)
    with pytest.raises(Unauthenticated):
        signed_directory(next_one(*instead("aldova", msgspec.structs.replace(MEMBERS[1], manifest=RENEWED))), HUB_KEYS)
    with pytest.raises(Unauthenticated):
        signed_directory(next_one(*instead("aldova", msgspec.structs.replace(MEMBERS[1], fingerprint="X"))), HUB_KEYS)


def test_a_hub_that_renews_its_node_keys_signs_the_news_with_the_old_ones():
    new_keys = signer("hub 2").public
    renewed = manifest(
        "hub", "", NodeRole.HUB, version=2, node_ed25519=b64u(new_keys.ed25519), node_mldsa65=b64u(new_keys.mldsa)
    )
    new = next_one(*instead("hub", renewed))
    assert follow(signed_directory(new, HUB_KEYS)) == new


def test_the_directory_carries_each_manifest_once():
    payload = verified(SIGNED, DIRECTORY, HUB_KEYS.public)
    assert set(decode(payload, dict, "directory")["members"][0]) == {"signed_manifest", "standing", "reason"}
    assert signed_manifest(HUB, root("hub")).startswith('{"payload":')
    assert ALDOVA.node == "aldova"
