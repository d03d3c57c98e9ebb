"""Which records mean the same person? Proposals with a probability and its reasons; nothing is merged."""

import importlib.util
from collections.abc import Callable, Iterable

from comity.analysis.linkage import Computing, Engine, Resolution
from comity.analysis.person_forms import forms
from comity.domain.errors import Missing
from comity.domain.person import Person

Resolve = Callable[[Iterable[Person], float], Resolution]

# What `comity[linkage]` and `comity[linkage-spark]` bring, by the name that is imported.
_NEEDED = {
    Engine.DUCKDB: (("splink", "duckdb", "pyarrow"), "linkage"),
    Engine.SPARK: (("splink", "duckdb", "pyarrow", "pyspark"), "linkage,linkage-spark"),
}


def resolver(computing: Computing) -> Resolve:
    """`resolve` with where to compute."""

    def bound(persons: Iterable[Person], report_from: float) -> Resolution:
        return resolve(persons, report_from, computing)

    return bound


def resolve(persons: Iterable[Person], report_from: float, computing: Computing) -> Resolution:
    """Every two that are the same person with at least that probability, by the law's leave already given.

    Raises Missing where the extra that brings the engine is not installed.
    """
    check_installed(computing.engine)
    # Splink with DuckDB takes half a second and 100 MB, and is an extra: a node that links nothing goes without.
    from comity.analysis import splinked

    return splinked.resolve(map(forms, persons), report_from, computing)


def check_installed(engine: Engine) -> None:
    """Raises Missing, naming what to install."""
    modules, extra = _NEEDED[engine]
    absent = [name for name in modules if importlib.util.find_spec(name) is None]
    if absent:
        raise Missing(
            f"Linkage on {engine} needs {', '.join(absent)}, which is not installed.",
            do=f"Run `pip install comity[{extra}]`.",
        )
