"""Makes every type known to the JSON library in one thread, before several threads ask it for the same one.

It works a type out when it is first decoded, and meanwhile shows other threads the unfinished work: they read what is
not there, and the process dies (msgspec 0.22, segmentation fault).
"""

import threading
from collections.abc import Iterator
from contextlib import suppress

import msgspec
from msgspec import Struct

_one_at_a_time = threading.Lock()
_known: set[type] = set()


def make_types_known() -> None:
    """Of all modules that were imported by now. Falls without it: tests/domain/test_known_types.py, many threads."""
    with _one_at_a_time:
        for kind in set(_below(Struct)) - _known:
            with suppress(TypeError):  # what is not meant for JSON, a callable among its fields
                msgspec.json.Decoder(kind)
            _known.add(kind)


def _below(kind: type) -> Iterator[type]:
    one: type
    for one in kind.__subclasses__():
        if one.__module__.startswith("comity."):
            yield one
            yield from _below(one)
