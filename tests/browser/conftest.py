"""One Chromium and one federation for all tests of a worker; a browser without memory for each test."""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from comity.testing.federation import Federation
from tests.browser.chromium import opened
from tests.browser.person import Person
from tests.browser.served import Served, served
from tests.federation.conftest import founded, furnished

__all__ = ["founded", "furnished"]

Opens = Callable[..., Person]
# Playwright lives in a thread of its own, and so do these tests: its event loop would be in the way of all others'.
THREAD = ThreadPoolExecutor(1, "playwright")


def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool:
    asked = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    THREAD.submit(pyfuncitem.obj, **asked).result()
    return True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of them need a browser of their own and a server: none is among the fast ones."""
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = opened()
    yield THREAD.submit(chromium.__enter__).result()
    THREAD.submit(chromium.__exit__, None, None, None).result()


@pytest.fixture(scope="session")
def consoles(browser: Browser, furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """With the records of the usual story. The browser comes first: where there is none, nothing else is made."""
    folder = tmp_path_factory.mktemp("consoles") / "federation"
    shutil.copytree(furnished, folder)
    federation = Federation(folder)
    with served(federation) as one:
        yield one
    federation.close()


@pytest.fixture
def person(browser: Browser, consoles: Served) -> Iterator[Opens]:
    """`person("ada")`: Ada before her bureau's console; `width`, `language`, `theme`, `javascript` as they come."""
    people: list[Person] = []

    def opens(who: str, **screen: object) -> Person:
        people.append(Person(browser, consoles, who, **screen))
        return people[-1]

    yield opens
    for one in people:
        THREAD.submit(one.leave).result()
