"""Copies on loan: only the source enters, amends and withdraws, and every refusal goes back to it."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from comity.domain import limits
from comity.domain.hit import HitState
from comity.domain.journal import Act
from comity.domain.letter import RecordsReceipt, RecordsShare, RecordsWithdraw
from comity.domain.lookup import Outcome
from comity.domain.record import Record, Withdrawal, WithdrawalReason, record_id
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, HUB, Federation
from tests.desks.cast import found_by_ada, hit_at, send
from tests.federation.conftest import STOLEN, row, stolen_passport, wanted_person

NOT_YOURS = "Only the source may enter, amend or withdraw a record."


def of_bergenia(federation: Federation, **header: Any) -> Record:
    """Its stolen passport in the next version, with a header that its own desks would not write."""
    record = federation.record(BERGENIA, "sltd", "D-1")
    return msgspec.structs.replace(record, header=msgspec.structs.replace(record.header, **{"version": 2, **header}))


def receipt(federation: Federation, node: str) -> dict[str, Any]:
    """What the last one at a source says."""
    return [one.details for one in federation.journal(node) if one.act is Act.RECORDS_SHARED][-1]


def withdrawal(federation: Federation, **fields: Any) -> Withdrawal:
    told = {
        "id": record_id("sltd", BERGENIA, "D-1"),
        "collection": "sltd",
        "source": BERGENIA,
        "reference": "D-1",
        "version": 1,
        "reason": WithdrawalReason.RECOVERED,
        "withdrawn_at": federation.time(),
    }
    return Withdrawal(**{**told, **fields})


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ({"source": CORVIA, "id": record_id("sltd", CORVIA, "D-1")}, NOT_YOURS),
        ({"country": "XC"}, NOT_YOURS),
        ({"id": record_id("sltd", BERGENIA, "D-2")}, "id or version is wrong"),
        ({"version": 0}, "id or version is wrong"),
        ({"version": limits.VERSION_MAX + 1}, "id or version is wrong"),
        ({"collection": "nominals", "id": record_id("nominals", BERGENIA, "D-1")}, "keeps no copies"),
        ({"collection": "smv", "id": record_id("smv", BERGENIA, "D-1"), "retain_until": 30}, "kind 'vehicle'"),
        ({"collection": "nothing"}, "no collection"),
        ({"retain_until": 366 * 111}, "later than the law allows"),
    ],
)
def test_a_record_that_its_sender_may_not_share_is_refused(standing: Federation, header: dict[str, Any], why: str):
    if days := header.get("retain_until"):
        until = standing.time().date() + timedelta(days=days)
        header = {**header, "retain_until": until, "review_at": until}
    send(standing, BERGENIA, HUB, RecordsShare(share="s", records=(of_bergenia(standing, **header),)))
    told = receipt(standing, BERGENIA)
    assert (told["stored"], len(told["refused"])) == (0, 1)
    assert why in told["refused"][0]
    assert standing.answer_of(HUB, standing.ask("ada", STOLEN)).findings[0].version == 1


def test_a_bureau_keeps_no_copies(standing: Federation):
    send(standing, BERGENIA, ALDOVA, RecordsShare(share="s", records=(of_bergenia(standing),)))
    assert "keeps no copies" in receipt(standing, BERGENIA)["refused"][0]


def test_what_comes_too_late_is_refused_and_not_counted_as_stored(federation: Federation):
    records = (of_bergenia(federation, version=1, contact="another desk"), of_bergenia(federation, version=2))
    send(federation, BERGENIA, HUB, RecordsShare(share="s", records=records[::-1]))
    told = receipt(federation, BERGENIA)
    assert (told["stored"], len(told["refused"])) == (1, 1)
    assert [one.details["stored"] for one in federation.journal(HUB) if one.subject == "s"] == [1]


@pytest.mark.parametrize(
    "fields",
    [
        {"source": CORVIA},
        {"id": record_id("sltd", BERGENIA, "D-2")},
        {"version": 0},
        {"version": limits.VERSION_MAX + 1},
        {"collection": "nothing", "id": record_id("nothing", BERGENIA, "D-1")},
        {"collection": "sanctions", "id": record_id("sanctions", BERGENIA, "D-1")},
    ],
)
def test_a_withdrawal_that_its_sender_may_not_make_is_refused(standing: Federation, fields: dict[str, Any]):
    send(standing, BERGENIA, HUB, RecordsWithdraw(share="w", withdrawals=(withdrawal(standing, **fields),)))
    assert NOT_YOURS in receipt(standing, BERGENIA)["refused"][0]


def test_a_member_that_is_called_as_an_outside_body_cannot_withdraw_from_its_list(federation: Federation):
    federation.enter(HUB, "sanctions", [row("XXi.001", wanted_person())], source=CORVIA + "-list")
    header = federation.record(HUB, "sanctions", "XXi.001", CORVIA + "-list").header
    forged = withdrawal(
        federation, id=header.id, collection="sanctions", source=header.source, reference=header.reference
    )
    send(federation, CORVIA, HUB, RecordsWithdraw(share="w", withdrawals=(forged,)))
    assert federation.record(HUB, "sanctions", "XXi.001", CORVIA + "-list").header == header


def test_a_withdrawal_of_an_older_version_leaves_the_later_one_and_its_hits(federation: Federation):
    send(federation, BERGENIA, HUB, RecordsShare(share="s", records=(of_bergenia(federation),)))
    hit = found_by_ada(federation)
    federation.post()
    send(federation, BERGENIA, HUB, RecordsWithdraw(share="w", withdrawals=(withdrawal(federation),)))
    assert federation.answer_of(HUB, federation.ask("ada", STOLEN)).outcome is Outcome.HIT
    assert hit_at(federation, HUB, hit).state is HitState.OPEN


def test_the_hubs_own_register_ends_with_the_copy(federation: Federation):
    hit = found_by_ada(federation)
    federation.post()
    bergenia = federation[BERGENIA]
    bergenia.records.withdraw("sltd", "D-1", "", WithdrawalReason.RECOVERED, bergenia.operator("test"))
    federation.post()
    assert hit_at(federation, HUB, hit).state is HitState.DENIED
    # The owner tells the finder; the hub does not tell it a second time.
    assert [one.act for one in federation.journal(ALDOVA) if one.subject == hit] == [Act.HIT_DENIED]


def test_a_receipt_is_written_down_with_everything_that_was_refused(standing: Federation):
    send(standing, BERGENIA, HUB, RecordsShare(share="s-2", records=(of_bergenia(standing, country="XC"),)))
    told = [one for one in standing.journal(BERGENIA) if one.subject == "s-2"]
    assert [(one.actor, one.outcome) for one in told] == [(HUB, "refused in part")]
    send(standing, HUB, BERGENIA, RecordsReceipt(share="s-3", stored=1, erased=0))
    assert [one.outcome for one in standing.journal(BERGENIA) if one.subject == "s-3"] == ["done"]


def test_the_second_of_two_passports_of_one_number_does_not_take_the_place_of_the_first(federation: Federation):
    federation.enter(BERGENIA, "sltd", [row("D-2", stolen_passport())])
    federation.post()
    findings = federation.answer_of(HUB, federation.ask("ada", STOLEN)).findings
    assert sorted(one.reference for one in findings) == ["D-1", "D-2"]
