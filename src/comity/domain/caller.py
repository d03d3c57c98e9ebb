"""Who asks: officers of a bureau, its systems, and the bureau itself as others see it."""

from enum import StrEnum

from msgspec import Struct

from comity.domain.circumstances import EntityKind
from comity.domain.errors import NotPermitted


class Role(StrEnum):
    OFFICER = "officer"
    DUTY_OFFICER = "duty-officer"
    SUPERVISOR = "supervisor"
    REVIEWER = "reviewer"
    DATA_PROTECTION_OFFICER = "data-protection-officer"
    AUDITOR = "auditor"
    SUPERVISORY_BODY = "supervisory-body"  # from outside: watches over the bureau, looks nothing up
    ANALYST = "analyst"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"


class Account(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One person or system of this bureau. Never leaves the bureau; others see only `id`."""

    id: str
    login: str  # a slug, unique in the bureau
    name: str
    unit: str
    roles: frozenset[Role]
    suspended: bool = False


class Caller(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who stands at the door: known by a token or by being the operator of the node's machine."""

    account: str
    login: str
    bureau: str
    country: str
    unit: str
    roles: frozenset[Role]
    on_behalf_of: str = ""  # a system names the officer it asks for
    site: str = ""  # from which they came in, where the bureau has listed its sites


OPERATOR = "operator"  # the account of whoever works on the node's own machine: `operator:LOGIN`


class Asker(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What another node learns of who asks: the bureau, the unit and its kind, an opaque id, the roles."""

    bureau: str
    country: str
    unit: str
    officer: str
    roles: tuple[Role, ...]
    entity: EntityKind | None = None  # as the bureau has it of the unit; left out towards nodes that do not know it


def require(caller: Caller, wanted: frozenset[Role], act: str) -> None:
    """At least one of the wanted roles. Raises NotPermitted."""
    if caller.roles.isdisjoint(wanted):
        roles = ", ".join(sorted(wanted))
        raise NotPermitted(f"Your roles do not let you {act}.", do=f"Ask someone who is {roles}.")
