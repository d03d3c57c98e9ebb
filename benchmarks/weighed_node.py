"""A node that runs as always and notes what its processor time goes into; production code knows nothing of it.

`python -m benchmarks.weighed_node FOLDER OUT`: on a clean stop, OUT holds the seconds of processor time since SIGUSR1,
of the whole process and of each sort of work, without what another sort took within it.
"""

import functools
import signal
import sys
import threading
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection
from sqlalchemy.engine.base import RootTransaction
from sqlalchemy.engine.default import DefaultDialect

from comity.keys.pair import PairSigner
from comity.nodes.run import run
from comity.peers.line import HttpsLine
from comity.wire import age, seal, signature, stream
from comity.wire.pair import PublicPair

CRYPTOGRAPHY, DISK, STATEMENTS, HTTP = "cryptography", "disk", "statements", "http"
WHOLE = "whole"
# (where it is found, its name, the sort of work)
SORTS: tuple[tuple[Any, str, str], ...] = (
    (PairSigner, "sign_ed25519", CRYPTOGRAPHY),
    (PairSigner, "sign_mldsa", CRYPTOGRAPHY),
    (PublicPair, "verified_ed25519", CRYPTOGRAPHY),
    (PublicPair, "verified_mldsa", CRYPTOGRAPHY),
    (age, "_wrapped", CRYPTOGRAPHY),
    (age.Identity, "unwrapped", CRYPTOGRAPHY),
    (stream.Writer, "_seal", CRYPTOGRAPHY),
    (stream.Reader, "_open", CRYPTOGRAPHY),
    (seal, "digest", CRYPTOGRAPHY),
    (signature, "content_digest", CRYPTOGRAPHY),
    (DefaultDialect, "do_execute", DISK),
    (DefaultDialect, "do_executemany", DISK),
    (DefaultDialect, "do_commit", DISK),
    (DefaultDialect, "do_rollback", DISK),
    (Connection, "execute", STATEMENTS),
    (Connection, "exec_driver_sql", STATEMENTS),
    (RootTransaction, "commit", STATEMENTS),
    (HttpsLine, "send", HTTP),
)


class _Scales(threading.local):
    """Of one thread: the processor time that was counted already within each call that is open."""

    def __init__(self) -> None:
        self.counted = [0.0]


taken: dict[str, float] = defaultdict(float)
_scales = _Scales()
_lock = threading.Lock()
_begun = time.process_time(), time.thread_time()


def _weighed(sort: str, act: Any) -> Any:
    @functools.wraps(act)
    def weighed(*words: Any, **named: Any) -> Any:
        counted = _scales.counted
        counted.append(0.0)
        began = time.thread_time()
        try:
            return act(*words, **named)
        finally:
            took, within = time.thread_time() - began, counted.pop()
            counted[-1] += took
            with _lock:
                taken[sort] += took - within

    return weighed


def _begin(*_: object) -> None:
    """In the main thread, which serves HTTP and nothing else."""
    global _begun
    taken.clear()
    _begun = time.process_time(), time.thread_time()


def main() -> None:
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    for owner, name, sort in SORTS:
        setattr(owner, name, _weighed(sort, getattr(owner, name)))
    signal.signal(signal.SIGUSR1, _begin)
    run(folder)
    taken[HTTP] += time.thread_time() - _begun[1]
    out.write_bytes(msgspec.json.encode({**taken, WHOLE: time.process_time() - _begun[0]}))


if __name__ == "__main__":
    main()
