"""Lists, watches and what was found late, through the officers' door and the SDK, before the real desks."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from comity.client.comity import Comity
from comity.domain import limits
from comity.domain.batch import BatchRequest, ListLine, QueueState
from comity.domain.caller import Role
from comity.domain.errors import Conflict, Invalid, Missing, NotPermitted
from comity.domain.hit import HitState
from comity.domain.lookup import DocumentQuery, LookupRequest, Outcome
from comity.domain.problem import refusal_in
from comity.domain.purpose import Purpose
from comity.domain.reply import ReplyLevel
from comity.testing.federation import ALDOVA, BERGENIA, HUB, Federation
from comity.web.officer.door import OfficerDoor
from comity.wire.http import Request
from tests.federation.conftest import STOLEN, UNKNOWN, federation, founded, furnished, row, stolen_passport

__all__ = ["federation", "founded", "furnished"]

REQUEST = BatchRequest(file_digest="a" * 64, file_name="flight.csv", purpose=Purpose.BORDER_CONTROL, case="XA-101")
LINES = [
    ListLine(line=2, label="14C", queries=(STOLEN,)),
    ListLine(line=3, queries=(UNKNOWN,)),
    ListLine(line=4, refused="document: Its issuer is missing."),
]


class Through:
    """A line of the SDK that ends at a door in this process."""

    def __init__(self, door: OfficerDoor, token: str) -> None:
        self.door = door
        self.token = token

    def send(self, method: str, path: str, on_behalf_of: str, body: dict[str, Any] | None = None) -> bytes:
        headers = {"authorization": f"Bearer {self.token}"}
        if on_behalf_of:
            headers["comity-on-behalf-of"] = on_behalf_of
        if body is not None:
            headers["content-type"] = "application/json"
        content = b"" if body is None else msgspec.json.encode(body)
        response = self.door(Request(method=method, authority="", target=path, headers=headers, body=content))
        if response.status != 200:
            raise refusal_in(response.body, response.status)
        return response.body


def sdk(federation: Federation, login: str) -> Comity:
    node = federation[ALDOVA]
    token, _ = node.accounts.issue(login, timedelta(hours=1), node.operator("test"))
    bureau = object.__new__(Comity)
    bureau._line, bureau._on_behalf_of = Through(node.officer_door, token), ""
    return bureau


@pytest.fixture
def bureau(federation: Federation) -> Iterator[Comity]:
    """Ada's connection."""
    return sdk(federation, "ada")


def test_a_list_is_looked_up_a_few_lines_at_a_time(bureau: Comity):
    begun = bureau.begin_batch(REQUEST)
    half = bureau.look_up_lines(begun.id, LINES[:1])
    assert (half.next_line, half.finished_at, bureau.begin_batch(REQUEST)) == (3, None, half)
    done = bureau.look_up_lines(begun.id, LINES, last=True)
    assert (done.lines, done.questions, done.refused, done.found) == (3, 2, 1, 1)
    assert done.sources[HUB].hit == 1
    assert [one.line for one in bureau.refused_lines(done.id)] == [4]
    assert bureau.silences(done.id) == []
    assert bureau.batches() == [done]
    status = bureau.batch(done.id)
    assert (status.batch, status.queue) == (done, {"open": 1})


def test_the_queue_is_worked_through(bureau: Comity, federation: Federation):
    batch = bureau.begin_batch(REQUEST)
    bureau.look_up_lines(batch.id, LINES, last=True)
    [entry] = bureau.queue(batch.id).entries
    assert (entry.queued.label, entry.finding.level, entry.finding.subject.number) == (
        "14C",
        ReplyLevel.FULL,
        "B1234567",
    )
    hit = bureau.take_up(entry.queued.id)
    assert (hit.state, bureau.hit(hit.id)) == (HitState.OPEN, hit)
    with pytest.raises(Conflict):
        bureau.dismiss(entry.queued.id, "another")
    assert bureau.queue(batch.id).entries == ()
    assert [one.queued.state for one in bureau.queue(batch.id, None).entries] == [QueueState.TAKEN_UP]
    assert bureau.export_queue(batch.id).entries[0].finding == entry.finding
    assert sdk(federation, "dora").queue(batch.id, None).entries[0].finding == entry.finding
    bureau.erase_batch(batch.id)
    with pytest.raises(Missing):
        bureau.batch(batch.id)


