"""Who sees what of the journal, and how long its text is kept: by the rulebook."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace

from comity.domain.caller import Caller, Role
from comity.domain.errors import Invalid, NotPermitted
from comity.domain.journal import Act, Entry
from comity.law.oversight import WATCHERS, check_seeks, sight, term_of, years_before
from comity.law.rulebook import files_of, kept_rulebook, shipped_rulebook

TODAY = date(2031, 7, 9)
BOOK = shipped_rulebook()
ENTRY = Entry(act=Act.LOOKUP_ASKED, at=datetime(2031, 7, 1, tzinfo=UTC), actor="ada", unit="border")


def caller(*roles: Role, unit: str = "border") -> Caller:
    return Caller(account="x", login="x", bureau="aldova", country="XA", unit=unit, roles=frozenset(roles))


def sees(entry: Entry, *roles: Role, unit: str = "border") -> bool:
    return sight(caller(*roles, unit=unit), BOOK.oversight, TODAY).sees(entry)


@pytest.mark.parametrize("role", WATCHERS)
def test_each_sees_the_lookups_of_their_unit(role: Role):
    assert sees(ENTRY, role)


@pytest.mark.parametrize("role", sorted(set(Role) - set(WATCHERS)))
def test_nobody_else_sees_anything(role: Role):
    with pytest.raises(NotPermitted):
        sight(caller(role), BOOK.oversight, TODAY)


OTHER_UNIT = replace(ENTRY, unit="harbour")
OLD = replace(ENTRY, at=datetime(2030, 7, 8, tzinfo=UTC))
VERY_OLD = replace(ENTRY, at=datetime(2021, 7, 8, tzinfo=UTC))
SIGNED_IN = replace(ENTRY, act=Act.SIGNED_IN)
# role: what it does not see
HIDDEN: Mapping[Role, tuple[Entry, ...]] = {
    Role.SUPERVISOR: (OTHER_UNIT, OLD, SIGNED_IN, replace(ENTRY, act=Act.JOURNAL_READ)),
    Role.AUDITOR: (VERY_OLD,),
    Role.SUPERVISORY_BODY: (SIGNED_IN, replace(ENTRY, act=Act.NODE_STARTED), replace(ENTRY, act=Act.KEYS_SIGNED)),
}


@pytest.mark.parametrize("role", HIDDEN)
def test_what_each_does_not_see(role: Role):
    assert not [entry for entry in HIDDEN[role] if sees(entry, role)]


def test_a_data_protection_officer_sees_everything():
    every = (*HIDDEN[Role.SUPERVISOR], *HIDDEN[Role.SUPERVISORY_BODY], VERY_OLD)
    assert all(sees(entry, Role.DATA_PROTECTION_OFFICER) for entry in every)


def test_who_has_no_unit_sees_nothing_of_others_without_one():
    assert not sees(replace(ENTRY, unit=""), Role.SUPERVISOR, unit="")


def test_two_roles_see_what_either_may():
    assert sees(OTHER_UNIT, Role.SUPERVISOR, Role.AUDITOR)


def test_a_supervisor_seeks_nobody():
    with pytest.raises(NotPermitted, match="about somebody"):
        check_seeks(sight(caller(Role.SUPERVISOR), BOOK.oversight, TODAY))
    check_seeks(sight(caller(Role.AUDITOR), BOOK.oversight, TODAY))


def test_every_act_has_its_term():
    assert term_of(Act.LOOKUP_ASKED, BOOK.openings) == ("lookup", BOOK.openings["lookup"])
    assert term_of(Act.CASE_OPENED, BOOK.openings) == ("default", BOOK.openings["default"])
    assert years_before(date(2028, 2, 29), 3) == date(2025, 2, 28)


def test_a_kind_of_entry_that_nobody_knows_is_refused():
    files = files_of(BOOK)
    for name, old, new in (("openings", "[watch]", "[wotch]"), ("oversight", '"watch"', '"wotch"')):
        changed = {**files, name: files[name].replace(old, new)}
        with pytest.raises(Invalid, match="wotch"):
            kept_rulebook(b"\0".join(part.encode() for pair in sorted(changed.items()) for part in pair))


def test_a_rulebook_of_an_earlier_release_has_the_shipped_terms():
    files = {name: text for name, text in files_of(BOOK).items() if name not in ("openings", "oversight")}
    older = kept_rulebook(b"\0".join(part.encode() for pair in sorted(files.items()) for part in pair))
    assert (older.openings, older.oversight) == (BOOK.openings, BOOK.oversight)
