"""A record enters linkage as far as the law lets its reader see it, and not at all below the core."""

from datetime import timedelta

import msgspec
import pytest

from comity.domain.caller import Role
from comity.domain.circumstances import Trait
from comity.domain.held import Held
from comity.domain.marking import Confidentiality, Marking
from comity.domain.person import PersonStatus
from comity.domain.purpose import Purpose
from comity.domain.reply import ReplyLevel
from comity.law.decision import Decision, Law
from comity.law.linkage import Analysis, decided, seen
from comity.law.rulebook import shipped_rulebook
from tests.law.cast import (
    CORA,
    CORE,
    FULL,
    HIT,
    NOTHING,
    TODAY,
    WANTED,
    agreement,
    forbid,
    law,
    permit,
    record,
)

BOOK = shipped_rulebook()

ANNA = msgspec.structs.replace(CORA, bureau="bergenia", country="XB", roles=(Role.ANALYST,))  # of Bergenia


def test_the_owner_s_analyst_sees_the_whole_record():
    shown = seen(Held(record()), Decision(FULL), ANNA, BOOK)
    assert shown is not None
    assert shown.subject == WANTED
    assert (shown.record, shown.version, shown.reference) == (record().header.id, 3, "B-1")


def test_at_the_core_only_the_core_is_compared():
    shown = seen(Held(record()), Decision(CORE), ANNA, BOOK)
    assert shown is not None
    assert shown.subject != WANTED
    assert not shown.subject.addresses
    assert not shown.subject.facts


@pytest.mark.parametrize("level", [NOTHING, HIT])
def test_below_the_core_a_record_is_not_compared(level: ReplyLevel):
    assert seen(Held(record()), Decision(level), ANNA, BOOK) is None


def test_a_record_closed_to_a_country_is_not_compared_there():
    assert seen(Held(record(marking=Marking(closed_to=("XC",)))), Decision(FULL), CORA, BOOK) is None


def test_what_is_confidential_to_other_roles_is_not_compared():
    secret = record(marking=Marking(confidentiality=Confidentiality.CONFIDENTIAL))
    assert seen(Held(secret), Decision(FULL), ANNA, BOOK) is None


def test_a_victim_is_compared_without_what_protects_them():
    shown = seen(Held(record(msgspec.structs.replace(WANTED, status=PersonStatus.VICTIM))), Decision(FULL), ANNA, BOOK)
    assert shown is not None
    assert not shown.subject.offences
    assert not shown.subject.warrants


ANALYSTS = frozenset({Role.ANALYST})
CARL = Analysis(asker=msgspec.structs.replace(CORA, roles=(Role.ANALYST,)), party="XC", roles=ANALYSTS)  # of Corvia


@pytest.mark.parametrize(("born", "compared"), [("1981-04-07", True), ("2015-01-01", False)])
def test_each_record_of_another_is_decided_by_itself(born: str, compared: bool):
    """With its own envelope: what no agreement says of any record, a clause may say of a minor's."""
    by = law(agreement(permit(purposes=("analysis",)), forbid(traits=(Trait.MINOR,))))
    one = Held(record(msgspec.structs.replace(WANTED, births=(born,))))
    assert (decided(one, CARL, by, TODAY).level > NOTHING) is compared


def test_past_its_retention_and_closed_by_its_marking_no_record_is_decided_for():
    by = law(agreement(permit(purposes=("analysis",))))
    assert decided(Held(record(retain_until=TODAY - timedelta(days=1))), CARL, by, TODAY).level == NOTHING
    assert decided(Held(record(marking=Marking(closed_to=("XC",)))), CARL, by, TODAY).level == NOTHING


def test_ones_own_are_decided_by_ones_own_rules():
    own = Analysis(asker=ANNA, party="XB", roles=ANALYSTS)
    assert decided(Held(record()), own, law(), TODAY).level == FULL
    reader = Analysis(asker=ANNA, party="XB", roles=frozenset({Role.OFFICER}))
    assert decided(Held(record()), reader, law(), TODAY).level == NOTHING


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ANALYST}))
def test_nobody_but_analysts_sees_persons_for_analysis(role: Role):
    assert Law([]).officer(frozenset({role}), "persons", Purpose.ANALYSIS, FULL, "officer-1").level is NOTHING


@pytest.mark.parametrize("purpose", sorted(set(Purpose) - {Purpose.ANALYSIS}))
def test_an_analyst_sees_persons_for_nothing_else(purpose: Purpose):
    assert Law([]).officer(frozenset({Role.ANALYST}), "persons", purpose, FULL).level is NOTHING


def test_an_analyst_sees_persons_for_analysis_but_not_as_an_auditor_too():
    law = Law([])
    assert law.officer(frozenset({Role.ANALYST}), "persons", Purpose.ANALYSIS, FULL).level is FULL
    assert law.officer(frozenset({Role.ANALYST, Role.AUDITOR}), "persons", Purpose.ANALYSIS, FULL).level is NOTHING
