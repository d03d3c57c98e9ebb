"""Passing on: with the owner's consent, to whom it named, until it takes it back; gone with its record."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from comity.desks.taking_back import take_back
from comity.domain import limits
from comity.domain.bureau import Standing
from comity.domain.caller import Role
from comity.domain.circumstances import Use
from comity.domain.collection import Category
from comity.domain.errors import Conflict, Invalid, Missing, NotPermitted
from comity.domain.instrument import Layer
from comity.domain.journal import Act
from comity.domain.letter import PassingReceipt, PassingWithdrawn, RecordPassed
from comity.domain.lookup import Finding, LookupRequest
from comity.domain.marking import Handling, Marking
from comity.domain.passing import Passing, PassingState
from comity.domain.purpose import Purpose
from comity.domain.record import WithdrawalReason
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, HUB, Federation
from tests.desks.cast import everyone_but, send, why_not
from tests.federation.conftest import WANTED, row, wanted_person

DAY = timedelta(days=1)
FOR = Purpose.CRIMINAL_INVESTIGATION


def told_late(federation: Federation, marking: Marking | None = None) -> str:
    """Dora watches; then Bergenia enters its warrant: the record's id, whose content is kept at Aldova."""
    dora, today = federation.cast["dora"], federation.time().date()
    request = LookupRequest(query=WANTED, purpose=FOR, case="XA-7")
    federation[ALDOVA].watches.set(request, today + 30 * DAY, dora)
    federation.post()
    federation.enter(BERGENIA, "nominals", [row("P-9", wanted_person(), marking)])
    federation[BERGENIA].late.compare()
    federation.post()
    return federation.record(BERGENIA, "nominals", "P-9").header.id


def hit_of(federation: Federation, record: str) -> str:
    with federation[ALDOVA].store.reading() as tx:
        return next(one.id for one in tx.hits.of_record(record))


def consented(federation: Federation, record: str, recipient: str = "XC", purpose: Purpose = FOR) -> str:
    desk, dora = federation[ALDOVA].consents, federation.cast["dora"]
    case = desk.request(hit_of(federation, record), Use.ONWARD, purpose, recipient, "The suspect is there", dora)
    federation.post()
    until = federation.time().date() + 10 * DAY
    federation[BERGENIA].consents.give(case.id, until, "", federation.cast["ben"])
    federation.post()
    return case.id


def pass_on(federation: Federation, record: str, **how: Any) -> Passing:
    stated = {"recipient": CORVIA, "purpose": FOR, "case": "XC-1", "caller": federation.cast["dora"], **how}
    passing = federation[ALDOVA].passings.pass_on(record, **stated)
    federation.post()
    return passing


def at(federation: Federation, node: str, passing: str) -> Passing | None:
    with federation[node].store.reading() as tx:
        return tx.passings.get(passing)


def seen_by_cora(federation: Federation, passing: str) -> Finding:
    return federation[CORVIA].passings.one(passing, federation.cast["cora"]).finding


def passed(federation: Federation) -> tuple[str, str]:
    """(record, passing) of one that Corvia keeps."""
    record = told_late(federation)
    consented(federation, record)
    return record, pass_on(federation, record).id


# -- there ------------------------------------------------------------------------------------------------------------


def test_with_the_owners_consent_it_goes_with_its_marking_and_what_is_owed(federation: Federation):
    record = told_late(federation, Marking(handling=(Handling.H2,)))
    consent = consented(federation, record)
    passing = pass_on(federation, record)
    assert (passing.owner, passing.consent, passing.until) == (BERGENIA, consent, federation.time().date() + 10 * DAY)
    assert at(federation, ALDOVA, passing.id).state is PassingState.STORED
    found = seen_by_cora(federation, passing.id)
    assert found.subject.facts == wanted_person().facts
    assert found.marking == Marking(handling=(Handling.H2,))
    assert "no-onward-without-permission" in found.obligations
    journal = federation.journal(ALDOVA)
    [entry] = [one for one in journal if one.act is Act.RECORD_PASSED and one.outcome == "sent"]
    assert (entry.subject, entry.records, entry.for_whom) == (passing.id, (record,), CORVIA)
    acts = [one.act for one in federation.journal(CORVIA) if one.subject == passing.id]
    assert acts == [Act.RECORD_PASSED, Act.PASSING_SHOWN]


