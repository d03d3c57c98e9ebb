"""Alarms of misuse at Bergenia: raised from its journal, reviewed by two people, never by whom they are about."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from msgspec.structs import replace

from comity.desks.misuse import Misuse
from comity.domain.caller import Caller, Role
from comity.domain.errors import Conflict, Invalid, Missing, NotPermitted
from comity.domain.journal import Act
from comity.domain.lookup import LookupRequest
from comity.domain.misuse import AlarmState, MisuseAlarm, Oddity
from comity.domain.purpose import Purpose
from comity.testing.federation import BERGENIA, Federation
from tests.desks.cast import as_, everyone_but
from tests.federation.conftest import STOLEN

OTTO, LEA = (
    replace(as_({Role.AUDITOR}, BERGENIA), account="otto"),
    replace(as_({Role.DATA_PROTECTION_OFFICER}, BERGENIA), account="lea"),
)


@pytest.fixture(scope="module")
def alarmed(standing: Federation) -> Federation:
    """Ben looks a record up that nobody has a reason to look up."""
    desk(standing).place_honey(honey(standing), OTTO)
    standing.ask("ben", STOLEN, Purpose.CRIMINAL_INVESTIGATION)
    desk(standing).scan(OTTO)
    return standing


def desk(federation: Federation) -> Misuse:
    return federation[BERGENIA].misuse


def honey(federation: Federation) -> str:
    return federation.record(BERGENIA, "sltd", "D-1").header.id


def put(federation: Federation, alarm: MisuseAlarm, **changed: object) -> str:
    """The alarm as if nobody had seen it, under another id."""
    fresh = replace(alarm, **{"state": AlarmState.OPEN, "looked_at_by": (), **changed})
    with federation[BERGENIA].store.transaction() as tx:
        tx.misuse_alarms.put(fresh)
        tx.commit()
    return fresh.id


def only_alarm(federation: Federation) -> MisuseAlarm:
    return next(
        one for one in desk(federation).alarms(list(AlarmState), OTTO) if one.officer == federation.cast["ben"].account
    )


def acts(federation: Federation) -> list[Act]:
    return [one.act for one in federation.journal(BERGENIA)]


def test_a_honey_record_shown_is_an_alarm_with_its_reason(alarmed: Federation):
    alarm = only_alarm(alarmed)
    assert alarm.signs[0].oddity is Oddity.HONEY
    assert alarm.signs[0].told.startswith("was shown 1 honey records, for which no case can ask")
    assert not desk(alarmed).scan(OTTO).raised  # once for the same week


def test_scanning_reading_and_honey_are_journalled_and_honey_is_not_named(alarmed: Federation):
    _, entries = desk(alarmed).show(only_alarm(alarmed).id, OTTO)
    assert {Act.LOOKUP_ASKED, Act.LOOKUP_SHOWN} <= {one.entry.act for one in entries}
    assert {Act.HONEY_PLACED, Act.MISUSE_SCANNED, Act.MISUSE_ALARMED, Act.MISUSE_LISTED, Act.MISUSE_SHOWN} <= {
        *acts(alarmed)
    }
    placed = next(one for one in alarmed.journal(BERGENIA) if one.act is Act.HONEY_PLACED)
    assert honey(alarmed) not in str(placed)


def test_a_finding_takes_two_people(alarmed: Federation):
    one = put(alarmed, only_alarm(alarmed), id="two-people")
    for who in (OTTO, LEA):
        desk(alarmed).show(one, who)
    assert desk(alarmed).propose(one, "no case is known", OTTO).state is AlarmState.PROPOSED
    with pytest.raises(NotPermitted, match="You proposed this finding yourself"):
        desk(alarmed).confirm(one, OTTO)
    found = desk(alarmed).confirm(one, LEA)
    assert (found.state, found.proposed_by, found.decided_by) == (AlarmState.FOUND, "otto", "lea")
    assert acts(alarmed)[-1] is Act.MISUSE_FOUND
    with pytest.raises(Conflict, match="is found already"):
        desk(alarmed).dismiss(one, "on second thoughts", LEA)


@pytest.mark.parametrize("decide", ["propose", "dismiss"])
def test_nobody_decides_who_has_not_looked(alarmed: Federation, decide: str):
    one = put(alarmed, only_alarm(alarmed), id=f"not-looked-{decide}")
    with pytest.raises(Conflict, match="You have not looked"):
        getattr(desk(alarmed), decide)(one, "surely", OTTO)


def test_a_decision_has_its_reason(alarmed: Federation):
    one = put(alarmed, only_alarm(alarmed), id="no-reason")
    desk(alarmed).show(one, OTTO)
    with pytest.raises(Invalid, match="needs its reason"):
        desk(alarmed).dismiss(one, "  ", OTTO)


def test_nobody_sees_or_decides_an_alarm_about_themselves(alarmed: Federation):
    one = put(alarmed, only_alarm(alarmed), id="about-otto", officer="otto", looked_at_by=("otto",))
    assert one not in {found.id for found in desk(alarmed).alarms([], OTTO)}
    assert one in {found.id for found in desk(alarmed).alarms([], LEA)}
    tries: list[Callable[[], object]] = [
        lambda: desk(alarmed).show(one, OTTO),
        lambda: desk(alarmed).dismiss(one, "nothing to see", OTTO),
        lambda: desk(alarmed).propose(one, "so be it", OTTO),
        lambda: desk(alarmed).confirm(one, OTTO),
    ]
    for attempt in tries:
        with pytest.raises(Missing, match="There is no alarm about-otto"):
            attempt()


def test_only_whoever_watches_over_others_may(alarmed: Federation):
    others = everyone_but(Role.AUDITOR, Role.DATA_PROTECTION_OFFICER, Role.SUPERVISOR, bureau=BERGENIA)
    one = put(alarmed, only_alarm(alarmed), id="not-for-all")
    tries: list[Callable[[Caller], object]] = [
        desk(alarmed).scan,
        lambda who: desk(alarmed).alarms([], who),
        lambda who: desk(alarmed).show(one, who),
        lambda who: desk(alarmed).propose(one, "x", who),
        lambda who: desk(alarmed).confirm(one, who),
        lambda who: desk(alarmed).dismiss(one, "x", who),
        lambda who: desk(alarmed).place_honey(honey(alarmed), who),
        lambda who: desk(alarmed).remove_honey(honey(alarmed), who),
    ]
    for attempt in tries:
        with pytest.raises(NotPermitted):
            attempt(others)


def test_what_was_decided_is_learned_from_and_old_entries_are_not_read(alarmed: Federation):
    one = put(alarmed, only_alarm(alarmed), id="learned")
    desk(alarmed).show(one, LEA)
    desk(alarmed).dismiss(one, "an exercise", LEA)
    assert desk(alarmed).scan(OTTO).learned_from >= 1
    alarmed.time.pass_by(days=400)
    assert desk(alarmed).scan(OTTO).entries == 0
    alarmed.time.now -= timedelta(days=400)


def test_honey_is_an_own_record_and_can_be_taken_back(standing: Federation):
    with pytest.raises(Missing, match="There is no own record nothing"):
        desk(standing).place_honey("nothing", OTTO)
    desk(standing).place_honey(honey(standing), OTTO)
    desk(standing).remove_honey(honey(standing), OTTO)
    with pytest.raises(Missing, match="is no honey record"):
        desk(standing).remove_honey(honey(standing), OTTO)


def test_the_journal_notes_from_which_site_a_lookup_came(standing: Federation):
    ben = replace(standing.cast["ben"], site="harbour")
    request = LookupRequest(query=STOLEN, purpose=Purpose.CRIMINAL_INVESTIGATION, case="T-1")
    standing[BERGENIA].lookups.ask(request, ben)
    asked = [one for one in standing.journal(BERGENIA) if one.act is Act.LOOKUP_ASKED]
    assert asked[-1].details["site"] == "harbour"
