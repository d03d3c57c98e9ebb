"""Oversight: what of the journal each who watches over a bureau finds, and what is not for them."""

from datetime import timedelta

import msgspec
import pytest

from comity.domain import limits
from comity.domain.caller import Caller, Role
from comity.domain.errors import Invalid, Missing, NotPermitted, TooLarge, Unavailable
from comity.domain.journal import Act, Entry
from comity.domain.lookup import DocumentQuery, PersonQuery
from comity.domain.oversight import Criteria, FoundOpenings
from comity.domain.purpose import Purpose
from comity.domain.record import record_id
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, Federation
from tests.desks.cast import as_, everyone_but
from tests.federation.conftest import STOLEN, STRANGER, WANTED

IWAN = PersonQuery(name="Ivan Sorokin", birth="1971-03-09")
AUDITOR, DPO, BODY = Role.AUDITOR, Role.DATA_PROTECTION_OFFICER, Role.SUPERVISORY_BODY


@pytest.fixture(scope="module")
def asked(standing: Federation) -> Federation:
    """Ada has looked up Bergenia's passport and its wanted person, and a stranger; Cora the passport too."""
    standing.ask("ada", STOLEN, case="A-1")
    standing.ask("ada", WANTED, Purpose.WANTED_PERSONS, case="A-2")
    standing.ask("ada", STRANGER, case="A-3")
    standing.ask("cora", STOLEN, case="C-1")
    standing.post()
    return standing


def search(federation: Federation, node: str, role: Role = AUDITOR, of: str = "", **sought: object) -> FoundOpenings:
    caller = msgspec.structs.replace(as_([role], node), unit=of or "headquarters")
    return federation[node].oversight.search(Criteria(**sought), "audit 7", caller)  # type: ignore[arg-type]


def acts(found: FoundOpenings, case: str = "") -> set[str]:
    return {str(one.entry.act) for one in found.openings if case in ("", one.entry.case)}


def cases(found: FoundOpenings) -> set[str]:
    return {one.entry.case for one in found.openings} - {""}


def test_who_saw_a_person_is_found_by_whatever_they_were_called(asked: Federation):
    """The question, the answer that told, what its officer saw, and the alert that followed."""
    there = search(asked, BERGENIA, concerning=IWAN)
    assert {"lookup.answered", "hit.alerted"} & acts(there) == {"lookup.answered"}
    assert cases(there) == {"A-2"}
    here = search(asked, ALDOVA, concerning=PersonQuery(name="Сорокин Иван", birth="1971-03-09"))
    assert acts(here, "A-2") == {"lookup.asked", "lookup.shown"}
    assert cases(here) == {"A-2"}


def test_who_saw_a_document_is_found_also_where_a_person_was_asked_for_by_it(asked: Federation):
    asked.ask("ada", PersonQuery(name="Nobody Whatever", document_number="b-1234567"), Purpose.LOCATE, case="A-4")
    assert cases(search(asked, BERGENIA, concerning=STOLEN)) == {"A-1", "A-4", "C-1"}


def test_what_was_told_of_a_record_is_found_by_the_record(asked: Federation):
    found = search(asked, BERGENIA, about=record_id("nominals", BERGENIA, "P-1"))
    assert (acts(found), cases(found)) == ({"lookup.answered"}, {"A-2"})


def test_a_namesake_born_on_another_day_is_somebody_else(asked: Federation):
    assert not cases(search(asked, BERGENIA, concerning=PersonQuery(name="Ivan Sorokin", birth="1988-12-01")))


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ({"purpose": Purpose.WANTED_PERSONS}, {"A-2"}),
        ({"case": "A-3"}, {"A-3"}),
        ({"officer": "ada", "act": Act.LOOKUP_ASKED}, {"A-1", "A-2", "A-3", "A-4"}),
        ({"officer": "nobody"}, set()),
        ({"unit": "headquarters", "case": "A-1", "purpose": Purpose.BORDER_CONTROL}, {"A-1"}),
        ({"unit": "another"}, set()),
        ({"clause": "aldova-bergenia-bilateral", "case": "A-2"}, {"A-2"}),
        ({"clause": "aldova-bergenia-bilateral art-99"}, set()),
        ({"concerning": STOLEN, "case": "A-1"}, {"A-1"}),
        ({"concerning": STOLEN, "purpose": Purpose.LOCATE}, {"A-4"}),
    ],
)
def test_everything_that_is_sought_must_be_so(asked: Federation, sought: dict[str, object], found: set[str]):
    if "unit" in sought and found:
        sought = {**sought, "unit": asked.cast["ada"].unit}
    assert cases(search(asked, ALDOVA, **sought)) == found


