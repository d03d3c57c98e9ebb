"""The network: records that may mean the same person, and what lies together in a case, drawn and as a table."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from comity.desks.cases import WORK
from comity.desks.links import DECIDE
from comity.domain import limits
from comity.domain.case import ItemKind, WholeCase
from comity.domain.collection import COLLECTIONS
from comity.domain.errors import Missing, NotPermitted, Refusal
from comity.domain.hit import Hit
from comity.domain.link import LinkLine, LinkState
from comity.domain.person import Person
from comity.domain.record import Subject
from comity.web.console.choices import choice, wrong
from comity.web.console.graph import Thing, Tie, drawing
from comity.web.console.page import Moved, Page, Shown, Visit
from comity.web.refusals import status_of

TAG = Person.__struct_config__.tag_field
ID_CHARS = 8  # of the id of a record whose reference is not known: enough to tell two apart


class Compared(Struct, frozen=True, kw_only=True):
    """One field of both records, as text."""

    field: str
    left: str
    right: str


def every(visit: Visit) -> Shown:
    """Links of one state, the most probable first; with `about` those of one record in every state."""
    about = visit.query.text("about")
    state = choice(LinkState, visit.query.text("state") or LinkState.PROPOSED, "state")
    states = tuple(LinkState) if about else (state,)
    lines = [line for one in states for line in visit.desks.links.queue(one, visit.caller) if _concerns(line, about)]
    drawn = lines[: limits.LINKS_DRAWN_MAX]
    values = {
        "lines": lines,
        "left_out": len(lines) - len(drawn),
        "states": tuple(LinkState),
        "state": "" if about else state,
        "drawing": drawing(list(_ends(drawn)), list(_ties(drawn))),
    }
    return Shown("network.html", values)


def link(visit: Visit) -> Shown:
    return _link(visit)


def _link(visit: Visit, refusal: Refusal | None = None) -> Shown:
    """Both records side by side; the desk writes down that they were shown."""
    whole = visit.desks.links.show(visit.id, visit.caller)
    values = {
        "line": whole.line,
        "link": whole.line.link,
        "compared": list(_compared(whole.left, whole.right)),
        "chars_max": limits.REASON_CHARS_MAX,
        "errors": wrong(refusal, "why") if refusal else {},
        "sent": visit.form,
    }
    return Shown("network_link.html", values, status_of(type(refusal))[0] if refusal else 200)


def accept(visit: Visit) -> Shown | Moved:
    try:
        visit.desks.links.accept(visit.id, visit.form.text("why"), visit.caller)
    except Missing:
        raise
    except Refusal as refusal:
        return _link(visit, refusal)
    return Moved(f"/network/links/{visit.id}", "Confirmed: both mean the same. Both records stay as they are.")


def reject(visit: Visit) -> Shown | Moved:
    try:
        visit.desks.links.reject(visit.id, visit.form.text("why"), visit.caller)
    except Missing:
        raise
    except Refusal as refusal:
        return _link(visit, refusal)
    return Moved(f"/network/links/{visit.id}", "Refused. It comes back only where one of the records is amended.")


def of_case(visit: Visit) -> Shown:
    whole = visit.desks.cases.show(visit.id, visit.caller)
    hits = [found for one in whole.items if one.kind is ItemKind.HIT and (found := _hit(visit, one.id))]
    things, ties = list(_things(whole, hits)), list(_of_case(whole, hits))
    records = {one.id for one in whole.items if one.kind is ItemKind.RECORD} | {one.record for one in hits}
    lines = _links_of(visit, records)
    names = {one.id: one for one in (*things, *_ends(lines))}  # a link knows the reference of a record
    ties += _ties(lines)
    rows = [(names[one.left], names[one.right], one) for one in ties]
    return Shown(
        "network_case.html", {"case": whole.case, "rows": rows, "drawing": drawing(list(names.values()), ties)}
    )


def _concerns(line: LinkLine, record: str) -> bool:
    return not record or record in (line.link.left, line.link.right)


def _links_of(visit: Visit, records: set[str]) -> list[LinkLine]:
    """For analysts alone: the desk says who they are."""
    if visit.caller.roles.isdisjoint(DECIDE):
        return []
    every_line = (line for state in LinkState for line in visit.desks.links.queue(state, visit.caller))
    return [line for line in every_line if records & {line.link.left, line.link.right}][: limits.LINKS_DRAWN_MAX]


def _hit(visit: Visit, hit_id: str) -> Hit | None:
    """What this caller may see of a hit; its id alone stands in the case."""
    try:
        return visit.desks.hits.one(hit_id, visit.caller)
    except (Missing, NotPermitted):
        return None


def _ends(lines: Iterable[LinkLine]) -> Iterator[Thing]:
    for line in lines:
        link = line.link
        yield _record(link.left, line.left_collection, line.left_reference)
        yield _record(link.right, line.right_collection, line.right_reference)


def _record(record: str, collection: str, reference: str) -> Thing:
    kind = COLLECTIONS[collection].kind if collection in COLLECTIONS else "record"
    return Thing(id=record, kind=kind, label=f"{collection} {reference}", to=f"/network?about={record}")


def _ties(lines: Iterable[LinkLine]) -> Iterator[Tie]:
    for line in lines:
        link = line.link
        yield Tie(
            left=link.left,
            right=link.right,
            how=link.state,
            why=link.why or ", ".join(f"{one.field} {one.how}" for one in link.fields),
            to=f"/network/links/{link.id}",
        )


def _things(whole: WholeCase, hits: Sequence[Hit]) -> Iterator[Thing]:
    yield Thing(id=whole.case.id, kind="case", label=whole.case.number, to=f"/cases/{whole.case.id}")
    told = {one.id: one for one in hits}
    for item in whole.items:
        if item.kind is ItemKind.RECORD:
            yield Thing(id=item.id, kind="record", label=item.id[:ID_CHARS])
        else:
            hit = told.get(item.id)
            yield Thing(id=item.id, kind="hit", label=hit.reference if hit else item.id, to=f"/hits/{item.id}")
        yield _member(item.owner)
    for hit in hits:
        if hit.record:
            kind = COLLECTIONS[hit.collection].kind if hit.collection in COLLECTIONS else "record"
            yield Thing(id=hit.record, kind=kind, label=f"{hit.collection} {hit.reference}")
    for mail in whole.mail:
        label = mail.message.subject if mail.message else mail.id
        yield Thing(id=mail.id, kind="letter", label=label, to=f"/letters/{mail.id}")
        yield from (_member(leg.bureau) for leg in mail.legs)
    yield from (_member(one.bureau) for one in whole.case.references)


def _member(node: str) -> Thing:
    return Thing(id=f"member {node}", kind="member", label=node, to=f"/members/{node}")


def _of_case(whole: WholeCase, hits: Sequence[Hit]) -> Iterator[Tie]:
    for item in whole.items:
        yield Tie(left=whole.case.id, right=item.id, how="in")
        yield Tie(left=item.id, right=f"member {item.owner}", how="of")
    yield from (Tie(left=hit.id, right=hit.record, how="on") for hit in hits if hit.record)
    for mail in whole.mail:
        yield Tie(left=whole.case.id, right=mail.id, how="in")
        yield from (Tie(left=mail.id, right=f"member {leg.bureau}", how=mail.way) for leg in mail.legs)
    for one in whole.case.references:
        yield Tie(left=whole.case.id, right=f"member {one.bureau}", how="same", why=one.number)


def _compared(left: Subject, right: Subject) -> Iterator[Compared]:
    sides = msgspec.to_builtins(left), msgspec.to_builtins(right)
    for field in dict.fromkeys((*sides[0], *sides[1])):
        if field == TAG:
            continue
        here, there = (_text(side.get(field)) for side in sides)
        if here or there:
            yield Compared(field=field, left=here, right=there)


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(filter(None, map(_text, value.values())))
    if isinstance(value, list | tuple):
        return "; ".join(filter(None, map(_text, value)))
    return "" if value is None else str(value)


PAGES = (
    Page(path="/network", show=every, roles=DECIDE, name="Network", letter="w"),
    Page(path="/network/links/{id}", show=link, roles=DECIDE),
    Page(path="/network/links/{id}/accept", show=accept, method="POST", roles=DECIDE),
    Page(path="/network/links/{id}/reject", show=reject, method="POST", roles=DECIDE),
    Page(path="/cases/{id}/network", show=of_case, roles=WORK),
)
