"""The sites of a bureau, from the file that its settings name."""

from pathlib import Path

import msgspec
from msgspec import Struct

from comity.domain.errors import Invalid, Missing
from comity.domain.site import Site


class _File(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    sites: tuple[Site, ...] = ()


def read_sites(named: str) -> tuple[Site, ...]:
    """None where no file is named. Raises Missing, Invalid."""
    if not named:
        return ()
    path = Path(named)
    if not path.is_file():
        raise Missing(f"There is no file {path}.", where="misuse.sites", do="Correct the setting, or empty it.")
    try:
        return msgspec.toml.decode(path.read_bytes(), type=_File).sites
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise Invalid(f"{wrong}.", where=path.name, do="docs/misuse.md shows such a file.") from None
