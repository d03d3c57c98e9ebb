"""Letters that arrive, are parked, or come too late: nothing that must arrive is given up."""

import pytest

from comity.domain import limits
from comity.domain.caller import Role
from comity.domain.errors import Conflict, NotPermitted
from comity.domain.hit import HitState, Priority
from comity.domain.journal import Act
from comity.domain.letter import Lane, LetterParked, Parked
from comity.domain.lookup import Outcome
from comity.domain.record import WithdrawalReason
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, HUB, Federation
from tests.desks.cast import as_, everyone_but, found_by_ada, hit_at, no_request, send
from tests.federation.conftest import STOLEN, row, stolen_passport


def parked(federation: Federation, sequence: int, **fields: object) -> Parked:
    told = {
        "id": f"letter-{sequence}",
        "sender": CORVIA,
        "recipient": ALDOVA,
        "lane": Lane.BULK,
        "sequence": sequence,
        "written_at": federation.time(),
        "expires_at": federation.time(),
        "unknown_kind": "k" * 5_000,
        "body": b"{}",
        "reason": "r" * 5_000,
    }
    return Parked(**{**told, **fields})


def test_nobody_brings_anothers_letter(standing: Federation):
    corvia = standing[HUB].members.directory().member(CORVIA)
    with pytest.raises(NotPermitted, match="corvia may not bring a letter of aldova"):
        standing[HUB].letters.receive(parked(standing, 1, sender=ALDOVA), corvia, no_request)


def test_what_cannot_be_read_is_kept_and_its_sender_told_once(federation: Federation):
    corvia = federation[HUB].members.directory().member(CORVIA)
    for _ in range(2):  # the second time it is known
        federation[ALDOVA].letters.receive(parked(federation, 1), corvia, no_request)
    federation.post()
    told = [one for one in federation.journal(CORVIA) if one.act is Act.LETTER_PARKED]
    assert [(one.actor, len(one.outcome), len(str(one.details["reason"]))) for one in told] == [
        (ALDOVA, limits.CODE_CHARS_MAX, limits.REASON_CHARS_MAX)
    ]
    with federation[ALDOVA].store.reading() as tx:
        assert [one.reason for one in tx.inbox.parked()] == ["r" * 5_000]
    assert federation[ALDOVA].letters.expected(corvia, Lane.BULK) == 2
    with pytest.raises(Conflict):
        federation[ALDOVA].letters.receive(parked(federation, 3), corvia, no_request)


def test_that_a_letter_was_parked_elsewhere_is_written_down(standing: Federation):
    send(standing, CORVIA, ALDOVA, LetterParked(letter="x", unknown_kind="new"))
    assert [one.actor for one in standing.journal(ALDOVA) if one.subject == "x"] == [CORVIA]


def silent_for_a_month(federation: Federation, node: str) -> None:
    federation.line.out_of_reach = {node}
    federation.time.pass_by(days=limits.LETTER_DAYS_MAX + 1)
    federation[HUB].members.refresh()
    for one in federation.nodes.values():
        one.letters.expire()
    federation.line.out_of_reach = set()
    federation.follow()


def test_a_withdrawal_reaches_a_hub_that_was_silent_for_longer_than_a_letter_lasts(federation: Federation):
    bergenia = federation[BERGENIA]
    federation.enter(BERGENIA, "sltd", [row("D-2", stolen_passport("BX000002"))])
    bergenia.records.withdraw("sltd", "D-1", "", WithdrawalReason.RECOVERED, bergenia.operator("test"))
    silent_for_a_month(federation, HUB)
    assert bergenia.letters.expire() == 0
    federation.post()
    assert federation.answer_of(HUB, federation.ask("ada", STOLEN)).outcome is Outcome.NO_RECORD
    with federation[HUB].store.reading() as tx:
        assert tx.records.count()["sltd"] == 1  # what was entered came too
    assert [one.act for one in federation.journal(BERGENIA)].count(Act.LETTER_EXPIRED) == 2


def test_a_denial_reaches_a_finder_that_was_silent_and_a_confirmation_of_old_does_not(federation: Federation):
    hit = found_by_ada(federation)
    federation[ALDOVA].hits.request(hit, Priority.URGENT, "", federation.cast["ada"])
    federation.post()
    federation[BERGENIA].hits.confirm(hit, "", federation.cast["ben"])
    silent_for_a_month(federation, ALDOVA)
    federation.post()
    assert hit_at(federation, ALDOVA, hit).state is HitState.REQUESTED
    federation[BERGENIA].hits.deny(hit, "", federation.cast["ben"])
    silent_for_a_month(federation, ALDOVA)
    federation.post()
    assert hit_at(federation, ALDOVA, hit).state is HitState.DENIED


# -- the journal and the agreements, at their desks -------------------------------------------------------------------


def test_the_journal_is_read_by_those_who_watch_and_this_is_written_down(standing: Federation):
    oversight = standing[ALDOVA].oversight
    with pytest.raises(NotPermitted):
        oversight.read(everyone_but(Role.AUDITOR, Role.DATA_PROTECTION_OFFICER, Role.SUPERVISOR, Role.SUPERVISORY_BODY))
    found = oversight.read(as_([Role.AUDITOR]), after=2, limit=3)
    assert [one.index for one in found] == [3, 4, 5]
    entry = standing.journal(ALDOVA)[-1]
    assert (entry.act, entry.unit, entry.details) == (Act.JOURNAL_READ, "headquarters", {"after": 2, "entries": 3})


def test_entries_about_something_are_read_in_parts_too(standing: Federation):
    question = standing.ask("ada", STOLEN).question
    oversight, auditor = standing[ALDOVA].oversight, as_([Role.AUDITOR])
    first, second = [one.index for one in oversight.read(auditor, question)]
    assert [one.index for one in oversight.read(auditor, question, limit=1)] == [first]
    assert next(one.index for one in oversight.read(auditor, question, after=first)) == second
