"""The box in which another's record lies until the law has said what may be shown."""

from typing import Generic, TypeVar

T = TypeVar("T")


class Held(Generic[T]):
    """Shut. Only `law/` opens it (`law.release`); printing, comparing or serialising it shows nothing."""

    __slots__ = ("_content",)

    def __init__(self, content: T) -> None:
        self._content = content

    def __repr__(self) -> str:
        return "Held(shut)"

    def __reduce__(self) -> str:
        raise TypeError("a held record does not travel; release it first")
