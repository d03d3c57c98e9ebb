"""Signing in and out; in a demonstration as anyone, by a button."""

from comity.domain.errors import Missing
from comity.domain.passkey import Asked
from comity.domain.session import SignInBy
from comity.web.console import passkey_proof
from comity.web.console.gate import Arrival, Entered, Gate
from comity.web.console.page import Moved, Page, Shown, Visit, own_path


def sign_in(arrival: Arrival) -> Shown:
    people = arrival.desks.sessions.people() if arrival.is_demo else []
    challenge = arrival.desks.passkeys.challenge(Asked.SIGN_IN)
    options = passkey_proof.to_sign_in(challenge, arrival.origin)
    return Shown("sign_in.html", {"people": people, "to": own_path(arrival.query.text("to")), "options": options})


def enter(arrival: Arrival) -> Entered:
    """Whoever they say they are. Only where the settings are those of a demonstration: `nodes/settings.py`."""
    if not arrival.is_demo:
        raise Missing("Nobody signs in like this here.", do="Use your passkey.")
    return Entered(login=arrival.form.text("login"), by=SignInBy.DEMO, to=own_path(arrival.form.text("to")))


def leave(visit: Visit) -> Moved:
    visit.desks.sessions.end(visit.token)
    return Moved("/sign-in", leaves=True)


GATES = (
    Gate(path="/sign-in", show=sign_in),
    Gate(path="/sign-in", show=enter, method="POST"),
)
PAGES = (Page(path="/sign-out", show=leave, method="POST"),)
