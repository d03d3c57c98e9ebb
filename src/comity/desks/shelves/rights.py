"""What the desks need of the shelf of persons' requests about themselves."""

from datetime import datetime
from typing import Protocol

from comity.domain.rights import Consultation, RightsRequest


class Rights(Protocol):
    """Requests of persons about themselves; and consultations, asked from here or of us."""

    def put(self, request: RightsRequest) -> None: ...

    def get(self, request_id: str) -> RightsRequest | None: ...

    def every(self) -> list[RightsRequest]:
        """The oldest first."""
        ...

    def file(self, consultation: Consultation) -> None: ...

    def consultation(self, consultation_id: str) -> Consultation | None: ...

    def consulted(self, request_id: str) -> list[Consultation]:
        """Of one request; with '' those in which another node asks us."""
        ...

    def late(self, now: datetime) -> list[Consultation]:
        """Without a word, and their time is over."""
        ...

    def empty(self, request: RightsRequest) -> None:
        """Only what is left of the request stays; all that was said of it is destroyed."""
        ...

    def strip(self, consultation: Consultation) -> None:
        """What was said in it is destroyed."""
        ...
