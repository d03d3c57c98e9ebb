"""Every refusal the product can give, said so that the reader knows what to do next."""

from typing import ClassVar


class Refusal(Exception):
    """Something was asked that is not done. Carries what, where and what to do; nothing personal.

    `code` is stable and machine-readable; `what` a sentence; `do` the way out; `where` a field or line;
    `clauses` the legal clauses that decided, empty when none did.
    """

    code: ClassVar[str] = "refused"

    def __init__(self, what: str, *, do: str = "", where: str = "", clauses: tuple[str, ...] = ()) -> None:
        super().__init__(what)
        self.what = what
        self.do = do
        self.where = where
        self.clauses = clauses

    def __str__(self) -> str:
        return " ".join(part for part in (self.where and f"{self.where}:", self.what, self.do) if part)


class Invalid(Refusal, ValueError):
    """What was handed in is not well formed: a code, a date, a field.

    A ValueError too, so that the struct library reports it with the path of the field.
    """

    code = "invalid"


class Unauthenticated(Refusal):
    """Nobody we know said this: no token, a wrong signature, an unknown key."""

    code = "unauthenticated"


class Replayed(Unauthenticated):
    """A signed request came twice, or too late."""

    code = "replayed"


class NotPermitted(Refusal):
    """The law between the parties, or the caller's role, does not allow it."""

    code = "not-permitted"


class Missing(Refusal):
    """There is no such thing here, or none that this caller may know of."""

    code = "missing"


class Conflict(Refusal):
    """The thing stands otherwise than the request assumes."""

    code = "conflict"


class Unproved(Refusal):
    """What was brought does not follow from the proof that came with it."""

    code = "unproved"


class TooLarge(Refusal):
    """Over a named limit."""

    code = "too-large"


class Unavailable(Refusal):
    """Not now: a node is starting, stopping, or out of reach."""

    code = "unavailable"
