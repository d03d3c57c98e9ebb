"""One question before the law: each record is decided by what it is, once its box is open."""

from datetime import date

import msgspec
import pytest

from comity.domain.circumstances import Trait
from comity.domain.collection import Category
from comity.domain.held import Held
from comity.domain.instrument import Instrument, Special
from comity.domain.lookup import Finding
from comity.domain.marking import Marking
from comity.domain.person import PersonStatus
from comity.domain.purpose import Purpose
from comity.law.decision import decide
from comity.law.envelope import traits
from comity.law.release import release
from comity.law.rulebook import shipped_rulebook
from comity.law.weighed import Weighed
from tests.law.cast import (
    ADA,
    FULL,
    NOTHING,
    PASSPORT,
    TODAY,
    WANTED,
    agreement,
    always,
    envelope,
    forbid,
    law,
    permit,
    question,
    record,
    request,
)

BOOK = shipped_rulebook()

MINOR = msgspec.structs.replace(WANTED, births=("2010-04-07",))


def told(one: Instrument, subject, **marks) -> Finding | None:
    weighed = Weighed(law(one), question(), TODAY, {})
    held = Held(record(subject, Marking(**marks)))
    decision = weighed.owner("nominals", "bergenia", "XB")
    assert decision.level is FULL, "before a record is known"
    return release(held, decision, ADA, question(), always, BOOK, weighed)


@pytest.mark.parametrize(
    "clauses", [(permit(), forbid(traits=(Trait.MINOR,))), (permit(special=Special(traits=("minor",))),)]
)
def test_what_an_instrument_says_of_minors_is_heard_when_the_box_is_open(clauses):
    assert told(agreement(*clauses), WANTED).level is FULL
    assert told(agreement(*clauses), MINOR) is None


@pytest.mark.parametrize(
    ("births", "minor"),
    [
        (("2008-03-01",), False),
        (("2008-03-02",), True),
        (("2008",), True),
        (("2007",), False),
        (("2008-03",), True),
        (("1980", "2015-01-01"), True),
        ((), False),
    ],
)
def test_whoever_may_be_a_minor_counts_as_one(births: tuple[str, ...], minor: bool):
    found = traits(msgspec.structs.replace(WANTED, births=births), TODAY)
    assert (Trait.MINOR in found) == minor


@pytest.mark.parametrize("status", [PersonStatus.VICTIM, PersonStatus.WITNESS])
def test_victims_and_witnesses_are_known_as_such_and_things_are_not(status: PersonStatus):
    assert traits(msgspec.structs.replace(WANTED, status=status), TODAY) == (Trait.VICTIM,)
    assert traits(PASSPORT, TODAY) == ()


def test_records_of_one_sort_are_decided_once_and_each_stands_in_the_journal():
    weighed = Weighed(law(agreement(permit())), question(), TODAY, {})
    first, second = record(), record(id="another", reference="B-2")
    assert weighed.record(first) is weighed.record(second)
    taken = weighed.taken((first.header.id, "another", "unknown"))
    assert [one.envelope.record for one in taken] == [first.header.id, "another"]
    past = record(id="past", retain_until=date(2026, 2, 28))
    assert weighed.record(past).level is NOTHING


@pytest.mark.parametrize("unknown", [{"category": "secrets"}, {"purpose": "curiosity"}, {"roles": ("officer", "king")}])
def test_a_code_that_nobody_knows_is_refused_also_where_no_clause_looks_at_it(unknown):
    open_to_all = law(agreement(permit()))
    assert decide(request(), envelope(), open_to_all, TODAY).level is FULL
    found = decide(request(**unknown), envelope(), open_to_all, TODAY)
    assert (found.level, found.reason.clause) == (NOTHING, "default-deny")
    assert "is known here" in found.reason.text
    assert (
        open_to_all.officer(
            unknown.get("roles", ("officer",)),
            unknown.get("category", Category.SANCTIONS),
            unknown.get("purpose", Purpose.LOCATE),
            FULL,
        ).level
        is NOTHING
    )