def test_days_are_kept_to_exactly(asked: Federation):
    today = asked.time().date()
    assert "A-1" in cases(search(asked, ALDOVA, first_day=today, last_day=today))
    assert not search(asked, ALDOVA, last_day=today.replace(year=today.year - 1)).openings
    assert not search(asked, ALDOVA, first_day=today.replace(year=today.year + 1)).openings


@pytest.mark.parametrize("criteria", [Criteria(act=Act.LOOKUP_ASKED), Criteria(concerning=STOLEN), Criteria()])
def test_pages_follow_one_another_without_gap_or_repetition(asked: Federation, criteria: Criteria):
    oversight, who = asked[ALDOVA].oversight, as_([AUDITOR])
    whole = oversight.search(criteria, "why", who).openings[:5]
    page = oversight.search(criteria, "why", who, limit=2)
    numbers = [one.index for one in page.openings]
    while page.after is not None and len(numbers) < len(whole):
        page = oversight.search(criteria, "why", who, after=page.after, limit=2)
        numbers += [one.index for one in page.openings]
    assert numbers[: len(whole)] == [one.index for one in whole]


# -- what is not for them -------------------------------------------------------------------------------------------


def test_who_does_not_watch_over_the_bureau_searches_nothing(asked: Federation):
    oversight = asked[ALDOVA].oversight
    nobody = everyone_but(AUDITOR, DPO, BODY, Role.SUPERVISOR)
    for act in (
        lambda: oversight.search(Criteria(), "why", nobody),
        lambda: oversight.read(nobody),
        lambda: oversight.one(0, nobody),
        lambda: oversight.erased(0, 9, nobody),
    ):
        with pytest.raises(NotPermitted, match="read the journal"):
            act()


def test_a_supervisor_sees_their_own_unit_alone_and_seeks_nobody(asked: Federation):
    unit = asked.cast["ada"].unit
    own, other = (as_([Role.SUPERVISOR]), msgspec.structs.replace(as_([Role.SUPERVISOR]), unit="another"))
    own = msgspec.structs.replace(own, unit=unit)
    oversight = asked[ALDOVA].oversight
    mine = oversight.search(Criteria(), "why", own)
    assert cases(mine) == {"A-1", "A-2", "A-3", "A-4"}
    assert {one.entry.unit for one in mine.openings} == {unit}
    index = mine.openings[0].index
    assert not oversight.search(Criteria(), "why", other).openings
    assert not oversight.read(other)
    with pytest.raises(Missing):
        oversight.one(index, other)
    with pytest.raises(NotPermitted, match="about somebody"):
        oversight.search(Criteria(concerning=STOLEN), "why", own)


def test_who_has_no_unit_supervises_none(asked: Federation):
    nowhere = msgspec.structs.replace(as_([Role.SUPERVISOR]), unit="")
    assert not asked[ALDOVA].oversight.search(Criteria(), "why", nowhere).openings


def test_a_supervisor_does_not_see_who_reads_the_journal(asked: Federation):
    search(asked, ALDOVA, AUDITOR, of=asked.cast["ada"].unit)
    assert "journal.read" in acts(search(asked, ALDOVA, AUDITOR))
    assert "journal.read" not in acts(search(asked, ALDOVA, Role.SUPERVISOR, of=asked.cast["ada"].unit))


def test_a_body_from_outside_sees_disclosures_and_not_who_signed_in(asked: Federation):
    seen = acts(search(asked, ALDOVA, BODY))
    assert {"lookup.asked", "lookup.shown", "journal.read"} <= seen
    assert not {one for one in seen if one.startswith(("account.", "node.", "keys.", "log."))}
    assert "account.opened" in acts(search(asked, ALDOVA, DPO))


