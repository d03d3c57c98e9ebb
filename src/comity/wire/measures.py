"""The corrective measures of a federation beside its directory, signed by the hub for one version of it.

The directory says of every member under a measure that it is suspended: a node of an earlier release knows nothing
else, and errs on the safe side. This document says what the measure is. What a node does not know in it is suspension.
"""

from datetime import date
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.bureau import Directory, Measure, Member, Standing
from comity.domain.errors import Conflict, Invalid
from comity.wire.canonical import decode, encode
from comity.wire.directory import digest
from comity.wire.pair import PublicPair, Signer
from comity.wire.signed import MEASURES, sign, verified

_FIRST = date(2000, 1, 1)
_KNOWN = {standing.value for standing in Standing} - {Standing.ACTIVE}


class _Measures(Struct, frozen=True, forbid_unknown_fields=True):
    """Measures by member; each is read by itself, so that one that is not known here does not hide the others."""

    directory: str  # SHA-256 (hex) of the signed directory that they go with
    hub: str
    measures: Annotated[
        tuple[dict[str, Any], ...], Meta(max_length=limits.MEMBERS_MAX * limits.MEASURES_PER_MEMBER_MAX)
    ]
    version: int


def signed_measures(directory: Directory, signed_directory: bytes, signer: Signer) -> bytes:
    """The measures of a directory's members, bound to the very bytes of that directory."""
    measures = tuple(msgspec.to_builtins(one) for member in directory.members for one in member.measures)
    payload = _Measures(digest(signed_directory), directory.hub, measures, directory.version)
    return sign(encode(payload), MEASURES, signer)


def with_measures(directory: Directory, signed_directory: bytes, data: bytes, hub: PublicPair) -> Directory:
    """The directory with the measures that its hub signed for it. Raises Unauthenticated, Conflict, Invalid, TooLarge.

    `hub` are the node keys that signed the directory.
    """
    read = decode(verified(data, MEASURES, hub), _Measures, "measures")
    # An older document would end a measure that was taken since. Falls without it: tests/wire/test_measures.py
    if (read.hub, read.version, read.directory) != (directory.hub, directory.version, digest(signed_directory)):
        raise Conflict(
            f"These measures go with another directory than version {directory.version}.", do="Follow the hub again."
        )
    measures = [_understood(one) for one in read.measures]
    if strangers := {one.member for one in measures} - {member.id for member in directory.members}:
        raise Invalid(f"{', '.join(sorted(strangers))} is no member.", where="measures")
    members = tuple(_measured(member, measures) for member in directory.members)
    return msgspec.structs.replace(directory, members=members)


def _measured(member: Member, measures: list[Measure]) -> Member:
    own = tuple(one for one in measures if one.member == member.id)
    if len(own) > limits.MEASURES_PER_MEMBER_MAX:
        raise Invalid(f"{member.id} has more than {limits.MEASURES_PER_MEMBER_MAX} measures.", where="measures")
    return msgspec.structs.replace(member, measures=own)


def _understood(one: dict[str, Any]) -> Measure:
    """What a later release may say here and this one does not know, is suspension, from now on and without end.

    Falls without it: tests/wire/test_measures.py
    """
    try:
        if one.get("standing") in _KNOWN:
            return msgspec.convert(one, Measure)
    except msgspec.ValidationError:
        pass
    return Measure(
        id=_text(one, "id"),
        member=_text(one, "member"),
        standing=Standing.SUSPENDED,
        reason=_text(one, "reason") or "A measure that this release does not know.",
        decided_by=_text(one, "decided_by") or "not known",
        first_day=_FIRST,
    )


def _text(one: dict[str, Any], field: str) -> str:
    value = one.get(field)
    return value[: limits.NAME_CHARS_MAX] if isinstance(value, str) else ""
