"""Decisions on requests of persons and words of a source, proposed by one person, for the second one to confirm."""

from comity.desks.rights_notes import DECIDE, SEE
from comity.domain.errors import Missing, Refusal
from comity.domain.rights import BlockState, ConsultationState, RightsState
from comity.web.console.approvals_of_reviews import told
from comity.web.console.mending import done_or_mended, form_page
from comity.web.console.page import Moved, Page, Shown, Visit


def decision(visit: Visit) -> Shown:
    return _decision(visit)


def confirm_decision(visit: Visit) -> Shown | Moved:
    done = Moved("/approvals", "Confirmed: it is carried out here and told to every holder, and the reply may leave.")
    return done_or_mended(visit, lambda: visit.desks.rights_decisions.confirm(visit.id, visit.caller), _decision, done)


def word(visit: Visit) -> Shown:
    return _word(visit)


def confirm_word(visit: Visit) -> Shown | Moved:
    done = Moved("/approvals", "Confirmed: it is the word of this bureau as the source.")
    return done_or_mended(visit, lambda: visit.desks.consultations.confirm(visit.id, visit.caller), _word, done)


def confirm_block(visit: Visit) -> Shown | Moved:
    done = Moved("/approvals", "Confirmed: the record is out of reach until the request is decided.")
    return done_or_mended(visit, lambda: visit.desks.precaution.confirm(visit.id, visit.caller), _word, done)


def _decision(visit: Visit, refusal: Refusal | None = None) -> Shown:
    found = next((one for one in visit.desks.rights.every(visit.caller) if one.request.id == visit.id), None)
    if found is None:
        raise Missing(f"There is no request {visit.id}.", do="See the approvals.")
    request = found.request
    may = request.state is RightsState.PROPOSED and bool(visit.caller.roles & DECIDE)
    values = {
        "whole_request": found,
        "corrected": told(request.decision.corrected) if request.decision and request.decision.corrected else None,
        "may_confirm": may,
    }
    return form_page("approval_decision.html", values, refusal)


def _word(visit: Visit, refusal: Refusal | None = None) -> Shown:
    found = next((one for one in visit.desks.consultations.every(visit.caller) if one.id == visit.id), None)
    if found is None:
        raise Missing(f"There is no consultation {visit.id}.", do="See the approvals.")
    may = bool(visit.caller.roles & DECIDE)
    values = {
        "consultation": found,
        "may_confirm": may and found.state is ConsultationState.PROPOSED,
        "may_block": may and found.block is BlockState.PROPOSED,
    }
    return form_page("approval_word.html", values, refusal)


PAGES = (
    Page(path="/approvals/rights/{id}", show=decision, roles=SEE),
    Page(path="/approvals/rights/{id}/confirm", show=confirm_decision, method="POST", roles=DECIDE),
    Page(path="/approvals/words/{id}", show=word, roles=SEE),
    Page(path="/approvals/words/{id}/confirm", show=confirm_word, method="POST", roles=DECIDE),
    Page(path="/approvals/words/{id}/block", show=confirm_block, method="POST", roles=DECIDE),
)
