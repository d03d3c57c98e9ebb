"""How much of a record is told: nothing, that there is a hit, the core, all."""

from enum import IntEnum


class ReplyLevel(IntEnum):
    NOTHING = 0
    HIT = 1  # there is a hit, and whom to ask
    CORE = 2  # the fields needed to act
    FULL = 3  # the whole record

    @property
    def word(self) -> str:
        """As agreements, the wire and screens write it."""
        return self.name.lower()
