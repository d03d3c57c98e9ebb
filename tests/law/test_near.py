"""What is only near is told only where its reader sees that it is."""

import msgspec
import pytest

from comity.domain.held import Held
from comity.domain.lookup import DocumentQuery, FirearmQuery, VehicleQuery, VesselQuery
from comity.law.decision import Decision
from comity.law.release import release, show
from comity.law.rulebook import shipped_rulebook
from comity.matching.compare import compare
from tests.law.cast import ADA, CAR, CORE, FULL, HIT, PASSPORT, PISTOL, YACHT, question, record

BOOK = shipped_rulebook()

NEAR = [
    (PASSPORT, DocumentQuery(country="XBE", number="B76S4321", near=True)),
    (CAR, VehicleQuery(vin="1M8GDM9AXKP04Z788", near=True)),
    (PISTOL, FirearmQuery(serial="KLO04711", make="Bergwerk", near=True)),
    (YACHT, VesselQuery(imo="9O74729", near=True)),
]
kinds = pytest.mark.parametrize(("subject", "query"), NEAR, ids=["document", "vehicle", "firearm", "vessel"])


def released(level, subject, query):
    return release(Held(record(subject)), Decision(level, ("treaty art-1",)), ADA, question(ADA, query), compare, BOOK)


@kinds
def test_a_bare_hit_is_never_only_near(subject, query):
    assert released(HIT, subject, query) is None


@kinds
@pytest.mark.parametrize("level", [CORE, FULL])
def test_from_the_core_on_it_is_told_with_what_differs(subject, query, level):
    found = released(level, subject, query)
    assert any(line.how == "look-alike" and line.differs for line in found.match.fields)


@kinds
def test_a_near_finding_is_not_cut_down_to_a_bare_hit(subject, query):
    travelled = Held(released(FULL, subject, query))
    assert show(travelled, Decision(CORE), BOOK).match
    assert show(travelled, Decision(HIT), BOOK) is None


def test_an_engine_s_near_number_is_told_only_with_the_whole_record():
    """The core of a vehicle has no engine: its reader would not see what is near."""
    car = msgspec.structs.replace(CAR, engine_number="M27X86042")
    query = VehicleQuery(engine_number="M27X8604Z", near=True)
    assert released(CORE, car, query) is None
    assert released(FULL, car, query)


@pytest.mark.parametrize(
    ("subject", "query"),
    [
        (CAR, VehicleQuery(vin="1M8GDM9AXKP04Z788", plate="VM 401", plate_country="XB", near=True)),
        (YACHT, VesselQuery(imo="9O74729", name="PETREL", near=True)),
    ],
)
def test_one_number_or_name_that_agrees_is_enough_for_a_bare_hit(subject, query):
    assert released(HIT, subject, query)


@kinds
def test_what_is_exact_is_told_as_a_bare_hit_also_where_near_was_asked(subject, query):
    fields = {"document": "number", "vehicle": "vin", "firearm": "serial", "vessel": "imo"}
    field = fields[query.__struct_config__.tag]
    exact = msgspec.structs.replace(query, **{field: getattr(subject, field)})
    assert released(HIT, subject, exact)
    assert show(Held(released(FULL, subject, exact)), Decision(HIT), BOOK)
