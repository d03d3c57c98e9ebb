"""The peer that matching is measured against is pinned like everything else, and Comity does not depend on it."""

import ast

from tests.house.locks import HASH, PIN
from tests.house.source import ROOT, modules

LOCK = (ROOT / "benchmarks" / "peer" / "requirements.lock").read_text("utf-8").splitlines()
TOLD = [line for line in LOCK if not line.lstrip().startswith("#")]


def test_its_lock_holds_pins_and_their_hashes_and_no_place():
    assert TOLD
    assert [line for line in TOLD if not PIN.fullmatch(line) and not HASH.fullmatch(line)] == []
    assert [line for line in LOCK if "://" in line or "@" in line] == []
    bare = [
        line for line, after in zip(TOLD, [*TOLD[1:], ""], strict=True) if PIN.match(line) and not HASH.match(after)
    ]
    assert bare == []


def test_it_is_pinned_as_asked():
    (asked,) = (
        line
        for line in (ROOT / "benchmarks" / "peer" / "requirements.in").read_text("utf-8").splitlines()
        if not line.startswith("#")
    )
    assert any(line.startswith(f"{asked} ") for line in TOLD)


def test_nothing_of_ours_imports_it():
    trees = [module.tree for module in modules()]
    trees += [ast.parse(path.read_bytes()) for path in (ROOT / "benchmarks").glob("*.py")]
    named = {
        name.partition(".")[0]
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names])
    }
    assert named.isdisjoint({"nomenklatura", "followthemoney", "rigour"})
