"""Law as it was published: instruments with the documents that carry them and whom these bind, and what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass

from comity.domain.bundle import Gap
from comity.domain.instrument import Instrument, Layer
from comity.domain.lookup import Reason


@dataclass(frozen=True)
class Filed:
    """An instrument in use, with the SHA-256 (hex) of the signed documents that carry it.

    Between parties that are not all in `bound` it says nothing; None binds every party of its text.
    """

    instrument: Instrument
    digests: tuple[str, ...]
    bound: frozenset[str] | None = None

    def binds(self, *parties: str) -> bool:
        return self.bound is None or all(party in self.bound for party in parties)


@dataclass(frozen=True)
class Published:
    """What is in use on one day, and what should be and is not. `rulebook` is its one text; b"" for the shipped one."""

    filed: tuple[Filed, ...] = ()
    gaps: tuple[Gap, ...] = ()
    rulebook: bytes = b""


NOTHING_PUBLISHED = Published()


def bears_on(gap: Gap, asker: str, owner: str) -> bool:
    """Whether it bears on what one may be told by the other."""
    if gap.layer is not Layer.AGREEMENT:
        return not gap.parties or asker in gap.parties or owner in gap.parties
    sides = {asker, owner}
    return sides <= set(gap.parties) and (not gap.unbound or bool(sides & set(gap.unbound)))


def refusal(gap: Gap) -> Reason:
    """Names which law it is and what to do about it."""
    return Reason(clause=gap.name, text=gap.why, needed=gap.needed)


def without_documents(gaps: Sequence[Gap]) -> tuple[Gap, ...]:
    """Those that follow from nothing that is on file: whoever decides again must be given them."""
    return tuple(gap for gap in gaps if not gap.digests)
