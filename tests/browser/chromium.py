"""The Chromium of this system: where it is, and how it is opened without a screen."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from shutil import which

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = "there is no Chromium here: install your system's package chromium, or run scripts/browser as root"


def chromium() -> str:
    """Its path. Where there is none the test is skipped; but fails where scripts/browser could have installed it."""
    path = next(filter(None, map(which, NAMES)), "")
    if not path and os.geteuid() == 0 and which("apt-get"):
        pytest.fail(MISSING)
    if not path:
        pytest.skip(MISSING)
    return path


@contextmanager
def opened() -> Iterator[Browser]:
    """One Chromium; nothing of it is fetched from anywhere."""
    path = chromium()
    with sync_playwright() as playwright:
        # Root has no sandbox of its own; anyone else keeps theirs.
        browser = playwright.chromium.launch(executable_path=path, chromium_sandbox=os.geteuid() != 0)
        yield browser
        browser.close()
