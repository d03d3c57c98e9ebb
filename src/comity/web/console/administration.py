"""Administration: is the node well, what waits, how it is set, and who has an account."""

from datetime import timedelta

from comity.desks.accounts import ADMINISTER, AT_A_HUB
from comity.desks.upkeep import TEND
from comity.domain import limits
from comity.domain.caller import Account, Role
from comity.domain.circumstances import EntityKind
from comity.domain.errors import Missing, Refusal
from comity.domain.letter import Lane
from comity.web.console.choices import choice, choices, number, wrong
from comity.web.console.page import Moved, Page, Shown, Visit
from comity.web.refusals import status_of

MINUTES = 60  # of a token, where nothing else is chosen
MINUTES_OF_A_DAY = 24 * 60


def state(visit: Visit) -> Shown:
    return Shown("administration.html", {"state": visit.desks.upkeep.state(visit.caller)})


def settings(visit: Visit) -> Shown:
    return Shown("administration_settings.html", {"sections": visit.desks.upkeep.settings(visit.caller)})


def resume(visit: Visit) -> Moved:
    """Take a lane of letters that stands still up again."""
    visit.desks.lanes.resume(visit.id, choice(Lane, visit.form.text("lane"), "lane"), visit.caller)
    return Moved("/administration", "The lane goes on with the next letter; its sender is told what was lost.")


def accounts(visit: Visit) -> Shown:
    return _accounts(visit)


def _accounts(visit: Visit, refusal: Refusal | None = None, where: str = "") -> Shown:
    desk = visit.desks.accounts
    values = {
        "accounts": sorted(desk.every(visit.caller), key=lambda one: one.login),
        "units": desk.units(visit.caller),
        "roles": sorted(AT_A_HUB) if visit.desks.membership.is_hub() else list(Role),
        "kinds": list(EntityKind),
        "chars_max": limits.NAME_CHARS_MAX,
        "errors": wrong(refusal, where) if refusal else {},
        "sent": visit.form,
    }
    return Shown("administration_accounts.html", values, status_of(type(refusal))[0] if refusal else 200)


def open_account(visit: Visit) -> Shown | Moved:
    form = visit.form
    try:
        account = visit.desks.accounts.open(
            form.text("login"),
            form.text("name"),
            form.text("unit"),
            choices(Role, form.every("role"), "role"),
            visit.caller,
        )
    except Refusal as refusal:
        return _accounts(visit, refusal, "login")
    return Moved(f"/administration/accounts/{account.login}", "The account is open. Issue a token to let its owner in.")


def place(visit: Visit) -> Shown | Moved:
    """Say which kind of body a unit belongs to."""
    form = visit.form
    try:
        visit.desks.accounts.place(form.text("place"), choice(EntityKind, form.text("kind"), "kind"), visit.caller)
    except Refusal as refusal:
        return _accounts(visit, refusal, "place")
    return Moved("/administration/accounts", "Other members learn it with the next question of that unit.")


def account(visit: Visit) -> Shown:
    return _account(visit)


def _account(visit: Visit, refusal: Refusal | None = None, where: str = "", token: str = "") -> Shown:
    one = _of(visit)
    longest = limits.API_KEY_DAYS_MAX * MINUTES_OF_A_DAY if Role.SYSTEM in one.roles else limits.TOKEN_MINUTES_MAX
    values = {
        "account": one,
        "token": token,
        "minutes": MINUTES,
        "minutes_max": longest,
        "errors": wrong(refusal, where) if refusal else {},
        "sent": visit.form,
    }
    return Shown("administration_account.html", values, status_of(type(refusal))[0] if refusal else 200)


def issue(visit: Visit) -> Shown:
    """The answer to this form is the one place where the token stands."""
    try:
        # More would be no timedelta; the desk refuses this much anyway.
        minutes = min(number(visit.form.text("minutes"), "minutes"), 2 * limits.API_KEY_DAYS_MAX * MINUTES_OF_A_DAY)
        token, _ = visit.desks.accounts.issue(visit.id, timedelta(minutes=minutes), visit.caller)
    except Missing:
        raise
    except Refusal as refusal:
        return _account(visit, refusal, "minutes")
    return _account(visit, token=token)


def suspend(visit: Visit) -> Shown | Moved:
    try:
        visit.desks.accounts.suspend(visit.id, visit.form.text("reason"), visit.caller)
    except Missing:
        raise
    except Refusal as refusal:
        return _account(visit, refusal, "reason")
    return Moved(f"/administration/accounts/{visit.id}", "Suspended: all its tokens have ended.")


def restore(visit: Visit) -> Shown | Moved:
    try:
        visit.desks.accounts.restore(visit.id, visit.form.text("reason"), visit.caller)
    except Missing:
        raise
    except Refusal as refusal:
        return _account(visit, refusal, "reason")
    return Moved(f"/administration/accounts/{visit.id}", "Restored: it can be given tokens again.")


def _of(visit: Visit) -> Account:
    found = next((one for one in visit.desks.accounts.every(visit.caller) if one.login == visit.id), None)
    if found is None:
        raise Missing(f"There is no account {visit.id}.", do="See the list of accounts.")
    return found


PAGES = (
    Page(path="/administration", show=state, roles=TEND, name="Administration", letter="d"),
    Page(path="/administration/settings", show=settings, roles=TEND),
    Page(path="/administration/accounts", show=accounts, roles=ADMINISTER),
    Page(path="/administration/accounts", show=open_account, method="POST", roles=ADMINISTER),
    Page(path="/administration/accounts/{id}", show=account, roles=ADMINISTER),
    Page(path="/administration/accounts/{id}/token", show=issue, method="POST", roles=ADMINISTER),
    Page(path="/administration/accounts/{id}/suspend", show=suspend, method="POST", roles=ADMINISTER),
    Page(path="/administration/accounts/{id}/restore", show=restore, method="POST", roles=ADMINISTER),
    Page(path="/administration/units", show=place, method="POST", roles=ADMINISTER),
    Page(path="/administration/lanes/{id}/resume", show=resume, method="POST", roles=TEND),
)
