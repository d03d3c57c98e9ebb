"""The key under which what arrived sealed is kept, once the key that it was sealed to is to be destroyed."""

from pathlib import Path

from comity.keys.erasing import alone, write_secret
from comity.keys.files import secret_file
from comity.keys.wrapping import Wrapping, new_wrapping_key

STORAGE_FILE = "storage.json"
_ABOUT = "storage key"


def storage_key(folder: Path, wrapping: Wrapping) -> bytes:
    """The 32 bytes of this node's own storage key; made where there is none."""
    file = folder / STORAGE_FILE
    if not file.exists():
        with alone(folder):
            # Another process may have made it meanwhile. Falls without it: tests/keys/test_storage_key.py
            if not file.exists():
                write_secret(file, wrapping.wrap(new_wrapping_key(), _ABOUT))
    return wrapping.unwrap(secret_file(file), _ABOUT)
