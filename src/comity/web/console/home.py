"""Home: what waits for whoever is signed in."""

from comity.desks.events import SEE
from comity.web.console.page import Page, Shown, Visit
from comity.web.console.waiting import waiting


def home(visit: Visit) -> Shown:
    listens = not visit.caller.roles.isdisjoint(SEE)
    return Shown("home.html", {"waiting": waiting(visit), "now": visit.now, "listens": listens})


PAGES = (Page(path="/", show=home, name="Home", letter="h"),)
