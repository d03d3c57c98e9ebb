"""What the console does for people who see, hear or move otherwise, and what it does not do yet: open to everybody."""

from comity.web.console.gate import Arrival, Gate
from comity.web.console.page import Shown


def accessibility(arrival: Arrival) -> Shown:
    return Shown("accessibility.html")


GATES = (Gate(path="/accessibility", show=accessibility),)
