"""Agreements: what is in force and who signed it, read aloud, who may see what, and what may be told in a case."""

from typing import Any

from msgspec import Struct

from comity.domain.bundle import SignedBundle
from comity.domain.caller import Role
from comity.domain.collection import Category
from comity.domain.country import country, country_called
from comity.domain.decision import Request
from comity.domain.errors import Invalid, Missing, Refusal
from comity.domain.instrument import Instrument
from comity.domain.purpose import Purpose
from comity.domain.reply import ReplyLevel
from comity.law.diff import differ
from comity.law.diff import words as difference_words
from comity.law.explain import explain
from comity.law.explain import words as explanation_words
from comity.law.instruments import read_instrument
from comity.law.render import render
from comity.law.simulate import Scope, Simulation, parties
from comity.law.words import party_name
from comity.web.console.choices import choice
from comity.web.console.mending import form_page
from comity.web.console.page import Page, Shown, Visit
from comity.web.console.read_aloud import pieces

SAMPLES, SEED = 200, 1  # of requests drawn to tell two texts apart
ROLES = (Role.OFFICER, Role.DUTY_OFFICER, Role.SUPERVISOR, Role.ANALYST, Role.SYSTEM)


class InUse(Struct, frozen=True):
    """A text in use today, with who signed what carries it; nobody, where it was put here for a trial."""

    instrument: Instrument
    signed: tuple[str, ...] = ()
    unsigned: tuple[str, ...] = ()


def every(visit: Visit) -> Shown:
    """Of all; or, with `partner`, of those that bind that member or country."""
    partner = visit.query.text("partner")
    bound = {partner, _party_of(visit, partner)} if partner else set()
    found = [
        one for one in _in_use(visit) if not partner or not one.instrument.parties or bound & {*one.instrument.parties}
    ]
    values = {
        "in_use": found,
        "partner": partner,
        "gaps": visit.desks.agreements.gaps(),
        "proposals": visit.desks.bundles.proposals(),
    }
    return Shown("agreements.html", values)


def one(visit: Visit) -> Shown:
    found = next((one for one in _in_use(visit) if one.instrument.id == visit.id), None)
    if found is None:
        raise Missing(f"No law {visit.id} is in use here.", do="See the list of agreements.")
    book = visit.desks.agreements.law_today().book
    proposals = [one for one in visit.desks.bundles.proposals() if one.id == visit.id]
    values = {"law": found, "pieces": pieces(render(found.instrument, book)), "proposals": proposals}
    return Shown("agreement.html", values)


def proposal(visit: Visit) -> Shown:
    """What was signed or proposed, to the letter, read aloud; and what it changes in the text that is in use."""
    signed = visit.desks.bundles.shown(visit.id)
    book = visit.desks.agreements.law_today().book
    held = {one.instrument.id: one.instrument for one in _in_use(visit)}
    texts = [read_instrument(one.text.encode(), one.name, book) for one in signed.bundle.texts]
    changes = [
        (text.id, list(difference_words(held[text.id], text, differ(held[text.id], text, book, SAMPLES, SEED), book)))
        for text in texts
        if text.id in held and text != held[text.id]
    ]
    values = {
        "signed": signed,
        "unsigned": _unsigned(signed),
        "texts": [(text, pieces(render(text, book))) for text in texts],
        "changes": changes,
        "in_use": [text.id for text in texts if held.get(text.id) == text],
    }
    return Shown("agreement_proposal.html", values)


# -- who may see what -------------------------------------------------------------------------------------------------


def matrix(visit: Visit) -> Shown:
    """For one purpose: how much each partner may be told by us, and we by them, of each category."""
    text = visit.query.text("purpose")
    purpose = choice(Purpose, text, "purpose") if text else Purpose.BORDER_CONTROL
    acted, us = visit.desks.agreements.acted_under(), _us(visit)
    others = tuple(one for one in parties(acted.instruments) if one != us)
    scope = Scope(
        askers=(us, *others),
        owners=(us, *others),
        purposes=(purpose,),
        sketch=Request(asker="", owner="", category="", purpose="", roles=(Role.OFFICER,)),
    )
    simulation = Simulation(visit.desks.agreements.law_today(), scope, visit.now.date())
    values = {
        "stated": purpose,  # `purpose` is the frame's: that of the shift
        "purposes": list(Purpose),
        "categories": list(Category),
        "us": us,
        "told_by_us": [(one, party_name(one), _row(simulation, one, us)) for one in others],
        "told_to_us": [(one, party_name(one), _row(simulation, us, one)) for one in others],
    }
    return Shown("agreements_matrix.html", values)


