"""The officers' door before the real desks: accounts, hits and the store behind them."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from comity.desks.accounts import Accounts
from comity.desks.here import Here
from comity.desks.hits import Hits
from comity.domain.bureau import Directory, Manifest, Member, NodeRole
from comity.domain.caller import OPERATOR, Caller, Role
from comity.domain.hit import HitState
from comity.storage.database import Database, create
from comity.web.metrics import Metrics
from comity.web.officer.door import OfficerDoor
from comity.web.officer.needs import Desks
from comity.wire.http import Request, Response
from tests.web.officer.desk import FOUND, HIT, AskedLookups
from tests.web.officer.link_desk import OneLink

HERE = Here(node="aldova", role=NodeRole.BUREAU, country="XA", contact="+999 555 0101")
OPERATOR_OF_ALDOVA = Caller(
    account=f"{OPERATOR}:ada",
    login="ada",
    bureau="aldova",
    country="XA",
    unit="operations",
    roles=frozenset({Role.ADMINISTRATOR}),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Database]:
    address = f"sqlite:///{tmp_path / 'node.db'}"
    create(address)
    store = Database(address, "aldova/disclosures", storage_key=bytes(32))
    yield store
    store.close()


@pytest.fixture
def accounts(store: Database) -> Accounts:
    return Accounts(HERE, store, lambda: datetime.now(UTC), os.urandom)


@pytest.fixture
def door(store: Database, accounts: Accounts) -> OfficerDoor:
    hits = Hits(HERE, store, lambda: datetime.now(UTC))
    others = dict.fromkeys(
        (
            *("batches", "watches", "late", "cases", "mail", "proofs", "files", "translations", "message_recalls"),
            *("rights", "rights_decisions", "consultations", "precaution", "incidents", "oversight", "disclosures"),
            *("statistics", "spot_checks", "passings", "consents", "overrides", "operations", "events"),
        )
    )
    return OfficerDoor(
        Desks(
            lookups=AskedLookups(),
            hits=hits,
            links=OneLink(),
            accounts=accounts,
            name_of=str,
            counter=Metrics(),
            **others,
        )
    )


def token_of(accounts: Accounts, login: str, *roles: Role) -> str:
    accounts.open(login, login.capitalize(), "border-3", roles, OPERATOR_OF_ALDOVA)
    return accounts.issue(login, timedelta(hours=1), OPERATOR_OF_ALDOVA)[0]


def with_bergenia() -> Directory:
    """A directory whose one other member owns the hit; the desks take it as verified."""
    names = ("root_ed25519", "root_mldsa87", "node_ed25519", "node_mldsa65", "tls_certificate", "contact")
    bergenia = Manifest(
        node="bergenia",
        name="Bergenia",
        role=NodeRole.BUREAU,
        country="XB",
        version=1,
        issued_at="2031-03-01T00:00:00Z",
        address="https://bergenia.example:8440",
        **dict.fromkeys(names, ""),
    )
    return Directory(
        hub="hub",
        version=1,
        previous="",
        issued_at="2031-03-01T00:00:00Z",
        expires_at="2031-03-08T00:00:00Z",
        members=(Member(manifest=bergenia, signed_manifest="", fingerprint=""),),
    )


def ask(door: OfficerDoor, token: str, method: str, target: str, body: object = None) -> Response:
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    raw = b"" if body is None else msgspec.json.encode(body)
    return door(Request(method=method, authority="aldova", target=target, headers=headers, body=raw))


def test_a_token_is_its_account_until_the_account_is_suspended(door: OfficerDoor, accounts: Accounts):
    token = token_of(accounts, "ada", Role.OFFICER)
    me = msgspec.json.decode(ask(door, token, "GET", "/v1/me").body)
    assert (me["login"], me["bureau"], me["unit"]) == ("ada", "aldova", "border-3")
    accounts.suspend("ada", "left the service", OPERATOR_OF_ALDOVA)
    assert ask(door, token, "GET", "/v1/me").status == 401


def test_a_hit_in_the_store_is_seen_and_asked_about(door: OfficerDoor, accounts: Accounts, store: Database):
    token = token_of(accounts, "ada", Role.OFFICER)
    with store.transaction() as tx:
        tx.members.put(with_bergenia(), b"as the hub signed it")
        tx.hits.put(FOUND)
        tx.commit()
    assert [hit["id"] for hit in msgspec.json.decode(ask(door, token, "GET", "/v1/hits").body)["hits"]] == [HIT]
    asked = ask(door, token, "POST", f"/v1/hits/{HIT}/request", {"priority": "urgent"})
    assert (asked.status, msgspec.json.decode(asked.body)["state"]) == (200, HitState.REQUESTED)
    again = ask(door, token, "POST", f"/v1/hits/{HIT}/request", {"priority": "urgent"})
    assert again.status == 409


def test_who_may_not_see_hits_is_refused(door: OfficerDoor, accounts: Accounts):
    token = token_of(accounts, "rita", Role.REVIEWER)
    assert ask(door, token, "GET", "/v1/hits").status == 403
    assert ask(door, token, "GET", f"/v1/hits/{HIT}").status == 403


def test_an_unknown_hit_is_missing(door: OfficerDoor, accounts: Accounts):
    token = token_of(accounts, "ada", Role.OFFICER)
    assert ask(door, token, "GET", f"/v1/hits/{HIT}").status == 404
