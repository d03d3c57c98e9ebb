"""What the desks need of the shelves of security incidents and of sanctions."""

from typing import Protocol

from comity.domain.incident import Incident
from comity.domain.sanction import Sanction


class Incidents(Protocol):
    def put(self, incident: Incident) -> None: ...

    def get(self, incident_id: str) -> Incident | None: ...

    def every(self) -> list[Incident]:
        """The oldest first."""
        ...


class Sanctions(Protocol):
    def put(self, sanction: Sanction) -> None: ...

    def get(self, sanction_id: str) -> Sanction | None: ...

    def every(self) -> list[Sanction]:
        """The oldest first."""
        ...
