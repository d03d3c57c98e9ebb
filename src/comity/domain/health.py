"""How a node is: which checks hold, and what somebody should see to; in words that name no person and no record."""

from msgspec import Struct


class Checked(Struct, frozen=True, kw_only=True, omit_defaults=True):
    name: str
    ok: bool
    why: str = ""


class Health(Struct, frozen=True, kw_only=True):
    ok: bool
    checks: tuple[Checked, ...]
    advice: tuple[str, ...] = ()  # what somebody should see to, though the node does its work
