"""What the house tests read: every module of Comity, its floor, and what it imports."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from shutil import which

ROOT = Path(__file__).parents[2]


def floor_of(name: str) -> str:
    """`desks` for comity.desks.notices; empty for comity itself."""
    return name.partition(".")[2].partition(".")[0]


@dataclass(frozen=True)
class Module:
    name: str
    path: Path
    tree: ast.Module

    @property
    def floor(self) -> str:
        return floor_of(self.name)

    @property
    def package(self) -> str:
        return self.name if self.path.name == "__init__.py" else self.name.rpartition(".")[0]


@dataclass(frozen=True)
class Import:
    """One module imports another of ours, or a package of others."""

    source: Module
    target: str
    line: int

    def __str__(self) -> str:
        return f"{self.source.path.relative_to(ROOT)}:{self.line} imports {self.target}"


@cache
def modules() -> tuple[Module, ...]:
    return tuple(read(path) for path in sorted((ROOT / "src" / "comity").rglob("*.py")))


def read(path: Path) -> Module:
    parts = path.relative_to(ROOT / "src").with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Module(name, path, ast.parse(path.read_bytes(), str(path)))


def imports(module: Module, below: ast.AST | None = None) -> Iterator[Import]:
    """Everything that a module imports anywhere, also for its types only: knowing is what the rule is about."""
    for node in ast.walk(below or module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(module, alias.name, node.lineno)
        elif isinstance(node, ast.ImportFrom):
            origin = absolute(module, node)
            for alias in node.names:
                whole = f"{origin}.{alias.name}"
                yield Import(module, whole if whole in names() else origin, node.lineno)


def absolute(module: Module, node: ast.ImportFrom) -> str:
    """`from ..law import gate` in comity.desks.notices is comity.law."""
    if not node.level:
        return node.module or ""
    parts = module.package.split(".")
    return ".".join(parts[: len(parts) - node.level + 1] + ([node.module] if node.module else []))


@cache
def names() -> frozenset[str]:
    return frozenset(module.name for module in modules())


def ours(found: Import) -> bool:
    return found.target.split(".")[0] == "comity"


@cache
def texts() -> tuple[tuple[Path, str], ...]:
    """Every file of the project that is text."""
    found = ((path, path.read_bytes()) for path in files() if path.is_file())
    return tuple((path, content.decode("utf-8", "replace")) for path, content in found if b"\0" not in content)


def files() -> list[Path]:
    """What is in version control or could be added to it; in a copy without, all but hidden folders."""
    # A checkout that belongs to another user is still this checkout.
    listing = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    if (ROOT / ".git").exists() and which("git"):
        listed = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout
        return [ROOT / name for name in sorted(set(listed.split("\0"))) if name]
    inside = (path.relative_to(ROOT) for path in ROOT.rglob("*"))
    return [ROOT / path for path in inside if not any(part.startswith((".", "__py")) for part in path.parts)]
