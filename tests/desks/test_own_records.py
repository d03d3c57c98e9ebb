"""Own records one by one: found, entered, amended where nobody was quicker, and never another's."""

import msgspec
import pytest

from comity.domain.errors import Conflict, Invalid, NotPermitted
from comity.domain.person import Person
from comity.testing.federation import ALDOVA, BERGENIA, Federation
from tests.desks.casework import duty
from tests.federation.conftest import federation, founded, furnished, row, stolen_car, wanted_person

__all__ = ["federation", "founded", "furnished"]


def test_a_record_is_found_by_reference_number_and_name(federation: Federation):
    desk, ben = federation[BERGENIA].own_records, federation.cast["ben"]

    def references(collection: str, text: str) -> list[str]:
        return [one.header.reference for one in desk.found(collection, text, ben).records]

    for collection, text in (
        ("nominals", "P-1"),
        ("nominals", "Sorokin Ivan"),
        ("smv", "1M8GDM9AXKP042788"),
        ("smv", "BE 123 XY"),
        ("sltd", "B1234567"),
        ("sltd", ""),
    ):
        assert len(references(collection, text)) == 1, (collection, text)
    assert references("nominals", "Quirin Zabelthau") == []
    assert not federation[ALDOVA].own_records.found("sltd", "B1234567", duty(ALDOVA)).records
    with pytest.raises(NotPermitted):
        federation[ALDOVA].own_records.found("sltd", "", federation.cast["ada"])


def test_one_is_entered_and_amended_where_nobody_was_quicker(federation: Federation):
    desk, ben = federation[BERGENIA].own_records, federation.cast["ben"]
    first = desk.enter("smv", row("V-2", stolen_car()), ben)
    assert (first.header.reference, first.header.version) == ("V-2", 1)
    with pytest.raises(Conflict, match="There is a record V-2"):
        desk.enter("smv", row("V-2", stolen_car()), ben)
    red = row("V-2", msgspec.structs.replace(stolen_car(), colour="red"))
    assert desk.amend("smv", red, 1, ben).header.version == 2
    with pytest.raises(Conflict, match="has version 2 by now"):
        desk.amend("smv", row("V-2", stolen_car()), 1, ben)
    assert desk.amend("smv", row("V-2", stolen_car()), 2, ben).header.version == 3  # back as it was


def test_what_is_wanting_is_named(federation: Federation):
    desk, ben = federation[BERGENIA].own_records, federation.cast["ben"]
    with pytest.raises(Invalid) as refused:
        desk.enter("nominals", row("P-2", msgspec.structs.replace(wanted_person(), purpose=None)), ben)
    assert refused.value.where == "purpose"
    with pytest.raises(Invalid, match="names, status, purpose"):
        desk.enter("nominals", row("P-2", Person()), ben)
    with pytest.raises(Invalid) as refused:
        desk.enter("smv", row("", stolen_car()), ben)
    assert refused.value.where == "reference"
    with pytest.raises(Invalid, match="retain_until"):
        late = msgspec.structs.replace(
            row("V-9", stolen_car()), retain_until=federation.time().date().replace(year=2090)
        )
        desk.enter("smv", late, ben)
