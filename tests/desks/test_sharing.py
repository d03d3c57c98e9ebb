"""What goes to the hub: as far as its owner's law, and the organisations' rules, let it lie there."""

import msgspec
import pytest

from comity.domain.journal import Act
from comity.testing.federation import BERGENIA, HUB, Federation
from tests.federation.conftest import row, stolen_car, stolen_passport

# Bergenia's own law; `{clauses}` are what it says.
TEXT = """
id = "law-of-bergenia"
title = "Law of Bergenia on Shared Databases"
source = "Fictitious"
layer = "national-law"
parties = ["XB"]
in_force_from = {since}
{clauses}
"""
PERMIT = """
[[clauses]]
id = "par-1"
title = "Vehicles"
effect = "permit"
text = "Stolen vehicles may be told."
categories = ["vehicles", "firearms"]
reply = "full"
"""
FORBID = """
[[clauses]]
id = "par-2"
title = "Not at the border"
effect = "forbid"
text = "No vehicle is told {whom}."
categories = ["vehicles"]
{only}
"""


def adopt(federation: Federation, clauses: str, since: str = "2020-01-01") -> None:
    text = TEXT.format(since=since, clauses=clauses).encode()
    federation.publish(("law-of-bergenia.toml", text))


def at_the_hub(federation: Federation) -> dict[str, int]:
    federation.post()
    with federation[HUB].store.reading() as tx:
        return tx.records.count()


def kept_home(federation: Federation) -> list[tuple[tuple[str, ...], object]]:
    journal = federation.journal(BERGENIA)
    return [(one.clauses, one.details["records"]) for one in journal if one.outcome == "kept-home"]


def test_what_no_clause_of_its_own_law_permits_stays_with_its_owner(federation: Federation):
    before = at_the_hub(federation)
    adopt(federation, PERMIT)
    federation.enter(BERGENIA, "smv", [row("V-2", msgspec.structs.replace(stolen_car(), plate="BE999ZZ", vin=""))])
    federation.enter(BERGENIA, "sltd", [row("D-2", stolen_passport("B7654321"))])
    assert at_the_hub(federation) == {**before, "smv": before["smv"] + 1}
    assert kept_home(federation) == [(("law-of-bergenia",), 1)]


@pytest.mark.parametrize(("only", "goes"), [("", False), ('purposes = ["border-control"]', True)])
def test_what_is_forbidden_to_everybody_stays_and_what_is_forbidden_to_some_is_decided_later(
    federation: Federation, only: str, goes: bool
):
    before = at_the_hub(federation)
    adopt(federation, PERMIT + FORBID.format(whom="there", only=only))
    federation.enter(BERGENIA, "smv", [row("V-2", msgspec.structs.replace(stolen_car(), plate="BE999ZZ", vin=""))])
    assert at_the_hub(federation)["smv"] == before["smv"] + goes
    assert kept_home(federation) == ([] if goes else [(("law-of-bergenia par-2",), 1)])


def test_a_copy_is_taken_back_when_its_record_is_amended_under_a_law_that_keeps_it_home(federation: Federation):
    before = at_the_hub(federation)
    adopt(federation, PERMIT + FORBID.format(whom="to anybody", only=""))
    federation.enter(BERGENIA, "smv", [row("V-1", msgspec.structs.replace(stolen_car(), colour="red"))])
    after = at_the_hub(federation)
    assert after.get("smv", 0) == before["smv"] - 1
    adopt(federation, PERMIT)  # and goes again when the law lets it
    federation.enter(BERGENIA, "smv", [row("V-1", msgspec.structs.replace(stolen_car(), colour="blue"))])
    assert at_the_hub(federation) == before
    assert [one.outcome for one in federation.journal(HUB) if one.act is Act.RECORDS_SHARED][-1] == "done"


def test_while_none_of_its_laws_is_in_force_nothing_goes(federation: Federation):
    before = at_the_hub(federation)
    adopt(federation, PERMIT, since="2099-01-01")
    federation.enter(BERGENIA, "smv", [row("V-2", msgspec.structs.replace(stolen_car(), plate="BE999ZZ", vin=""))])
    # It binds nobody yet: whoever has filed no law here is bound by its agreements alone.
    assert at_the_hub(federation)["smv"] == before["smv"] + 1
    text = TEXT.format(since="2020-01-01", clauses=PERMIT).replace("\n[[", "\nin_force_until = 2021-01-01\n[[", 1)
    federation.publish(("law-of-bergenia.toml", text.encode()))
    federation.enter(BERGENIA, "smv", [row("V-3", msgspec.structs.replace(stolen_car(), plate="BE998ZZ", vin=""))])
    assert at_the_hub(federation)["smv"] == before["smv"] + 1