def test_what_a_role_does_not_see_is_not_found_by_its_id_nor_by_whom_it_was_about(asked: Federation):
    account = asked.cast["ada"].account
    assert "account.opened" in acts(search(asked, ALDOVA, about=account))
    assert "account.opened" not in acts(search(asked, ALDOVA, BODY, about=account))
    assert not asked[ALDOVA].oversight.read(msgspec.structs.replace(as_([Role.SUPERVISOR]), unit="another"), account)
    old = Entry(
        act=Act.LOOKUP_ASKED,
        at=asked.time() - timedelta(days=12 * 366),
        actor="ada",
        subject="long-ago",
        details={"query": msgspec.json.encode(DocumentQuery(country="XBE", number="Q9999999")).decode()},
    )
    with asked[ALDOVA].store.transaction() as tx:
        tx.journal.record(old)
        tx.commit()
    long_ago = {"concerning": DocumentQuery(country="XBE", number="Q9999999"), "act": Act.LOOKUP_ASKED}
    assert acts(search(asked, ALDOVA, DPO, **long_ago)) == {"lookup.asked"}
    assert not acts(search(asked, ALDOVA, AUDITOR, **long_ago))


# -- every reading is written down ----------------------------------------------------------------------------------


def test_a_search_is_written_down_and_found_by_whom_it_was_about(asked: Federation):
    search(asked, CORVIA, DPO, concerning=IWAN)
    last = asked.journal(CORVIA)[-1]
    assert (last.act, last.actor, last.details["why"]) == (Act.JOURNAL_READ, "somebody", "audit 7")
    assert "journal.read" in acts(search(asked, CORVIA, DPO, concerning=WANTED))


def test_without_a_reason_nothing_is_sought(asked: Federation):
    with pytest.raises(Invalid, match="reason"):
        asked[ALDOVA].oversight.search(Criteria(), "  ", as_([AUDITOR]))


# -- statistics -----------------------------------------------------------------------------------------------------


def counted(federation: Federation, caller: Caller) -> dict[tuple[str, str], int]:
    today = federation.time().date()
    found = federation[ALDOVA].statistics.of(today, today, caller)
    return {(str(one.act), one.purpose or ""): one.entries for one in found}


def test_what_was_done_is_counted_as_far_as_each_may_see_it(asked: Federation):
    whole = counted(asked, as_([AUDITOR]))
    month = [entry for entry in asked.journal(ALDOVA) if entry.at.year == asked.time().year]
    entries = [entry for entry in month if entry.act is Act.LOOKUP_ASKED]
    of_borders = sum(entry.purpose == "border-control" for entry in entries)
    assert whole["lookup.asked", "border-control"] == of_borders
    assert sum(count for (act, _), count in whole.items() if act == "lookup.asked") == len(entries)
    assert whole["node.created", ""] == 1
    unit = asked.cast["ada"].unit
    mine = counted(asked, msgspec.structs.replace(as_([Role.SUPERVISOR]), unit=unit))
    assert {act.partition(".")[0] for act, _ in mine} == {"lookup"}
    assert not counted(asked, msgspec.structs.replace(as_([Role.SUPERVISOR]), unit="another"))
    with pytest.raises(NotPermitted):
        counted(asked, everyone_but(AUDITOR, DPO, BODY, Role.SUPERVISOR))


def test_counting_too_many_months_is_refused(asked: Federation):
    today = asked.time().date()
    for first in (today.replace(year=today.year - 3), today.replace(year=today.year + 1)):
        with pytest.raises(Invalid, match="months"):
            asked[ALDOVA].statistics.of(first, today, as_([AUDITOR]))


# -- limits ---------------------------------------------------------------------------------------------------------


def test_what_was_done_last_is_found_and_what_is_far_behind_is_waited_for(
    asked: Federation, monkeypatch: pytest.MonkeyPatch
):
    asked.ask("cora", DocumentQuery(country="XBE", number="Z0000001"), case="C-9")
    assert cases(search(asked, CORVIA, concerning=DocumentQuery(country="XBE", number="Z0000001"))) == {"C-9"}
    asked.ask("cora", STRANGER, case="C-9")
    monkeypatch.setattr(limits, "OPENINGS_CAUGHT_UP_MAX", 0)
    with pytest.raises(Unavailable, match="index of the journal"):
        search(asked, CORVIA)
    while asked[CORVIA].oversight.follow():
        pass
    assert search(asked, CORVIA, case="C-9").openings


def test_whoever_may_mean_too_many_is_asked_to_say_more(asked: Federation, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "OPENINGS_MET_MAX", 1)
    with pytest.raises(TooLarge, match="may be meant"):
        search(asked, ALDOVA, concerning=STOLEN)
