"""What the desks of persons' rights share: who may do what, what is asked for by its id, how steps are written down."""

from datetime import datetime

from comity.desks.needs import Transaction
from comity.domain import limits
from comity.domain.caller import Caller, Role
from comity.domain.errors import Conflict, Invalid, Missing, NotPermitted
from comity.domain.journal import Act, Entry
from comity.domain.rights import Consultation, RightsRequest

DECIDE = frozenset({Role.DATA_PROTECTION_OFFICER, Role.SUPERVISOR, Role.REVIEWER})
SEE = DECIDE | {Role.AUDITOR}


def request_of(tx: Transaction, request_id: str) -> RightsRequest:
    found = tx.rights.get(request_id)
    if found is None:
        raise Missing(f"There is no request {request_id}.", do="See `comity rights list`.")
    return found


def pending(tx: Transaction, request_id: str) -> RightsRequest:
    """One whose clock runs. Raises Missing, Conflict."""
    found = request_of(tx, request_id)
    if not found.pending:
        raise Conflict(f"Request {request_id} is {found.state}.", do="See `comity rights show`.")
    return found


def consultation_of(tx: Transaction, consultation_id: str) -> Consultation:
    found = tx.rights.consultation(consultation_id)
    if found is None:
        raise Missing(f"There is no consultation {consultation_id}.", do="See `comity rights consultations`.")
    return found


def another_person(first: str, caller: Caller) -> None:
    """Whoever can decide alone can be bribed or forced alone. Falls without it: tests/desks/test_rights.py"""
    if caller.account == first:
        raise NotPermitted("You proposed it yourself.", do="A second person must confirm, with their own token.")


def said(text: str, where: str, chars_max: int = limits.TEXT_CHARS_MAX) -> str:
    if not 0 < len(text.strip()) <= chars_max:
        raise Invalid(f"A {where} of at most {chars_max} characters is needed.", where=where, do="Write it out.")
    return text.strip()


def note(
    tx: Transaction,
    act: Act,
    at: datetime,
    caller: Caller | str,
    about: RightsRequest | Consultation,
    outcome: str = "",
    for_whom: str = "",
    records: tuple[str, ...] = (),
    **details: str | int | float | bool | list[str],
) -> None:
    """Never who the person is, nor what they said. `caller`: a person, or the name of a node."""
    if isinstance(about, Consultation):
        details = {"record": about.record, "consultation": about.id, **details}
    actor, unit = (caller, "") if isinstance(caller, str) else (caller.account, caller.unit)
    subject = about.id if isinstance(about, RightsRequest) else about.request or about.id
    entry = Entry(
        act=act,
        at=at,
        actor=actor,
        unit=unit,
        for_whom=for_whom,
        subject=subject,
        outcome=outcome,
        records=records,
        details={"kind": about.kind.value, **details},
    )
    tx.journal.record(entry)
