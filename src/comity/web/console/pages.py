"""From values to a page: templates in which everything is escaped, in the language and direction of the reader."""

import secrets
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from comity.domain.purpose import Purpose
from comity.domain.session import Language, Session, Theme
from comity.web.console.page import Page, Shown
from comity.web.console.static_files import address
from comity.web.console.translation import OWN_NAMES, direction, preferred, translations
from comity.web.console.writing import Writing

FOLDER = Path(__file__).parent


class Pages:
    """`navigation` are all pages of the console; each reader sees those that their roles open."""

    def __init__(self, navigation: Sequence[Page], bureau: str, is_demo: bool) -> None:
        self.navigation = [page for page in navigation if page.name]
        self.bureau = bureau
        self.is_demo = is_demo
        # One environment for each language, and none shared: what is installed in it holds for every thread.
        self._environment = lru_cache(len(Language))(self._made)

    def _made(self, language: Language) -> Environment:
        made = Environment(
            loader=FileSystemLoader(FOLDER / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        )
        writing = Writing(language)
        made.install_gettext_callables(  # type: ignore[attr-defined]
            writing.message, translations(language).ngettext, newstyle=True, pgettext=translations(language).pgettext
        )
        made.globals.update(
            bureau=self.bureau,
            is_demo=self.is_demo,
            language=language,
            direction=direction(language),
            languages=list(OWN_NAMES.items()),
            themes=list(Theme),
            once=_once,
        )
        made.filters.update(writing.filters(), file=address)
        return made

    def written(self, shown: Shown, session: Session | None, path: str, said: str = "", accepted: str = "") -> str:
        """`said`: what was just done, as a message; `accepted`: the browser's Accept-Language, for strangers."""
        language = session.language if session else preferred(accepted)
        frame: dict[str, Any] = {
            "session": session,
            "theme": session.theme if session else Theme.SYSTEM,
            "purpose": Purpose(session.purpose) if session and session.purpose else None,
            "path": path,
            # Translated here, not by `_` there, which would take it for a page's own words and let markup through.
            # Falls without it: tests/web/console/test_door.py
            "just_told": translations(language).gettext(said) if said else "",
            "navigation": self._open_to(session),
        }
        return self._environment(language).get_template(shown.template).render(frame | shown.values)

    def _open_to(self, session: Session | None) -> list[Page]:
        if session is None:
            return []
        return [page for page in self.navigation if not page.roles or page.roles & session.caller.roles]


def _once() -> str:
    """The mark of one form, by which it is done once."""
    return secrets.token_urlsafe(12)
