"""Passkeys: to sign in with one, to register the first by a link, to keep several and take one back."""

from comity.domain.errors import Unauthenticated
from comity.domain.passkey import Asked
from comity.domain.session import SignInBy
from comity.web.console import passkey_proof
from comity.web.console.gate import Arrival, Entered, Gate
from comity.web.console.page import Moved, Page, Shown, Visit, own_path


def answer(arrival: Arrival) -> Entered:
    """Sign in: the device has signed what we asked a moment ago."""
    desk, sent = arrival.desks.passkeys, arrival.form.text("credential")
    challenge = passkey_proof.asked_in(sent)
    desk.take(challenge, Asked.SIGN_IN)
    passkey = desk.of_credential(passkey_proof.credential_in(sent))
    login = desk.used(passkey, passkey_proof.signed(sent, challenge, arrival.origin, passkey))
    return Entered(login=login, by=SignInBy.PASSKEY, to=own_path(arrival.form.text("to")))


def invited(arrival: Arrival) -> Shown:
    """Whoever has the link sees whose it is, and may register a passkey."""
    link = arrival.query.text("link")
    account = arrival.desks.passkeys.invited(link)
    challenge = arrival.desks.passkeys.challenge(Asked.REGISTER, account.id)
    options = passkey_proof.to_register(challenge, arrival.origin, account.unit, account, [])
    return Shown("passkey_enrol.html", {"account": account, "link": link, "options": options})


def enrol(arrival: Arrival) -> Entered:
    desk, link, sent = arrival.desks.passkeys, arrival.form.text("link"), arrival.form.text("credential")
    account = desk.invited(link)
    challenge = passkey_proof.asked_in(sent)
    desk.take(challenge, Asked.REGISTER, account.id)
    made = passkey_proof.registered(sent, challenge, arrival.origin, arrival.form.text("name"))
    return Entered(login=desk.enrol(link, made).login, by=SignInBy.PASSKEY)


def own(visit: Visit) -> Shown:
    desk, account = visit.desks.passkeys, visit.caller.account
    there = desk.own(visit.caller)
    person = next((one for one in visit.desks.sessions.people() if one.id == account), None)
    if person is None:
        raise Unauthenticated("Nobody is signed in here.", do="Sign in.")
    challenge = desk.challenge(Asked.REGISTER, account)
    options = passkey_proof.to_register(challenge, visit.origin, visit.caller.unit, person, there)
    return Shown("passkeys.html", {"passkeys": there, "options": options})


def add(visit: Visit) -> Moved:
    sent = visit.form.text("credential")
    challenge = passkey_proof.asked_in(sent)
    visit.desks.passkeys.take(challenge, Asked.REGISTER, visit.caller.account)
    made = passkey_proof.registered(sent, challenge, visit.origin, visit.form.text("name"))
    visit.desks.passkeys.add(made, visit.caller)
    return Moved("/passkeys", "The passkey is added.")


def remove(visit: Visit) -> Moved:
    visit.desks.passkeys.remove(visit.id, visit.caller)
    return Moved("/passkeys", "The passkey is removed.")


GATES = (
    Gate(path="/sign-in/passkey", show=answer, method="POST"),
    Gate(path="/enrol", show=invited),
    Gate(path="/enrol", show=enrol, method="POST"),
)
PAGES = (
    Page(path="/passkeys", show=own, name="My passkeys"),
    Page(path="/passkeys", show=add, method="POST"),
    Page(path="/passkeys/{id}/remove", show=remove, method="POST"),
)
