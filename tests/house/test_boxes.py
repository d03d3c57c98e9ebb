"""No box is opened outside its opener: what lies in a `Held` record is touched only by the law."""

import ast
from collections.abc import Iterator

from tests.house.source import ROOT, Module, modules

CONTENT = "_content"
OPENERS = ("src/comity/law/", "src/comity/domain/held.py")


def touches(module: Module) -> Iterator[int]:
    """Lines that name the content, as an attribute or as the text that `getattr` would take."""
    for node in ast.walk(module.tree):
        by_attribute = isinstance(node, ast.Attribute) and node.attr == CONTENT
        by_text = isinstance(node, ast.Constant) and node.value == CONTENT
        if by_attribute or by_text:
            yield node.lineno


def test_only_the_law_opens_a_box():
    outside = [module for module in modules() if not str(module.path.relative_to(ROOT)).startswith(OPENERS)]
    opened = [f"{module.path.relative_to(ROOT)}:{line}" for module in outside for line in touches(module)]
    assert not opened, "\n".join(opened)


def test_the_box_still_has_the_content_that_we_look_for():
    boxes = [module for module in modules() if module.name == "comity.domain.held"]
    assert all(list(touches(box)) for box in boxes)
