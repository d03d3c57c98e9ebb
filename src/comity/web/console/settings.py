"""What a reader chose for their screen: language and look; sent from the head of every page."""

import re

from comity.web.console.page import Moved, Page, Visit

# A page of ours: nothing that a browser could take for another host ("//", "/\").
OWN_PATH = re.compile(r"/(?![/\\])[^\s\\]*")


def choose(visit: Visit) -> Moved:
    """Keep what was chosen, and go back to where the form stood."""
    chosen = {name: visit.form.text(name) for name in ("language", "theme") if visit.form.text(name)}
    visit.desks.sessions.choose(visit.token, **chosen)
    back = visit.form.text("back")
    return Moved(back if OWN_PATH.fullmatch(back) else "/", "Your choice is kept.")


PAGES = (Page(path="/settings", show=choose, method="POST"),)
