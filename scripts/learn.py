"""`make learn`: the tables of comity.matching, learned again from the lists of names; the same from the same lists.

COMITY_SAMPLE_DATA=FOLDER: where the lists lie. Scripts may be named (`arabic`, `han`): then these alone are learned.
"""

import gzip
import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from learning import frequency, of_persons, romanisation, variants

ROOT = Path(__file__).resolve().parent.parent
TABLES = ROOT / "src" / "comity" / "matching" / "tables"
LICENCES = {"names/transliteration": "CC0-1.0", "names/variants/common": "CC0-1.0", "names/variants/nick": "Apache-2.0"}
LICENCE_ELSE = "MIT"


def main() -> int:
    """1 where the lists are not there."""
    data = Path(os.environ.get("COMITY_SAMPLE_DATA", ROOT.parent / "shared" / "data"))
    if not (data / romanisation.TRANSLITERATION).is_dir():
        print(f"there are no lists of names in {data}: COMITY_SAMPLE_DATA says where they lie", file=sys.stderr)
        return 1
    only = frozenset(sys.argv[1:])
    for name, content in romanisation.learn(data, only):
        (TABLES / name).write_bytes(content)
        print(f"{name}: {len(content):,} bytes")
    if not only:
        (TABLES / "frequency.tsv.gz").write_bytes(frequency.learn(data))
        (TABLES / "variants.tsv.gz").write_bytes(variants.learn(data))
        of_persons.write(data, TABLES)
    (TABLES / "sources.toml").write_text("\n".join(_provenance(data)) + "\n", encoding="utf-8")
    return 0


def _provenance(data: Path) -> Iterator[str]:
    """Of each table its digest and lists, of each list its digest and licence."""
    yield "# Written by scripts/learn.py: SHA-256 of what each table holds, uncompressed, and of the lists it is from."
    lists = {path for name in _learned() for path in _sources(data, name)}
    for path in sorted(lists):
        name = path.relative_to(data).as_posix()
        licence = next((one for start, one in LICENCES.items() if name.startswith(start)), LICENCE_ELSE)
        yield f'\n[list."{name}"]\nsha256 = "{hashlib.sha256(path.read_bytes()).hexdigest()}"\nlicence = "{licence}"'
    for name in _learned():
        listed = ", ".join(f'"{path.relative_to(data).as_posix()}"' for path in _sources(data, name))
        yield f'\n[table."{name}"]\nsha256 = "{digest(TABLES / name)}"\nlists = [{listed}]'


def _learned() -> list[str]:
    return sorted(path.name for path in TABLES.iterdir() if path.suffix in (".npz", ".gz", ".txt"))


def _sources(data: Path, name: str) -> list[Path]:
    by_name = {"frequency.tsv.gz": frequency.sources, "variants.tsv.gz": variants.sources}
    return by_name[name](data) if name in by_name else romanisation.sources(data, name.partition(".")[0])


def digest(path: Path) -> str:
    """Of what a table holds, for compressed bytes may differ from one release of zlib to the next."""
    held = hashlib.sha256()
    if path.suffix == ".npz":
        with np.load(path, allow_pickle=False) as arrays:
            for name in sorted(arrays):
                held.update(f"{name} {arrays[name].dtype} {arrays[name].shape}\n".encode() + arrays[name].tobytes())
    else:
        held.update(gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes())
    return held.hexdigest()


if __name__ == "__main__":
    sys.exit(main())
