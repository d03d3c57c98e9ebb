"""Cedar, wrapped once so that it can only fail shut."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import cedarpy

from comity.domain.reply import ReplyLevel
from comity.law.facts import CODES, FACTS, Fact, Facts, Kind

Json = dict[str, object]
Schema = cedarpy.Schema

# The three actions, each within the next: who may have all may have the core and know of the hit.
ACTIONS = (ReplyLevel.HIT, ReplyLevel.CORE, ReplyLevel.FULL)

# Who and what a request names comes with the request; there is no graph of entities to look up.
_NOBODY = cedarpy.Entities.from_json_str("[]")
_PLAIN = ("Boolean", "Long", "String")


@dataclass(frozen=True)
class Asked:
    """One question to a policy set, before an action is named."""

    asker: str
    owner: str
    facts: Facts


@dataclass(frozen=True)
class Verdict:
    """What Cedar said: allowed only on an exact Allow without any error; which policies decided; what went wrong."""

    allowed: bool
    policies: frozenset[str]
    errors: tuple[str, ...] = ()


class Policies:
    """A policy set, parsed once, with the schema against which requests are checked. Raises ValueError."""

    def __init__(self, policies: Mapping[str, Json], schema: Schema) -> None:
        # Built as JSON, never as text: a quotation mark in a title or an id cannot become policy.
        # Falls without it: tests/law/test_attacks.py
        self._text = json.dumps({"staticPolicies": dict(policies), "templates": {}, "templateLinks": []})
        self.policies = cedarpy.PolicySet.from_json_str(self._text)
        self.schema = schema
        if len(self.policies) != len(policies):
            raise ValueError("Cedar did not take every clause.")

    def validate(self) -> None:
        """Raises ValueError where a policy does not fit the schema."""
        found = cedarpy.validate_policies(cedarpy.policies_from_json_str(self._text), self.schema)
        if not found.validation_passed:
            raise ValueError("; ".join(one.error for one in found.errors) or "It does not validate.")

    def verdict(self, asked: Asked, action: ReplyLevel) -> Verdict:
        return verdict(self.policies, self.schema, asked, action)


def verdict(policies: cedarpy.PolicySet, schema: cedarpy.Schema, asked: Asked, action: ReplyLevel) -> Verdict:
    """One decision."""
    found = cedarpy.is_authorized(_request(asked, action), policies, _NOBODY, schema)
    errors = tuple(found.diagnostics.errors)
    # Cedar skips a policy that errs, a forbidding one too, and may then allow; it may also decide nothing at all.
    # Falls without it: tests/law/test_cedar.py
    allowed = found.decision is cedarpy.Decision.Allow and not errors
    return Verdict(allowed, frozenset(found.diagnostics.reasons), errors)


def policy(
    effect: str, actions: Collection[ReplyLevel], conditions: Collection[Json], annotations: Mapping[str, str]
) -> Json:
    """A policy in Cedar's JSON form; every condition must hold."""
    return {
        "effect": effect,
        "principal": {"op": "All"},
        "action": {"op": "in", "entities": [{"type": "Action", "id": action.word} for action in actions]},
        "resource": {"op": "All"},
        "conditions": [{"kind": "when", "body": condition} for condition in conditions],
        "annotations": dict(annotations),
    }


# -- expressions ------------------------------------------------------------------------------------------------------

ASKER: Json = {"Var": "principal"}
OWNER: Json = {"Var": "resource"}
ALWAYS: Json = {"Value": True}
NEVER: Json = {"Value": False}


def fact(name: str) -> Json:
    return {".": {"left": {"Var": "context"}, "attr": name}}


def if_known(name: str, condition: Json, unknown: bool) -> Json:
    """The condition where the fact is known; `unknown` says what holds where it is not."""
    known: Json = {"has": {"left": {"Var": "context"}, "attr": name}}
    return {"if-then-else": {"if": known, "then": condition, "else": ALWAYS if unknown else NEVER}}


def one_of(kind: str, values: Collection[str], what: Json) -> Json:
    """`what` is one of the values."""
    return {"contains": {"left": _set(kind, values), "right": what}}


def any_of(kind: str, values: Collection[str], what: Json) -> Json:
    """The set `what` has one of the values in it."""
    return {"containsAny": {"left": what, "right": _set(kind, values)}}


def has_in_it(kind: str, value: str, what: Json) -> Json:
    """The set `what` has this value in it."""
    return {"contains": {"left": what, "right": _value(kind, value)}}


def at_least(what: Json, least: int) -> Json:
    return {">=": {"left": what, "right": {"Value": least}}}


def is_(kind: str, value: str, what: Json) -> Json:
    return {"==": {"left": what, "right": _value(kind, value)}}


def both(*conditions: Json) -> Json:
    return _joined("&&", conditions)


def either(*conditions: Json) -> Json:
    return _joined("||", conditions)


def negated(condition: Json) -> Json:
    return {"!": {"arg": condition}}


def _joined(sign: str, conditions: Collection[Json]) -> Json:
    whole, *rest = conditions
    for one in rest:
        whole = {sign: {"left": whole, "right": one}}
    return whole


def _set(kind: str, values: Collection[str]) -> Json:
    return {"Set": [_value(kind, value) for value in values]}


def _value(kind: str, value: str) -> Json:
    return {"Value": value if kind in _PLAIN else _entity(kind, value)}


def _entity(kind: str, value: str) -> Json:
    return {"__entity": {"type": kind, "id": value}}


# -- schema and request -----------------------------------------------------------------------------------------------


def schema(parties: Collection[str]) -> Schema:
    """Closed lists throughout, so that a party, category, purpose or role nobody knows is refused, in a policy as in a
    request."""
    applies = {
        "principalTypes": ["Party"],
        "resourceTypes": ["Party"],
        "context": {"type": "Record", "attributes": {name: _type(kind) for name, kind in FACTS.items()}},
    }
    kinds = {"Party": sorted(parties), **CODES}
    whole = {
        "entityTypes": {kind: {"enum": list(values)} for kind, values in kinds.items()},
        "actions": {action.word: {"appliesTo": applies} for action in ACTIONS},
    }
    return cedarpy.Schema.from_json_str(json.dumps({"": whole}))


def _type(kind: Kind) -> Json:
    one: Json = {"type": kind.type} if kind.type in _PLAIN else {"type": "Entity", "name": kind.type}
    return {**({"type": "Set", "element": one} if kind.many else one), "required": kind.always}


def _request(asked: Asked, action: ReplyLevel) -> Json:
    return {
        "principal": {"type": "Party", "id": asked.asker},
        "action": {"type": "Action", "id": action.word},
        "resource": {"type": "Party", "id": asked.owner},
        "context": {name: _written(FACTS[name], value) for name, value in asked.facts.items() if value is not None},
    }


def _written(kind: Kind, value: Fact) -> object:
    if isinstance(value, frozenset):
        return [one if kind.type in _PLAIN else _entity(kind.type, one) for one in sorted(value)]
    return value if kind.type in _PLAIN else _entity(kind.type, str(value))
