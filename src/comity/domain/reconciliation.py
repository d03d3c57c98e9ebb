"""What two members wrote down of exchanges between them, compared without either telling what the other does not know.

An exchange is an answer to a question, or a sealed letter. Each side computes the same key from its id, which nobody
can guess, and names the digest that both hold: the leaf of the entry of an answer, or the digest of a letter's box.
"""

import hashlib
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.dates import Moment

Name = Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX)]
Hash = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class Exchange(StrEnum):
    """What passed between two members."""

    ANSWER = "answer"
    LETTER = "letter"


class Exchanged(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of them, as it may be told to the other side: who disclosed, under which key, with which digest."""

    kind: Exchange
    source: Name
    key: Hash
    digest: Hash


Some = Annotated[tuple[Exchanged, ...], Meta(max_length=limits.RECONCILED_DIFFERENCES_MAX)]


class ReconciliationAsked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that one side has of a period, which is that of the ids: from the first moment, up to the second."""

    since: Moment
    until: Moment
    exchanged: Annotated[tuple[Exchanged, ...], Meta(max_length=limits.RECONCILED_MAX)]


class Reconciled(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the other side says of it, signed: it has no trace of these, others under these keys, and these beside."""

    by: Name
    to: Name
    since: Moment
    until: Moment
    at: Moment
    missing: Some = ()
    differing: Some = ()  # as the side that says it has them
    beside: Some = ()


class Own(Struct, frozen=True):
    """The same with what only this side knows of it."""

    exchanged: Exchanged
    id: str  # of the question or letter


class Recorded(Struct, frozen=True):
    """What one side has of a period; `explained` are keys of what ended otherwise: silent, recalled, on its way."""

    own: tuple[Own, ...]
    explained: dict[str, str]


def key_of(kind: Exchange, source: str, recipient: str, id_: str) -> str:
    """The same at both sides; whoever does not know the id cannot find it out."""
    parts = ("comity.reconciliation", kind.value, source, recipient, id_)
    return hashlib.sha256("\0".join(parts).encode("utf-8")).hexdigest()


def compared(asked: ReconciliationAsked, here: Recorded) -> tuple[Some, Some, Some]:
    """What of the other side's is missing here, what differs here, and what is here beside."""
    held: dict[str, set[str]] = {}
    for one in here.own:
        held.setdefault(one.exchanged.key, set()).add(one.exchanged.digest)
    told = {one.key for one in asked.exchanged}
    agreed = {one.key for one in asked.exchanged if one.digest in held.get(one.key, ())}
    missing = tuple(one for one in asked.exchanged if one.key not in held and one.key not in here.explained)
    differing = tuple(one.exchanged for one in here.own if one.exchanged.key in told - agreed)
    beside = tuple(
        one.exchanged for one in here.own if one.exchanged.key not in told and one.exchanged.key not in here.explained
    )
    return missing, differing, beside


def findings(said: Reconciled, here: Recorded) -> list[str]:
    """What does not agree, in plain words; nothing where both have the same, or what differs is explained."""
    mine = {one.exchanged.key: one for one in here.own if one.exchanged.key not in here.explained}
    lines = [
        f"{_named(mine[one.key], said.by)}: {said.by} has no trace of it." for one in said.missing if one.key in mine
    ]
    other = {one.key for one in said.differing} & mine.keys()
    lines += [f"{_named(mine[key], said.by)}: {said.by} wrote down another than came here." for key in sorted(other)]
    for one in said.beside:
        if one.key in here.explained or one.key in mine:
            continue
        told = f"{one.kind} of {one.source}" if one.source == said.by else f"{one.kind} of ours to {said.by}"
        lines.append(f"{said.by} wrote down what stands nowhere here: {told} (it knows it by {one.key[:16]}).")
    return lines


def _named(own: Own, other: str) -> str:
    one = own.exchanged
    whose = f"{one.kind} of {one.source}" if one.source == other else f"our {one.kind} to {other}"
    of = "to question" if one.kind is Exchange.ANSWER else "with id"
    return f"{whose} {of} {own.id}"