def test_without_consent_or_on_other_terms_than_it_was_given_for_it_does_not_go(federation: Federation):
    record = told_late(federation)
    with pytest.raises(NotPermitted):
        pass_on(federation, record)
    consented(federation, record)
    for how in ({"purpose": Purpose.WANTED_PERSONS}, {"recipient": HUB}):
        with pytest.raises(NotPermitted):
            pass_on(federation, record, **how)
    federation.time.pass_by(days=11)
    with pytest.raises(NotPermitted):
        pass_on(federation, record)
    refused = [one for one in federation.journal(ALDOVA) if one.act is Act.RECORD_PASSED]
    assert [one.outcome for one in refused] == ["refused"] * 4
    assert federation.journal(CORVIA)[-1].act is not Act.RECORD_PASSED


def test_a_consent_for_another_record_does_not_help(federation: Federation):
    record = told_late(federation)
    with federation[ALDOVA].store.reading() as tx:
        other = next(one for one in tx.hits.every(50) if one.record and one.record != record)
    federation[ALDOVA].consents.request(other.id, Use.ONWARD, FOR, "XC", "why", federation.cast["dora"])
    with pytest.raises(NotPermitted):
        pass_on(federation, record)


def test_what_the_owner_closed_to_a_country_does_not_go_there_by_any_consent(federation: Federation):
    record = told_late(federation, Marking(closed_to=("XC",)))
    consented(federation, record)
    with pytest.raises(NotPermitted) as refusal:
        pass_on(federation, record)
    assert refusal.value.clauses == ("marking",)


def test_only_who_may_see_it_may_pass_it_on_and_only_what_is_kept_here(federation: Federation):
    record = told_late(federation)
    consented(federation, record)
    with pytest.raises(NotPermitted):
        pass_on(federation, record, caller=everyone_but(Role.DUTY_OFFICER, Role.SUPERVISOR))
    with pytest.raises(NotPermitted):  # role-8 of our own rules
        pass_on(federation, record, caller=federation[ALDOVA].operator("test"))
    with pytest.raises(Missing):
        pass_on(federation, "no such record")
    with pytest.raises(Missing):
        pass_on(federation, record, recipient="nobody")
    for node in (ALDOVA, BERGENIA):
        with pytest.raises(Conflict):
            pass_on(federation, record, recipient=node)
    with pytest.raises(Invalid):
        pass_on(federation, record, case=" ")


def test_nothing_is_passed_to_a_member_under_a_measure(federation: Federation):
    record = told_late(federation)
    consented(federation, record)
    federation.measure(CORVIA, Standing.RESTRICTED, "a test", categories=(Category.PERSONS,))
    federation.follow()
    with pytest.raises(NotPermitted):
        pass_on(federation, record)


def test_whoever_receives_it_sees_what_its_own_rules_let_them(federation: Federation):
    _, passing = passed(federation)
    desk = federation[CORVIA].passings
    with pytest.raises(NotPermitted):
        desk.one(passing, federation.cast["otto"])
    with pytest.raises(Missing):
        desk.one(passing, federation[CORVIA].operator("test"))  # an administrator looks up nothing
    assert [one.id for one in desk.every(federation.cast["otto"])] == [passing]


SHORT = b"""
id = "short-agreement"
title = "Agreement between Aldova and Bergenia on Short Keeping"
source = "Fictitious"
parties = ["XA", "XB"]
in_force_from = 2020-01-01

[[clauses]]
id = "art-1"
title = "Persons"
effect = "permit"
text = "Persons are told in full, and are erased three days later."
categories = ["persons"]
reply = "full"
duties = { erase_after_days = 3 }
obligations = ["tell-owner-of-passing-on"]
"""


