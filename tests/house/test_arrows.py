"""Imports run down: each floor knows only the floors below it, and no two modules know each other."""

import ast
from graphlib import CycleError, TopologicalSorter

from tests.house.source import Import, Module, floor_of, imports, modules, names, ours

BELOW_DESKS = {"domain", "matching", "formats", "law", "analysis"}
BELOW_DOORS = BELOW_DESKS | {"wire", "desks"}
BELOW_NODES = BELOW_DOORS | {"client", "storage", "peers", "web", "keys"}

# floor: the floors it may import from, besides itself
MAY_IMPORT = {
    "": set(),
    "domain": set(),
    "matching": {"domain"},
    "formats": {"domain"},
    "wire": {"domain"},
    "client": {"domain"},
    "law": {"domain", "matching"},
    "analysis": {"domain", "matching", "formats"},
    "desks": BELOW_DESKS,
    "storage": BELOW_DOORS,
    "peers": BELOW_DOORS,
    "web": BELOW_DOORS,
    "keys": BELOW_DOORS,
    "nodes": BELOW_NODES,
    "testing": BELOW_NODES | {"nodes"},
    "exercise": BELOW_NODES | {"nodes"},
    "cli": BELOW_NODES | {"nodes", "testing"},  # `comity records make` writes what testing invents
    "__main__": {"cli"},
}

# (module, what it imports inside a function): why it cannot stand at the top of the file
IMPORTED_LATE: dict[tuple[str, str], str] = {
    ("comity.analysis.resolve", "comity.analysis.splinked"): "Splink is an extra, half a second and 100 MB",
    (
        "comity.analysis.misuse.suspects",
        "comity.analysis.misuse.alarming",
    ): "scikit-learn is an extra, a second and 100 MB",
    ("comity.analysis.splinked", "comity.analysis.on_spark"): "Spark is an extra of half a gigabyte, with Java",
    ("comity.nodes.file_store", "comity.storage.s3_wholes"): "botocore is an extra, a third of a second and 20 MB",
    ("comity.formats.table", "comity.formats.xlsx"): "a third of a second, and most commands read no workbook",
}


def test_every_floor_has_its_place():
    assert {module.floor for module in modules()} <= MAY_IMPORT.keys()


def test_imports_run_down():
    climbing = [
        str(found)
        for module in modules()
        for found in imports(module)
        if ours(found) and floor_of(found.target) not in MAY_IMPORT[module.floor] | {module.floor, ""}
    ]
    assert not climbing, "\n".join(climbing)


def test_no_two_modules_import_each_other():
    knows = {
        module.name: {found.target for found in imports(module) if found.target in names()} for module in modules()
    }
    try:
        TopologicalSorter(knows).prepare()
    except CycleError as circle:
        raise AssertionError(" imports ".join(reversed(circle.args[1]))) from None


def late(module: Module) -> list[Import]:
    functions = (node for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return [found for function in functions for found in imports(module, function)]


def test_imports_stand_at_the_top_of_the_file():
    hidden = [found for module in modules() for found in late(module)]
    unexplained = [str(found) for found in hidden if (found.source.name, found.target) not in IMPORTED_LATE]
    assert not unexplained, "\n".join(unexplained)
    assert IMPORTED_LATE.keys() == {(found.source.name, found.target) for found in hidden}
