"""Rights of persons: what they ask of us about themselves, what sources say to it, what two people decide."""

from collections.abc import Callable
from typing import Any

from comity.desks.rights_notes import DECIDE, SEE
from comity.domain.errors import Conflict, Missing, Refusal
from comity.domain.lookup import PersonQuery
from comity.domain.rights import (
    Consultation,
    ExtensionReason,
    IdentityProof,
    Inadmissible,
    RightsGround,
    RightsKind,
    RightsState,
    SourceWord,
)
from comity.web.console.choices import choice, chosen
from comity.web.console.page import Form, Moved, Page, Shown, Visit
from comity.web.console.refilled import again, blank, check_filled
from comity.web.officer.bodies import made

PERSON = ("name", "birth", "nationality", "document_number", "document_country")
FIELDS = (
    "kind",
    *PERSON,
    "said",
    "identity",
    "why",
    "record",
    "reason",
    "ground",
    "told",
    "note",
    "grant",
    "block_why",
)


def every(visit: Visit) -> Shown:
    desks, caller = visit.desks, visit.caller
    values = {
        "requests": desks.rights.every(caller),
        "consultations": desks.consultations.every(caller),
        "may_decide": not caller.roles.isdisjoint(DECIDE),
        "now": visit.now,
    }
    return Shown("rights.html", values)


def new(visit: Visit) -> Shown:
    return blank("rights_new.html", kinds=list(RightsKind))


def receive(visit: Visit) -> Shown | Moved:
    form = visit.form
    try:
        check_filled(form, "kind")
        kind = choice(RightsKind, form.text("kind"), "kind")
        person = made(PersonQuery, {"kind": "person", **{name: form.text(name) for name in PERSON}})
        by_attorney = bool(form.text("by_attorney"))
        request = visit.desks.rights.receive(kind, person, form.text("said"), by_attorney, visit.caller)
    except Refusal as refusal:
        return again("rights_new.html", form, refusal, FIELDS, kinds=list(RightsKind))
    return Moved(f"/rights/{request.id}", "It is written down. No clock runs until the person is identified.")


def show(visit: Visit) -> Shown:
    return _shown(visit, None)


def _shown(visit: Visit, refusal: Refusal | None, found: Any = None) -> Shown:
    whole = visit.desks.rights.show(visit.id, visit.caller)
    owners = {one.owner for one in whole.consultations} | {one.holder for one in whole.propagated}
    decision = whole.request.decision
    values: dict[str, Any] = {
        "whole": whole,
        "request": whole.request,
        "found": found,
        "names": {one: visit.desks.name_of(one) for one in owners | {one.owner for one in found or ()}},
        "may_decide": not visit.caller.roles.isdisjoint(DECIDE),
        "proposed_by_me": decision is not None and decision.proposed_by == visit.caller.account,
        "me": visit.caller.account,
        "proofs": list(IdentityProof),
        "reasons_away": list(Inadmissible),
        "reasons_longer": list(ExtensionReason),
        "grounds": list(RightsGround),
        "now": visit.now,
    }
    if refusal is None:
        return blank("rights_request.html", **values)
    return again("rights_request.html", visit.form, refusal, FIELDS, **values)


def search(visit: Visit) -> Shown:
    """What is held here and may be about the person; shown once and written down, so it has no address of its own."""
    try:
        return _shown(visit, None, visit.desks.rights.search(visit.id, visit.caller))
    except Refusal as refusal:
        return _shown(visit, refusal)


def answer(visit: Visit) -> Shown:
    """The reply as a letter to print."""
    request = visit.desks.rights.show(visit.id, visit.caller).request
    if request.state is not RightsState.DECIDED:
        raise Conflict("It is not decided: there is no answer yet.", do="Decide it, by two people.")
    return Shown("rights_answer.html", {"request": request})


def consultation(visit: Visit) -> Shown:
    return _consulted(visit, None)


def _consulted(visit: Visit, refusal: Refusal | None) -> Shown:
    one = _asked_of_us(visit)
    values: dict[str, Any] = {
        "one": one,
        "asker": visit.desks.name_of(one.asker),
        "may_decide": not visit.caller.roles.isdisjoint(DECIDE),
        "me": visit.caller.account,
        "now": visit.now,
    }
    if refusal is None:
        return blank("rights_consultation.html", **values)
    return again("rights_consultation.html", visit.form, refusal, FIELDS, **values)


def _asked_of_us(visit: Visit) -> Consultation:
    """Of a request of our own, which the address or the form names; else another node asks us."""
    request = _request(visit)
    desks, caller = visit.desks, visit.caller
    every = desks.rights.show(request, caller).consultations if request else desks.consultations.every(caller)
    for one in every:
        if one.id == visit.id:
            return one
    raise Missing("Nobody asks that.", do="See the requests of persons.")


