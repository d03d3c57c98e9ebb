"""A form that was refused comes back as it was filled in, with what is wrong beside its fields."""

from collections.abc import Collection, Iterable
from typing import Any

from comity.domain.errors import Invalid, Refusal
from comity.web.console.page import Form, Shown
from comity.web.refusals import status_of

WHOLE = "form"  # stands for what is wrong with no one field: the id of the form itself


def blank(template: str, texts: dict[str, Any] | None = None, **values: Any) -> Shown:
    """A form that nobody has sent yet; `texts`: what stands in it already."""
    told = {name: (one,) if isinstance(one, str) else tuple(one) for name, one in (texts or {}).items()}
    return Shown(template, {"form": Form(told), "errors": {}, **values})


def again(template: str, form: Form, refusal: Refusal, fields: Collection[str], **values: Any) -> Shown:
    """Everything that was typed is still in it."""
    errors = refusal.errors if isinstance(refusal, Wanting) else {_field(refusal, fields): said(refusal)}
    return Shown(template, {"form": form, "errors": errors, **values}, status_of(type(refusal))[0])


class Wanting(Invalid):
    """Several fields are empty that must not be: each is named."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__("Something is wanting.", do="Fill it in.")
        self.errors = dict.fromkeys(names, "This is needed. Fill it in.")


def check_filled(form: Form, *names: str) -> None:
    """Raises Wanting with all of them that are empty, not only the first."""
    if empty := [name for name in names if not any(one.strip() for one in form.every(name))]:
        raise Wanting(empty)


def said(refusal: Refusal) -> str:
    clauses = f" ({'; '.join(refusal.clauses)})" if refusal.clauses else ""
    return f"{refusal.what} {refusal.do}".strip() + clauses


def lines(form: Form, name: str) -> tuple[str, ...]:
    """What stands on each line of a field of several lines."""
    return tuple(one.strip() for one in form.text(name).splitlines() if one.strip())


def _field(refusal: Refusal, fields: Collection[str]) -> str:
    return refusal.where if refusal.where in fields else WHOLE
