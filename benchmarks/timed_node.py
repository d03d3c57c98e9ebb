"""A node that runs as always and notes how long each step of a lookup took; production code knows nothing of it.

`python -m benchmarks.timed_node FOLDER OUT`: on a clean stop, OUT holds the milliseconds of each call by step.
"""

import functools
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import msgspec

from comity.desks.accounts import Accounts
from comity.desks.lookups import Lookups
from comity.desks.search import Search
from comity.nodes.run import run
from comity.peers import ask, exchange
from comity.peers.line import HttpsLine
from comity.web.federation import door, questions
from comity.web.federation.door import FederationDoor
from comity.web.officer.door import OfficerDoor

taken: dict[str, list[float]] = defaultdict(list)

# (where it is found, its name, what the step is called)
STEPS: tuple[tuple[Any, str, str], ...] = (
    (OfficerDoor, "__call__", "officer door"),
    (Accounts, "caller", "token"),
    (Lookups, "_admit", "admit"),
    (Lookups, "_own_answer", "own search"),
    (ask, "write_question", "write question"),
    (exchange, "signed_request", "sign request"),
    (HttpsLine, "send", "line"),
    (exchange, "verified_response", "verify answer"),
    (ask, "read_answer", "read answer"),
    (Lookups, "_shown", "show"),
    (FederationDoor, "__call__", "federation door"),
    (door, "verified_request", "verify request"),
    (questions, "read_question", "read question"),
    (Lookups, "answer", "answer"),
    (Search, "answer", "decide and search"),
    (questions, "write_answer", "write answer"),
    (door, "signed_response", "sign answer"),
)


def _timed(step: str, act: Any) -> Any:
    @functools.wraps(act)
    def timed(*words: Any, **named: Any) -> Any:
        began = time.perf_counter()
        try:
            return act(*words, **named)
        finally:
            taken[step].append((time.perf_counter() - began) * 1000)

    return timed


def main() -> None:
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    for owner, name, step in STEPS:
        setattr(owner, name, _timed(step, getattr(owner, name)))
    run(folder)
    out.write_bytes(msgspec.json.encode(taken))


if __name__ == "__main__":
    main()
