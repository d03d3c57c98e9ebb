"""Spot checks: drawn by lot, the same again from the seed, judged by four eyes, none of them the officer's own."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from comity.domain import limits
from comity.domain.caller import Caller, Role
from comity.domain.errors import Conflict, Invalid, Missing, NotPermitted, TooLarge
from comity.domain.journal import Act
from comity.domain.lookup import DocumentQuery
from comity.domain.spot_check import Draw, SpotCheck, Verdict
from comity.testing.federation import ALDOVA, Federation
from tests.desks.cast import as_, everyone_but
from tests.federation.conftest import STRANGER

ADAS_QUESTIONS = 12


def somebody(account: str, role: Role = Role.AUDITOR) -> Caller:
    return replace(as_([role]), account=account)


FIRST, SECOND = somebody("first"), somebody("second", Role.DATA_PROTECTION_OFFICER)


@pytest.fixture(scope="module")
def asked(standing: Federation) -> Federation:
    for number in range(ADAS_QUESTIONS - 1):
        standing.ask("ada", DocumentQuery(country="XBE", number=f"Z{number:07}"), case="A-1")
    standing.ask("ada", STRANGER, case="A-2")
    return standing


def draw(federation: Federation, count: int = 3, how: Draw = Draw.RANDOM, who: Caller = FIRST) -> SpotCheck:
    today = federation.time().date()
    return federation[ALDOVA].spot_checks.draw(today, today, count, how, who)


def test_the_same_seed_draws_the_same_entries_and_another_others(asked: Federation):
    one, other = draw(asked, 6), draw(asked, 6)
    desk = asked[ALDOVA].spot_checks
    assert (one.population, len(one.drawn)) == (ADAS_QUESTIONS, 6)
    assert one.drawn != other.drawn or one.seed == other.seed
    asked.ask("ada", STRANGER, case="A-3")  # what came since is not drawn from
    assert desk.again(one.id, SECOND) == one.drawn
    noted = [entry for entry in asked.journal(ALDOVA) if entry.act is Act.SPOT_CHECK_DRAWN]
    assert (noted[0].subject, noted[0].details["seed"]) == (one.id, one.seed)


def test_what_could_be_wrong_is_drawn_with_its_reason(asked: Federation):
    found = draw(asked, limits.SPOT_CHECK_ENTRIES_MAX, Draw.BY_RISK).drawn
    assert {one.reasons for one in found} == {(), ("a person was looked up at a border",)}
    assert {one.weight for one in found} == {1.0, 3.0}


def test_four_eyes_judge_an_entry(asked: Federation):
    desk, check = asked[ALDOVA].spot_checks, draw(asked, 1)
    index = check.drawn[0].index
    with pytest.raises(Missing, match="no verdict yet"):
        desk.second(check.id, index, True, SECOND)
    desk.judge(check.id, index, Verdict.DOUBTFUL, "no case is known", FIRST)
    with pytest.raises(NotPermitted, match="second person"):
        desk.second(check.id, index, True, FIRST)
    with pytest.raises(Conflict, match="has a verdict"):
        desk.judge(check.id, index, Verdict.LAWFUL, "I think so", SECOND)
    assert desk.second(check.id, index, False, SECOND).verdict(index) is None  # disputed: judged anew
    desk.judge(check.id, index, Verdict.LAWFUL, "the case is A-1", SECOND)
    held = desk.second(check.id, index, True, FIRST)
    assert (held.judged[0].by, held.judged[0].second, held.is_open) == ("second", "first", False)
    with pytest.raises(Conflict, match="Two people"):
        desk.second(check.id, index, True, somebody("third"))
    acts = [(entry.act, entry.outcome) for entry in asked.journal(ALDOVA) if entry.subject == check.id]
    assert acts[1:] == [
        (Act.SPOT_CHECK_JUDGED, "doubtful"),
        (Act.SPOT_CHECK_SECONDED, "disputed"),
        (Act.SPOT_CHECK_JUDGED, "lawful"),
        (Act.SPOT_CHECK_SECONDED, "agreed"),
    ]


def test_nobody_judges_what_they_did_themselves(asked: Federation):
    """Ada has become an auditor since."""
    desk, check = asked[ALDOVA].spot_checks, draw(asked, 1)
    index, ada = check.drawn[0].index, somebody(asked.cast["ada"].account)
    with pytest.raises(NotPermitted, match="yourself"):
        desk.judge(check.id, index, Verdict.LAWFUL, "all was well", ada)
    desk.judge(check.id, index, Verdict.LAWFUL, "all was well", FIRST)
    with pytest.raises(NotPermitted, match="second person"):
        desk.second(check.id, index, True, ada)


def test_who_may_not_review_and_what_is_not_drawn(asked: Federation, monkeypatch: pytest.MonkeyPatch):
    desk, check = asked[ALDOVA].spot_checks, draw(asked, 1)
    index = check.drawn[0].index
    nobody = everyone_but(Role.AUDITOR, Role.DATA_PROTECTION_OFFICER, Role.SUPERVISORY_BODY)
    for act in (
        lambda: draw(asked, 1, who=nobody),
        lambda: desk.every(nobody),
        lambda: desk.show(check.id, nobody),
        lambda: desk.again(check.id, nobody),
        lambda: desk.judge(check.id, index, Verdict.LAWFUL, "note", nobody),
        lambda: desk.second(check.id, index, True, nobody),
    ):
        with pytest.raises(NotPermitted, match="by lot"):
            act()
    with pytest.raises(Missing, match="not of this spot check"):
        desk.judge(check.id, 0, Verdict.LAWFUL, "note", FIRST)
    with pytest.raises(Invalid, match="reason"):
        desk.judge(check.id, index, Verdict.LAWFUL, " ", FIRST)
    with pytest.raises(Conflict, match="Nothing"):
        yesterday = asked.time().date() - timedelta(days=1)
        desk.draw(yesterday, yesterday, 1, Draw.RANDOM, FIRST)
    monkeypatch.setattr(limits, "SPOT_CHECK_POPULATION_MAX", 2)
    with pytest.raises(TooLarge):
        draw(asked, 1)


def test_what_is_reviewed_is_kept_until_the_review_is_closed(asked: Federation):
    """In the end the check goes too, with all that people said in it."""
    here = asked[ALDOVA]
    with here.store.transaction() as tx:
        for earlier in tx.spot_checks.every():
            tx.spot_checks.put(replace(earlier, drawn=(), judged=()))
        tx.commit()
    check = draw(asked, 1)
    index = check.drawn[0].index
    asked.time.pass_by(days=4 * 366)
    here.opening_terms.tend()
    assert [one.index for one in here.spot_checks.show(check.id, FIRST)[1]] == [index]
    here.spot_checks.judge(check.id, index, Verdict.LAWFUL, "the case is A-1", FIRST)
    here.spot_checks.second(check.id, index, True, SECOND)
    asked.time.pass_by(days=2 * 366)
    here.opening_terms.tend()
    with here.store.reading() as tx:
        assert [one.index for one in tx.journal.erased(index, index + 1)] == [index]
    with pytest.raises(Missing, match="no spot check"):
        here.spot_checks.show(check.id, FIRST)
