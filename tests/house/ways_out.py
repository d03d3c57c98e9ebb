"""Every way in which data leaves a node, found in the code: addresses, letters, commands, logs, files, connections."""

import ast
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from typing import Any, get_args

import msgspec
import typer

from comity.cli import main
from comity.domain.letter import Body
from comity.domain.lookup import Query
from comity.domain.record import Subject
from comity.web import watch
from comity.web.console import door as console
from comity.web.federation.door import FederationDoor
from comity.web.officer import door as officer
from tests.house.source import Module, modules

# What a record, or a question about one, consists of. Whatever can carry one of these is decided by the law.
CONTENT = frozenset({*get_args(Subject), *get_args(Query)})
LEVELS = frozenset({"debug", "info", "warning", "error", "critical", "exception"})
FILE_WRITERS = frozenset({"write_bytes", "write_text", "new_file", "write_new"})
TALKERS = frozenset(
    {"socket", "ssl", "http", "urllib3", "botocore", "requests", "httpx", "smtplib", "ftplib", "asyncio", "uvicorn"}
)
# A door is a class that answers requests. A new one: its addresses join `addresses` below, then docs/ways-out.
DOORS = {"ConsoleDoor", "FederationDoor", "OfficerDoor", "WatchDoor"}


def letters() -> dict[str, type]:
    return {f"letter {kind.__struct_config__.tag}": kind for kind in get_args(Body)}


def officer_addresses() -> dict[str, type | None]:
    """With what each answers; None for what says nothing of this node."""
    return {f"{one.method} {one.template}": getattr(one, "answer", None) for one in officer.EVERY}


def federation_addresses() -> list[str]:
    return [f"{method} {path}" for method, path in _federation_door().routes]


def console_addresses() -> list[str]:
    return [f"{one.method} {one.path}" for one in (*console.PAGES, *console.GATES)]


def watch_addresses() -> list[str]:
    return [f"{one.method} {one.template}" for one in watch.ROUTES]


def doors() -> set[str]:
    """Classes of the floor `web` that are called with a request."""
    return {
        node.name
        for module in modules()
        if module.floor == "web"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef) and node.name.endswith("Door")
    }


def commands() -> dict[str, Callable[..., object]]:
    return dict(_below(typer.main.get_command(main.app), "comity"))


def _below(command: Any, path: str) -> Iterator[tuple[str, Callable[..., object]]]:
    if not hasattr(command, "commands"):
        yield path, command.callback
        return
    for name in command.list_commands(None):  # a group is loaded when it is named
        yield from _below(command.get_command(None, name), f"{path} {name}")


def logged() -> set[str]:
    """What lines of the log are called."""
    return {f"log {event}" for module in modules() for event in _events(module)}


def _events(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="log"), attr=level), args=[first, *_]) if (
                level in LEVELS
            ):
                yield first.value if isinstance(first, ast.Constant) else ast.unparse(first)


def writers() -> set[str]:
    """Modules that write a file, or talk to whatever is outside of this process."""
    return {
        str(module.path.relative_to(module.path.parents[_depth(module)])) for module in modules() if _writes(module)
    }


def _depth(module: Module) -> int:
    return module.path.parts[::-1].index("comity")


def _writes(module: Module) -> bool:
    return any(_opens_for_writing(node) or _talks(node) for node in ast.walk(module.tree))


def _opens_for_writing(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=args):
            modes = [one.value for one in args[1:2] if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            opened = name == "open" and any(set("wax+") & set(mode) for mode in modes)
            return opened or name in FILE_WRITERS
    return False


def _talks(node: ast.AST) -> bool:
    match node:
        case ast.Import(names=names):
            return any(one.name.partition(".")[0] in TALKERS for one in names)
        case ast.ImportFrom(module=str(origin), level=0):
            return origin.partition(".")[0] in TALKERS
    return False


# -- what can be in it ------------------------------------------------------------------------------------------------


def carries(kind: Any) -> set[str]:
    """Names of the content types that a struct can hold, however deep."""
    return {one.__name__ for one in reached(kind) & CONTENT}


@cache
def reached(kind: Any) -> frozenset[Any]:
    found: set[Any] = set()
    _reach(kind, found)
    return frozenset(found)


def _reach(kind: Any, found: set[Any]) -> None:
    if kind in found:
        return
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        found.add(kind)
        for field in msgspec.structs.fields(kind):
            _reach(field.type, found)
    for inner in get_args(kind):
        if not isinstance(inner, msgspec.Meta):
            _reach(inner, found)


def functions_of(command: Callable[..., object]) -> set[str]:
    """Names of all that a command may call in its own modules, and of what these import by name."""
    found: set[str] = set()
    _names(command.__module__, command.__name__, found)
    return found


def _names(module: str, name: str, found: set[str]) -> None:
    called = getattr(import_module(module), name, None)
    code = getattr(getattr(called, "__wrapped__", called), "__code__", None)
    if name in found:
        return
    found.add(name)
    if code is None or not getattr(called, "__module__", "").startswith("comity.cli"):
        return
    for one in _all_names(code):
        target = getattr(import_module(called.__module__), one, None)
        if callable(target) and getattr(target, "__module__", "").startswith("comity."):
            _names(called.__module__, one, found)


def _all_names(code: Any) -> Iterator[str]:
    yield from code.co_names
    for one in code.co_consts:
        if hasattr(one, "co_names"):
            yield from _all_names(one)


class _Anything:
    def __getattr__(self, name: str) -> "_Anything":
        return self

    def __call__(self, *_: object, **__: object) -> "_Anything":
        return self


def _federation_door() -> FederationDoor:
    nothing: Any = _Anything()
    parts = FederationDoor.__init__.__kwdefaults__ or {}
    names = [name for name in FederationDoor.__init__.__annotations__ if name not in {"return", *parts}]
    return FederationDoor(**dict.fromkeys(names, nothing))
