"""What a detector is: it sees every act, and says at the end of a week how far each officer's goes."""

from typing import NamedTuple, Protocol

from comity.analysis.misuse.traces import Trace
from comity.domain.misuse import Oddity


class Strange(NamedTuple):
    """How far a week goes, in a measure of the detector's own; larger is stranger, and 0 is nothing."""

    value: float
    told: str  # what is unusual, in plain words: a part of a sentence


class Detector(Protocol):
    @property
    def oddity(self) -> Oddity: ...

    def see(self, trace: Trace) -> None: ...

    def close(self, week: int) -> dict[str, Strange]:
        """By officer, of the week that has just ended; whoever did nothing strange is left out."""
        ...
