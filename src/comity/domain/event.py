"""What came while an officer was looking elsewhere: of what kind, which, when; never what it says."""

from enum import StrEnum

from msgspec import Struct

from comity.domain.dates import Moment
from comity.domain.journal import Act


class Arrival(StrEnum):
    """What can come."""

    MESSAGE = "message"
    OPENED = "opened"  # a message of ours, elsewhere
    TRANSLATION = "translation"
    FILE = "file"  # all of one that a message spoke of
    OVERDUE = "overdue"  # a message that was not answered in time
    ENDING = "ending"  # a message that ends soon: what is still needed must be used
    OPERATION = "operation"  # an entry in the log of one
    HIT = "hit"  # found, asked about, answered


# act in the journal: what it is to officers.  tests/desks/test_events.py
ARRIVALS: dict[Act, Arrival] = {
    Act.MESSAGE_ARRIVED: Arrival.MESSAGE,
    Act.MESSAGE_OPENED: Arrival.OPENED,
    Act.MESSAGE_TRANSLATED: Arrival.TRANSLATION,
    Act.FILE_ARRIVED: Arrival.FILE,
    Act.MESSAGE_ESCALATED: Arrival.OVERDUE,
    Act.MESSAGE_ENDING: Arrival.ENDING,
    Act.OPERATION_ARRIVED: Arrival.OPERATION,
    Act.HIT_ALERTED: Arrival.HIT,
    Act.HIT_CONFIRMATION_REQUESTED: Arrival.HIT,
    Act.HIT_CONFIRMED: Arrival.HIT,
    Act.HIT_DENIED: Arrival.HIT,
    Act.HIT_PROMISED: Arrival.HIT,
    Act.HIT_ESCALATED: Arrival.HIT,
}


class Event(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`number` is its place in this node's journal: whoever names it gets what came after."""

    number: int
    arrival: Arrival
    subject: str  # the id of the message, operation or hit
    at: Moment
