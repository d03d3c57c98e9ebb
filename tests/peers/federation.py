"""The usual cast as nodes that can sign: Aldova asks, Bergenia owns, Corvia must not see, the hub directs."""

import hashlib
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple

import msgspec

from comity.domain.bureau import Directory, Manifest, Member, NodeRole, Standing
from comity.domain.caller import Asker, Role
from comity.domain.lookup import DocumentQuery, Question
from comity.domain.purpose import Purpose
from comity.keys.pair import PairSigner
from comity.keys.tls import self_signed
from comity.wire.canonical import b64u
from comity.wire.directory import digest, signed_directory
from comity.wire.http import authority_of
from comity.wire.manifest import signed_manifest, verified_manifest

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
COUNTRIES = {"hub": "", "aldova": "XA", "bergenia": "XB", "corvia": "XC"}


class Station(NamedTuple):
    """One node's identity: its keys, and how the directory has it."""

    name: str
    root: PairSigner
    signer: PairSigner
    member: Member

    @property
    def authority(self) -> str:
        return authority_of(self.member.manifest.address)


def keys_of(name: str, level: int) -> PairSigner:
    seeds = [hashlib.sha256(f"{name} {level} {kind}".encode()).digest() for kind in ("ed25519", "mldsa")]
    return PairSigner(seeds[0], seeds[1], level)


@cache
def station(name: str, keys: str = "", version: int = 1) -> Station:
    """`keys`: a word from which other keys are made than those the directory has."""
    root, signer = keys_of(f"{name}{keys} root", 87), keys_of(f"{name}{keys} node", 65)
    manifest = Manifest(
        node=name,
        name=name.title(),
        role=NodeRole.HUB if name == "hub" else NodeRole.BUREAU,
        country=COUNTRIES[name],
        version=version,
        issued_at=NOW.isoformat(),
        address=f"https://{name}.example:8443",
        contact=f"desk@{name}.example",
        root_ed25519=b64u(root.public.ed25519),
        root_mldsa87=b64u(root.public.mldsa),
        node_ed25519=b64u(signer.public.ed25519),
        node_mldsa65=b64u(signer.public.mldsa),
        tls_certificate=self_signed(name, [f"{name}.example"], NOW)[0].decode(),
    )
    signed = signed_manifest(manifest, root)
    return Station(
        name, root, signer, Member(manifest=manifest, signed_manifest=signed, fingerprint=verified_manifest(signed)[1])
    )


def directory(
    *names: str, version: int = 1, previous: str = "", suspended: str = "", issued_at: datetime = NOW
) -> Directory:
    """The hub's directory of these members (all four where none is named)."""
    members = [station(name).member for name in names or COUNTRIES]
    return Directory(
        hub="hub",
        version=version,
        previous=previous,
        issued_at=issued_at.isoformat(),
        expires_at=(issued_at + timedelta(days=7)).isoformat(),
        members=tuple(
            msgspec.structs.replace(member, standing=Standing.SUSPENDED, reason="keys were stolen")
            if member.id == suspended
            else member
            for member in members
        ),
    )


def next_directory(held: bytes, version: int, **how: object) -> tuple[Directory, bytes]:
    """The one that follows a signed directory, and its signed bytes."""
    following = directory(version=version, previous=digest(held), **how)  # type: ignore[arg-type]
    return following, signed_directory(following, station("hub").signer)


def question(asker: str = "aldova", country: str = "XA", number: str = "X1234567") -> Question:
    return Question(
        id=f"0195a000-0000-7000-8000-{number[-7:]:0>12}",
        query=DocumentQuery(country="XBE", number=number),
        purpose=Purpose.BORDER_CONTROL,
        case="A-2026-17",
        asker=Asker(bureau=asker, country=country, unit="north gate", officer="officer-1", roles=(Role.OFFICER,)),
        asked_at=NOW,
    )


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def go_on(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Entropy:
    """Different bytes each time, the same in every run."""

    def __init__(self) -> None:
        self.drawn = 0

    def __call__(self, count: int) -> bytes:
        self.drawn += 1
        return hashlib.sha256(b"%d" % self.drawn).digest()[:count]
