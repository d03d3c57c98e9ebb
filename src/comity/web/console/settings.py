"""What a reader chose for their screen: language and look; sent from the head of every page."""

from comity.web.console.page import Moved, Page, Visit, own_path


def choose(visit: Visit) -> Moved:
    """Keep what was chosen, and go back to where the form stood."""
    chosen = {name: visit.form.text(name) for name in ("language", "theme") if visit.form.text(name)}
    visit.desks.sessions.choose(visit.token, **chosen)
    return Moved(own_path(visit.form.text("back")), "Your choice is kept.")


PAGES = (Page(path="/settings", show=choose, method="POST"),)
