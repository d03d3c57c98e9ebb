"""Somebody before a screen: what they open, press and read, and whatever the browser complained of meanwhile."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Error, Page, Request, Response

from comity.domain.session import Language, SignInBy
from comity.web.console.door import cookie_of
from tests.browser.served import Served

SCREENS = Path(__file__).parents[2] / "build" / "screens"
STOPS_MAX = 200
WAITS_MILLISECONDS_MAX = 10_000


class Person:
    """`page` is Playwright's. `complaints`: errors of the console, violations of its policy, requests to elsewhere."""

    def __init__(
        self,
        browser: Browser,
        consoles: Served,
        who: str,
        *,
        width: int = 1280,
        language: Language = Language.ENGLISH,
        theme: str = "light",
        javascript: bool = True,
        **media: Any,
    ) -> None:
        self.who, self.width, self.language, self.theme = who, width, language, theme
        self.consoles = consoles
        self.origin = consoles.origin_of(who)
        self.complaints: list[str] = []
        self.context = browser.new_context(
            base_url=self.origin,
            viewport={"width": width, "height": 800},
            color_scheme=theme,  # type: ignore[arg-type]
            java_script_enabled=javascript,
            **media,
        )
        self.context.set_default_timeout(WAITS_MILLISECONDS_MAX)
        sessions = consoles.federation[consoles.bureau_of(who)].desks.sessions
        token, _ = sessions.open(who, SignInBy.PASSKEY)
        sessions.choose(token, language=language)
        self.page: Page = self.context.new_page()
        cookie = {"name": cookie_of(self.origin), "value": token, "url": self.origin, "path": "/", "httpOnly": True}
        self.context.new_cdp_session(self.page).send("Network.setCookie", cookie)
        self.page.on("console", lambda said: self._complain(said.type in ("error", "warning"), said.text))
        self.page.on("pageerror", lambda error: self._complain(True, str(error)))
        self.page.on("request", self._see)

    def open(self, path: str) -> Page:
        self.page.goto(path)
        return self.page

    def answer(self, path: str) -> Response | None:
        """The page; None where a file came instead."""
        try:
            return self.page.goto(path)
        except Error as error:
            if "Download is starting" not in error.message:
                raise
            return None

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def reach(self, selector: str) -> None:
        """By the tabulator alone, as often as it takes."""
        for _ in range(STOPS_MAX):
            self.press("Tab")
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"no {selector} is reached by keyboard on {self.page.url}")

    def enter(self) -> None:
        """What the return key leads to."""
        with self.page.expect_navigation():
            self.press("Enter")

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def keep_screen(self, name: str) -> Path:
        """A picture of the whole page among what a build leaves behind."""
        file = SCREENS / f"{name}-{self.language}-{self.theme}-{self.width}.png"
        self.page.screenshot(path=file, full_page=True)
        return file

    def complaints_since(self) -> list[str]:
        """What came up since this was last asked."""
        said, self.complaints = self.complaints, []
        return said

    def leave(self) -> None:
        self.context.close()

    def _see(self, request: Request) -> None:
        self._complain(not request.url.startswith(self.origin + "/"), f"asked {request.url}")

    def _complain(self, holds: bool, text: str) -> None:
        if holds:
            self.complaints.append(text)
