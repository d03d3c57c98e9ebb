"""What the organisation publishes as its rulebook governs all that the shipped one did: release, keeping, retention."""

from datetime import timedelta

import pytest

from comity.desks.bundles import Text
from comity.desks.lookup_notes import decisions
from comity.domain.caller import Role
from comity.domain.errors import Invalid, NotPermitted
from comity.domain.journal import Act, Entry
from comity.domain.letter import RecordsShare
from comity.domain.lookup import LookupRequest
from comity.domain.purpose import Purpose
from comity.domain.reply import ReplyLevel
from comity.law.retention import months_after
from comity.law.rulebook import files_of, shipped_rulebook
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, HUB, Federation
from tests.desks.cast import as_, send
from tests.desks.test_copies import of_bergenia
from tests.desks.test_decisions import again
from tests.federation.conftest import STOLEN, UNKNOWN, row, stolen_passport

RULES = b"""
id = "rules-of-the-organisation"
title = "Rules of the organisation"
source = "Fictitious"
layer = "organisation"
in_force_from = 2020-01-01

[[clauses]]
id = "rule-1"
title = "Within the agreements all may be told"
effect = "permit"
reply = "core"
text = "Members may tell each other what their agreements permit, to the core."
"""
# file: what stands there, and what the organisation makes of it
CHANGES = {
    "core": ('fields = ["number", "country", "type", "fraud"]', 'fields = ["number", "fraud"]'),
    "retention": ("[sltd]\nyears = 10", "[sltd]\nyears = 2"),
    "retention_by_status": ("[nominals.possible-threat]\nyears = 3", "[nominals.possible-threat]\nyears = 1"),
    "obligations": (
        "[no-onward]",
        '[tell-the-ombudsman]\ntext = "Tell the ombudsman."\nsource = "Fictitious"\n\n[no-onward]',
    ),
    "onboarding": (
        "[duty-desk]",
        '[visit]\ntext = "Somebody was there."\npersons = 1\nsource = "Fictitious"\n\n[duty-desk]',
    ),
    "lookups": ("[border-control]\nkept_days = 1", "[border-control]\nkept_days = 9"),
}


OWN_CODE = b"""
id = "with-the-ombudsman"
title = "Agreement between Aldova and Bergenia"
source = "Fictitious"
parties = ["XA", "XB"]
in_force_from = 2020-01-01

[[clauses]]
id = "art-1"
title = "Documents"
effect = "permit"
text = "On stolen documents, to the whole, and the ombudsman is told."
reply = "full"
obligations = ["tell-the-ombudsman"]
"""


def published() -> dict[str, str]:
    files = files_of(shipped_rulebook())
    for name, (before, after) in CHANGES.items():
        assert before in files[name], name
        files[name] = files[name].replace(before, after)
    return files


@pytest.fixture
def ruled(federation: Federation) -> Federation:
    hub = federation[HUB]
    hub.bundles.publish([Text("rules.toml", RULES)], hub.operator("test"), rulebook=published())
    federation.follow()
    return federation


def digest(federation: Federation, node: str) -> str:
    return federation[node].agreements.law_today().book.digest


def last(federation: Federation, node: str, act: Act) -> Entry:
    return [one for one in federation.journal(node) if one.act is act][-1]


def test_every_node_acts_under_it(ruled: Federation):
    assert digest(ruled, HUB) == digest(ruled, ALDOVA) != shipped_rulebook().digest


def test_the_core_is_what_it_says_and_the_decision_names_it(ruled: Federation):
    answer = ruled.ask("ada", STOLEN)
    [finding] = ruled.answer_of(HUB, answer).findings
    assert (finding.level, finding.subject.number, finding.subject.country) == (ReplyLevel.CORE, "B1234567", "")
    entry = last(ruled, HUB, Act.LOOKUP_ANSWERED)
    [taken] = decisions(entry)
    assert digest(ruled, HUB) in taken.decision.digests
    assert again(ruled, HUB, taken) == []


def test_records_are_kept_as_long_as_it_says_from_then_on(ruled: Federation):
    today = ruled.time().date()
    before = ruled.record(BERGENIA, "sltd", "D-1").header.retain_until
    ruled.enter(BERGENIA, "sltd", [row("D-2", stolen_passport("B7654321"))])
    assert ruled.record(BERGENIA, "sltd", "D-2").header.retain_until == months_after(today, 24)
    assert ruled.record(BERGENIA, "sltd", "D-1").header.retain_until == before
    assert last(ruled, BERGENIA, Act.RECORDS_IMPORTED).details["rulebook"] == digest(ruled, BERGENIA)


