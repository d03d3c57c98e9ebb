"""Alarms of logs and of the post: what is wrong, what proves it, what to do, and that somebody has looked into it."""

from comity.desks import log_alarms, post
from comity.domain.caller import Role
from comity.domain.errors import Refusal
from comity.web.console.mending import form_page
from comity.web.console.oversight import WATCHERS
from comity.web.console.page import Moved, Page, Shown, Visit

SEE = WATCHERS | log_alarms.CLEARS | post.CLEARS | {Role.DUTY_OFFICER}


def every(visit: Visit) -> Shown:
    return _page(visit)


def clear_log(visit: Visit) -> Shown | Moved:
    try:
        visit.desks.log_alarms.clear(visit.id, visit.caller)
    except Refusal as refusal:
        return _page(visit, refusal)
    return Moved("/oversight/alarms", "Cleared. The journal keeps what proves it.")


def clear_post(visit: Visit) -> Shown | Moved:
    try:
        visit.desks.post_alarms.clear(visit.id, visit.caller)
    except Refusal as refusal:
        return _page(visit, refusal)
    return Moved("/oversight/alarms", "Cleared. The journal keeps that it was there.")


def _page(visit: Visit, refusal: Refusal | None = None) -> Shown:
    values = {
        "of_logs": visit.desks.log_alarms.every(),
        "of_post": visit.desks.post_alarms.alarms(),
        "may_clear_logs": bool(visit.caller.roles & log_alarms.CLEARS),
        "may_clear_post": bool(visit.caller.roles & post.CLEARS),
    }
    return form_page("alarms.html", values, refusal)


PAGES = (
    Page(path="/oversight/alarms", show=every, roles=SEE),
    Page(path="/oversight/alarms/logs/{id}", show=clear_log, method="POST", roles=SEE),
    Page(path="/oversight/alarms/post/{id}", show=clear_post, method="POST", roles=SEE),
)
