"""How soon each page of the console is painted, and what its first load weighs, beside the least page that it has.

Aldova's node is a process of its own with the demonstration's sign-in; a Chromium on the same machine opens each page
several times, with nothing kept from before. `paint`: first contentful paint after the request (goal: 300 ms).
"""

import os
import sys
import tempfile
from pathlib import Path
from shutil import which
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from benchmarks.figures import quantile, told
from comity.domain.caller import Role
from comity.law.shipped import model_agreements
from comity.testing.processes import CAST, found, opened
from comity.web.console.door import PAGES

TIMES = 5
LEAST = "/accessibility"  # opens to strangers, asks no desk
LOGIN = "bench"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN"
BYTES = """() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    .reduce((sum, one) => sum + one.encodedBodySize, 0)"""


def main() -> None:
    path = next(filter(None, map(which, BROWSERS)), None)
    if path is None:
        sys.exit("console: there is no Chromium here. Install your system's package chromium, or run scripts/browser.")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        federation = found(Path(folder), model_agreements(), CAST[:3], first_port=26_000)
        with opened(federation["aldova"].folder) as (node, operator):
            everyone = tuple(role for role in Role if role is not Role.SYSTEM)
            node.accounts.open(LOGIN, "Bench", "headquarters", everyone, operator)
        settings = federation["aldova"].settings.console
        assert settings is not None
        federation.start()
        browser = playwright.chromium.launch(executable_path=path, chromium_sandbox=os.geteuid() != 0)
        try:
            _tell(_measured(browser, settings.address))
        finally:
            browser.close()
            federation.stop()


def _measured(browser: Browser, origin: str) -> dict[str, tuple[list[float], int]]:
    """By page: the paints in milliseconds, the bytes of a first load."""
    kept = _signed_in(browser, origin)
    paths = [page.path for page in PAGES if page.method == "GET" and page.name]
    return {path: _opened(browser, origin + path, kept) for path in [LEAST, *paths]}


def _signed_in(browser: Browser, origin: str) -> Any:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{origin}/sign-in")
    page.locator(f"button[name=login][value={LOGIN}]").click()
    page.wait_for_url(f"{origin}/")
    kept = context.storage_state()
    context.close()
    return kept


def _opened(browser: Browser, address: str, kept: Any) -> tuple[list[float], int]:
    paints, weight = [], 0
    for _ in range(TIMES):
        context = browser.new_context(storage_state=kept)
        page = context.new_page()
        page.goto(address)
        page.wait_for_function("() => performance.getEntriesByName('first-contentful-paint').length")
        paints.append(float(page.evaluate(PAINT)))
        weight = int(page.evaluate(BYTES))
        context.close()
    return paints, weight


def _tell(measured: dict[str, tuple[list[float], int]]) -> None:
    least = quantile(measured[LEAST][0], 0.5)
    told(
        f"pages of the console, each opened {TIMES} times with nothing kept",
        ("page", "paint, median ms", "worst ms", f"median ÷ {LEAST}", "bytes"),
        [
            (path, quantile(paints, 0.5), max(paints), quantile(paints, 0.5) / least, f"{weight:,}")
            for path, (paints, weight) in measured.items()
        ],
    )


if __name__ == "__main__":
    main()
