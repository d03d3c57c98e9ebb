"""Every text of the console that is translated, gathered from its templates, its modules and its vocabularies."""

import ast
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract

from comity.domain.country_codes import FICTITIOUS
from comity.web.console.words import VOCABULARIES, said
from comity.web.refusals import STATUSES

CONSOLE = Path(__file__).parent
OPTIONS = {"newstyle_gettext": "true", "trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
# call: (which argument is a message, its name)
IN_MODULES = {"Page": (None, "name"), "Moved": (1, "said"), "message": (0, "text")}


def gathered() -> Catalog:
    """Without translations, in the order of the alphabet, so that a merge changes only what is new."""
    every: dict[str | tuple[str, ...], None] = {}
    for found in (_in_templates(), _in_modules(), _in_vocabularies()):
        every.update(dict.fromkeys(found))
    catalogue = Catalog(project="Comity", version="", copyright_holder="the Comity contributors", charset="utf-8")
    for message in sorted(every, key=lambda one: one if isinstance(one, str) else one[0]):
        catalogue.add(message)
    return catalogue


def _in_templates() -> Iterator[str | tuple[str, ...]]:
    for path in sorted((CONSOLE / "templates").glob("*.html")):
        with path.open("rb") as file:
            for _, message, _, _ in extract("jinja2.ext:babel_extract", file, DEFAULT_KEYWORDS, (), OPTIONS):
                yield message


def _in_modules() -> Iterator[str]:
    for path in sorted(CONSOLE.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in IN_MODULES:
                yield from _texts(_argument(node, *IN_MODULES[node.func.id]))


def _argument(call: ast.Call, place: int | None, name: str) -> ast.expr | None:
    if place is not None and len(call.args) > place:
        return call.args[place]
    return next((word.value for word in call.keywords if word.arg == name), None)


def _texts(argument: ast.expr | None) -> Iterator[str]:
    """Of a text, and of both where one of two is chosen."""
    if isinstance(argument, ast.IfExp):
        yield from _texts(argument.body)
        yield from _texts(argument.orelse)
    elif isinstance(argument, ast.Constant) and isinstance(argument.value, str) and argument.value:
        yield argument.value


def _in_vocabularies() -> Iterator[str]:
    for vocabulary in VOCABULARIES:
        yield from map(said, vocabulary)
    yield from (title for _, title in STATUSES.values())
    yield from (name for _, _, name in FICTITIOUS)
    yield from ("%(time)s left", "overdue by %(time)s")
