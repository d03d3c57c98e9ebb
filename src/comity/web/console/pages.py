"""From values to a page: templates in which everything is escaped, in the language and direction of the reader."""

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from comity.domain.session import Language, Session, Theme
from comity.web.console.page import Page, Shown

FOLDER = Path(__file__).parent
RIGHT_TO_LEFT = frozenset({Language.ARABIC})


class Pages:
    """`navigation` are all pages of the console; each reader sees those that their roles open."""

    def __init__(self, navigation: Sequence[Page], bureau: str, is_demo: bool) -> None:
        self.navigation = [page for page in navigation if page.name]
        self._environment = Environment(
            loader=FileSystemLoader(FOLDER / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        )
        self._environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
        self._environment.globals.update(bureau=bureau, is_demo=is_demo, once=_once)

    def written(self, shown: Shown, session: Session | None, path: str, said: str = "") -> str:
        language = session.language if session else Language.ENGLISH
        frame: dict[str, Any] = {
            "session": session,
            "language": language,
            "direction": "rtl" if language in RIGHT_TO_LEFT else "ltr",
            "theme": session.theme if session else Theme.SYSTEM,
            "path": path,
            "said": said,
            "navigation": self._open_to(session),
        }
        return self._environment.get_template(shown.template).render(frame | shown.values)

    def _open_to(self, session: Session | None) -> list[Page]:
        if session is None:
            return []
        return [page for page in self.navigation if not page.roles or page.roles & session.caller.roles]


def _once() -> str:
    """The mark of one form, by which it is done once."""
    return secrets.token_urlsafe(12)
