"""Lines of a file worked on in batches, by one process or several, with the results in the order of the lines."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")
_WAITING_PER_PROCESS = 3  # batches handed out and not yet collected: what lies in memory stays bounded


def in_order(
    work: Callable[[list[T]], R],
    items: Iterable[T],
    batch: int,
    processes: int = 1,
    begin: Callable[[], object] | None = None,
) -> Iterator[R]:
    """The result of each batch, in order. Beyond one process, `work` and `begin` are functions at the top of a module.

    `begin` is called once in every process before its first batch.
    """
    batches = _batches(items, batch)
    if processes <= 1:
        if begin:
            begin()
        yield from map(work, batches)
        return
    # A fresh process each, for a copy of this one could hold a lock that nobody opens any more.
    with ProcessPoolExecutor(processes, get_context("spawn"), begin) as pool:
        waiting: deque[Future[R]] = deque()
        try:
            for one in batches:
                waiting.append(pool.submit(work, one))
                if len(waiting) >= processes * _WAITING_PER_PROCESS:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    each = iter(items)
    while batch := list(islice(each, size)):
        yield batch
