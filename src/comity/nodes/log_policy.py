"""Whom this node believes about logs: every member that witnesses them, and more than half of the world's regions."""

from collections.abc import Callable, Iterator
from pathlib import Path

from comity.domain.bureau import Directory, Standing
from comity.domain.errors import Missing, Unavailable
from comity.domain.journal import DISCLOSURES
from comity.domain.region import region
from comity.wire.cosignature import ED25519, Witness
from comity.wire.log_policy import log_keys
from comity.wire.manifest import node_pair

ORGANISATIONS = "organisations"  # members without a country, the hub among them
_SUFFIX = {ED25519: "ed25519"}


def policy_text(directory: Directory | None, witness_of: Callable[[str], Witness | None], file: str) -> bytes:
    """The policy of `file`; where none is named, one made of the members. Raises Missing, Unavailable."""
    if file:
        if not Path(file).is_file():
            raise Missing(f"There is no file {file}.", where="witnesses.policy", do="Correct the setting.")
        return Path(file).read_bytes()
    if directory is None:
        raise Unavailable("This node holds no directory that may be used.", do="See that it can reach its hub.")
    return "".join(f"{line}\n" for line in _lines(directory, witness_of)).encode()


def _lines(directory: Directory, witness_of: Callable[[str], Witness | None]) -> Iterator[str]:
    regions: dict[str, list[str]] = {}
    for member in directory.members:
        yield from (f"log {key}" for key in log_keys(f"{member.id}/{DISCLOSURES}", node_pair(member.manifest)))
    used: set[bytes] = set()
    for member in directory.members:
        witness = witness_of(member.id)
        # Whoever names another's key spoils the file for nobody.
        # Falls without it: tests/federation/test_hostile_logs.py
        if witness is None or member.standing is Standing.SUSPENDED or used & {key.key for key in witness.keys}:
            continue
        used |= {key.key for key in witness.keys}
        keys = {f"{member.id}-{_SUFFIX.get(key.type, 'ml-dsa-44')}": key for key in witness.keys}
        yield from (f"witness {name} {key}" for name, key in keys.items())
        yield f"group {member.id} all {' '.join(keys)}"
        where = region(member.manifest.country) if member.manifest.country else None
        regions.setdefault(where.value if where else ORGANISATIONS, []).append(member.id)
    for name, members in sorted(regions.items()):
        yield f"group region:{name} any {' '.join(members)}"
    if regions:
        yield f"group regions {len(regions) // 2 + 1} {' '.join(f'region:{name}' for name in sorted(regions))}"
    yield f"quorum {'regions' if regions else 'none'}"
