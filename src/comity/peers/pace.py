"""How much is carried over a line at once, and how long one waits for it: as the line turns out to be."""

from comity.domain import limits


class Pace:
    """Begins as for a good line. What did not get through in its time is tried with half as much and twice the time."""

    def __init__(self) -> None:
        self.bytes_max = limits.POST_REQUEST_BYTES_MAX
        self.within_seconds = limits.POST_WITHIN_SECONDS

    def failed(self, tried_bytes: int) -> None:
        """No whole answer came in time: `tried_bytes` were too many, or the time too short."""
        self.bytes_max = max(min(self.bytes_max, tried_bytes) // 2, limits.POST_REQUEST_BYTES_MIN)
        self.within_seconds = min(2 * self.within_seconds, limits.POST_WITHIN_SECONDS_MAX)

    def passed(self, tried_bytes: int) -> None:
        """It got through. More is tried next time only where as much as is allowed was carried."""
        if 2 * tried_bytes >= self.bytes_max:
            self.bytes_max = min(2 * self.bytes_max, limits.POST_REQUEST_BYTES_MAX)
            self.within_seconds = max(self.within_seconds / 2, limits.POST_WITHIN_SECONDS)