def _row(simulation: Simulation, asker: str, owner: str) -> list[str]:
    """The words of the levels, category by category; '' for nothing."""
    levels = (ReplyLevel(int(one)) for one in simulation.levels(asker, owner)[:, 0])
    return [level.word if level else "" for level in levels]


# -- what if ----------------------------------------------------------------------------------------------------------


def what_if(visit: Visit) -> Shown:
    query = visit.query
    values: dict[str, Any] = {
        "sent": query,
        "us": _us(visit),
        "categories": list(Category),
        "purposes": list(Purpose),
        "roles": ROLES,
        "lines": [],
        "decision": None,
        "clauses": [],
    }
    if not query.text("asker"):
        return form_page("agreements_what_if.html", values)
    try:
        request = Request(
            asker=_party(visit, query.text("asker"), "asker"),
            owner=_party(visit, query.text("owner"), "owner"),
            category=choice(Category, query.text("category"), "category"),
            purpose=choice(Purpose, query.text("purpose"), "purpose"),
            roles=(choice(Role, query.text("role") or Role.OFFICER, "role"),),
        )
    except Refusal as refusal:
        return form_page("agreements_what_if.html", values, refusal)
    law = visit.desks.agreements.law_today()
    explained = explain(request, law, visit.now.date())
    decision = explained.decision
    named = [*decision.clauses, *([decision.reason.clause] if decision.reason else [])]
    in_use = {one.instrument.id for one in _in_use(visit)}
    values |= {
        "lines": list(explanation_words(explained, law.book)),
        "decision": decision,
        "word": decision.level.word if decision.level else "",
        "clauses": [tuple(name.split(" ", 1)) for name in named if name.split(" ", 1)[0] in in_use and " " in name],
    }
    return form_page("agreements_what_if.html", values)


def _us(visit: Visit) -> str:
    """As agreements name the bureau of whoever looks."""
    return visit.caller.country or visit.caller.bureau


def _party(visit: Visit, text: str, where: str) -> str:
    """A country by its letters or its name, or an organisation that a text names. Raises Invalid."""
    if text in parties(visit.desks.agreements.acted_under().instruments):
        return text
    try:
        return country(country_called(text) or text)
    except Invalid:
        raise Invalid(
            f"{text!r} is no country, and no text here names it.", where=where, do="Write its code or its name."
        ) from None


def _party_of(visit: Visit, member: str) -> str:
    """The country of a member by its short name; '' where it has none, or there is no such member."""
    known = (one.member.manifest for one in visit.desks.membership.every() if one.member.id == member)
    return next((manifest.country for manifest in known), "")


def _in_use(visit: Visit) -> list[InUse]:
    found = visit.desks.agreements.every()
    carried = visit.desks.agreements.published([digest for _, digest in found])
    return [_with_signatures(instrument, carried.get(digest)) for instrument, digest in found]


def _with_signatures(instrument: Instrument, carried: object) -> InUse:
    if not isinstance(carried, SignedBundle):
        return InUse(instrument)
    return InUse(instrument, carried.signed, _unsigned(carried))


def _unsigned(signed: SignedBundle) -> tuple[str, ...]:
    return tuple(node for node in signed.bundle.nodes if node not in signed.signed)


PAGES = (
    Page(path="/agreements", show=every, name="Agreements", letter="g"),
    Page(path="/agreements/who-may-see-what", show=matrix),
    Page(path="/agreements/what-if", show=what_if),
    Page(path="/agreements/proposals/{id}", show=proposal),
    Page(path="/agreements/{id}", show=one),
)
