"""Many threads may decode the same types at once, from the first moment on."""

import subprocess
import sys

import pytest

# Its own process: in this one the types have long been worked out. Threads change as often as they can.
AT_ONCE = """
import sys, threading
import msgspec
from comity.domain.known_types import make_types_known
from comity.domain.letter import Letter

sys.setswitchinterval(1e-6)
if sys.argv[1] == "known":
    make_types_known()
together = threading.Barrier(4)

def decode():
    together.wait()
    decoder = msgspec.json.Decoder(Letter)
    try:
        decoder.decode(b'{"id":"l","body":{"kind":"hit-alert"}}')
    except msgspec.ValidationError:
        pass

threads = [threading.Thread(target=decode) for _ in range(4)]
for one in threads:
    one.start()
for one in threads:
    one.join()
"""
TIMES = 12  # without, about one process in three dies


def ended(how: str) -> list[int]:
    running = [subprocess.Popen([sys.executable, "-c", AT_ONCE, how], stderr=subprocess.PIPE) for _ in range(TIMES)]
    return [one.wait() for one in running if one.communicate()]


@pytest.mark.slow
def test_many_threads_decode_at_once():
    assert ended("known") == [0] * TIMES
