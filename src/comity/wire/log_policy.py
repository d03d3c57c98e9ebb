"""Whose word is enough for a checkpoint: logs, witnesses, groups of them and a quorum, as a file (C2SP tlog-policy)."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from comity.domain import limits
from comity.domain.errors import Invalid, TooLarge, Unproved
from comity.wire.checkpoint import ED25519, ML_DSA_65
from comity.wire.cosignature import KEY_BYTES, verified_line
from comity.wire.note import VerifierKey, read_vkey, split
from comity.wire.pair import PublicPair

NONE = "none"

_ALLOWED = re.compile(r"[\t\n\x20-\x7e\x80-\xff]*")


class Group(Struct, frozen=True):
    """So many of these, witnesses or groups, must have seen a checkpoint."""

    threshold: int
    members: tuple[str, ...]


class Policy(Struct, frozen=True):
    """By name; a witness of this federation is a group of its two keys, of which all must have signed."""

    logs: tuple[VerifierKey, ...]
    witnesses: dict[str, VerifierKey]
    groups: dict[str, Group]
    quorum: str

    def log(self, origin: str) -> PublicPair:
        """The two keys of a log of ours, which both count. Raises Invalid for a log that the policy does not name."""
        keys = [bytes([key.type]) + key.key for key in self.logs if key.name == origin]
        ed25519, ml_dsa_65 = (
            [key.removeprefix(kind) for key in keys if key.startswith(kind)] for kind in (ED25519, ML_DSA_65)
        )
        if len(ed25519) != 1 or len(ml_dsa_65) != 1:
            raise Invalid(f"The policy does not name both keys of {origin}.", do="Ask a member for its policy.")
        return PublicPair(ed25519[0], ml_dsa_65[0], 65)

    def lacks(self, name: str, seen: Mapping[str, datetime]) -> bool:
        """Whether that witness or group did not see what these witnesses saw."""
        if name == NONE:
            return False
        group = self.groups.get(name)
        if group is None:
            return name not in seen
        return sum(not self.lacks(member, seen) for member in group.members) < group.threshold


def log_keys(origin: str, pair: PublicPair) -> tuple[VerifierKey, VerifierKey]:
    """The keys of a node as those of its log."""
    return (
        VerifierKey(origin, ED25519[0], pair.ed25519),
        VerifierKey(origin, ML_DSA_65[0], ML_DSA_65[1:] + pair.mldsa),
    )


def quorum_of(note: str, policy: Policy) -> dict[str, datetime]:
    """Which witnesses of the policy saw a checkpoint, and when, where they are enough.

    Raises Unproved where they are not; Unauthenticated where a line of a key that is known is wrong; Invalid, TooLarge.
    """
    text, lines = split(note)
    seen = {
        name: verified_line(text, line, key)
        for name, key in policy.witnesses.items()
        for line in lines
        if (line.name, line.key_id) == (key.name, key.key_id)
    }
    # Falls without it: tests/attacks/test_wire_log_policy.py
    if policy.lacks(policy.quorum, seen):
        raise Unproved(
            f"{len(seen)} of {len(policy.witnesses)} keys of witnesses signed, and they are not the quorum.",
            do="Ask for a proof with more witnesses.",
        )
    return seen


def read_policy(data: bytes) -> Policy:
    """Raises Invalid with the line, TooLarge."""
    if len(data) > limits.LOG_POLICY_BYTES_MAX:
        raise TooLarge(f"A policy has {limits.LOG_POLICY_BYTES_MAX} bytes at most.")
    text = data.decode("latin-1")  # names are opaque octets
    if not _ALLOWED.fullmatch(text):
        raise Invalid("A policy holds no control characters.", where="policy")
    reading = _Reading()
    for number, line in enumerate(text.split("\n"), 1):
        words = line.replace("\t", " ").split()
        if words and not words[0].startswith("#"):
            reading.take(words, f"line {number}")
    return reading.policy()


class _Reading:
    """A policy as far as it was read: a line names only what stands above it."""

    def __init__(self) -> None:
        self.logs: list[VerifierKey] = []
        self.witnesses: dict[str, VerifierKey] = {}
        self.groups: dict[str, Group] = {}
        self.grouped: set[str] = set()
        self.quorum = ""

    def take(self, words: Sequence[str], where: str) -> None:
        takers: dict[str, tuple[Callable[[Sequence[str], str], None], range]] = {
            "log": (self._log, range(2, 4)),
            "witness": (self._witness, range(3, 5)),
            "group": (self._group, range(4, limits.LOG_POLICY_NAMES_MAX)),
            "quorum": (self._quorum, range(2, 3)),
        }
        taker, lengths = takers.get(words[0], (None, range(0)))
        if taker is None or len(words) not in lengths:
            raise Invalid("This is no line of a policy.", where=where, do="See docs/protocol/log.md.")
        taker(words[1:], where)

    def policy(self) -> Policy:
        if not self.quorum:
            raise Invalid("A policy has exactly one quorum.", where="policy")
        return Policy(tuple(self.logs), self.witnesses, self.groups, self.quorum)

    def _log(self, words: Sequence[str], where: str) -> None:
        key = read_vkey(words[0])
        if any(held.key == key.key for held in self.logs):
            raise Invalid("This key of a log stands here twice.", where=where)
        self.logs.append(key)

    def _witness(self, words: Sequence[str], where: str) -> None:
        name, key = words[0], read_vkey(words[1])
        if len(key.key) != KEY_BYTES.get(key.type):
            raise Invalid("With this key nobody cosigns.", where=where)
        # One key under two names would count twice. Falls without it: tests/attacks/test_wire_log_policy.py
        if any(held.key == key.key for held in self.witnesses.values()):
            raise Invalid("This key of a witness stands here twice.", where=where)
        self._new(name, where)
        self.witnesses[name] = key

    def _group(self, words: Sequence[str], where: str) -> None:
        name, how, *members = words
        for member in members:
            # Each counts once, and towards one group. Falls without it: tests/attacks/test_wire_log_policy.py
            if member in self.grouped or member not in (*self.witnesses, *self.groups):
                raise Invalid(f"{member} is not named above, or stands in a group already.", where=where)
            self.grouped.add(member)
        threshold = {"all": len(members), "any": 1}.get(how) or _whole(how, where)
        if not 1 <= threshold <= len(members):
            raise Invalid(f"A group of {len(members)} cannot have a threshold of {threshold}.", where=where)
        self._new(name, where)
        self.groups[name] = Group(threshold, tuple(members))

    def _quorum(self, words: Sequence[str], where: str) -> None:
        if self.quorum or words[0] not in (NONE, *self.witnesses, *self.groups):
            raise Invalid("A policy has one quorum, which is named above.", where=where)
        self.quorum = words[0]

    def _new(self, name: str, where: str) -> None:
        if name == NONE or name in self.witnesses or name in self.groups:
            raise Invalid(f"{name} cannot be named here.", where=where)
        if len(self.witnesses) + len(self.groups) >= limits.LOG_POLICY_NAMES_MAX:
            raise TooLarge(f"A policy has {limits.LOG_POLICY_NAMES_MAX} names at most.")


def _whole(text: str, where: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,5}", text):
        raise Invalid("A group takes `all`, `any`, or a number.", where=where)
    return int(text)
