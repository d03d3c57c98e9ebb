"""Home: what waits for whoever is signed in."""

from comity.web.console.page import Page, Shown, Visit


def home(visit: Visit) -> Shown:
    return Shown("home.html", {"hits": visit.desks.hits.every(visit.caller)})


PAGES = (Page(path="/", show=home, name="Home", letter="h"),)
