"""Of consents and overrides on file, only those count that were given, or confirmed, and not past their day."""

from datetime import date, timedelta

from comity.domain.circumstances import Harm, Use
from comity.domain.consent import ConsentCase, ConsentState, Terms
from comity.domain.override import FiledOverride, OverrideKind
from comity.domain.purpose import Purpose
from comity.law import consent, override
from tests.law.cast import NOW, TODAY

TOMORROW = TODAY + timedelta(days=1)


def case(state: ConsentState, until: date | None) -> ConsentCase:
    return ConsentCase(
        id="c-1",
        owner="bergenia",
        asker="aldova",
        terms=Terms(record="nominals/bergenia/B-1", use=Use.ONWARD, purpose=Purpose.LOCATE, recipient="XC"),
        reason="Corvia looks for her as well.",
        requested_at=NOW,
        state=state,
        until=until,
    )


def filed(confirmed: bool, until: date) -> FiledOverride:
    return FiledOverride(
        id="o-1",
        kind=OverrideKind.EMERGENCY,
        against=Harm.DEATH_PENALTY,
        bureau="corvia",
        case="CV-1",
        reason="A life is in danger.",
        until=until,
        proposed_by="sara",
        proposed_at=NOW,
        confirmed_by="ben" if confirmed else "",
        confirmed_at=NOW if confirmed else None,
    )


def test_only_a_consent_that_was_given_holds_and_until_its_day():
    given = consent.in_force([(case(ConsentState.GIVEN, TODAY), "XB")], TODAY)
    assert [(one.given_by, one.record, one.recipient) for one in given] == [("XB", "nominals/bergenia/B-1", "XC")]
    assert consent.in_force([(case(ConsentState.GIVEN, TODAY), "XB")], TOMORROW) == ()
    assert consent.in_force([(case(ConsentState.REFUSED, TOMORROW), "XB")], TODAY) == ()
    assert consent.in_force([(case(ConsentState.REQUESTED, None), "XB")], TODAY) == ()


def test_only_an_override_that_was_confirmed_holds_and_until_its_day():
    (holds,) = override.in_force([filed(True, TODAY)], TODAY)
    assert holds.persons == ("sara", "ben")
    assert override.in_force([filed(False, TODAY)], TODAY) == ()
    assert override.in_force([filed(True, TODAY)], TOMORROW) == ()


def test_an_override_lifts_no_law_of_a_member_with_a_node_of_its_own():
    holds = override.in_force([filed(True, TODAY)], TODAY)
    of_bergenia = override.Lifting(holds, others=frozenset({"XA", "XC", "hub"}))
    assert (of_bergenia.for_owner("XB"), of_bergenia.for_owner("XA"), of_bergenia.for_organisation) == (holds, (), ())
    of_hub = override.Lifting(holds, of_hub=True, others=frozenset({"XA", "XB", "XC"}))
    assert (of_hub.for_owner("XB"), of_hub.for_owner("un"), of_hub.for_organisation) == ((), holds, holds)
