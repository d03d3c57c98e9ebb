"""Forms that were sent: each is done once, however often somebody presses; the second press gets the same answer."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from comity.domain import limits
from comity.web.console.page import Moved, Outcome


class _Sent:
    def __init__(self) -> None:
        self.lock = Lock()
        self.moved: Moved | None = None


class Once:
    """`key`: of whom and which form. A form that was refused may be sent again; what was done is not done twice."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._sent: OrderedDict[tuple[str, str], _Sent] = OrderedDict()

    def done(self, key: tuple[str, str], act: Callable[[], Outcome]) -> Outcome:
        with self._lock:
            sent = self._sent.setdefault(key, _Sent())
            while len(self._sent) > limits.CONSOLE_FORMS_REMEMBERED_MAX:
                self._sent.popitem(last=False)
        # A second press waits for the first. Falls without it: tests/web/console/test_once.py
        with sent.lock:
            if sent.moved is not None:
                return sent.moved
            outcome = act()
            if isinstance(outcome, Moved):
                sent.moved = outcome
            return outcome
