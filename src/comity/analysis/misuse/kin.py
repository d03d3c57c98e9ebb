"""Oneself, one's family, one's colleagues: known by their names, and a shared name says more the rarer it is."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from math import log2

from comity.analysis.misuse.detector import Strange
from comity.analysis.misuse.traces import Peer, Sort, Trace
from comity.domain.misuse import Oddity

ONESELF, COLLEAGUE, ELSEWHERE = 12.0, 10.0, 2.0
COMMON_BITS = 7.0  # a word that more than one name in 128 has says nothing
WORDS_ENOUGH = 500  # names looked up, before rarity is known


class Kin:
    oddity = Oddity.KIN

    def __init__(self, peers: Mapping[str, Peer]) -> None:
        self.peers = peers
        self._colleagues: dict[tuple[str, ...], set[str]] = defaultdict(set)  # words: ids
        for id_, peer in peers.items():
            if len(peer.words) > 1:
                self._colleagues[peer.words].add(id_)
        self._words: Counter[str] = Counter()
        self._names = 0
        self._asked: dict[str, set[tuple[str, ...]]] = defaultdict(set)

    def see(self, trace: Trace) -> None:
        if trace.sort is Sort.ASKED and trace.words:
            self._names += 1
            self._words.update(trace.words)
            self._asked[trace.officer].add(trace.words)

    def close(self, week: int) -> dict[str, Strange]:
        found = {}
        for officer, names in self._asked.items():
            own = self.peers[officer].words if officer in self.peers else ()
            told: Counter[str] = Counter()
            value = 0.0
            for words in names:
                bits, kind = self._near(officer, own, words)
                value += bits
                told[kind] += bits > 0
            if value > 0:
                said = ", ".join(f"{count} {kind}" for kind, count in told.items() if count)
                found[officer] = Strange(value, f"looked up {said}")
        self._asked.clear()
        return found

    def _near(self, officer: str, own: tuple[str, ...], words: tuple[str, ...]) -> tuple[float, str]:
        if words == own:
            return ONESELF, "of their own name in full"
        if colleagues := self._colleagues.get(words, set()) - {officer}:
            unit = self.peers[officer].unit if officer in self.peers else ""
            if any(self.peers[one].unit == unit for one in colleagues):
                return COLLEAGUE, "with the full name of a colleague of the same unit"
            return ELSEWHERE, "with the full name of an officer of another unit"
        shared = set(own) & set(words)
        bits = max((self._rarity(word) for word in shared), default=0.0)
        return max(0.0, bits - COMMON_BITS), "with a rare name in common with the officer"

    def _rarity(self, word: str) -> float:
        if self._names < WORDS_ENOUGH:
            return 0.0
        return log2((self._names + 1) / (self._words[word] + 1))
