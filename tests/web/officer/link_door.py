"""A door with nothing behind it but links."""

from comity.web.metrics import Metrics
from comity.web.officer.door import OfficerDoor
from comity.web.officer.needs import Desks
from tests.web.officer.desk import OneAccount
from tests.web.officer.link_desk import OneLink


def door() -> OfficerDoor:
    """Only what links need stands behind it."""
    behind = {"links": OneLink(), "accounts": OneAccount(), "counter": Metrics()}
    return OfficerDoor(Desks(**dict.fromkeys(Desks.__struct_fields__) | behind))
