"""The shelves of cases and messages: who is in a case sees it, whose clock runs comes first, whose ran out is found."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy.exc import IntegrityError

from comity.domain.case import Case, CaseState, Item, ItemKind
from comity.domain.mail import Leg, Mail, Way
from comity.domain.marking import Marking
from comity.storage.database import Database
from tests.desks.casework import ABOUT
from tests.shelves.samples import NOW

MINUTE = timedelta(minutes=1)


def case(number: int, *people: str, state: CaseState = CaseState.OPEN) -> Case:
    return Case(
        id=f"case-{number}",
        about=replace(ABOUT, number=f"AL-{number}"),
        allowed=frozenset(people),
        opened_by="ada",
        opened_at=NOW + number * MINUTE,
        state=state,
    )


def mail(number: int, lies_in: str = "", *legs: Leg) -> Mail:
    return Mail(id=f"mail-{number}", way=Way.IN, case=lies_in, legs=legs, noted_at=NOW + number * MINUTE)


def leg(due_after: int, **how: object) -> Leg:
    return Leg(bureau="bergenia", due_at=NOW + due_after * MINUTE, **how)


def test_whoever_is_in_a_case_finds_it_open_ones_first_then_the_newest(store: Database):
    with store.transaction() as tx:
        for one in (case(1, "ada"), case(2, "ada", "dora"), case(3, "ada", state=CaseState.CLOSED), case(4, "dora")):
            tx.cases.put(one)
        assert [one.number for one in tx.cases.of("ada", 10)] == ["AL-2", "AL-1", "AL-3"]
        assert [one.number for one in tx.cases.of("ada", 1)] == ["AL-2"]
        tx.cases.put(case(2, "dora"))
        assert [one.number for one in tx.cases.of("ada", 10)] == ["AL-1", "AL-3"]
        assert tx.cases.numbered("AL-4") == tx.cases.get("case-4") == case(4, "dora")
        assert tx.cases.numbered("AL-5") is tx.cases.get("case-5") is None


def test_a_number_stands_once(store: Database):
    with store.transaction() as tx:
        tx.cases.put(case(1, "ada"))
        with pytest.raises(IntegrityError):
            tx.cases.put(replace(case(1, "ada"), id="case-2"))


def test_what_lies_in_a_case_is_found_in_its_order(store: Database):
    def item(number: int, lies_in: str = "case-1") -> Item:
        added = NOW + number * MINUTE
        return Item(
            case=lies_in,
            kind=ItemKind.HIT,
            id=f"hit-{number}",
            owner="bergenia",
            marking=Marking(),
            added_by="ada",
            added_at=added,
        )

    with store.transaction() as tx:
        for one in (item(2), item(1), item(3, "case-2"), item(1)):
            tx.cases.attach(one)
        assert [one.id for one in tx.cases.items("case-1")] == ["hit-1", "hit-2"]


def test_messages_are_seen_with_their_case_and_the_unfiled_where_asked(store: Database):
    with store.transaction() as tx:
        tx.cases.put(case(1, "ada"))
        tx.cases.put(case(2, "dora"))
        answered = leg(5, answered_at=NOW)
        every = (mail(1, "case-1", leg(9)), mail(2, "case-1", answered), mail(3, "case-2"), mail(4), mail(5, "case-1"))
        for one in every:
            tx.mail.put(one)
        assert [one.id for one in tx.mail.of("ada", False, 10)] == ["mail-1", "mail-5", "mail-2"]
        assert [one.id for one in tx.mail.of("ada", True, 10)] == ["mail-1", "mail-5", "mail-4", "mail-2"]
        assert [one.id for one in tx.mail.of("ada", True, 2)] == ["mail-1", "mail-5"]
        assert [one.id for one in tx.mail.of_case("case-1")] == ["mail-1", "mail-2", "mail-5"]
        assert [one.id for one in tx.mail.of_thread("mail-4")] == ["mail-4"]
        tx.mail.forget("mail-1")
        assert tx.mail.get("mail-1") is None


def test_overdue_is_what_the_domain_calls_overdue(store: Database):
    legs = [
        leg(due, escalated_at=told, answered_at=done)
        for due in (4, 5, 6)
        for told in (None, NOW)
        for done in (None, NOW)
    ]
    every = [mail(number, "case-1", one, leg(60)) for number, one in enumerate(legs)]
    now = NOW + 5 * MINUTE
    with store.transaction() as tx:
        for one in every:
            tx.mail.put(one)
        late = [one.id for one in every if any(each.overdue(now) for each in one.legs)]
        assert [one.id for one in tx.mail.overdue(now)] == late
        assert late, "some of them are"
