"""Accounts and tokens: who opens them, what they must have, and when they end."""

from datetime import timedelta

import pytest

from comity.domain import limits
from comity.domain.caller import Role
from comity.domain.errors import Conflict, Invalid, Missing, NotPermitted, Unauthenticated
from comity.domain.journal import Act
from comity.testing.federation import ALDOVA, HUB, Federation
from tests.desks.cast import as_, everyone_but

HOUR = timedelta(hours=1)


def test_only_an_administrator_opens_issues_suspends_and_restores(standing: Federation):
    accounts, nobody = standing[ALDOVA].accounts, everyone_but(Role.ADMINISTRATOR)
    for act in (
        lambda: accounts.open("new", "New", "unit", [Role.OFFICER], nobody),
        lambda: accounts.issue("ada", HOUR, nobody),
        lambda: accounts.suspend("ada", "because", nobody),
        lambda: accounts.restore("ada", "because", nobody),
        lambda: accounts.every(as_([Role.OFFICER, Role.DUTY_OFFICER, Role.SYSTEM, Role.REVIEWER])),
    ):
        with pytest.raises(NotPermitted):
            act()
    assert {"ada", "dora"} <= {one.login for one in accounts.every(as_([Role.AUDITOR]))}


def test_a_hub_has_no_officers(standing: Federation):
    hub = standing[HUB]
    with pytest.raises(Conflict, match="no officers"):
        hub.accounts.open("new", "New", "unit", [Role.OFFICER], hub.operator("test"))


@pytest.mark.parametrize(
    ("login", "name", "unit", "roles"),
    [
        ("No Slug", "New", "unit", [Role.OFFICER]),
        ("new", " ", "unit", [Role.OFFICER]),
        ("new", "New", "", [Role.OFFICER]),
        ("new", "New", "x" * (limits.NAME_CHARS_MAX + 1), [Role.OFFICER]),
        ("new", "New", "unit", []),
        ("new", "New", "unit", [Role.SYSTEM, Role.OFFICER]),
    ],
)
def test_an_account_is_whole_or_not_opened(standing: Federation, login: str, name: str, unit: str, roles: list[Role]):
    with pytest.raises(Invalid):
        standing[ALDOVA].accounts.open(login, name, unit, roles, standing[ALDOVA].operator("test"))


def test_a_login_is_one_persons(standing: Federation):
    with pytest.raises(Conflict, match="ada already"):
        standing[ALDOVA].accounts.open("ada", "Another", "unit", [Role.OFFICER], standing[ALDOVA].operator("test"))


def test_an_account_that_is_not_there_is_missing(standing: Federation):
    accounts, operator = standing[ALDOVA].accounts, standing[ALDOVA].operator("test")
    for act in (
        lambda: accounts.issue("nobody", HOUR, operator),
        lambda: accounts.suspend("nobody", "because", operator),
    ):
        with pytest.raises(Missing, match="no account nobody"):
            act()


def test_a_persons_token_lasts_hours_and_a_systems_days(standing: Federation):
    accounts, operator = standing[ALDOVA].accounts, standing[ALDOVA].operator("test")
    accounts.open("gate", "Gate", "border", [Role.SYSTEM], operator)
    for login, longest in (
        ("ada", timedelta(minutes=limits.TOKEN_MINUTES_MAX)),
        ("gate", timedelta(days=limits.API_KEY_DAYS_MAX)),
    ):
        for valid in (timedelta(0), timedelta(minutes=-1), longest + timedelta(seconds=1)):
            with pytest.raises(Invalid, match="at most"):
                accounts.issue(login, valid, operator)
        token, until = accounts.issue(login, longest, operator)
        assert until == standing.time() + longest
        assert accounts.caller(token).login == login


def test_a_suspended_account_gets_no_token_and_its_tokens_stay_ended(federation: Federation):
    accounts, operator = federation[ALDOVA].accounts, federation[ALDOVA].operator("test")
    token, _ = accounts.issue("ada", HOUR, operator)
    for reason in ("", " "):
        with pytest.raises(Invalid, match="A reason"):
            accounts.suspend("ada", reason, operator)
    assert accounts.suspend("ada", "left the service", operator).suspended
    with pytest.raises(Conflict, match="ada is suspended"):
        accounts.issue("ada", HOUR, operator)
    assert not accounts.restore("ada", "came back", operator).suspended
    with pytest.raises(Unauthenticated):
        accounts.caller(token)
    acts = {one.act: one.details for one in federation.journal(ALDOVA)}
    assert int(acts[Act.ACCOUNT_SUSPENDED]["tokens_ended"]) > 0
    assert acts[Act.ACCOUNT_RESTORED]["tokens_ended"] == "0"


def test_a_token_that_is_none_is_written_down_but_not_without_end(federation: Federation):
    accounts = federation[ALDOVA].accounts
    for _ in range(limits.REFUSED_SIGN_INS_NOTED_PER_MINUTE + 5):
        with pytest.raises(Unauthenticated, match="not valid"):
            accounts.caller("guessed")
    refused = [one for one in federation.journal(ALDOVA) if one.act is Act.SIGN_IN_REFUSED]
    assert len(refused) == limits.REFUSED_SIGN_INS_NOTED_PER_MINUTE
    federation.time.pass_by(minutes=1)
    with pytest.raises(Unauthenticated):
        accounts.caller("guessed")
    assert len([one for one in federation.journal(ALDOVA) if one.act is Act.SIGN_IN_REFUSED]) == len(refused) + 1


def test_a_system_is_known_with_the_officer_it_names(standing: Federation):
    token, _ = standing[ALDOVA].accounts.issue("ada", HOUR, standing[ALDOVA].operator("test"))
    caller = standing[ALDOVA].accounts.caller(token, "officer-17")
    assert (caller.login, caller.bureau, caller.country, caller.on_behalf_of) == ("ada", ALDOVA, "XA", "officer-17")
