"""This node, as its own desks know it."""

from msgspec import Struct

from comity.domain.bureau import NodeRole


class Here(Struct, frozen=True, kw_only=True):
    """Name, role, country (two letters, or '' for an organisation) and where its duty desk is reached."""

    node: str
    role: NodeRole
    country: str
    contact: str

    @property
    def party(self) -> str:
        """How agreements name it: by country, or by its own name."""
        return self.country or self.node

    @property
    def is_hub(self) -> bool:
        return self.role is NodeRole.HUB
