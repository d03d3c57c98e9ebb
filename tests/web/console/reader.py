"""Readers for tests of pages that ask no desk: somebody signed in, in any language, without a node."""

from datetime import UTC, datetime, timedelta

from jinja2 import Environment

from comity.domain.caller import Caller, Role
from comity.domain.session import Language, Session, Theme
from comity.web.console.page import Page, Shown
from comity.web.console.pages import Pages

NOW = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
CALLER = Caller(
    account="a1", login="ada", bureau="aldova", country="XA", unit="border", roles=frozenset({Role.OFFICER})
)


def session(language: Language = Language.ENGLISH, theme: Theme = Theme.SYSTEM, **chosen: str) -> Session:
    ends_at = NOW + timedelta(hours=8)
    return Session(
        id="s1", csrf="c1", caller=CALLER, name="Ada", language=language, theme=theme, ends_at=ends_at, **chosen
    )


def nothing(visit: object) -> Shown:
    raise AssertionError("no page is opened here")


NAVIGATION = (
    Page(path="/", show=nothing, name="Home", letter="h"),
    Page(path="/members", show=nothing, name="Members and keys", letter="k", roles=frozenset({Role.OFFICER})),
    Page(path="/secret", show=nothing, name="Keys", letter="x", roles=frozenset({Role.AUDITOR})),
)
PAGES = Pages(NAVIGATION, "Aldova", is_demo=True)


def environment(language: Language) -> Environment:
    return PAGES._environment(language)


def written(template: str, language: Language = Language.ENGLISH, **values: object) -> str:
    """What a few lines of template write, with the macros of parts.html by their names."""
    names = "table, row, field, form, badge, clock, error_summary, choices, checkbox, facts, timeline, pager, notice"
    head = f'{{% from "parts.html" import {names} %}}'
    return environment(language).from_string(head + template).render(values | {"now": NOW})