def under_short_keeping(federation: Federation) -> str:
    """The record, told under an agreement by which it is kept for three days, and which alone is in force."""
    federation.publish(("short.toml", SHORT))
    aldova = federation[ALDOVA]
    for known, _ in aldova.agreements.every():
        if known.layer is Layer.AGREEMENT and "XA" in known.parties and known.id != "short-agreement":
            aldova.bundles.withdraw(known.id, None, "For this story", aldova.operator("test"))
    federation.post()
    federation.follow()
    return told_late(federation)


def test_the_owners_deadline_holds_here_and_for_whoever_it_is_passed_to_and_the_owner_is_told(federation: Federation):
    record, today = under_short_keeping(federation), federation.time().date()
    with federation[ALDOVA].store.reading() as tx:
        late, _ = tx.kept.late(hit_of(federation, record), today)
    assert late.keep_until == today + 3 * DAY
    consented(federation, record)
    passing = pass_on(federation, record)
    assert passing.until == today + 3 * DAY
    told = [one for one in federation.journal(BERGENIA) if one.subject == passing.id]
    assert [(one.act, one.outcome, one.for_whom) for one in told] == [(Act.RECORD_PASSED, "told", CORVIA)]
    federation.time.pass_by(days=4)
    with pytest.raises(Missing):
        pass_on(federation, record)


# -- and back ---------------------------------------------------------------------------------------------------------


def gone_at_corvia(federation: Federation, passing: str) -> None:
    with pytest.raises(Missing):
        seen_by_cora(federation, passing)
    with federation[CORVIA].store.reading() as tx:
        assert tx.passings.content(passing) is None
    assert [at(federation, node, passing).state for node in (ALDOVA, CORVIA)] == [PassingState.ERASED] * 2


def test_with_the_record_it_is_gone_there_too(federation: Federation):
    _, passing = passed(federation)
    ben = federation.cast["ben"]
    federation[BERGENIA].records.withdraw("nominals", "P-9", "", WithdrawalReason.PURPOSE_ACHIEVED, ben)
    federation.post()
    gone_at_corvia(federation, passing)


def test_with_the_consent_it_is_gone_there_too(federation: Federation):
    record, passing = passed(federation)
    with federation[BERGENIA].store.reading() as tx:
        [consent] = tx.consents.of_record(record)
    federation[BERGENIA].consents.refuse(consent.id, "Corvia has changed its law", federation.cast["ben"])
    federation.post()
    gone_at_corvia(federation, passing)
    assert at(federation, CORVIA, passing).why == "Corvia has changed its law"


def test_whoever_passed_it_on_takes_it_back(federation: Federation):
    _, passing = passed(federation)
    desk, dora = federation[ALDOVA].passings, federation.cast["dora"]
    desk.take_back(passing, "for another", dora)
    federation.post()
    gone_at_corvia(federation, passing)
    with pytest.raises(Conflict):
        desk.take_back(passing, "again", dora)
    with pytest.raises(Missing):
        federation[CORVIA].passings.take_back(passing, "not ours", federation.cast["dora"])


def test_after_its_last_day_nobody_sees_it_and_it_is_erased(federation: Federation):
    _, passing = passed(federation)
    federation.time.pass_by(days=11)
    with pytest.raises(Missing):
        federation[CORVIA].passings.one(passing, federation.cast["cora"])
    assert federation[CORVIA].passings.expire() == 1
    assert at(federation, CORVIA, passing).state is PassingState.ERASED


# -- letters that are not to be believed ------------------------------------------------------------------------------


def a_letter(federation: Federation, passing: str = "forged", **changes: Any) -> RecordPassed:
    _, sent = passed(federation)
    with federation[CORVIA].store.reading() as tx:
        finding = tx.passings.content(sent)._content
    finding = msgspec.structs.replace(finding, **changes.pop("finding", {}))
    until = federation.time().date() + 5 * DAY
    told = {"passing": passing, "finding": finding, "purpose": FOR, "case": "XC-1", "until": until, **changes}
    return RecordPassed(**told)


