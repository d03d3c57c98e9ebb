"""What the desks need of the shelves of cases and of the messages in them."""

from datetime import date, datetime
from typing import Protocol

from comity.domain.case import Case, Item
from comity.domain.mail import Mail, Translation


class Cases(Protocol):
    """Cases, each with its people and what lies in it."""

    def put(self, case: Case) -> None: ...

    def get(self, case_id: str) -> Case | None: ...

    def numbered(self, number: str) -> Case | None: ...

    def of(self, account: str, limit: int) -> list[Case]:
        """In which that account is allowed: open ones first, then the newest."""
        ...

    def without_end(self, limit: int) -> list[Case]:
        """Closed ones of which nobody has worked out until when they may be kept."""
        ...

    def ending(self, by: date, limit: int) -> list[Case]:
        """Those that may be kept until that day at the longest, the first to end first."""
        ...

    def ending_untold(self, by: date, limit: int) -> list[Case]:
        """The same of which nobody was told."""
        ...

    def empty(self, case: Case) -> None:
        """Nothing of what lay in it, or of what it was before, is left."""
        ...

    def attach(self, item: Item) -> None: ...

    def items(self, case_id: str) -> list[Item]: ...


class Mails(Protocol):
    """Messages drafted, sent and come."""

    def put(self, one: Mail) -> None: ...

    def get(self, mail_id: str) -> Mail | None: ...

    def forget(self, mail_id: str) -> None: ...

    def of(self, account: str, unfiled: bool, limit: int) -> list[Mail]:
        """In the cases of that account, where asked also what is not filed: running clocks first, then the newest."""
        ...

    def of_case(self, case_id: str) -> list[Mail]:
        """Oldest first."""
        ...

    def of_thread(self, thread: str) -> list[Mail]: ...

    def carried_by(self, bureau: str, letter: str) -> Mail | None:
        """The message that this letter carried, to that bureau or from it."""
        ...

    def annotate(self, translation: Translation) -> None: ...

    def translations(self, mail_id: str) -> list[Translation]:
        """Oldest first."""
        ...

    def without_end(self, limit: int) -> list[Mail]:
        """Messages of which nobody has worked out until when they may be kept."""
        ...

    def ending(self, by: date, limit: int) -> list[Mail]:
        """Those that may be kept until that day at the longest, the first to end first."""
        ...

    def ending_untold(self, by: date, limit: int) -> list[Mail]:
        """The same of which nobody was told."""
        ...

    def overdue(self, now: datetime) -> list[Mail]: ...