def test_an_entry_is_dismissed_with_a_reason(bureau: Comity):
    batch = bureau.begin_batch(REQUEST)
    bureau.look_up_lines(batch.id, LINES, last=True)
    [entry] = bureau.queue(batch.id).entries
    with pytest.raises(Invalid):
        bureau.dismiss(entry.queued.id, "")
    assert bureau.dismiss(entry.queued.id, "born in another year").state is QueueState.DISMISSED


def test_silent_lines_are_asked_again(bureau: Comity, federation: Federation):
    federation.line.out_of_reach = {HUB}
    batch = bureau.begin_batch(REQUEST)
    bureau.look_up_lines(batch.id, LINES, last=True)
    assert [(one.line, one.source) for one in bureau.silences(batch.id)] == [(2, HUB), (3, HUB)]
    federation.line.out_of_reach = set()
    federation[ALDOVA].elsewhere.resting.clear()
    assert bureau.ask_silent_again(batch.id, LINES[:2]).sources[HUB].silent == 0


def test_a_list_beyond_the_limits_is_refused(bureau: Comity):
    batch = bureau.begin_batch(REQUEST)
    many = [ListLine(line=number, queries=(UNKNOWN,)) for number in range(1, limits.BATCH_LINES_PER_REQUEST_MAX + 2)]
    with pytest.raises(Invalid):
        bureau.look_up_lines(batch.id, many)
    with pytest.raises(Invalid, match="Nothing is asked"):
        bureau._send(f"/v1/batches/{batch.id}/lines", {"lines": [{"line": 2}]})
    twice = [{"line": 2, "queries": [msgspec.to_builtins(STOLEN)] * 2}]
    with pytest.raises(Invalid, match="Two questions of one kind"):
        bureau._send(f"/v1/batches/{batch.id}/lines", {"lines": twice})


def test_whoever_may_not_look_up_gets_no_list_looked_up(federation: Federation):
    node = federation[ALDOVA]
    node.accounts.open("audrey", "Audrey", "headquarters", [Role.AUDITOR], node.operator("test"))
    with pytest.raises(NotPermitted):
        sdk(federation, "audrey").begin_batch(REQUEST)


def test_a_watch_is_set_listed_and_cancelled(bureau: Comity, federation: Federation):
    request = LookupRequest(query=UNKNOWN, purpose=Purpose.BORDER_CONTROL, case="T-1")
    watch, answer = bureau.watch(request, federation.time().date() + timedelta(days=9))
    assert {one.outcome for one in answer.sources} == {Outcome.NO_RECORD}
    assert (watch.query, watch.told) == (UNKNOWN, (HUB, BERGENIA))
    assert bureau.watches() == [watch]
    assert bureau.cancel_watch(watch.id) == watch
    assert bureau.watches() == []
    with pytest.raises(Missing):
        bureau.cancel_watch(watch.id)


def test_what_was_found_late_is_shown_with_its_question(bureau: Comity, federation: Federation):
    assert bureau.late() == []
    asked = bureau.lookup_document(purpose="border-control", case="T-1", country="XBE", number=UNKNOWN.number)
    federation.enter(BERGENIA, "sltd", [row("D-2", stolen_passport(UNKNOWN.number))])
    federation[BERGENIA].late.compare()
    federation.post()
    [late] = bureau.late()
    assert (late.question, late.source, late.case) == (asked.question, BERGENIA, "T-1")
    assert (late.finding.level, late.finding.subject.number) == (ReplyLevel.FULL, UNKNOWN.number)
    assert late.query == DocumentQuery(country="XBE", number=UNKNOWN.number)


def test_the_paths_are_those_of_the_sdk_alone(tmp_path: Path, bureau: Comity):
    for act in (bureau.batch, bureau.queue, bureau.take_up, bureau.cancel_watch, bureau.erase_batch):
        with pytest.raises(Invalid):
            act("../hits")
