"""Numbers as the first release with near answers wrote, folded, graded and checked them: its index is read now."""

import json
from pathlib import Path
from typing import Any

import pytest

from comity.matching import numbers
from comity.matching.addresses import AddressKind, check_address
from comity.matching.numbered import folded, grade
from comity.matching.vehicles import check_vin
from comity.matching.vessels import check_eni, check_hull, check_imo, check_mmsi

VECTORS: dict[str, list[dict[str, Any]]] = json.loads(
    (Path(__file__).parent / "golden" / "numbers.json").read_text("utf-8")
)
CHECKS = {"vin": check_vin, "imo": check_imo, "hull": check_hull, "mmsi": check_mmsi, "eni": check_eni}


@pytest.mark.parametrize("vector", VECTORS["canonical"], ids=lambda one: f"{one['form']} {one['written']}")
def test_canonical_forms(vector):
    assert getattr(numbers, vector["form"])(vector["written"]) == vector["canonical"]


@pytest.mark.parametrize("vector", VECTORS["folded"], ids=lambda one: one["number"])
def test_folded_forms(vector):
    assert folded(vector["number"]) == vector["folded"]


@pytest.mark.parametrize("vector", VECTORS["graded"], ids=lambda one: f"{one['asked']} {one['found']}")
def test_grades(vector):
    found = grade(vector["asked"], vector["found"])
    differs = found and [[one.at, one.asked, one.found] for one in found.differences]
    assert (found and {"nearness": found.nearness.value, "differs": differs}) == vector["grade"]


@pytest.mark.parametrize("vector", VECTORS["checked"], ids=lambda one: f"{one['kind']} {one['written']}")
def test_verdicts(vector):
    kind, written = vector["kind"], vector["written"]
    found = CHECKS[kind](written) if kind in CHECKS else check_address(AddressKind(kind), written)
    expected = (vector["canonical"], vector["verdict"], vector["reasons"])
    assert (found.canonical, found.verdict, list(found.reasons)) == expected
