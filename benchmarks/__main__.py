"""`python -m benchmarks`: all of them, or those named."""

import sys
from typing import Protocol

from benchmarks import against_nomenklatura, exact_lookup, federated_lookup, import_records


class Benchmark(Protocol):
    def main(self) -> None: ...


ALL: dict[str, Benchmark] = {
    "federated_lookup": federated_lookup,
    "import_records": import_records,
    "exact_lookup": exact_lookup,
    "against_nomenklatura": against_nomenklatura,
}


def main() -> None:
    chosen = sys.argv[1:] or list(ALL)
    if unknown := [name for name in chosen if name not in ALL]:
        sys.exit(f"There is no benchmark {', '.join(unknown)}. There are {', '.join(ALL)}.")
    for name in chosen:
        ALL[name].main()
        print()


if __name__ == "__main__":
    main()
