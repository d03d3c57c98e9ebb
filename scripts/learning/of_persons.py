"""Writes every table that comparing persons needs: frequencies, variants, weights, thresholds, their sources."""

import hashlib
from pathlib import Path

from learning import frequency, persons, thresholds, variants


def write(data: Path, tables: Path) -> None:
    """In this order: the weights are learned with the frequencies and variants that stand there."""
    (tables / "frequency.tsv.gz").write_bytes(frequency.learn(data))
    (tables / "variants.tsv.gz").write_bytes(variants.learn(data))
    (tables / "persons.json").write_bytes(persons.learn(data))
    (tables / "thresholds.toml").write_text(thresholds.measured(data), encoding="utf-8")
    (tables / "persons.toml").write_text(_provenance(data), encoding="utf-8")


def _provenance(data: Path) -> str:
    lines = [
        "# What frequency.tsv.gz, variants.tsv.gz, persons.json and thresholds.toml rest on: sources with their SHA-256.",
        "# Of the labelled pairs a third, by the left name, is held back: measured on, never learned from.",
        "",
        "[sources]",
    ]
    for path in dict.fromkeys((*frequency.sources(data), *variants.sources(data), *persons.sources(data))):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        lines.append(f'"{path.relative_to(data)}" = "{digest}"')
    return "\n".join(lines) + "\n"
