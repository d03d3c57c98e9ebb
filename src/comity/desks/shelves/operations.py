"""What the desks need of the shelf of joint operations."""

from typing import Protocol

from comity.domain.operation import OperationEntry, OperationHead, Ordered, Vouch


class Operations(Protocol):
    """Joint operations with their logs, what waits for its place, and what members vouch for."""

    def put(self, head: OperationHead) -> None: ...

    def get(self, operation_id: str) -> OperationHead | None: ...

    def of(self, account: str, unfiled: bool, limit: int) -> list[OperationHead]:
        """Of the cases of that account, where asked also those that are not filed; newest first."""
        ...

    def of_case(self, case_id: str) -> list[OperationHead]: ...

    def forget(self, operation_id: str) -> None:
        """An operation with its whole log."""
        ...

    def log_entry(self, ordered: Ordered) -> None: ...

    def log(self, operation_id: str) -> list[Ordered]:
        """By number; there may be gaps."""
        ...

    def await_order(self, entry: OperationEntry) -> None:
        """It was written here and is on its way to the lead."""
        ...

    def awaiting(self, operation_id: str) -> list[OperationEntry]:
        """Oldest first."""
        ...

    def awaited_in(self, entry_id: str) -> list[str]:
        """The operation in which that entry waits for its place; empty where it waits in none."""
        ...

    def placed(self, entry_id: str) -> OperationEntry | None:
        """What was written here under that id waits no more; None where nothing did."""
        ...

    def vouch(self, bureau: str, vouch: Vouch) -> None:
        """The first word of a bureau on a place counts."""
        ...

    def vouched_ahead(self, bureau: str) -> int:
        """How many words of a bureau there are on entries that are not here."""
        ...

    def vouches(self, operation_id: str) -> dict[tuple[int, str], str]:
        """Digest by number and bureau."""
        ...
