"""Approvals: everything that waits for a second pair of eyes or for a release, for those who may."""

from typing import Any

from comity.desks import consents, incidents, measures, misuse, overrides, rights_notes, sanctions, supervision
from comity.domain.caller import Role
from comity.domain.consent import ConsentState
from comity.domain.measure import MeasureState
from comity.domain.misuse import AlarmState
from comity.domain.rights import BlockState, ConsultationState, RightsState
from comity.web.console import approvals_of_consents, approvals_of_overrides, approvals_of_reviews
from comity.web.console.page import Page, Shown, Visit

OVERRIDES = overrides.ANSWER_FOR_AT_A_HUB | overrides.OVERSEE
APPROVE: frozenset[Role] = frozenset(
    supervision.SEE
    | consents.SEE
    | OVERRIDES
    | rights_notes.SEE
    | sanctions.SEE
    | measures.SEE
    | misuse.WATCHES
    | incidents.DEAL_WITH
)


def every(visit: Visit) -> Shown:
    return Shown("approvals.html", {"waiting": waiting_for(visit), "now": visit.now})


def waiting_for(visit: Visit) -> dict[str, list[Any]]:
    """Only what the desks let the caller see; what is done already does not stand here."""
    desks, caller = visit.desks, visit.caller

    def may(roles: frozenset[Role]) -> bool:
        return not caller.roles.isdisjoint(roles)

    return {
        "questions": list(desks.supervision.held(caller)) if may(supervision.SEE) else [],
        "letters": desks.letter_review.every(caller) if may(supervision.SEE) else [],
        "consents": [
            one
            for one in (desks.consents.every(caller) if may(consents.SEE) else [])
            if one.state is ConsentState.REQUESTED and one.owner == caller.bureau
        ],
        "overrides": approvals_of_overrides.unconfirmed(visit),
        "notices": desks.overrides.notices(caller) if may(overrides.OVERSEE) else [],
        "received": [
            one for one in (desks.overrides.received(caller) if may(overrides.OVERSEE) else []) if one.seen_at is None
        ],
        "rights": [
            one.request
            for one in (desks.rights.every(caller) if may(rights_notes.SEE) else [])
            if one.request.state is RightsState.PROPOSED
        ],
        "consultations": [
            one
            for one in (desks.consultations.every(caller) if may(rights_notes.SEE) else [])
            if one.state is ConsultationState.PROPOSED or one.block is BlockState.PROPOSED
        ],
        "measures": [
            one
            for one in (desks.measures.every(caller) if may(measures.SEE) else [])
            if one.state is MeasureState.PROPOSED
        ],
        "sanctions": [
            one for one in (desks.sanctions.every(caller) if may(sanctions.SEE) else []) if one.confirmed_at is None
        ],
        "misuse": desks.misuse.alarms([AlarmState.PROPOSED], caller) if may(misuse.WATCHES) else [],
    }


PAGES = (
    Page(path="/approvals", show=every, roles=APPROVE, name="Approvals", letter="v"),
    *approvals_of_reviews.PAGES,
    *approvals_of_consents.PAGES,
    *approvals_of_overrides.PAGES,
)
