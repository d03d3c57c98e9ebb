"""Who writes to whom in the tests of the sealed post, and what has become of it."""

from collections.abc import Sequence
from datetime import datetime

from comity.domain.evidence import Step
from comity.domain.journal import Act
from comity.domain.letter import Body, LetterParked, LetterRecall
from comity.peers.sealed_courier import Keys
from comity.testing.federation import ALDOVA, BERGENIA, Federation
from comity.wire.age import Identity, Recipient


class FewerKeys:
    """A node's keys without those of some, or without its own that open."""

    def __init__(self, keys: Keys, unknown: Sequence[str] = (), lost: bool = False) -> None:
        self.keys = keys
        self.unknown = unknown
        self.lost = lost

    def has_keys(self, node: str) -> bool:
        return node not in self.unknown and self.keys.has_keys(node)

    def key_for(self, node: str, now: datetime) -> tuple[Recipient, datetime]:
        return self.keys.key_for(node, now)

    def identities(self, now: datetime) -> Sequence[Identity]:
        return [Identity.generate()] if self.lost else self.keys.identities(now)


def write(federation: Federation, what: str, urgent: bool = False, sender: str = ALDOVA, to: str = BERGENIA) -> str:
    """A letter whose coming stands in the recipient's journal; its id."""
    body: Body = LetterRecall(letter=what) if urgent else LetterParked(letter="l", unknown_kind=what)
    with federation[sender].store.transaction() as tx:
        letter = tx.outbox.send(to, body, federation.time())
        tx.commit()
    return letter


def arrived(federation: Federation, node: str = BERGENIA, sender: str = ALDOVA) -> list[str]:
    """What was written as above and came, in the order in which it did."""
    return [
        one.outcome if one.act is Act.LETTER_PARKED else one.subject
        for one in federation.journal(node)
        if one.actor == sender and (one.act is Act.LETTER_PARKED or one.outcome == "awaited")
    ]


def steps(federation: Federation, node: str, letter: str) -> list[tuple[Step, str]]:
    """Which steps of a letter are proved at a node, and who signed each."""
    return [(proof.evidence.step, proof.evidence.by) for proof in federation[node].post.evidence(letter)]


def wrongs(federation: Federation, node: str = BERGENIA) -> list[str]:
    """What a node has noticed about its post."""
    return sorted(alarm.wrong.value for alarm in federation[node].post.alarms().values())