def _request(visit: Visit) -> str:
    return visit.query.text("request") or visit.form.text("request")


Step = Callable[[Visit, Form], object]


def _step(
    act: Step, said: str, page: Callable[[Visit, Refusal | None], Shown] = _shown, to: str = "/rights/{id}"
) -> Callable[[Visit], Shown | Moved]:
    def do(visit: Visit) -> Shown | Moved:
        try:
            act(visit, visit.form)
        except Refusal as refusal:
            return page(visit, refusal)
        request = _request(visit)
        return Moved(to.format(id=visit.id) + (f"?request={request}" if request else ""), said)

    return do


def _admit(visit: Visit, form: Form) -> None:
    check_filled(form, "identity")
    proof = choice(IdentityProof, form.text("identity"), "identity")
    visit.desks.rights.admit(visit.id, proof, bool(form.text("attorney_proved")), visit.caller)


def _turn_away(visit: Visit, form: Form) -> None:
    check_filled(form, "why")
    visit.desks.rights.turn_away(visit.id, choice(Inadmissible, form.text("why"), "why"), visit.caller)


def _concern(visit: Visit, form: Form) -> None:
    check_filled(form, "record")
    visit.desks.rights.concern(visit.id, form.text("record"), visit.caller)


def _extend(visit: Visit, form: Form) -> None:
    check_filled(form, "why")
    visit.desks.rights.extend(visit.id, choice(ExtensionReason, form.text("why"), "why"), visit.caller)


def _propose(visit: Visit, form: Form) -> None:
    check_filled(form, "reason")
    ground = chosen(RightsGround, form.text("ground"), "ground")
    visit.desks.rights_decisions.propose(visit.id, form.every("grant"), ground, form.text("reason"), visit.caller)


def _confirm(visit: Visit, form: Form) -> None:
    visit.desks.rights_decisions.confirm(visit.id, visit.caller)


def _word(visit: Visit, form: Form) -> None:
    told = form.text("told")
    word = {"disclose": bool(told), "agrees": bool(form.text("agrees")), "told": told, "note": form.text("note")}
    visit.desks.consultations.propose(visit.id, made(SourceWord, {**word}), visit.caller)


def _confirm_word(visit: Visit, form: Form) -> None:
    visit.desks.consultations.confirm(visit.id, visit.caller)


def _block(visit: Visit, form: Form) -> None:
    check_filled(form, "block_why")
    visit.desks.precaution.propose(visit.id, form.text("block_why"), visit.caller)


def _confirm_block(visit: Visit, form: Form) -> None:
    visit.desks.precaution.confirm(visit.id, visit.caller)


def _release(visit: Visit, form: Form) -> None:
    check_filled(form, "block_why")
    visit.desks.precaution.release(visit.id, form.text("block_why"), visit.caller)


STEPS: dict[str, tuple[Step, str]] = {
    "admit": (_admit, "The person is identified, and the clock runs."),
    "turn-away": (_turn_away, "It is not examined."),
    "concern": (_concern, "The source of the record is asked."),
    "extend": (_extend, "Its time is longer."),
    "decide": (_propose, "The decision is proposed. A second person confirms it."),
    "confirm": (_confirm, "It is decided, and carried out everywhere."),
}
OF_SOURCES: dict[str, tuple[Step, str]] = {
    "word": (_word, "Our word is proposed. A second person confirms it."),
    "confirm-word": (_confirm_word, "It is our word, and whoever asked is told."),
    "block": (_block, "To block the record is proposed. A second person confirms it."),
    "confirm-block": (_confirm_block, "The record is out of reach while the request is pending."),
    "release": (_release, "The record is in reach again."),
}
PAGES = (
    Page(path="/rights", show=every, roles=SEE, name="Requests of persons", letter="p"),
    Page(path="/rights/new", show=new, roles=DECIDE),
    Page(path="/rights", show=receive, method="POST", roles=DECIDE),
    Page(path="/rights/{id}", show=show, roles=SEE),
    Page(path="/rights/{id}/search", show=search, method="POST", roles=DECIDE),
    Page(path="/rights/{id}/answer", show=answer, roles=SEE),
    *(
        Page(path=f"/rights/{{id}}/{name}", show=_step(act, said), method="POST", roles=DECIDE)
        for name, (act, said) in STEPS.items()
    ),
    Page(path="/consultations/{id}", show=consultation, roles=SEE),
    *(
        Page(
            path=f"/consultations/{{id}}/{name}",
            show=_step(act, said, _consulted, "/consultations/{id}"),
            method="POST",
            roles=DECIDE,
        )
        for name, (act, said) in OF_SOURCES.items()
    ),
)
