"""Every answer that leaves has its decisions in the journal, and each comes out the same from the texts on file."""

import re

import msgspec
import pytest

from comity.desks.lookup_notes import decisions
from comity.domain.decision import Taken
from comity.domain.errors import Missing, NotPermitted
from comity.domain.journal import Act, Entry
from comity.domain.lookup import LookupRequest, Outcome
from comity.domain.purpose import Purpose
from comity.domain.reply import ReplyLevel
from comity.law.replay import differences, replay
from comity.law.shipped import model_agreements
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, HUB, Federation
from tests.desks.test_lookups import answered, question
from tests.federation.conftest import STOLEN, UNKNOWN, WANTED, row, stolen_passport


def last(federation: Federation, node: str, act: Act) -> Entry:
    return [one for one in federation.journal(node) if one.act is act][-1]


def again(federation: Federation, node: str, taken: Taken) -> list[str]:
    desk = federation[node].agreements
    digests = taken.decision.digests
    return list(differences(taken.decision, replay(taken, desk.texts(digests), desk.published(digests))))


def test_what_was_told_of_a_record_is_decided_again_the_same(standing: Federation):
    told = answered(standing, HUB, question(standing, 11, query=STOLEN))
    entry = last(standing, HUB, Act.LOOKUP_ANSWERED)
    (taken,) = decisions(entry)
    assert taken.envelope is not None
    assert (taken.envelope.record,) == entry.records
    assert taken.decision.clauses == told.findings[0].clauses
    assert {one.layer for one in taken.decision.layers} >= {"standing", "agreement", "marking"}
    assert again(standing, HUB, taken) == []


def test_a_refusal_is_decided_again_with_the_same_reason(standing: Federation):
    asked = msgspec.structs.replace(question(standing, 12, CORVIA, WANTED), purpose=Purpose.SECURITY_CHECK)
    told = answered(standing, BERGENIA, asked)
    (taken,) = decisions(last(standing, BERGENIA, Act.LOOKUP_REFUSED))
    assert told.outcome is Outcome.REFUSED
    assert taken.decision.reason == told.reason
    assert taken.envelope is None, "decided before anything was searched"
    assert again(standing, BERGENIA, taken) == []


def test_what_an_officer_is_shown_is_decided_again_by_our_own_rules(standing: Federation):
    standing.ask("ada", STOLEN)
    entry = last(standing, ALDOVA, Act.LOOKUP_SHOWN)
    taken = decisions(entry)
    assert [(one.request.category, one.own_rules) for one in taken] == [("travel-documents", ReplyLevel.FULL)]
    assert taken[0].decision.clauses == ("organisation role-1",)
    assert [again(standing, ALDOVA, one) for one in taken] == [[]]


def test_what_our_own_rules_do_not_let_somebody_ask_is_decided_again_too(standing: Federation):
    with pytest.raises(NotPermitted):
        standing[CORVIA].lookups.ask(
            LookupRequest(query=STOLEN, purpose=Purpose.BORDER_CONTROL, case="T-1"), standing.cast["otto"]
        )
    taken = decisions(last(standing, CORVIA, Act.LOOKUP_REFUSED))
    assert [one.decision.reason.clause for one in taken] == ["organisation role-8"]
    assert [again(standing, CORVIA, one) for one in taken] == [[]]


def test_a_late_answer_is_decided_again_where_it_was_told_and_where_it_was_shown(federation: Federation):
    federation.ask("ada", UNKNOWN)
    federation.enter(BERGENIA, "sltd", [row("D-9", stolen_passport(UNKNOWN.number))])
    federation.post()
    federation[BERGENIA].late.compare()
    federation.post()
    told = decisions(last(federation, BERGENIA, Act.LOOKUP_ANSWERED_LATE))
    assert [one.envelope.record for one in told] == [federation.record(BERGENIA, "sltd", "D-9").header.id]
    shown = decisions(last(federation, ALDOVA, Act.LOOKUP_SHOWN_LATE))
    assert [one.own_rules for one in shown] == [ReplyLevel.FULL]
    assert [again(federation, node, one) for node, all_ in ((BERGENIA, told), (ALDOVA, shown)) for one in all_] == [
        [],
        [],
    ]


def test_where_nothing_was_told_no_decision_is_kept(standing: Federation):
    answered(standing, HUB, question(standing, 13, query=UNKNOWN))
    assert decisions(last(standing, HUB, Act.LOOKUP_ANSWERED)) == ()


def test_a_decision_that_was_not_the_law_is_found_out(standing: Federation):
    answered(standing, HUB, question(standing, 14, query=STOLEN))
    (taken,) = decisions(last(standing, HUB, Act.LOOKUP_ANSWERED))
    forged = msgspec.structs.replace(taken.decision, level=ReplyLevel.CORE)
    assert again(standing, HUB, msgspec.structs.replace(taken, decision=forged)) == ["level: was 2, is 3"]


def test_a_text_that_is_no_longer_in_use_is_still_the_one_it_is_decided_by(federation: Federation):
    answered(federation, HUB, question(federation, 15, query=STOLEN))
    (taken,) = decisions(last(federation, HUB, Act.LOOKUP_ANSWERED))
    convention = next(path for path in model_agreements() if path.stem.startswith("convention"))
    federation.publish((convention.name, suspended(convention.read_bytes())))
    told = answered(federation, HUB, question(federation, 16, query=STOLEN))
    assert told.outcome is Outcome.NO_RECORD
    assert again(federation, HUB, taken) == []


def suspended(text: bytes) -> bytes:
    """The next version of an agreement: nothing of it holds, and so none of its examples."""
    marked = text.replace(b"parties =", b"suspended = true\nparties =")
    return re.sub(rb"\[\[examples\]\].*", b"", marked, flags=re.DOTALL)


def test_without_its_texts_nothing_is_said(standing: Federation):
    answered(standing, HUB, question(standing, 47, query=STOLEN))
    (taken,) = decisions(last(standing, HUB, Act.LOOKUP_ANSWERED))
    desk, digests = standing[HUB].agreements, taken.decision.digests
    texts, published = desk.texts(digests), desk.published(digests)
    assert {*texts, *published} == set(digests)
    for lost in digests:
        texts_left = {digest: text for digest, text in texts.items() if digest != lost}
        documents_left = {digest: one for digest, one in published.items() if digest != lost}
        with pytest.raises(Missing, match="not on file"):
            replay(taken, texts_left, documents_left)
