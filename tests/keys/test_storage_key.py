"""The storage key is made once, however many processes open the node for the first time."""

import threading
from pathlib import Path

from comity.keys.erasing import alone
from comity.keys.storage_key import storage_key
from comity.keys.wrapping import WrappingKey, new_wrapping_key


def test_two_who_open_a_node_for_the_first_time_have_one_key(tmp_path: Path):
    wrapping, found = WrappingKey(new_wrapping_key()), []
    second = threading.Thread(target=lambda: found.append(storage_key(tmp_path, wrapping)))
    with alone(tmp_path):
        second.start()
        second.join(0.2)
        assert not found
        from_the_first = _made_meanwhile(tmp_path, wrapping)
    second.join()
    assert found == [from_the_first]


def _made_meanwhile(folder: Path, wrapping: WrappingKey) -> bytes:
    """By another process, while the second waits."""
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    key = storage_key(elsewhere, wrapping)
    (elsewhere / "storage.json").rename(folder / "storage.json")
    return key
