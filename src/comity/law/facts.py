"""What the law looks at, worked out before any clause is asked: of the request, the record, the day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from comity.domain.caller import Role
from comity.domain.circumstances import (
    OVERRIDE_PERSONS_MIN,
    Consent,
    EntityKind,
    Harm,
    Nature,
    Override,
    RefusalGround,
    StatedOffence,
    Tier,
    Trait,
    Use,
)
from comity.domain.collection import Category
from comity.domain.decision import Envelope, Request
from comity.domain.errors import Invalid
from comity.domain.hit import Priority
from comity.domain.offence import CODES as CODES_OF_OFFENCES
from comity.domain.purpose import Purpose

Fact = str | int | bool | frozenset[str]
Facts = Mapping[str, Fact | None]  # None: not known

ANYONE_ELSE = "*"  # how an instrument that is no agreement sees a party that it does not name


@dataclass(frozen=True)
class Kind:
    """How a fact is written in Cedar: its type, one or a set of it, and whether every request has it."""

    type: str
    many: bool = False
    always: bool = True


# name of a fact: its kind. A closed list: what is not here cannot be asked for by any clause.
FACTS: dict[str, Kind] = {
    "category": Kind("Category"),
    "purpose": Kind("Purpose"),
    "roles": Kind("Role", many=True),
    "officer_named": Kind("Boolean"),
    "use": Kind("Use"),
    "consented": Kind("Use", many=True),
    "recipient": Kind("Party", always=False),
    "recipient_oversight": Kind("Boolean"),
    "entity": Kind("EntityKind", always=False),
    "tier": Kind("Tier", always=False),
    "offence_code": Kind("String", always=False),
    "penalty_max_months": Kind("Long", always=False),
    "sentence_months": Kind("Long", always=False),
    "natures": Kind("Nature", many=True, always=False),
    "dual_criminality": Kind("Boolean", always=False),
    "priority": Kind("Priority", always=False),
    "language": Kind("String", always=False),
    "assured": Kind("Harm", many=True),
    "overridden": Kind("Harm", many=True),
    "traits": Kind("Trait", many=True),
    "necessity": Kind("Boolean"),
    "grounds": Kind("RefusalGround", many=True),
    "within_quota": Kind("String", many=True),
}
# type: every code that there is of it
CODES: dict[str, tuple[str, ...]] = {
    "Category": tuple(Category),
    "Purpose": tuple(Purpose),
    "Role": tuple(Role),
    "Use": tuple(Use),
    "EntityKind": tuple(EntityKind),
    "Tier": tuple(Tier),
    "Nature": tuple(Nature),
    "Priority": tuple(Priority),
    "Harm": tuple(Harm),
    "Trait": tuple(Trait),
    "RefusalGround": tuple(RefusalGround),
}


def facts(request: Request, envelope: Envelope | None, today: date) -> dict[str, Fact | None]:
    """All that clauses may look at; of the parties their codes, which each instrument sees in its own way, no quotas.

    Raises Invalid for a code that nobody knows: no clause may permit what is not understood, not even one that does not
    look at it.
    """
    roles, stated = frozenset(request.roles), request.circumstances
    if request.category not in _CATEGORIES or request.purpose not in _PURPOSES or not roles <= _ROLES:
        _refuse_unknown(request)
    found: dict[str, Fact | None] = {
        "asker": request.asker,
        "owner": request.owner,
        "category": request.category,
        "purpose": request.purpose,
        "roles": roles,
        "officer_named": request.officer_named,
        "use": stated.use,
        "consented": _consented(request, envelope, today),
        "recipient": stated.recipient or None,
        "recipient_oversight": stated.recipient_oversight,
        "entity": stated.entity,
        "tier": stated.tier,
        "priority": stated.priority,
        "language": stated.language or None,
        "assured": _assured(request, today),
        "overridden": _overridden(stated.overrides, today),
        "traits": frozenset(envelope.traits) if envelope else _NONE,
        "necessity": bool(stated.necessity.strip()),
        "grounds": frozenset(stated.grounds),
        "within_quota": _NONE,
    }
    return found | (_offence(stated.offence, request) if stated.offence is not None else _NO_OFFENCE)


_NONE: frozenset[str] = frozenset()
# Not known, all of them.
_NO_OFFENCE: dict[str, Fact | None] = dict.fromkeys(
    ("offence_code", "penalty_max_months", "sentence_months", "natures", "dual_criminality")
)


def _offence(offence: StatedOffence, request: Request) -> dict[str, Fact | None]:
    return {
        # A code that nobody knows permits nothing and escapes no prohibition.
        # Falls without it: tests/law/test_offences.py
        "offence_code": offence.code if offence.code in CODES_OF_OFFENCES else None,
        "penalty_max_months": offence.penalty_max_months,
        "sentence_months": offence.sentence_months,
        "natures": frozenset(offence.natures),
        "dual_criminality": {request.asker, request.owner} <= set(offence.punishable_in),
    }


def _assured(request: Request, today: date) -> frozenset[str]:
    """Harms against which the asker itself gave its word, and those that cannot come about."""
    stated = request.circumstances
    given = {one.against for one in stated.assurances if one.given_by == request.asker and today <= one.until}
    # An offence that is not named may carry any penalty. Falls without it: tests/law/test_shapes.py
    if stated.offence is not None and stated.offence.death_penalty is False:
        given.add(Harm.DEATH_PENALTY)
    return frozenset(given)


def lifted_by(overrides: Sequence[Override], seen: Facts, today: date) -> Facts:
    """The same as a layer sees them whose own authority gave these overrides: it is lifted by them and by no other.

    Falls without it: tests/law/test_shapes.py
    """
    if not overrides and not seen["overridden"]:
        return seen
    return {**seen, "overridden": _overridden(overrides, today)}


def _overridden(stated: Sequence[Override], today: date) -> frozenset[str]:
    return frozenset([one.against for one in stated if _overrides(one, today)]) if stated else _NONE


def _overrides(one: Override, today: date) -> bool:
    # The same person twice is one person. Falls without it: tests/law/test_shapes.py
    return len(set(one.persons)) >= OVERRIDE_PERSONS_MIN and bool(one.reason.strip()) and today <= one.until


def _consented(request: Request, envelope: Envelope | None, today: date) -> frozenset[str]:
    given = request.circumstances.consents
    return frozenset([one.use for one in given if _holds(one, request, envelope, today)]) if given else _NONE


def _holds(one: Consent, request: Request, envelope: Envelope | None, today: date) -> bool:
    """A consent is the owner's own, and for this record, purpose and recipient alone."""
    return (
        envelope is not None
        and one.record == envelope.record
        and one.given_by == request.owner
        and one.purpose == request.purpose
        and one.recipient == request.circumstances.recipient
        and today <= one.until
    )


def within_quota(instrument: str, quotas: Mapping[str, int], request: Request) -> frozenset[str]:
    """Of its clauses with a quota (id: questions), those under which one more may be asked.

    Where nobody counted, none. Falls without it: tests/law/test_shapes.py
    """
    asked = request.circumstances.asked
    if asked is None:
        return frozenset()
    return frozenset(name for name, most in quotas.items() if asked.get(f"{instrument} {name}", most) < most)


# the same, to look in quickly
_CATEGORIES, _PURPOSES, _ROLES = (frozenset(CODES[kind]) for kind in ("Category", "Purpose", "Role"))


def _refuse_unknown(request: Request) -> None:
    _known("category", "Category", (request.category,))
    _known("purpose", "Purpose", (request.purpose,))
    _known("role", "Role", request.roles)


def _known(what: str, kind: str, codes: Iterable[str]) -> None:
    for code in codes:
        if code not in CODES[kind]:
            raise Invalid(
                f"{code!r} is no {what} that is known here, and what is not known is refused.",
                where=what,
                do=f"Use one of {', '.join(CODES[kind])}.",
            )
