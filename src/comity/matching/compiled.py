"""Inner loops as machine code where numba is present; without it the same source runs as Python."""

import hashlib
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache, wraps
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import FunctionType
from typing import Any, Generic, ParamSpec, TypeVar, cast

import numpy as np

from comity.domain.limits import CODE_OF_OTHER_SOURCES_KEPT_SECONDS

P = ParamSpec("P")
R = TypeVar("R")


@cache
def is_compiled() -> bool:
    """Whether inner loops run as machine code here: numba is present, and COMITY_COMPILED=0 does not forbid it."""
    return os.environ.get("COMITY_COMPILED", "1") != "0" and find_spec("numba") is not None


_ready = threading.Event()
_ready.set()
_own = threading.local()


def plainly_until_ready() -> None:
    """Nobody waits for a compiler: all runs as Python, but for the thread that makes ready, until that is done."""
    _ready.clear()


@contextmanager
def making_ready() -> Iterator[None]:
    """In here, and in this thread alone, machine code is made and loaded; afterwards everybody runs it."""
    _own.makes = True
    try:
        yield
        _ready.set()
    finally:
        _own.makes = False


def runs_as_machine_code() -> bool:
    """Whether a call would run as machine code now."""
    return is_compiled() and (_ready.is_set() or getattr(_own, "makes", False))


class Compiled(Generic[P, R]):
    """A function that becomes machine code when it is first called, so that importing it costs nothing."""

    def __init__(self, function: Callable[P, R], makes_arrays: bool = False) -> None:
        self.function = cast(FunctionType, function)
        self.makes_arrays = makes_arrays
        self.__doc__, self.__name__ = function.__doc__, self.function.__name__
        self._called: Callable[P, R] | None = None

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        if self._called is None:
            if is_compiled() and not _ready.is_set():
                form = self.machine_code() if runs_as_machine_code() else _counting_on(self.python())
                return cast(R, form(*args, **kwargs))
            self._called = self.machine_code() if is_compiled() else _counting_on(self.python())
        return self._called(*args, **kwargs)

    @cache  # noqa: B019 - there is one of each for as long as the program runs
    def machine_code(self) -> Any:
        return self._made(Compiled.inner_code, cache=True)

    @cache  # noqa: B019
    def inner_code(self) -> Any:
        """As it stands inside another, which is kept for the next start with all that it calls."""
        return self._made(Compiled.inner_code, no_cpython_wrapper=True, no_cfunc_wrapper=True)

    def _made(self, inner: Callable[["Compiled[..., Any]"], Any], **options: bool) -> Any:
        """Arrays that are only handed on need no counting of who holds them, which takes longer than comparing."""
        counted = {} if self.makes_arrays else {"_nrt": False}
        return _numba().njit(nogil=True, error_model="numpy", **options, **counted)(self._with_inner(inner))

    @cache  # noqa: B019
    def python(self) -> Any:
        return self._with_inner(Compiled.python)

    def _with_inner(self, form: Callable[["Compiled[..., Any]"], Any]) -> FunctionType:
        """The same code, where every compiled function that it names stands in that form."""
        function = self.function
        known = dict(function.__globals__)
        for name in function.__code__.co_names:
            if isinstance(one := known.get(name), Compiled):
                known[name] = form(one)
        resolved = FunctionType(function.__code__, known, function.__name__, function.__defaults__)
        resolved.__qualname__, resolved.__module__ = function.__qualname__, function.__module__
        return resolved


def _counting_on(function: Callable[P, R]) -> Callable[P, R]:
    """Whole numbers that grow too large begin again at nought, as they do in machine code; Python would warn."""

    @wraps(function)
    def called(*args: P.args, **kwargs: P.kwargs) -> R:
        with np.errstate(over="ignore"):
            return function(*args, **kwargs)

    return called


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Decorates a function of numbers, strings of bytes and arrays; it may call other decorated functions.

    One that makes arrays does not compile; it is decorated with `compiled_making_arrays`.
    """
    return Compiled(function)


def compiled_making_arrays(function: Callable[P, R]) -> Callable[P, R]:
    """The same for a function that makes arrays, or calls one that does; several times slower where it is called."""
    return Compiled(function, makes_arrays=True)


def plainly(function: Callable[P, R]) -> Callable[P, R]:
    """A decorated function as Python runs it, for so few calls that machine code is not worth loading."""
    return cast(Callable[P, R], function.python()) if isinstance(function, Compiled) else function


@cache
def _numba() -> Any:
    # numba looks at the file of the outermost function alone; a change of a function that it calls would go unseen.
    # Falls without it: tests/matching/test_compiled.py, a changed inner function
    numba = import_module("numba")
    folder = cache_folder()
    if not folder.exists():
        remove_others(folder, time.time())
    numba.config.CACHE_DIR = str(folder)
    return numba


def remove_others(folder: Path, now: float) -> None:
    """The machine code of sources that are no more, beside this folder; without, each version would leave its own."""
    for other in folder.parent.glob("compiled-*"):
        with suppress(FileNotFoundError):  # another has just removed it
            # Somebody may still be writing what began a moment ago.
            # Falls without it: tests/matching/test_compiled.py, code that is being made
            if other != folder and now - other.stat().st_mtime > CODE_OF_OTHER_SOURCES_KEPT_SECONDS:
                shutil.rmtree(other, ignore_errors=True)


def cache_folder() -> Path:
    """Where machine code of this very source lies."""
    here = Path(__file__).parent
    return here / "__pycache__" / f"compiled-{sources_digest(here)}"


def sources_digest(folder: Path) -> str:
    """Of all files that hold compiled functions, or numbers that are compiled into them."""
    digest = hashlib.sha256()
    for source in sorted(folder.rglob("*.py")):
        text = source.read_bytes()
        if b"@compiled" in text or source.name in ("compiled.py", "weights.py"):
            digest.update(text)
    return digest.hexdigest()[:16]
