"""Cedar, wrapped once so that it can only fail shut."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import cedarpy

from comity.domain.caller import Role
from comity.domain.collection import Category
from comity.domain.purpose import Purpose
from comity.domain.reply import ReplyLevel

Json = dict[str, object]

# The three actions, each within the next: who may have all may have the core and know of the hit.
ACTIONS = (ReplyLevel.HIT, ReplyLevel.CORE, ReplyLevel.FULL)

# Who and what a request names comes with the request; there is no graph of entities to look up.
_NOBODY = cedarpy.Entities.from_json_str("[]")


@dataclass(frozen=True)
class Request:
    """One question to a policy set, before an action is named."""

    asker: str
    owner: str
    category: str
    purpose: str
    roles: frozenset[str]
    officer_named: bool = True  # a person stands behind the request


@dataclass(frozen=True)
class Verdict:
    """What Cedar said: allowed only on an exact Allow without any error; which policies decided; what went wrong."""

    allowed: bool
    policies: frozenset[str]
    errors: tuple[str, ...] = ()


class Policies:
    """A policy set and its schema, parsed once and checked against each other. Raises ValueError if they do not fit."""

    def __init__(self, policies: Mapping[str, Json], parties: Collection[str]) -> None:
        # Built as JSON, never as text: a quotation mark in a title or an id cannot become policy.
        # Falls without it: tests/law/test_attacks.py
        text = json.dumps({"staticPolicies": dict(policies), "templates": {}, "templateLinks": []})
        self.policies = cedarpy.PolicySet.from_json_str(text)
        self.schema = cedarpy.Schema.from_json_str(json.dumps(_schema(parties)))
        if len(self.policies) != len(policies):
            raise ValueError("Cedar did not take every clause.")
        found = cedarpy.validate_policies(cedarpy.policies_from_json_str(text), self.schema)
        if not found.validation_passed:
            raise ValueError("; ".join(one.error for one in found.errors) or "It does not validate.")

    def verdict(self, request: Request, action: ReplyLevel) -> Verdict:
        return verdict(self.policies, self.schema, request, action)


def verdict(policies: cedarpy.PolicySet, schema: cedarpy.Schema, request: Request, action: ReplyLevel) -> Verdict:
    """One decision."""
    found = cedarpy.is_authorized(_asked(request, action), policies, _NOBODY, schema)
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


def one_of(kind: str, values: Collection[str], what: Json) -> Json:
    """`what` is one of the values."""
    return {"contains": {"left": _set(kind, values), "right": what}}


def any_of(kind: str, values: Collection[str], what: Json) -> Json:
    """The set `what` has one of the values in it."""
    return {"containsAny": {"left": what, "right": _set(kind, values)}}


def variable(name: str) -> Json:
    return {"Var": name}


def context(name: str) -> Json:
    return {".": {"left": variable("context"), "attr": name}}


def _set(kind: str, values: Collection[str]) -> Json:
    return {"Set": [{"Value": _entity(kind, value)} for value in values]}


def _entity(kind: str, value: str) -> Json:
    return {"__entity": {"type": kind, "id": value}}


def _schema(parties: Collection[str]) -> Json:
    """Closed lists throughout, so that a party, category, purpose or role nobody knows is refused, in a policy as in a
    request."""
    shape = {
        "category": {"type": "Entity", "name": "Category"},
        "purpose": {"type": "Entity", "name": "Purpose"},
        "roles": {"type": "Set", "element": {"type": "Entity", "name": "Role"}},
        "officer_named": {"type": "Boolean"},
    }
    applies = {
        "principalTypes": ["Party"],
        "resourceTypes": ["Party"],
        "context": {"type": "Record", "attributes": shape},
    }
    kinds = {"Party": sorted(parties), "Category": list(Category), "Purpose": list(Purpose), "Role": list(Role)}
    return {
        "": {
            "entityTypes": {kind: {"enum": values} for kind, values in kinds.items()},
            "actions": {action.word: {"appliesTo": applies} for action in ACTIONS},
        }
    }


def _asked(request: Request, action: ReplyLevel) -> Json:
    return {
        "principal": {"type": "Party", "id": request.asker},
        "action": {"type": "Action", "id": action.word},
        "resource": {"type": "Party", "id": request.owner},
        "context": {
            "category": _entity("Category", request.category),
            "purpose": _entity("Purpose", request.purpose),
            "roles": [_entity("Role", role) for role in sorted(request.roles)],
            "officer_named": request.officer_named,
        },
    }
