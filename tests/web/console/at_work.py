"""A federation for a whole file of tests of the console, and what they do with pages."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from comity.testing.federation import Federation
from tests.web.console.conftest import Consoles, visitor
from tests.web.console.visitor import Answered, Visitor

CASE = {
    "title": "Robbery at the ferry terminal",
    "category": "persons",
    "purpose": "criminal-investigation",
    "basis": "Code of criminal procedure, section 94",
}
LETTER = {"to": "bergenia", "subject": "Who is the second man?", "text": "Please look at your files.", "asks": "yes"}


@pytest.fixture(scope="module")
def working(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Federation]:
    folder = tmp_path_factory.mktemp("working") / "federation"
    shutil.copytree(furnished, folder)
    opened = Federation(folder)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def at(working: Federation) -> Consoles:
    return lambda node, who: visitor(working, node, who)


def moved(answer: Answered) -> str:
    """Where a form led."""
    assert answer.status == 303, said(answer)
    assert not answer.fields["location"].startswith("/sign-in")
    return answer.fields["location"].partition("#")[0]


def said(answer: Answered) -> str:
    """A page as it reads, without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.text)).strip()


def a_case(console: Visitor, number: str) -> str:
    """Its address."""
    return moved(console.post("/cases", number=number, **CASE))
