"""How long a source keeps a record: reminded in time, kept for longer, gone at its end, back by hand alone."""

from datetime import date, timedelta
from typing import Any

import pytest

from comity.domain.caller import Role
from comity.domain.errors import Conflict, Invalid, Missing, NotPermitted
from comity.domain.importing import RefusedRow
from comity.domain.journal import Act
from comity.domain.lookup import Outcome
from comity.domain.record import Header, WithdrawalReason
from comity.formats.row import Row
from comity.law.shipped import model_agreements
from comity.testing.federation import BERGENIA, HUB, Federation
from tests.desks.cast import changed, everyone_but
from tests.federation.conftest import STOLEN, row, stolen_passport, wanted_person

DAY = timedelta(days=1)


def header(federation: Federation, reference: str = "D-1", collection: str = "sltd") -> Header:
    return federation.record(BERGENIA, collection, reference).header


def due(federation: Federation) -> list[str]:
    keeping = federation[BERGENIA].keeping
    return [one.reference for one in keeping.due(federation[BERGENIA].operator("test"))]


def remind(federation: Federation) -> int:
    return federation[BERGENIA].keeping.remind()


def to(federation: Federation, day: date) -> None:
    if day - federation.time().date() > 300 * DAY:  # law is signed for a year: that of the year to come
        federation.publish(*((path.name, path.read_bytes()) for path in model_agreements()), first_day=day)
    federation.time.pass_by(days=(day - federation.time().date()).days)
    federation.follow()


def extend(federation: Federation, until: date, **how: Any) -> Header:
    told = {"reason": "still stolen", "caller": federation[BERGENIA].operator("test"), **how}
    return federation[BERGENIA].keeping.extend("sltd", "D-1", "", until, **told).header


def enter(federation: Federation, one: Row, post: bool = True) -> list[RefusedRow]:
    node = federation[BERGENIA]
    operator = node.operator("test")
    begun = node.records.begin("again", f"again-{federation.time()}", "sltd", "", operator)
    done = node.records.enter(begun, [one], operator)
    if post:
        federation.post()
    return node.records.refused_rows(done)


def readmit(federation: Federation) -> None:
    operator = federation[BERGENIA].operator("test")
    federation[BERGENIA].keeping.readmit("sltd", "D-1", "", "found to be needed", operator)


def at_hub(federation: Federation) -> Outcome:
    return federation.answer_of(HUB, federation.ask("ada", STOLEN)).outcome


# -- the reminder -----------------------------------------------------------------------------------------------------


def test_the_source_is_reminded_six_months_before_the_end_and_once(federation: Federation):
    assert remind(federation) == 0
    person = header(federation, "P-1", "nominals")
    to(federation, person.review_at - DAY)
    assert (remind(federation), due(federation)) == (0, [])
    federation.time.pass_by(days=1)
    assert remind(federation) == 1
    assert due(federation) == ["P-1"]
    assert federation.journal(BERGENIA)[-1].act is Act.REVIEWS_DUE
    assert remind(federation) == 0
    federation.time.pass_by(days=1)
    assert remind(federation) == 0  # noted before
    assert due(federation) == ["P-1"]


def test_nobody_answers_and_the_record_expires(federation: Federation):
    person = header(federation, "P-1", "nominals")
    to(federation, person.review_at)
    remind(federation)
    to(federation, person.retain_until + DAY)
    assert due(federation) == []
    assert federation[BERGENIA].records.expire() == 1
    assert due(federation) == []


# -- kept for longer --------------------------------------------------------------------------------------------------


def test_a_record_is_kept_for_longer_here_and_at_every_holder(federation: Federation):
    before = header(federation)
    to(federation, before.review_at)
    remind(federation)
    kept = extend(federation, before.retain_until + 100 * DAY)
    federation.post()
    assert (kept.version, kept.retain_until) == (before.version + 1, before.retain_until + 100 * DAY)
    assert kept.entered_at == before.entered_at
    assert kept.review_at > before.review_at
    assert "D-1" not in due(federation)
    to(federation, before.retain_until + DAY)
    for node in (HUB, BERGENIA):
        federation[node].records.expire()
    assert at_hub(federation) is Outcome.HIT
    entry = next(one for one in federation.journal(BERGENIA) if one.act is Act.RECORD_EXTENDED)
    assert entry.details["reason"] == "still stolen"


@pytest.mark.parametrize("days", [-1, 0, 20_000])
def test_it_is_kept_between_its_end_and_what_the_rule_allows(standing: Federation, days: int):
    with pytest.raises(Invalid, match="It may be kept until"):
        extend(standing, header(standing).retain_until + days * DAY)


