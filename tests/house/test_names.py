"""Names say what a thing is, and every file says what it is for."""

import ast
import re

import pytest

from tests.house.source import ROOT, Module, modules

# Words that fit everything and so say nothing.
EMPTY_WORDS = {"manager", "handler", "helper", "util", "base", "impl", "data", "info", "process"}
EMPTY_WORDS |= {f"{word}s" for word in EMPTY_WORDS}

WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def words(name: str) -> set[str]:
    """`DataHandler` and `data_handler` are both data and handler; `database` is one word."""
    return {word.lower() for word in WORD.findall(name)}


@pytest.mark.parametrize(
    ("name", "found"),
    [("DataHandler", {"data", "handler"}), ("HTTPInfo", {"http", "info"}), ("database", {"database"})],
)
def test_names_are_read_word_by_word(name: str, found: set[str]):
    assert words(name) == found


def test_no_file_or_class_has_an_empty_name():
    files = {str(module.path.relative_to(ROOT)): module.name for module in modules()}
    classes = {
        f"{module.path.relative_to(ROOT)}:{node.lineno}": node.name
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
    }
    empty = [f"{place}: {name}" for place, name in (files | classes).items() if words(name) & EMPTY_WORDS]
    assert not empty, "\n".join(empty)


def sign(module: Module) -> str:
    return (ast.get_docstring(module.tree) or "").partition("\n")[0]


def test_every_file_says_in_its_first_line_what_it_is_for():
    without = [
        f"{module.path.relative_to(ROOT)}: {sign(module) or 'says nothing'}"
        for module in modules()
        if " " not in sign(module) or sign(module)[0].islower() or not sign(module).endswith((".", "?", "!"))
    ]
    assert not without, "\n".join(without)
