"""Cedar fails shut: an error, or anything but an exact Allow, permits nothing."""

import json
from typing import Any

import cedarpy
import pytest

from comity.domain.reply import ReplyLevel
from comity.law import cedar
from comity.law.cedar import ACTIONS, Asked, Policies, policy, verdict
from comity.law.columns import asked_of
from comity.law.facts import facts
from tests.law.cast import TODAY, request


def asked(**changes: Any) -> Asked:
    return asked_of(facts(request(), None, TODAY) | changes)


REQUEST = asked()
ANYTHING = policy("permit", ACTIONS, [], {"id": "all"})


def parsed(*clauses: dict[str, object]) -> cedarpy.PolicySet:
    named = {f"c{number}": clause for number, clause in enumerate(clauses)}
    return cedarpy.PolicySet.from_json_str(json.dumps({"staticPolicies": named, "templates": {}, "templateLinks": []}))


def schema() -> cedar.Schema:
    return cedar.schema(["XA", "XB"])


def test_a_permit_allows():
    assert verdict(parsed(ANYTHING), schema(), REQUEST, ReplyLevel.FULL).allowed


def test_a_forbidding_clause_that_errs_denies():
    """Cedar skips it and says Allow; we do not."""
    errs = policy("forbid", ACTIONS, [{"==": {"left": cedar.fact("absent"), "right": {"Value": 1}}}], {"id": "no"})
    policies = parsed(ANYTHING, errs)
    said = cedarpy.is_authorized(cedar._request(REQUEST, ReplyLevel.FULL), policies, "[]", schema())
    assert said.decision is cedarpy.Decision.Allow
    found = verdict(policies, schema(), REQUEST, ReplyLevel.FULL)
    assert not found.allowed
    assert found.errors


@pytest.mark.parametrize(
    "request_",
    [
        asked(asker="XQ"),
        asked(owner=""),
        asked(category="secrets"),
        asked(purpose="curiosity"),
        asked(roles=frozenset({"king"})),
    ],
    ids=["asker", "owner", "category", "purpose", "role"],
)
def test_what_nobody_knows_is_no_decision_and_denies(request_: Asked):
    found = verdict(parsed(ANYTHING), schema(), request_, ReplyLevel.FULL)
    assert not found.allowed
    assert found.errors


def test_a_policy_that_does_not_fit_the_schema_is_refused():
    stray = policy("permit", ACTIONS, [cedar.one_of("Party", ["XZ"], cedar.ASKER)], {"id": "stray"})
    with pytest.raises(ValueError, match="XZ"):
        Policies({"stray": stray}, schema()).validate()


def test_no_policy_at_all_denies():
    assert not verdict(parsed(), schema(), REQUEST, ReplyLevel.HIT).allowed