def test_what_was_entered_before_ends_as_it_says_too_at_its_owner_and_at_the_hub(ruled: Federation):
    entered = ruled.record(BERGENIA, "sltd", "D-1").header
    for node in (BERGENIA, HUB):
        assert (ruled[node].shortening.tend(), ruled[node].shortening.tend()) == (1, 0), "once for each rulebook"
    after = ruled.record(BERGENIA, "sltd", "D-1").header
    assert after.retain_until == months_after(entered.entered_at.date(), 24)
    assert after.review_at <= months_after(after.retain_until, -6)
    assert after.version == entered.version
    done = last(ruled, HUB, Act.RECORDS_SHORTENED)
    assert (done.subject, done.details) == ("sltd", {"records": 1, "rulebook": digest(ruled, HUB)})


def test_what_is_lawfully_kept_for_longer_since_stays_so(ruled: Federation):
    desk, sara = ruled[BERGENIA].shortening, as_([Role.SUPERVISOR], BERGENIA)
    desk.tend()
    ruled.time.pass_by(days=300)
    until = months_after(ruled.time().date(), 24)
    ruled[BERGENIA].keeping.extend("sltd", "D-1", "", until, "still needed", sara)
    desk._tended = ""  # as after a start
    assert desk.tend() == 0
    assert ruled.record(BERGENIA, "sltd", "D-1").header.retain_until == until


def test_the_hub_stores_no_copy_for_longer_than_it_says(ruled: Federation):
    longer = of_bergenia(ruled, retain_until=months_after(ruled.time().date(), 25))
    send(ruled, BERGENIA, HUB, RecordsShare(share="s", records=(longer,)))
    receipt = last(ruled, BERGENIA, Act.RECORDS_SHARED)
    assert "retain_until is later than the law allows" in receipt.details["refused"][0]
    assert last(ruled, HUB, Act.RECORDS_SHARED).details["rulebook"] == digest(ruled, HUB)


def test_agreements_may_owe_what_it_lays_down(ruled: Federation):
    ruled.publish(("own.toml", OWN_CODE))
    answer = ruled.ask("ada", STOLEN)
    [finding] = ruled.answer_of(HUB, answer).findings
    assert "tell-the-ombudsman" in finding.obligations
    [taken] = decisions(last(ruled, HUB, Act.LOOKUP_ANSWERED))
    assert again(ruled, HUB, taken) == []


def test_agreements_may_not_owe_what_it_does_not_lay_down(ruled: Federation):
    other = OWN_CODE.replace(b"tell-the-ombudsman", b"tell-the-king")
    with pytest.raises(Invalid, match="tell-the-king is no obligation of the rulebook"):
        ruled.publish(("own.toml", other))


def test_the_checklist_of_new_members_is_its_own(ruled: Federation):
    hub = ruled[HUB]
    items = [code for code, _, _ in hub.onboarding.checklist(CORVIA, hub.operator("test"))]
    assert "visit" in items


def test_questions_are_kept_as_long_as_it_says(ruled: Federation):
    answer = ruled.ask("ada", UNKNOWN, Purpose.BORDER_CONTROL)
    with ruled[ALDOVA].store.reading() as tx:
        kept = tx.kept.get(answer.question, ruled.time().date())
    assert kept.until == ruled.time().date() + timedelta(days=9)


def test_where_it_has_expired_nothing_is_told_and_nobody_here_is_shown_anything(ruled: Federation):
    """Which roles see what is not known any more, not even of one's own records."""
    request = LookupRequest(query=STOLEN, purpose=Purpose.BORDER_CONTROL, case="T-1")
    ruled[BERGENIA].lookups.ask(request, ruled.cast["ben"])
    ruled.time.pass_by(days=400)
    ruled.follow()
    with pytest.raises(NotPermitted, match="rules-of-the-organisation version 1 expired"):
        ruled[BERGENIA].lookups.ask(request, ruled.cast["ben"])
    refused = last(ruled, BERGENIA, Act.LOOKUP_REFUSED)
    assert [again(ruled, BERGENIA, one) for one in decisions(refused)] == [[]]