def test_what_has_ended_is_not_kept_for_longer(federation: Federation):
    last = header(federation).retain_until
    to(federation, last + DAY)
    with pytest.raises(Conflict, match="ended on"):
        extend(federation, last + 50 * DAY)


def test_a_reason_and_a_role_are_needed(standing: Federation):
    longer = header(standing).retain_until + DAY
    with pytest.raises(Invalid):
        extend(standing, longer, reason=" ")
    with pytest.raises(NotPermitted):
        extend(standing, longer, caller=everyone_but(Role.DUTY_OFFICER, Role.SUPERVISOR, Role.SYSTEM, bureau=BERGENIA))
    with pytest.raises(NotPermitted):
        standing[BERGENIA].keeping.readmit(
            "sltd", "D-1", "", "why", everyone_but(Role.SUPERVISOR, Role.REVIEWER, bureau=BERGENIA)
        )
    with pytest.raises(NotPermitted):
        standing[BERGENIA].keeping.due(everyone_but(*Role, bureau=BERGENIA))
    with pytest.raises(Missing):
        standing[BERGENIA].keeping.extend("sltd", "no such", "", longer, "why", standing[BERGENIA].operator("test"))


# -- gone, and back by hand alone -------------------------------------------------------------------------------------


@pytest.mark.parametrize("erased", [False, True])
def test_what_expired_does_not_come_back_with_the_next_import(federation: Federation, erased: bool):
    to(federation, header(federation).retain_until + DAY)
    if erased:
        assert federation[BERGENIA].records.expire() > 0
    [refused] = enter(federation, row("D-1", stolen_passport()))
    assert "has expired" in refused.reason
    assert at_hub(federation) is Outcome.NO_RECORD


def test_what_expired_comes_back_once_somebody_readmits_it_and_holders_take_it(federation: Federation):
    version = header(federation).version
    to(federation, header(federation).retain_until + DAY)
    for node in (HUB, BERGENIA):
        federation[node].records.expire()
    readmit(federation)
    assert enter(federation, row("D-1", stolen_passport())) == []
    assert header(federation).version == version + 1
    assert at_hub(federation) is Outcome.HIT
    federation[BERGENIA].records.withdraw(
        "sltd", "D-1", "", WithdrawalReason.RECOVERED, federation[BERGENIA].operator("test")
    )
    federation.time.pass_by(seconds=1)
    # Not posted: the recall is sealed, and the roots of keys, which people renew, have expired in these years.
    assert len(enter(federation, row("D-1", stolen_passport()), post=False)) == 1  # once, not for ever
    acts = [one.act for one in federation.journal(BERGENIA)]
    assert acts.count(Act.RECORD_READMITTED) == 1


def later(federation: Federation, one: Row) -> list[RefusedRow]:
    federation.time.pass_by(seconds=1)
    return enter(federation, one)


def test_what_expired_does_not_come_back_under_another_reference_unless_somebody_readmits_it(federation: Federation):
    assert later(federation, row("D-2", stolen_passport())) == []  # while it stands both may: the source must know
    for reference in ("D-1", "D-2"):
        to(federation, header(federation, reference).retain_until + DAY)
    federation[BERGENIA].records.expire()
    [refused] = later(federation, row("D-77", stolen_passport()))
    assert "has expired" in refused.reason
    assert later(federation, row("D-78", stolen_passport("B7654321"))) == []  # another one may come
    desk, operator = federation[BERGENIA].keeping, federation[BERGENIA].operator("test")
    desk.readmit("sltd", "D-77", "", "it was stolen again", operator)
    assert later(federation, row("D-77", stolen_passport())) == []
    assert len(later(federation, row("D-79", stolen_passport()))) == 1  # once, and under that reference


def test_a_copy_that_expired_at_its_holder_does_not_come_back_as_it_was(federation: Federation):
    record = federation.record(BERGENIA, "sltd", "D-1")
    to(federation, record.header.retain_until + DAY)
    federation[HUB].records.expire()
    with federation[HUB].store.transaction() as tx:
        [outcome] = tx.records.put([record])
    assert outcome == "withdrawn"


def test_the_status_sets_the_period(federation: Federation):
    body = changed(wanted_person(), status="unidentified-body")
    federation.enter(BERGENIA, "nominals", [row("U-1", body)])
    years = [header(federation, one, "nominals").retain_until.year for one in ("P-1", "U-1")]
    assert years[1] - years[0] == 10
