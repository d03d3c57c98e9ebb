"""A page with a form, shown again with what is wrong with it where the desk refused it."""

from collections.abc import Callable
from typing import Any

from comity.domain.errors import Conflict, Invalid, NotPermitted, Refusal
from comity.web.console.page import Moved, Shown, Visit
from comity.web.refusals import status_of


def form_page(template: str, values: dict[str, Any], refusal: Refusal | None = None) -> Shown:
    """`errors` for the page: by field, or by the page's own place where the refusal names no field."""
    if refusal is None:
        return Shown(template, {**values, "errors": {}})
    status, _ = status_of(type(refusal))
    wrong = f"{refusal.what} {refusal.do}".strip()
    return Shown(template, {**values, "errors": {refusal.where or "main": wrong}}, status)


def done_or_mended(
    visit: Visit, act: Callable[[], object], page: Callable[[Visit, Refusal | None], Shown], done: Moved
) -> Shown | Moved:
    """What follows a form: its outcome, or its page again with what the desk says. What is not there is refused."""
    try:
        act()
    except (Conflict, Invalid, NotPermitted) as refusal:
        return page(visit, refusal)
    return done