@pytest.mark.parametrize(
    "changes",
    [
        {"finding": {"owner": CORVIA}},
        {"finding": {"owner": ALDOVA}},
        {"finding": {"collection": "sltd"}},
        {"finding": {"subject": None}},
        {"finding": {"reference": "another"}},
        {"finding": {"category": "vehicles"}},
    ],
    ids=str,
)
def test_a_record_that_is_not_what_it_says_is_not_kept(federation: Federation, changes: dict[str, Any]):
    send(federation, ALDOVA, CORVIA, a_letter(federation, **changes))
    assert at(federation, CORVIA, "forged") is None
    assert federation.journal(CORVIA)[-1].outcome == "not-applied"


def test_a_last_day_too_far_ahead_or_past_is_refused_and_so_is_an_id_that_stands(federation: Federation):
    letter, today = a_letter(federation), federation.time().date()
    for until in (today - DAY, today + 400 * DAY):
        send(federation, ALDOVA, CORVIA, msgspec.structs.replace(letter, until=until))
        assert at(federation, CORVIA, "forged") is None
    send(federation, ALDOVA, CORVIA, letter)
    send(federation, BERGENIA, CORVIA, msgspec.structs.replace(letter, case="another"))
    assert at(federation, CORVIA, "forged").case == "XC-1"


def test_only_whoever_passed_it_on_takes_it_back_by_letter(federation: Federation):
    _, passing = passed(federation)
    send(federation, HUB, CORVIA, PassingWithdrawn(passing=passing))
    assert seen_by_cora(federation, passing)
    send(federation, HUB, ALDOVA, PassingReceipt(passing=passing, stored=False))
    assert at(federation, ALDOVA, passing).state is PassingState.STORED


def test_what_is_taken_back_before_it_comes_is_kept_out(federation: Federation):
    """Word of it goes in the urgent lane, and may pass what it takes back."""
    letter = a_letter(federation, "slow")
    for _ in range(2):  # the second changes nothing
        send(federation, ALDOVA, CORVIA, PassingWithdrawn(passing="slow"))
    send(federation, ALDOVA, CORVIA, letter)
    assert at(federation, CORVIA, "slow") is None
    assert why_not(federation, CORVIA, "slow") == ["it was taken back before it came"]
    # Nobody keeps out what another passes on.
    send(federation, BERGENIA, CORVIA, PassingWithdrawn(passing="other"))
    send(federation, ALDOVA, CORVIA, msgspec.structs.replace(letter, passing="other"))
    assert at(federation, CORVIA, "other").state is PassingState.STORED
    # After so many days nothing that was passed on before could still be kept.
    desk = federation[CORVIA].passings
    federation.time.pass_by(days=367)
    desk.expire()
    with federation[CORVIA].store.reading() as tx:
        assert not tx.passings.was_taken_back(ALDOVA, "slow")


def test_of_what_never_came_a_member_takes_back_so_many_at_most(federation: Federation, monkeypatch: Any):
    monkeypatch.setattr(limits, "PASSINGS_TAKEN_BACK_MAX", 1)
    for passing in ("first", "second"):
        send(federation, ALDOVA, CORVIA, PassingWithdrawn(passing=passing))
    with federation[CORVIA].store.reading() as tx:
        assert [tx.passings.was_taken_back(ALDOVA, one) for one in ("first", "second")] == [True, False]
    assert why_not(federation, CORVIA, "second") == ["it took back too much that never came"]


def test_taking_back_tells_nobody_twice(federation: Federation):
    _, passing = passed(federation)
    with federation[ALDOVA].store.transaction() as tx:
        told = [take_back(tx, [tx.passings.get(passing)], ALDOVA, "why", "test", federation.time()) for _ in range(2)]
    assert told == [1, 0]
