"""Makes the inner loops ready before somebody waits: compiled where that was never done, else read from their cache."""

import fcntl
import os
import subprocess
import sys
from contextlib import suppress

from comity.domain.lookup import PersonQuery
from comity.domain.person import Name, Person, PersonStatus, RecordPurpose
from comity.matching.candidates import Candidates
from comity.matching.compare import compare
from comity.matching.compiled import cache_folder, is_compiled, making_ready
from comity.matching.engine import load
from comity.matching.key_value import InMemory
from comity.matching.seeking import search
from comity.matching.traits import traits_asked, traits_of

_SOMEBODY = Person(
    names=(Name(full="Mira Oleander"), Name(full="Мира Олеандр")),
    births=("1980-05-06",),
    nationalities=("XA",),
    status=PersonStatus.MISSING,
    purpose=RecordPurpose.LOCATE,
)
_ASKED = PersonQuery(name="Мира Олеандер", birth="1980-06-05", nationality="XA")


def warm() -> None:
    """Look for somebody and compare: a second where all is in the cache, a minute where nothing is."""
    candidates = Candidates(InMemory())
    candidates.set_many({1: traits_of(_SOMEBODY)})
    search(candidates, traits_asked(_ASKED), 1)
    compare(_ASKED, _SOMEBODY)


def is_made() -> bool:
    """Whether it was compiled before: then warming takes a second or two."""
    return is_compiled() and (cache_folder() / "made").exists()


def warm_beside() -> None:
    """What `warm` does, for a node at work: compiled in a process of its own that gives way to all others, then loaded.

    Several nodes on one machine wait for the first of them rather than compile the same. Whoever asks meanwhile is
    answered without machine code (`compiled.plainly_until_ready`).
    """
    if not is_compiled():
        return
    if not is_made():
        words = (sys.executable, "-m", "comity.matching.warming")
        subprocess.run(words, stdin=subprocess.DEVNULL, check=True)
    with making_ready():
        load()
        warm()


def _compile_once() -> None:
    made = cache_folder() / "made"
    if made.exists():
        return
    _give_way()
    with suppress(OSError):  # where nothing may be written nothing can be kept
        made.parent.mkdir(parents=True, exist_ok=True)
        with (made.parent / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not made.exists():
                load()
                warm()
                made.touch()


def _give_way() -> None:
    """Run only while nobody else wants the processor."""
    if hasattr(os, "SCHED_IDLE"):  # Linux
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    else:
        os.nice(19)


if __name__ == "__main__":
    _compile_once()
