"""Writes what persons are compared by, from labelled pairs: the weights, and where they come from."""

import hashlib
from pathlib import Path

from learning import persons

_HEAD = """# Written by `make learn`: what persons.json was learned from (SHA-256).
# Of these pairs a third, by the left name, is held back: measured on, never learned from.

[sources]
"""


def write(data: Path, tables: Path) -> None:
    """With the tables of frequencies, variants and romanisation that stand there."""
    (tables / "persons.json").write_bytes(persons.learn(data))
    (tables / "persons.toml").write_text(provenance(data), encoding="utf-8")


def provenance(data: Path) -> str:
    digests = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in persons.sources(data)}
    return _HEAD + "".join(f'"{path.relative_to(data).as_posix()}" = "{one}"\n' for path, one in digests.items())
