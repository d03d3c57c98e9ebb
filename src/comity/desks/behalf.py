"""For whom a system acts: whoever asks through one is named."""

from comity.domain.caller import Caller, Role
from comity.domain.errors import Invalid


def require_officer_named(caller: Caller) -> None:
    """A system names the officer it acts for. Raises Invalid."""
    if Role.SYSTEM in caller.roles and not caller.on_behalf_of.strip():
        raise Invalid("A system must name the officer it asks for.", where="on_behalf_of", do="Add on_behalf_of.")
