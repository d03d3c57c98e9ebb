"""A page with a form, shown again with what is wrong with it where the desk refused it."""

from typing import Any

from comity.domain.errors import Refusal
from comity.web.console.page import Shown
from comity.web.refusals import status_of


def form_page(template: str, values: dict[str, Any], refusal: Refusal | None = None) -> Shown:
    """`errors` for the page: by field, or by the page's own place where the refusal names no field."""
    if refusal is None:
        return Shown(template, {**values, "errors": {}})
    status, _ = status_of(type(refusal))
    wrong = f"{refusal.what} {refusal.do}".strip()
    return Shown(template, {**values, "errors": {refusal.where or "main": wrong}}, status)
