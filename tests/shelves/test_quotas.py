"""The shelf of quotas: counts by party, clause and day; and that of units."""

from datetime import date

from comity.domain.circumstances import EntityKind
from comity.storage.database import Database

MONDAY, TUESDAY, WEDNESDAY = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)


def test_questions_are_counted_by_party_clause_and_day(store: Database):
    with store.transaction() as tx:
        for party, clauses, day in (
            ("XA", ["treaty art-1", "treaty art-2"], MONDAY),
            ("XA", ["treaty art-1"], MONDAY),
            ("XA", ["treaty art-1"], TUESDAY),
            ("XC", ["treaty art-1"], TUESDAY),
        ):
            tx.quotas.count(party, clauses, day)
        tx.commit()
    with store.reading() as tx:
        every = {"treaty art-1": MONDAY, "treaty art-2": MONDAY, "other": MONDAY}
        assert tx.quotas.asked("XA", every) == {"treaty art-1": 3, "treaty art-2": 1, "other": 0}
        assert tx.quotas.asked("XA", {"treaty art-1": TUESDAY}) == {"treaty art-1": 1}
        assert tx.quotas.asked("XC", every)["treaty art-1"] == 1
        assert tx.quotas.asked("XB", {}) == {}


def test_a_count_that_is_not_committed_was_not_made(store: Database):
    with store.transaction() as tx:
        tx.quotas.count("XA", ["treaty art-1"], MONDAY)
    with store.reading() as tx:
        assert tx.quotas.asked("XA", {"treaty art-1": MONDAY}) == {"treaty art-1": 0}


def test_what_lies_before_a_day_is_erased(store: Database):
    with store.transaction() as tx:
        for day in (MONDAY, TUESDAY, WEDNESDAY):
            tx.quotas.count("XA", ["treaty art-1"], day)
        assert tx.quotas.expire(TUESDAY) == 1
        assert tx.quotas.expire(TUESDAY) == 0
        assert tx.quotas.asked("XA", {"treaty art-1": MONDAY}) == {"treaty art-1": 2}


def test_a_unit_is_of_the_kind_it_was_placed_in_and_else_the_bureaus_own(store: Database):
    with store.transaction() as tx:
        tx.units.put("harbour", EntityKind.POLICE)
        tx.units.put("harbour", EntityKind.COAST_GUARD)
        tx.units.put("airport", EntityKind.BORDER_GUARD)
        assert tx.units.kind("harbour") is EntityKind.COAST_GUARD
        assert tx.units.kind("headquarters") is EntityKind.BUREAU
        assert tx.units.every() == {"airport": EntityKind.BORDER_GUARD, "harbour": EntityKind.COAST_GUARD}
