"""`python -m benchmarks`: all of them, or those named."""

import sys
from collections.abc import Callable

from benchmarks import (
    against_nomenklatura,
    candidates,
    console,
    decisions,
    exact_index,
    exact_lookup,
    explained,
    federated_lookup,
    federation_law,
    files,
    import_records,
    journal,
    late_answers,
    matching,
    misuse,
    screened_list,
    sealing,
    telling,
    un_list,
)

ALL: dict[str, Callable[[], None]] = {
    "federated_lookup": federated_lookup.main,
    "import_records": import_records.main,
    "late_answers": late_answers.main,
    "exact_lookup": exact_lookup.main,
    "exact_index": exact_index.main,
    "screened_list": screened_list.main,
    "matching": matching.main,
    "misuse": lambda: misuse.main([]),
    "candidates": lambda: candidates.main([]),
    "against_nomenklatura": against_nomenklatura.main,
    "un_list": un_list.main,
    "decisions": decisions.main,
    "federation_law": federation_law.main,
    "explained": explained.main,
    "files": files.main,
    "journal": journal.main,
    "sealing": sealing.main,
    "console": console.main,
    "telling": lambda: telling.main([]),
}


def main() -> None:
    chosen = sys.argv[1:] or list(ALL)
    if unknown := [name for name in chosen if name not in ALL]:
        sys.exit(f"There is no benchmark {', '.join(unknown)}. There are {', '.join(ALL)}.")
    for name in chosen:
        ALL[name]()
        print()


if __name__ == "__main__":
    main()
