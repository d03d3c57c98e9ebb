"""What supervised members asked or wrote, whole, to be released or refused by a reviewer."""

from typing import Any

import msgspec

from comity.desks.supervision import REVIEW, SEE
from comity.domain import limits
from comity.domain.errors import Conflict, Invalid, Missing, Refusal
from comity.web.console.mending import form_page
from comity.web.console.page import Moved, Page, Shown, Visit


def question(visit: Visit) -> Shown:
    return _question(visit)


def decide_question(visit: Visit) -> Shown | Moved:
    reason, released = visit.form.text("reason"), _released(visit)
    try:
        if released:
            visit.desks.supervision.release(visit.id, visit.caller)
        else:
            visit.desks.supervision.refuse(visit.id, reason, visit.caller)
    except (Conflict, Invalid) as refusal:
        return _question(visit, refusal)
    if released:
        return Moved("/approvals", "Released: it is answered by letter, as a lookup of today would be.")
    return Moved("/approvals", "Refused: whoever asked is told why.")


def letter(visit: Visit) -> Shown:
    return _letter(visit)


def decide_letter(visit: Visit) -> Shown | Moved:
    reason, released = visit.form.text("reason"), _released(visit)
    try:
        if released:
            visit.desks.letter_review.release(visit.id, visit.caller, bool(visit.form.text("with_earlier")))
        else:
            visit.desks.letter_review.refuse(visit.id, reason, visit.caller)
    except (Conflict, Invalid) as refusal:
        return _letter(visit, refusal)
    if released:
        return Moved("/approvals", "Released: it is applied as if it had just come.")
    return Moved("/approvals", "Refused: whoever wrote it is told why.")


def _released(visit: Visit) -> bool:
    """Raises Invalid for any word but the two."""
    return chosen(visit, "release", "refuse") == "release"


def chosen(visit: Visit, *words: str) -> str:
    """Which button was pressed. Raises Invalid."""
    word = visit.form.text("act")
    if word not in words:
        raise Invalid(f"{word!r} is nothing that can be done here.", where="act", do="Press one of the buttons.")
    return word


def _question(visit: Visit, refusal: Refusal | None = None) -> Shown:
    held = next((one for one in visit.desks.supervision.held(visit.caller) if one.id == visit.id), None)
    if held is None:
        raise Missing(f"No question {visit.id} is held here.", do="It may be decided; see the approvals.")
    return _page("approval_question.html", visit, {"held": held, "query": told(held.question.query)}, refusal)


def _letter(visit: Visit, refusal: Refusal | None = None) -> Shown:
    """That somebody read it is journalled."""
    cover = visit.desks.letter_review.show(visit.id, visit.caller)
    return _page("approval_letter.html", visit, {"cover": cover, "body": told(cover.body)}, refusal)


def told(value: object) -> Any:
    """As plain lists and texts by name, so that a page shows all of it, whatever it is."""
    return msgspec.to_builtins(value)


def _page(template: str, visit: Visit, values: dict[str, Any], refusal: Refusal | None) -> Shown:
    more = {"may_review": bool(visit.caller.roles & REVIEW), "chars_max": limits.REASON_CHARS_MAX, "sent": visit.form}
    return form_page(template, values | more, refusal)


PAGES = (
    Page(path="/approvals/questions/{id}", show=question, roles=SEE),
    Page(path="/approvals/questions/{id}", show=decide_question, method="POST", roles=REVIEW),
    Page(path="/approvals/letters/{id:path}", show=letter, roles=REVIEW),
    Page(path="/approvals/letters/{id:path}", show=decide_letter, method="POST", roles=REVIEW),
)
