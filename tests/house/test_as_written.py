"""What is read in a third of the time is read as strictly: no type read so leaves anything as it came."""

import ast
from importlib import import_module
from typing import Any, get_args

import msgspec

from tests.house.source import modules
from tests.house.ways_out import reached

QUICK = "decode_as_written"


def read_so() -> dict[str, Any]:
    """Where it is called: the type that is read."""
    found = {}
    for module in modules():
        for node in ast.walk(module.tree):
            match node:
                case ast.Call(func=ast.Name(id=name), args=[_, ast.Name(id=kind), *_]) if name == QUICK:
                    found[f"{module.name}:{node.lineno} {kind}"] = getattr(import_module(module.name), kind)
    return found


def uses() -> int:
    """Every mention but its definition and imports: what is handed on under another name would be missed."""
    return sum(
        isinstance(node, ast.Name | ast.Attribute) and (getattr(node, "id", "") or getattr(node, "attr", "")) == QUICK
        for module in modules()
        for node in ast.walk(module.tree)
    )


def test_every_use_is_found():
    assert read_so()
    assert len(read_so()) == uses()


def test_no_type_that_is_read_so_has_a_part_that_is_left_as_it_came():
    """Such a part is written again as it came, canonical or not: one object would have two signatures."""
    wrong = [where for where, kind in read_so().items() if _left_as_it_came(kind)]
    assert not wrong, f"{', '.join(wrong)}: use `decode`, which parses all of it"


def _left_as_it_came(kind: Any) -> bool:
    structs = [one for one in reached(kind) if issubclass(one, msgspec.Struct)]
    told = [kind, *(field.type for one in structs for field in msgspec.structs.fields(one))]
    return any(one in (msgspec.Raw, Any) for each in told for one in _parts(each))


def _parts(kind: Any) -> list[Any]:
    return [kind, *(part for one in get_args(kind) for part in _parts(one))]


class _Left(msgspec.Struct):
    body: tuple[msgspec.Raw, ...] = ()


class _Within(msgspec.Struct):
    some: dict[str, _Left] | None = None


def test_such_a_part_would_be_found_however_deep():
    assert _left_as_it_came(_Within)
    assert _left_as_it_came(list[msgspec.Raw])
    assert not _left_as_it_came(dict[str, int])
