"""Names of files that somebody else chose: what one of ours may be called, on any machine."""

import re
import unicodedata
from pathlib import PurePath

from comity.domain import limits
from comity.domain.errors import Invalid

_FORBIDDEN = re.compile(r'[/\\:*?"<>|]')
# Windows opens a device under these, whatever follows the point.
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in "123456789¹²³")})


def check_file_name(name: str) -> str:
    """Raises Invalid for what is no name of a file: folders, hidden ones, marks that nobody sees, devices."""
    # The sender chose it, and the recipient makes a file of it. Category C: controls, and marks that turn a line
    # around; Zl and Zp break it. Falls without it: tests/domain/test_sealed.py
    seen = all(unicodedata.category(mark)[0] != "C" and unicodedata.category(mark) not in ("Zl", "Zp") for mark in name)
    whole = bool(name) and name == PurePath(name).name and not _FORBIDDEN.search(name)
    if not seen or not whole or name[0] in ". " or name[-1] in ". ":
        raise Invalid("This is no name of a file.", where="name", do="Leave out folders and control characters.")
    if name.partition(".")[0].rstrip(" ").lower() in _DEVICES:
        raise Invalid(f"{name!r} is the name of a device.", where="name", do="Call the file something else.")
    if len(name.encode("utf-8", "replace")) > limits.FILE_NAME_BYTES_MAX:
        raise Invalid(f"The name takes more than {limits.FILE_NAME_BYTES_MAX} bytes.", where="name", do="Shorten it.")
    return name
