"""How long something has taken, from a start by time.perf_counter()."""

import time


def seconds_since(started: float) -> float:
    return time.perf_counter() - started


def milliseconds_since(started: float) -> float:
    return round(seconds_since(started) * 1000, 2)
